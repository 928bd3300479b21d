"""Surfaces of the canyon.  Nothing in it is warm; nothing casts a shadow in the twilight."""

from __future__ import annotations

from environments.render.model import Material


def _look(
    color: tuple[float, float, float], roughness: float, pattern: str = "plain", scale_m: float = 1.0
) -> Material:
    return Material(color, roughness, pattern=pattern, pattern_scale_m=scale_m, casts_shadow=False)


ICE = _look((0.35, 0.62, 0.78), 0.2, "ice", 6.0)
SNOW = _look((0.82, 0.87, 0.93), 0.45, "snow", 3.0)
PACKED = _look((0.84, 0.88, 0.94), 0.45, "snow", 1.2)
RIVER = Material((0.03, 0.14, 0.22), 0.08, pattern="lake-ice", pattern_scale_m=1.4, opacity=0.62, casts_shadow=False)
BED = Material((0.012, 0.06, 0.10), 0.9, emission_linear=(0.0003, 0.0022, 0.0036), casts_shadow=False)
CLEAR = Material((0.45, 0.70, 0.82), 0.08, pattern="glass", opacity=0.42, casts_shadow=False)
LIT = Material((0.4, 0.8, 0.9), 0.6, emission_linear=(0.18, 0.85, 1.0), casts_shadow=False)
FLAKE = Material((0.9, 0.94, 1.0), 0.9, emission_linear=(0.05, 0.06, 0.07), casts_shadow=False)
SHADE = Material((0.03, 0.06, 0.09), 1.0, opacity=0.24, casts_shadow=False)

OF_MODELS = {
    "snow": PACKED,
    "ice": CLEAR,
    "coal": _look((0.02, 0.02, 0.025), 0.6),
    "icicle": _look((0.50, 0.74, 0.86), 0.15),
    "wood": _look((0.17, 0.135, 0.11), 0.75, "wood", 0.07),
    "wool": _look((0.05, 0.16, 0.30), 0.9, "cloth", 0.4),
    "felt": _look((0.03, 0.05, 0.09), 0.85, "cloth", 0.3),
    "dark": _look((0.03, 0.07, 0.10), 0.95),
}
"""What the models' materials become in the scene."""
