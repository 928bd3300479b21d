"""The pigeons of the square."""

from __future__ import annotations

import numpy as np
import pytest

from environments.scenes.heights.batch import Batch
from environments.scenes.heights.palette import materials
from environments.scenes.heights.people import crowd_of, upright_at
from environments.scenes.heights.pigeons import EACH, FLOCKS, add_pigeons, pigeon


def test_pigeons_stand_out_of_the_way_of_those_who_walk() -> None:
    batch = Batch(materials())
    add_pigeons(batch, np.random.default_rng(0))
    bodies = [item.transforms for item in batch.items() if item.material == batch.materials["pigeon"]]
    spots = np.concatenate(bodies)[:, [0, 2], 3]
    assert len(spots) == EACH * len(FLOCKS)
    crowd = crowd_of(0)
    for time_s in range(0, 120, 2):
        people = upright_at(crowd, float(time_s)).rows[:, :2]
        assert np.linalg.norm(people[:, None] - spots[None], axis=-1).min() > 0.35


@pytest.mark.parametrize("pitch_deg", [-22.0, 34.0])
def test_a_pigeon_stands_on_its_feet_and_pecks_downwards(pitch_deg: float) -> None:
    body, dark = pigeon(pitch_deg)
    assert dark.positions_m[:, 1].min() == pytest.approx(0.0, abs=0.006)
    beak = body.positions_m[body.positions_m[:, 2].argmax()]
    assert (beak[1] < 0.12) == (pitch_deg > 0.0)
