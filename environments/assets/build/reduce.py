"""What Blender does for the meshes: fewer triangles, and how much of the sky a point sees."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
from mathutils import Vector
from mathutils.bvhtree import BVHTree

from environments.assets.build.mesh import Floats, Ints, Part, kept, unit


class Surface:
    """The triangles of a part, searched fast."""

    def __init__(self, part: Part) -> None:
        """Sort the triangles."""
        self._tree = BVHTree.FromPolygons(part.points.tolist(), part.triangles.tolist())

    def nearest(self, place: Floats) -> tuple[Floats, Floats, int]:
        """The nearest point of the surface, its normal and its triangle."""
        near, normal, index, _ = self._tree.find_nearest(Vector(place))
        return np.array(near), np.array(normal), int(index)

    def hit(self, start: Floats, way: Floats, reach_m: float) -> bool:
        """Whether a ray meets the surface within reach."""
        return self._tree.ray_cast(Vector(start), Vector(way), reach_m)[0] is not None

    def kept_off(self, place: Floats, gap_m: float, most_m: float) -> Floats:
        """The place, moved until it is `gap_m` to `most_m` above the surface."""
        near, normal, _ = self.nearest(place)
        depth = float((place - near) @ normal)
        return np.asarray(place + normal * (min(max(depth, gap_m), most_m) - depth))


def decimated(part: Part, triangles: int, keep: Floats | None = None) -> Part:
    """The part with about so many triangles; `keep` (n,) 0–1 says where detail matters.

    Joint weights are carried along the edges that shrink, so that a cuff beside the hip stays with its arm.
    """
    used = kept(part, np.ones(len(part.triangles), dtype=bool))
    if len(used.triangles) <= triangles:
        return used
    mesh = bpy.data.meshes.new("part")
    mesh.from_pydata(used.points.tolist(), [], used.triangles.tolist())
    mesh.uv_layers.new(name="uv").data.foreach_set("uv", used.uv.reshape(-1))
    item = bpy.data.objects.new("part", mesh)
    bpy.context.scene.collection.objects.link(item)
    _grouped(item, used.weights)
    modifier = item.modifiers.new("fewer", "DECIMATE")
    modifier.ratio = triangles / len(used.triangles)
    modifier.use_collapse_triangulate = True
    if keep is not None:
        group = item.vertex_groups.new(name="free")
        for vertex, share in enumerate(keep[np.unique(part.triangles)].tolist()):
            group.add([vertex], 1.0 - share, "REPLACE")
        modifier.vertex_group, modifier.vertex_group_factor = "free", 3.0
    result = item.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    points = np.array([v.co for v in result.vertices], dtype=np.float64)
    faces = np.array([p.vertices[:] for p in result.polygons], dtype=np.int64)
    flat = np.zeros(len(result.loops) * 2)
    result.uv_layers[0].data.foreach_get("uv", flat)
    weights = _weights_of(result.vertices, used.weights.shape[1]) if used.weights.size else used.weights
    bpy.data.objects.remove(item)
    return replace(transferred(used, points, faces, flat.reshape(-1, 3, 2)), weights=weights)


def _grouped(item: bpy.types.Object, weights: Floats) -> None:
    """Weights (n, joints) as the first vertex groups of an object."""
    for joint in range(weights.shape[1] if weights.size else 0):
        group = item.vertex_groups.new(name=f"joint {joint}")
        for vertex in np.flatnonzero(weights[:, joint] > 0).tolist():
            group.add([vertex], float(weights[vertex, joint]), "REPLACE")


def _weights_of(found: bpy.types.MeshVertices, joints: int) -> Floats:
    """The weights (n, joints) of a mesh's vertices, adding up to one."""
    weights = np.zeros((len(found), joints))
    for vertex in found:
        for entry in vertex.groups:
            if entry.group < joints:
                weights[vertex.index, entry.group] = entry.weight
    return np.asarray(weights / np.maximum(weights.sum(1, keepdims=True), 1e-9))


def transferred(source: Part, points: Floats, triangles: Ints, uv: Floats) -> Part:
    """A new mesh with the weights and morphs of the nearest places of the source."""
    tree = Surface(source)
    corners, shares = np.zeros((len(points), 3), dtype=np.int64), np.zeros((len(points), 3))
    for row, point in enumerate(points):
        near, _, index = tree.nearest(point)
        corners[row] = source.triangles[index]
        shares[row] = _barycentric(near, source.points[corners[row]])

    def carried(values: Floats) -> Floats:
        return np.asarray((values[corners] * shares[..., None]).sum(1))

    return Part(
        points,
        triangles,
        uv,
        weights=carried(source.weights) if source.weights.size else source.weights,
        morphs={name: carried(offsets) for name, offsets in source.morphs.items()},
    )


def _barycentric(point: Floats, corners: Floats) -> Floats:
    e1, e2, d = corners[1] - corners[0], corners[2] - corners[0], point - corners[0]
    a, b, c = e1 @ e1, e1 @ e2, e2 @ e2
    area = max(a * c - b * b, 1e-18)
    v, w = (c * (d @ e1) - b * (d @ e2)) / area, (a * (d @ e2) - b * (d @ e1)) / area
    found = np.clip([1 - v - w, v, w], 0, 1)
    return np.asarray(found / found.sum())


def open_sky(part: Part, occluders: Part, reach_m: float = 0.3, rays: int = 40) -> Floats:
    """Ambient occlusion (n,): the cosine-weighted share of the half space free within reach."""
    tree = Surface(occluders)
    spiral = np.arange(rays) + 0.5
    radius, turn = np.sqrt(spiral / rays), spiral * 2.399963
    disc = np.column_stack([radius * np.cos(turn), radius * np.sin(turn), np.sqrt(1 - radius**2)])
    found = np.ones(len(part.points))
    for row, (point, normal) in enumerate(zip(part.points, part.normals, strict=True)):
        side = unit(np.cross(normal, [0.0, 1, 0] if abs(normal[1]) < 0.9 else [1.0, 0, 0]))
        frame = np.array([side, np.cross(normal, side), normal])
        start = point + normal * 0.003
        hits = sum(tree.hit(start, way, reach_m) for way in disc @ frame)
        found[row] = 1 - hits / rays
    return found


def with_points(part: Part, points: Floats) -> Part:
    """The part with other places for its points."""
    return replace(part, points=points)
