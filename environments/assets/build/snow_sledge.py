"""The wooden sledge that glides through the ice canyon."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from environments.assets.build.mesh import Part, joined
from environments.assets.build.snow_shapes import bar, block


def sledge() -> list[tuple[Part, str]]:
    """Slats on runners that bend up in front, with a rope."""
    slats = [
        block(np.array([x - 0.055, 0.19, -0.95]), np.array([x + 0.055, 0.22, 0.75]), 0.008)
        for x in np.linspace(-0.30, 0.30, 6)
    ]
    for sign in (1.0, -1.0):
        curve = [
            np.array([0.30 * sign, 0.03, 0.85]),
            np.array([0.30 * sign, 0.03, -1.0]),
            np.array([0.30 * sign, 0.10, -1.22]),
            np.array([0.28 * sign, 0.26, -1.34]),
            np.array([0.24 * sign, 0.40, -1.30]),
        ]
        slats += [bar(a, b, (0.026, 0.026), 8) for a, b in pairwise(curve)]
        slats += [
            block(np.array([0.30 * sign - 0.02, 0.04, z]), np.array([0.30 * sign + 0.02, 0.20, z + 0.06]), 0.006)
            for z in (-0.8, 0.0, 0.6)
        ]
    slats.append(bar(np.array([-0.26, 0.385, -1.30]), np.array([0.26, 0.385, -1.30]), (0.022, 0.022), 8))
    rope = [np.array([x, 0.37 - 0.10 * (1 - (x / 0.24) ** 2), -1.32]) for x in np.linspace(-0.24, 0.24, 9)]
    return [
        (joined(slats), "wood"),
        (joined([bar(a, b, (0.009, 0.009), 6) for a, b in pairwise(rope)]), "wool"),
    ]
