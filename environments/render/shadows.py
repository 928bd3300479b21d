"""Sun shadows: a fine map around the eye and a wide one over the scene, redrawn only after a change."""

from __future__ import annotations

import moderngl
import numpy as np

from environments.render.gpu_scene import GpuScene
from environments.render.matrices import Matrix, Vector, light_from_world
from environments.render.programs import Programs

NEAR_TEXELS, FAR_TEXELS = 1024, 2048
NEAR_RADIUS_M, FAR_RADIUS_MAX_M = 34.0, 420.0
_EYE_STEP_M = 6.0


class _Map:
    def __init__(self, ctx: moderngl.Context, texels: int) -> None:
        self.texture = ctx.depth_texture((texels, texels))
        self.texture.compare_func = "<="
        self.texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.texture.repeat_x = self.texture.repeat_y = False
        self.target = ctx.framebuffer(depth_attachment=self.texture)
        self.texels = texels
        self.drawn: tuple[object, ...] = ()

    def release(self) -> None:
        self.target.release()
        self.texture.release()


class Shadows:
    """The two maps and their clip matrices."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._program = programs.get("shadow.vert.glsl", "shadow.frag.glsl")
        self._near, self._far = _Map(ctx, NEAR_TEXELS), _Map(ctx, FAR_TEXELS)
        self.near_matrix: Matrix = np.eye(4)
        self.far_matrix: Matrix = np.eye(4)

    def update(self, scene: GpuScene, sun: Vector, eye_m: Vector) -> None:
        """Bring both maps up to date with the sun, the casters and the eye."""
        sun = sun if sun[1] > 0.035 else np.array([sun[0], 0.035, sun[2]])
        sun = sun / np.linalg.norm(sun)
        key = (id(scene), scene.version, tuple(np.round(sun, 4)))
        center = np.round(eye_m / _EYE_STEP_M) * _EYE_STEP_M
        if self._near.drawn != (*key, tuple(center)):
            self.near_matrix = light_from_world(sun, center, NEAR_RADIUS_M, 400.0, NEAR_TEXELS)
            self._draw(self._near, self.near_matrix, scene, (center, NEAR_RADIUS_M))
            self._near.drawn = (*key, tuple(center))
        if self._far.drawn != key:
            middle, radius = scene.caster_bounds()
            radius = min(radius, FAR_RADIUS_MAX_M)
            self.far_matrix = light_from_world(sun, middle, radius, 900.0, FAR_TEXELS)
            self._draw(self._far, self.far_matrix, scene, None)
            self._far.drawn = key

    def _draw(self, shadow: _Map, matrix: Matrix, scene: GpuScene, around: tuple[Vector, float] | None) -> None:
        shadow.target.use()
        shadow.target.clear(depth=1.0)
        self._ctx.enable_only(moderngl.DEPTH_TEST)
        self._ctx.depth_func = "<="
        self._program["light_from_world"].write(np.ascontiguousarray(matrix.T, dtype="f4").tobytes())
        for item in scene.shown:
            if item.casts_shadow and (around is None or _is_in_column(matrix, item.center, item.radius, around[1])):
                item.draw_shadow()

    def bind(self, near_unit: int, far_unit: int) -> None:
        """Make both maps readable."""
        self._near.texture.use(near_unit)
        self._far.texture.use(far_unit)

    def release(self) -> None:
        """Free everything."""
        self._near.release()
        self._far.release()


def _is_in_column(matrix: Matrix, center: Vector, radius: float, map_radius: float) -> bool:
    place = matrix[:2, :3] @ center + matrix[:2, 3]
    return bool((np.abs(place) < 1.0 + radius / map_radius).all())
