"""How near the geometry of a moment comes to the eyes.  Pure.

Exact distances from a point to triangles, for every instance that can be near enough.  What only the shaders move
(grass in the wind, the sea's waves) is taken as it was built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Character, Float32, Item, Poses, SceneFrame, SceneModel

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest thing: how far it is and what it is called."""

    distance_m: float
    name: str


class Surroundings:
    """The geometry of a scene, prepared for being asked often."""

    def __init__(self, model: SceneModel) -> None:
        self._model = model
        self._balls = [_ball(item) for item in model.items]

    def nearest(
        self, frame: SceneFrame, eye_m: Float64, within_m: float, allowed: frozenset[str] = frozenset()
    ) -> Nearest | None:
        """What is nearest to an eye (3,) and nearer than `within_m`; groups and characters `allowed` do not count."""
        found: Nearest | None = None
        for name, corners in self._around(frame, eye_m, within_m, allowed):
            distance_m = distance_to_triangles_m(eye_m, corners)
            if distance_m < within_m and (found is None or distance_m < found.distance_m):
                found = Nearest(distance_m, name)
        return found

    def _around(
        self, frame: SceneFrame, eye_m: Float64, within_m: float, allowed: frozenset[str]
    ) -> Iterator[tuple[str, Float64]]:
        """Corners (n, 3, 3) of triangles whose boxes come near the eye."""
        for item, (middle, radius_m) in zip(self._model.items, self._balls, strict=True):
            if item.group in frame.hidden or item.group in allowed or not len(item.mesh.indices):
                continue
            places = np.asarray(frame.moves.get(item.group, item.transforms), np.float64)
            centers = places[:, :3, :3] @ middle + places[:, :3, 3]
            sizes = np.linalg.norm(places[:, :3, :3], axis=1).max(axis=1)
            for index in np.nonzero(np.linalg.norm(centers - eye_m, axis=1) < radius_m * sizes + within_m)[0]:
                points = item.mesh.positions_m @ places[index, :3, :3].T + places[index, :3, 3]
                yield item.name, _near_corners(points, item.mesh.indices, eye_m, within_m)
        for character in self._model.characters:
            if character.name in frame.poses and character.name not in allowed:
                yield from _bodies(character, frame.poses[character.name], eye_m, within_m)


def _ball(item: Item) -> tuple[Float64, float]:
    points = item.mesh.positions_m.astype(np.float64)
    if not len(points):
        return np.zeros(3), 0.0
    middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
    return middle, float(np.linalg.norm(points - middle, axis=1).max())


def _bodies(character: Character, poses: Poses, eye_m: Float64, within_m: float) -> Iterator[tuple[str, Float64]]:
    for index, place in enumerate(np.asarray(poses.places, np.float64)):
        if np.linalg.norm(place[:3, 3] - eye_m) > character.radius_m + within_m:
            continue
        for part in character.parts:
            points = np.array(part.mesh.positions_m, np.float64)
            if part.morphs_m is not None:
                points += np.tensordot(poses.morphs[index], part.morphs_m, axes=1)
            points = _skinned(points, part.joints, part.weights, poses.joints[index])
            world = points @ place[:3, :3].T + place[:3, 3]
            yield character.name, _near_corners(world, part.mesh.indices, eye_m, within_m)


def _skinned(points: Float64, joints: NDArray[np.uint16], weights: Float32, matrices: Float32) -> Float64:
    moved = np.einsum("nkij,nj->nki", matrices[joints][..., :3, :3].astype(np.float64), points)
    moved += matrices[joints][..., :3, 3]
    return np.asarray(np.einsum("nk,nki->ni", weights, moved))


def _near_corners(points: Float64, indices: NDArray[np.uint32], eye_m: Float64, within_m: float) -> Float64:
    corners = points[indices]
    low, high = corners.min(axis=1), corners.max(axis=1)
    return np.asarray(corners[((low < eye_m + within_m) & (high > eye_m - within_m)).all(axis=1)], np.float64)


def distance_to_triangles_m(point_m: Float64, corners_m: Float64) -> float:
    """The distance from a point (3,) to the nearest of triangles (n, 3, 3); infinite when there are none."""
    if not len(corners_m):
        return float("inf")
    to_edges = min(_to_segments(point_m, corners_m[:, i], corners_m[:, (i + 1) % 3]) for i in range(3))
    first, second = corners_m[:, 1] - corners_m[:, 0], corners_m[:, 2] - corners_m[:, 0]
    normal = np.cross(first, second)
    size = np.linalg.norm(normal, axis=1)
    is_flat = size > 1e-12
    if not is_flat.any():
        return to_edges
    unit = normal[is_flat] / size[is_flat, None]
    corners, height = corners_m[is_flat], ((point_m - corners_m[is_flat, 0]) * unit).sum(axis=1)
    foot = point_m - height[:, None] * unit
    sides = [
        (np.cross(corners[:, (i + 1) % 3] - corners[:, i], foot - corners[:, i]) * unit).sum(axis=1) >= 0.0
        for i in range(3)
    ]
    inside = sides[0] & sides[1] & sides[2]
    return min(to_edges, float(np.abs(height[inside]).min())) if inside.any() else to_edges


def _to_segments(point_m: Float64, starts_m: Float64, ends_m: Float64) -> float:
    along = ends_m - starts_m
    length2 = np.maximum((along * along).sum(axis=1), 1e-18)
    part = np.clip(((point_m - starts_m) * along).sum(axis=1) / length2, 0.0, 1.0)
    return float(np.linalg.norm(point_m - starts_m - part[:, None] * along, axis=1).min())
