"""What a display tells of the patient's hands: tracked joints, or where a controller is held.  Plain data.

Places are 4 x 4 matrices, row-major, in metres, relative to where the head rests: the same origin and axes as the
head's own offset (x right, y up, z backwards).  OpenXR's hand joints without the palm, in its order, are `JOINTS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from environments.render.model import Float32

_FINGERS = ("index", "middle", "ring", "pinky")
_BONES = ("metacarpal", "phalanx-proximal", "phalanx-intermediate", "phalanx-distal", "tip")
JOINTS = (
    "wrist",
    *(f"thumb-{bone}" for bone in _BONES if bone != "phalanx-intermediate"),
    *(f"{finger}-finger-{bone}" for finger in _FINGERS for bone in _BONES),
)
"""The 25 joints of a hand; OpenXR's little finger is called pinky here (as in WebXR Hand Input)."""


class Side(StrEnum):
    """Which hand."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, eq=False)
class TrackedHand:
    """A hand that is seen: `joints` (25, 4, 4) in the order of `JOINTS`, each with -z along its bone."""

    side: Side
    joints: Float32


@dataclass(frozen=True, slots=True, eq=False)
class HeldController:
    """A controller that is tracked: `grip` (4, 4), OpenXR's grip pose."""

    side: Side
    grip: Float32


Held = TrackedHand | HeldController
