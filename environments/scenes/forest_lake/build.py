"""The forest lake: geometry and moments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from environments.render.model import Item, Material, Mesh, Particles, Poses, SceneFrame, SceneModel, Sun
from environments.render.water import Lake
from environments.scenes.forest_lake.deer import DEER_S, NAME, Herd, deer_body
from environments.scenes.forest_lake.ground import LEVEL_M, ground_meshes
from environments.scenes.forest_lake.jetty import jetty
from environments.scenes.forest_lake.woods import woods
from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE, ParameterValue
from environments.scenes.shore.build import breath_0to1

RAIN_S, FIREFLIES_S = 56.0, 120.0
GROUNDS = {
    "spring": Material((0.112, 0.150, 0.034), 0.95, pattern="ground"),
    "summer": Material((0.066, 0.100, 0.030), 0.95, pattern="ground"),
    "autumn": Material((0.135, 0.112, 0.040), 0.95, pattern="ground"),
    "winter": Material((0.72, 0.74, 0.78), 0.6, pattern="winter-ground"),
}
GROUPS_OF = {
    "spring": {"spring", "green", "lush"},
    "summer": {"summer", "green", "lush"},
    "autumn": {"autumn", "green", "dry"},
    "winter": {"winter", "dry"},
}
"""What is shown in a season; everything else of a season is hidden."""
ALL_GROUPS = frozenset().union(*GROUPS_OF.values())
MIST = "mist"
_MIST_M = ((9.0, 1.1), (15.0, 1.6), (24.0, 2.3), (36.0, 3.2), (52.0, 4.6), (74.0, 6.5), (102.0, 9.0))
"""Where walls of mist stand around the jetty, and how high."""
FIREFLY_AREA = ((-26.0, LEVEL_M + 0.3, -24.0), (26.0, LEVEL_M + 2.8, 9.0))


def sun_at(time_of_day_h: float) -> Sun:
    """The sun over the lake: it rises on the left before the patient and sets on the right."""
    part = (time_of_day_h - 5.2) / 15.8
    return Sun(azimuth_deg=-58.0 + 116.0 * part, elevation_deg=max(49.0 * math.sin(math.pi * part) + 0.8, -1.6))


def _mist_wall(radius_m: float, high_m: float) -> Mesh:
    """A wall of mist over the lake, as seen from the jetty; it thins out towards its ends."""
    turn = np.radians(np.linspace(-78.0, 78.0, 33))
    x, z = radius_m * np.sin(turn), -radius_m * np.cos(turn)
    heights = np.array([LEVEL_M, LEVEL_M + 1.5 * high_m])
    positions = np.stack(np.broadcast_arrays(x, heights[:, None], z), axis=-1).reshape(-1, 3)
    normals = np.tile(np.stack([-np.sin(turn), 0.0 * turn, np.cos(turn)], axis=-1), (2, 1))
    ends = np.clip((78.0 - np.abs(np.degrees(turn))) / 34.0, 0.0, 1.0)
    uvs = np.tile(np.stack([turn * radius_m + 13.7 * radius_m, ends], axis=-1), (2, 1))
    left = np.arange(len(turn) - 1)
    low, up = np.stack([left, left + 1, left + 33], axis=-1), np.stack([left + 1, left + 34, left + 33], axis=-1)
    triangles = np.concatenate([low, up]).astype(np.uint32)
    return Mesh(positions.astype(np.float32), normals.astype(np.float32), uvs.astype(np.float32), triangles)


def _mist() -> list[Item]:
    unit = np.eye(4, dtype=np.float32)[None]
    return [
        Item(
            f"mist {radius_m:.0f} m",
            _mist_wall(radius_m, high_m),
            Material((0.0, 0.0, 0.0), 1.0, pattern="mist", pattern_scale_m=high_m, opacity=0.72, casts_shadow=False),
            unit,
            MIST,
        )
        for radius_m, high_m in _MIST_M
    ]


@lru_cache(maxsize=4)
def _herd(seed: int) -> Herd:
    return Herd(seed)


class ForestLake:
    """The scene of manifest `forest_lake`."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once; all seasons."""
        unit = np.eye(4, dtype=np.float32)[None]
        meshes = ground_meshes(seed)
        grounds = [
            Item(f"ground {season} {number}", mesh, material, unit, season)
            for season, material in GROUNDS.items()
            for number, mesh in enumerate(meshes)
        ]
        items = [*grounds, *jetty(seed), *woods(seed), *_mist()]
        _herd(seed)
        return SceneModel(tuple(items), has_lake=True, characters=(deer_body().character,))

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`: light spreads over the water with each breath."""
        cycles = time_s * float(parameters[BREATH_PACE]) / 60.0 + float(parameters[BREATH_PHASE])
        wind, mist = float(parameters["wind_0to1"]), float(parameters["mist_0to1"])
        season = str(parameters["season"])
        rain = shower_0to1(events.get("rain_ends"))
        hidden = ALL_GROUPS - GROUPS_OF[season] | ({MIST} if mist <= 0.0 else set())
        return SceneFrame(
            sun=sun_at(float(parameters["time_of_day_h"])),
            eye_base_m=(0.0, 0.0, 0.0),
            haze_0to1=0.22 + 0.68 * mist,
            cloud_0to1=max(float(parameters["cloud_0to1"]), min(0.30 + 0.9 * rain, 0.8) if rain > 0.0 else 0.0),
            wind_0to1=wind,
            lake=Lake(LEVEL_M, mist, wind, breath_0to1(cycles), rain),
            hidden=frozenset(hidden),
            poses=_deer(events.get("deer"), seed),
            particles=_in_the_air(season, rain, events.get("fireflies")),
        )


def shower_0to1(age_s: float | None) -> float:
    """How hard it rains: a shower that comes softly and has ended after `RAIN_S`."""
    if age_s is None or not 0.0 <= age_s < RAIN_S:
        return 0.0
    return 0.55 * min(age_s / 8.0, 1.0) * min(max((RAIN_S - age_s) / 34.0, 0.0), 1.0)


def _deer(age_s: float | None, seed: int) -> dict[str, Poses]:
    if age_s is None or not 0.0 <= age_s < DEER_S:
        return {}
    return {NAME: _herd(seed).poses(age_s)}


def _in_the_air(season: str, rain_0to1: float, fireflies_s: float | None) -> tuple[Particles, ...]:
    found = []
    if rain_0to1 > 0.0:
        kind = "snow" if season == "winter" else "rain"
        found.append(Particles(kind, rain_0to1, None, (0.55, 0.58, 0.62) if kind == "rain" else (0.85, 0.87, 0.9)))
    if season == "autumn":
        found.append(Particles("leaves", 0.25, ((-14.0, LEVEL_M, -16.0), (14.0, 6.0, 6.0)), (0.55, 0.30, 0.08)))
    if fireflies_s is not None and 0.0 <= fireflies_s < FIREFLIES_S:
        amount = min(fireflies_s / 6.0, 1.0) * min((FIREFLIES_S - fireflies_s) / 8.0, 1.0)
        found.append(Particles("fireflies", amount, FIREFLY_AREA, (1.6, 2.1, 0.5)))
    return tuple(found)


SCENE = ForestLake()
