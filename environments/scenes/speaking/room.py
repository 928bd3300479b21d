"""What stands in the hall: the baked room, seats, lectern, clock, lamps of the stage, sheets and telephones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

import environments
from environments.gltf.load import load_gltf
from environments.render.model import Float32, Item, Material, Mesh, Picture, SurfaceMaps
from environments.render.shapes import box, merge, moved, placements, prism, quads, rotation, transform, translation
from environments.render.shapes_round import cylinder, tube
from environments.scenes.speaking import seats

HALL = Path(environments.__file__).parent / "assets" / "rooms" / "hall.glb"
DOOR_M, DOOR_WIDE_M, TOP_M, BACK_M = 4.65, 0.72, 0.85, -15.4
HINGES_M = tuple((middle - side * DOOR_WIDE_M, side) for middle in (-DOOR_M, DOOR_M) for side in (1.0, -1.0))
"""Where (x) each leaf of the doors hangs, and to which side it reaches."""
BOARD_M, BOARD_DEG = (0.0, 1.14, -0.54), 35.0
"""The middle of the lectern's board from the patient's place, and how steep it is."""
CLOCK_M, CLOCK_RADIUS_M = (0.0, 3.86, BACK_M + 0.05), 0.30
SPOTS_M = ((-2.3, 4.22, -11.9), (2.3, 4.22, -11.9))
SHEETS, PHONES = 34, 14
IN_HAND = np.array(
    [(0.0, 0.0, 1.0, 0.045), (-0.17, 0.985, 0.0, -0.105), (-0.985, -0.17, 0.0, 0.03), (0.0, 0.0, 0.0, 1.0)],
    np.float32,
)
"""A telephone in the right hand of a body at rest: its screen faces the palm's side, its top is at the wrist."""
_ONCE = np.eye(4, dtype=np.float32)[None]
_FABRIC = Material((0.030, 0.060, 0.105), roughness=0.95, pattern="cloth", pattern_scale_m=0.05, casts_shadow=False)
_SHELL = Material((0.035, 0.033, 0.032), roughness=0.5, casts_shadow=False)
_WALNUT = Material((0.17, 0.085, 0.042), roughness=0.45, pattern="wood", pattern_scale_m=1.4, casts_shadow=False)
_PAPER = Material((0.78, 0.77, 0.73), roughness=0.9, casts_shadow=False)
_METAL = Material((0.30, 0.30, 0.30), roughness=0.35, metallic=1.0, casts_shadow=False)
_BLACK = Material((0.012, 0.012, 0.013), roughness=0.5, casts_shadow=False)
_LENS = Material((0.0, 0.0, 0.0), emission_linear=(16.0, 14.0, 11.0), casts_shadow=False)
_SCREEN = Material((0.0, 0.0, 0.0), emission_linear=(0.85, 1.05, 1.35), casts_shadow=False)


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """Everything but people."""
    return (*_hall(), *_seats(), *_lectern(), *_clock(), *_spots(), *_carried())


def _hall() -> Iterator[Item]:
    content = load_gltf(HALL)
    for placed in content.placed:
        name = content.nodes.names[int(placed.nodes[0])]
        group = name if name.startswith("leaf") else "static"
        yield Item(name, placed.item.mesh, placed.item.material, placed.item.transforms, group)


def _seats() -> Iterator[Item]:
    """A fixed chair at each place: pad, back, post."""
    lean = rotation("x", -9.0)
    pads = merge(
        [
            box((0.47, 0.075, 0.44), (0.0, 0.398, 0.0), 0.02),
            transform(box((0.46, 0.50, 0.055), (0.0, 0.0, 0.0), 0.02), translation(0.0, 0.70, -0.285) @ lean),
        ]
    )
    shell = merge(
        [
            box((0.44, 0.025, 0.42), (0.0, 0.348, 0.0)),
            transform(box((0.47, 0.53, 0.018), (0.0, 0.0, -0.04), 0.006), translation(0.0, 0.70, -0.285) @ lean),
            box((0.07, 0.345, 0.22), (0.0, 0.172, -0.06)),
        ]
    )
    places = placements(seats.seat_places_m())
    yield Item("seats", pads, _FABRIC, places)
    yield Item("seat shells", shell, _SHELL, places)


