"""A tree for the distance.  It stands on y = 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import mesh_of, moved
from environments.render.shapes_round import cylinder, lump


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree: trunk with branches, and its crown."""

    wood: Mesh
    crown: Mesh


def _rounded_crown(crown: Mesh, center_m: float) -> Mesh:
    """The crown with normals leaning outward from its middle, so that it is lit as one body."""
    outward = crown.positions_m - np.array([0.0, center_m, 0.0], np.float32)
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-6)
    mixed = crown.normals + outward * 0.8
    mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6)
    return mesh_of(crown.positions_m, mixed, crown.uvs_m, crown.indices)


def far_tree(height_m: float, rng: np.random.Generator) -> Tree:
    """A tree in few triangles, for avenues and courtyards."""
    trunk = cylinder(height_m * 0.025, height_m * 0.45, 5)
    size = (height_m * 0.25, height_m * 0.30, height_m * 0.25)
    crown = moved(lump(size, 0.28, rng), 0.0, height_m * 0.66, 0.0)
    return Tree(trunk, _rounded_crown(crown, height_m * 0.5))
