"""A spruce (also with few triangles for far away) and reeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from environments.assets.build.leaves import bark_pictures
from environments.assets.build.mesh import Floats, Part, joined, unit
from environments.assets.build.paint import encoded
from environments.assets.build.plants import both_sides, tube
from environments.assets.build.static_file import Surface, write_static

PLANTS = ("spruce", "reeds")
HEIGHT_M, REACH_M = 15.0, 2.9
_FINE = 3


def _bough_picture(size: int, seed: int, thick: int) -> Floats:
    """A spruce's bough seen from above (size, size, 4): its stem grows from the middle of the lower edge."""
    rng = np.random.default_rng(seed)
    large = 512 * _FINE
    picture = Image.new("RGBA", (large, large), (34, 46, 28, 0))
    draw = ImageDraw.Draw(picture)
    twigs = [(np.array([0.5, 1.0]), np.array([0.5, 0.04]))]
    for k in range(27):
        root = np.array([0.5, 0.97 - 0.034 * k])
        turn, long = np.radians(rng.uniform(48, 66)) * (1 if k % 2 else -1), (0.44 - 0.011 * k) * rng.uniform(0.8, 1.1)
        twigs.append((root, root + long * np.array([np.sin(turn), -np.cos(turn)])))
    for root, tip in twigs:
        along = unit(tip - root)
        side = np.array([-along[1], along[0]])
        for t in np.linspace(0.03, 1.0, 60):
            at, sign = root + (tip - root) * t, rng.choice((-1, 1))
            end = at + (along * 0.65 + side * sign) * rng.uniform(0.030, 0.050)
            share = rng.uniform(0, 1) * (0.4 + 0.6 * t)
            colour = (int(30 + 44 * share), int(44 + 52 * share), int(28 + 24 * share), 255)
            draw.line([*(tuple(p * large) for p in (at, end))], fill=colour, width=_FINE + thick)
        draw.line([*(tuple(p * large) for p in (root, tip))], fill=(60, 50, 36, 255), width=_FINE * 2)
    small = np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS), dtype=np.float64) / 255
    under = np.where(small[..., 3:] > 0.5, small[..., :3], np.array([0.16, 0.22, 0.13]))
    return np.concatenate([under, small[..., 3:]], -1)


def _boughs(rng: np.random.Generator, *, far: bool) -> Part:
    """Whorls of boughs that droop and lift at the tip, longer below."""
    parts = []
    whorls = 10 if far else 28
    for whorl in range(whorls):
        part = whorl / (whorls - 1)
        height, reach = 1.3 + (HEIGHT_M - 1.7) * part**0.9, REACH_M * (1.0 - part) ** 0.85 + 0.22
        count = max(int((5 if far else 8) * (1.0 - 0.5 * part)), 3)
        for k in range(count):
            turn = 2 * np.pi * (k + 0.37 * whorl) / count + rng.normal(0, 0.12)
            out = np.array([np.cos(turn), 0.0, np.sin(turn)])
            long = reach * rng.uniform(0.78, 1.08)
            wide = long * (0.72 if far else 0.56)
            side = np.array([-out[2], rng.normal(0, 0.16), out[0]])
            rows = [
                np.array([0, height, 0]) + out * long * t - np.array([0, long * (0.42 * t - 0.16 * t**3), 0])
                for t in (0.0, 0.5, 1.0)
            ]
            points = np.array([row + s * side * wide for row in rows for s in (-1, 1)])
            uv = np.array([(u, 1 - t) for t in (0.0, 0.5, 1.0) for u in (0, 1)], dtype=np.float64)
            faces = np.array([(0, 1, 3), (0, 3, 2), (2, 3, 5), (2, 5, 4)])
            bent = unit(points - np.array([0.0, height - 1.4, 0.0]))
            parts.append(Part(points, faces, uv[faces], bent=bent))
    return both_sides(joined(parts))


