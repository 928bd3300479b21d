"""Rain, snow, spray and other small things in the air: their places follow from number, seed and scene time alone.

Every kind fills a box, around the eyes or at a fixed area, that repeats without end.  As a change of wind must not
move what is already on its way, each kind blows at one of `GUSTS` fixed speeds, and the two nearest to the wind of
the moment are cross-faded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import moderngl
import numpy as np

from environments.render.model import Particles, SceneFrame
from environments.render.programs import Programs

GUSTS = 3
"""Speeds of wind that particles know: calm, half and full."""
WIND_M_S = 12.0
WIND_WAY = np.array([0.86, 0.0, 0.5])
"""Where the wind of shaders/object.vert.glsl blows."""
SPEEDS = 8
"""Parts of its kind's speed by which one particle may be faster than another, up to twice as fast."""
SWAY_LOOP_S = 60.0
_ROWS = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of particle at full amount.

    `fall_m_s` is downwards, `wind_part` the share of the wind it takes, `streak_s` how long an eye holds on to it
    (0: a round dot), `sway_m` how far it wanders; `shape` chooses a branch of shaders/particles.vert.glsl.
    """

    most: int
    box_m: tuple[float, float, float]
    fall_m_s: float
    wind_part: float
    size_m: float
    streak_s: float
    sway_m: float
    opacity: float
    shape: int = 0


AIR, SPRAY, GROUND, GLOW, LEAF = range(5)
KINDS = {
    "rain": Kind(9000, (13.0, 10.0, 13.0), 6.0, 0.40, 0.0030, 0.030, 0.0, 0.60),
    "snow": Kind(9000, (9.0, 7.0, 9.0), 0.7, 0.20, 0.0080, 0.0, 0.22, 0.95),
    "dust": Kind(1500, (7.0, 4.0, 7.0), 0.02, 0.04, 0.0022, 0.0, 0.25, 0.60),
    "leaves": Kind(140, (18.0, 9.0, 18.0), 0.75, 0.35, 0.040, 0.0, 0.55, 1.0, LEAF),
    "fireflies": Kind(200, (22.0, 3.0, 22.0), 0.0, 0.0, 0.014, 0.0, 0.9, 1.0, GLOW),
    "spray": Kind(4200, (70.0, 1.0, 24.0), 0.0, 0.30, 0.10, 0.0, 0.10, 0.30, SPRAY),
    "sand": Kind(6000, (26.0, 0.4, 9.0), 0.0, 0.45, 0.0050, 0.050, 0.05, 0.60, GROUND),
}
"""Sizes and speeds: raindrops of 1 to 2 mm fall at 4 to 8 m/s (Gunn and Kinzer 1949), snowflakes at about 1 m/s."""


class ParticleCloud:
    """Draws the particles of a moment, with one call for each kind."""

    def __init__(self, ctx: moderngl.Context, programs: Programs) -> None:
        self._program = programs.get("particles.vert.glsl", "particles.frag.glsl")
        self._dots = ctx.vertex_array(self._program, [])
        self._settings = np.zeros((_ROWS, 4), np.float32)

    def draw(self, moment: SceneFrame, time_s: float, views: int) -> tuple[int, int]:
        """Draw blended over what is there, for each eye; how many draw calls and triangles that took."""
        calls = quads = 0
        for particles in moment.particles:
            count = self._set(particles, moment.wind_0to1, time_s)
            if count:
                self._program["settings"].write(self._settings)  # type: ignore[union-attr]
                self._dots.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count * views)
                calls, quads = calls + 1, quads + count * views
        return calls, 2 * quads

    def _set(self, particles: Particles, wind_0to1: float, time_s: float) -> int:
        """Fill the rows that the shader reads; returns how many particles to draw."""
        kind = KINDS[particles.kind]
        amount = min(max(particles.amount_0to1, 0.0), 1.0)
        gust = min(max(wind_0to1, 0.0), 1.0) * (GUSTS - 1)
        low = min(int(gust), GUSTS - 2)
        box, middle = _box_of(particles, kind)
        rows = self._settings
        rows[0] = *middle, 1.0 if particles.area is None else 0.0
        rows[1] = *box, particles.seed * GUSTS + low
        for row in range(2):
            velocity = velocity_m_s(kind, low + row)
            rows[2 + row, :3] = np.fmod(velocity * time_s, box * SPEEDS)
            rows[4 + row, :3] = velocity
        number = math.ceil(kind.most * amount)
        rows[2, 3], rows[3, 3] = time_s / SWAY_LOOP_S % 1.0, number
        rows[4, 3], rows[5, 3] = kind.streak_s, gust - low
        rows[6] = kind.size_m, kind.opacity, kind.sway_m, kind.shape
        rows[7] = *particles.colour_linear, kind.most * amount
        return 2 * number

    def release(self) -> None:
        """Free everything but the program."""
        self._dots.release()


def velocity_m_s(kind: Kind, gust: int) -> np.ndarray:
    """Velocity (3,) of the slowest particle of a kind in one of the `GUSTS` winds."""
    blown = WIND_WAY * (WIND_M_S * kind.wind_part * gust / (GUSTS - 1))
    return np.asarray(blown + np.array([0.0, -kind.fall_m_s, 0.0]))


def _box_of(particles: Particles, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Size of the repeated box, and its middle in the world (or from the eyes, where no area is given)."""
    if particles.area is None:
        return np.array(kind.box_m), np.zeros(3)
    low, high = np.array(particles.area[0]), np.array(particles.area[1])
    return np.maximum(high - low, 0.1), (low + high) / 2.0
