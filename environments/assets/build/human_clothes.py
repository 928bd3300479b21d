"""Clothes for the people: surfaces off the body that hang, with hems, collars and soles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from environments.assets.build.human_rig import Rig
from environments.assets.build.mesh import Floats, Ints, Part, border_loops, kept, smoothed
from environments.assets.build.paint import layered, smoothstep


@dataclass(frozen=True, slots=True)
class Cut:
    """How clothes are cut; lengths in metres. `collar` is crew, shirt or stand; `tucked` ends the top at the waist."""

    collar: str = "crew"
    tucked: bool = False
    below_hip_m: float = 0.05
    top_off_m: float = 0.016
    sleeve_m: float = 0.052
    knee_m: float = 0.068
    hem_m: float = 0.072
    taper: float = 0.22
    fold_m: float = 0.006


@dataclass(frozen=True, slots=True)
class Figure:
    """A posed body: its rig and the smooth skin that clothes are cut from."""

    rig: Rig
    skin: Part
    ground_m: float

    def place(self, joint: str) -> Floats:
        """Where a joint is."""
        return np.asarray(self.rig.places[self.rig.index(joint)])

    def share(self, *joints: str) -> Floats:
        """The weight (n,) of joints, both sides where no side is named."""
        names = [n for n in self.rig.names if n in joints or n[:-2] in joints]
        return np.asarray(self.skin.weights[:, [self.rig.index(n) for n in names]].sum(1))


_ARM = ("upperarm", "lowerarm", "hand", "index_01", "middle_01", "ring_01", "pinky_01", "thumb_01")


def axis_point(line: list[Floats], points: Floats) -> Floats:
    """The nearest points on a bent line, per point (n, 3)."""
    best, nearest = np.full(len(points), np.inf), np.zeros_like(points)
    for a, b in pairwise(line):
        along = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
        at = a + along[:, None] * (b - a)
        distance = np.linalg.norm(points - at, axis=1)
        closer = distance < best
        best[closer], nearest[closer] = distance[closer], at[closer]
    return nearest


def at_least(points: Floats, axis: Floats, radius: Floats, share: Floats) -> Floats:
    """Points pushed out from their axis to a radius, where share is one."""
    out = points - axis
    length = np.maximum(np.linalg.norm(out, axis=1), 1e-6)
    wanted = np.maximum(length, radius + 0.25 * np.maximum(length - radius, 0))
    return np.asarray(points + out * ((wanted / length - 1) * share)[:, None])


def folded(points: Floats, normals: Floats, depth_m: float, seed: int, share: Floats) -> Floats:
    """Folds across the limbs: long sideways, short along the height."""
    bent = points + 0.03 * np.stack([layered(points * 7, seed + k, 2) for k in (50, 51, 52)], -1)
    ridges = 1 - 2 * np.abs(layered(bent * (7.0, 19.0, 7.0), seed, 2))
    wave = 0.6 * ridges + 0.5 * layered(bent * (11.0, 26.0, 11.0), seed + 9, 2)
    return np.asarray(points + normals * (wave * depth_m * share)[:, None])


def rim(part: Part, loop: list[int], moves: list[Callable[[Floats], Floats]]) -> Part:
    """Rings added to an open edge, each moved from the one before."""
    points, faces = [part.points], []
    before, ring, count = np.array(loop), part.points[loop], len(part.points)
    for move in moves:
        ring = move(ring)
        here = np.arange(count, count + len(loop))
        count += len(loop)
        points.append(ring)
        faces.append(_strip(before, here))
        before = here
    return _extended(part, np.concatenate(points[1:]), np.concatenate(faces), np.tile(loop, len(moves)))


def _strip(before: Ints, here: Ints) -> Ints:
    """Triangles between two closed rings."""
    ahead, after = np.roll(before, -1), np.roll(here, -1)
    return np.concatenate([np.column_stack([ahead, before, here]), np.column_stack([ahead, here, after])])


def _extended(part: Part, points: Floats, triangles: Ints, source: Ints) -> Part:
    """The part with points added that move as their sources do."""
    faces = np.concatenate([part.triangles, triangles])
    return Part(
        np.concatenate([part.points, points]),
        faces,
        np.zeros((len(faces), 3, 2)),
        np.concatenate([part.weights, part.weights[source]]),
        {name: np.concatenate([rows, rows[source]]) for name, rows in part.morphs.items()},
    )


def _loop_near(part: Part, place: Floats) -> list[int]:
    loops = border_loops(part.triangles)
    return min(loops, key=lambda loop: float(np.linalg.norm(part.points[loop].mean(0) - place)))


def _inward(by_m: float, up_m: float) -> Callable[[Floats], Floats]:
    def move(ring: Floats) -> Floats:
        centre = ring.mean(0)
        out = (ring - centre) * (1, 0, 1)
        return np.asarray(ring - out / np.linalg.norm(out, axis=1, keepdims=True).clip(1e-6) * by_m + (0, up_m, 0))

    return move


def trousers(figure: Figure, cut: Cut, seed: int) -> Part:
    """Trousers from the waist to over the shoes."""
    skin, ankle = figure.skin, figure.place("foot_l")[1]
    waist = figure.place("spine_01")[1] + 0.035
    centre = skin.points[skin.triangles].mean(1)[:, 1]
    arms = figure.share(*_ARM)[skin.triangles].max(1) > 0.3
    piece = kept(skin, (centre < waist) & (centre > ankle + 0.01) & ~arms)
    # Cloth bends over a wider way than skin: nothing tears at the crotch of somebody who sits.
    piece = replace(piece, weights=smoothed(piece.weights, piece.triangles, 12))
    now = smoothed(piece.points, piece.triangles, 6)
    now = now + replace(piece, points=now).normals * 0.009
    crotch = now[np.abs(now[:, 0]) < 0.02][:, 1].min()
    for side, sign in (("l", 1.0), ("r", -1.0)):
        line = [figure.place(f"{j}_{side}") for j in ("thigh", "calf", "foot")]
        knee = line[1][1]
        height = now[:, 1]
        radius = np.where(height > knee, cut.knee_m + (height - knee) * 0.02, cut.knee_m)
        low = np.clip((knee - height) / (knee - ankle), 0, 1)
        radius = radius + low * (cut.hem_m - cut.knee_m)
        own = (now[:, 0] * sign > 0) * smoothstep(crotch + 0.02, crotch - 0.10, height)
        now = at_least(now, axis_point(line, now), radius, own)
        near = (now[:, 0] * sign > 0) & (height < crotch)
        now[near, 0] = np.where(now[near, 0] * sign < 0.004, 0.004 * sign, now[near, 0])
    bends = 0.35 + 0.65 * np.maximum(_bump(now[:, 1], figure.place("calf_l")[1], 0.09), _bump(now[:, 1], crotch, 0.07))
    bends = np.maximum(bends, _bump(now[:, 1], ankle, 0.10))
    now = folded(now, replace(piece, points=now).normals, cut.fold_m, seed, bends)
    piece = replace(piece, points=now)
    belt = _loop_near(piece, np.array([0, waist, figure.place("spine_01")[2]]))
    piece = rim(piece, belt, [_inward(-0.004, 0.004), _inward(0.016, -0.004)])
    for side in ("l", "r"):
        loop = _loop_near(piece, figure.place(f"foot_{side}"))
        piece = rim(
            piece, loop, [_to_height(ankle - 0.025, 1.0), _to_height(ankle - 0.052, 1.03), _inward(0.010, 0.015)]
        )
    return piece


def _bump(x: Floats, centre: float, width: float) -> Floats:
    return np.asarray(np.exp(-(((x - centre) / width) ** 2)))


def _to_height(height_m: float, wider: float) -> Callable[[Floats], Floats]:
    def move(ring: Floats) -> Floats:
        centre = ring.mean(0)
        moved = centre + (ring - centre) * (wider, 0, wider)
        moved[:, 1] = height_m + (ring[:, 1] - centre[1]) * 0.15
        return np.asarray(moved)

    return move


def _draped(points: Floats, taper: float, share: Floats, middle: Floats) -> Floats:
    """Cloth that hangs from the widest place above instead of following the body in."""
    out = (points - middle) * (1, 0, 1)
    length = np.maximum(np.linalg.norm(out, axis=1), 1e-6)
    turn = np.arctan2(out[:, 0], out[:, 2])
    wanted = length.copy()
    for row in np.flatnonzero(share > 0):
        turned = np.abs((turn - turn[row] + np.pi) % (2 * np.pi) - np.pi) < 0.28
        above = turned & (points[:, 1] >= points[row, 1]) & (share > 0.5)
        if above.any():
            wanted[row] = max(wanted[row], (length[above] - taper * (points[above, 1] - points[row, 1])).max())
    return np.asarray(points + out / length[:, None] * ((wanted - length) * share)[:, None])


def top(figure: Figure, cut: Cut, seed: int) -> Part:
    """A shirt, sweater or jacket with long sleeves."""
    skin = figure.skin
    neck = figure.place("neck_01")
    hem = figure.place("spine_01")[1] - 0.01 if cut.tucked else figure.place("pelvis")[1] - cut.below_hip_m
    arms = figure.share(*_ARM)
    centre = skin.points[skin.triangles].mean(1)
    slant = neck[1] + 0.030 - (centre[:, 2] - neck[2]) * 0.55
    sleeve = arms[skin.triangles].mean(1) > 0.35
    piece = kept(skin, ((centre[:, 1] > hem) & (centre[:, 1] < slant)) | sleeve)
    arm = np.asarray(piece.weights[:, [i for i, n in enumerate(figure.rig.names) if n[:-2] in _ARM]].sum(1))
    now = smoothed(piece.points, piece.triangles, 4)
    now = now + replace(piece, points=now).normals * (cut.top_off_m * (1 - 0.4 * arm))[:, None]
    chest = figure.place("spine_03")[1]
    torso = (1 - smoothstep(0.15, 0.4, arm)) * smoothstep(chest + 0.16, chest + 0.05, now[:, 1])
    now = _draped(now, cut.taper, torso, np.array([0, 0, figure.place("spine_02")[2]]))
    for side, sign in (("l", 1.0), ("r", -1.0)):
        line = [figure.place(f"{j}_{side}") for j in ("upperarm", "lowerarm", "hand")]
        along = smoothstep(0.55, 0.95, arm) * (now[:, 0] * sign > 0)
        low = np.clip((line[0][1] - now[:, 1]) / (line[0][1] - line[2][1]), 0, 1)
        now = at_least(now, axis_point(line, now), cut.sleeve_m * (1.12 - 0.42 * low), along)
    elbow = figure.place("lowerarm_l")[1]
    waist = figure.place("spine_01")[1]
    bends = 0.3 + 0.7 * np.maximum(arm * _bump(now[:, 1], elbow, 0.10), (1 - arm) * _bump(now[:, 1], waist, 0.10))
    now = folded(now, replace(piece, points=now).normals, cut.fold_m, seed, bends)
    if cut.tucked:
        in_belt = smoothstep(waist + 0.075, waist + 0.03, now[:, 1]) * (1 - smoothstep(0.2, 0.5, arm))
        now = now + (smoothed(piece.points, piece.triangles, 4) - now) * in_belt[:, None]
    weights = smoothed(piece.weights, piece.triangles, 10)
    return _edged(replace(piece, points=now, weights=weights), figure, cut, hem)


def _edged(piece: Part, figure: Figure, cut: Cut, hem_m: float) -> Part:
    """Hem, cuffs and collar."""
    neck = figure.place("neck_01")
    bottom = _loop_near(piece, np.array([0, hem_m, neck[2]]))
    piece = rim(piece, bottom, [_to_height(hem_m - 0.01, 1.0), _inward(0.014, 0.012)])
    for side in ("l", "r"):
        wrist = _loop_near(piece, figure.place(f"hand_{side}"))
        piece = rim(piece, wrist, [_towards(figure.place(f"middle_01_{side}"), 0.015, 0.97), _shrunk(0.72, 0.012)])
    throat = _loop_near(piece, neck + np.array([0, 0.04, 0]))
    points = piece.points.copy()
    level = neck[1] + 0.018 - (points[throat, 2] - neck[2]) * 0.45
    points[throat, 1] = 0.3 * points[throat, 1] + 0.7 * level
    piece = replace(piece, points=points)
    if cut.collar == "shirt":
        return _with_leaf(rim(piece, throat, [_inward(0.010, 0.014), _inward(0.004, 0.014)]), len(throat))
    if cut.collar == "stand":
        return rim(
            piece,
            throat,
            [_inward(-0.002, 0.022), _inward(0.001, 0.022), _inward(0.007, -0.004), _inward(-0.002, -0.03)],
        )
    return rim(piece, throat, [_inward(0.003, 0.009), _inward(0.006, 0.004), _inward(0.004, -0.018)])


def _with_leaf(piece: Part, count: int) -> Part:
    """The leaf of a shirt's collar folded over the ring added last; open at the front."""
    last = np.arange(len(piece.points) - count, len(piece.points))
    ring = piece.points[last]
    out = (ring - ring.mean(0)) * (1, 0, 1)
    turn = np.abs(np.arctan2(out[:, 0], out[:, 2]))[:, None]
    way = out / np.linalg.norm(out, axis=1, keepdims=True)
    front = np.exp(-(((turn - 0.35) / 0.35) ** 2))
    over = ring + way * 0.005 + (0, 0.003, 0)
    edge = ring + way * (0.019 + 0.012 * front) - (0.030 + 0.018 * front) * (0, 1, 0)
    start = len(piece.points)
    rings = [np.arange(start + k * count, start + (k + 1) * count) for k in range(3)]
    faces = np.concatenate([_strip(rings[0], rings[1]), _strip(rings[1], rings[2])])[:, ::-1]
    open_front = set(np.flatnonzero(turn[:, 0] < 0.2).tolist())
    shown = [not open_front & {(v - start) % count for v in face} for face in faces.tolist()]
    return _extended(piece, np.concatenate([ring, over, edge]), faces[shown], np.tile(last, 3))


