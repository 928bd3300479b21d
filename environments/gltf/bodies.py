"""Skinned and morphed meshes as characters with skeletons and clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.gltf.accessors import Accessors
from environments.gltf.content import Body, Channel, Clip, Skeleton
from environments.gltf.document import Document
from environments.gltf.meshes import Primitive
from environments.gltf.motion import Animation
from environments.gltf.nodes import Matrices, Tree
from environments.gltf.problems import JOINTS, GltfError, Within, at_most
from environments.gltf.values import Json, index, indices, text
from environments.render.model import Character, Float32, Material, SkinnedPart

_AT_ONCE = 100_000
_MARGIN = 1.05
"""Cubic curves may swing a little beyond their keys."""


@dataclass(frozen=True, slots=True, eq=False)
class PartOfBody:
    """A primitive of a body: which node shows it, and the names and weights of its mesh's morph targets."""

    node: int
    primitive: Primitive
    material: Material
    morph_names: tuple[str, ...]
    morph_weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bones:
    """The joints of a skin as places in the tree (parents first), with what binds the skin to them."""

    nodes: list[int]
    of_skin: NDArray[np.int64]
    inverse_binds: Matrices


def bones_of_skin(document: Document, accessors: Accessors, tree: Tree, skin: int) -> Bones:
    """The joints of a skin and every node between them."""
    element = document.lists["skins"][skin]
    with Within("skin", skin):
        listed = indices(element, "joints", len(tree.elements))
        at_most("joints", len(listed), JOINTS)
        if not listed:
            raise GltfError("it has no joints")
        joints = [int(tree.place_of[number]) for number in listed]
        accessor = index(element, "inverseBindMatrices", accessors.length())
        binds = np.tile(np.eye(4), (len(joints), 1, 1))
        if accessor is not None:
            read = accessors.floats(accessor, 16)
            if len(read) < len(joints) or not np.isfinite(read).all():
                raise GltfError("its inverse bind matrices are damaged")
            binds = read[: len(joints)].reshape(-1, 4, 4).transpose(0, 2, 1).astype(np.float64)
        return _bones(tree, joints, binds)


def bones_of_node(tree: Tree, node: int) -> Bones:
    """A single joint for a mesh that has morph targets and no skin."""
    return _bones(tree, [node], np.eye(4)[None])


def _bones(tree: Tree, joints: list[int], binds: Matrices) -> Bones:
    wanted = set(joints)
    for joint in joints:
        between, walked = int(tree.skeleton.parents[joint]), []
        while between >= 0 and between not in wanted:
            walked.append(between)
            between = int(tree.skeleton.parents[between])
        if between >= 0:
            wanted.update(walked)
    nodes = sorted(wanted)
    return Bones(nodes, np.array([nodes.index(joint) for joint in joints], np.int64), binds)


def build_body(
    tree: Tree, bones: Bones, parts: Sequence[PartOfBody], animations: Sequence[Animation], name: str
) -> Body:
    """A character and what moves it."""
    nodes = _with_moving_parents(tree, bones.nodes, animations)
    place_of = {node: number for number, node in enumerate(nodes)}
    moved = np.array([place_of[bones.nodes[joint]] for joint in bones.of_skin], np.int64)
    inverse_binds = np.tile(np.eye(4), (len(nodes), 1, 1))
    inverse_binds[moved] = bones.inverse_binds
    skeleton, place = _skeleton(tree, nodes, place_of, inverse_binds)
    names = tuple(dict.fromkeys(target for one in parts for target in one.morph_names))
    skinned = tuple(_skinned(one, moved, names) for one in parts)
    clips = tuple(clip for one in animations if (clip := _clip(one, place_of, parts, names)) is not None)
    weights = {
        target: weight for one in parts for target, weight in zip(one.morph_names, one.morph_weights, strict=True)
    }
    defaults = np.array([weights[target] for target in names], np.float32)
    character = Character(name, skinned, _radius_m(skeleton, skinned, clips))
    return Body(character, skeleton, clips, names, defaults, place)


def _with_moving_parents(tree: Tree, nodes: list[int], animations: Sequence[Animation]) -> list[int]:
    """Also the nodes above, up to the highest one that an animation moves."""
    moving = set().union(*(animation.moved_nodes for animation in animations))
    extra: set[int] = set()
    for root in {node for node in nodes if int(tree.skeleton.parents[node]) not in nodes}:
        walked, above = [], int(tree.skeleton.parents[root])
        while above >= 0:
            walked.append(above)
            if above in moving:
                extra.update(walked)
            above = int(tree.skeleton.parents[above])
    return sorted({*nodes, *extra})


def _skeleton(
    tree: Tree, nodes: list[int], place_of: dict[int, int], inverse_binds: Matrices
) -> tuple[Skeleton, Float32]:
    """The skeleton and where it stands: what lies above its roots, which must be the same for all of them."""
    whole = tree.skeleton
    parents = np.array([place_of.get(int(whole.parents[node]), -1) for node in nodes], np.int32)
    above = [int(whole.parents[node]) for node, parent in zip(nodes, parents, strict=True) if parent < 0]
    places = [tree.worlds[node] if node >= 0 else np.eye(4) for node in above]
    if any(not np.allclose(place, places[0]) for place in places):
        raise GltfError("a skin's joints hang on nodes at different places", "give the armature one root bone")
    skeleton = Skeleton(
        parents,
        tuple(whole.names[node] for node in nodes),
        whole.translations_m[nodes],
        whole.rotations[nodes],
        whole.scales[nodes],
        inverse_binds.astype(np.float32),
    )
    return skeleton, places[0].astype(np.float32)


