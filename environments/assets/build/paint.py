"""Textures made of numbers: maps of what lies under each texel, noise, normals from heights, picture files."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from environments.assets.build.mesh import Floats, Ints


def rasterised(uv: Floats, triangles: Ints, values: Floats, size: tuple[int, int]) -> tuple[Floats, NDArray[np.bool_]]:
    """Vertex values (n, k) spread over a texture.

    uv (m, 3, 2) per corner, size (width, height) px. Returns (height, width, k) and where something was drawn.
    """
    width, height = size
    found = np.zeros((height, width, values.shape[1]))
    drawn = np.zeros((height, width), dtype=bool)
    corners = uv * (width, height) - 0.5
    for (a, b, c), corner in zip(corners, triangles, strict=True):
        low = np.maximum(np.floor(np.minimum(np.minimum(a, b), c)).astype(int), 0)
        high = np.minimum(np.ceil(np.maximum(np.maximum(a, b), c)).astype(int) + 1, (width, height))
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if abs(area) < 1e-9 or (high <= low).any():
            continue
        x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
        u = ((b[0] - x) * (c[1] - y) - (c[0] - x) * (b[1] - y)) / area
        v = ((c[0] - x) * (a[1] - y) - (a[0] - x) * (c[1] - y)) / area
        inside = (u >= -0.02) & (v >= -0.02) & (u + v <= 1.02)
        weights = np.stack([u, v, 1 - u - v], -1)[inside]
        box = (slice(low[1], high[1]), slice(low[0], high[0]))
        found[box][inside] = weights @ values[corner]
        drawn[box] |= inside
    return found, drawn


def grown(picture: Floats, drawn: NDArray[np.bool_], steps: int = 8) -> Floats:
    """The picture with drawn texels spread into the empty ones around them, so that no seam shows."""
    now, full = picture.copy(), drawn.copy()
    for _ in range(steps):
        total, count = np.zeros_like(now), np.zeros(full.shape)
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            weight = np.roll(full, (dy, dx), (0, 1))
            total += np.roll(now, (dy, dx), (0, 1)) * weight[..., None]
            count += weight
        fresh = ~full & (count > 0)
        now[fresh] = total[fresh] / count[fresh][:, None]
        full |= fresh
    if full.any() and not full.all():
        now[~full] = now[full].mean(0)
    return now


def _hashed(cell: Ints, seed: int) -> Floats:
    """A number 0–1 for every lattice cell (…, d)."""
    mixed = np.full(cell.shape[:-1], seed * 7919 + 17, dtype=np.uint64)
    for k, prime in zip(range(cell.shape[-1]), (73856093, 19349663, 83492791), strict=False):
        mixed ^= cell[..., k].astype(np.uint64) * np.uint64(prime)
    mixed = (mixed ^ (mixed >> np.uint64(13))) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((mixed >> np.uint64(40)).astype(np.float64) / 2.0**24)


def noise(at: Floats, seed: int = 0, period: int | None = None) -> Floats:
    """Smooth value noise −1…1 at positions (…, d), d ≤ 3, one cell per unit; `period` makes it repeat."""
    cell = np.floor(at).astype(np.int64)
    part = at - cell
    part = part * part * (3 - 2 * part)
    found = np.zeros(at.shape[:-1])
    dimensions = at.shape[-1]
    for corner in range(2**dimensions):
        offset = np.array([(corner >> k) & 1 for k in range(dimensions)])
        weight = np.prod(np.where(offset == 1, part, 1 - part), axis=-1)
        here = cell + offset if period is None else (cell + offset) % period
        found += weight * _hashed(here, seed)
    return np.asarray(found * 2 - 1)


def layered(at: Floats, seed: int = 0, octaves: int = 4, period: int | None = None) -> Floats:
    """Noise in octaves, about −1…1."""
    found, size = np.zeros(at.shape[:-1]), 1.0
    for octave in range(octaves):
        wraps = None if period is None else period * 2**octave
        found += size * noise(at * 2.0**octave, seed + octave * 101, wraps)
        size *= 0.5
    return np.asarray(found / 1.6)


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 below `low`, 1 above `high`, smooth between; `high` may be the smaller."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def mix(a: Floats | Sequence[float], b: Floats | Sequence[float], share: Floats) -> Floats:
    """Colours (…, 3) blended by share (…)."""
    return np.asarray(np.asarray(a) * (1 - share[..., None]) + np.asarray(b) * share[..., None])


def normal_map(height_px: Floats, *, wrap: bool = False) -> Floats:
    """Tangent-space normals as colours 0–1 of a height field in texel widths (green is up)."""
    wide = np.pad(height_px, 1, mode="wrap") if wrap else np.pad(height_px, 1, mode="edge")
    dx, dy = (wide[1:-1, 2:] - wide[1:-1, :-2]) / 2, (wide[2:, 1:-1] - wide[:-2, 1:-1]) / 2
    vector = np.stack([-dx, dy, np.ones_like(dx)], -1)
    return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True) * 0.5 + 0.5)


def blurred(values: Floats, radius_px: float) -> Floats:
    """A single channel 0–1, blurred."""
    picture = Image.fromarray(np.round(np.clip(values, 0, 1) * 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius_px)), dtype=np.float64) / 255


def encoded(colours: Floats, *, lossless: bool = False, quality: int = 90) -> bytes:
    """Colours 0–1 (h, w, 3 or 4) as a JPEG, or as a PNG where lossless or with alpha."""
    pixels = np.round(np.clip(colours, 0, 1) * 255).astype(np.uint8)
    stream = io.BytesIO()
    if lossless or pixels.shape[2] == 4:
        Image.fromarray(pixels).save(stream, "PNG", optimize=True)
    else:
        Image.fromarray(pixels).save(stream, "JPEG", quality=quality, subsampling=0)
    return stream.getvalue()
