"""Sun shadows: two fine maps around the eye and a wide one over the scene, each redrawn only after a change.

All lie in one texture: the wide map in the left two thirds, the middle one at the right below, the finest above it.
What stands still is drawn into a second texture of the fine maps, once for a place of the eye; where something moves,
it is copied and only the rest is drawn over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Matrix, Vector, light_from_world
from environments.render.programs import SAMPLER_UNITS, Programs
from environments.render.units import Numbers

FINE_TEXELS, FAR_TEXELS = 1024, 2048
"""A quick picture's maps are half as large."""
NEAR_RADIUS_M, MIDDLE_RADIUS_M, FAR_RADIUS_MAX_M = 8.0, 34.0, 420.0
Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fine:
    """A map around the eye: how far it reaches, and how far the eye goes before it is moved."""

    radius_m: float
    eye_step_m: float


FINE = (Fine(NEAR_RADIUS_M, 1.5), Fine(MIDDLE_RADIUS_M, 6.0))
_ROW_SCALES = np.repeat([1.0 / fine.radius_m for fine in FINE], 2)[:, None]
"""How long a metre is across each fine map, for its two rows."""


class Shadows:
    """The maps and their clip matrices, the finest first."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        part = 2 if programs.is_quick else 1
        self._fine, self._far = FINE_TEXELS // part, FAR_TEXELS // part
        self._atlas, self._target = _depth_target(ctx, (self._far + self._fine, self._far))
        self._still, self._still_target = _depth_target(ctx, (self._fine, 2 * self._fine))
        self._still.compare_func, self._still.filter = "", (moderngl.NEAREST, moderngl.NEAREST)
        self._copy = ctx.vertex_array(programs.get("screen.vert.glsl", "depth_copy.frag.glsl"), [])
        self._keys: list[object] = [None] * (len(FINE) + 1)
        self._still_keys: list[object] = [None] * len(FINE)
        self._places: list[object] = [None] * len(FINE)
        self._looked: list[object] = [None] * len(FINE)
        self._reached: list[tuple[object, bool]] = [(None, False)] * len(FINE)
        self._light: tuple[object, ...] = ()
        self._sun: Vector = np.zeros(3)
        self.matrices: list[Matrix] = [np.eye(4), np.eye(4), np.eye(4)]

    def update(self, scene: GpuScene, sun: Vector, eye_m: Vector) -> None:
        """Bring all maps up to date with the sun, the casters and the eye."""
        way = tuple(round(part, 4) for part in sun.tolist())
        light = (id(scene), way)
        if light != self._light:
            self._light = light
            raised = np.array([way[0], max(way[1], 0.035), way[2]])
            self._sun = raised / np.linalg.norm(raised)
        asked = []
        for number, fine in enumerate(FINE):
            steps = [round(part / fine.eye_step_m) for part in eye_m.tolist()]
            place = (*light, *steps)
            if self._places[number] != place:
                self._places[number] = place
                center = np.array(steps) * fine.eye_step_m
                self.matrices[number] = light_from_world(self._sun, center, fine.radius_m, 400.0, self._fine)
            now = (place, scene.version, scene.characters.version)
            if self._looked[number] != now:
                self._looked[number] = now
                asked.append((number, place))
        if asked:
            bodies = self._bodies_in(scene.characters.casting())
            for number, place in asked:
                self._look(number, place, scene, bodies=bodies[number])
        if self._is_new(len(FINE), (light, scene.hidden)):
            middle, radius = scene.caster_bounds()
            radius = min(radius, FAR_RADIUS_MAX_M)
            self.matrices[-1] = light_from_world(self._sun, middle, radius, 900.0, self._far)
            self._begin(self._target, (0, 0, self._far, self._far))
            scene.draw_shadow(self.matrices[-1], radius, radius / self._far)

    def _bodies_in(self, balls: Numbers) -> list[bool]:
        """For each fine map, whether any of some bodies' balls (n, 4) reaches into its column."""
        if not len(balls):
            return [False] * len(FINE)
        rows = np.concatenate([matrix[:2] for matrix in self.matrices[: len(FINE)]])
        apart = np.abs(rows[:, :3] @ balls[:, :3].T + rows[:, 3:]) - balls[:, 3] * _ROW_SCALES < 1.0
        inside = (apart[::2] & apart[1::2]).any(axis=1)
        return [bool(one) for one in inside.tolist()]

    def _look(self, number: int, place: object, scene: GpuScene, *, bodies: bool) -> None:
        """Redraw a fine map unless nothing has moved that may cast a shadow into it."""
        fine, matrix = FINE[number], self.matrices[number]
        still = (place, scene.version)
        if self._reached[number][0] != still:
            self._reached[number] = (still, _any_in(matrix, fine.radius_m, *scene.moving_casters()))
        things = self._reached[number][1]
        moved = (scene.version if things else None, scene.characters.version if bodies else None)
        if self._is_new(number, (place, scene.hidden, *moved)):
            self._draw(number, (place, scene.hidden), scene, things=things, bodies=bodies)

    def _is_new(self, number: int, key: object) -> bool:
        """Whether a map was last drawn for something else than `key`."""
        known, self._keys[number] = self._keys[number], key
        return known != key

    def _draw(self, number: int, still: object, scene: GpuScene, *, things: bool, bodies: bool) -> None:
        """Draw a fine map: what stands still, if that is not there yet, and what moves over a copy of it."""
        matrix, radius_m, size = self.matrices[number], FINE[number].radius_m, self._fine
        texel_m, row = radius_m / size, size * (len(FINE) - 1 - number)
        if self._still_keys[number] != still:
            self._still_keys[number] = still
            self._begin(self._still_target, (0, row, size, size))
            scene.draw_shadow(matrix, radius_m, texel_m, moving=False)
        self._begin(self._target, (self._far, row, size, size))
        self._ctx.depth_func = "1"
        self._still.use(SAMPLER_UNITS["depth_map"])
        self._copy.program["from_px"].value = (self._far, 0)  # type: ignore[union-attr]
        self._copy.render(vertices=3)
        self._ctx.depth_func = "<="
        if bodies:
            scene.draw_body_shadows(matrix)
        if things:
            scene.draw_shadow(matrix, radius_m, texel_m, moving=True)

    def _begin(self, target: moderngl.Framebuffer, place: Place) -> None:
        """Clear a part of a map and draw into it from now on."""
        target.use()
        target.viewport = target.scissor = place
        target.clear(depth=1.0, viewport=place)
        self._ctx.enable_only(moderngl.DEPTH_TEST)
        self._ctx.depth_func = "<="

    def bind(self) -> None:
        """Make the maps readable."""
        self._atlas.use(SAMPLER_UNITS["shadow_map"])

    def release(self) -> None:
        """Free everything."""
        for part in (self._copy, self._target, self._atlas, self._still_target, self._still):
            part.release()


def _depth_target(ctx: moderngl.Context, size: tuple[int, int]) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
    """A texture of depths, and what draws into it."""
    depths = ctx.depth_texture(size)
    depths.compare_func = "<="
    depths.filter = (moderngl.LINEAR, moderngl.LINEAR)
    depths.repeat_x = depths.repeat_y = False
    return depths, ctx.framebuffer(depth_attachment=depths)


def _any_in(matrix: Matrix, radius_m: float, centers: Numbers, radii_m: Numbers) -> bool:
    """Whether any of some balls, centres (k, 3), reaches into a map's column."""
    if not len(centers):
        return False
    apart = np.abs(centers @ matrix[:2, :3].T + matrix[:2, 3])
    return bool((apart < 1.0 + radii_m[:, None] / radius_m).all(axis=1).any())
