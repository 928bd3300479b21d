"""The houses and cars round the square."""

from __future__ import annotations

import numpy as np
import pytest

from environments.render.model import SceneModel
from environments.scenes.heights.build import SCENE
from environments.scenes.heights.buildings import is_fine
from environments.scenes.heights.cars import SURFACES, car_parts
from environments.scenes.heights.parts import parts_of
from environments.scenes.heights.plan import buildings
from environments.scenes.heights.terraces import MODELS, PANE, SHOP, SHOP_PARTS


@pytest.fixture(scope="module")
def model() -> SceneModel:
    return SCENE.build(0)


def test_every_house_that_looks_at_the_square_is_a_model(model: SceneModel) -> None:
    planned = [house for house in buildings(np.random.default_rng((0, 10))) if is_fine(house)]
    panes = [parts_of(f"street/{kind.name}")[PANE].mesh for kind in MODELS]
    placed = sum(len(item.transforms) for item in model.items if any(item.mesh is pane for pane in panes))
    assert placed == len(planned)


def test_panes_are_flat_sheets_of_four_corners() -> None:
    for kind in MODELS:
        parts = parts_of(f"street/{kind.name}")
        glass = [parts[PANE], *([parts[SHOP]] if len(parts) == SHOP_PARTS else [])]
        for part in glass:
            assert part.material.maps is not None
            assert part.material.maps.normal is None
            sheets = part.mesh.positions_m.reshape(-1, 4, 3)
            assert np.ptp(sheets[:, :, 2], axis=1).max() < 1e-5


def test_windows_are_lit_at_dusk_alone_and_lie_on_the_fronts(model: SceneModel) -> None:
    lit = [item for item in model.items if item.name == "lit: window lit"]
    assert len(lit) == 1
    assert len(lit[0].mesh.indices) > 400
    frame = SCENE.frame({"time_of_day_h": 12.5}, 0, 0.0, {})
    assert "lit" in frame.hidden


def test_a_car_has_the_parts_that_its_file_names() -> None:
    for kind in ("hatchback", "van", "hatchback_far", "van_far"):
        made, common = car_parts(kind)
        names = {material.removeprefix("car ") for material, _ in common} | {"paint"}
        assert names | {"plate"} == set(SURFACES)
        assert np.ptp(made.body.positions_m[:, 2]) > 4.0


def test_parked_cars_stand_on_the_road_and_not_in_each_other(model: SceneModel) -> None:
    bodies = [car_parts(kind)[0].body for kind in ("hatchback", "van", "hatchback_far", "van_far")]
    places = np.concatenate(
        [i.transforms for i in model.items if i.going is None and any(i.mesh is body for body in bodies)]
    )
    assert len(places) > 25
    assert np.allclose(places[:, 1, 3], -0.12)
    spots = places[:, [0, 2], 3]
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=-1) + 100.0 * np.eye(len(spots))
    assert apart.min() > 3.0
