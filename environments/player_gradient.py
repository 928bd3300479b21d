"""A plain evening sky: the last resort when even the calm scene cannot be drawn."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

TOP_RGB = (70, 98, 122)
BOTTOM_RGB = (168, 176, 172)

_VERTEX = """#version 330
out float up;
void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    up = corner.y;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}"""
_FRAGMENT = f"""#version 330
in float up;
const vec3 top = vec3{TOP_RGB} / 255.0;
const vec3 bottom = vec3{BOTTOM_RGB} / 255.0;
out vec4 colour;
void main() {{ colour = vec4(mix(bottom, top, up), 1.0); }}"""


class Gradient:
    """Drawn with one small program of its own."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._program = context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._corners = context.vertex_array(self._program, [])

    def present(self, framebuffer: moderngl.Framebuffer, width_px: int, height_px: int) -> None:
        """Fill a framebuffer."""
        framebuffer.use()
        framebuffer.viewport = (0, 0, width_px, height_px)
        self._context.enable_only(moderngl.NOTHING)
        self._corners.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def picture(self, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """The same as a picture (height, width, 3)."""
        up = np.linspace(1.0, 0.0, height_px)[:, None]
        column = np.array(BOTTOM_RGB) * (1.0 - up) + np.array(TOP_RGB) * up
        return np.repeat(np.rint(column).astype(np.uint8)[:, None, :], width_px, axis=1)

    def release(self) -> None:
        """Free the program."""
        self._corners.release()
        self._program.release()
