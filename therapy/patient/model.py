"""What a patient is to a session or a cohort, whoever made the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from therapy.sensing.heart import HeartBeatBatch


@dataclass(frozen=True, slots=True)
class PatientAnswer:
    """What the patient answers, and how long after the panel appeared they begin to look at it.

    `answer` is 0-100 in tens for suds and expectancy, 0-10 for nrs, 0-20 for fms, 1 or 0 for yes-no and message.
    """

    answer: int
    delay_s: float


class PatientModel(Protocol):
    """A patient in session time.  Times never go back; the same calls give the same life.

    A class of another module takes part in a cohort if it can be called as `Class(seed, stratum)` with an int and
    a str, and its instances have what stands here; `move` may be missing.
    """

    @property
    def fear_0to100(self) -> float:
        """Fear as the model has it at the newest time it was given; nobody in a session can see this."""
        ...

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        """From `t_s` on the patient sees a graded scene at an intensity, or the calm scene (None) with its pace."""
        ...

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The beats between the last call and `t_s`, and the rate a strap would show."""
        ...

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        """The answer to a panel (`suds`, `nrs`, `fms`, `expectancy`, `yes-no`, `message`); None if it is missed."""
        ...

    def move(self, t_s: float, speed_m_s: float) -> None:
        """From `t_s` on the head moves at this mean speed."""
        ...
