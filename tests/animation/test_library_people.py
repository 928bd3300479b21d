"""The people that come with the program are alive: they blink, breathe, look, sit and walk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import environments
from environments.animation.anatomy import Part
from environments.animation.people import Moment, People
from environments.animation.postures import SEATED
from environments.animation.routes import Route, Routes
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from tests.animation.measuring import FRAME_S, film, jumps_m, turns_deg

FILES = sorted((Path(environments.__file__).parent / "assets" / "people").glob("*.glb"))


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def body(request: pytest.FixtureRequest) -> Body:
    return load_gltf(request.param).bodies[0]


def test_there_are_people() -> None:
    assert len(FILES) >= 4


def test_every_part_is_known_and_both_lids_close(body: Body) -> None:
    people = People(body, 3, 6)
    assert people.joints.min() >= 0
    lids = [body.morph_names.index(name) for name in ("blink_l", "blink_r")]
    weights = np.stack([people.morphs(Moment(float(time_s)))[:, lids] for time_s in np.arange(0.0, 12.0, 0.03)])
    assert weights.max(axis=0).min() > 0.9
    assert np.median(weights) == 0.0


def test_they_walk_with_planted_feet(body: Body) -> None:
    people = People(body, 3, 2, routes=Routes([Route(((0.0, 0.0), (0.0, 9.0)), 1.2)] * 2))
    matrices = film(people, np.arange(2.0, 4.0, FRAME_S))
    feet = people.joints[[Part.LEFT_FOOT, Part.RIGHT_FOOT]]
    still = jumps_m(matrices)[..., feet] < 1e-4
    assert (still.mean(axis=0) > 0.15).all()
    assert jumps_m(matrices)[..., people.joints[Part.HEAD]].max() < 0.03
    assert turns_deg(matrices)[..., people.joints[[Part.HIPS, Part.CHEST, Part.HEAD]]].max() < 2.5


def test_they_sit_at_the_height_of_a_chair(body: Body) -> None:
    people = People(body, 3, 2, posture=SEATED)
    matrices = film(people, np.arange(0.0, 4.0, 0.5))
    places = matrices[..., :3, 3]
    assert places[:, :, people.joints[Part.LEFT_THIGH], 1] == pytest.approx(0.51, abs=0.04)
    knee, hip = (places[:, :, people.joints[part], 2] for part in (Part.LEFT_SHIN, Part.LEFT_THIGH))
    assert (knee - hip).min() > 0.3
