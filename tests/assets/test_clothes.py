"""Clothes move with the limb they are on: no cloth hangs between a wrist and a hip."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from environments.animation.people import Moment, People
from environments.animation.postures import SEATED, STANDING
from environments.animation.routes import Route, Routes
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from environments.render.model import SkinnedPart
from tests.assets.glb import FOLDER, PEOPLE

MOST_GROWTH_M = 0.06
WAY = Routes([Route(((0.0, 0.0), (0.0, 9.0)), 1.3)])


def _people(body: Body, what: str) -> People:
    if what == "walk":
        return People(body, 3, 1, routes=WAY)
    return People(body, 3, 1, posture=SEATED if what == "seated" else STANDING)


def _skinned_m(part: SkinnedPart, palette: Any) -> Any:
    points = np.column_stack([part.mesh.positions_m, np.ones(len(part.mesh.positions_m))])
    matrices = np.einsum("nk,nkij->nij", part.weights, palette[part.joints])
    return np.einsum("nij,nj->ni", matrices, points)[:, :3]


def _growth_m(body: Body, what: str) -> float:
    """How much longer than at rest any edge of the cloth gets."""
    people = _people(body, what)
    part = body.character.parts[-1]
    faces = part.mesh.indices.reshape(-1, 3)
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0)

    def lengths(points: Any) -> Any:
        return np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)

    rest = lengths(part.mesh.positions_m)
    times_s = np.arange(2.0, 3.4, 0.1) if what == "walk" else (0.0, 3.0)
    return max(
        float((lengths(_skinned_m(part, people.poses(Moment(float(t))).joints[0])) - rest).max()) for t in times_s
    )


@pytest.mark.parametrize("what", ["walk", "seated", "standing"])
@pytest.mark.parametrize("name", [model.name for model in PEOPLE])
def test_no_edge_of_the_clothes_grows_long(name: str, what: str) -> None:
    body = load_gltf(FOLDER / name).bodies[0]
    assert _growth_m(body, what) <= MOST_GROWTH_M


def test_everybody_has_a_name_of_their_own() -> None:
    names = [load_gltf(FOLDER / model.name).bodies[0].character.name for model in PEOPLE]
    assert names == [model.name.removeprefix("people/").removesuffix(".glb") for model in PEOPLE]
