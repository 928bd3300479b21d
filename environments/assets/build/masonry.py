"""Pictures of building materials: colour, relief and occlusion–roughness–metal as files; walls repeat every 2 m."""

from __future__ import annotations

import numpy as np

from environments.assets.build.mesh import Floats
from environments.assets.build.paint import encoded, layered, mix, normal_map, smoothstep

Colour = tuple[float, float, float]
Files = tuple[bytes, bytes, bytes]
_SIZE_PX = 512


def _grid(size: int = _SIZE_PX) -> tuple[Floats, Floats]:
    y, x = np.mgrid[0:size, 0:size] / size
    return x, y


def _noise(x: Floats, y: Floats, cells: int, seed: int, octaves: int = 4) -> Floats:
    return layered(np.stack([x * cells, y * cells], -1), seed, octaves, cells)


def _files(colour: Floats, height_px: Floats, rough: Floats, sky: Floats | None = None, *, metal: float = 0.0) -> Files:
    free = np.ones_like(rough) if sky is None else sky
    masks = np.stack([free, rough, np.full_like(rough, metal)], -1)
    return (
        encoded(colour, quality=88),
        encoded(normal_map(height_px, wrap=True), quality=88),
        encoded(masks, quality=85),
    )


def plaster(tone: Colour, seed: int) -> Files:
    """Rough painted plaster with faint stains."""
    x, y = _grid()
    stains = _noise(x, y, 3, seed, 4)
    grain = _noise(x, y, 64, seed + 1, 3)
    colour = np.array(tone) * (1 + 0.05 * stains + 0.045 * grain)[..., None]
    colour = mix(colour, np.array(tone) * (0.80, 0.80, 0.82), 0.4 * smoothstep(0.25, 0.9, stains))
    return _files(colour, 1.1 * grain + 0.8 * _noise(x, y, 16, seed + 2, 2), 0.90 + 0.04 * grain)


def wall(tone: Colour, seed: int) -> Files:
    """Bricks of 250 × 83 mm in running bond."""
    x, y = _grid()
    rows, columns = 24, 8
    row = np.floor(y * rows)
    shifted = (x * columns + 0.5 * (row % 2)) % columns
    u, v = shifted % 1, (y * rows) % 1
    edge = np.minimum(np.minimum(u, 1 - u) * 3.0, np.minimum(v, 1 - v))
    face = smoothstep(0.06, 0.13, edge + 0.015 * _noise(x, y, 64, seed, 2))
    which = np.sin(np.floor(shifted) * 12.9898 + row * 78.233 + seed) * 43758.5453
    shade = which - np.floor(which)
    brick = np.array(tone) * (0.72 + 0.55 * shade)[..., None] * (1 + 0.10 * _noise(x, y, 48, seed + 1, 3))[..., None]
    colour = mix((0.60, 0.57, 0.52), brick, face)
    return _files(colour, 3.0 * face + 0.6 * _noise(x, y, 64, seed + 2, 2), 0.93 - 0.08 * face, 0.65 + 0.35 * face)


def stone(tone: Colour, seed: int) -> Files:
    """Dressed stone, a little weathered."""
    x, y = _grid(256)
    cloud, grain = _noise(x, y, 4, seed + 7, 4), _noise(x, y, 64, seed + 8, 2)
    colour = np.array(tone) * (1 + 0.09 * cloud + 0.05 * grain)[..., None]
    return _files(colour, 0.6 * grain, 0.84 + 0.05 * grain)


def timber(tone: Colour) -> Files:
    """Painted wood."""
    x, y = _grid(128)
    grain = layered(np.stack([x * 32, y * 4], -1), 5, 3, 4)
    return _files(np.array(tone) * (1 + 0.04 * grain)[..., None], 0.4 * grain, 0.52 + 0.06 * grain)


def brushed(tone: Colour, roughness: float, seed: int) -> Files:
    """Brushed metal, its strokes upright; its shine is in the roughness, for rooms have no sky to mirror."""
    x, y = _grid(256)
    strokes = layered(np.stack([x * 128, y * 2], -1), seed, 2, 2)
    cloud = _noise(x, y, 2, seed + 1, 3)
    colour = np.array(tone) * (1 + 0.035 * strokes + 0.02 * cloud)[..., None]
    return _files(colour, 0.12 * strokes, roughness + 0.05 * strokes)


