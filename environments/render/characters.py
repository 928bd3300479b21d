"""Skinned and morphed bodies: all joint matrices of a moment in one upload, one draw for all bodies of a part.

How a renderer uses it::

    characters = GpuCharacters(ctx, programs, model.characters)   # while loading
    characters.place(frame.poses)                                 # once a frame, for both eyes and all shadows
    characters.look(planes)                                       # once a frame, with the frustums of all eyes
    characters.draw_shadow(light_from_world)                      # into each shadow map; redraw when `version` changed
    characters.draw(views, is_blended=False)                      # with the solid items
    characters.draw(views, is_blended=True)                       # with the blended ones

The frame block and the shared textures are bound by the renderer, as for items.  OpenGL 3.3 is enough: joint matrices
are read from a floating-point texture (moderngl has no buffer textures), which is written once a frame.  Its memory
grows when there are more bodies than ever before, so a renderer places the first moment while it loads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.character_parts import (
    BODY_BLOCK,
    MORPH_UNIT,
    PALETTE_UNIT,
    TEXELS_A_ROW,
    CharacterPart,
    uploaded,
)
from environments.render.matrices import Matrix
from environments.render.model import Character, Float32, Poses
from environments.render.programs import Programs, set_matrix
from environments.render.surfaces import Surfaces


class _Kind:
    """One character: its parts, and where in the palette its bodies stand."""

    def __init__(self, character: Character, parts: tuple[CharacterPart, ...]) -> None:
        self.name, self.radius_m, self.parts = character.name, character.radius_m, parts
        self.joints = 1 + max((int(part.joints.max(initial=0)) for part in character.parts), default=0)
        self.morphs = max((part.targets for part in parts), default=0)
        self.weights_at = 3 + 3 * self.joints
        self.texels = self.weights_at + -(-self.morphs // 4)
        self.capacity = self.count = 0
        self.is_seen = True
        self.rows: Float32 = np.zeros((0, self.texels * 4), np.float32)
        self.joint_rows: Float32 = np.zeros((0, self.joints, 3, 4), np.float32)
        self.places: Float32 = np.zeros((0, 4, 4), np.float32)

    def stand_in(self, rows: Float32) -> None:
        """Write into these rows from now on."""
        self.rows = rows
        size = rows.itemsize
        shape, strides = (len(rows), self.joints, 3, 4), (rows.strides[0], 12 * size, 4 * size, size)
        self.joint_rows = np.lib.stride_tricks.as_strided(rows[:, 12:], shape, strides)

    def write(self, poses: Poses) -> None:
        """Put this moment's bodies into the palette."""
        count = self.count = len(poses.places)
        self.places = poses.places
        rows = self.rows[:count]
        rows[:, :12] = poses.places[:, :3].reshape(count, 12)
        self.joint_rows[:count] = poses.joints[:, : self.joints, :3]
        if self.morphs:
            first = self.weights_at * 4
            rows[:, first : first + self.morphs] = poses.morphs[:, : self.morphs]


