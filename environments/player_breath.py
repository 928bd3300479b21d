"""The breath of a paced scene: when the pace changes, it goes on from where it is.  Pure.

A paced scene has drawn `time_s * pace_per_min / 60 + breath_phase_cycles` breaths at scene time
`time_s`.  The pace is eased and the phase makes up for every change of it, so a moment can be drawn
again from its parameters and its scene time alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE, ParameterValue, SceneManifest

Values = Mapping[str, ParameterValue]

_PACED = {BREATH_PACE, BREATH_PHASE}


def easing_s(before: Values, after: Values, manifest: SceneManifest) -> float:
    """Scene seconds that the pace takes from `before` to `after` at its comfort limit; 0 for a scene without breath."""
    if not before.keys() >= _PACED:
        return 0.0
    limit = manifest.parameter(BREATH_PACE).max_rate_per_s
    return abs(_pace(after) - _pace(before)) / limit if limit else 0.0


def carried(before: Values, after: Values, from_s: float, to_s: float) -> Values:
    """`after` at scene time `to_s` with the breath gone on since `from_s`, when `before` was drawn.

    In between the pace moves evenly, so the breaths drawn are the mean pace times the time passed.
    """
    if not (before.keys() >= _PACED and after.keys() >= _PACED):
        return after
    change_per_min = _pace(after) - _pace(before)
    phase_cycles = float(before[BREATH_PHASE]) - change_per_min / 60.0 * (from_s + to_s) / 2.0
    return {**after, BREATH_PHASE: phase_cycles}


def cycles_at(values: Values, time_s: float) -> float | None:
    """The breaths a paced scene has drawn at a scene time; None for a scene without breath."""
    if not values.keys() >= _PACED:
        return None
    return time_s * _pace(values) / 60.0 + float(values[BREATH_PHASE])


def _pace(values: Values) -> float:
    return float(values[BREATH_PACE])
