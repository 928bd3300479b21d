"""The forest lake without drawing: the jetty stands in water, trees and deer on land, seasons hide one another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from environments.render.cameras import cameras_of
from environments.render.lake import mirrored
from environments.render.model import EyePose
from environments.render.renderer import View
from environments.scenes.forest_lake.build import (
    ALL_GROUPS,
    FIREFLIES_S,
    GROUPS_OF,
    RAIN_S,
    SCENE,
    shower_0to1,
    sun_at,
)
from environments.scenes.forest_lake.deer import DEER_S, NAME, Herd, deer_body
from environments.scenes.forest_lake.ground import LEVEL_M, ground_height, inland_m
from environments.scenes.manifest import load_manifest

MANIFEST = load_manifest("forest_lake")
VALUES = MANIFEST.values_at(0.0)


@pytest.fixture(name="items", scope="module")
def _items() -> dict[str, np.ndarray]:
    """Places (k, 3) by an item's name."""
    return {item.name: item.transforms[:, :3, 3].astype(np.float64) for item in SCENE.build(0).items}


def test_patient_sits_over_the_water_and_the_jetty_reaches_land() -> None:
    x, z = np.zeros(3), np.array([-2.0, 0.0, 6.5])
    assert list(inland_m(x, z, 0) > 0.0) == [False, False, True]
    height = ground_height(x, z, 0)
    assert height[0] < LEVEL_M - 0.5
    assert LEVEL_M < height[2] < 0.05


def test_trees_stand_on_land_and_reeds_in_the_shallows(items: dict[str, np.ndarray]) -> None:
    for name, places in items.items():
        x, y, z = places.T
        if "spruce" in name or "birch" in name:
            assert (inland_m(x, z, 0) > 0.5).all(), name
            assert np.abs(y - ground_height(x, z, 0)).max() < 0.2, name
        elif "reeds" in name:
            assert ((inland_m(x, z, 0) < 0.0) & (y > LEVEL_M - 1.0)).all(), name


def test_only_one_season_shows_at_a_time(items: dict[str, np.ndarray]) -> None:
    grounds = {name.split()[1] for name in items if name.startswith("ground ")}
    assert grounds == set(GROUPS_OF) == set(next(one.choices for one in MANIFEST.parameters if one.name == "season"))
    for season, shown in GROUPS_OF.items():
        hidden = SCENE.frame({**VALUES, "season": season}, 0, 5.0, {}).hidden
        assert hidden == ALL_GROUPS - shown
    assert "mist" in SCENE.frame({**VALUES, "mist_0to1": 0.0}, 0, 5.0, {}).hidden


def test_deer_walk_on_dry_land_in_sight_and_go() -> None:
    herd = Herd(0)
    for age_s in np.linspace(0.0, DEER_S, 40):
        places = herd.poses(float(age_s)).places[:, :3, 3].astype(np.float64)
        assert (inland_m(places[:, 0], places[:, 2], 0) > 0.3).all(), age_s
    nearest = np.array([np.hypot(*herd.poses(age).places[0, [0, 2], 3]) for age in (0.0, 52.0, DEER_S)])
    assert nearest[1] < 36.0
    assert min(nearest[0], nearest[2]) > 60.0
    assert NAME in SCENE.frame(VALUES, 0, 5.0, {"deer": 50.0}).poses
    assert not SCENE.frame(VALUES, 0, 5.0, {"deer": DEER_S + 1.0}).poses


def test_feet_of_the_deer_stay_where_they_are_set_down() -> None:
    """A hoof on the ground slips at most 2 cm in a tenth of a second of its stand."""
    herd, foot = Herd(0), deer_body().skeleton.names.index("left_hand")
    rest = np.linalg.inv(deer_body().skeleton.inverse_binds[foot].astype(np.float64))[:, 3]
    tracks = []
    for age_s in np.arange(20.0, 24.0, 0.1):
        poses = herd.poses(float(age_s))
        tracks.append((poses.places[0].astype(np.float64) @ poses.joints[0, foot].astype(np.float64) @ rest)[[0, 2]])
    steps = np.linalg.norm(np.diff(np.array(tracks), axis=0), axis=1)
    assert (steps < 0.02).mean() > 0.45
    assert steps.max() > 0.1


def test_rain_ends_within_a_minute_and_fireflies_after_two() -> None:
    hardest = [shower_0to1(age) for age in (None, 0.0, 12.0, 30.0, RAIN_S - 1.0, RAIN_S)]
    assert hardest[0] == hardest[1] == hardest[-1] == 0.0
    assert hardest[2] > hardest[3] > hardest[4] > 0.0
    kinds = {one.kind for one in SCENE.frame(VALUES, 0, 5.0, {"rain_ends": 12.0, "fireflies": 20.0}).particles}
    assert kinds == {"rain", "fireflies"}
    assert not SCENE.frame(VALUES, 0, 5.0, {"rain_ends": RAIN_S, "fireflies": FIREFLIES_S}).particles


def test_sun_rises_and_sets() -> None:
    heights = [sun_at(hour).elevation_deg for hour in (5.0, 7.0, 13.0, 20.0, 22.0)]
    assert heights[0] < 2.0 < heights[1] < heights[2] > heights[3] > heights[4]
    assert heights[4] >= -1.6


@pytest.mark.parametrize("content", [None, b"no model"])
def test_lake_does_without_plants_that_cannot_be_read(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "plants").mkdir()
        (tmp_path / "plants" / "spruce.glb").write_bytes(content)
    monkeypatch.setattr("environments.gltf.built_in.ASSETS", tmp_path)
    names = {item.name for item in SCENE.build(0).items}
    assert {"jetty boards", "ground summer 0", "far woods green"} <= names
    assert not any("spruce" in name for name in names)


def test_mirrored_eye_sees_a_thing_where_the_water_shows_it() -> None:
    view = View("forest_lake", VALUES, 0, 0.0, EyePose(yaw_deg=20.0, pitch_deg=-10.0, offset_m=(0.3, 0.0, 0.0)))
    camera = cameras_of(view, SCENE.frame(VALUES, 0, 0.0, {}), [0.0], 1.4)[0]
    clip, below = camera.clip_from_world, mirrored(camera, LEVEL_M)
    assert below.eye_m == pytest.approx([0.3, 2 * LEVEL_M - 1.2, 0.0])
    for thing in ([12.0, 5.0, -40.0], [8.0, 0.2, -20.0]):
        seen = below.clip_from_world @ [*thing, 1.0]
        image = clip @ [thing[0], 2.0 * LEVEL_M - thing[1], thing[2], 1.0]
        assert seen[:2] / seen[3] == pytest.approx(image[:2] / image[3])
        assert -seen[3] <= seen[2] <= seen[3]
    under = below.clip_from_world @ [8.0, LEVEL_M - 0.1, -20.0, 1.0]
    assert under[2] < -under[3]
