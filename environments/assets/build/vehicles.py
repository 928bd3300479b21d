"""Cars: a hatchback and a van as shells of cross-sections, each also with few triangles for far away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from environments.assets.build.mesh import Floats, Part, joined, kept
from environments.assets.build.static_file import Surface, write_static
from environments.assets.build.street import Box, block
from environments.assets.build.street_things import turned

Curve = tuple[tuple[float, float], ...]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Car:
    """A car's outline, each curve as (z, value) from nose to tail; spans are (nearer the tail, nearer the nose).

    `top` is the middle of its upper side, `belt` the lower edge of its windows, `half` its half width; `screen` and
    `back` are where the windscreen and the rear window reach, `windows` those at the sides.
    """

    top: Curve
    belt: Curve
    half: Curve
    wheels: Span
    wheel_m: float
    screen: Span
    back: Span
    windows: tuple[Span, ...]
    pillars: tuple[Span, ...]
    seams: tuple[float, ...]
    lights: tuple[Span, Span]


CARS = {
    "hatchback": Car(
        top=((2.06, 0.60), (1.97, 0.73), (1.75, 0.82), (1.05, 0.97), (0.22, 1.39), (-0.35, 1.475), (-1.1, 1.455),
             (-1.72, 1.35), (-1.98, 0.98), (-2.05, 0.80), (-2.08, 0.60)),
        belt=((2.06, 0.54), (1.9, 0.67), (1.0, 0.86), (0.0, 0.90), (-1.2, 0.95), (-1.95, 0.93), (-2.05, 0.75),
              (-2.08, 0.55)),
        half=((2.06, 0.62), (1.97, 0.74), (1.75, 0.83), (1.2, 0.875), (0.0, 0.885), (-1.3, 0.88), (-1.8, 0.845),
              (-2.0, 0.77), (-2.08, 0.68)),
        wheels=(-1.27, 1.28),
        wheel_m=0.31,
        screen=(0.24, 1.03),
        back=(-1.97, -1.74),
        windows=((-0.30, 0.85), (-1.45, -0.38)),
        pillars=((-0.38, -0.30),),
        seams=(0.86, -0.34, -1.06),
        lights=((1.70, 1.98), (-2.06, -1.86)),
    ),
    "van": Car(
        top=((2.46, 0.72), (2.36, 0.94), (2.1, 1.06), (1.72, 1.16), (1.05, 1.84), (0.5, 1.94), (-2.2, 1.95),
             (-2.40, 1.90), (-2.47, 1.20), (-2.49, 0.60)),
        belt=((2.46, 0.64), (2.3, 0.86), (1.7, 1.06), (0.0, 1.10), (-2.4, 1.10), (-2.49, 0.55)),
        half=((2.46, 0.70), (2.36, 0.82), (2.1, 0.91), (1.6, 0.945), (0.0, 0.955), (-2.2, 0.95), (-2.42, 0.93),
              (-2.49, 0.91)),
        wheels=(-1.5, 1.6),
        wheel_m=0.34,
        screen=(1.07, 1.70),
        back=(-9.0, -9.0),
        windows=((0.34, 1.5),),
        pillars=((0.27, 0.34),),
        seams=(1.5, 0.3, -0.95),
        lights=((2.06, 2.38), (-2.47, -2.36)),
    ),
}  # fmt: skip
PAINT, GLASS, DARK, LAMP, TAIL = "paint", "glass", "dark", "lamp", "tail"
_SILL_M = 0.20
_COLUMNS = (0, 1, 2, 3, 4, 5, 6)
_FAR_COLUMNS = (0, 2, 3, 4, 6)


def _at(curve: Curve, z: Floats) -> Floats:
    zs, values = np.array(curve[::-1]).T
    return np.asarray(np.interp(z, zs, values))


def stations(car: Car, fine: bool) -> Floats:
    """Where the shell has cross-sections, from the nose to the tail."""
    found = {z for z, _ in car.top}
    if fine:
        found |= {z for curve in (car.belt, car.half) for z, _ in curve}
        found |= {edge for span in (*car.windows, *car.pillars, *car.lights, car.screen) for edge in span}
        middle = 0.5 * (car.windows[0][0] + car.windows[0][1])
        found.add(middle)
        steps = np.linspace(-1.0, 1.0, 9)
    else:
        found |= {edge for span in (*car.windows, car.screen) for edge in span}
        steps = np.array([-1.0, 0.0, 1.0])
    found |= {float(wheel + (car.wheel_m + 0.05) * step) for wheel in car.wheels for step in steps}
    nose, tail = car.top[0][0], car.top[-1][0]
    inside = sorted((z for z in found if tail <= z <= nose), reverse=True)
    return np.array([z for k, z in enumerate(inside) if k == 0 or inside[k - 1] - z > 0.012])


def sections(car: Car, z: Floats) -> Floats:
    """Points (stations, 7, 3) of the left half, from the sill up to the middle of the roof."""
    top, belt, half = _at(car.top, z), _at(car.belt, z), _at(car.half, z)
    reach = car.wheel_m + 0.05
    arch = np.full(len(z), _SILL_M)
    for wheel in car.wheels:
        round_m = car.wheel_m - 0.02 + np.sqrt(np.maximum(reach**2 - (z - wheel) ** 2, 0.0))
        arch = np.where(np.abs(z - wheel) < reach, round_m, arch)
    arch = np.minimum(arch, belt - 0.12)
    low = np.clip(np.maximum(0.36, arch + 0.015), None, belt - 0.10)
    middle = np.clip(np.maximum(0.62, low + 0.02), None, belt - 0.04)
    rise = np.clip((top - belt) / 0.42, 0.0, 1.0)
    roof_half = half * (0.90 - 0.19 * rise)
    edge = belt + (top - belt) * (0.62 + 0.26 * rise)
    xs = np.stack([half * 0.955, half * 0.985, half, half * 0.975, roof_half, roof_half * 0.6, 0.0 * half], 1)
    ys = np.stack([arch, low, middle, belt, edge, top - 0.02 * (0.3 + rise), top], 1)
    return np.stack([xs, ys, np.repeat(z[:, None], len(_COLUMNS), 1)], -1)


def _within(z: float, spans: tuple[Span, ...]) -> bool:
    return any(low - 1e-6 <= z <= high + 1e-6 for low, high in spans)


def _wears(car: Car, column: int, z: float) -> str:
    """What the shell is made of between two columns (the lower one's number) about z."""
    if column >= 4:
        return GLASS if _within(z, (car.screen, car.back)) else PAINT
    if column == 3:
        if _within(z, car.windows):
            return GLASS
        return DARK if _within(z, car.pillars) else PAINT
    if column == 2 and _within(z, car.lights[:1]):
        return LAMP
    return TAIL if column == 2 and _within(z, car.lights[1:]) else PAINT


def shell(car: Car, fine: bool) -> list[tuple[Part, str]]:
    """The body with its windows and lights, by material, shaded as one."""
    z = stations(car, fine)
    chosen = _COLUMNS if fine else _FAR_COLUMNS
    half = sections(car, z)[:, chosen]
    grid = np.concatenate([half, half[:, -2::-1] * (-1.0, 1.0, 1.0)], axis=1)
    rows, columns = grid.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]))
    middles = np.repeat((z[:-1] + z[1:]) / 2, columns - 1)
    of_column = np.tile([chosen[min(k, columns - 2 - k)] for k in range(columns - 1)], rows - 1)
    wears = [_wears(car, int(k), float(m)) for k, m in zip(of_column, middles, strict=True)]
    faces = np.stack([np.column_stack([a, c, b]), np.column_stack([a, d, c])], 1).reshape(-1, 3)
    names = np.repeat(np.array(wears), 2)
    points = grid.reshape(-1, 3)
    whole = Part(points, faces, points[:, [2, 1]][faces])
    whole = replace(whole, bent=whole.normals)
    found = [(kept(whole, names == name), name) for name in sorted(set(wears))]
    return [*found, (_cap(grid[0][::-1]), PAINT), (_cap(grid[-1]), PAINT)]


