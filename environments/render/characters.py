"""Skinned and morphed bodies: all joint matrices of a moment in one upload, one draw for all parts of a kind.

How a renderer uses it::

    characters = GpuCharacters(ctx, programs, model.characters)   # while loading
    characters.place(frame.poses)                                 # once a frame, for both eyes and all shadows
    characters.look(planes)                                       # once a frame, with the frustums of all eyes
    characters.draw_shadow(matrix_bytes(light_from_world))        # into each shadow map; redraw when `version` changed
    characters.draw(views, is_blended=False)                      # with the solid items
    characters.draw(views, is_blended=True)                       # with the blended ones

The frame block and the shared textures are bound by the renderer, as for items.  OpenGL 3.3 is enough: joint matrices
are read from a floating-point texture (moderngl has no buffer textures), which is written once a frame.  Its memory
grows when there are more bodies than ever before, so a renderer places the first moment while it loads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.character_draws import CharacterDraws
from environments.render.character_parts import TEXELS_A_ROW, CharacterPart, packed
from environments.render.model import Character, Float32, Poses
from environments.render.programs import Programs
from environments.render.surfaces import Surfaces


class _Kind:
    """One character: its parts, and where in the palette its bodies stand."""

    def __init__(self, character: Character, parts: tuple[CharacterPart, ...]) -> None:
        self.name, self.radius_m = character.name, character.radius_m
        self.joints = 1 + max((int(part.joints.max(initial=0)) for part in character.parts), default=0)
        self.morphs = max((part.targets for part in parts), default=0)
        self.triangles = sum(part.indices for part in parts) // 3
        self.casts_shadow = any(part.casts_shadow for part in parts)
        self.weights_at = 3 + 3 * self.joints
        self.texels = self.weights_at + -(-self.morphs // 4)
        self.capacity = self.count = self.first_texel = 0
        self.rows: Float32 = np.zeros((0, self.texels * 4), np.float32)
        self.joint_rows: Float32 = np.zeros((0, self.joints, 3, 4), np.float32)
        self._kept: tuple[Float32, Float32] | None = None

    def stand_in(self, rows: Float32) -> None:
        """Write into these rows from now on."""
        self.rows, self._kept = rows, None
        size = rows.itemsize
        shape, strides = (len(rows), self.joints, 3, 4), (rows.strides[0], 12 * size, 4 * size, size)
        self.joint_rows = np.lib.stride_tricks.as_strided(rows[:, 12:], shape, strides)

    def write(self, poses: Poses) -> None:
        """Put this moment's bodies into the palette; joints that cannot be written are not copied again."""
        count = self.count = len(poses.places)
        rows = self.rows[:count]
        rows[:, :12] = poses.places[:, :3].reshape(count, 12)
        kept = self._kept
        if kept is not None and kept[0] is poses.joints and kept[1] is poses.morphs:
            return
        lasts = not (poses.joints.flags.writeable or poses.morphs.flags.writeable)
        self._kept = (poses.joints, poses.morphs) if lasts else None
        self.joint_rows[:count] = poses.joints[:, : self.joints, :3]
        if self.morphs:
            first = self.weights_at * 4
            rows[:, first : first + self.morphs] = poses.morphs[:, : self.morphs]