def on_board() -> Float32:
    """From the plane of the lectern's board (x right, y up along it) to the patient's place."""
    x, y, z = BOARD_M
    return np.asarray(translation(x, y, z) @ rotation("x", BOARD_DEG - 90.0), np.float32)


def _lectern() -> Iterator[Item]:
    """A column with a board, sheets on it, a microphone; it stands before the patient."""
    board = on_board()
    wood = [
        box((0.46, 1.00, 0.26), (0.0, 0.52, -0.66), 0.008),
        box((0.54, 0.04, 0.36), (0.0, 0.02, -0.64), 0.008),
        transform(box((0.66, 0.50, 0.028), (0.0, 0.02, -0.020), 0.006), board),
        transform(box((0.66, 0.018, 0.05), (0.0, -0.235, 0.012), 0.004), board),
    ]
    yield Item("lectern", merge(wood), _WALNUT, _ONCE, "lectern")
    sheet = box((0.46, 0.335, 0.003), (0.0, 0.0, -0.003))
    yield Item("notes", transform(sheet, board), _PAPER, _ONCE, "lectern")
    neck = [(0.27, 1.24, -0.75), (0.27, 1.34, -0.74), (0.255, 1.39, -0.69), (0.23, 1.405, -0.62)]
    yield Item("microphone neck", tube(np.array(neck), 0.0045, 8), _METAL, _ONCE, "lectern")
    head = transform(cylinder(0.008, 0.045, 12, 0.0095), translation(0.23, 1.405, -0.62) @ rotation("x", 100.0))
    yield Item("microphone", head, _BLACK, _ONCE, "lectern")


def _clock() -> Iterator[Item]:
    """A round clock on the back wall; its hands are groups."""
    x, y, z = CLOCK_M
    flat = rotation("x", 90.0)
    rim = transform(cylinder(CLOCK_RADIUS_M + 0.02, 0.035, 40), translation(x, y, z - 0.03) @ flat)
    face = transform(cylinder(CLOCK_RADIUS_M - 0.005, 0.04, 40), translation(x, y, z - 0.03) @ flat)
    yield Item("clock rim", rim, _BLACK, _ONCE)
    yield Item("clock face", face, Material((0.82, 0.82, 0.80), roughness=0.6, casts_shadow=False), _ONCE)
    marks = [
        transform(
            box((0.022 if hour % 3 == 0 else 0.012, 0.05, 0.004), (0.0, CLOCK_RADIUS_M - 0.045, 0.013)),
            translation(x, y, z) @ rotation("z", -30.0 * hour),
        )
        for hour in range(12)
    ]
    yield Item("clock marks", merge(marks), _BLACK, _ONCE)
    for name, wide, long, ahead in (("hour", 0.026, 0.15, 0.018), ("minute", 0.018, 0.235, 0.024)):
        yield Item(
            f"clock {name}", box((wide, long, 0.004), (0.0, 0.5 * long - 0.03, ahead)), _BLACK, _ONCE, f"clock {name}"
        )
    red = Material((0.45, 0.02, 0.02), roughness=0.5, casts_shadow=False)
    yield Item("clock second", box((0.008, 0.27, 0.003), (0.0, 0.10, 0.030)), red, _ONCE, "clock second")


def _spots() -> Iterator[Item]:
    """Two lamps that hang over the audience, their lenses and halos, the pool of light where the patient stands."""
    cans, lenses, halos = [], [], []
    around = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    lens = transform(prism(0.11 * np.stack([np.cos(around), -np.sin(around)], -1), 0.0, 0.004), rotation("x", 90.0))
    for x, y, z in SPOTS_M:
        way = rotation("y", float(np.degrees(np.arctan2(-x, 9.0)))) @ rotation("x", 17.0)
        back, lit, around_it = (
            np.asarray(translation(x, y, z) @ way @ translation(0.0, 0.0, ahead), np.float32)
            for ahead in (-0.36, 0.006, 0.08)
        )
        cans.append(transform(transform(cylinder(0.13, 0.36, 20), rotation("x", 90.0)), back))
        cans.append(moved(box((0.03, 0.5, 0.03)), x, y + 0.25, z - 0.15))
        lenses.append(transform(lens, lit))
        halos.append(transform(_disc(1.5), around_it))
    yield Item("spots", merge(cans), _BLACK, _ONCE)
    yield Item("spot lenses", merge(lenses), _LENS, _ONCE, "spot lenses")
    yield Item("spot halos", merge(halos), _glow("halo", (1.5, 1.3, 1.05), 3.2), _ONCE, "spot halos")
    pool = transform(_disc(1.9), translation(0.0, 0.006, -0.15) @ rotation("x", -90.0))
    yield Item("spot pool", pool, _glow("pool", (0.20, 0.15, 0.10), 1.6), _ONCE, "spot pool")