def _cap(ring: Floats) -> Part:
    """A flat end of the shell."""
    faces = np.array([(0, k, k + 1) for k in range(1, len(ring) - 1)], np.int64)
    return Part(ring, faces, ring[:, :2][faces])


def _wheels(car: Car, fine: bool) -> list[tuple[Part, str]]:
    sides, r = (18, car.wheel_m) if fine else (6, car.wheel_m)
    tyre = [(0.02, 0.64 * r), (0.02, 0.66 * r), (0.005, 0.92 * r), (0.03, r), (0.17, r), (0.19, 0.9 * r)]
    rim = [(0.03, 0.64 * r), (0.045, 0.5 * r), (0.02, 0.2 * r), (0.012, 0.0)]
    tyre = tyre if fine else [(0.0, 0.64 * r), (0.0, r), (0.18, r)]
    rim = rim if fine else [(0.0, 0.64 * r), (0.0, 0.0)]
    found = []
    for z in car.wheels:
        out = float(_at(car.half, np.array([z]))[0]) - 0.015
        for side in (1.0, -1.0):
            for profile, name in ((tyre, DARK), (rim[::-1], "metal")):
                part = turned([(y, x) for y, x in profile], sides)
                along, y, up = part.points.T
                points = np.column_stack([side * (out - y), up + r, z - side * along])
                faces = part.triangles[:, ::-1] if name == "metal" else part.triangles
                found.append((Part(points, faces, part.uv), name))
    return found


