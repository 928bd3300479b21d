"""One part of a skinned body on the graphics card: vertices, morph targets, programs."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.model import Character, Material, SkinnedPart
from environments.render.programs import TEXTURED, Look, Programs
from environments.render.surfaces import Surfaces

BODY_BLOCK = 2
PALETTE_UNIT, MORPH_UNIT = 20, 21
"""Above all units that surfaces use; every OpenGL 3.3 has 48."""
TEXELS_A_ROW = 1024
"""Width of the textures that hold joint matrices and morph targets (shaders/character.glsl)."""
_BLENDED_PATTERNS = frozenset({"glass", "grating"})
_VERTEX = np.dtype(
    [
        ("position", "f4", 3),
        ("normal", "f4", 3),
        ("uv", "f4", 2),
        ("joints", "u2", 4),
        ("weights", "f4", 4),
        ("color", "u1", 4),
    ]
)
_FIELDS = (
    ("in_position", "3f4", "12x1"),
    ("in_normal", "3f4", "12x1"),
    ("in_uv", "2f4", "8x1"),
    ("in_joints", "4u2", "8x1"),
    ("in_weights", "4f4", "16x1"),
    ("in_color", "4f1", "4x1"),
)


@dataclass(frozen=True, slots=True)
class CharacterPart:
    """Vertex arrays for light and shadow, a uniform block, morph targets and what a renderer must know to draw it.

    `size_px` is that of its pictures (see `surfaces.py`), 0 where it has none.
    """

    lit: moderngl.VertexArray
    dark: moderngl.VertexArray
    size_px: int
    body: moderngl.Buffer
    morphs: moderngl.Texture | None
    buffers: tuple[moderngl.Buffer, moderngl.Buffer]
    targets: int
    triangles: int
    is_blended: bool
    casts_shadow: bool
    is_two_sided: bool

    def release(self) -> None:
        """Free everything."""
        for owned in (self.lit, self.dark, self.body, *self.buffers):
            owned.release()
        if self.morphs is not None:
            self.morphs.release()


def uploaded(
    ctx: moderngl.Context, programs: Programs, character: Character, surfaces: Surfaces, first_row: int
) -> tuple[CharacterPart, ...]:
    """All parts; a part's block `Body` (32 bytes) still lacks its first half.

    The parts wear the rows of `surfaces` from `first_row` on.
    """
    rows = range(first_row, first_row + len(character.parts))
    return tuple(_uploaded(ctx, programs, part, surfaces, row) for part, row in zip(character.parts, rows, strict=True))


def _uploaded(
    ctx: moderngl.Context, programs: Programs, part: SkinnedPart, surfaces: Surfaces, row: int
) -> CharacterPart:
    material = part.material
    vertices, indices = ctx.buffer(_vertices(part)), ctx.buffer(_wound_like_normals(part))
    targets = 0 if part.morphs_m is None else len(part.morphs_m)
    body = ctx.buffer(reserve=32, dynamic=True)
    body.write(np.array([targets, len(part.mesh.positions_m), row, 0], np.int32), offset=16)
    look = look_of(material)
    is_blended = not look.cut_out and (material.opacity < 1.0 or material.pattern in _BLENDED_PATTERNS)
    program = _with_places(programs.surface(look, "character.vert.glsl"))
    return CharacterPart(
        lit=_vertex_array(ctx, program, vertices, indices),
        dark=_vertex_array(ctx, _shadow_program(programs, look), vertices, indices),
        size_px=surfaces.layers[row].size_px,
        body=body,
        morphs=_morph_texture(ctx, part),
        buffers=(vertices, indices),
        targets=targets,
        triangles=len(part.mesh.indices),
        is_blended=is_blended,
        casts_shadow=material.casts_shadow and not is_blended,
        is_two_sided=material.two_sided,
    )


def look_of(material: Material) -> Look:
    """What a material is drawn with."""
    pattern = TEXTURED if material.maps is not None else material.pattern
    return Look(pattern, cut_out=material.alpha_cutoff > 0.0)


def _shadow_program(programs: Programs, look: Look) -> moderngl.Program:
    """What draws the depth of bodies: one program for all that is whole, one for what is cut out of pictures."""
    kind = Look(TEXTURED, cut_out=True) if look.cut_out and look.pattern == TEXTURED else Look()
    return _with_places(programs.get("character_shadow.vert.glsl", "shadow.frag.glsl", kind))


def _with_places(program: moderngl.Program) -> moderngl.Program:
    """Give the block and the samplers of bodies their fixed places."""
    for name, place in (("Body", BODY_BLOCK), ("palette_map", PALETTE_UNIT), ("morph_map", MORPH_UNIT)):
        member = program[name]
        if isinstance(member, moderngl.UniformBlock):
            member.binding = place
        elif isinstance(member, moderngl.Uniform):
            member.value = place
    return program


def _vertex_array(
    ctx: moderngl.Context, program: moderngl.Program, vertices: moderngl.Buffer, indices: moderngl.Buffer
) -> moderngl.VertexArray:
    layout = " ".join(used if name in program else skipped for name, used, skipped in _FIELDS)
    names = [name for name, _, _ in _FIELDS if name in program]
    return ctx.vertex_array(program, [(vertices, layout, *names)], indices, 4)


def _vertices(part: SkinnedPart) -> NDArray[np.void]:
    """Interleaved vertices; weights that do not sum to 1 are made to, and a vertex without any follows joint 0."""
    rows = np.zeros(len(part.mesh.positions_m), _VERTEX)
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


def _morph_texture(ctx: moderngl.Context, part: SkinnedPart) -> moderngl.Texture | None:
    """For each target and vertex two texels: what is added to the place and to the normal."""
    if part.morphs_m is None or not len(part.morphs_m):
        return None
    added = np.zeros((*part.morphs_m.shape[:2], 2, 4), np.float32)
    added[:, :, 0, :3] = part.morphs_m
    if part.morph_normals is not None:
        added[:, :, 1, :3] = part.morph_normals
    texels = added.reshape(-1, 4)
    rows = -(-len(texels) // TEXELS_A_ROW)
    whole = np.zeros((rows * TEXELS_A_ROW, 4), np.float32)
    whole[: len(texels)] = texels
    texture = ctx.texture((TEXELS_A_ROW, rows), 4, whole, dtype="f4")
    texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
    return texture
