"""What really happened in a virtual session, as nobody in the session could see it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shown:
    """From `t_s` on the patient was shown this intensity, or the calm scene (None)."""

    t_s: float
    intensity_0to1: float | None


@dataclass(frozen=True, slots=True)
class Given:
    """A rating (SUDS 0-100) that reached the session, and when the patient was asked for it (None: nobody asked)."""

    t_s: float
    suds: int
    asked_s: float | None


@dataclass(slots=True)
class Truth:
    """One session.  Times are session seconds, oldest first.

    `packets` are the notifications as they arrived; `links` says when the strap connected (True) and was lost.
    `resumes` are a therapist's, `stops` are everything after which only a therapist may let intensity rise again.
    `fear` is the model's, once a second from the beginning of the exposure, for the time that is measured.
    `start_0to1` is what the patient tolerated in an earlier session, and where the exposure begins.
    `uses_hr` is False where the session goes by ratings only.
    """

    uses_hr: bool = True
    ceiling_0to1: float = 1.0
    start_0to1: float = 0.0
    exposure_s: float | None = None
    fear: list[float] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    ratings: list[Given] = field(default_factory=list)
    packets: list[tuple[float, bytes]] = field(default_factory=list)
    links: list[tuple[float, bool]] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    resumes: list[float] = field(default_factory=list)
    stop_latency_s: float | None = None
