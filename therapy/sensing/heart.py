"""What beats inside a virtual strap."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeartBeatBatch:
    """The heart since it was last asked: the rate shown (bpm), the RR intervals in ticks of 1/1024 s, skin contact."""

    bpm: int
    rr_ticks: tuple[int, ...]
    contact: bool | None = True
