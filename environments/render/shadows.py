"""Sun shadows: two fine maps around the eye and a wide one over the scene, each redrawn only after a change.

All lie in one texture: the wide map in the left two thirds, the middle one at the right below, the finest above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Matrix, Vector, light_from_world
from environments.render.programs import SAMPLER_UNITS
from environments.render.units import Numbers

FINE_TEXELS, FAR_TEXELS = 1024, 2048
NEAR_RADIUS_M, MIDDLE_RADIUS_M, FAR_RADIUS_MAX_M = 8.0, 34.0, 420.0
Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fine:
    """A map around the eye: where it lies, how far it reaches, and how far the eye goes before it is moved."""

    place: Place
    radius_m: float
    eye_step_m: float


FINE = (
    Fine((FAR_TEXELS, FINE_TEXELS, FINE_TEXELS, FINE_TEXELS), NEAR_RADIUS_M, 1.5),
    Fine((FAR_TEXELS, 0, FINE_TEXELS, FINE_TEXELS), MIDDLE_RADIUS_M, 6.0),
)
_FAR_PLACE: Place = (0, 0, FAR_TEXELS, FAR_TEXELS)


class Shadows:
    """The maps and their clip matrices, the finest first."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._atlas = ctx.depth_texture((FAR_TEXELS + FINE_TEXELS, FAR_TEXELS))
        self._atlas.compare_func = "<="
        self._atlas.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._atlas.repeat_x = self._atlas.repeat_y = False
        self._target = ctx.framebuffer(depth_attachment=self._atlas)
        self._keys: list[object] = [None] * (len(FINE) + 1)
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
        for number, fine in enumerate(FINE):
            steps = [round(part / fine.eye_step_m) for part in eye_m.tolist()]
            place = (*light, *steps)
            if self._places[number] != place:
                self._places[number] = place
                center = np.array(steps) * fine.eye_step_m
                self.matrices[number] = light_from_world(self._sun, center, fine.radius_m, 400.0, FINE_TEXELS)
            now = (place, scene.version, scene.characters.version)
            if self._looked[number] != now:
                self._looked[number] = now
                self._look(number, place, scene)
        if self._is_new(len(FINE), (light, scene.hidden)):
            middle, radius = scene.caster_bounds()
            radius = min(radius, FAR_RADIUS_MAX_M)
            self.matrices[-1] = light_from_world(self._sun, middle, radius, 900.0, FAR_TEXELS)
            self._draw(_FAR_PLACE, self.matrices[-1], scene, radius, bodies=False)

    def _look(self, number: int, place: object, scene: GpuScene) -> None:
        """Redraw a fine map unless nothing has moved that may cast a shadow into it."""
        fine, matrix = FINE[number], self.matrices[number]
        still = (place, scene.version)
        if self._reached[number][0] != still:
            self._reached[number] = (still, _any_in(matrix, fine.radius_m, *scene.moving_casters()))
        people = scene.characters.casting()
        bodies = _any_in(matrix, fine.radius_m, people[:, :3], people[:, 3])
        things = self._reached[number][1]
        moved = (scene.version if things else None, scene.characters.version if bodies else None)
        if self._is_new(number, (place, scene.hidden, *moved)):
            self._draw(fine.place, matrix, scene, fine.radius_m, bodies=bodies)

    def _is_new(self, number: int, key: object) -> bool:
        """Whether a map was last drawn for something else than `key`."""
        known, self._keys[number] = self._keys[number], key
        return known != key

    def _draw(self, place: Place, matrix: Matrix, scene: GpuScene, radius_m: float, *, bodies: bool) -> None:
        self._target.use()
        self._target.viewport = self._target.scissor = place
        self._target.clear(depth=1.0, viewport=place)
        self._ctx.enable_only(moderngl.DEPTH_TEST)
        self._ctx.depth_func = "<="
        scene.draw_shadow(matrix, radius_m, radius_m / place[2], bodies=bodies)

    def bind(self) -> None:
        """Make the maps readable."""
        self._atlas.use(SAMPLER_UNITS["shadow_map"])

    def release(self) -> None:
        """Free everything."""
        self._target.release()
        self._atlas.release()


def _any_in(matrix: Matrix, radius_m: float, centers: Numbers, radii_m: Numbers) -> bool:
    """Whether any of some balls, centres (k, 3), reaches into a map's column."""
    if not len(centers):
        return False
    apart = np.abs(centers @ matrix[:2, :3].T + matrix[:2, 3])
    return bool((apart < 1.0 + radii_m[:, None] / radius_m).all(axis=1).any())
