"""All skinned bodies of a scene as buffers hold them: vertices, triangles, morph targets, and what each part is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.render.model import Character, Float32, Material, SkinnedPart
from environments.render.programs import TEXTURED, Look

TEXELS_A_ROW = 1024
"""Width of the textures that hold joint matrices and morph targets (shaders/character.glsl)."""
_BLENDED_PATTERNS = frozenset({"glass", "grating"})
VERTEX = np.dtype(
    [
        ("position", "f4", 3),
        ("normal", "f4", 3),
        ("uv", "f4", 2),
        ("joints", "u2", 4),
        ("weights", "f4", 4),
        ("color", "u1", 4),
    ]
)
FIELDS = (
    ("in_position", "3f4", "12x1"),
    ("in_normal", "3f4", "12x1"),
    ("in_uv", "2f4", "8x1"),
    ("in_joints", "4u2", "8x1"),
    ("in_weights", "4f4", "16x1"),
    ("in_color", "4f1", "4x1"),
)


@dataclass(frozen=True, slots=True)
class PartKind:
    """What parts must share to be drawn together; `size_px` is that of their pictures, 0 where they have none."""

    look: Look
    size_px: int
    is_blended: bool
    is_two_sided: bool


@dataclass(frozen=True, slots=True)
class CharacterPart:
    """One part of a character: its kind, where its indices, vertices and morph targets begin, its surface's row."""

    kind: PartKind
    first_index: int
    indices: int
    first_vertex: int
    vertices: int
    first_morph: int
    targets: int
    surface: int
    casts_shadow: bool


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The parts of every character; all their vertices (v,) of `VERTEX`, indices (i,) and morph texels (m, 4)."""

    parts: tuple[tuple[CharacterPart, ...], ...]
    vertices: NDArray[np.void]
    indices: NDArray[np.uint32]
    morphs: Float32


def packed(characters: Sequence[Character], sizes_px: Sequence[int], *, has_lamps: bool = False) -> Packed:
    """All characters; `sizes_px` are those of the pictures of each part of each in turn, whose rows follow likewise."""
    vertices, indices, morphs = [np.zeros(0, VERTEX)], [np.zeros(0, np.uint32)], [np.zeros((0, 4), np.float32)]
    parts: list[tuple[CharacterPart, ...]] = []
    next_vertex = next_index = next_morph = row = 0
    for character in characters:
        made = []
        for part in character.parts:
            vertices.append(_vertices(part))
            indices.append(_wound_like_normals(part).reshape(-1) + np.uint32(next_vertex))
            morphs.append(_morph_texels(part))
            kind = kind_of(part.material, sizes_px[row], has_lamps=has_lamps)
            one = CharacterPart(
                kind, next_index, len(indices[-1]), next_vertex, len(vertices[-1]),
                next_morph, 0 if part.morphs_m is None else len(part.morphs_m), row, _casts(part.material),
            )  # fmt: skip
            made.append(one)
            next_vertex, next_index = next_vertex + one.vertices, next_index + one.indices
            next_morph, row = next_morph + len(morphs[-1]), row + 1
        parts.append(tuple(made))
    return Packed(tuple(parts), np.concatenate(vertices), np.concatenate(indices), np.concatenate(morphs))


def kind_of(material: Material, size_px: int, *, has_lamps: bool = False) -> PartKind:
    """How a material with pictures of a size is drawn."""
    look = replace(look_of(material), has_lamps=has_lamps)
    return PartKind(look, size_px, _is_blended(material), material.two_sided)


def look_of(material: Material) -> Look:
    """What a material is drawn with."""
    pattern = TEXTURED if material.maps is not None else material.pattern
    return Look(pattern, cut_out=material.alpha_cutoff > 0.0)


def dark_look(look: Look) -> Look:
    """What draws the depth of bodies: one program for all that is whole, one for what is cut out of pictures."""
    return Look(TEXTURED, cut_out=True) if look.cut_out and look.pattern == TEXTURED else Look()


def as_map(texels: Float32) -> Float32:
    """Texels (n, 4) in whole rows of a map."""
    rows = max(-(-len(texels) // TEXELS_A_ROW), 1)
    whole = np.zeros((rows, TEXELS_A_ROW, 4), np.float32)
    whole.reshape(-1, 4)[: len(texels)] = texels
    return whole


def _is_blended(material: Material) -> bool:
    return material.alpha_cutoff <= 0.0 and (material.opacity < 1.0 or material.pattern in _BLENDED_PATTERNS)


def _casts(material: Material) -> bool:
    return material.casts_shadow and not _is_blended(material)


def _vertices(part: SkinnedPart) -> NDArray[np.void]:
    """Interleaved vertices; weights that do not sum to 1 are made to, and a vertex without any follows joint 0."""
    rows = np.zeros(len(part.mesh.positions_m), VERTEX)
    weights = np.maximum(part.weights.astype(np.float64), 0.0)
    weights[weights.sum(axis=1) <= 0.0, 0] = 1.0
    rows["position"], rows["normal"], rows["uv"] = part.mesh.positions_m, part.mesh.normals, part.mesh.uvs_m
    rows["joints"] = part.joints
    rows["color"] = 255 if part.mesh.colors is None else np.round(np.clip(part.mesh.colors, 0.0, 1.0) * 255.0)
    rows["weights"] = weights / weights.sum(axis=1, keepdims=True)
    return rows


def _wound_like_normals(part: SkinnedPart) -> NDArray[np.uint32]:
    """Triangles turned so that their own side is the one their normals point to."""
    triangles, positions = part.mesh.indices, part.mesh.positions_m
    corners = positions[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    is_wrong = (faces * part.mesh.normals[triangles].sum(axis=1)).sum(axis=1) < 0.0
    return np.ascontiguousarray(np.where(is_wrong[:, None], triangles[:, [0, 2, 1]], triangles), np.uint32)


def _morph_texels(part: SkinnedPart) -> Float32:
    """For each target and vertex two texels: what is added to the place and to the normal."""
    if part.morphs_m is None:
        return np.zeros((0, 4), np.float32)
    added = np.zeros((*part.morphs_m.shape[:2], 2, 4), np.float32)
    added[:, :, 0, :3] = part.morphs_m
    if part.morph_normals is not None:
        added[:, :, 1, :3] = part.morph_normals
    return added.reshape(-1, 4)