def _under(car: Car) -> Box:
    nose, tail, half = car.top[0][0], car.top[-1][0], max(value for _, value in car.half)
    return (-half + 0.21, _SILL_M - 0.01, tail + 0.18, half - 0.21, 0.56, nose - 0.2)


def _trim(car: Car) -> list[tuple[Part, str]]:
    """Grille, plates, bumpers, mirrors, handles and the gaps of the doors."""
    nose, tail = car.top[0][0], car.top[-1][0]
    boxes: list[tuple[Box, str]] = [
        ((-0.46, 0.25, nose - 0.05, 0.46, 0.38, nose + 0.012), DARK),
        ((-0.26, 0.41, nose - 0.04, 0.26, 0.52, nose + 0.02), "plate"),
        ((-0.26, 0.40 + 0.22, tail - 0.02, 0.26, 0.73, tail + 0.08), "plate"),
        ((-0.50, 0.25, tail - 0.012, 0.50, 0.36, tail + 0.05), DARK),
    ]
    at = car.windows[0][1] - 0.08
    belt, half = (float(_at(curve, np.array([at]))[0]) for curve in (car.belt, car.half))
    for side in (-1.0, 1.0):
        inner, outer = sorted((side * (half - 0.04), side * (half + 0.16)))
        boxes.append(((inner, belt + 0.01, at - 0.06, outer, belt + 0.13, at + 0.04), PAINT))
        for seam in car.seams[:2]:
            low, high = sorted((side * (half - 0.02), side * (half + 0.018)))
            boxes.append(((low, belt - 0.13, seam - 0.22 - 0.18, high, belt - 0.105, seam - 0.22), DARK))
    return [(block(box, 1.0), name) for box, name in boxes] + _gaps(car)


def _gaps(car: Car) -> list[tuple[Part, str]]:
    found = []
    for seam in car.seams:
        strip = sections(car, np.array([seam + 0.006, seam - 0.006]))[:, 1:4] * (1.004, 1.0, 1.0)
        for side in (1.0, -1.0):
            points = (strip * (side, 1.0, 1.0)).reshape(-1, 3)
            faces = np.array([(0, 3, 1), (1, 3, 4), (1, 4, 2), (2, 4, 5)])
            faces = faces[:, ::-1] if side > 0 else faces
            found.append((Part(points, faces, points[:, [2, 1]][faces]), DARK))
    return found


def pieces(car: Car, fine: bool) -> list[tuple[Part, str]]:
    """A whole car by material."""
    found = shell(car, fine) + _wheels(car, fine)
    found.append((block(_under(car), 1.0), DARK))
    return found + _trim(car) if fine else found


SURFACES = {
    PAINT: Surface(PAINT, tint=(0.35, 0.36, 0.38), roughness=0.25),
    GLASS: Surface(GLASS, tint=(0.015, 0.018, 0.02), roughness=0.05),
    DARK: Surface(DARK, tint=(0.018, 0.018, 0.019), roughness=0.75),
    "metal": Surface("metal", tint=(0.45, 0.46, 0.47), roughness=0.35, metal=1.0),
    LAMP: Surface(LAMP, tint=(0.72, 0.73, 0.74), roughness=0.12),
    TAIL: Surface(TAIL, tint=(0.32, 0.012, 0.012), roughness=0.15),
    "plate": Surface("plate", tint=(0.72, 0.72, 0.70), roughness=0.5),
}


def make(folder: Path, only: str) -> None:
    """Write a car near and far."""
    for suffix, fine in (("", True), ("_far", False)):
        found = pieces(CARS[only], fine)
        names = sorted({name for _, name in found})
        parts = [(joined([part for part, name in found if name == wanted]), SURFACES[wanted]) for wanted in names]
        write_static(folder / "vehicles" / f"{only}{suffix}.glb", only, parts)