class GpuCharacters:
    """The bodies of a scene on the graphics card; `version` changes whenever a body that casts a shadow moved."""

    def __init__(self, ctx: moderngl.Context, programs: Programs, characters: tuple[Character, ...]) -> None:
        self._ctx = ctx
        wearing = [(part.material, 0.0) for character in characters for part in character.parts]
        self.surfaces = Surfaces(ctx, wearing)
        firsts = np.cumsum([0, *(len(character.parts) for character in characters)])[:-1].tolist()
        self._kinds = tuple(
            _Kind(character, uploaded(ctx, programs, character, self.surfaces, first))
            for character, first in zip(characters, firsts, strict=True)
        )
        parts = [part for kind in self._kinds for part in kind.parts]
        self._darks = tuple({part.dark.program.glo: part.dark.program for part in parts}.values())
        self._palette: moderngl.Texture | None = None
        self._whole: Float32 = np.zeros(0, np.float32)
        self._sent: Float32 = np.zeros(0, np.float32)
        self.version = 0

    def place(self, poses: Mapping[str, Poses]) -> None:
        """Set the bodies of a moment; a character without poses is not drawn."""
        if any(kind.name in poses and len(poses[kind.name].places) > kind.capacity for kind in self._kinds):
            self._grow(poses)
        before = tuple(kind.count for kind in self._kinds)
        for kind in self._kinds:
            kind.count = 0
            if kind.name in poses and len(poses[kind.name].places):
                kind.write(poses[kind.name])
        if self._palette is None:
            return
        if before != tuple(kind.count for kind in self._kinds) or not np.array_equal(self._whole, self._sent):
            self._palette.write(self._whole)
            self._sent[:] = self._whole
            self.version += 1

    def bounds(self) -> NDArray[np.float64]:
        """(c, 4): for each character that has bodies now, a ball around all of them: centre and radius, m."""
        return np.array([_ball(kind) for kind in self._kinds if kind.count]).reshape(-1, 4)

    def look(self, planes: Sequence[NDArray[np.float64]]) -> None:
        """Leave out, from now on, characters with no body in any eye's frustum: `planes` are (6, 4) for each eye.

        Shadows are drawn of all.
        """
        for kind in self._kinds:
            if kind.count:
                *center, radius_m = _ball(kind)
                kind.is_seen = any((eye[:, :3] @ center + eye[:, 3] > -radius_m).all() for eye in planes)

    def triangles(self) -> int:
        """How many triangles one eye's picture of this moment has."""
        return sum(kind.count * part.triangles for kind in self._seen() for part in kind.parts)

    def draws(self) -> int:
        """How many draw calls a picture of this moment takes, for all eyes."""
        return sum(len(kind.parts) for kind in self._seen())

    def _seen(self) -> Iterator[_Kind]:
        return (kind for kind in self._kinds if kind.count and kind.is_seen)

    def draw(self, views: int, *, is_blended: bool) -> None:
        """Draw the solid or the blended parts of all bodies, lit, for each eye."""
        self._use_palette()
        self.surfaces.bind()
        for kind in self._seen():
            for part in kind.parts:
                if part.is_blended == is_blended:
                    self.surfaces.bind_size(part.size_px)
                    self._render(part, part.lit, kind.count * views)

    def draw_shadow(self, light_from_world: Matrix) -> None:
        """Draw the depth of all bodies as the light sees them."""
        for program in self._darks:
            set_matrix(program, "light_from_world", light_from_world)
        self._use_palette()
        self.surfaces.bind()
        for kind in self._kinds:
            for part in kind.parts if kind.count else ():
                if part.casts_shadow:
                    self.surfaces.bind_size(part.size_px)
                    self._render(part, part.dark, kind.count)

    def parts(self, name: str) -> tuple[CharacterPart, ...]:
        """The parts of a character that is there."""
        return next(kind.parts for kind in self._kinds if kind.name == name)

    def bind(self, part: CharacterPart) -> None:
        """Make all that places a part's vertices readable for a program with shaders/character.glsl."""
        self._use_palette()
        self._bind(part)

    def release(self) -> None:
        """Free everything."""
        for kind in self._kinds:
            for part in kind.parts:
                part.release()
        self.surfaces.release()
        if self._palette is not None:
            self._palette.release()

    def _use_palette(self) -> None:
        if self._palette is not None:
            self._palette.use(PALETTE_UNIT)

    @staticmethod
    def _bind(part: CharacterPart) -> None:
        part.body.bind_to_uniform_block(BODY_BLOCK)
        if part.morphs is not None:
            part.morphs.use(MORPH_UNIT)

    def _render(self, part: CharacterPart, array: moderngl.VertexArray, count: int) -> None:
        self._bind(part)
        if part.is_two_sided:
            array.render(instances=count)
        else:
            self._ctx.enable(moderngl.CULL_FACE)
            array.render(instances=count)
            self._ctx.disable(moderngl.CULL_FACE)

    def _grow(self, poses: Mapping[str, Poses]) -> None:
        """Make room for more bodies than ever before."""
        for kind in self._kinds:
            asked = len(poses[kind.name].places) if kind.name in poses else 0
            kind.capacity = max(kind.capacity, asked)
        texels = sum(kind.capacity * kind.texels for kind in self._kinds)
        rows = max(-(-texels // TEXELS_A_ROW), 1)
        self._whole = np.zeros(rows * TEXELS_A_ROW * 4, np.float32)
        self._sent = np.full_like(self._whole, np.nan)
        if self._palette is not None:
            self._palette.release()
        self._palette = self._ctx.texture((TEXELS_A_ROW, rows), 4, dtype="f4")
        self._palette.filter = (moderngl.NEAREST, moderngl.NEAREST)
        first = 0
        for kind in self._kinds:
            size = kind.capacity * kind.texels
            kind.stand_in(self._whole[first * 4 : (first + size) * 4].reshape(kind.capacity, kind.texels * 4))
            for part in kind.parts:
                part.body.write(np.array([first, kind.texels, kind.weights_at, 0], np.int32))
            first += size


def _ball(kind: _Kind) -> tuple[float, float, float, float]:
    """Around all bodies of a character."""
    centers = kind.places[:, :3, 3].astype(np.float64)
    scale = float(np.sqrt((kind.places[:, :3, :3] ** 2).sum(axis=1).max()))
    low, high = centers.min(axis=0), centers.max(axis=0)
    x, y, z = (low + high) / 2.0
    return float(x), float(y), float(z), float(np.linalg.norm(high - low) / 2.0) + kind.radius_m * scale
