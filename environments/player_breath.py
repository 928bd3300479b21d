"""The breath of a paced scene, and the drift of a played one: when a pace changes, they go on from where they are.

A paced scene has drawn `time_s * pace_per_min / 60 + breath_phase_cycles` breaths at scene time
`time_s`.  The pace is eased and the phase makes up for every change of it, so a moment can be drawn
again from its parameters and its scene time alone.  A scene that drifts has come `time_s * pace_0to1 + drift_m` metres.
"""

from __future__ import annotations

from collections.abc import Mapping

from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE, DRIFT, DRIFT_PACE, ParameterValue, SceneManifest

Values = Mapping[str, ParameterValue]

_PACED = {BREATH_PACE, BREATH_PHASE}
_CARRIED = ((BREATH_PACE, BREATH_PHASE), (DRIFT_PACE, DRIFT))
_UNITS_S = (60.0, 1.0)
"""A breath's pace is told by the minute; a drift at pace 1 goes a metre a second."""


def easing_s(before: Values, after: Values, manifest: SceneManifest) -> float:
    """Scene seconds that a pace takes from `before` to `after` at its comfort limit; 0 for a scene without one."""
    return max((_easing_s(name, before, after, manifest) for name, _ in _CARRIED), default=0.0)


def _easing_s(name: str, before: Values, after: Values, manifest: SceneManifest) -> float:
    if not (name in before and name in after):
        return 0.0
    limit = manifest.parameter(name).max_rate_per_s
    return abs(float(after[name]) - float(before[name])) / limit if limit else 0.0


def carried(before: Values, after: Values, from_s: float, to_s: float) -> Values:
    """`after` at scene time `to_s` with breath and drift gone on since `from_s`, when `before` was drawn.

    In between the pace moves evenly, so the breaths or metres are the mean pace times the time passed.
    """
    values = dict(after)
    for (pace, offset), seconds in zip(_CARRIED, _UNITS_S, strict=True):
        if before.keys() >= {pace, offset} and after.keys() >= {pace, offset}:
            change = (float(after[pace]) - float(before[pace])) / seconds
            values[offset] = float(before[offset]) - change * (from_s + to_s) / 2.0
    return values


def cycles_at(values: Values, time_s: float) -> float | None:
    """The breaths a paced scene has drawn at a scene time; None for a scene without breath."""
    if not values.keys() >= _PACED:
        return None
    return time_s * _pace(values) / 60.0 + float(values[BREATH_PHASE])


def _pace(values: Values) -> float:
    return float(values[BREATH_PACE])
