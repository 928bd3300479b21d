"""Tileable pictures that shaders read instead of evaluating noise: detail, cells, moving water."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bytes = NDArray[np.uint8]

WATER_TILE_M, WATER_LOOP_S, WATER_FRAMES, WATER_SIZE = 12.0, 8.0, 64, 128


def _spectral(size: int, slope: float, lowest: float, rng: np.random.Generator) -> Array:
    """Tileable noise (size, size) with amplitude falling as frequency ** -slope, mean 0, deviation 1."""
    frequency = np.fft.fftfreq(size) * size
    radius = np.hypot(frequency[:, None], frequency[None, :])
    amplitude = np.where(radius >= lowest, np.maximum(radius, 1.0) ** -slope, 0.0)
    waves = np.fft.fft2(rng.standard_normal((size, size))) * amplitude
    field = np.fft.ifft2(waves).real
    return np.asarray((field - field.mean()) / field.std())


def _bytes(field: Array, spread: float) -> Bytes:
    """Values from -spread to spread as 0 to 255."""
    return np.clip(np.round((field / spread * 0.5 + 0.5) * 255.0), 0, 255).astype(np.uint8)


def detail_map(size: int = 512) -> Bytes:
    """(size, size, 4): slope along u, slope along v, height, and fine grain; all tileable."""
    rng = np.random.default_rng(11)
    height = _spectral(size, 1.45, 2.0, rng)
    along_u = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) / 2.0
    along_v = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) / 2.0
    deviation = along_u.std()
    grain = _spectral(size, 0.35, 24.0, rng)
    layers = [
        _bytes(along_u / deviation, 3.0),
        _bytes(along_v / deviation, 3.0),
        _bytes(height, 3.0),
        _bytes(grain, 3.0),
    ]
    return np.ascontiguousarray(np.stack(layers, axis=-1))


def cells_map(size: int = 256, across: int = 20) -> Bytes:
    """(size, size, 4): distance to the nearest point, gap to the second one, the cell's number, soft noise."""
    rng = np.random.default_rng(12)
    points = (
        np.stack(np.meshgrid(np.arange(across), np.arange(across)), -1) + rng.random((across, across, 2))
    ) / across
    numbers = rng.random((across, across))
    place = (np.stack(np.meshgrid(np.arange(size), np.arange(size)), -1) + 0.5) / size
    cell = (place * across).astype(int)
    nearest, second = np.full((size, size), 9.0), np.full((size, size), 9.0)
    number = np.zeros((size, size))
    for step_x in (-2, -1, 0, 1, 2):
        for step_y in (-2, -1, 0, 1, 2):
            column, row = (cell[..., 0] + step_x) % across, (cell[..., 1] + step_y) % across
            apart = place - points[row, column]
            apart -= np.round(apart)
            distance = np.hypot(apart[..., 0], apart[..., 1]) * across
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            number = np.where(closer, numbers[row, column], number)
            nearest = np.where(closer, distance, nearest)
    layers = [nearest / 1.2, second - nearest, number]
    stacked = [np.clip(layer * 255.0, 0, 255).astype(np.uint8) for layer in layers]
    return np.ascontiguousarray(np.stack([*stacked, _bytes(_spectral(size, 1.9, 1.0, rng), 3.0)], axis=-1))


def water_slopes() -> Bytes:
    """(frames, size, size, 4): slopes, now and one frame later, of wind waves on a `WATER_TILE_M` tile.

    Deep-water dispersion rounded to whole cycles of `WATER_LOOP_S`; a Phillips-like spectrum, most waves along +v.
    The slopes are scaled to a deviation of a third of the byte range; shaders set the real steepness.
    """
    rng = np.random.default_rng(13)
    number = np.fft.fftfreq(WATER_SIZE) * WATER_SIZE
    kx, ky = np.meshgrid(number * 2.0 * math.pi / WATER_TILE_M, number * 2.0 * math.pi / WATER_TILE_M)
    k = np.hypot(kx, ky)
    safe = np.where(k > 0.0, k, 1.0)
    heading = np.maximum(ky / safe, 0.0) ** 2 + 0.06
    power = np.where((k > 0.0) & (k < 16.0), np.exp(-1.0 / (safe * 1.4) ** 2) / safe**3.6 * heading, 0.0)
    waves = np.sqrt(power) * (rng.standard_normal(k.shape) + 1j * rng.standard_normal(k.shape))
    base = 2.0 * math.pi / WATER_LOOP_S
    speed = np.round(np.sqrt(9.81 * safe) / base) * base
    frames = []
    for time_s in np.arange(WATER_FRAMES) * WATER_LOOP_S / WATER_FRAMES:
        moved = waves * np.exp(-1j * speed * time_s)
        frames.append(np.stack([np.fft.ifft2(1j * kx * moved).real, np.fft.ifft2(1j * ky * moved).real], axis=-1))
    slopes = np.stack(frames)
    slopes /= slopes.std()
    both = np.concatenate([slopes, np.roll(slopes, -1, axis=0)], axis=-1)
    return np.ascontiguousarray(_bytes(both, 3.0))
