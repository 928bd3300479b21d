"""Primitives as triangles: every mode, missing normals computed, bones and morph targets beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.gltf.accessors import Accessors
from environments.gltf.problems import FARTHEST_M, MORPH_TARGETS, MORPH_VALUES, VERTICES, GltfError, at_most
from environments.gltf.values import Json, index, part, parts, text, whole
from environments.render.model import Float32, Mesh

TRIANGLES, STRIP, FAN = 4, 5, 6
_MOST_JOINTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Primitive:
    """A mesh of triangles with what a body needs; `joints` are numbers within the skin."""

    mesh: Mesh
    joints: NDArray[np.int64] | None
    weights: Float32 | None
    morphs_m: Float32 | None
    morph_normals: Float32 | None


class Meshes:
    """Decodes primitives and counts what they hold in all."""

    def __init__(self, accessors: Accessors) -> None:
        self._accessors = accessors
        self._vertices = self._morph_values = 0

    def primitive(self, element: Json, uv_set: int, light_uv_set: int | None) -> Primitive | None:
        """One primitive; None where it has no triangles (points and lines are left out)."""
        mode = whole(element, "mode", TRIANGLES, most=6)
        attributes = part(element, "attributes")
        positions = self._floats(attributes, "POSITION", 3)
        if positions is None or mode < TRIANGLES:
            return None
        _check_positions(positions)
        indices = self._triangles(element, mode, len(positions))
        if not len(indices):
            return None
        normals = self._floats(attributes, "NORMAL", 3)
        read = {
            "uvs": self._floats(attributes, f"TEXCOORD_{uv_set}", 2),
            "light_uvs": None if light_uv_set is None else self._floats(attributes, f"TEXCOORD_{light_uv_set}", 2),
            "colors": self._colors(attributes),
        }
        joints, weights = self._bones(attributes)
        morphs, morph_normals = self._morphs(element, len(positions))
        for found in (normals, *read.values(), joints, weights):
            if found is not None and len(found) != len(positions):
                raise GltfError("its attributes have different lengths")
        if normals is None:  # the format asks for flat ones, so no vertex is shared any more
            at_most("vertices", indices.size, VERTICES)
            corners = indices.reshape(-1)
            positions = positions[corners]
            read = {name: None if found is None else found[corners] for name, found in read.items()}
            joints = None if joints is None else joints[corners]
            weights = None if weights is None else weights[corners]
            morphs = None if morphs is None else morphs[:, corners]
            morph_normals = None
            normals = flat_normals(positions)
            indices = np.arange(len(positions), dtype=np.uint32).reshape(-1, 3)
        else:
            normals = _sound_normals(normals)
        self._count(len(positions), 0 if morphs is None else morphs.size)
        uvs = read["uvs"] if read["uvs"] is not None else np.zeros((len(positions), 2), np.float32)
        mesh = Mesh(positions, normals, uvs, indices, read["light_uvs"], read["colors"])
        return Primitive(mesh, joints, weights, morphs, morph_normals)

    def _count(self, vertices: int, morph_values: int) -> None:
        self._vertices += vertices
        self._morph_values += morph_values
        at_most("vertices", self._vertices, VERTICES)
        at_most("numbers in morph targets", self._morph_values, MORPH_VALUES)

    def _floats(self, attributes: Json, name: str, width: int) -> Float32 | None:
        accessor = index(attributes, name, self._accessors.length())
        if accessor is None:
            return None
        found = self._accessors.floats(accessor, width)
        if not np.isfinite(found.sum()):
            raise GltfError(f"{name} holds numbers that are none (NaN) or endless")
        return found

    def _triangles(self, element: Json, mode: int, vertices: int) -> NDArray[np.uint32]:
        accessor = index(element, "indices", self._accessors.length())
        if accessor is None:
            flat = np.arange(vertices, dtype=np.uint32)
        else:
            flat = self._accessors.wholes(accessor, 1)[:, 0]
            if len(flat) and int(flat.max()) >= vertices:
                raise GltfError("its triangles use vertices that do not exist")
            flat = flat.astype(np.uint32, copy=False)
        if mode == TRIANGLES:
            return flat[: len(flat) // 3 * 3].reshape(-1, 3)
        if len(flat) < 3:
            return np.zeros((0, 3), np.uint32)
        if mode == FAN:
            return np.stack([np.broadcast_to(flat[0], len(flat) - 2), flat[1:-1], flat[2:]], axis=1)
        strip = np.stack([flat[:-2], flat[1:-1], flat[2:]], axis=1)
        strip[1::2] = strip[1::2][:, [1, 0, 2]]
        return strip

    def _colors(self, attributes: Json) -> Float32 | None:
        accessor = index(attributes, "COLOR_0", self._accessors.length())
        if accessor is None:
            return None
        width = 3 if text(self._accessors.element(accessor), "type") == "VEC3" else 4
        found = self._floats(attributes, "COLOR_0", width)
        if found is None or width == 4:
            return found
        return np.concatenate([found, np.ones((len(found), 1), np.float32)], axis=1)

    def _bones(self, attributes: Json) -> tuple[NDArray[np.int64] | None, Float32 | None]:
        """The four strongest joints of each vertex with weights that add up to one."""
        joints, weights = [], []
        for number in range(2):
            accessor = index(attributes, f"JOINTS_{number}", self._accessors.length())
            share = self._floats(attributes, f"WEIGHTS_{number}", 4)
            if accessor is None or share is None:
                break
            joints.append(self._accessors.wholes(accessor, 4).astype(np.int64))
            weights.append(share)
            if len(joints[-1]) != len(share):
                raise GltfError("its joints and weights have different lengths")
        if not joints:
            return None, None
        if len({len(share) for share in weights}) > 1:
            raise GltfError("its joints and weights have different lengths")
        all_joints, all_weights = np.concatenate(joints, axis=1), np.maximum(np.concatenate(weights, axis=1), 0.0)
        if len(joints) > 1:
            strongest = np.argsort(-all_weights, axis=1, kind="stable")[:, :_MOST_JOINTS]
            all_joints = np.take_along_axis(all_joints, strongest, axis=1)
            all_weights = np.take_along_axis(all_weights, strongest, axis=1)
        total = all_weights.sum(axis=1, keepdims=True)
        first = np.array([1.0, 0.0, 0.0, 0.0], np.float32)
        return all_joints, np.where(total > 1e-6, all_weights / np.maximum(total, 1e-6), first).astype(np.float32)

    def _morphs(self, element: Json, vertices: int) -> tuple[Float32 | None, Float32 | None]:
        targets = parts(element, "targets")
        if not targets:
            return None, None
        at_most("morph targets", len(targets), MORPH_TARGETS)
        at_most("numbers in morph targets", self._morph_values + 3 * vertices * len(targets), MORPH_VALUES)
        moved = np.zeros((len(targets), vertices, 3), np.float32)
        turned = np.zeros_like(moved) if any("NORMAL" in target for target in targets) else None
        for number, target in enumerate(targets):
            for name, out in (("POSITION", moved), ("NORMAL", turned)):
                found = self._floats(target, name, 3)
                if found is None or out is None:
                    continue
                if len(found) != vertices:
                    raise GltfError(f"morph target {number} has another number of vertices")
                out[number] = found
        return moved, turned


def _check_positions(positions: Float32) -> None:
    if len(positions) and max(float(positions.max()), -float(positions.min())) > FARTHEST_M * 1e3:
        raise GltfError("its vertices lie absurdly far apart", "model in metres around the origin")


def _sound_normals(normals: Float32) -> Float32:
    """Unit normals; those without a direction point up."""
    squares = np.einsum("ij,ij->i", normals, normals)
    if len(squares) and float(squares.min()) > 0.98 and float(squares.max()) < 1.02:
        return normals
    lengths = np.sqrt(squares)[:, None]
    up = np.array([0.0, 1.0, 0.0], np.float32)
    return np.where(lengths > 1e-9, normals / np.maximum(lengths, 1e-9), up).astype(np.float32)


def flat_normals(corners: Float32) -> Float32:
    """A normal for each corner of triangles (3 m, 3) that share none."""
    faces = corners.reshape(-1, 3, 3).astype(np.float64)
    across = np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0])
    lengths = np.linalg.norm(across, axis=1, keepdims=True)
    unit = np.where(lengths > 0.0, across / np.where(lengths > 0.0, lengths, 1.0), [0.0, 1.0, 0.0])
    return np.repeat(unit, 3, axis=0).astype(np.float32)
