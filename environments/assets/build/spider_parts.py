"""The flesh of a spider: tubes along jointed limbs, rounded bodies, cards of bristles, shades under the legs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from environments.assets.build.mesh import Floats, Part, joined, normals, unit
from environments.scenes.spiders.species import JOINTS, Species

SKIN_U = {"legs": (0.0, 0.0, 0.5, 0.5), "abdomen": (0.5, 0.0, 0.5, 0.5), "prosoma": (0.0, 0.5, 0.5, 0.5)}
SKIN_U |= {"palps": (0.5, 0.5, 0.25, 0.25), "dark": (0.76, 0.51, 0.22, 0.22), "eyes": (0.52, 0.78, 0.2, 0.2)}
"""Places (u, v, wide, high) of the skin's picture."""

_LONG = ((0.0, 0.90, 0.5), (0.14, 1.04, 0.14), (0.42, 1.10, 0.0), (0.86, 0.96, 0.14))
_SHORT = ((0.0, 0.95, 0.5), (0.5, 1.0, 0.1))
_TIP = ((0.0, 0.95, 0.5), (0.2, 1.0, 0.1), (0.6, 0.85, 0.0), (0.9, 0.55, 0.0), (1.0, 0.05, 0.0))
"""Rings of a segment: how far along, how thick, how much they go with the neighbour."""


def bound(count: int, *shares: tuple[str, Floats | float]) -> Floats:
    """Weights (count, joints) of named joints."""
    found = np.zeros((count, len(JOINTS)))
    for name, share in shares:
        found[:, JOINTS.index(name)] += share
    return found


def grid(rows: int, around: int) -> np.ndarray:
    """Triangles of rings of `around` points and a seam; the surface looks out where a ring turns left as seen ahead."""
    a = np.arange(rows - 1)[:, None] * (around + 1) + np.arange(around)
    a = a.reshape(-1)
    b, c, d = a + 1, a + around + 2, a + around + 1
    return np.concatenate([np.stack([a, c, b], -1), np.stack([a, d, c], -1)])


def rings(points: Floats, uv: Floats, weights: Floats, where: str) -> Part:
    """A surface of rings (r, n + 1, 3), its coordinates (r, n + 1, 2) in a place of the skin's picture."""
    triangles = grid(points.shape[0], points.shape[1] - 1)
    u, v, wide, high = SKIN_U[where]
    flat = uv.reshape(-1, 2) * (wide * 0.96, high * 0.96) + (u + 0.02 * wide, v + 0.02 * high)
    bent = normals(points.reshape(-1, 3), triangles).reshape(points.shape)
    bent[:, 0] = bent[:, -1] = unit(bent[:, 0] + bent[:, -1])
    for end, next_ in ((0, 1), (-1, -2)):  # where a ring is a point, some of its triangles have no area
        if np.ptp(points[end], axis=0).max() < 1e-9:
            bent[end] = unit(bent[next_].mean(axis=0))
    return Part(points.reshape(-1, 3), triangles, flat[triangles], weights, bent=bent.reshape(-1, 3))


def limb(line: tuple[Floats, Floats], radii: Floats, weights: Floats, where: str, around: int = 7) -> Part:
    """A tube through spots (r, 3) with radii (r,); `sides` (r, 3) point across it, weights (r, joints)."""
    spots, sides = line
    way = unit(np.gradient(spots, axis=0))
    across = unit(sides - way * (sides * way).sum(1, keepdims=True))
    over = np.cross(way, across)
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)
    ring = np.cos(turn)[:, None, None] * across + np.sin(turn)[:, None, None] * over
    points = (spots + ring * radii[:, None]).transpose(1, 0, 2)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(spots, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays((turn / (2 * np.pi))[None, :], (along / along[-1])[:, None]), -1)
    return rings(points[:, ::-1], uv, np.repeat(weights, around + 1, axis=0), where)


def jointed(matrices: Floats, lengths: Floats, radii: Sequence[float], names: Sequence[str], where: str) -> Part:
    """A limb over joints (n, 4, 4) whose x points along them; thickest a third out, thin at the joints."""
    spots, sides, thick, weights = [], [], [], []
    last = len(lengths) - 1
    for number, (matrix, length) in enumerate(zip(matrices, lengths, strict=True)):
        tip = radii[min(number + 1, last)]
        for at, wide, shared in _TIP if number == last else _SHORT if length < 0.05 * lengths.sum() else _LONG:
            spots.append(matrix[:3, 3] + matrix[:3, 0] * at * length)
            sides.append(matrix[:3, 2])
            base = radii[number] + (tip - radii[number]) * at * 0.5
            thick.append(base * wide)
            other = names[max(number - 1, 0)] if at < 0.5 else names[min(number + 1, last)]
            weights.append(bound(1, (names[number], 1.0 - shared), (other, shared))[0])
    return limb((np.array(spots), np.array(sides)), np.array(thick), np.array(weights), where)


