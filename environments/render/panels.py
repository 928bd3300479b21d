"""Flat pictures in the world, drawn over the finished frame."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from environments.render.matrices import Matrix, Vector, direction, head_place, head_rotation
from environments.render.model import EyePose, Panel, SceneFrame
from environments.render.programs import SAMPLER_UNITS, Programs, set_matrix, set_number


@dataclass(slots=True)
class _Uploaded:
    revision: int
    texture: moderngl.Texture


class Panels:
    """Keeps one texture for each panel name, uploaded again only when its revision changes."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._program = programs.get("panel.vert.glsl", "panel.frag.glsl")
        self._quad = ctx.vertex_array(self._program, [])
        self._uploaded: dict[str, _Uploaded] = {}

    def upload(self, panels: tuple[Panel, ...]) -> None:
        """Bring textures up to date and drop those of panels that are gone."""
        for name in set(self._uploaded) - {panel.name for panel in panels}:
            self._uploaded.pop(name).texture.release()
        for panel in panels:
            known = self._uploaded.get(panel.name)
            if known is None or known.revision != panel.revision:
                if known is not None:
                    known.texture.release()
                self._uploaded[panel.name] = _Uploaded(panel.revision, self._texture(panel))

    def _texture(self, panel: Panel) -> moderngl.Texture:
        height, width = panel.picture.shape[:2]
        texture = self._ctx.texture((width, height), 4, np.ascontiguousarray(panel.picture).tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        return texture

    def draw(self, panels: tuple[Panel, ...], clip_from_world: Matrix, frame: SceneFrame, eye: EyePose) -> None:
        """Draw into the framebuffer in use, farthest first."""
        self._ctx.enable_only(moderngl.BLEND)
        self._ctx.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        for panel in sorted(panels, key=lambda panel: -panel.distance_m):
            if panel.opacity <= 0.0:
                continue
            matrix = clip_from_world @ world_from_panel(panel, frame, eye)
            set_matrix(self._program, "clip_from_panel", matrix)
            set_number(self._program, "opacity", panel.opacity)
            self._uploaded[panel.name].texture.use(SAMPLER_UNITS["picture"])
            self._quad.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def release(self) -> None:
        """Free everything."""
        self._quad.release()
        for known in self._uploaded.values():
            known.texture.release()
        self._uploaded.clear()


def world_from_panel(panel: Panel, frame: SceneFrame, eye: EyePose) -> Matrix:
    """Placement (4, 4) of a panel: upright, facing the patient's seat, or fixed to the head."""
    heading = frame.eye_yaw_deg
    middle = head_place(frame, eye)
    outer = head_rotation(heading, 0.0)
    if panel.head_locked:
        middle = middle + outer @ np.array(eye.offset_m)
        outer = head_rotation(heading + eye.yaw_deg, eye.pitch_deg, eye.roll_deg)
    facing = outer @ head_rotation(panel.yaw_deg, panel.pitch_deg)
    center: Vector = middle + outer @ direction(panel.yaw_deg, panel.pitch_deg) * panel.distance_m
    height_px, width_px = panel.picture.shape[:2]
    matrix = np.eye(4)
    matrix[:3, 0] = facing[:, 0] * panel.width_m
    matrix[:3, 1] = facing[:, 1] * panel.width_m * height_px / width_px
    matrix[:3, 2] = facing[:, 2]
    matrix[:3, 3] = center
    return matrix