def _towards(goal: Floats, by_m: float, wider: float) -> Callable[[Floats], Floats]:
    def move(ring: Floats) -> Floats:
        centre = ring.mean(0)
        way = (goal - centre) / np.linalg.norm(goal - centre)
        return np.asarray(centre + (ring - centre) * wider + way * by_m)

    return move


def _shrunk(factor: float, up_m: float) -> Callable[[Floats], Floats]:
    def move(ring: Floats) -> Floats:
        return np.asarray(ring.mean(0) + (ring - ring.mean(0)) * factor + (0, up_m, 0))

    return move


def shoes(figure: Figure) -> Part:
    """Closed shoes with a flat sole, for both feet."""
    skin, ankle = figure.skin, figure.place("foot_l")[1]
    piece = kept(skin, skin.points[skin.triangles].mean(1)[:, 1] < ankle + 0.004)
    now = smoothed(piece.points, piece.triangles, 8)
    now = now + replace(piece, points=now).normals * 0.007
    sole = figure.ground_m
    height = np.maximum(now[:, 1] - sole, 0)
    low = smoothstep(0.05, 0.012, height)
    for side in ("l", "r"):
        own = now[:, 0] > 0 if side == "l" else now[:, 0] < 0
        middle = (now[own].min(0) + now[own].max(0)) / 2
        now[own] += (now[own] - middle) * (0.06, 0, 0.025) * low[own, None]
    now[:, 1] = sole - 0.016 + height * smoothstep(0.008, 0.045, height) + 0.016 * smoothstep(0.02, 0.06, height)
    return replace(piece, points=now)
