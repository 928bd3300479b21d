"""Pieces of the study: grids of points that know their material, their place in the pictures and in the light map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from environments.assets.build.mesh import Floats, Part, normals, unit

GAP_PX = 2
Point = tuple[float, float, float]
Box = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Patch:
    """A grid of points (r, c, 3), its first row below, seen from its front; `texel_m` is that of its baked light.

    `uv` (r, c, 2) are coordinates in the material's picture; without them they are metres over `tile_m`, turned by a
    quarter where the grain runs `upright`.  `closed` patches meet their first column with their last.
    """

    material: str
    points: Floats
    texel_m: float = 0.02
    tile_m: float = 1.0
    uv: Floats | None = None
    upright: bool = False
    closed: bool = False
    place: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def size_m(self) -> tuple[float, float]:
        """Across and up, along the middle."""
        rows, columns = self.points.shape[:2]
        across = np.linalg.norm(np.diff(self.points[rows // 2], axis=0), axis=1).sum()
        up = np.linalg.norm(np.diff(self.points[:, columns // 2], axis=0), axis=1).sum()
        return float(across), float(up)

    def shares(self) -> Floats:
        """How far right and up (r, c, 2), 0 to 1, each point is, by length."""
        rows, columns = self.points.shape[:2]
        across, up = np.zeros((rows, columns)), np.zeros((rows, columns))
        across[:, 1:] = np.cumsum(np.linalg.norm(np.diff(self.points, axis=1), axis=2), axis=1)
        up[1:] = np.cumsum(np.linalg.norm(np.diff(self.points, axis=0), axis=2), axis=0)
        across /= np.maximum(across[:, -1:], 1e-9)
        up /= np.maximum(up[-1:], 1e-9)
        even = np.broadcast_to(np.linspace(0, 1, columns), across.shape)
        return np.stack([np.where(np.isfinite(across) & (across[:, -1:] > 0), across, even), up], -1)

    def corners(self) -> np.ndarray:
        """Faces (m, 4) as numbers of points."""
        rows, columns = self.points.shape[:2]
        a = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).reshape(-1)
        return np.stack([a, a + 1, a + columns + 1, a + columns], -1)

    def light_uv(self, size_px: int, inset: float = 0.5) -> Floats:
        """Coordinates (r, c, 2) in the light map, v down."""
        x, y, wide, high = self.place
        share = self.shares()
        u = x + inset + (wide - 2 * inset) * share[..., 0]
        v = y + high - inset - (high - 2 * inset) * share[..., 1]
        return np.stack([u, v], -1) / size_px

    def part(self) -> Part:
        """The patch as triangles."""
        faces = self.corners()
        triangles = np.concatenate([faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]])
        flat = self.points.reshape(-1, 3)
        uv = self.uv
        if uv is None:
            wide, high = self.size_m
            uv = self.shares() * (wide, -high) / self.tile_m
            uv = uv[..., ::-1] if self.upright else uv
            uv = uv + (self.points[0, 0, [0, 2]] * 0.37 if self.tile_m < 3.0 else 0.0)
        bent = normals(flat, triangles).reshape(self.points.shape)
        if self.closed:
            seam = unit(bent[:, 0] + bent[:, -1])
            bent[:, 0] = bent[:, -1] = seam
        return Part(flat, triangles, uv.reshape(-1, 2)[triangles], bent=bent.reshape(-1, 3))


def sheet(material: str, a: Point, b: Point, c: Point, d: Point, **more: object) -> Patch:
    """A rectangle, counter-clockwise from its lower left as seen from its front."""
    return Patch(material, np.array([[a, b], [d, c]], dtype=float), **more)  # type: ignore[arg-type]


def box(material: str, at: Box, sides: str = "xXyYzZ", **more: object) -> list[Patch]:
    """A box from (x, y, z) to (x, y, z); of its sides those named, capital letters being the higher ones."""
    x, y, z, a, b, c = at
    found: dict[str, tuple[Point, Point, Point, Point]] = {
        "Z": ((x, y, c), (a, y, c), (a, b, c), (x, b, c)),
        "z": ((a, y, z), (x, y, z), (x, b, z), (a, b, z)),
        "X": ((a, y, c), (a, y, z), (a, b, z), (a, b, c)),
        "x": ((x, y, z), (x, y, c), (x, b, c), (x, b, z)),
        "Y": ((x, b, c), (a, b, c), (a, b, z), (x, b, z)),
        "y": ((x, y, z), (a, y, z), (a, y, c), (x, y, c)),
    }
    return [sheet(material, *found[side], **more) for side in sides]  # type: ignore[arg-type]


def lathe(
    material: str, profile: Sequence[tuple[float, float]], centre: Point, around: int = 24, **more: object
) -> Patch:
    """A body of revolution about an upright axis: `profile` (radius, height) from below; its outside is seen."""
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)
    ring = np.stack([np.sin(turn), np.zeros_like(turn), np.cos(turn)], -1)
    points = [radius * ring + (0.0, height, 0.0) for radius, height in profile]
    return Patch(material, np.array(points) + centre, closed=True, **more)  # type: ignore[arg-type]


def swept(material: str, spots: Sequence[Point], radius: float, around: int = 8, **more: object) -> Patch:
    """A round bar through spots."""
    line = np.array(spots, dtype=float)
    way = unit(np.gradient(line, axis=0))
    side = unit(np.cross(way, np.where(np.abs(way[:, 1:2]) < 0.9, [[0.0, 1, 0]], [[1.0, 0, 0]])))
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)
    ring = np.cos(turn)[:, None, None] * side + np.sin(turn)[:, None, None] * np.cross(way, side)
    return Patch(material, (line + radius * ring).transpose(1, 0, 2), closed=True, **more)  # type: ignore[arg-type]


def packed(patches: Sequence[Patch], size_px: int) -> list[Patch]:
    """The patches with places in the light map, in rows of falling height; ValueError where they do not fit."""
    sizes = [tuple(max(3, min(round(side / one.texel_m), size_px - 2)) for side in one.size_m) for one in patches]
    places: dict[int, tuple[int, int, int, int]] = {}
    x = y = row = 0
    for index in sorted(range(len(patches)), key=lambda k: (-sizes[k][1], -sizes[k][0], k)):
        wide, high = sizes[index]
        if x + wide + GAP_PX > size_px:
            x, y, row = 0, y + row + GAP_PX, 0
        row = max(row, high)
        places[index] = (x, y, wide, high)
        x += wide + GAP_PX
    if y + row > size_px:
        raise ValueError(f"the light map of {size_px} px is too small: {y + row} rows")
    return [replace(one, place=places[k]) for k, one in enumerate(patches)]
