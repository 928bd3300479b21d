"""The tree of nodes: checked, ordered parents first, and placed in the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.gltf.content import Skeleton
from environments.gltf.document import Document
from environments.gltf.problems import FARTHEST_M, NODE_DEPTH, GltfError, Within
from environments.gltf.values import Json, index, indices, numbers, text

Matrices = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The nodes in an order where each stands after its parent.

    `elements` are the file's own, `place_of` turns the file's numbers into places in this order, `worlds` (n, 4, 4) and
    `is_shown` say where each is and whether the file's scene holds it.
    """

    skeleton: Skeleton
    elements: tuple[Json, ...]
    place_of: NDArray[np.int32]
    worlds: Matrices
    is_shown: NDArray[np.bool_]


def read_tree(document: Document) -> Tree:
    """The nodes of a document; `GltfError` for cycles, two parents, or places that are no places."""
    elements = document.lists["nodes"]
    parents = _parents(elements)
    order, depths = _ordered(elements, parents)
    place_of = np.empty(len(elements), np.int32)
    place_of[order] = np.arange(len(order), dtype=np.int32)
    placed_parents = np.array([-1 if parents[n] < 0 else place_of[parents[n]] for n in order], np.int32)
    ordered = tuple(elements[number] for number in order)
    rest = _rest(ordered, order)
    skeleton = Skeleton(
        placed_parents,
        tuple(text(one, "name") or f"node {number}" for one, number in zip(ordered, order, strict=True)),
        rest[0].astype(np.float32),
        rest[1].astype(np.float32),
        rest[2].astype(np.float32),
        np.tile(np.eye(4, dtype=np.float32), (len(order), 1, 1)),
    )
    worlds = worlds_of(locals_of(*rest), placed_parents, np.array([depths[n] for n in order], np.int32))
    if len(worlds) and not (np.abs(worlds) < FARTHEST_M).all():
        raise GltfError(f"something lies farther than {FARTHEST_M:g} m away", "model in metres around the origin")
    return Tree(skeleton, ordered, place_of, worlds, _shown(document, place_of, placed_parents))


def _parents(elements: list[Json]) -> list[int]:
    parents = [-1] * len(elements)
    for number, element in enumerate(elements):
        if "children" not in element:
            continue
        with Within("node", number):
            for child in indices(element, "children", len(elements)):
                if parents[child] >= 0:
                    raise GltfError(f"node {child} has two parents")
                parents[child] = number
    return parents


def _ordered(elements: list[Json], parents: list[int]) -> tuple[list[int], list[int]]:
    """Numbers of nodes from the roots down, and how deep each is."""
    level = [number for number, parent in enumerate(parents) if parent < 0]
    order: list[int] = []
    depths = [0] * len(parents)
    depth = 0
    while level:
        if depth > NODE_DEPTH:
            raise GltfError(f"its nodes are nested more than {NODE_DEPTH} deep", "flatten the hierarchy")
        order += level
        for number in level:
            depths[number] = depth
        level = [child for number in level for child in elements[number].get("children", ())]
        depth += 1
    if len(order) != len(parents):
        raise GltfError("its nodes form a cycle: one is its own ancestor")
    return order, depths


def _rest(elements: tuple[Json, ...], order: list[int]) -> tuple[Matrices, Matrices, Matrices]:
    """Translations, unit rotations and scales."""
    moved, turned, scaled = [], [], []
    for element, number in zip(elements, order, strict=True):
        with Within("node", number):
            if "matrix" in element:
                parts = _parted(np.array(numbers(element, "matrix", (0.0,) * 16)).reshape(4, 4).T)
            else:
                parts = (
                    numbers(element, "translation", (0.0, 0.0, 0.0)),
                    numbers(element, "rotation", (0.0, 0.0, 0.0, 1.0)),
                    numbers(element, "scale", (1.0, 1.0, 1.0)),
                )
        moved.append(parts[0])
        turned.append(parts[1])
        scaled.append(parts[2])
    turns = np.array(turned, np.float64).reshape(-1, 4)
    lengths = np.linalg.norm(turns, axis=1, keepdims=True)
    turns = np.where(lengths > 1e-12, turns / np.maximum(lengths, 1e-12), [0.0, 0.0, 0.0, 1.0])
    return np.array(moved, np.float64).reshape(-1, 3), turns, np.array(scaled, np.float64).reshape(-1, 3)


def _parted(matrix: Matrices) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """A matrix as translation, rotation and scale; what shears it is lost, as the format forbids it."""
    axes = matrix[:3, :3]
    scale = np.linalg.norm(axes, axis=0)
    if np.linalg.det(axes) < 0.0:
        scale[0] = -scale[0]
    turn = axes / np.where(np.abs(scale) > 1e-12, scale, 1.0)
    return tuple(matrix[:3, 3]), _quaternion(turn), tuple(scale)


def _quaternion(turn: Matrices) -> tuple[float, ...]:
    """A rotation matrix as x, y, z, w, from its largest part (Shepperd 1978)."""
    squares = np.array([*(2.0 * np.diag(turn) - np.trace(turn)), np.trace(turn)])
    largest = int(np.argmax(squares))
    out = np.zeros(4)
    if largest == 3:
        out[:] = [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1], 1.0 + squares[3]]
    else:
        i, j, k = largest, (largest + 1) % 3, (largest + 2) % 3
        out[i] = 1.0 + squares[largest]
        out[j], out[k] = turn[j, i] + turn[i, j], turn[k, i] + turn[i, k]
        out[3] = turn[k, j] - turn[j, k]
    return tuple(out)


def locals_of(translations: Matrices, rotations: Matrices, scales: Matrices) -> Matrices:
    """Matrices (n, 4, 4) from translations (n, 3), unit rotations (n, 4) and scales (n, 3)."""
    x, y, z, w = rotations.T
    out = np.zeros((len(rotations), 4, 4))
    out[:, 0, :3] = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=1)
    out[:, 1, :3] = np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=1)
    out[:, 2, :3] = np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=1)
    out[:, :3, :3] *= scales[:, None, :]
    out[:, :3, 3] = translations
    out[:, 3, 3] = 1.0
    return out


def worlds_of(local: Matrices, parents: NDArray[np.int32], depths: NDArray[np.int32]) -> Matrices:
    """World matrices from those relative to the parents, one depth after the other."""
    worlds = local.copy()
    with np.errstate(over="ignore", invalid="ignore"):
        for depth in range(1, int(depths.max(initial=0)) + 1):
            here = np.nonzero(depths == depth)[0]
            worlds[here] = worlds[parents[here]] @ local[here]
    return worlds


def _shown(document: Document, place_of: NDArray[np.int32], parents: NDArray[np.int32]) -> NDArray[np.bool_]:
    """What the file's own scene shows: its roots and all below; everything where the file names no scene."""
    scenes = document.lists["scenes"]
    count = len(place_of)
    if not scenes:
        return np.ones(count, np.bool_)
    chosen = index(document.root, "scene", len(scenes)) or 0
    shown = np.zeros(count, np.bool_)
    with Within("scene", chosen):
        shown[place_of[indices(scenes[chosen], "nodes", count)]] = True
    for place, parent in enumerate(parents):
        shown[place] |= parent >= 0 and shown[parent]
    return shown
