"""What is drawn: ramps, comfort fades and safety fades.  Pure.

A change of intensity is a ramp; a change that would move faster than a parameter's comfort limit,
swap a choice (a wall for a railing) or change the place happens in the dark: fade out, change,
fade in.  Nothing is ever cut.  Ramps and fades run in scene time, a safety fade in wall time.
A change of breathing pace alone is never dark: its ramp takes as long as its comfort limit asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from environments import player_breath as breath
from environments.scenes.manifest import ParameterValue, SceneManifest

FADE_S = 0.5
"""How long each half of a fade lasts (comfort: at least 0.5 s)."""

LONGEST_FADE_STEP_S = 0.1
"""Wall seconds of a fade that one frame may skip."""

SHORTEST_RISE_S = 2.0
SHORTEST_FALL_S = 0.5
"""A ramp never takes less than this, whatever is commanded."""

_GRID = 20
_ROUNDING = 1.0 + 1e-9

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
class Ramp:
    """Where a running change began and how far it is, in scene time."""

    from_intensity_0to1: float
    from_values: Values
    duration_s: float
    elapsed_s: float = 0.0


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
        if is_comfortable(ramp, wanted, manifest):
            return replace(shown, target=wanted, ramp=ramp, pending=None)
    return replace(shown, ramp=None, pending=wanted)


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
        return replace(shown, fade_0to1=min(shown.fade_0to1 + part, 1.0))
    if shown.pending is not None:
        changed = first_shown(shown.pending, manifests)
        return replace(changed, fades_in_wall_time=shown.fades_in_wall_time)
    fade = max(shown.fade_0to1 - part, 0.0)
    faded = replace(shown, fade_0to1=fade, fades_in_wall_time=shown.fades_in_wall_time and fade > 0.0)
    return _ramped(faded, dt_scene_s, manifests[shown.target.scene])


def is_comfortable(ramp: Ramp, wanted: Target, manifest: SceneManifest) -> bool:
    """Whether the ramp keeps every parameter under its comfort limit and swaps no choice."""
    parts = _milestones(ramp.from_intensity_0to1, wanted.intensity_0to1)
    path = [_values_on(ramp, wanted, part, manifest) for part in parts]
    steps = list(zip(parts, parts[1:], path, path[1:], strict=False))
    for parameter in manifest.parameters:
        for part, next_part, values, next_values in steps:
            change = _change(values[parameter.name], next_values[parameter.name])
            limit = parameter.max_rate_per_s
            if change is None or (
                limit is not None and change > limit * (next_part - part) * ramp.duration_s * _ROUNDING
            ):
                return False
    return True


def _fade_part(dt_wall_s: float, dt_s: float) -> float:
    """The part of a fade in one moment; a stall (a scene being loaded) must not turn a fade into a cut."""
    shortened = min(LONGEST_FADE_STEP_S / dt_wall_s, 1.0) if dt_wall_s > 0.0 else 1.0
    return dt_s * shortened / FADE_S


def _change(before: ParameterValue, after: ParameterValue) -> float | None:
    """How far a number moves; None when a choice is swapped, which no ramp can do."""
    if isinstance(before, str) or isinstance(after, str):
        return 0.0 if before == after else None
    return abs(after - before)


def _milestones(start_0to1: float, end_0to1: float) -> list[float]:
    """Parts 0 to 1 of a ramp between which every value moves evenly: its ends and the grid of the levels."""
    if start_0to1 == end_0to1:
        return [0.0, 1.0]
    low, high = sorted((start_0to1, end_0to1))
    grid = [index / _GRID for index in range(_GRID + 1) if low < index / _GRID < high]
    return sorted([0.0, 1.0, *((place - start_0to1) / (end_0to1 - start_0to1) for place in grid)])


def _ramp_to(shown: Shown, wanted: Target, ramp_s: float, manifest: SceneManifest) -> Ramp:
    rises = wanted.intensity_0to1 > shown.intensity_0to1
    end = manifest.values_at(wanted.intensity_0to1, dict(wanted.overrides))
    easing_s = breath.easing_s(shown.values, end, manifest)
    duration_s = max(ramp_s, SHORTEST_RISE_S if rises else SHORTEST_FALL_S, easing_s)
    return Ramp(shown.intensity_0to1, shown.values, duration_s)


def _values_on(ramp: Ramp, target: Target, part_0to1: float, manifest: SceneManifest) -> dict[str, ParameterValue]:
    """Values at a part of the ramp: graded ones follow the intensity, overridden ones go straight."""
    intensity = _between(ramp.from_intensity_0to1, target.intensity_0to1, part_0to1)
    values = manifest.values_at(intensity)
    start, end = manifest.values_at(ramp.from_intensity_0to1), manifest.values_at(target.intensity_0to1)
    end.update(target.overrides)
    overridden = {name for name, _ in target.overrides}
    overridden |= {name for name, before in ramp.from_values.items() if before != start.get(name)}
    for name in overridden:
        before, after = ramp.from_values[name], end[name]
        is_number = not isinstance(before, str) and not isinstance(after, str)
        values[name] = _between(before, after, part_0to1) if is_number else after  # type: ignore[arg-type]
    return values


def _between(before: float, after: float, part_0to1: float) -> float:
    return after if part_0to1 >= 1.0 else before + (after - before) * part_0to1


def _ramped(shown: Shown, dt_scene_s: float, manifest: SceneManifest) -> Shown:
    if shown.ramp is None:
        return shown
    elapsed_s = shown.ramp.elapsed_s + dt_scene_s
    part = min(elapsed_s / shown.ramp.duration_s, 1.0)
    return replace(
        shown,
        intensity_0to1=_between(shown.ramp.from_intensity_0to1, shown.target.intensity_0to1, part),
        values=_values_on(shown.ramp, shown.target, part, manifest),
        ramp=replace(shown.ramp, elapsed_s=elapsed_s) if part < 1.0 else None,
    )
