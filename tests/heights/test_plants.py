"""Plants of the square: where they stand, how they move, and the shadows that the square gets."""

from __future__ import annotations

import numpy as np
import pytest

from environments.render.model import Item, SceneModel
from environments.render.shadows import FAR_RADIUS_MAX_M
from environments.scenes.heights.build import SCENE
from environments.scenes.heights.plan import SQUARE


@pytest.fixture(scope="module")
def model() -> SceneModel:
    return SCENE.build(0)


def _plants(model: SceneModel) -> list[Item]:
    return [item for item in model.items if item.material.alpha_cutoff > 0.0]


def test_leaves_and_wood_of_the_square_sway_in_the_wind(model: SceneModel) -> None:
    plants = _plants(model)
    assert sum(len(item.transforms) for item in plants) > 150
    assert all(0.0 < item.material.sways < 0.5 for item in plants)


def test_plants_near_the_tower_are_finer_than_those_far_away(model: SceneModel) -> None:
    trees = [item for item in _plants(model) if item.mesh.positions_m[:, 1].max() > 8.0]
    away_m = [np.hypot(*item.transforms[:, [0, 2], 3].mean(axis=0)) for item in trees]
    sizes = [len(item.mesh.indices) for item in trees]
    near, far = (
        [size for size, away in zip(sizes, away_m, strict=True) if wanted(away)] for wanted in (_is_near, _is_far)
    )
    assert min(near) > 3 * max(far)
    total = sum(size * len(item.transforms) for size, item in zip(sizes, trees, strict=True))
    assert total < 400_000


def _is_near(away_m: float) -> bool:
    return away_m < 45.0


def _is_far(away_m: float) -> bool:
    return away_m > 80.0


def test_the_wide_shadow_map_lies_over_the_square_and_the_tower(model: SceneModel) -> None:
    lows, highs = [], []
    for item in model.items:
        if item.material.casts_shadow and item.group == "static":
            places = item.transforms[:, :3, 3]
            lows.append(item.mesh.positions_m.min(axis=0) + places.min(axis=0))
            highs.append(item.mesh.positions_m.max(axis=0) + places.max(axis=0))
    middle = (np.min(lows, axis=0) + np.max(highs, axis=0)) / 2.0
    left, far, right, near = SQUARE
    corners = np.array([(x, y, z) for x in (left, right) for y in (0.0, 131.0) for z in (far, near)])
    assert np.linalg.norm(corners - middle, axis=1).max() < 0.78 * FAR_RADIUS_MAX_M
