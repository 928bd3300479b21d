"""What stands at the deck's edge, one group for each kind: wall, bars, glass, rope; none is an empty edge."""

from __future__ import annotations

import itertools

import numpy as np

from environments.render.model import Mesh
from environments.render.shapes import Float64, Vec3, box, boxes, quads
from environments.render.shapes_round import cylinder, limb, tube
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.deck import DEEP_M, FLOOR_M, HALF_M

WALL_M, BARS_M, GLASS_M, ROPE_M = 1.1, 1.15, 1.1, 0.95
KINDS = ("wall", "bars", "glass", "rope")
GLASS_THICK_M = 0.016
_INSET_M = 0.05


def add_railings(batch: Batch) -> None:
    """Every kind, each in its own group."""
    _add_wall(batch)
    _add_bars(batch)
    _add_glass(batch)
    _add_rope(batch)


def _runs() -> tuple[tuple[Vec3, Vec3], ...]:
    """The three open sides: front, left, right, as start and end on the floor."""
    h, i = HALF_M - _INSET_M, _INSET_M
    near = DEEP_M - 0.12
    return (
        ((-h, FLOOR_M, i), (h, FLOOR_M, i)),
        ((-h, FLOOR_M, near), (-h, FLOOR_M, i)),
        ((h, FLOOR_M, i), (h, FLOOR_M, near)),
    )


def _add_wall(batch: Batch) -> None:
    h, near, thick, top = HALF_M, DEEP_M - 0.12, 0.22, FLOOR_M + WALL_M
    lows = [(-h, -0.1, 0.02), (-h, -0.1, 0.02 + thick), (h - thick, -0.1, 0.02 + thick)]
    highs = [(h, top - 0.1, 0.02 + thick), (-h + thick, top - 0.1, near), (h, top - 0.1, near)]
    batch.add("dressed stone", boxes(lows, highs), group="railing wall")
    coping = [box((2 * h + 0.04, 0.11, thick + 0.08), (0.0, top - 0.055, 0.02 + thick / 2), 0.025)]
    for sign in (-1, 1):
        coping.append(
            box((thick + 0.08, 0.108, near - thick), (sign * (h - thick / 2), top - 0.055, (near + thick) / 2), 0.025)
        )
    batch.add("dressed stone", *coping, group="railing wall")
    plinth = boxes([(-h + thick, FLOOR_M, 0.02 + thick)], [(h - thick, FLOOR_M + 0.14, 0.02 + thick + 0.025)])
    batch.add("dressed stone", plinth, group="railing wall")


def _add_bars(batch: Batch) -> None:
    meshes: list[Mesh] = []
    lows, highs = [], []
    for start, end in _runs():
        way = np.subtract(end, start)
        length = float(np.linalg.norm(way))
        for part in np.linspace(0.0, 1.0, int(length / 0.115) + 1):
            x, y, z = np.asarray(start) + way * part
            lows.append((x - 0.008, y + 0.09, z - 0.008))
            highs.append((x + 0.008, y + BARS_M, z + 0.008))
        for height, radius in ((BARS_M, 0.025), (0.09, 0.014)):
            meshes.append(limb(_up(start, height), _up(end, height), (radius, radius), 8))
    for x, y, z in _posts(2.27):
        meshes.append(box((0.045, BARS_M, 0.045), (x, y + BARS_M / 2, z), 0.006))
    batch.add("iron", boxes(lows, highs, ("left", "right", "front", "back")), *meshes, group="railing bars")


def _add_glass(batch: Batch) -> None:
    panes, metal, edges = [], [], []
    for start, end in _runs():
        way = np.subtract(end, start)
        length = float(np.linalg.norm(way))
        count = max(1, round(length / 1.15))
        unit = way / length
        half = 0.002 * np.abs(unit) + GLASS_THICK_M / 2 * np.abs(unit[::-1])
        for index in range(count):
            a = np.asarray(start) + unit * (index * length / count + 0.015)
            b = np.asarray(start) + unit * ((index + 1) * length / count - 0.015)
            low, high = (0.0, 0.05, 0.0), (0.0, GLASS_M - 0.03, 0.0)
            panes.append([a + low, b + low, b + high, a + high])
            edges += [(side + low - half, side + high + half) for side in (a, b)]
            for foot in (a + unit * 0.2, b - unit * 0.2):
                metal.append(box((0.07, 0.15, 0.07), (float(foot[0]), FLOOR_M + 0.075, float(foot[2])), 0.008))
        metal.append(limb(_up(start, GLASS_M), _up(end, GLASS_M), (0.02, 0.02), 8))
    batch.add("clear glass", quads(np.array(panes, float)), group="railing glass")
    batch.add("glass edge", boxes([edge[0] for edge in edges], [edge[1] for edge in edges]), group="railing glass")
    batch.add("steel", *metal, group="railing glass")


def _add_rope(batch: Batch) -> None:
    posts = []
    for x, y, z in _posts(2.24):
        posts += [_stand(cylinder(0.022, ROPE_M + 0.04, 8), x, y, z), _stand(cylinder(0.09, 0.02, 12), x, y, z)]
    batch.add("steel dark", *posts, group="railing rope")
    ropes = []
    for start, end in _spans(2.24):
        part = np.linspace(0.0, 1.0, 9)[:, None]
        path = np.asarray(start) + np.subtract(end, start) * part
        path[:, 1] += ROPE_M - 0.02 - 0.32 * (part * (1 - part))[:, 0]
        ropes.append(tube(path, 0.015, 6))
    batch.add("rope", *ropes, group="railing rope")


def _up(point: Vec3, height_m: float) -> Vec3:
    return (point[0], point[1] + height_m, point[2])


def _stand(mesh: Mesh, x: float, y: float, z: float) -> Mesh:
    return Mesh(mesh.positions_m + np.array([x, y, z], np.float32), mesh.normals, mesh.uvs_m, mesh.indices)


def _spans(longest_m: float) -> list[tuple[Vec3, Vec3]]:
    spans = []
    for start, end in _runs():
        way = np.subtract(end, start)
        count = max(1, round(float(np.linalg.norm(way)) / longest_m))
        points = [np.asarray(start) + way * i / count for i in range(count + 1)]
        spans += [(_point(a), _point(b)) for a, b in itertools.pairwise(points)]
    return spans


def _point(array: Float64) -> Vec3:
    return (float(array[0]), float(array[1]), float(array[2]))


def _posts(longest_m: float) -> list[Vec3]:
    found: dict[tuple[float, float], Vec3] = {}
    for start, end in _spans(longest_m):
        for point in (start, end):
            found[(round(point[0], 3), round(point[2], 3))] = point
    return list(found.values())
