"""The parts of a headset's pictures that its lenses hide: covered first, so that nothing is drawn there."""

from __future__ import annotations

from collections.abc import Sequence

import moderngl
import numpy as np

from environments.render.eyes import EyeView
from environments.render.model import Float32
from environments.render.programs import Programs


class HiddenParts:
    """Triangles for both eyes, uploaded again only when they or the pictures' sides change."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._ctx = ctx
        self._program = programs.get("hidden.vert.glsl", "hidden.frag.glsl")
        self._known: tuple[object, ...] = ()
        self._buffer: moderngl.Buffer | None = None
        self._array: moderngl.VertexArray | None = None
        self._count = 0

    def draw(self, eyes: Sequence[EyeView]) -> None:
        """Cover what is hidden, the nearest of all, in the framebuffer in use; nothing without a headset."""
        if all(eye.hidden is None for eye in eyes):
            return
        known = tuple(part for eye in eyes for part in (id(eye.hidden), eye.tangents))
        if known != self._known:
            self._known = known
            self._upload(covered(eyes))
        if self._array is not None and self._count:
            self._array.render(moderngl.TRIANGLES, vertices=self._count)

    def _upload(self, corners: Float32) -> None:
        self.release()
        self._count = len(corners)
        if self._count:
            self._buffer = self._ctx.buffer(corners.tobytes())
            self._array = self._ctx.vertex_array(self._program, [(self._buffer, "3f4", "in_place")])

    def release(self) -> None:
        """Free everything but the program."""
        for part in (self._array, self._buffer):
            if part is not None:
                part.release()
        self._array = self._buffer = None


def covered(eyes: Sequence[EyeView]) -> Float32:
    """Corners (n, 3) of the hidden triangles: place in its own eye's picture from -1 to 1, and 0 or 1 for the eye."""
    found = [np.zeros((0, 3), np.float32)]
    for number, eye in enumerate(eyes):
        if eye.hidden is None:
            continue
        left, right, down, up = eye.tangents
        middle = np.array([(left + right) / 2.0, (down + up) / 2.0])
        half = np.array([(right - left) / 2.0, (up - down) / 2.0])
        places = (eye.hidden.reshape(-1, 2) - middle) / half
        found.append(np.column_stack([places, np.full(len(places), number)]).astype(np.float32))
    return np.concatenate(found)
