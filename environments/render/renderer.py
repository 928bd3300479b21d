"""Draws a `View` of a scene: shadows, surfaces, sky, sea, glass, tone mapping, panels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.play import PlayedScene
from environments.render import matrices
from environments.render.cameras import cameras_of, shown_in
from environments.render.daylight import Daylight, daylight
from environments.render.gpu_scene import GpuScene, loaded
from environments.render.hands import Hands
from environments.render.hidden import HiddenParts
from environments.render.indoors import room_light
from environments.render.lake import LakeWater, mirrored_eyes
from environments.render.lamps import LAMP_BYTES
from environments.render.library import Library
from environments.render.matrices import Camera
from environments.render.model import Scene, SceneFrame
from environments.render.opening import draws_in_software, several
from environments.render.panels import Panels
from environments.render.particles import ParticleCloud
from environments.render.programs import FRAME_BLOCK, Programs
from environments.render.sea_mesh import SeaSheet
from environments.render.shadows import MIDDLE_RADIUS_M, Shadows
from environments.render.sky import MIRROR_STEP_S, Sky
from environments.render.targets import Targets
from environments.render.text import Texts
from environments.render.uniforms import BLOCK_BYTES, frame_block, sun_vector
from environments.render.view import View
from environments.scenes.registry import scene as scene_called

__all__ = ["Renderer", "View"]

CLIP_DISTANCE = 0x3000
"""GL_CLIP_DISTANCE0: keeps each eye's triangles in its half of the picture."""
FAR_M = 1.5 * MIDDLE_RADIUS_M
"""From here on the fine shadow maps are not needed."""
PREMULTIPLIED = (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the last picture took: draw calls and triangles of the scene for all eyes, bytes of its pictures."""

    draws: int
    triangles: int
    texture_bytes: int


class Renderer:
    """Owns everything on the graphics card; needs a current OpenGL 3.3 core context.

    `indirect=False` draws as OpenGL 3.3 can, whatever the driver offers; `for_stills` takes its time for the sky where
    there is no graphics card.  A scene is built and uploaded by
    `load`; `draw` loads a missing one itself, which takes longer than a frame may.  `read_rgb` and `present` give
    the last drawn picture.
    """

    def __init__(
        self,
        ctx: moderngl.Context,
        width_px: int,
        height_px: int,
        samples: int = 4,
        *,
        indirect: bool = True,
        for_stills: bool = False,
    ) -> None:
        self._ctx = ctx
        self._samples = several(min(samples, ctx.max_samples))
        is_quick = draws_in_software(str(ctx.info["GL_RENDERER"])) and not for_stills
        self._programs = Programs(ctx, self._samples, indirect=indirect, is_quick=is_quick)
        self._library = Library(ctx, is_quick=is_quick)
        self._shadows = Shadows(ctx, self._programs)
        self._panels = Panels(ctx, self._programs)
        self._sea = SeaSheet(ctx, self._programs)
        self._lake: LakeWater | None = None
        self._sky = Sky(ctx, self._programs)
        self._particles = ParticleCloud(ctx, self._programs)
        self._texts = Texts(ctx, self._programs)
        self._hands = Hands(ctx, self._programs)
        self._hidden = HiddenParts(ctx, self._programs)
        self._frame_block = ctx.buffer(reserve=BLOCK_BYTES, dynamic=True)
        self._scenes: dict[tuple[str, int], tuple[Scene, GpuScene]] = {}
        self._scale_0to1 = 1.0
        self._last: GpuScene | None = None
        self.seat_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
        """Where the patient is in the last picture; a scene moves them by it."""
        self._beside = (0, 0)
        """Draw calls and triangles of the last picture's sea, texts and particles."""
        self._targets = self._targets_of((width_px, height_px))

    @property
    def device(self) -> str:
        """What draws: the driver's own name for it."""
        return str(self._ctx.info["GL_RENDERER"])

    def load(self, name: str, seed: int = 0) -> None:
        """Build and upload a scene, once for each name and seed; `ManifestError` for an unknown name, `NoRoom`."""
        if (name, seed) not in self._scenes:
            scene = scene_called(name)
            gpu = loaded(self._ctx, self._programs, scene.build(seed), name)
            self._scenes[name, seed] = (scene, gpu)
            if gpu.has_lake and self._lake is None:
                self._lake = LakeWater(self._ctx, self._programs)

    def draw(self, view: View) -> None:
        """Draw one picture over the whole target: that of the head, or those of the view's eyes side by side."""
        self._draw(view, (0.0,))

    def draw_stereo(self, view: View, ipd_m: float = 0.063) -> None:
        """Draw both eyes side by side, the left eye in the left half."""
        self._draw(view, (-ipd_m / 2.0, ipd_m / 2.0))

    def _draw(self, view: View, eyes_m: tuple[float, ...]) -> None:
        self.load(view.scene, view.seed)
        scene, gpu = self._scenes[view.scene, view.seed]
        self._last = gpu
        moment = shown_in(moment_of(scene, view), view)
        self.seat_m = moment.eye_base_m
        light = light_of(moment)
        gpu.arrange(moment)
        if moment.interior is None:
            self._shadows.update(gpu, sun_vector(moment), matrices.eye_position(moment, view.eye))
        self._library.set_light(light)
        self._panels.upload(view.panels)
        self._bind()
        count, (width, height) = len(view.eyes or eyes_m), self._targets.size_px
        part, (scene_width, scene_height) = width // count, self._targets.scene_px
        cameras = cameras_of(view, moment, eyes_m, part / height)
        self._draw_mirror(cameras[0], moment, light, view.time_s)
        mirrored = self._draw_lake_mirror(gpu, cameras, moment, light, time_s=view.time_s)
        gpu.look(cameras, scene_height, FAR_M)
        hands = self._hands.arranged(view.hands, moment, view.eye)
        if hands is not None:
            hands.look(cameras, scene_height, FAR_M)
        self._write_frame(cameras, scene_width / count, moment, light, view.time_s)
        rays = dict.fromkeys(camera.ray_from_clip.tobytes() for camera in cameras)
        self._sky.draw((scene_width / count, scene_height), len(rays), (_sky_key(moment, light), *rays, view.time_s))
        self._targets.linear.use()
        self._targets.linear.clear(depth=1.0)
        self._cover(view)
        self._draw_scene((gpu,) if hands is None else (gpu, hands), moment, count, view.time_s)
        self._beside = (self._beside[0] + mirrored[0], self._beside[1] + mirrored[1])
        self._targets.see_through(view.is_see_through)
        self._targets.narrow(-matrices.eye_rotation(moment, view.eye)[:, 2], view.vignette_0to1)
        self._targets.finish(view.fade_0to1, count, len(rays))
        for index, camera in enumerate(cameras):
            self._targets.finished.viewport = (index * part, 0, part, height)
            self._panels.draw(view.panels, camera.clip_from_world, moment, view.eye)
        self._targets.finished.viewport = (0, 0, width, height)

    def _cover(self, view: View) -> None:
        self._ctx.enable_only(moderngl.DEPTH_TEST)
        self._ctx.enable_direct(CLIP_DISTANCE)
        self._ctx.depth_func = "<="
        self._hidden.draw(view.eyes)

    def _bind(self) -> None:
        self._library.bind()
        self._shadows.bind()
        self._sky.bind()
        self._frame_block.bind_to_uniform_block(FRAME_BLOCK)

    def _write_frame(
        self, cameras: Sequence[Camera], split_px: float, moment: SceneFrame, light: Daylight, time_s: float
    ) -> None:
        block = frame_block(cameras, split_px, self._shadows.matrices, moment, light, time_s=time_s)
        self._frame_block.write(block + (bytes(LAMP_BYTES) if self._last is None else self._last.lamps))

    def _draw_mirror(self, camera: Camera, moment: SceneFrame, light: Daylight, time_s: float) -> None:
        """Redraw the mirrored sky when the light or the clouds have moved on."""
        step = math.floor(time_s / MIRROR_STEP_S)
        key = (_sky_key(moment, light), step)
        if self._sky.needs_mirror(key):
            self._write_frame([camera], 0.0, moment, light, step * MIRROR_STEP_S)
            self._sky.draw_mirror(key)

    def _draw_lake_mirror(
        self, gpu: GpuScene, cameras: Sequence[Camera], moment: SceneFrame, light: Daylight, *, time_s: float
    ) -> tuple[int, int]:
        """What a lake mirrors, for each eye; draw calls and triangles."""
        if self._lake is None or not gpu.has_lake or moment.lake is None:
            return 0, 0
        eyes, size_px = mirrored_eyes(cameras, moment.lake.level_m), self._lake.size_px(self._targets.scene_px)
        gpu.look(eyes, size_px[1], FAR_M)
        self._write_frame(eyes, size_px[0] / len(eyes), moment, light, time_s)
        taken = self._lake.draw_mirrored(gpu, size_px, len(eyes))
        self._frame_block.orphan(BLOCK_BYTES)
        return taken

    def _draw_scene(self, solids: Sequence[GpuScene], moment: SceneFrame, views: int, time_s: float) -> None:
        ctx, gpu = self._ctx, solids[0]
        for solid in solids:
            solid.draw_solid(views)
        ctx.disable(moderngl.CULL_FACE)
        ctx.enable(moderngl.BLEND)
        ctx.blend_func = PREMULTIPLIED
        sea = self._sea.draw(views) if gpu.has_sea and moment.sea is not None else (0, 0)
        if self._lake is not None and gpu.has_lake and moment.lake is not None:
            sea = self._lake.draw(views)
        self._targets.linear.depth_mask = False
        gpu.draw_blended(views)
        ctx.disable(moderngl.CULL_FACE)
        texts = self._texts.draw(moment.texts, views)
        particles = self._particles.draw(moment, time_s, views)
        self._beside = (sea[0] + texts[0] + particles[0], sea[1] + texts[1] + particles[1])
        self._targets.linear.depth_mask = True
        ctx.disable_direct(CLIP_DISTANCE)

    @property
    def depth(self) -> tuple[int, tuple[int, int]]:
        """The framebuffer whose depth is that of the last picture, and its size in pixels."""
        return self._targets.linear.glo, self._targets.scene_px

    def load_hands(self) -> None:
        """Make ready what is drawn where a display tracks hands, so that the first one costs no frame."""
        self._hands.load()

    def statistics(self) -> Statistics:
        """Of the last picture; shadow maps, sky and panels are not counted."""
        if self._last is None:
            return Statistics(0, 0, 0)
        draws, triangles = self._beside
        return Statistics(self._last.draws + draws, self._last.triangles + triangles, self._last.texture_bytes)

    def present(self, framebuffer: moderngl.Framebuffer, width_px: int, height_px: int) -> None:
        """Copy the last picture over the whole of a window's framebuffer."""
        self._targets.present(framebuffer, (width_px, height_px))

    def read_rgb(self) -> NDArray[np.uint8]:
        """The last picture (height, width, 3), top row first."""
        return self._targets.read_rgb()

    def resize(self, width_px: int, height_px: int, scale_0to1: float = 1.0) -> None:
        """Draw at another size from now on, the scene at a part of it; panels always have the full size."""
        if ((width_px, height_px), scale_0to1) != (self._targets.size_px, self._scale_0to1):
            self._scale_0to1 = scale_0to1
            self._targets.release()
            self._targets = self._targets_of((width_px, height_px))

    def _targets_of(self, size_px: tuple[int, int]) -> Targets:
        width_px, height_px = (max(round(side * self._scale_0to1), 1) for side in size_px)
        return Targets(self._ctx, self._programs, ((width_px, height_px), size_px), self._samples)

    def release(self) -> None:
        """Free everything on the graphics card."""
        for _, gpu in self._scenes.values():
            gpu.release()
        self._scenes.clear()
        for part in (
            self._targets,
            self._panels,
            self._shadows,
            self._library,
            self._sea,
            self._sky,
            self._particles,
            self._texts,
            self._hands,
            self._hidden,
        ):
            part.release()
        if self._lake is not None:
            self._lake.release()
        self._frame_block.release()
        self._programs.release()


def moment_of(scene: Scene, view: View) -> SceneFrame:
    """The moment of a view, with what was thrown in it where the scene is played."""
    if view.throws and isinstance(scene, PlayedScene):
        return scene.played(view.parameters, view.seed, view.time_s, view.events, view.throws)
    return scene.frame(view.parameters, view.seed, view.time_s, view.events)


def _sky_key(moment: SceneFrame, light: Daylight) -> tuple[object, ...]:
    """All but time that the look of the sky depends on."""
    room = None if moment.interior is None else replace(moment.interior, exposure=1.0)
    air = (moment.haze_0to1, moment.cloud_0to1, moment.wind_0to1)
    return light.exposure if room is None else 1.0, room, moment.sun, air, moment.aurora_0to1


def light_of(moment: SceneFrame) -> Daylight:
    """The light tables of a moment."""
    if moment.interior is not None:
        return room_light(moment.interior)
    return daylight(moment.sun.elevation_deg, moment.haze_0to1, moment.cloud_0to1)
