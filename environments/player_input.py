"""What reaches the player in one frame: the session's commands and the patient's head, keys and clicks."""

from __future__ import annotations

from dataclasses import dataclass

from environments.contract import Command
from environments.interact.geometry import Direction
from environments.interact.hands import Held


@dataclass(frozen=True, slots=True)
class Received:
    """A command and the wall time of its arrival (which may be before this frame)."""

    received_s: float
    command: Command


@dataclass(frozen=True, slots=True)
class SessionCame:
    """A session proved itself and is attached."""


@dataclass(frozen=True, slots=True)
class SessionWent:
    """The attached session is gone."""

    reason: str


FromLink = Received | SessionCame | SessionWent


@dataclass(frozen=True, slots=True)
class Head:
    """The patient's head; on displays without one it follows the mouse or the session's gaze input."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    is_worn: bool = True
    is_tracked: bool = True
    is_focused: bool = True
    """Whether nothing of the runtime's own, a menu for example, lies over the scene."""

    eyes_at: Direction | None = None
    """Where the eyes look, where that is known."""

    @property
    def gaze(self) -> Direction:
        """Where the patient looks: the eyes where they are followed, else the head."""
        return Direction(self.yaw_deg, self.pitch_deg) if self.eyes_at is None else self.eyes_at


@dataclass(frozen=True, slots=True)
class FromPatient:
    """Keys by name (`interact/keys.py`), clicks as directions, the head and the tracked hands at this frame."""

    head: Head = Head()
    keys: tuple[str, ...] = ()
    clicks: tuple[Direction, ...] = ()
    is_window_closed: bool = False
    hands: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything of one frame; `wall_s` is monotonic."""

    wall_s: float
    from_link: tuple[FromLink, ...] = ()
    from_patient: FromPatient = FromPatient()
    drawing_fault: str | None = None
    is_told_to_end: bool = False
    frames_in_budget: bool = True
