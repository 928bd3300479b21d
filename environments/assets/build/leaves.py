"""Pictures of foliage with alpha, and bark that repeats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from environments.assets.build.mesh import Floats
from environments.assets.build.paint import layered, mix, normal_map, smoothstep

_FINE = 3  # drawn so much larger, then scaled down


@dataclass(frozen=True, slots=True)
class Foliage:
    """A kind of leaf: colours (sRGB 0–1), length and breadth of a leaf as parts of the picture, lobes, count."""

    dark: tuple[float, float, float]
    light: tuple[float, float, float]
    length: float = 0.15
    breadth: float = 0.58
    lobes: int = 0
    count: int = 70


def _outline(foliage: Foliage) -> Floats:
    """A leaf from its stalk at (0, 0) to its tip at (1, 0)."""
    t = np.linspace(0, 1, 25)
    half = 0.5 * foliage.breadth * np.sin(np.pi * t**0.8) ** 0.9
    if foliage.lobes:
        half = half * (0.62 + 0.38 * np.abs(np.sin(np.pi * (foliage.lobes + 0.5) * t)))
    return np.concatenate([np.column_stack([t, half]), np.column_stack([t, -half])[::-1]])


def twig_picture(foliage: Foliage, size: int, seed: int) -> Floats:
    """A twig with leaves (size, size, 4) 0–1, growing from the middle of the lower edge."""
    rng = np.random.default_rng(seed)
    large = size * _FINE
    picture = Image.new("RGBA", (large, large), (*(int(255 * c) for c in foliage.dark), 0))
    draw = ImageDraw.Draw(picture)
    twigs = [((0.5, 1.0), (0.5, 0.25))]
    for k in range(7):
        fork = np.array([0.5, 0.86 - 0.09 * k])
        turn = np.radians(rng.uniform(35, 62)) * (1 if k % 2 else -1)
        top = fork + np.array([np.sin(turn), -np.cos(turn)]) * rng.uniform(0.30, 0.42)
        twigs.append((tuple(fork), tuple(np.clip(top, 0.06, 0.94))))
    for root, tip in twigs:
        draw.line([(p[0] * large, p[1] * large) for p in (root, tip)], fill=(74, 58, 40, 255), width=_FINE * 3)
    for number in range(foliage.count):
        start, end = (np.array(p) for p in twigs[int(rng.integers(len(twigs)))])
        along = rng.uniform(0.25, 1.0)
        _leaf(draw, foliage, (start + (end - start) * along, np.arctan2(*(end - start)[::-1])), rng, number)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return _bled(np.asarray(small, dtype=np.float64) / 255, foliage)


def _leaf(
    draw: ImageDraw.ImageDraw, foliage: Foliage, place: tuple[Floats, float], rng: np.random.Generator, number: int
) -> None:
    (at, way), large = place, draw.im.size[0]
    turn = way + rng.choice((-1, 1)) * rng.uniform(0.2, 1.25)
    size = foliage.length * rng.uniform(0.75, 1.15)
    frame = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    outline = (_outline(foliage) * size * (1, rng.uniform(0.7, 1.0))) @ frame + at
    share = np.clip(0.25 + 0.75 * number / foliage.count + rng.normal(0, 0.16), 0, 1)
    colour = np.array(foliage.dark) * (1 - share) + np.array(foliage.light) * share
    points = [tuple(p) for p in np.clip(outline, 0.01, 0.99) * large]
    draw.polygon(points, fill=(*(int(255 * c) for c in colour), 255))
    half = points[: len(points) // 2 + 1]
    draw.polygon([*half, points[0]], fill=(*(int(255 * c * 0.88) for c in colour), 255))
    draw.line([points[0], points[24]], fill=(*(int(min(255, 255 * c * 1.25)) for c in colour), 255), width=_FINE)


def _bled(picture: Floats, foliage: Foliage) -> Floats:
    """Colour of the leaves under the transparent texels too, so that small mip levels get no dark rims."""
    solid = picture[..., 3:] > 0.5
    wide = Image.fromarray((np.concatenate([picture[..., :3] * solid, solid], -1) * 255).astype(np.uint8), "RGBA")
    soft = np.asarray(wide.filter(ImageFilter.GaussianBlur(12)), dtype=np.float64) / 255
    under = np.where(soft[..., 3:] > 0.01, soft[..., :3] / np.maximum(soft[..., 3:], 0.01), np.array(foliage.dark))
    return np.concatenate([np.where(solid, picture[..., :3], under), picture[..., 3:]], -1)


def blade_picture(size: int, seed: int) -> Floats:
    """Grass blades side by side (size, size, 4), roots at the lower edge."""
    rng = np.random.default_rng(seed)
    large = size * _FINE
    picture = Image.new("RGBA", (large, large), (70, 88, 40, 0))
    draw = ImageDraw.Draw(picture)
    for number in range(34):
        root, tip = rng.uniform(0.06, 0.94), rng.uniform(0.02, 0.45)
        lean, width = rng.uniform(-0.14, 0.14), rng.uniform(0.010, 0.020)
        t = np.linspace(0, 1, 12)
        x = root + lean * t**2
        y = 1 - t * (1 - tip)
        half = width * (1 - t**1.6)
        share = rng.uniform(0, 1)
        colour = (int(58 + 62 * share), int(86 + 50 * share), int(34 + 22 * share), 255)
        if number % 9 == 0:
            colour = (150, 138, 84, 255)
        points = np.concatenate([np.column_stack([x - half, y]), np.column_stack([x + half, y])[::-1]])
        draw.polygon([tuple(p) for p in np.clip(points, 0.005, 1) * large], fill=colour)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return _bled(np.asarray(small, dtype=np.float64) / 255, Foliage((0.26, 0.34, 0.16), (0.4, 0.5, 0.2)))


def bark_pictures(size: int, seed: int, tone: tuple[float, float, float]) -> tuple[Floats, Floats]:
    """Bark's colour and relief (size, size, 3), repeating both ways."""
    y, x = np.mgrid[0:size, 0:size] / size
    bend = 0.04 * layered(np.stack([x * 4, y * 4], -1), seed + 5, 2, 4)
    # Noise repeats after three cells: nine times across and once along make long furrows.
    ridges = 1 - np.abs(layered(np.stack([(x + bend) * 9, y * 3], -1), seed, 4, 3))
    fine = layered(np.stack([x * 32, y * 32], -1), seed + 1, 3, 32)
    height = ridges + 0.12 * fine
    moss = smoothstep(0.1, 0.8, layered(np.stack([x * 4, y * 4], -1), seed + 2, 3, 4))
    colour = mix(np.array(tone) * 0.45, np.array(tone) * 1.2, smoothstep(0.45, 1.0, height))
    colour = mix(colour, (0.30, 0.32, 0.20), 0.30 * moss)
    return colour, normal_map(height * 7.0, wrap=True)