def roofing(tone: Colour, seed: int) -> Files:
    """Flat tiles in rows, 200 × 250 mm."""
    x, y = _grid()
    rows, columns = 8, 10
    row = np.floor(y * rows)
    across = (x * columns + 0.5 * (row % 2)) % columns
    u, v = across % 1, (y * rows) % 1
    which = np.sin(np.floor(across) * 17.13 + row * 41.7 + seed) * 9631.77
    shade = 0.78 + 0.4 * (which - np.floor(which))
    gap = smoothstep(0.0, 0.05, np.minimum(u, 1 - u)) * smoothstep(0.0, 0.06, 1 - v)
    colour = np.array(tone) * (shade * (0.45 + 0.55 * gap) * (1 + 0.1 * _noise(x, y, 32, seed, 3)))[..., None]
    return _files(colour, 5.0 * v * gap, np.full(x.shape, 0.85), 0.5 + 0.5 * gap)


def window_pane(seed: int) -> Files:
    """Glass before a dark room with curtains; smooth, so that it mirrors the sky."""
    x, y = _grid(256)
    room = mix((0.045, 0.055, 0.065), (0.10, 0.115, 0.13), 1 - y)
    folds = 0.5 + 0.5 * np.sin(x * 2 * np.pi * 11 + 2.0 * layered(np.stack([x * 4, y * 2], -1), seed, 2))
    cloth = np.array((0.50, 0.49, 0.45)) * (0.42 + 0.35 * folds)[..., None]
    drawn = np.maximum(smoothstep(0.27, 0.24, x + 0.03 * y), smoothstep(0.73, 0.76, x - 0.03 * y))
    colour = mix(room, cloth, drawn)
    return encoded(colour, quality=88), b"", encoded(np.stack([np.ones_like(x), np.full_like(x, 0.06), 0 * x], -1))


def shop_inside(seed: int) -> Files:
    """A shop behind glass in daylight: shelves with muted goods, two lamps, all fading into the dark."""
    rng = np.random.default_rng(seed)
    x, y = _grid()
    colour = mix((0.055, 0.048, 0.042), (0.20, 0.17, 0.135), smoothstep(0.95, 0.05, y))
    wares = np.array(
        [(0.33, 0.28, 0.21), (0.22, 0.13, 0.09), (0.16, 0.20, 0.17), (0.38, 0.35, 0.31), (0.14, 0.16, 0.20)]
    )
    for shelf in (0.36, 0.60, 0.84):
        at = 0.02
        while at < 0.96:
            wide, tall = rng.uniform(0.012, 0.030), rng.uniform(0.06, 0.15)
            middle, tone = at + wide / 2, wares[rng.integers(len(wares))] * rng.uniform(0.7, 1.1)
            neck = rng.uniform(0.35, 1.0)  # bottles and jars are narrower above their shoulders
            half = wide / 2 * np.where(y < shelf - tall * 0.68, neck, 1.0)
            inside = (
                np.clip((half - np.abs(x - middle)) * 300, 0, 1)
                * (y < shelf)
                * smoothstep(-0.006, 0.002, y - shelf + tall)
            )
            round_ = 0.60 + 0.40 * np.sqrt(np.clip(1 - ((x - middle) / (wide / 2)) ** 2, 0, 1))
            label = 1 + 0.5 * (np.abs(y - shelf + tall * 0.33) < tall * 0.14)
            lit = (round_ * label * (1.05 - 0.5 * shelf))[..., None]
            colour = colour * (1 - inside[..., None]) + np.clip(tone * lit, 0, 0.6) * inside[..., None]
            at += wide + rng.uniform(0.001, 0.012) + (rng.uniform(0.02, 0.06) if rng.uniform() < 0.12 else 0.0)
        board = (y > shelf) & (y < shelf + 0.012)
        colour[board] = (0.17, 0.12, 0.08)
        colour *= (1 - 0.5 * smoothstep(shelf + 0.07, shelf + 0.012, y) * (y > shelf + 0.012))[..., None]
    lamps = sum(np.exp(-(((x - c) / 0.10) ** 2) - ((y - 0.03) / 0.10) ** 2) for c in (0.25, 0.75))
    colour = mix(colour, (0.95, 0.84, 0.66), np.clip(np.asarray(lamps), 0, 1) * 0.45)
    return encoded(colour, quality=90), b"", encoded(np.stack([np.ones_like(x), np.full_like(x, 0.07), 0 * x], -1))
