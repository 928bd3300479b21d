"""The limits of comfort, and what a measured level says against them.  Pure.

Sources: WCAG 2.3.1 and ITU-R BT.1702 (flashes; we allow one a second where they allow three), WCAG 1.4.3 (contrast),
the project's clinical and scene design for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from environments.comfort.colour import Rgb
from environments.comfort.flicker import Flashes
from environments.comfort.motion import Motion
from environments.comfort.nearness import Nearest
from environments.comfort.panel_text import PanelText

LAWFUL_FLASHES_PER_S = 3.0
MOST_FLASHES_PER_S = 1.0
MOST_ACCELERATION_M_S2 = 0.5
MOST_SPEED_M_S = 1.5
MOST_YAW_DEG_S = 1e-3
SHORTEST_FADE_S = 0.5
MOST_TRIANGLES = 1_500_000
MOST_DRAWS = 300
MOST_TEXTURE_MB = 1000.0
LEAST_TEXT_DEG = 0.75
LEAST_CONTRAST = 4.5
NEAREST_M = 0.4
BYTES_PER_MB = 1e6
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """Flashes and in which course they were."""

    flashes: Flashes = Flashes()
    course: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What the heaviest frame asks of the graphics card; each the most of any frame."""

    draws: int = 0
    triangles: int = 0
    texture_bytes: int = 0


@dataclass(frozen=True, slots=True)
class EyeMeasures:
    """Everything measured for one eye at one level; colours behind panels are the darkest and brightest drawn."""

    general: Seen
    red: Seen
    motion: Motion
    moving_course: str
    load: Load
    nearest: Nearest | None
    texts: Sequence[PanelText]
    behind: tuple[Rgb, Rgb]

    @property
    def least_text_deg(self) -> float:
        """The smallest text."""
        return min(text.angle_deg for text in self.texts)


def reasons(measures: EyeMeasures) -> tuple[str, ...]:
    """Why a level does not pass; empty when it does."""
    return (*_flashing(measures), *_moving(measures), *_loading(measures.load), *_reading(measures), *_near(measures))


def _flashing(measures: EyeMeasures) -> Iterator[str]:
    for kind, seen in (("flashes", measures.general), ("red flashes", measures.red)):
        found = seen.flashes
        if found.per_s > MOST_FLASHES_PER_S + _ROUNDING:
            law = f", {LAWFUL_FLASHES_PER_S:g} is the law's limit" if found.per_s > LAWFUL_FLASHES_PER_S else ""
            yield (
                f"{found.per_s:g} {kind} in a second ({seen.course}, at {found.at_s:.1f} s, yaw {found.yaw_deg:+.0f}°, "
                f"pitch {found.pitch_deg:+.0f}°); at most {MOST_FLASHES_PER_S:g}{law}"
            )


def _moving(measures: EyeMeasures) -> Iterator[str]:
    found, where = measures.motion, measures.moving_course
    if found.acceleration_m_s2 > MOST_ACCELERATION_M_S2 + _ROUNDING:
        yield f"acceleration {found.acceleration_m_s2:.2f} m/s² ({where}); at most {MOST_ACCELERATION_M_S2:g}"
    if found.speed_m_s > MOST_SPEED_M_S + _ROUNDING:
        yield f"speed {found.speed_m_s:.2f} m/s; at most {MOST_SPEED_M_S:g}"
    if found.yaw_deg_s > MOST_YAW_DEG_S:
        yield f"the view is turned by {found.yaw_deg_s:.2f} °/s; nothing may turn the patient"
    if found.shortest_fade_s is not None and found.shortest_fade_s < SHORTEST_FADE_S - _ROUNDING:
        yield f"a fade lasts {found.shortest_fade_s:.2f} s; at least {SHORTEST_FADE_S:g}"
    for cut in found.cuts:
        yield f"a cut: {cut} in sight"


def _loading(load: Load) -> Iterator[str]:
    if load.triangles > MOST_TRIANGLES:
        yield f"{load.triangles} triangles; at most {MOST_TRIANGLES}"
    if load.draws > MOST_DRAWS:
        yield f"{load.draws} draws; at most {MOST_DRAWS}"
    if load.texture_bytes > MOST_TEXTURE_MB * BYTES_PER_MB:
        yield f"{load.texture_bytes / BYTES_PER_MB:.0f} MB of textures; at most {MOST_TEXTURE_MB:g}"


def _reading(measures: EyeMeasures) -> Iterator[str]:
    small = [text for text in measures.texts if text.angle_deg < LEAST_TEXT_DEG - _ROUNDING]
    if small:
        names = ", ".join(text.name for text in small)
        yield f"text of {measures.least_text_deg:.2f}° ({names}); at least {LEAST_TEXT_DEG:g}°"
    for text in measures.texts:
        worst = min(text.contrast(behind) for behind in measures.behind)
        if worst < LEAST_CONTRAST - _ROUNDING:
            yield f"contrast {worst:.1f} of {text.name} before this scene; at least {LEAST_CONTRAST:g}"


def _near(measures: EyeMeasures) -> Iterator[str]:
    found = measures.nearest
    if found is not None and found.distance_m < NEAREST_M - _ROUNDING:
        yield f"{found.name} is {found.distance_m:.2f} m from the eye; nothing nearer than {NEAREST_M:g} m"
