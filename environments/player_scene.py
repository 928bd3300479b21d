"""What is drawn: ramps, comfort fades and safety fades.  Pure.

A change of intensity is an eased ramp (`player_ramp`); a change that would move faster than a comfort
limit, push the patient, swap a choice (a wall for a railing) or change the place happens in the dark:
fade out, change, fade in.  Nothing is ever cut.  Ramps and fades run in scene time, a safety fade in wall time.
A change of breathing pace alone is never dark: its ramp takes as long as its comfort limit asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from environments import player_breath as breath
from environments.player_ramp import Ramp, going_on, is_comfortable
from environments.scenes.manifest import ParameterValue, SceneManifest

FADE_S = 0.5
"""How long each half of a fade lasts (comfort: at least 0.5 s)."""

LONGEST_FADE_STEP_S = 0.1
"""Wall seconds of a fade that one frame may skip."""

SHORTEST_RISE_S = 2.0
SHORTEST_FALL_S = 0.5
"""A ramp never takes less than this, whatever is commanded."""

Values = Mapping[str, ParameterValue]
Manifests = Mapping[str, SceneManifest]


@dataclass(frozen=True, slots=True)
class Target:
    """What should be seen."""

    scene: str
    intensity_0to1: float = 0.0
    seed: int = 0
    overrides: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn now; `target` is in the scene drawn, `pending` takes over in the dark."""

    target: Target
    intensity_0to1: float
    values: Values
    ramp: Ramp | None = None
    pending: Target | None = None
    fade_0to1: float = 0.0
    fades_in_wall_time: bool = False
    is_closing: bool = False

    @property
    def goal(self) -> Target:
        """What will be seen once ramps and fades are over."""
        return self.pending or self.target


def first_shown(target: Target, manifests: Manifests) -> Shown:
    """The start: `target` in the dark, about to fade in."""
    values = manifests[target.scene].values_at(target.intensity_0to1, dict(target.overrides))
    return Shown(target, target.intensity_0to1, values, fade_0to1=1.0)


def follow(shown: Shown, wanted: Target, ramp_s: float, manifests: Manifests) -> Shown:
    """Turn towards `wanted`; a repeated command changes nothing."""
    if wanted == shown.goal:
        return shown
    same_place = (wanted.scene, wanted.seed) == (shown.target.scene, shown.target.seed)
    if same_place:
        manifest = manifests[wanted.scene]
        ramp = _ramp_to(shown, wanted, ramp_s, manifest)
        if is_comfortable(ramp, manifest):
            return replace(shown, target=wanted, ramp=ramp, pending=None)
    return replace(shown, ramp=_until_dark(shown, wanted), pending=wanted)


def retreat(shown: Shown, calm: Target) -> Shown:
    """Fade to `calm` in wall time, from however dark it is already; a ramp stops where it is."""
    return replace(shown, ramp=None, pending=calm, fades_in_wall_time=True)


def close(shown: Shown) -> Shown:
    """Fade out in wall time and stay dark."""
    return replace(shown, ramp=None, is_closing=True, fades_in_wall_time=True)


def advance(shown: Shown, dt_wall_s: float, dt_scene_s: float, manifests: Manifests) -> Shown:
    """The next moment: what waits takes over once a wholly dark moment was drawn."""
    part = _fade_part(dt_wall_s, dt_wall_s if shown.fades_in_wall_time else dt_scene_s)
    if shown.is_closing or (shown.pending is not None and shown.fade_0to1 < 1.0):
        darker = replace(shown, fade_0to1=min(shown.fade_0to1 + part, 1.0))
        return _ramped(darker, dt_scene_s, manifests[shown.target.scene])
    if shown.pending is not None:
        changed = first_shown(shown.pending, manifests)
        return replace(changed, fades_in_wall_time=shown.fades_in_wall_time)
    fade = max(shown.fade_0to1 - part, 0.0)
    faded = replace(shown, fade_0to1=fade, fades_in_wall_time=shown.fades_in_wall_time and fade > 0.0)
    return _ramped(faded, dt_scene_s, manifests[shown.target.scene])


def _fade_part(dt_wall_s: float, dt_s: float) -> float:
    """The part of a fade in one moment; a stall (a scene being loaded) must not turn a fade into a cut."""
    shortened = min(LONGEST_FADE_STEP_S / dt_wall_s, 1.0) if dt_wall_s > 0.0 else 1.0
    return dt_s * shortened / FADE_S


def _ramp_to(shown: Shown, wanted: Target, ramp_s: float, manifest: SceneManifest) -> Ramp:
    rises = wanted.intensity_0to1 > shown.intensity_0to1
    end = manifest.values_at(wanted.intensity_0to1, dict(wanted.overrides))
    easing_s = breath.easing_s(shown.values, end, manifest)
    duration_s = max(ramp_s, SHORTEST_RISE_S if rises else SHORTEST_FALL_S, easing_s)
    ramp = Ramp(shown.intensity_0to1, shown.values, wanted.intensity_0to1, wanted.overrides, duration_s)
    return going_on(ramp, shown.ramp.intensity_per_s) if shown.ramp is not None else ramp


def _until_dark(shown: Shown, wanted: Target) -> Ramp | None:
    """A running ramp goes on under the fade, unless it would show more than is wanted now."""
    most_0to1 = max(shown.intensity_0to1, wanted.intensity_0to1)
    return shown.ramp if shown.target.intensity_0to1 <= most_0to1 else None


def _ramped(shown: Shown, dt_scene_s: float, manifest: SceneManifest) -> Shown:
    if shown.ramp is None:
        return shown
    ramp = replace(shown.ramp, elapsed_s=shown.ramp.elapsed_s + dt_scene_s)
    values = ramp.path(manifest)(ramp.elapsed_s)
    return replace(shown, intensity_0to1=ramp.intensity_0to1, values=values, ramp=None if ramp.is_over else ramp)