def _skinned(one: PartOfBody, moved: NDArray[np.int64], names: tuple[str, ...]) -> SkinnedPart:
    found = one.primitive
    count = len(found.mesh.positions_m)
    if found.joints is None or found.weights is None:
        joints = np.zeros((count, 4), np.int64)
        weights = np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (count, 1))
    else:
        joints, weights = np.where(found.weights > 0.0, found.joints, 0), found.weights
        if count and int(joints.max()) >= len(moved):
            raise GltfError("a mesh is bound to joints that its skin does not have")
    order = [names.index(target) for target in one.morph_names]
    return SkinnedPart(
        found.mesh,
        one.material,
        moved[joints].astype(np.uint16),
        weights,
        _morphs(found.morphs_m, order, len(names)),
        _morphs(found.morph_normals, order, len(names)),
    )


def _morphs(found: Float32 | None, order: list[int], count: int) -> Float32 | None:
    """A part's own targets at their places among those of the body."""
    if found is None or order == list(range(count)):
        return found
    spread = np.zeros((count, *found.shape[1:]), np.float32)
    spread[order] = found
    return spread


def _clip(
    animation: Animation, place_of: dict[int, int], parts: Sequence[PartOfBody], names: tuple[str, ...]
) -> Clip | None:
    """What an animation does to one body, its morph targets too."""
    clip = animation.clip(place_of)
    channels = list(clip.channels) if clip else []
    for channel in animation.channels:
        owner = next((one for one in parts if one.node == channel.target and one.morph_names), None)
        if channel.path != "weights" or owner is None:
            continue
        if channel.values.shape[-1] != len(owner.morph_names):
            raise GltfError(
                f"animation {animation.name!r} has another number of weights than its mesh of morph targets"
            )
        spread = np.zeros((*channel.values.shape[:-1], len(names)), np.float32)
        spread[..., [names.index(target) for target in owner.morph_names]] = channel.values
        channels.append(replace(channel, target=0, values=spread))
    return Clip(animation.name, animation.duration_s, tuple(channels)) if channels else None


def _radius_m(skeleton: Skeleton, parts: Sequence[SkinnedPart], clips: Sequence[Clip]) -> float:
    """A bound for every pose: each joint as far out as its chain is long, and its flesh around it."""
    count = len(skeleton.parents)
    longest = _largest(skeleton.translations_m, clips, "translation")
    largest = np.maximum(_largest(np.abs(skeleton.scales).max(axis=1, keepdims=True), clips, "scale"), 1e-6)
    reach, scale = np.zeros(count), np.ones(count)
    for joint, parent in enumerate(skeleton.parents):
        above, outer = (0.0, 1.0) if parent < 0 else (reach[parent], scale[parent])
        reach[joint], scale[joint] = above + longest[joint] * outer, outer * largest[joint]
    return max((_part_radius_m(part, skeleton, (reach, scale)) for part in parts), default=0.0) * _MARGIN


def _part_radius_m(part: SkinnedPart, skeleton: Skeleton, spans: tuple[NDArray[np.float64], ...]) -> float:
    reach, scale = spans
    points = np.concatenate([part.mesh.positions_m, np.ones((len(part.mesh.positions_m), 1), np.float32)], axis=1)
    grown = np.zeros(len(points)) if part.morphs_m is None else np.linalg.norm(part.morphs_m, axis=2).sum(axis=0)
    widths = np.abs(skeleton.inverse_binds[:, :3, :3]).sum(axis=2).max(axis=1)
    radius = 0.0
    for start in range(0, len(points), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        for joints, weights in zip(part.joints[some].T, part.weights[some].T, strict=True):
            apart = np.linalg.norm(np.einsum("nij,nj->ni", skeleton.inverse_binds[joints, :3], points[some]), axis=1)
            far = reach[joints] + (apart + grown[some] * widths[joints]) * scale[joints]
            radius = max(radius, float(far[weights > 0.0].max(initial=0.0)))
    return radius


def _largest(rest: Float32, clips: Sequence[Clip], path: str) -> NDArray[np.float64]:
    """The largest length (j,) of a joint's `path`, at rest or at any key."""
    found: NDArray[np.float64] = np.linalg.norm(rest, axis=1).astype(np.float64)
    for channel in (one for clip in clips for one in clip.channels if one.path == path):
        found[channel.target] = max(found[channel.target], _peak(channel))
    return found


def _peak(channel: Channel) -> float:
    values = channel.values if channel.interpolation != "CUBICSPLINE" else channel.values[:, 1]
    lengths = np.linalg.norm(values, axis=1) if channel.path == "translation" else np.abs(values).max(axis=1)
    return float(lengths.max())


def morph_names(mesh: Json, count: int) -> tuple[str, ...]:
    """The names of a mesh's morph targets; `morph n` where the file gives none."""
    extras = mesh.get("extras")
    named = extras.get("targetNames") if isinstance(extras, dict) else None
    if isinstance(named, list) and len(named) >= count and all(isinstance(one, str) for one in named):
        names = [one[:200] for one in named[:count]]
        if len(set(names)) == count:
            return tuple(names)
    return tuple(f"morph {number}" for number in range(count))


def name_of_body(document: Document, tree: Tree, skin: int | None, node: int) -> str:
    """A body's name: its skin's, else its node's."""
    return (text(document.lists["skins"][skin], "name") if skin is not None else "") or tree.skeleton.names[node]
