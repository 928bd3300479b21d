"""Pictures of spiders: skin of body and legs, bristles, and the soft shade under them."""

from __future__ import annotations

import numpy as np

from environments.assets.build.mesh import Floats
from environments.assets.build.paint import encoded, layered, mix, normal_map, smoothstep
from environments.assets.build.spider_parts import SKIN_U

_PX = 1024
_TONES = {
    "house": {
        "light": (0.48, 0.37, 0.24), "dark": (0.18, 0.12, 0.075), "leg": (0.36, 0.255, 0.155),
        "hair": (0.25, 0.18, 0.12),
    },
    "garden": {
        "light": (0.70, 0.45, 0.22), "dark": (0.34, 0.18, 0.08), "leg": (0.48, 0.31, 0.165), "hair": (0.40, 0.30, 0.19),
    },
    "tarantula": {
        "light": (0.33, 0.23, 0.17), "dark": (0.12, 0.085, 0.07), "leg": (0.16, 0.115, 0.095),
        "hair": (0.34, 0.23, 0.16),
    },
}  # fmt: skip


def _grid(where: str) -> tuple[tuple[slice, slice], Floats, Floats]:
    u, v, wide, high = SKIN_U[where]
    rows, columns = (slice(round(a * _PX), round((a + b) * _PX)) for a, b in ((v, high), (u, wide)))
    y, x = np.mgrid[0 : rows.stop - rows.start, 0 : columns.stop - columns.start]
    x, y = x / (columns.stop - columns.start), y / (rows.stop - rows.start)
    return (rows, columns), np.clip((x - 0.02) / 0.96, 0, 1), np.clip((y - 0.02) / 0.96, 0, 1)


def _fuzz(x: Floats, y: Floats, seed: int, fine: tuple[float, float]) -> Floats:
    """Short hair lying along v."""
    return layered(np.stack([x * fine[0], y * fine[1]], -1), seed, 3)


def _abdomen(kind: str, x: Floats, y: Floats) -> Floats:
    tone = _TONES[kind]
    off = np.abs(x - 0.5) * 2.0
    blotch = layered(np.stack([x * 9, y * 9], -1), 31, 4)
    colour = mix(tone["dark"], tone["light"], np.clip(0.42 + 0.35 * blotch, 0, 1))
    if kind == "house":
        wave = np.abs(((y * 6.5 - off * 1.1) % 1.0) - 0.5) * 2.0
        chevron = smoothstep(0.45, 0.75, wave) * smoothstep(0.42, 0.26, off) * smoothstep(0.05, 0.16, y)
        colour = mix(colour, (0.70, 0.58, 0.40), 0.75 * chevron)
        middle = smoothstep(0.09, 0.04, off) * smoothstep(0.5, 0.2, y)
        colour = mix(colour, (0.55, 0.36, 0.22), 0.7 * middle)
        colour = mix(colour, tone["dark"], 0.45 * smoothstep(0.22, 0.36, off) * smoothstep(0.6, 0.42, off))
    if kind == "garden":
        edge = 0.34 * np.sin(np.pi * np.clip(y * 1.06, 0, 1)) ** 0.7 * (1 + 0.13 * np.sin(y * 34))
        leaf = smoothstep(0.03, -0.02, off - edge)
        colour = mix(colour, np.array(tone["dark"]) * 0.8, 0.55 * leaf)
        rim = np.exp(-(((off - edge) / 0.025) ** 2))
        colour = mix(colour, (0.88, 0.74, 0.50), 0.6 * rim)
        colour = mix(colour, (0.95, 0.90, 0.78), _cross(x, y))
    if kind == "tarantula":
        colour = mix(colour, (0.36, 0.20, 0.11), 0.5 * np.clip(_fuzz(x, y, 5, (60, 22)), 0, 1))
    under = smoothstep(0.70, 0.95, off)
    colour = mix(colour, np.array(tone["dark"]) * 0.9, 0.7 * under)
    return colour * (1 + 0.16 * _fuzz(x, y, 7, (120, 46)))[..., None]


def _cross(x: Floats, y: Floats) -> Floats:
    """White drops in the form of a cross: five along the back, two on either side."""
    spots = [(0.5, at, 0.011, 0.030) for at in (0.14, 0.22, 0.31, 0.41, 0.51)]
    spots += [
        (0.5 + sign * side, 0.275 + 0.015 * k, 0.018, 0.016) for sign in (1, -1) for k, side in enumerate((0.04, 0.08))
    ]
    found = np.zeros_like(x)
    for at_x, at_y, wide, high in spots:
        found = np.maximum(found, smoothstep(1.25, 0.75, np.hypot((x - at_x) / wide, (y - at_y) / high)))
    return found