def _disc(radius_m: float) -> Mesh:
    """A square in the plane z = 0 that faces +z, with coordinates from 0 to 1."""
    r = radius_m
    mesh = quads(np.array([[(-r, -r, 0.0), (r, -r, 0.0), (r, r, 0.0), (-r, r, 0.0)]]))
    uvs = np.array([(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)], np.float32)
    return Mesh(mesh.positions_m, mesh.normals, uvs, mesh.indices)


def _glow(name: str, colour: tuple[float, float, float], steep: float) -> Material:
    """Light without a surface: brightest in the middle."""
    at = (np.arange(64) + 0.5) / 32.0 - 1.0
    part = np.clip(1.0 - np.hypot(at[:, None], at[None]), 0.0, 1.0) ** steep
    bright = np.full((64, 64, 4), 255, np.uint8)
    bright[..., :3] = np.round(255.0 * part)[..., None]
    clear = np.zeros((64, 64, 4), np.uint8)
    maps = SurfaceMaps(Picture(f"{name} clear", clear, True), emission=Picture(f"{name} light", bright, False))
    return Material((0.0, 0.0, 0.0), roughness=1.0, opacity=0.99, emission_linear=colour, casts_shadow=False, maps=maps)


def _carried() -> Iterator[Item]:
    """Sheets on the desks and telephones in hands; frames say where."""
    sheet = merge([box((0.21, 0.003, 0.297), (0.0, 0.0, 0.0)), moved(box((0.008, 0.008, 0.14)), 0.135, 0.004, 0.02)])
    yield Item("sheets", sheet, _PAPER, np.tile(_ONCE, (SHEETS, 1, 1)), "sheets")
    yield Item(
        "phones", box((0.074, 0.150, 0.008), (0.0, 0.0, 0.0), 0.003), _BLACK, np.tile(_ONCE, (PHONES, 1, 1)), "phones"
    )
    screen = quads(
        np.array([[(-0.033, -0.070, 0.005), (0.033, -0.070, 0.005), (0.033, 0.070, 0.005), (-0.033, 0.070, 0.005)]])
    )
    yield Item("phone screens", screen, _SCREEN, np.tile(_ONCE, (PHONES, 1, 1)), "phones")
    # What its light does to the hand and the chest behind it, seen from before the holder.
    glow = transform(_disc(0.17), rotation("y", 180.0))
    light = _glow("phone", (0.10, 0.13, 0.18), 2.0)
    yield Item("phone light", glow, light, np.tile(_ONCE, (PHONES, 1, 1)), "phones")


def clock_moves(time_s: float) -> Mapping[str, Float32]:
    """The hands of the clock; a session begins at two."""
    return _clock_at(int(time_s))


@lru_cache(maxsize=2)
def _clock_at(time_s: int) -> dict[str, Float32]:
    x, y, z = CLOCK_M
    at_s = 14.0 * 3600.0 + time_s
    turns = {"hour": at_s / 43200.0, "minute": at_s / 3600.0, "second": at_s / 60.0}
    return {
        f"clock {name}": np.asarray(
            (translation(x, y, z) @ rotation("z", -360.0 * float(turn % 1.0)))[None], np.float32
        )
        for name, turn in turns.items()
    }


@lru_cache(maxsize=4)
def door_moves(open_0to1: tuple[float, float]) -> dict[str, Float32]:
    """The leaves of both doors, each open by a part; they swing away from the hall."""
    found = {}
    for number, (x_m, side) in enumerate(HINGES_M):
        turn = rotation("y", side * 88.0 * open_0to1[number // 2])
        found[f"leaf {number}"] = np.asarray((translation(x_m, TOP_M, BACK_M + 0.03) @ turn)[None], np.float32)
    return found