def _spruce(folder: Path) -> None:
    colour, relief = bark_pictures(256, 8, (0.30, 0.24, 0.19))
    for far in (False, True):
        rng = np.random.default_rng(41)
        heights = np.linspace(0, HEIGHT_M - 0.3, 3 if far else 7)
        line = np.column_stack([0.05 * np.sin(heights), heights, 0.04 * np.cos(heights * 0.7) - 0.04])
        stem = tube(line, 0.19 * (1 - 0.95 * heights / HEIGHT_M), 4 if far else 9, 2.0)
        needles = Surface(
            "spruce_needles",
            encoded(_bough_picture(256 if far else 512, 3, 26 if far else 6)),
            roughness=1.0,
            cut_out=True,
            two_sided=False,
            repeat=False,
        )
        bark = Surface("spruce_bark", encoded(colour), b"" if far else encoded(relief), roughness=0.95)
        name = f"spruce{'_far' if far else ''}"
        write_static(folder / "plants" / f"{name}.glb", name, [(stem, bark), (_boughs(rng, far=far), needles)])


def _reed_picture(size: int) -> Floats:
    """Reeds side by side (size, size, 4) with leaves and a few brown heads, roots at the lower edge."""
    rng = np.random.default_rng(6)
    large = size * _FINE
    picture = Image.new("RGBA", (large, large), (120, 118, 70, 0))
    draw = ImageDraw.Draw(picture)
    for number in range(26):
        root, tip, lean = rng.uniform(0.05, 0.95), rng.uniform(0.03, 0.5), rng.normal(0, 0.05)
        t = np.linspace(0, 1, 14)
        x, y = root + lean * t**2, 1 - t * (1 - tip)
        share = rng.uniform(0, 1)
        colour = (int(96 + 58 * share), int(108 + 44 * share), int(48 + 34 * share), 255)
        half = rng.uniform(0.006, 0.013) * (1 - t**2.2)
        points = np.concatenate([np.column_stack([x - half, y]), np.column_stack([x + half, y])[::-1]])
        draw.polygon([tuple(p) for p in np.clip(points, 0.005, 1) * large], fill=colour)
        if number % 4 == 0:
            top = np.array([x[-1], y[-1]]) * large
            draw.ellipse([top[0] - 9, top[1] - 10, top[0] + 9, top[1] + 95], fill=(84, 56, 34, 255))
    small = np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS), dtype=np.float64) / 255
    under = np.where(small[..., 3:] > 0.5, small[..., :3], np.array([0.46, 0.48, 0.26]))
    return np.concatenate([under, small[..., 3:]], -1)


def _reeds(folder: Path) -> None:
    rng = np.random.default_rng(43)
    parts = []
    for k in range(9):
        turn = np.pi * (k / 9 + rng.normal(0, 0.05))
        side = np.array([np.cos(turn), 0, np.sin(turn)]) * rng.uniform(0.30, 0.42)
        foot = np.array([rng.normal(0, 0.22), 0, rng.normal(0, 0.22)])
        height = rng.uniform(1.3, 1.75)
        points = np.array([foot + s * side + (0, height * t, 0) for t in (0, 1) for s in (-1, 1)])
        uv = np.array([(u, 1 - t) for t in (0, 1) for u in (0, 1)], dtype=np.float64)
        faces = np.array([(0, 1, 3), (0, 3, 2)])
        parts.append(Part(points, faces, uv[faces], bent=np.tile(unit(np.array([0.1, 1.0, 0.2])), (4, 1))))
    leaf = Surface("reeds", encoded(_reed_picture(512)), roughness=1.0, cut_out=True, two_sided=False, repeat=False)
    write_static(folder / "plants" / "reeds.glb", "reeds", [(both_sides(joined(parts)), leaf)])


def make(folder: Path, only: str) -> None:
    """Write one of the plants."""
    {"spruce": _spruce, "reeds": _reeds}[only](folder)
