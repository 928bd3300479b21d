"""Pigeons that stand and peck on the square, seen from the lower levels."""

from __future__ import annotations

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import merge, moved, placements, rotation, scaling, transform, translation
from environments.render.shapes_people import pigeon_body
from environments.render.shapes_round import limb, sphere
from environments.scenes.heights.batch import SMALL, Batch

FLOCKS = ((4.5, -11.5), (-7.5, -13.0), (10.0, -36.5), (-9.5, -52.0))
"""The middles of the flocks, clear of where people walk: x, z."""
EACH, SPREAD_M = 9, 1.5
_BACK_M = 0.15


def add_pigeons(batch: Batch, rng: np.random.Generator) -> None:
    """Every flock, some of it pecking."""
    spots = np.array([(x, 0.0, z) for x, z in FLOCKS for _ in range(EACH)])
    spots[:, [0, 2]] += rng.normal(0.0, SPREAD_M / 2, (len(spots), 2)).clip(-SPREAD_M, SPREAD_M)
    where = placements(spots, rng.uniform(0, 360, len(spots)), rng.uniform(0.9, 1.08, len(spots)))
    pecks = rng.random(len(spots)) < 0.4
    for pitch_deg, chosen in ((-22.0, where[~pecks]), (34.0, where[pecks])):
        body, dark = pigeon(pitch_deg)
        batch.scatter("pigeon", body, chosen, SMALL)
        batch.scatter("pigeon dark", dark, chosen, SMALL)


def pigeon(pitch_deg: float) -> tuple[Mesh, Mesh]:
    """A pigeon on its feet, its head down by `pitch_deg`: its body, and what is dark: wings, legs."""
    pose = translation(0.0, _BACK_M, 0.0) @ rotation("x", pitch_deg)
    wing = transform(sphere(1.0, 5, 8), scaling(0.018, 0.040, 0.125))
    wings = merge([transform(moved(wing, side * 0.047, 0.008, -0.045), pose) for side in (-1.0, 1.0)])
    legs = [limb((side * 0.022, 0.0, 0.012), (side * 0.02, 0.11, 0.0), (0.005, 0.007), 4) for side in (-1.0, 1.0)]
    return transform(pigeon_body(), pose), merge((wings, *legs))