def lobe(sizes: tuple[Floats, Floats], profile: Floats, shape: Sequence[int], name: str, where: str) -> Part:
    """A rounded body of `sizes` (centre, half axes) around z.

    `profile` (k, 3) gives for parts of the length its width, top and bottom as shares.
    """
    (centre, half), (rows, around) = sizes, shape
    slope = np.linspace(0.0, np.pi, rows)
    at = 0.5 - 0.5 * np.cos(slope)
    wide, top, low = (np.interp(at, np.linspace(0, 1, len(profile)), profile[:, k]) for k in range(3))
    round_ = np.sin(slope)
    turn = np.linspace(0.0, 2.0 * np.pi, around + 1)
    x = -np.sin(turn)[None] * (round_ * wide)[:, None] * half[0]
    up = -np.cos(turn)[None]
    y = np.where(up > 0, up * (round_ * top)[:, None], up * (round_ * low)[:, None]) * half[1]
    z = np.broadcast_to((np.cos(slope) * half[2])[:, None], x.shape)
    uv = np.stack(np.broadcast_arrays((turn / (2 * np.pi))[None, :], at[:, None]), -1)
    points = np.stack([x, y, z], -1) + np.asarray(centre)
    return rings(points[:, ::-1], uv[:, ::-1], bound(points[..., 0].size, (name, 1.0)), where)


def ball(centre: Floats, radius: float, name: str, where: str) -> Part:
    """A small ball."""
    return lobe((centre, np.full(3, radius)), np.ones((2, 3)), (5, 6), name, where)


def bristles(skin: Part, count: int, length: float, species: Species, seed: int) -> Part:
    """Bristles as thin triangles on the skin; at rest they have no length, the morph `hair` draws them out."""
    rng = np.random.default_rng(seed)
    corners = skin.points[skin.triangles]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(across, axis=1)
    chosen = rng.choice(len(area), count, p=area / area.sum())
    share = rng.dirichlet((1.0, 1.0, 1.0), count)
    root = (corners[chosen] * share[..., None]).sum(1)
    normal = unit(across[chosen])
    weights = (skin.weights[skin.triangles[chosen]] * share[..., None]).sum(1)
    lean = rng.normal(0.0, 0.40, (count, 3)) - (0.0, 0.0, 0.35)
    way = unit(normal + lean)
    side = unit(np.cross(way, rng.normal(0.0, 1.0, (count, 3))))
    size = length * species.span_m * rng.uniform(0.35, 1.15, (count, 1)) ** 1.3
    half = side * species.span_m * 0.0016
    root = root - normal * 0.001 * species.span_m
    points = np.stack([root - half, root + half, root], 1).reshape(-1, 3)
    grown = np.stack([0.0 * way, 0.0 * way, way * size], 1).reshape(-1, 3)
    triangles = np.arange(3 * count).reshape(-1, 3)
    uv = np.tile(np.array([(0.1, 0.9), (0.9, 0.9), (0.5, 0.1)]), (count, 1))[triangles]
    bent = np.repeat(unit(normal + 0.25 * way), 3, axis=0)
    return Part(points, triangles, uv, np.repeat(weights, 3, axis=0), {"hair": grown}, bent)


def shades() -> Part:
    """Flat squares under body and legs: the scene lays them on the ground by their joints."""
    found = []
    for name in JOINTS:
        if not name.startswith("shade_"):
            continue
        is_body = name == "shade_body"
        low = -1.0 if is_body else 0.0
        points = np.array([(low, 0, 1.0), (1.0, 0, 1.0), (1.0, 0, -1.0), (low, 0, -1.0)])
        triangles = np.array([(0, 1, 2), (0, 2, 3)])
        square = np.array([(0, 1), (1, 1), (1, 0), (0, 0.0)]) * (0.5, 1.0) + ((0.0, 0.0) if is_body else (0.5, 0.0))
        found.append(Part(points, triangles, square[triangles], bound(4, (name, 1.0))))
    return joined(found)
