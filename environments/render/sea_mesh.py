"""The sea's sheet: fine where the waves run up, coarser towards the horizon."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from environments.render.programs import Programs

UP_THE_BEACH_M, HORIZON_M = 7.0, 30_000.0


def sea_grid(columns: int = 25) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Places (n, 2) as x and z from the shore line, and triangles (m, 3).

    Few and large triangles: software drivers shade at least a block of pixels for each.
    """
    near = np.linspace(UP_THE_BEACH_M, -6.0, 10, endpoint=False)
    waves = -6.0 - 54.0 * np.linspace(0.0, 1.0, 40, endpoint=False) ** 1.35
    depth = np.concatenate(
        [near, waves, -np.geomspace(60.0, 260.0, 12, endpoint=False), -np.geomspace(260.0, HORIZON_M, 5)]
    )
    rows = len(depth)
    spread = 45.0 + np.maximum(-depth, 0.0) * 2.2
    part = np.linspace(-1.0, 1.0, columns)
    across = np.sign(part) * np.abs(part) ** 1.3
    places = np.stack([across[None, :] * spread[:, None], np.broadcast_to(depth[:, None], (rows, columns))], axis=-1)
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None, :]).reshape(-1)
    first = np.stack([corner, corner + 1, corner + columns], axis=-1)
    second = np.stack([corner + 1, corner + columns + 1, corner + columns], axis=-1)
    return places.reshape(-1, 2).astype(np.float32), np.concatenate([first, second]).astype(np.uint32)


class SeaSheet:
    """The sea's buffers and program."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        places, indices = sea_grid()
        self._triangles = len(indices)
        self._places, self._indices = ctx.buffer(places.tobytes()), ctx.buffer(indices.tobytes())
        program = programs.get("sea.vert.glsl", "sea.frag.glsl")
        self._sheet = ctx.vertex_array(program, [(self._places, "2f4", "in_place")], self._indices, 4)

    def draw(self, views: int) -> tuple[int, int]:
        """Draw blended over what is there, for each eye; how many draw calls and triangles that took."""
        self._sheet.render(instances=views)
        return 1, self._triangles * views

    def release(self) -> None:
        """Free everything."""
        for part in (self._sheet, self._places, self._indices):
            part.release()
