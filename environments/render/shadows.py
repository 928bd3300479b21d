"""Sun shadows: a fine map around the eye and a wide one over the scene, redrawn only after a change.

Both lie in one texture: the wide map in the left two thirds, the fine one in the right third.
"""

from __future__ import annotations

import moderngl
import numpy as np

from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Matrix, Vector, light_from_world
from environments.render.programs import SAMPLER_UNITS

NEAR_TEXELS, FAR_TEXELS = 1024, 2048
NEAR_RADIUS_M, FAR_RADIUS_MAX_M = 34.0, 420.0
_EYE_STEP_M = 6.0
_NEAR_PLACE, _FAR_PLACE = (FAR_TEXELS, 0, NEAR_TEXELS, NEAR_TEXELS), (0, 0, FAR_TEXELS, FAR_TEXELS)


class Shadows:
    """The maps and their clip matrices."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self._ctx = ctx
        self._atlas = ctx.depth_texture((FAR_TEXELS + NEAR_TEXELS, FAR_TEXELS))
        self._atlas.compare_func = "<="
        self._atlas.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._atlas.repeat_x = self._atlas.repeat_y = False
        self._target = ctx.framebuffer(depth_attachment=self._atlas)
        self._near_key: tuple[object, ...] = ()
        self._far_key: tuple[object, ...] = ()
        self.near_matrix: Matrix = np.eye(4)
        self.far_matrix: Matrix = np.eye(4)

    def update(self, scene: GpuScene, sun: Vector, eye_m: Vector) -> None:
        """Bring both maps up to date with the sun, the casters and the eye."""
        sun = np.array([sun[0], max(sun[1], 0.035), sun[2]])
        sun = sun / np.linalg.norm(sun)
        place = (id(scene), tuple(np.round(sun, 4)))
        center = np.round(eye_m / _EYE_STEP_M) * _EYE_STEP_M
        near_key = (*place, scene.version, tuple(center))
        if self._near_key != near_key:
            self._near_key = near_key
            self.near_matrix = light_from_world(sun, center, NEAR_RADIUS_M, 400.0, NEAR_TEXELS)
            self._draw(_NEAR_PLACE, self.near_matrix, scene, NEAR_RADIUS_M, bodies=True)
        far_key = (*place, scene.static_version)
        if self._far_key != far_key:
            self._far_key = far_key
            middle, radius = scene.caster_bounds()
            radius = min(radius, FAR_RADIUS_MAX_M)
            self.far_matrix = light_from_world(sun, middle, radius, 900.0, FAR_TEXELS)
            self._draw(_FAR_PLACE, self.far_matrix, scene, radius, bodies=False)

    def _draw(
        self, place: tuple[int, int, int, int], matrix: Matrix, scene: GpuScene, radius_m: float, *, bodies: bool
    ) -> None:
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
