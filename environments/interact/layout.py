"""Where the parts of a panel lie.  Pure numbers, shared by the picture, the gaze and the reports.

A panel is a plane that faces the eyes; places on it are tangents (metres on the plane over metres
of distance), so that small angles can be read off as radians.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from environments.contract import PanelKind
from environments.interact.geometry import Direction, on_plane

PANEL_DISTANCE_M = 1.8
TARGET_RADIUS_DEG = 1.9
"""Looking within this angle of a target's centre is looking at it (targets are at least 2° wide)."""

DISC_PITCH_DEG = -31.0
"""Low, and still inside a window's view of a patient who looks straight ahead."""

DISC_DISTANCE_M = 1.5
DISC_RADIUS_DEG = 3.2
ARC_RADIUS = 0.262
"""Radius of the dial's half circle: about 15°, so that its eleven stops are 4.5° apart."""

ARC_CENTER_UP = -0.115
BUTTON_RADIUS = 0.032
WIDE_BUTTON = (0.085, 0.036)
"""Half width and half height of the yes, no and continue buttons."""

_STOPS = 11
SLIDER_STEP = 0.081
"""How far apart the stops of a slider are: over 3.9° even at its ends."""

SLIDER_UP = -0.035


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a panel and the tangents of its place."""

    answer: int
    label: str
    right: float
    up: float
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word beside the stops, `at_0to1` along the arc or the slider."""

    at_0to1: float
    words: str


_SUDS_WORDS = ("calm", "mild", "moderate", "high", "worst ever")
_NRS_WORDS = ("no pain", "mild", "moderate", "severe", "worst pain")
_FMS_WORDS = ("fine", "a little queasy", "queasy", "very queasy", "being sick")
_EXPECTANCY_WORDS = ("not at all", "unlikely", "maybe", "likely", "for certain")
_WORDS = {
    PanelKind.SUDS: _SUDS_WORDS,
    PanelKind.NRS: _NRS_WORDS,
    PanelKind.FMS: _FMS_WORDS,
    PanelKind.EXPECTANCY: _EXPECTANCY_WORDS,
}
_STEPS = {PanelKind.SUDS: 10, PanelKind.NRS: 1, PanelKind.FMS: 2, PanelKind.EXPECTANCY: 10}
"""How far apart the answers of a dial are."""


def is_scale(panel: PanelKind) -> bool:
    """Whether the panel asks for one of eleven steps, on a dial or a slider."""
    return panel in _WORDS


def is_slider(panel: PanelKind) -> bool:
    """Whether the steps lie on a straight line: from unlikely to likely there is no top between."""
    return panel is PanelKind.EXPECTANCY


def is_dial(panel: PanelKind) -> bool:
    """Whether the panel is an eleven-step dial."""
    return is_scale(panel) and not is_slider(panel)


def half_size(panel: PanelKind) -> tuple[float, float]:
    """Half width and half height of a panel as tangents."""
    if is_slider(panel):
        return (0.48, 0.175)
    return (0.42, 0.245) if is_dial(panel) else (0.30, 0.155)


def below_gaze_deg(panel: PanelKind) -> float:
    """How far under the gaze a panel's middle appears, so that the gaze rests on no word and no answer."""
    if is_slider(panel):
        return 8.0
    return 3.5 if is_dial(panel) else 7.5


def choices_of(panel: PanelKind) -> tuple[Choice, ...]:
    """The answers of a panel in the order of the arrow keys."""
    if panel is PanelKind.YES_NO:
        return (Choice(0, "No", -0.13, -0.075, True), Choice(1, "Yes", 0.13, -0.075, True))
    if panel is PanelKind.MESSAGE:
        return (Choice(1, "Continue", 0.0, -0.088, True),)
    return tuple(_stop(panel, index) for index in range(_STOPS))


def anchors_of(panel: PanelKind) -> tuple[Anchor, ...]:
    """The words of a scale at 0, 25, 50, 75 and 100 per cent."""
    return tuple(Anchor(index / 4.0, words) for index, words in enumerate(_WORDS.get(panel, ())))


def on_arc(at_0to1: float, radius: float) -> tuple[float, float]:
    """Tangents of a point of the dial's half circle, from the left over the top to the right."""
    angle = math.pi * (1.0 - at_0to1)
    return radius * math.cos(angle), ARC_CENTER_UP + radius * math.sin(angle)


def direction_of_choice(center: Direction, choice: Choice) -> Direction:
    """Where a choice lies, seen from the eyes, when its panel faces them at `center`."""
    return on_plane(center, choice.right, choice.up)


def on_line(at_0to1: float) -> tuple[float, float]:
    """Tangents of a point of the slider, from the left to the right."""
    return SLIDER_STEP * (_STOPS - 1) * (at_0to1 - 0.5), SLIDER_UP


def _stop(panel: PanelKind, index: int) -> Choice:
    part = index / (_STOPS - 1)
    right, up = on_line(part) if is_slider(panel) else on_arc(part, ARC_RADIUS)
    answer = index * _STEPS[panel]
    return Choice(answer, str(answer), right, up)
