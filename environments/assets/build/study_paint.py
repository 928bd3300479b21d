"""Pictures of the study's surfaces: boards, veneer, plaster, rug, spines of books, cloth, a drawing of a spider."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from environments.assets.build.masonry import Files
from environments.assets.build.mesh import Floats
from environments.assets.build.paint import encoded, layered, mix, normal_map, smoothstep

Colour = tuple[float, float, float]


def _grid(size: int) -> tuple[Floats, Floats]:
    y, x = np.mgrid[0:size, 0:size] / size
    return x, y


def _files(colour: Floats, height_px: Floats, rough: Floats, open_0to1: float = 1.0) -> Files:
    masks = np.stack([np.full_like(rough, open_0to1), rough, np.zeros_like(rough)], -1)
    return (
        encoded(np.clip(colour, 0, 1), quality=87),
        encoded(normal_map(height_px, wrap=True), quality=84),
        encoded(masks, quality=80),
    )


def _grain(u: Floats, v: Floats, seed: int, period: int) -> tuple[Floats, Floats]:
    """Rings and pores of wood that grows along v; u and v in about 10 cm."""
    bend = layered(np.stack([u * 1.0, v * 0.5], -1), seed, 3, period)
    rings = np.sin(2 * np.pi * (u * 3.2 + 1.5 * bend)) * 0.5 + 0.5
    pores = layered(np.stack([u * 32, v * 2.0], -1), seed + 3, 3, period * 2)
    return rings**1.5, pores


def boards(tones: tuple[Colour, Colour], seed: int, size: int = 1024) -> Files:
    """Floor boards of 12.5 cm, a square of 1 m; joints staggered."""
    x, y = _grid(size)
    columns = 8
    board = np.floor(x * columns)
    which = np.sin(board * 12.9898 + seed) * 43758.5453
    one = which - np.floor(which)
    start = (y + one * 0.77) % 1.0
    end = np.floor(start * 1.0 + 0.5 * (board % 2))
    other = np.sin(board * 37.7 + end * 91.3 + seed) * 7919.17
    shade = other - np.floor(other)
    rings, pores = _grain(x * 10 + one * 40, y * 10 + shade * 30, seed, 10)
    share = np.clip(0.30 + 0.35 * rings + 0.22 * pores + 0.5 * (shade - 0.5), 0, 1)
    colour = mix(tones[0], tones[1], share)
    u = (x * columns) % 1.0
    gap = smoothstep(0.0, 0.020, np.minimum(u, 1 - u)) * smoothstep(0.0, 0.0030, np.minimum(start, 1 - start))
    colour = colour * (0.35 + 0.65 * gap)[..., None]
    return _files(colour, 2.2 * gap + 0.5 * pores, np.clip(0.50 - 0.06 * rings + 0.2 * (1 - gap), 0, 1), 0.42)


def veneer(tones: tuple[Colour, Colour], seed: int, rough: float, size: int = 1024) -> Files:
    """Varnished wood without joints, the grain along u; a square of 1.6 m."""
    x, y = _grid(size)
    rings, pores = _grain(y * 16, x * 16, seed, 16)
    broad = layered(np.stack([x * 2, y * 4], -1), seed + 9, 3, 2)
    share = np.clip(0.34 + 0.30 * rings + 0.26 * pores + 0.22 * broad, 0, 1)
    colour = mix(tones[0], tones[1], share)
    dark = smoothstep(0.35, 0.75, pores)
    colour = colour * (1 - 0.25 * dark)[..., None]
    return _files(colour, 0.35 * pores, np.clip(rough + 0.10 * dark - 0.05 * rings, 0, 1), 0.42)


def plain(tone: Colour, seed: int, rough: float, grain: float = 0.04, size: int = 256) -> Files:
    """Paint or plaster with a little life."""
    x, y = _grid(size)
    cloud = layered(np.stack([x * 3, y * 3], -1), seed, 4, 3)
    fine = layered(np.stack([x * 48, y * 48], -1), seed + 1, 2, 48)
    colour = np.array(tone) * (1 + grain * cloud + 0.6 * grain * fine)[..., None]
    return _files(colour, 0.5 * fine, np.full_like(x, rough), 0.42)


def rug(seed: int, size: int = 1024) -> Files:
    """A woven rug, 2.0 by 1.4 m in one picture: borders and a field of small lozenges."""
    x, y = _grid(size)
    edge = np.minimum(np.minimum(x, 1 - x) * 2.0, np.minimum(y, 1 - y) * 1.4)
    red, blue, sand = np.array((0.33, 0.10, 0.085)), np.array((0.085, 0.12, 0.19)), np.array((0.60, 0.51, 0.38))
    u, v = (x - 0.5) * 2.0, (y - 0.5) * 1.4
    cell = np.abs(((u / 0.16) % 1) - 0.5) + np.abs(((v / 0.16) % 1) - 0.5)
    colour = mix(red, blue, smoothstep(0.30, 0.27, cell))
    colour = mix(colour, sand, smoothstep(0.03, 0.015, np.abs(cell - 0.33)) * 0.8)
    colour = mix(colour, sand, smoothstep(0.10, 0.08, cell) * 0.7)
    star = np.abs(u) * 0.62 + np.abs(v)
    middle = smoothstep(0.34, 0.33, star)
    colour = mix(colour, mix(blue, sand, smoothstep(0.02, 0.01, np.abs(star % 0.085 - 0.04))), middle)
    band = (edge > 0.05) & (edge < 0.17)
    zigzag = np.abs((((u + v) / 0.09) % 1) - 0.5) * 2
    colour[band] = mix(blue, sand, smoothstep(0.6, 0.8, zigzag))[band] * 0.95
    for line in (0.045, 0.175):
        colour = mix(colour, sand, smoothstep(0.008, 0.005, np.abs(edge - line)))
    knots = layered(np.stack([x * 250, y * 175], -1), seed, 2)
    pile = layered(np.stack([x * 14, y * 10], -1), seed + 2, 3)
    colour = colour * (0.95 + 0.12 * knots + 0.10 * pile)[..., None]
    return _files(colour, 1.2 * knots, np.full_like(x, 0.97), 0.42)


def spines(seed: int, size: int = 512) -> Files:
    """Sixteen spines side by side: cloth or leather with bands and a title."""
    rng = np.random.default_rng(seed)
    x, y = _grid(size)
    tones = [(0.28, 0.08, 0.07), (0.09, 0.15, 0.24), (0.12, 0.20, 0.13), (0.42, 0.34, 0.22), (0.16, 0.12, 0.10),
             (0.50, 0.45, 0.38), (0.24, 0.14, 0.07), (0.10, 0.10, 0.12)]  # fmt: skip
    colour, height = np.zeros((size, size, 3)), np.zeros((size, size))
    wide = size // 16
    for k in range(16):
        columns = slice(k * wide, (k + 1) * wide)
        u, v = np.mgrid[0:size, 0:wide][1] / wide, y[:, columns]
        tone = np.array(tones[k % 8]) * rng.uniform(1.2, 1.9)
        part = np.broadcast_to(tone, (size, wide, 3)).copy()
        gold = np.array((0.62, 0.48, 0.22)) if rng.random() < 0.6 else np.array((0.75, 0.72, 0.66))
        for at in (rng.uniform(0.04, 0.14), 0.93):
            part = mix(part, gold, smoothstep(0.010, 0.006, np.abs(v - at)) * 0.8)
        top, low = rng.uniform(0.18, 0.26), rng.uniform(0.38, 0.62)
        letters = (np.sin(v * 320 + k) > -0.1) & (np.abs(u - 0.5) < rng.uniform(0.12, 0.22)) & (v > top) & (v < low)
        part = mix(part, gold, letters * 0.65)
        colour[:, columns] = part * (0.55 + 0.45 * np.sqrt(np.clip(1 - (2 * u - 1) ** 2, 0, 1)))[..., None]
        height[:, columns] = 6 * np.sqrt(np.clip(1 - (2 * u - 1) ** 2, 0, 1))
    weave = layered(np.stack([x * 128, y * 128], -1), seed, 2)
    return _files(colour * (1 + 0.10 * weave)[..., None], height + 0.5 * weave, np.full((size, size), 0.72), 0.42)


def pages(seed: int) -> Files:
    """Cut pages of books, lines along u."""
    x, y = _grid(128)
    lines = layered(np.stack([x * 2, y * 60], -1), seed, 2)
    return _files(
        np.array((0.80, 0.75, 0.64)) * (0.92 + 0.10 * lines)[..., None], 0.8 * lines, np.full_like(x, 0.9), 0.42
    )


def letter(seed: int) -> Files:
    """A written sheet of paper."""
    picture = Image.new("RGB", (512, 724), (236, 232, 222))
    draw, rng = ImageDraw.Draw(picture), np.random.default_rng(seed)
    for line in range(21):
        at, y = 62.0, 96 + 26 * line
        end = 450 if line % 7 != 6 else 240
        while at < end:
            wide = rng.uniform(12, 46)
            xs = np.arange(at, min(at + wide, end), 2.0)
            ys = y - 5 * np.abs(np.sin(xs * rng.uniform(0.5, 0.8))) + rng.normal(0, 0.6, len(xs))
            draw.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=(38, 44, 78), width=2)
            at += wide + 9
    return _from_picture(picture)


def drawing() -> Files:
    """A spider drawn in ink on paper with a mount, 40 by 50 cm."""
    picture = Image.new("RGB", (1024, 1280), (228, 222, 208))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((130, 150, 894, 1130), fill=(243, 238, 224), outline=(190, 182, 165), width=5)
    ink = (46, 36, 30)
    middle = np.array([512.0, 610.0])
    for sign in (1, -1):
        for turn, knee, foot in ((28, 210, 350), (62, 190, 310), (108, 185, 300), (148, 220, 370)):
            a = np.radians(turn)
            out = np.array([sign * np.sin(a), -np.cos(a)])
            lean = np.array([sign * np.cos(a), np.sin(a)]) * (-34 if turn < 90 else 34)
            spots = [
                middle + out * 40,
                middle + out * knee * 0.62 - lean,
                middle + out * knee - lean * 0.8,
                middle + out * foot,
            ]
            for (p, q), width in zip(pairwise(spots), (17, 13, 9), strict=True):
                draw.line([*p, *q], fill=ink, width=width, joint="curve")
                draw.ellipse([*(q - width / 2), *(q + width / 2)], fill=ink)
    draw.ellipse((446, 648, 578, 852), fill=(86, 62, 44), outline=ink, width=8)
    draw.ellipse((458, 540, 566, 662), fill=(104, 78, 56), outline=ink, width=8)
    for k in range(5):
        draw.arc((470, 676 + 32 * k, 554, 720 + 32 * k), 200, 340, fill=(196, 168, 126), width=6)
    for x in (486, 504, 520, 538):
        draw.ellipse((x - 5, 556, x + 5, 566), fill=(240, 236, 226))
    for x in (486, 538):
        draw.line((x, 545, x + (512 - x) // 3, 500), fill=ink, width=12)
    return _from_picture(picture.filter(ImageFilter.GaussianBlur(0.8)))


def landscape(seed: int) -> Files:
    """A painted landscape: hills under an evening sky, 40 by 50 cm."""
    y, x = np.mgrid[0:640, 0:512] / 512.0
    y = y * 0.8
    sky = mix((0.52, 0.60, 0.66), (0.86, 0.76, 0.62), smoothstep(0.1, 0.55, y))
    cloud = layered(np.stack([x * 3, y * 9], -1), seed, 4)
    colour = mix(sky, (0.90, 0.87, 0.80), 0.5 * smoothstep(0.1, 0.6, cloud))
    for k, (level, tone) in enumerate(
        ((0.52, (0.40, 0.46, 0.48)), (0.60, (0.30, 0.37, 0.30)), (0.72, (0.32, 0.33, 0.17)))
    ):
        edge = level + 0.05 * layered(np.stack([x * (2 + k), np.full_like(x, k)], -1), seed + k, 3)
        fields = 1 + 0.25 * layered(np.stack([x * 6, (y - edge) * 22], -1), seed + 9 + k, 3)
        colour = mix(colour, np.array(tone) * fields[..., None], smoothstep(-0.004, 0.004, y - edge))
    strokes = layered(np.stack([x * 60, y * 25], -1), seed + 20, 2)
    colour = np.clip(colour * (1 + 0.08 * strokes)[..., None], 0, 1)
    return _from_picture(Image.fromarray(np.round(colour * 255).astype(np.uint8)))


def _from_picture(picture: Image.Image) -> Files:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88, subsampling=0)
    masks = encoded(np.full((8, 8, 3), (0.42, 0.85, 0.0)), quality=80)
    return stream.getvalue(), b"", masks