class GpuCharacters:
    """The bodies of a scene on the graphics card; `version` changes whenever a body moved."""

    def __init__(
        self, ctx: moderngl.Context, programs: Programs, characters: tuple[Character, ...], *, has_lamps: bool = False
    ) -> None:
        self._ctx = ctx
        self.surfaces = Surfaces(ctx, [(part.material, 0.0) for one in characters for part in one.parts])
        content = packed(characters, [layers.size_px for layers in self.surfaces.layers], has_lamps=has_lamps)
        self._kinds = tuple(_Kind(one, parts) for one, parts in zip(characters, content.parts, strict=True))
        self.drawing = CharacterDraws(ctx, programs, content) if characters else None
        self._palette: moderngl.Texture | None = None
        self._whole: Float32 = np.zeros(0, np.float32)
        self._sent: Float32 = np.zeros(0, np.float32)
        self._counts: tuple[int, ...] = (0,) * len(characters)
        self._seen = self._counts
        self._radii_m: NDArray[np.float64] = np.zeros(0)
        self._starts: NDArray[np.intp] = np.zeros(0, np.intp)
        self._balls: NDArray[np.float64] = np.zeros((0, 4))
        self._casting: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.version = 0

    def place(self, poses: Mapping[str, Poses]) -> None:
        """Set the bodies of a moment; a character without poses is not drawn."""
        if self.drawing is None:
            return
        counts = tuple(len(poses[kind.name].places) if kind.name in poses else 0 for kind in self._kinds)
        if any(count > kind.capacity for kind, count in zip(self._kinds, counts, strict=True)):
            self._grow(counts)
        if self._palette is None:
            return
        for kind, count in zip(self._kinds, counts, strict=True):
            kind.count = 0
            if count:
                kind.write(poses[kind.name])
        is_new = counts != self._counts
        if is_new:
            self._count_anew(counts)
        if is_new or not np.array_equal(self._whole, self._sent):
            self._palette.write(self._whole)
            self._sent[:] = self._whole
            self._set_balls([poses[kind.name].places for kind in self._kinds if kind.count])
            self.version += 1

    def _count_anew(self, counts: tuple[int, ...]) -> None:
        """Another number of bodies of some character."""
        self._counts = self._seen = counts
        self._radii_m = np.repeat([kind.radius_m for kind in self._kinds], counts)
        self._casting = np.repeat([kind.casts_shadow for kind in self._kinds], counts)
        here = [count for count in counts if count]
        self._starts = (np.cumsum(here) - here).astype(np.intp)
        self._set_bodies()

    def _set_bodies(self) -> None:
        if self.drawing is not None:
            bodies = [(kind.first_texel, kind.texels, kind.weights_at) for kind in self._kinds]
            self.drawing.set_bodies(bodies, self._counts)

    def _set_balls(self, places: Sequence[Float32]) -> None:
        """A ball around each body."""
        if not places:
            self._balls = np.zeros((0, 4))
            return
        matrices = np.concatenate(places)[:, :3]
        self._balls = np.empty((len(matrices), 4))
        self._balls[:, :3] = matrices[:, :, 3]
        self._balls[:, 3] = self._radii_m * np.sqrt((matrices[:, :, :3] ** 2).sum(axis=1).max(axis=1))

    def bounds(self) -> NDArray[np.float64]:
        """(n, 4): a ball around each body that is there now: centre and radius, m."""
        return self._balls

    def casting(self) -> NDArray[np.float64]:
        """The same (n, 4) of those that cast a shadow."""
        return self._balls if self._casting.all() else self._balls[self._casting]

    def look(self, planes: Sequence[NDArray[np.float64]]) -> None:
        """Leave out, from now on, characters with no body in any eye's frustum: `planes` are (6, 4) for each eye.

        Shadows are drawn of all.
        """
        if not len(self._balls):
            return
        eyes = np.stack(planes)
        inside = (eyes[:, :, :3] @ self._balls[:, :3].T + eyes[:, :, 3:] > -self._balls[:, 3]).all(axis=1).any(axis=0)
        seen = iter(np.logical_or.reduceat(inside, self._starts).tolist())
        self._seen = tuple(count if count and next(seen) else 0 for count in self._counts)

    def triangles(self) -> int:
        """How many triangles one eye's picture of this moment has."""
        return sum(count * kind.triangles for kind, count in zip(self._kinds, self._seen, strict=True))

    def draws(self) -> int:
        """How many draw calls a picture of this moment takes, for all eyes."""
        return 0 if self.drawing is None else self.drawing.draws(self._seen)

    def draw(self, views: int, *, is_blended: bool) -> None:
        """Draw the solid or the blended parts of all bodies, lit, for each eye."""
        if self.drawing is not None and any(self._seen):
            self._bind()
            self.drawing.draw(self.surfaces, self._seen, views, is_blended=is_blended)

    def draw_shadow(self, light_from_world: bytes) -> None:
        """Draw the depth of all bodies as a light sees them, whose matrix is given (see `programs.matrix_bytes`)."""
        if self.drawing is not None and any(self._counts):
            self._bind()
            self.drawing.draw_shadow(self.surfaces, self._counts, light_from_world)

    def _bind(self) -> None:
        self.surfaces.bind()
        if self.drawing is not None and self._palette is not None:
            self.drawing.bind(self._palette)

    def release(self) -> None:
        """Free everything."""
        self.surfaces.release()
        if self.drawing is not None:
            self.drawing.release()
        if self._palette is not None:
            self._palette.release()

    def _grow(self, counts: Sequence[int]) -> None:
        """Make room for more bodies than ever before."""
        first = 0
        for kind, count in zip(self._kinds, counts, strict=True):
            kind.capacity = max(kind.capacity, count)
            kind.first_texel, first = first, first + kind.capacity * kind.texels
        rows = max(-(-first // TEXELS_A_ROW), 1)
        self._whole = np.zeros(rows * TEXELS_A_ROW * 4, np.float32)
        self._sent = np.full_like(self._whole, np.nan)
        if self._palette is not None:
            self._palette.release()
        self._palette = self._ctx.texture((TEXELS_A_ROW, rows), 4, dtype="f4")
        self._palette.filter = (moderngl.NEAREST, moderngl.NEAREST)
        for kind in self._kinds:
            part = self._whole[kind.first_texel * 4 : (kind.first_texel + kind.capacity * kind.texels) * 4]
            kind.stand_in(part.reshape(kind.capacity, kind.texels * 4))
