"""The study around the desk: the room with its baked light, what can be moved in it, and the garden outside."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

import environments
from environments.gltf.load import load_gltf
from environments.render.model import Float32, Item, Material
from environments.render.shapes import placements, quads
from environments.scenes.manifest import ParameterValue
from environments.scenes.spiders.place import DESK, FRAME, HANDS_M, JAR, SIDE_TABLE_M

ASSETS = Path(environments.__file__).parent / "assets"
MOVED = ("jar", "lid", "side_table", "frame")
LID_OPEN_DEG = 68.0
_GARDEN_M = -2.9
_TREES = (
    (-11.0, -6.5, 15.0),
    (-15.5, 1.0, 140.0),
    (-13.0, -13.5, 260.0),
    (-24.0, -8.0, 80.0),
    (-26.0, 6.0, 200.0),
    (-30.0, -20.0, 20.0),
)
_SHRUBS = tuple((-7.5 - 0.5 * (k % 3), -11.0 + 1.25 * k, 61.0 * k) for k in range(14))


def room_items() -> tuple[Item, ...]:
    """Everything that is not alive."""
    found = []
    for placed in load_gltf(ASSETS / "rooms" / "study.glb").placed:
        item = placed.item
        group = item.name if item.name in MOVED else "static"
        found.append(Item(item.name, item.mesh, item.material, item.transforms, group))
    return (*found, *_garden())


def _garden() -> list[Item]:
    """A lawn a storey below, a hedge and trees."""
    low, far = _GARDEN_M, -90.0
    corners = np.array([[(far, low, 60.0), (-2.7, low, 60.0), (-2.7, low, -80.0), (far, low, -80.0)]])
    grass = Material((0.10, 0.17, 0.05), roughness=0.95, pattern="foliage", pattern_scale_m=0.6)
    found = [Item("lawn", quads(corners), grass, np.eye(4, dtype=np.float32)[None])]
    for name, spots, sizes in (("linden_far", _TREES, (0.8, 0.95)), ("shrub", _SHRUBS, (0.9, 1.3))):
        places = np.array([(x, low, z) for x, z, _ in spots])
        grown = np.linspace(*sizes, len(spots))
        matrices = placements(places, np.array([yaw for *_, yaw in spots]), grown)
        for placed in load_gltf(ASSETS / "plants" / f"{name}.glb").placed:
            item = placed.item
            found.append(Item(f"garden {name}", item.mesh, item.material, matrices.astype(np.float32)))
    return found


def jar_place_m(distance_m: float, holds: str) -> tuple[float, float]:
    """Where the jar's middle is (x, z): at its distance while it holds a spider, else aside on the desk."""
    if holds not in ("closed jar", "open jar"):
        return JAR.aside_m
    return 0.0, HANDS_M[1] - _on_something_m(max(distance_m, 0.02) + JAR.radius_m, JAR.radius_m + 0.02)


def _on_something_m(away_m: float, half_m: float) -> float:
    """A distance at which a thing stands on the desk or, beyond it, on the side table; never between them."""
    last = HANDS_M[1] - DESK.back_z_m - half_m
    first = HANDS_M[1] - DESK.back_z_m + SIDE_TABLE_M + 0.03
    if away_m <= last:
        return away_m
    return first + (away_m - last) * (4.0 - SIDE_TABLE_M - first) / (4.0 - last)


def frame_place(distance_m: float, holds: str) -> Float32:
    """Where the framed drawing is (4, 4): on the far wall, or leaning on the desk or the side table."""
    out = np.eye(4, dtype=np.float32)
    if holds != "picture" or distance_m >= 3.6:
        out[:3, 3] = FRAME.wall_m
        return out
    size = np.float32(0.62)
    lean = np.radians(-11.0)
    turn = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    out[:3, :3] = size * turn
    out[:3, 3] = (0.0, DESK.top_m, HANDS_M[1] - _on_something_m(max(distance_m, 0.2), 0.13))
    return out


def moves(values: dict[str, ParameterValue], open_deg: float) -> tuple[dict[str, Float32], set[str]]:
    """Places of jar, lid, side table and drawing, and what is hidden."""
    holds, distance = str(values["containment"]), float(values["distance_m"])
    jar, lid, table = (np.eye(4, dtype=np.float32) for _ in range(3))
    x, z = jar_place_m(distance, holds)
    jar[:3, 3] = (x, DESK.top_m, z)
    turn = np.radians(-open_deg)
    lid[1, 1] = lid[2, 2] = np.cos(turn)
    lid[1, 2], lid[2, 1] = -np.sin(turn), np.sin(turn)
    lid[:3, 3] = (x, DESK.top_m + JAR.height_m, z - JAR.radius_m)
    drawing = frame_place(distance, holds)
    hangs = float(drawing[1, 3]) > DESK.top_m
    stands = z if hangs else float(drawing[2, 3])
    table[:3, 3] = (0.0, 0.0, min(stands, DESK.back_z_m - SIDE_TABLE_M - 0.03))
    hidden = set() if stands < DESK.back_z_m else {"side_table"}
    found = {"jar": jar, "lid": lid, "side_table": table, "frame": drawing}
    return {name: matrix[None] for name, matrix in found.items()}, hidden


@lru_cache(maxsize=1)
def still() -> Float32:
    """One unit matrix (1, 4, 4)."""
    return np.eye(4, dtype=np.float32)[None]
