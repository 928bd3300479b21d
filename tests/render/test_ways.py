"""What goes round closed ways, streams in the wind or is pressed flat is where its formula says, on every driver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render.model import EyePose, Item, Material, SceneFrame, SceneModel, Sun
from environments.render.places import Placed, Places
from environments.render.renderer import Renderer, View
from environments.render.shapes import box
from environments.render.units import Table
from environments.render.ways import Going, Ways, reached

pytestmark = pytest.mark.gl

ROUND_M, STEPS = 20.0, 400
SUN = Sun(60.0, 50.0)


def ring() -> Ways:
    """A circle of 20 m around the origin, from the right ahead (-z) and on to the left."""
    turn = np.linspace(0.0, 2.0 * np.pi, STEPS + 1)
    radius_m = ROUND_M / (2.0 * np.pi)
    rows = np.stack([radius_m * np.cos(turn), -radius_m * np.sin(turn), -np.sin(turn), -np.cos(turn)], axis=1)
    return Ways(rows[None].astype(np.float32), np.array([ROUND_M], np.float32))


def going(start_m: float, speed_m_per_s: float, **changes: object) -> Going:
    one = np.ones(1)
    known = Going(np.array([0]), start_m * one, speed_m_per_s * one, 0.3 * one, one, np.array([5]))
    return replace(known, **changes)  # type: ignore[arg-type]


def placed(going: Going, time_s: float) -> NDArray[np.float64]:
    """The same on paper: where a body's part is (4, 4)."""
    gone_m = going.start_m[0] + going.speed_m_per_s[0] * time_s
    turn = gone_m / ROUND_M * 2.0 * np.pi
    radius_m = ROUND_M / (2.0 * np.pi) - going.side_m[0]
    to = np.array([-np.sin(turn), -np.cos(turn)]) * np.sign(going.speed_m_per_s[0]) * going.scale[0]
    body = np.eye(4)
    body[:3, 0], body[:3, 1], body[:3, 2] = (to[1], 0.0, -to[0]), (0.0, going.scale[0], 0.0), (to[0], 0.0, to[1])
    body[:3, 3] = radius_m * np.cos(turn), going.ground_m, -radius_m * np.sin(turn)
    angle = going.lean_rad + going.swing_rad * np.sin(abs(gone_m) / going.stride_m * 2.0 * np.pi)
    joint = np.eye(4)
    joint[:3, 3] = going.joint_m
    joint[1:3, 1:3] = ((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle)))
    return np.asarray(body @ joint)


@dataclass(frozen=True)
class Stage:
    """A few items, nothing else."""

    items: tuple[Item, ...]
    left_out: tuple[int, ...] = ()
    wind_0to1: float = 0.0

    def build(self, _: int) -> SceneModel:
        return SceneModel(self.items, ways=ring())

    def frame(self, *_: object) -> SceneFrame:
        return SceneFrame(SUN, (0.0, 0.0, 7.0), left_out=self.left_out, wind_0to1=self.wind_0to1)


def item(transform: NDArray[np.float64] | None = None, **changes: object) -> Item:
    material = Material((0.9, 0.1, 0.1), casts_shadow=False)
    place = np.eye(4) if transform is None else transform
    return Item("box", box((0.9, 1.4, 0.6), (0.1, 0.6, 0.0)), material, place[None].astype(np.float32), **changes)  # type: ignore[arg-type]


NOTHING = item(np.diag([0.0, 0.0, 0.0, 1.0]))
NUMBERS = count()


def picture(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch, stage: Stage, time_s: float, *, stereo: bool = False
) -> NDArray[np.int64]:
    monkeypatch.setattr("environments.render.renderer.scene_called", lambda _: stage)
    view = View(f"stage {next(NUMBERS)}", {}, 0, time_s, EyePose(pitch_deg=-5.0), vertical_fov_deg=35.0)
    (renderer.draw_stereo if stereo else renderer.draw)(view)
    return renderer.read_rgb().astype(np.int64)


@pytest.fixture(scope="module", params=[True, False], ids=["indirect", "3.3"])
def small(context: moderngl.Context, request: pytest.FixtureRequest) -> Iterator[Renderer]:
    made = Renderer(context, 200, 120, samples=0, indirect=request.param)
    yield made
    made.release()