def _prosoma(kind: str, x: Floats, y: Floats) -> Floats:
    tone = _TONES[kind]
    off = np.abs(x - 0.5) * 2.0
    light = np.array(tone["light"]) * (0.85 if kind != "tarantula" else 0.9)
    colour = mix(
        light, np.array(tone["dark"]), np.clip(0.25 + 0.25 * layered(np.stack([x * 7, y * 7], -1), 3, 3), 0, 1)
    )
    if kind == "house":
        band = np.exp(-(((off - 0.24) / 0.07) ** 2)) * smoothstep(0.1, 0.3, y)
        colour = mix(colour, np.array(tone["dark"]) * 0.8, 0.8 * band)
    angle = np.arctan2(off * 1.2, y - 0.62)
    rays = smoothstep(0.75, 1.0, np.cos(angle * 9.0)) * smoothstep(0.05, 0.2, np.hypot(off, y - 0.62))
    colour = mix(colour, np.array(tone["dark"]) * 0.7, 0.35 * rays * smoothstep(0.6, 0.4, off))
    fovea = np.exp(-((off / 0.05) ** 2) - (((y - 0.62) / 0.05) ** 2))
    colour = mix(colour, np.array(tone["dark"]) * 0.4, fovea)
    colour = mix(colour, np.array(tone["dark"]), 0.8 * smoothstep(0.62, 0.8, off))
    return colour * (1 + 0.13 * _fuzz(x, y, 17, (90, 50)))[..., None]


def _legs(kind: str, x: Floats, y: Floats) -> Floats:
    tone = _TONES[kind]
    colour = np.broadcast_to(np.array(tone["leg"]), (*x.shape, 3)).copy()
    if kind == "house":
        rings = 0.5 + 0.5 * np.sin(y * 2 * np.pi * 7.5 + 0.8 * layered(np.stack([x * 3, y * 5], -1), 9, 2))
        colour = mix(colour, tone["dark"], 0.42 * smoothstep(0.5, 0.95, rings))
        colour = mix(colour, tone["dark"], 0.45 * smoothstep(0.6, 1.0, y))
    if kind == "garden":
        rings = np.maximum.reduce(
            [np.exp(-(((y - at) / 0.045) ** 2)) for at in (0.12, 0.345, 0.47, 0.66, 0.77, 0.885, 1.0)]
        )
        colour = mix(colour, tone["dark"], 0.85 * smoothstep(0.35, 0.8, rings))
    if kind == "tarantula":
        knee = np.exp(-(((y - 0.425) / 0.06) ** 2)) + 0.55 * np.exp(-(((y - 0.66) / 0.035) ** 2))
        colour = mix(colour, (0.50, 0.25, 0.12), 0.55 * np.clip(knee, 0, 1))
        colour = mix(colour, np.array(tone["dark"]) * 0.8, 0.6 * smoothstep(0.86, 0.98, y))
    return colour * (1 + 0.20 * _fuzz(x, y, 23, (70, 110)))[..., None]


def skin_files(kind: str) -> tuple[bytes, bytes, bytes]:
    """Colour, relief and roughness of a kind's skin."""
    colour, height = np.full((_PX, _PX, 3), 0.1), np.zeros((_PX, _PX))
    rough = np.full((_PX, _PX), 0.78 if kind == "tarantula" else 0.62)
    for where, painted in (("abdomen", _abdomen), ("prosoma", _prosoma), ("legs", _legs), ("palps", _legs)):
        place, x, y = _grid(where)
        colour[place] = painted(kind, x, y)
        height[place] = 1.4 * _fuzz(x, y, 41, (90, 60)) + 1.0 * layered(np.stack([x * 14, y * 14], -1), 43, 2)
    place, x, y = _grid("dark")
    colour[place] = mix(np.array(_TONES[kind]["dark"]) * 0.55, np.array((0.05, 0.03, 0.025)), smoothstep(0.55, 0.9, y))
    rough[place] = 0.36
    place, x, y = _grid("eyes")
    colour[place], rough[place] = (0.018, 0.015, 0.015), 0.10
    masks = np.stack([np.ones_like(rough), rough, np.zeros_like(rough)], -1)
    return (
        encoded(np.clip(colour, 0, 1), quality=88),
        encoded(normal_map(height), quality=86),
        encoded(masks, quality=85),
    )


def bristle_tone(kind: str) -> tuple[float, float, float]:
    """The colour of bristles, linear."""
    red, green, blue = (one**2.2 for one in _TONES[kind]["hair"])
    return red, green, blue


def shade_file() -> bytes:
    """Left half: round shade of the body; right half: the shade of a leg, darkest at its foot."""
    y, x = np.mgrid[0:128, 0:256]
    body = np.hypot((x - 63.5) / 64, (y - 63.5) / 64)
    round_ = np.clip(1 - body, 0, 1) ** 1.2
    along, across = (x - 128) / 127.0, np.abs(y - 63.5) / 64
    soft = np.clip(1 - across, 0, 1) ** (1.2 + 2.5 * np.clip(along, 0, 1))
    leg = soft * (0.25 + 0.75 * np.clip(along, 0, 1) ** 2) * smoothstep(0.0, 0.25, along) * smoothstep(1.0, 0.93, along)
    alpha = np.where(x < 128, 0.92 * round_, 0.85 * leg)
    alpha[[0, -1]] = alpha[:, [0, 127, 128, -1]] = 0.0
    return encoded(np.concatenate([np.zeros((128, 256, 3)), alpha[..., None]], -1))
