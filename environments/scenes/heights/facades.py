"""House fronts round the square: real window openings, shops, cornices, balconies, awnings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from environments.render.model import Float32, Mesh
from environments.render.shapes import boxes, copies, quads, rotation, transform, translation
from environments.render.shapes_building import Opening, pane, wall_with_openings, window_frame
from environments.scenes.heights.batch import Batch
from environments.scenes.heights.plan import GROUND_STOREY_M, STOREY_M, Building

WINDOW = (1.15, 1.85)
SHOP = (2.3, 2.9)
BALCONY_M = 1.1


@dataclass(slots=True)
class Openings:
    """Where windows stand, waiting to be drawn as instances."""

    windows: list[Float32] = field(default_factory=list)
    shops: list[Float32] = field(default_factory=list)


def front_matrix(house: Building) -> tuple[Float32, float]:
    """Takes the wall's own axes (x along it, z outwards) to the world; and the wall's width."""
    if house.faces == "front":
        return translation(house.left_m, 0.0, house.near_m), house.right_m - house.left_m
    if house.faces == "back":
        return translation(house.right_m, 0.0, house.far_m) @ rotation("y", 180.0), house.right_m - house.left_m
    if house.faces == "right":
        return translation(house.right_m, 0.0, house.near_m) @ rotation("y", 90.0), house.near_m - house.far_m
    return translation(house.left_m, 0.0, house.far_m) @ rotation("y", -90.0), house.near_m - house.far_m


def add_front(batch: Batch, house: Building, openings: Openings, rng: np.random.Generator) -> None:
    """One house front with everything on it."""
    matrix, width = front_matrix(house)
    columns = _columns(width, WINDOW[0], 2.75)
    shop_columns = _columns(width, SHOP[0], 3.7)
    upper = _upper_rows(house, columns)
    lower = [(x, 0.55, x + SHOP[0], 0.55 + SHOP[1]) for x in shop_columns]
    _add_walls(batch, house, matrix, (lower, upper))
    openings.shops += [matrix @ translation(x, y, 0.0) for x, y, _, _ in lower]
    openings.windows += [matrix @ translation(x, y, 0.0) for x, y, _, _ in upper]
    batch.add("cornice", *(transform(mesh, matrix) for mesh in _mouldings(width, house)))
    if rng.random() < 0.55:
        _add_balconies(batch, matrix, columns, house)
    if rng.random() < 0.6:
        _add_awnings(batch, matrix, shop_columns, int(rng.integers(3)))


def _columns(width_m: float, opening_m: float, spacing_m: float) -> list[float]:
    count = max(1, int((width_m - 1.2) / spacing_m))
    middles = (np.arange(count) + 0.5) * (width_m / count)
    return [float(x) - opening_m / 2 for x in middles]


def _upper_rows(house: Building, columns: list[float]) -> list[Opening]:
    rows = [GROUND_STOREY_M + STOREY_M * storey + 0.85 for storey in range(house.storeys - 1)]
    return [(x, y, x + WINDOW[0], y + WINDOW[1]) for y in rows for x in columns]


def _add_walls(batch: Batch, house: Building, matrix: Float32, openings: tuple[list[Opening], list[Opening]]) -> None:
    lower, upper = openings
    _, width = front_matrix(house)
    ground = wall_with_openings(width, GROUND_STOREY_M, lower)
    rest = [(x0, y0 - GROUND_STOREY_M, x1, y1 - GROUND_STOREY_M) for x0, y0, x1, y1 in upper]
    above = wall_with_openings(width, house.height_m - GROUND_STOREY_M, rest)
    batch.add("stone", transform(ground, matrix))
    batch.add(f"plaster {house.tint}", transform(above, matrix @ translation(0.0, GROUND_STOREY_M, 0.0)))


def _mouldings(width_m: float, house: Building) -> list[Mesh]:
    eaves = house.height_m
    lows = [(0.0, GROUND_STOREY_M - 0.15, -0.1), (0.0, eaves - 0.45, -0.1), (0.0, eaves - 0.12, -0.1), (0.0, 0.0, -0.1)]
    highs = [(width_m, GROUND_STOREY_M + 0.2, 0.14), (width_m, eaves - 0.12, 0.22), (width_m, eaves + 0.1, 0.5)]
    highs += [(width_m, 0.5, 0.06)]
    ends = [(0.0, 0.5, -0.1), (width_m - 0.45, 0.5, -0.1)]
    tops = [(0.45, eaves - 0.45, 0.08), (width_m, eaves - 0.45, 0.08)]
    return [boxes(lows + ends, highs + tops, ("front", "left", "right", "top", "bottom"))]


def _add_balconies(batch: Batch, matrix: Float32, columns: list[float], house: Building) -> None:
    rows = range(1, house.storeys - 1, 2)
    for storey in rows:
        y = GROUND_STOREY_M + STOREY_M * storey + 0.62
        for x in columns[1::2]:
            here = matrix @ translation(x - 0.3, y, 0.0)
            wide = WINDOW[0] + 0.6
            batch.add("cornice", transform(boxes([(0, -0.15, 0)], [(wide, 0, BALCONY_M)]), here))
            posts = np.linspace(0.0, wide - 0.04, 9)
            lows = [(float(p), 0.0, BALCONY_M - 0.06) for p in posts] + [(0, 0.95, BALCONY_M - 0.07)]
            highs = [(float(p) + 0.03, 0.95, BALCONY_M - 0.03) for p in posts] + [(wide, 1.0, BALCONY_M - 0.02)]
            lows += [(0, 0.95, 0), (wide - 0.05, 0.95, 0)]
            highs += [(0.05, 1.0, BALCONY_M - 0.07), (wide, 1.0, BALCONY_M - 0.07)]
            batch.add("iron", transform(boxes(lows, highs, ("front", "back", "top")), here))


def _add_awnings(batch: Batch, matrix: Float32, columns: list[float], color: int) -> None:
    wide = SHOP[0] + 0.3
    high, low, out = 3.6, 2.85, 1.5
    sheet = [(0, low, out), (wide, low, out), (wide, high, 0.05), (0, high, 0.05)]
    edge = [(0, low - 0.25, out), (wide, low - 0.25, out), (wide, low, out), (0, low, out)]
    for x in columns:
        here = matrix @ translation(x - 0.15, 0.0, 0.0)
        batch.add(f"awning {color}", transform(quads(np.array([sheet, edge, sheet[::-1]], float)), here))


def add_windows(batch: Batch, openings: Openings, rng: np.random.Generator) -> None:
    """Frames and panes of every opening; some blinds are down, and some windows are lit at dusk."""
    for places, size in ((openings.windows, WINDOW), (openings.shops, SHOP)):
        matrices = np.array(places, np.float32).reshape(-1, 4, 4)
        batch.add("joinery", copies(window_frame(*size), matrices))
        kind = rng.choice(["pane", "pane", "pane", "blind"], len(matrices))
        for name in ("pane", "blind"):
            batch.add(name, copies(pane(*size), matrices[kind == name]))
        lit = rng.random(len(matrices)) < 0.35
        batch.add("window lit", copies(pane(*size, recess_m=0.175), matrices[lit]), group="lit")
