"""Who is there: kind and size of every spider, and where each may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.scenes.spiders.charts import Chart, Inside, Level
from environments.scenes.spiders.place import DESK, HANDS_M, JAR, LAMP
from environments.scenes.spiders.room import jar_place_m
from environments.scenes.spiders.species import GARDEN, HOUSE, SPECIES, TARANTULA, Species, legs_of

Floats = NDArray[np.float64]
FAR_FREE_M = 2.4
"""From here on free spiders are on the floor beyond the desk, where the patient can see it."""
_LARGE = (
    TARANTULA,
    HOUSE,
    TARANTULA,
    TARANTULA,
    GARDEN,
    HOUSE,
    TARANTULA,
    TARANTULA,
    HOUSE,
    TARANTULA,
    TARANTULA,
    GARDEN,
)
_MEDIUM = (HOUSE, GARDEN, HOUSE, GARDEN, HOUSE, HOUSE, GARDEN, HOUSE, GARDEN, HOUSE, HOUSE, GARDEN)
_SHARES = (1.0, 0.90, 0.94, 0.80, 0.9, 0.78, 0.88, 0.72, 0.84, 0.97, 0.76, 0.8)
_OWN = {HOUSE.name: 0.72, GARDEN.name: 0.42, TARANTULA.name: 1.0}
"""Among tarantulas, how large the others are."""
_JAR_FLOOR_M = 0.004
_WALL_M = 0.14
"""How far beyond its middle part a jar may be walked, up the glass."""
_EDGE_SPANS, _NEAR_SPANS = 0.42, 0.46


@dataclass(frozen=True, slots=True)
class Spider:
    """One spider: its kind and its leg span as it stands."""

    species: Species
    span_m: float

    @property
    def scale(self) -> float:
        """What the asset is multiplied with."""
        return self.span_m / standing_span_m(self.species)

    def homes_m(self) -> Floats:
        """Where its feet (8, 2) are at rest, x to its left and z ahead."""
        return legs_of(self.species).feet_m[:, [0, 2]] * self.scale


def standing_span_m(species: Species) -> float:
    """From the front feet to the hind feet of the asset."""
    feet = legs_of(species).feet_m
    return float(np.ptp(feet[:, 2]))


@dataclass(frozen=True, slots=True)
class Area:
    """Where a spider may be: a rectangle (x from, x to, z from, z to) or a disc of a chart, without some discs.

    `least_m` is how far from the hands its middle stays; `disc_m` is the radius of a disc around 0 instead.
    """

    chart: Chart
    rectangle_m: tuple[float, float, float, float]
    blocked: tuple[tuple[float, float, float], ...] = ()
    least_m: float = 0.0
    disc_m: float = 0.0

    def holds(self, points_m: Floats) -> NDArray[np.bool_]:
        """Whether points (..., 2) are allowed."""
        x, z = points_m[..., 0], points_m[..., 1]
        if self.disc_m > 0.0:
            return np.asarray(np.hypot(x, z) <= self.disc_m + _WALL_M)
        low_x, high_x, low_z, high_z = self.rectangle_m
        good = (x >= low_x) & (x <= high_x) & (z >= low_z) & (z <= high_z)
        good &= np.hypot(x - HANDS_M[0], z - HANDS_M[1]) >= self.least_m - 1e-6
        for at_x, at_z, radius in self.blocked:
            good &= np.hypot(x - at_x, z - at_z) >= radius
        return np.asarray(good)

    def sampled(self, rng: np.random.Generator, count: int) -> Floats:
        """Some allowed points (n, 2); at least one."""
        if self.disc_m > 0.0:
            turn, away = rng.uniform(0, 2 * np.pi, count), self.disc_m * np.sqrt(rng.uniform(0, 1, count))
            return np.stack([away * np.sin(turn), away * np.cos(turn)], -1)
        low_x, high_x, low_z, high_z = self.rectangle_m
        points = rng.uniform((low_x, low_z), (high_x, high_z), (8 * count, 2))
        good = points[self.holds(points)][:count]
        return good if len(good) else np.array([[0.5 * (low_x + high_x), low_z]])


def company_of(count: int, size_m: float, holds: str) -> tuple[Spider, ...]:
    """All spiders, the largest first; in a jar there is room for one of 11 cm."""
    if holds == "picture":
        return ()
    if holds in ("closed jar", "open jar"):
        kind = GARDEN if size_m < 0.036 else HOUSE if size_m < 0.09 else TARANTULA
        return tuple(Spider(kind, min(size_m, 0.11)) for _ in range(min(count, 1)))
    if size_m < 0.07:
        return tuple(Spider(kind, size_m * share) for kind, share in zip(_MEDIUM[:count], _SHARES, strict=False))
    found = []
    for kind, share in zip(_LARGE[:count], _SHARES, strict=False):
        grown = share * (1.0 - (1.0 - _OWN[kind.name]) * min((size_m - 0.07) / 0.05, 1.0))
        found.append(Spider(kind, size_m * grown))
    return tuple(found)


def area_of(spider: Spider, distance_m: float, holds: str) -> Area:
    """Where a spider may go."""
    span = spider.span_m
    if holds != "free":
        centre = jar_place_m(distance_m, holds)
        chart = Inside(centre, DESK.top_m + _JAR_FLOOR_M, JAR.radius_m - 0.001, JAR.height_m - 0.012)
        return Area(chart, (0, 0, 0, 0), disc_m=JAR.radius_m * 0.55)
    if distance_m >= FAR_FREE_M:
        far = HANDS_M[1] - distance_m
        rectangle = (-1.3, 0.9, max(far - 1.0, -4.0), max(far, -3.9))
        return Area(Level(0.012), rectangle, least_m=0.0)
    edge = _EDGE_SPANS * span
    rectangle = (-DESK.x_m + edge, DESK.x_m - edge, DESK.back_z_m + edge, DESK.front_z_m - edge)
    blocked = (
        (*LAMP.centre_m, LAMP.foot_m + 0.30 * span),
        (0.62, -0.50, 0.075 + 0.40 * span),
        (*JAR.aside_m, JAR.radius_m + 0.40 * span),
        (-0.10, -0.455, 0.055 + 0.20 * span),
    )
    most = HANDS_M[1] - rectangle[2] - 0.02
    return Area(Level(DESK.top_m), rectangle, blocked, min(distance_m + _NEAR_SPANS * span, most))


def order_of(spiders: tuple[Spider, ...]) -> NDArray[np.intp]:
    """The spiders' numbers with those of a kind together."""
    kinds = [SPECIES.index(spider.species) for spider in spiders]
    return np.argsort(np.array(kinds, np.intp), kind="stable")
