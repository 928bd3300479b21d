"""What one drawn picture shows: a scene, a moment, a head and the panels before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from environments.interact.hands import Held
from environments.play import Throw
from environments.render.eyes import EyeView
from environments.render.model import EyePose, Panel
from environments.scenes.manifest import ParameterValue


@dataclass(frozen=True, slots=True)
class View:
    """One moment to draw; `events` maps an event's name to its age in seconds, fade 1 is fully dark.

    The fade darkens the scene and not the panels, which carry their own opacity.  `eyes` are a headset's, side by side
    in the picture; without them what is drawn has `vertical_fov_deg` and looks where `eye` does.  A `vignette_0to1`
    darkens what lies far from where the head looks, in the same directions for both eyes.
    A view `is_see_through` where what stays in place is left out, for headsets that show the patient's own room there.
    """

    scene: str
    parameters: Mapping[str, ParameterValue]
    seed: int
    time_s: float
    eye: EyePose
    events: Mapping[str, float] = field(default_factory=dict)
    fade_0to1: float = 0.0
    panels: tuple[Panel, ...] = ()
    vertical_fov_deg: float = 75.0
    eyes: tuple[EyeView, ...] = ()
    vignette_0to1: float = 0.0
    is_see_through: bool = False
    hands: tuple[Held, ...] = ()
    throws: tuple[Throw, ...] = ()
