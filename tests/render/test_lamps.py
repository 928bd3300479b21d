"""Lamps of a place light it by physical law, and cost nothing where there are none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import moderngl
import numpy as np
import pytest

from environments.gltf.content import Lamp as FileLamp
from environments.gltf.content import shining_lamp
from environments.render.lamps import LAMP_BYTES, LUX_PER_UNIT, MOST, Lamp, lamp_block, strongest
from environments.render.model import EyePose, Interior, Item, Material, SceneFrame, SceneModel, Sun
from environments.render.renderer import Renderer, View
from environments.render.shapes import plane_grid

ALBEDO = 0.5
DARK = Interior((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
OVERHEAD = Lamp((0.0, 2.0, 0.0), 20_000.0)


@dataclass(frozen=True)
class Floor:
    """A rough floor in a dark room with lamps, looked down upon."""

    lamps: tuple[Lamp, ...]

    def build(self, _: int) -> SceneModel:
        floor = Item("floor", plane_grid(8.0, 8.0), Material((ALBEDO,) * 3, 1.0), np.eye(4, dtype=np.float32)[None])
        return SceneModel((floor,), lamps=self.lamps)

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(Sun(0.0, 40.0), (0.0, 0.0, 0.0), interior=DARK)


class Lit:
    """Linear light that reaches the eye from the floor under different lamps."""

    def __init__(self, context: moderngl.Context) -> None:
        self.renderer = Renderer(context, 48, 48, 0)
        self.floors: dict[str, Floor] = {}

    def by(self, *lamps: Lamp) -> np.ndarray:
        name = f"floor {len(self.floors)}"
        self.floors[name] = Floor(lamps)
        self.renderer.draw(View(name, {}, 0, 0.0, EyePose(pitch_deg=-90.0, eye_height_m=4.0), vertical_fov_deg=60.0))
        rows = np.frombuffer(self.renderer._targets.linear.read(components=3, dtype="f2"), np.float16)
        return rows.reshape(48, 48, 3).astype(np.float64)


@pytest.fixture(name="lights", scope="module")
def _lights(context: moderngl.Context) -> Iterator[Lit]:
    made = Lit(context)
    yield made
    made.renderer.release()


@pytest.fixture
def lit(lights: Lit, monkeypatch: pytest.MonkeyPatch) -> Lit:
    monkeypatch.setattr("environments.render.renderer.scene_called", lights.floors.__getitem__)
    return lights


def middle(light: np.ndarray) -> float:
    return float(light[22:26, 22:26, 1].mean())


@pytest.mark.gl
def test_a_floor_is_lit_by_the_inverse_square_and_the_cosine(lit: Lit) -> None:
    near, far = lit.by(OVERHEAD), lit.by(replace(OVERHEAD, place_m=(0.0, 4.0, 0.0)))
    assert middle(near) / middle(far) == pytest.approx(4.0, rel=0.02)
    assert middle(near) == pytest.approx(ALBEDO / math.pi * 20_000.0 / 4.0 / LUX_PER_UNIT, rel=0.1)
    # At the rim of the picture light comes in at an angle: cos^3 of it over the height squared.
    aside_m = 4.0 * math.tan(math.radians(30.0)) * 23.0 / 24.0
    expected = (2.0 / math.hypot(2.0, aside_m)) ** 3
    assert near[24, 47, 1] / middle(near) == pytest.approx(expected, rel=0.06)


@pytest.mark.gl
def test_lamps_add_up_in_their_colours_and_end_at_their_range(lit: Lit) -> None:
    red = replace(OVERHEAD, colour_linear=(1.0, 0.0, 0.0))
    both = lit.by(red, replace(OVERHEAD, colour_linear=(0.0, 0.0, 1.0)))
    assert both[24, 24, 1] < 1e-3
    assert both[24, 24, 0] == pytest.approx(both[24, 24, 2], rel=0.01)
    assert both[24, 24, 0] > 0.1
    ranged = middle(lit.by(replace(OVERHEAD, range_m=4.0)))
    assert ranged / middle(lit.by(OVERHEAD)) == pytest.approx(1.0 - (2.0 / 4.0) ** 4, rel=0.02)
    assert lit.by(replace(OVERHEAD, range_m=1.9)).max() == 0.0
    assert lit.by().max() == 0.0


@pytest.mark.gl
def test_a_spot_lights_its_cone_alone(lit: Lit) -> None:
    spot = lit.by(replace(OVERHEAD, cone_deg=(10.0, 20.0)))
    assert middle(spot) == pytest.approx(middle(lit.by(OVERHEAD)), rel=0.01)
    lights = spot[24, :, 1] > 0.0
    wide_m = lights.sum() * 2.0 * 4.0 * math.tan(math.radians(30.0)) / 48.0
    assert wide_m == pytest.approx(2.0 * 2.0 * math.tan(math.radians(20.0)), abs=0.2)


def test_only_the_strongest_lamps_are_kept_and_a_place_without_any_is_drawn_as_before() -> None:
    many = [Lamp((float(number), 1.0, 0.0), 10.0 + number % 7) for number in range(20)]
    chosen = strongest(many)
    assert len(chosen) == MOST
    assert min(lamp.intensity_cd for lamp in chosen) >= 14.0
    block = lamp_block(many)
    assert len(block) == LAMP_BYTES
    assert int(np.frombuffer(block[:4], np.uint32)[0]) == MOST


def test_a_lamp_of_a_file_shines_along_its_own_way() -> None:
    place = np.eye(4, dtype=np.float32)
    place[:3, :3] = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]) * 3.0
    place[:3, 3] = 1.0, 2.0, 3.0
    found = shining_lamp(FileLamp("desk", "spot", place, (1.0, 0.5, 0.2), 40.0, 6.0, 10.0, 30.0))
    assert found.place_m == (1.0, 2.0, 3.0)
    assert found.way == pytest.approx((0.0, -1.0, 0.0))
    assert (found.cone_deg, found.range_m, found.intensity_cd) == ((10.0, 30.0), 6.0, 40.0)
