"""The lift's light is baked: the program reads it as such, and it is soft."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from environments.gltf.load import load_gltf
from environments.render.model import Item, SurfaceMaps
from tests.assets.glb import FOLDER, MODELS

MODEL = next(model for model in MODELS if model.name == "rooms/lift.glb")
NAMES = [entry["name"] for entry in MODEL.document["materials"]]
UNLIT = {"lamp", "display", "mirror_lamp", "mirror_display", "hull"}


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    placed = load_gltf(FOLDER / MODEL.name).placed
    return dict(zip(NAMES, (one.item for one in placed), strict=True))


def _light(item: Item, uv: Any) -> float:
    """The light at coordinates of the map, linear, before its scale."""
    maps: SurfaceMaps | None = item.material.maps
    assert maps is not None
    assert maps.light is not None
    high, wide = maps.light.pixels.shape[:2]
    column, row = int(uv[0] * wide), int(uv[1] * high)
    code = float(maps.light.pixels[row - 2 : row + 3, column - 2 : column + 3, 1].mean()) / 255.0
    return float(((code + 0.055) / 1.055) ** 2.4)


def test_everything_but_lamps_has_a_light_map_of_its_own_coordinates(items: dict[str, Item]) -> None:
    lit = {
        name for name, item in items.items() if item.material.maps is not None and item.material.maps.light is not None
    }
    assert lit == set(NAMES) - UNLIT
    for name in lit:
        uvs, maps = items[name].mesh.light_uvs, items[name].material.maps
        assert uvs is not None
        assert maps is not None
        assert (uvs > 0.0).all()
        assert (uvs < 1.0).all()
        assert maps.light_scale > 1.0
        assert items[name].material.emission_linear == (0.0, 0.0, 0.0)


def test_light_on_the_floor_falls_off_softly_from_the_middle(items: dict[str, Item]) -> None:
    floor = items["floor"]
    uvs = floor.mesh.light_uvs
    assert uvs is not None
    middle = uvs.mean(axis=0)
    corner = middle + 0.92 * (uvs[0] - middle)
    assert 1.2 < _light(floor, middle) / _light(floor, corner) < 4.0


def test_the_hull_holds_everything_so_that_no_sun_gets_in(items: dict[str, Item]) -> None:
    hull = items["hull"].mesh.positions_m
    for name, item in items.items():
        if name != "hull":
            assert (item.mesh.positions_m > hull.min(axis=0)).all()
            assert (item.mesh.positions_m < hull.max(axis=0)).all()


def test_the_cabin_has_the_size_of_one(items: dict[str, Item]) -> None:
    points = items["floor"].mesh.positions_m
    assert np.ptp(points, axis=0) == pytest.approx([1.4, 0.0, 1.6], abs=1e-5)
    assert items["ceiling"].mesh.positions_m[:, 1] == pytest.approx(2.3)
