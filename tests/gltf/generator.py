"""Makes glTF files of any size for tests and benches; the same arguments give the same bytes.

`static_glb` is a field of lumps, every one a node with a mesh of its own, in textured materials;
`characters_glb` holds bodies of tubes that walk and can smile.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tests.gltf.writing import Json, Writer

FIELD_M = 40.0
HIP_M = 0.95
LIMBS = {  # where a chain of joints starts and ends (m) and how thick it is
    "spine": ((0.0, HIP_M, 0.0), (0.0, 1.75, 0.0), 0.14),
    "left_leg": ((-0.1, HIP_M, 0.0), (-0.12, 0.03, 0.0), 0.08),
    "right_leg": ((0.1, HIP_M, 0.0), (0.12, 0.03, 0.0), 0.08),
    "left_arm": ((-0.2, 1.45, 0.0), (-0.5, 0.85, 0.0), 0.05),
    "right_arm": ((0.2, 1.45, 0.0), (0.5, 0.85, 0.0), 0.05),
}
SWING_RAD = {"spine": 0.03, "left_leg": 0.35, "right_leg": -0.35, "left_arm": -0.3, "right_arm": 0.3}
STRIDE_S = 1.1
SIDES = 12

Floats = NDArray[np.float32]


def static_glb(nodes: int, materials: int, triangles: int, texture_px: int, seed: int) -> bytes:
    """`nodes` nodes (a tenth of them groups of the others, and a camera) with about `triangles` triangles in all."""
    rng, out = np.random.default_rng(seed), Writer()
    made = [_material(out, rng, number, texture_px) for number in range(materials)]
    _camera(out)
    groups = max(nodes // 10, 1)
    lumps = max(nodes - groups - 1, 1)
    rings = max(round(math.sqrt(triangles / lumps / 4.0)), 2)
    children: list[list[int]] = [[] for _ in range(groups)]
    for number in range(lumps):
        mesh = _lump(out, rng, rings, made[number % materials] if made else None)
        angle = rng.uniform(0.0, math.pi)
        node: Json = {"mesh": mesh, "name": f"lump {number}", "rotation": [0.0, math.sin(angle), 0.0, math.cos(angle)]}
        node["translation"] = [*rng.uniform(-4.0, 4.0, 1), 0.0, *rng.uniform(-4.0, 4.0, 1)]
        node["scale"] = [float(rng.uniform(0.3, 1.2))] * 3
        children[number % groups].append(out.add("nodes", **node))
    for number, below in enumerate(children):
        x, z = rng.uniform(-FIELD_M, FIELD_M), rng.uniform(-2.0 * FIELD_M, 0.0)
        out.root(out.add("nodes", name=f"group {number}", translation=[x, 0.0, z], children=below))
    return out.glb()


def characters_glb(triangles: int, joints: int, seed: int, count: int = 1) -> bytes:
    """`count` bodies, each with its own mesh, skin of `joints` (at least 6), walk and morph target `smile`."""
    rng, out = np.random.default_rng(seed), Writer()
    skin_material = _material(out, rng, 0, 64)
    _camera(out)
    channels: list[Json] = []
    samplers: list[Json] = []
    for number in range(count):
        _body(out, rng, (triangles, joints), number, skin_material, (channels, samplers))
    out.add("animations", name="walk", channels=channels, samplers=samplers)
    return out.glb()


def _camera(out: Writer) -> None:
    lens = out.add("cameras", type="perspective", perspective={"yfov": 1.2, "znear": 0.05})
    out.root(out.add("nodes", name="eye", camera=lens, translation=[0.0, 1.6, 3.5]))


def _material(out: Writer, rng: np.random.Generator, number: int, size_px: int) -> int:
    """A surface with all five pictures."""
    coarse = rng.uniform(0.4, 1.0, (8, 8)).repeat(max(size_px // 8, 1), 0).repeat(max(size_px // 8, 1), 1)
    fine = rng.uniform(0.85, 1.0, coarse.shape)
    shade = (coarse * fine)[:, :, None]
    paint = rng.uniform(0.3, 1.0, 3)
    rough = np.concatenate([np.ones_like(shade), shade, np.full_like(shade, number % 4 == 0)], axis=2)
    slope = 0.5 + 0.2 * (np.dstack([np.roll(coarse, 1, 1) - coarse, np.roll(coarse, 1, 0) - coarse]))
    bumps = np.dstack([slope, np.ones(coarse.shape)])
    glow = (coarse > 0.97)[:, :, None] * np.array([1.0, 0.8, 0.4])
    maps = [out.picture(_bytes(values)) for values in (shade * paint, rough, bumps, glow)]
    return out.add(
        "materials",
        name=f"surface {number}",
        pbrMetallicRoughness={"baseColorTexture": {"index": maps[0]}, "metallicRoughnessTexture": {"index": maps[1]}},
        normalTexture={"index": maps[2]},
        occlusionTexture={"index": maps[1]},
        emissiveTexture={"index": maps[3]},
        emissiveFactor=[1.0, 1.0, 1.0],
    )


def _bytes(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.round(values * 255.0).clip(0, 255).astype(np.uint8)


def _lump(out: Writer, rng: np.random.Generator, rings: int, material: int | None) -> int:
    """An uneven ball of 4 rings² triangles standing on the ground."""
    down, around = np.meshgrid(np.linspace(0.0, math.pi, rings + 1), np.linspace(0.0, math.tau, 2 * rings + 1))
    outward = np.stack([np.sin(down) * np.cos(around), np.cos(down), np.sin(down) * np.sin(around)], axis=-1)
    bulge = 1.0 + 0.15 * np.sin(rng.integers(1, 5) * around + rng.uniform(0.0, 6.0)) * np.sin(down) ** 2
    positions = (outward * bulge[..., None]).reshape(-1, 3)
    positions[:, 1] += 1.0
    uvs = np.stack([around / math.tau, down / math.pi], axis=-1).reshape(-1, 2)
    attributes = {
        "POSITION": out.accessor(positions.astype("<f4"), bounds=True),
        "NORMAL": out.accessor(outward.reshape(-1, 3).astype("<f4")),
        "TEXCOORD_0": out.accessor(uvs.astype("<f4")),
    }
    indices = out.accessor(_grid(2 * rings, rings))
    more: Json = {} if material is None else {"material": material}
    return out.add("meshes", primitives=[{"attributes": attributes, "indices": indices, **more}])


def _grid(rows: int, columns: int) -> NDArray[np.uint32]:
    """Two triangles for each cell of (rows + 1) x (columns + 1) vertices, as a flat list."""
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).reshape(-1, 1)
    across = columns + 1
    corners = np.array([0, across, across + 1, 0, across + 1, 1])
    faces: NDArray[np.uint32] = (first + corners).astype("<u4").reshape(-1)
    return faces


def _body(
    out: Writer,
    rng: np.random.Generator,
    size: tuple[int, int],
    number: int,
    material: int,
    animation: tuple[list[Json], list[Json]],
) -> None:
    triangles, joints = size
    share = [(joints - 1) // len(LIMBS) + (1 if n < (joints - 1) % len(LIMBS) else 0) for n in range(len(LIMBS))]
    places: list[Floats] = [np.array([0.0, HIP_M, 0.0], "<f4")]
    hips = out.add("nodes", name=f"hips {number}", translation=[0.0, HIP_M, 0.0], children=[])
    nodes, tubes = [hips], []
    for (name, (start, end, radius)), length in zip(LIMBS.items(), share, strict=True):
        tubes.append(_tube(np.array([start, end]), radius, (triangles // len(LIMBS), len(nodes), length)))
        spots = np.linspace(start, end, length + 1)[:-1]
        parent, before = hips, places[0]
        for step, spot in enumerate(spots):
            joint = out.add("nodes", name=f"{name} {step} {number}", translation=(spot - before).tolist())
            out.document["nodes"][parent].setdefault("children", []).append(joint)
            _swing(out, joint, SWING_RAD[name] * (0.15 if step else 1.0), animation)
            nodes.append(joint)
            places.append(spot.astype("<f4"))
            parent, before = joint, spot
    binds = np.tile(np.eye(4, dtype="<f4"), (len(nodes), 1, 1))
    binds[:, :3, 3] = -np.array(places)
    skin = out.add("skins", joints=nodes, inverseBindMatrices=out.accessor(binds), skeleton=hips)
    mesh = _skinned_mesh(out, tubes, material)
    out.root(out.add("nodes", name=f"body {number}", mesh=mesh, skin=skin))
    place = [*rng.uniform(-4.0, 4.0, 1), 0.0, *rng.uniform(-9.0, -1.0, 1)] if number else [0.0, 0.0, 0.0]
    out.root(out.add("nodes", name=f"person {number}", translation=place, children=[hips]))


def _swing(out: Writer, joint: int, reach_rad: float, animation: tuple[list[Json], list[Json]]) -> None:
    times = np.linspace(0.0, STRIDE_S, 9, dtype="<f4")
    half = 0.5 * reach_rad * np.sin(math.tau * times / STRIDE_S)
    turns = np.stack([np.sin(half), np.zeros(9), np.zeros(9), np.cos(half)], axis=1).astype("<f4")
    channels, samplers = animation
    samplers.append({"input": out.accessor(times, bounds=True), "output": out.accessor(turns)})
    channels.append({"sampler": len(samplers) - 1, "target": {"node": joint, "path": "rotation"}})


Tube = tuple[Floats, Floats, Floats, NDArray[np.uint16], Floats]
"""Positions, normals, texture coordinates, joints, weights."""


def _tube(ends: NDArray[np.float64], radius: float, size: tuple[int, int, int]) -> Tube:
    """A tube along a chain of joints that starts at a number and has a length, bound to the two nearest."""
    triangles, first, length = size
    rows = max(triangles // (2 * SIDES), 1)
    along, around = np.meshgrid(np.linspace(0.0, 1.0, rows + 1), np.linspace(0.0, math.tau, SIDES + 1), indexing="ij")
    turn = 1.0 if ends[1, 1] > ends[0, 1] else -1.0
    outward = np.stack([np.cos(around), np.zeros_like(around), turn * np.sin(around)], axis=-1).reshape(-1, 3)
    t = along.reshape(-1, 1)
    width = radius * (0.4 + 0.6 * np.sin(math.pi * (0.08 + 0.84 * t)))
    positions = ends[0] + t * (ends[1] - ends[0]) + outward * width
    place = np.clip(t[:, 0] * length - 0.5, 0.0, length - 1.0)
    low = np.floor(place).astype(np.uint16)
    part = (place - low)[:, None]
    high = np.minimum(low + 1, length - 1)
    bones = np.stack([low + first, high + first, 0 * low, 0 * low], axis=1).astype("<u2")
    weights = np.concatenate([1.0 - part, part, 0.0 * part, 0.0 * part], axis=1).astype("<f4")
    uvs = np.stack([around / math.tau, along], axis=-1).reshape(-1, 2).astype("<f4")
    return positions.astype("<f4"), outward.astype("<f4"), uvs, bones, weights


def _skinned_mesh(out: Writer, tubes: list[Tube], material: int) -> int:
    positions, normals, uvs, bones, weights = (np.concatenate(parts) for parts in zip(*tubes, strict=True))
    starts = np.cumsum([0, *(len(tube[0]) for tube in tubes[:-1])])
    faces = [_grid(len(tube[0]) // (SIDES + 1) - 1, SIDES) + start for tube, start in zip(tubes, starts, strict=True)]
    head = positions[:, 1:2] > 1.6
    smile = np.where(head, normals * 0.03, 0.0).astype("<f4")
    attributes = {
        "POSITION": out.accessor(positions, bounds=True),
        "NORMAL": out.accessor(normals),
        "TEXCOORD_0": out.accessor(uvs),
        "JOINTS_0": out.accessor(bones.astype("<u2")),
        "WEIGHTS_0": out.accessor(weights),
    }
    targets = [{"POSITION": out.accessor(smile, bounds=True)}]
    indices = out.accessor(np.concatenate(faces).astype("<u4"))
    primitive = {"attributes": attributes, "indices": indices, "material": material, "targets": targets}
    return out.add("meshes", primitives=[primitive], extras={"targetNames": ["smile"]}, weights=[0.0])
