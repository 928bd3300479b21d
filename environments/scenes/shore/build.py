"""The calm shore: geometry and moments."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from environments.gltf.problems import GltfError
from environments.render.model import Float32, Item, Material, Particles, SceneFrame, SceneModel, Sea, Sun
from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE, ParameterValue
from environments.scenes.planting import plants
from environments.scenes.shore import forms
from environments.scenes.shore.forms import Array
from environments.scenes.shore.ground import SEAT_HEIGHT_M, SHORE_Z_M, grass_cover, ground_height, sand_meshes
from environments.scenes.shore.visitors import boat_pose, gull_poses

INHALE_SHARE = 0.4
SUNSET_S = 110.0
SUNSET_H = 19.75

SPRAY_AREA = ((-36.0, 0.0, SHORE_Z_M - 27.0), (36.0, 1.0, SHORE_Z_M))
SAND_AREA = ((-14.0, 0.0, -4.5), (14.0, 0.35, 4.0))

SAND = Material((0.54, 0.43, 0.29), 0.93, pattern="sand", pattern_scale_m=1.0)
ROCK = Material((0.155, 0.138, 0.120), 0.88, pattern="rock", pattern_scale_m=0.9)
PEBBLE = Material((0.34, 0.31, 0.27), 0.7, pattern="rock", pattern_scale_m=0.3)
DRIFTWOOD = Material((0.40, 0.345, 0.28), 0.9, pattern="wood", pattern_scale_m=0.16)
GRASS = Material((0.175, 0.185, 0.062), 0.85, pattern="foliage", pattern_scale_m=0.6, casts_shadow=True, sways=0.16)
STRAW = Material((0.34, 0.27, 0.12), 0.9, pattern="foliage", pattern_scale_m=0.6, casts_shadow=False, sways=0.16)
SHELL = Material((0.62, 0.52, 0.44), 0.42, pattern="plain", pattern_scale_m=0.02)
MUSSEL = Material((0.20, 0.17, 0.19), 0.35, pattern="plain", pattern_scale_m=0.02)
CAPE = Material((0.10, 0.105, 0.06), 0.95, pattern="rock", pattern_scale_m=90.0, casts_shadow=False)
FEATHER = Material((0.72, 0.72, 0.70), 0.8, pattern="plain", casts_shadow=False)
SAIL = Material((0.80, 0.78, 0.72), 0.85, pattern="cloth", pattern_scale_m=4.0, casts_shadow=False)
HULL = Material((0.62, 0.63, 0.64), 0.35, pattern="plain", casts_shadow=False)


def breath_0to1(cycles: float) -> float:
    """Where the pacer is after `cycles` breaths: in during the first 40 % of each, out during the rest."""
    part = cycles - math.floor(cycles)
    if part < INHALE_SHARE:
        return 0.5 - 0.5 * math.cos(math.pi * part / INHALE_SHARE)
    return 0.5 + 0.5 * math.cos(math.pi * (part - INHALE_SHARE) / (1.0 - INHALE_SHARE))


def sun_at(time_of_day_h: float) -> Sun:
    """The sun over a beach that faces the midday sun: rising on the left, setting on the right."""
    part = (time_of_day_h - 5.5) / 14.5
    return Sun(azimuth_deg=-34.0 + 72.0 * part, elevation_deg=1.5 + 56.0 * math.sin(math.pi * part) - 3.0 * part**6)


def _scattered(seed: int, count: int, low: tuple[float, float], high: tuple[float, float]) -> Array:
    rng = np.random.default_rng([seed, 31, count])
    x, z = rng.uniform(low[0], high[0], count), rng.uniform(low[1], high[1], count)
    return np.stack([x, ground_height(x, z, seed), z], axis=-1)


def _rocks(seed: int) -> list[Item]:
    rng = np.random.default_rng([seed, 32])
    places = np.array(
        [[6.6, -7.4], [7.9, -6.6], [8.3, -8.4], [10.4, -7.8], [5.7, -6.0], [-13.0, -9.5], [-14.6, -8.6], [14.5, -10.5]]
    )
    sizes = np.array([1.5, 1.0, 2.1, 2.6, 0.55, 2.2, 1.2, 3.0])
    items = []
    for kind in range(3):
        chosen = np.arange(kind, len(places), 3)
        x, z = places[chosen].T
        height = ground_height(x, z, seed) + 0.06 * sizes[chosen]
        scale = sizes[chosen, None] * rng.uniform([0.9, 0.55, 0.8], [1.25, 0.8, 1.15], (len(chosen), 3))
        transforms = forms.placed(np.stack([x, height, z], -1), rng.uniform(0.0, 6.28, len(chosen)), scale)
        items.append(Item(f"rocks {kind}", forms.boulder(seed + kind), ROCK, transforms))
    spots = _scattered(seed, 130, (-9.0, -2.6), (9.0, 5.0))
    sizes = rng.uniform(0.02, 0.09, len(spots)) ** 1.0
    flat = np.stack([sizes, sizes * 0.5, sizes * 0.8], -1)
    items.append(
        Item("pebbles", forms.boulder(seed + 9, 6), PEBBLE, forms.placed(spots, rng.uniform(0, 6.28, len(spots)), flat))
    )
    return items


def _grass(seed: int) -> list[Item]:
    rng = np.random.default_rng([seed, 33])
    items: list[Item] = []
    spots = _scattered(seed, 15000, (-60.0, 5.5), (60.0, 60.0))
    x, _, z = spots.T
    grows = grass_cover(x, z, seed) + rng.normal(size=len(x)) * 0.18 > 0.45
    spots = spots[grows & (z + 0.10 * np.abs(x) > 7.0)]
    distance = np.hypot(spots[:, 0], spots[:, 2])
    bands = (("near", 0.0, 20.0, 30, 0.0055), ("middle", 20.0, 36.0, 13, 0.011), ("far", 36.0, 90.0, 7, 0.022))
    for name, low, high, blades, thick in bands:
        for kind, material in enumerate((GRASS, STRAW)):
            chosen = spots[(distance >= low) & (distance < high)][kind::2][: 700 if name == "near" else 1400]
            mesh = forms.tuft(seed + kind, blades, 0.75, thick)
            for side in (-1.0, 1.0):
                part = chosen[np.sign(chosen[:, 0] + 1e-9) == side]
                sizes = np.random.default_rng([seed, 34, kind]).uniform(0.7, 1.35, len(part))
                turns = np.asarray(2.4 * np.arange(len(part)), dtype=np.float64)
                items.append(Item(f"grass {name} {kind} {side:+.0f}", mesh, material, forms.placed(part, turns, sizes)))
    return items


def _lawn(seed: int) -> list[Item]:
    """Finer grass between the marram, from the assets; the dunes do without if the file cannot be read."""
    spots = _scattered(seed, 5200, (-34.0, 3.0), (34.0, 34.0))
    x, _, z = spots.T
    rng = np.random.default_rng([seed, 35])
    grows = grass_cover(x, z, seed) > rng.uniform(0.15, 1.0, len(x))
    strays = (np.hypot(x, z) < 13.0) & (rng.random(len(x)) < 0.05) & (z + np.abs(x) * 0.4 > 5.0)
    spots = spots[(grows & (np.hypot(x, z) > 4.0)) | strays][:900]
    sizes = rng.uniform([0.8, 0.7, 0.8], [1.5, 1.35, 1.5], (len(spots), 3))
    where = forms.placed(spots - np.array([0.0, 0.11, 0.0]), rng.uniform(0.0, 6.28, len(spots)), sizes)
    try:
        return plants("grass", where, 0.12, (1.05, 0.74, 0.46))
    except GltfError:
        return []


def _shells(seed: int) -> list[Item]:
    """Along the line of the highest waves, and a few by the seat."""
    rng = np.random.default_rng([seed, 36])
    x = np.concatenate([rng.uniform(-16.0, 16.0, 90), rng.uniform(-2.6, 2.6, 12)])
    z = np.concatenate([rng.normal(-3.0, 0.55, 90), rng.uniform(-2.8, 1.0, 12)])
    spots = np.stack([x, ground_height(x, z, seed), z], axis=-1)
    sizes = rng.uniform(0.022, 0.055, len(x))
    return [
        Item(f"shells {kind}", forms.shell(), material, forms.placed(spots[kind::2], 2.4 * z[kind::2], sizes[kind::2]))
        for kind, material in enumerate((SHELL, MUSSEL))
    ]


def _far_things(seed: int) -> list[Item]:
    cape = forms.placed(np.array([[900.0, 0.0, -3300.0]]), np.array([0.18]), np.array([1.0]))
    log_x, log_z = np.array([-3.3]), np.array([-2.7])
    log_at = np.stack([log_x, ground_height(log_x, log_z, seed) + 0.05, log_z], -1)
    branch_at = np.array([[-2.75, float(log_at[0, 1]) + 0.06, -2.5]])
    return [
        Item("headland", forms.headland(seed), CAPE, cape),
        Item(
            "driftwood",
            forms.log_mesh(seed, 2.6, 0.26),
            DRIFTWOOD,
            forms.placed(log_at, np.array([0.62]), np.array([1.0])),
        ),
        Item(
            "branch",
            forms.log_mesh(seed + 1, 1.2, 0.10),
            DRIFTWOOD,
            forms.placed(branch_at, np.array([-0.75]), np.array([1.0])),
        ),
    ]


def _visitors() -> list[Item]:
    nowhere: Float32 = np.eye(4, dtype=np.float32)[None]
    flock = gull_poses(0.0)
    return [
        Item("gull bodies", forms.gull_body(), FEATHER, flock["gull bodies"], "gull bodies"),
        Item("gull left wings", forms.gull_wing(-1.0), FEATHER, flock["gull left wings"], "gull left wings"),
        Item("gull right wings", forms.gull_wing(1.0), FEATHER, flock["gull right wings"], "gull right wings"),
        Item("boat hull", forms.boat_hull(), HULL, nowhere, "boat"),
        Item("boat sails", forms.boat_sails(), SAIL, nowhere, "boat"),
    ]


class Shore:
    """The scene of manifest `shore`."""

    def build(self, seed: int) -> SceneModel:
        """The geometry, once."""
        unit: Float32 = np.eye(4, dtype=np.float32)[None]
        sand = [Item(f"sand {number}", mesh, SAND, unit) for number, mesh in enumerate(sand_meshes(seed))]
        items = [*sand, *_rocks(seed), *_grass(seed), *_lawn(seed), *_shells(seed), *_far_things(seed), *_visitors()]
        return SceneModel(tuple(items), has_sea=True)

    def frame(
        self, parameters: Mapping[str, ParameterValue], seed: int, time_s: float, events: Mapping[str, float]
    ) -> SceneFrame:
        """The moment at `time_s`: one wave to a breath, the pacer and the waves from the same clock."""
        hour = _sunset(float(parameters["time_of_day_h"]), events.get("sunset"))
        cycles = time_s * float(parameters[BREATH_PACE]) / 60.0 + float(parameters[BREATH_PHASE])
        wind = float(parameters["wind_0to1"])
        sea = Sea(0.0, float(parameters["swell_0to1"]), wind, breath_0to1(cycles), SHORE_Z_M, cycles)
        moves: dict[str, Float32] = {**gull_poses(events.get("gulls")), **boat_pose(events.get("sail"))}
        groups = {"gull bodies", "gull left wings", "gull right wings", "boat"}
        return SceneFrame(
            sun=sun_at(hour),
            eye_base_m=(0.0, SEAT_HEIGHT_M, 0.0),
            haze_0to1=0.35,
            cloud_0to1=float(parameters["cloud_0to1"]),
            wind_0to1=wind,
            sea=sea,
            moves=moves,
            hidden=frozenset(groups - set(moves)),
            particles=_blown(float(parameters["swell_0to1"]), wind),
        )


def _blown(swell_0to1: float, wind_0to1: float) -> tuple[Particles, ...]:
    """Spray over the breakers, and in strong wind dry sand that drifts low over the beach."""
    spray = min(swell_0to1 * (0.45 + 0.9 * wind_0to1), 1.0)
    sand = max(wind_0to1 - 0.4, 0.0) / 0.6
    found = []
    if spray > 0.0:
        found.append(Particles("spray", spray, SPRAY_AREA, (0.9, 0.92, 0.95)))
    if sand > 0.0:
        found.append(Particles("sand", sand, SAND_AREA, (0.80, 0.66, 0.47)))
    return tuple(found)


def _sunset(hour: float, age_s: float | None) -> float:
    if age_s is None or hour >= SUNSET_H:
        return hour
    part = min(max(age_s / SUNSET_S, 0.0), 1.0)
    return hour + (SUNSET_H - hour) * part * part * (3.0 - 2.0 * part)


SCENE = Shore()