@pytest.mark.parametrize(
    "goes",
    [
        going(0.0, 1.5),
        going(7.0, -1.2, scale=np.array([1.3])),
        going(3.0, 8.0, ground_m=-0.4, side_m=np.array([-0.7])),
        going(1.0, 1.2, joint_m=(0.2, 0.8, 0.1), lean_rad=-0.1, swing_rad=0.5, stride_m=1.4),
    ],
)
def test_what_goes_is_where_its_way_and_the_time_put_it(
    small: Renderer, monkeypatch: pytest.MonkeyPatch, goes: Going
) -> None:
    for time_s in (0.0, 43.21):
        got = picture(small, monkeypatch, Stage((item(going=goes),)), time_s)
        wanted = picture(small, monkeypatch, Stage((item(placed(goes, time_s)),)), time_s)
        nothing = picture(small, monkeypatch, Stage((NOTHING,)), time_s)
        assert (np.abs(wanted - nothing).max(axis=2) > 12).sum() > 60
        assert (np.abs(got - wanted).max(axis=2) > 12).sum() <= 12


def test_bodies_left_out_are_not_drawn(small: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = picture(small, monkeypatch, Stage((NOTHING,)), 1.0)
    for left_out, is_seen in (((), True), ((4, 6, 37), True), ((5,), False), ((5, 127), False)):
        got = picture(small, monkeypatch, Stage((item(going=going(4.0, 1.0)),), left_out), 1.0)
        assert bool((got != nothing).any()) is is_seen


def test_a_shade_lies_flat_where_the_sun_throws_it(small: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    goes = going(4.0, 1.0)
    turn, up = np.radians(SUN.azimuth_deg), np.radians(SUN.elevation_deg)
    flat = np.eye(4)
    flat[:3, 1] = -np.sin(turn) / np.tan(up), 0.0, np.cos(turn) / np.tan(up)
    flat[1, 3] = 0.2
    got = picture(small, monkeypatch, Stage((item(going=replace(goes, pressed_m=0.2)),)), 2.0)
    wanted = picture(small, monkeypatch, Stage((item(flat @ placed(goes, 2.0)),)), 2.0)
    nothing = picture(small, monkeypatch, Stage((NOTHING,)), 2.0)
    assert (np.abs(wanted - nothing).max(axis=2) > 12).sum() > 60
    assert (np.abs(got - wanted).max(axis=2) > 12).sum() <= 12


def test_a_flag_hangs_in_a_calm_and_flies_and_wanders_in_the_wind(
    small: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = item(streams=True)
    calm, wind, later = (
        picture(small, monkeypatch, Stage((flag,), wind_0to1=wind), time_s)
        for wind, time_s in ((0.0, 1.0), (1.0, 1.0), (1.0, 2.5))
    )
    assert np.abs(calm - wind).max() > 60
    assert np.abs(later - wind).max() > 60


def test_both_eyes_see_what_goes(small: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    got = picture(small, monkeypatch, Stage((item(going=going(4.0, 1.0)),)), 1.0, stereo=True)
    nothing = picture(small, monkeypatch, Stage((NOTHING,)), 1.0, stereo=True)
    is_body = np.abs(got - nothing).max(axis=2) > 12
    assert is_body[:, :100].sum() > 20
    assert is_body[:, 100:].sum() > 20


def test_the_reach_of_what_goes_holds_it_at_any_time() -> None:
    goes = going(3.0, 2.0, joint_m=(0.2, 0.8, 0.1), swing_rad=0.5)
    corners = box((0.9, 1.4, 0.6), (0.1, 0.6, 0.0)).positions_m.astype(np.float64)
    ball = (np.array([0.1, 0.6, 0.0]), 0.89)
    reach = reached(ball, np.eye(4, dtype=np.float32)[None], goes, ring())
    center, radius_m = reach.ball()
    for time_s in np.linspace(0.0, 10.0, 23):
        matrix = placed(goes, float(time_s))
        points = corners @ matrix[:3, :3].T + matrix[:3, 3]
        assert np.linalg.norm(points - center, axis=1).max() <= radius_m
        near = np.linalg.norm(points[:, None] - reach.points, axis=2).min(axis=1)
        assert near.max() <= reach.part_m


def test_what_goes_cannot_be_moved_by_a_frame() -> None:
    still = np.eye(4, dtype=np.float32)[None]
    places = Places([Placed(0, still, np.zeros(3), 1.0, going(0.0, 1.0))], ["cars"], ring())
    with pytest.raises(ValueError, match="cars: what goes"):
        places.move(Table([]), {"cars": still})
