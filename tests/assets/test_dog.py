"""The dog is found by the behaviours of four-legged creatures, and its paws stay where they are put."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from environments.animation.anatomy import Part, joints_of, legs_of, tail_of
from environments.animation.creatures import Creatures
from environments.animation.rig import Rig
from environments.animation.routes import Route, Routes
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from tests.animation.measuring import FRAME_S, film
from tests.assets.glb import FOLDER


@pytest.fixture(scope="module")
def dog() -> Body:
    return load_gltf(FOLDER / "animals" / "dog.glb").bodies[0]


def _paws(dog: Body, matrices: Any) -> Any:
    """The points on the ground below the ends of the legs, carried along (t, k, 4, 3)."""
    ends = [chain[2] for chain in legs_of(dog.skeleton.names)]
    rest = Rig(dog.skeleton).rest_globals[ends]
    below = np.linalg.inv(rest) @ (rest[:, :, 3] * (1.0, 0.0, 1.0, 1.0))[..., None]
    return (matrices[:, :, ends] @ below)[..., :3, 0]


def test_legs_head_eyes_and_tail_are_known_by_name(dog: Body) -> None:
    names = dog.skeleton.names
    joints = joints_of(names)
    assert len(legs_of(names)) == 4
    assert len(tail_of(names)) == 7
    assert joints[[Part.HIPS, Part.CHEST, Part.NECK, Part.HEAD, Part.LEFT_EYE, Part.RIGHT_EYE]].min() >= 0


def test_planted_paws_do_not_slip(dog: Body) -> None:
    walk = Routes([Route(((0.0, 0.0), (0.0, 5.0)), 0.9)])
    places = _paws(dog, film(Creatures(dog, 2, 1, routes=walk), np.arange(1.0, 4.0, FRAME_S)))
    low = (places[1:, ..., 1] < 1e-3) & (places[:-1, ..., 1] < 1e-3) & (np.abs(np.diff(places[..., 1], axis=0)) < 1e-4)
    slips_m = np.linalg.norm(np.diff(places[..., [0, 2]], axis=0), axis=-1)
    assert 0.4 < low.mean() < 0.9
    assert slips_m[low].max() <= 0.002


def test_the_dog_is_as_large_as_a_shepherd_and_stands_on_four_paws(dog: Body) -> None:
    points = dog.character.parts[0].mesh.positions_m
    back = points[(np.abs(points[:, 0]) < 0.03) & (np.abs(points[:, 2]) < 0.1)]
    assert 0.5 < back[:, 1].max() < 0.65
    standing = points[points[:, 1] < 0.02]
    for side in (1.0, -1.0):
        for end in (1.0, -1.0):
            assert ((standing[:, 0] * side > 0.02) & (standing[:, 2] * end > 0.05)).any()
