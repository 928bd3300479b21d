"""A dog walks in the order of a dog, with paws that stay where they are put."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.animation.creatures import Creatures, stride_s
from environments.animation.people import Moment
from environments.animation.rig import Rig
from environments.animation.routes import Route, Routes
from environments.animation.stepping import DIAGONAL_WALK, LATERAL_WALK
from tests.animation.dogs import NAMES, dog
from tests.animation.measuring import FRAME_S, film, jumps_m, turns_deg

Floats = NDArray[np.float64]
PAWS = [NAMES.index(f"{side}_{end}_foot") for side in ("left", "right") for end in ("hind", "fore")]
WAY = Route(((0.0, 0.0), (0.0, 5.0)), 0.9)
CURVE = Route(((0.0, 0.0), (0.0, 2.5), (2.5, 2.5)), 0.8)


def paws(matrices: Floats) -> Floats:
    """The points on the ground below the ends of the legs, carried along (t, k, 4, 3)."""
    rest = Rig(dog().skeleton).rest_globals[PAWS]
    ground = rest[:, :, 3] * (1.0, 0.0, 1.0, 1.0)
    below = np.linalg.inv(rest) @ ground[..., None]
    return np.asarray((matrices[:, :, PAWS] @ below)[..., :3, 0])


@pytest.fixture(scope="module")
def walk() -> Floats:
    dogs = Creatures(dog(), 2, 2, routes=Routes([WAY, CURVE]))
    return film(dogs, np.arange(0.0, 8.0, FRAME_S))


def test_planted_paws_do_not_slip(walk: Floats) -> None:
    places = paws(walk)
    low = (places[1:, ..., 1] < 1e-3) & (places[:-1, ..., 1] < 1e-3) & (np.abs(np.diff(places[..., 1], axis=0)) < 1e-4)
    slips_m = np.linalg.norm(np.diff(places[..., [0, 2]], axis=0), axis=-1)
    assert 0.55 < low.mean() < 0.9
    assert slips_m[low].max() < 0.002
    assert places[..., 1].min() > -2e-3


@pytest.mark.parametrize(("sequence", "after_left_hind"), [(LATERAL_WALK, 1), (DIAGONAL_WALK, 3)])
def test_footfalls_come_in_the_order_of_the_gait(
    sequence: tuple[float, float, float, float], after_left_hind: int
) -> None:
    dogs = Creatures(dog(), 2, 1, routes=Routes([WAY]), sequence=sequence)
    up = paws(film(dogs, np.arange(2.0, 4.5, FRAME_S)))[:, 0, :, 1] > 5e-4
    falls = sorted((int(frame), paw) for paw in range(4) for frame in np.nonzero(up[:-1, paw] & ~up[1:, paw])[0])
    order = [paw for _, paw in falls]
    follows = dict(pairwise(order))
    assert follows[0] == after_left_hind
    assert len(set(order)) == 4
    assert all(follows[first] == second for first, second in pairwise(order))


def test_at_least_two_paws_carry_the_dog(walk: Floats) -> None:
    assert ((paws(walk)[..., 1] < 2e-3).sum(axis=-1) >= 2).all()


def test_nothing_jumps_between_two_frames(walk: Floats) -> None:
    assert turns_deg(walk).max() < 13.0  # paws flick while they swing
    assert jumps_m(walk).max() < 0.05


def test_a_standing_dog_is_alive_and_stays_where_it_is() -> None:
    matrices = film(Creatures(dog(), 5, 3), np.arange(0.0, 20.0, 0.1))
    assert np.ptp(matrices[:, :, PAWS][..., :3, 3], axis=0).max() < 1e-3
    assert np.ptp(matrices[:, :, NAMES.index("tail3"), 0, 3], axis=0).min() > 0.02
    assert np.ptp(matrices[:, :, NAMES.index("head"), 1, 3], axis=0).max() < 0.1


def test_the_dog_looks_at_what_it_is_shown() -> None:
    people_m = np.array([[1.5, 1.2, 1.5]])
    matrices = film(Creatures(dog(), 5, 2), np.arange(0.0, 3.0, 0.2), lambda t: Moment(t, targets_m=people_m))
    rest = Rig(dog().skeleton).rest_globals[NAMES.index("head"), :3, :3]
    ahead = (matrices[:, :, NAMES.index("head"), :3, :3] @ np.linalg.inv(rest))[..., 2]
    assert np.degrees(np.arctan2(ahead[..., 0], ahead[..., 2])).min() > 20.0


def test_a_skeleton_without_four_known_legs_is_refused() -> None:
    body = dog()
    nameless = replace(body.skeleton, names=tuple(f"bone {number}" for number in range(len(NAMES))))
    with pytest.raises(ValueError, match="no four legs"):
        Creatures(replace(body, skeleton=nameless), 1, 1)
    legs = [
        tuple(NAMES.index(f"{side}_{bone}") for bone in bones)
        for side in ("left", "right")
        for bones in (("hind_thigh", "hind_shin", "hind_foot"), ("fore_upper_arm", "fore_forearm", "fore_foot"))
    ]
    given = Creatures(replace(body, skeleton=nameless), 1, 1, legs=[(a, b, c) for a, b, c in legs])
    assert given.poses(Moment(1.0)).joints.shape == (1, len(NAMES), 4, 4)


def test_small_creatures_step_faster() -> None:
    assert stride_s(np.ones(1), 0.2)[0] < stride_s(np.ones(1), 0.5)[0]
