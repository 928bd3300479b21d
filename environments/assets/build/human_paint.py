"""Skin, eyes and cloth for the people: colours, roughness and relief from where a texel lies on the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from environments.assets.build.human_hair import Head, Style
from environments.assets.build.mesh import Floats
from environments.assets.build.paint import layered, mix, noise, smoothstep

Layer = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Skin:
    """Colours of skin and iris (sRGB 0–1); `stubble`, `lines` and `lipstick` 0–1."""

    tone: tuple[float, float, float]
    iris: tuple[float, float, float] = (0.30, 0.20, 0.12)
    stubble: float = 0.0
    lines: float = 0.0
    lipstick: float = 0.0
    brows: float = 1.0


@dataclass(frozen=True, slots=True)
class Cloth:
    """Colours of top, what is under it, trousers, shoes and soles; `pattern`: knit, plain, stripes or check."""

    top: tuple[float, float, float]
    trousers: tuple[float, float, float]
    shoes: tuple[float, float, float]
    sole: tuple[float, float, float] = (0.86, 0.85, 0.82)
    under: tuple[float, float, float] = (0.85, 0.85, 0.84)
    second: tuple[float, float, float] = (0.9, 0.9, 0.9)
    pattern: str = "plain"
    opening: str = ""
    denim: bool = False


def skin_layer(at: Floats, masks: dict[str, Floats], head: Head, skin: Skin, style: Style) -> Layer:
    """Colour (…, 3), roughness and height (px) of skin at places (…, 3)."""
    tone = np.array(skin.tone)
    dark = float(tone.mean()) < 0.45
    rel = at - head.eyes
    x, y = np.abs(rel[..., 0]), rel[..., 1]
    front = smoothstep(-0.02, 0.03, at[..., 2] - head.middle[2])
    blotch = layered(at * 55, 3, 4)
    colour = tone * (1 + 0.045 * blotch)[..., None] * (1 + 0.05 * layered(at * 14, 9, 2))[..., None]
    flush = tone * (1.0, 0.80, 0.76) if not dark else tone * (1.02, 0.84, 0.80)
    cheeks = np.exp(-(((x - 0.042) / 0.022) ** 2) - ((y + 0.045) / 0.022) ** 2) * front
    nose = np.exp(-((x / 0.014) ** 2) - ((y + 0.045) / 0.014) ** 2) * front
    colour = mix(
        colour, flush, np.clip(0.55 * cheeks + 0.5 * nose + 0.35 * masks["ears"] + 0.25 * masks["hands"], 0, 1)
    )
    sockets = np.exp(-(((x - 0.030) / 0.016) ** 2) - ((y + 0.012) / 0.010) ** 2) * front
    colour = mix(colour, tone * (0.80, 0.72, 0.72), 0.45 * sockets + 0.35 * masks["eyelids"])
    lips = tone * ((0.86, 0.60, 0.58) if not dark else (0.92, 0.66, 0.66))
    lips = lips * (1 - skin.lipstick) + np.array((0.62, 0.22, 0.24)) * skin.lipstick
    colour = mix(colour, lips, 0.85 * masks["lips"])
    colour, relief = _face_hair(colour, at, (x, y, front), head, (skin, style))
    nails = masks["nails"]
    colour = mix(colour, tone * 0.55 + np.array((0.42, 0.34, 0.33)), 0.7 * nails)
    pores = layered(at * 700, 17, 2)
    lines = skin.lines * _lines(x, y, front, at)
    rough = (
        0.52
        + 0.06 * blotch
        - 0.12 * masks["lips"]
        - 0.10 * nose
        - 0.2 * nails
        + 0.08 * front * smoothstep(-0.02, -0.08, y)
    )
    return colour * (1 - 0.22 * lines)[..., None], rough, 0.22 * pores - 1.4 * lines + relief


def _face_hair(
    colour: Floats, at: Floats, place: tuple[Floats, Floats, Floats], head: Head, who: tuple[Skin, Style]
) -> tuple[Floats, Floats]:
    """Brows, stubble and the roots of the hair painted on."""
    x, y, front = place
    skin, style = who
    ink = np.array(style.colour) * 0.55
    arch = 0.0175 + 0.006 * np.sin(np.clip((x - 0.012) / 0.046, 0, 1) * 2.2) - 0.10 * np.clip(x - 0.048, 0, 1)
    thick = 0.0046 * (1 - 0.65 * smoothstep(0.034, 0.060, x)) * skin.brows
    strokes = 0.80 + 0.28 * noise(np.stack([x * 420 + y * 340, y * 120 - x * 90], -1), 5)
    brow = (
        smoothstep(1.25, 0.25, np.abs(y - arch) / np.maximum(thick, 1e-4))
        * smoothstep(0.010, 0.016, x)
        * smoothstep(0.063, 0.052, x)
    )
    brow = np.clip(brow * strokes * 1.25, 0, 1) * front
    grain = 0.55 + 0.6 * noise(at * 900, 71)
    beard = (
        smoothstep(-0.052, -0.075, y)
        * smoothstep(-0.165, -0.125, y)
        * smoothstep(0.004, 0.02, at[..., 2] - head.middle[2])
    )
    beard *= 1 - 0.9 * np.exp(-((x / 0.026) ** 2) - ((y + 0.082) / 0.008) ** 2)
    stubble = np.clip(beard * grain, 0, 1) * skin.stubble
    inside = head.inside(at, style)
    roots = smoothstep(-0.004, 0.010, inside + 0.004 * noise(at * 300, 8)) * 0.8
    colour = mix(colour, np.array(skin.tone) * 0.35 + ink * 0.5, 0.55 * stubble)
    colour = mix(colour, ink, np.clip(brow * 0.9, 0, 1))
    return mix(colour, np.array(style.colour) * 0.6, roots), 0.5 * brow


def _lines(x: Floats, y: Floats, front: Floats, at: Floats) -> Floats:
    """Lines of age: forehead, corners of the eyes, beside the mouth."""
    wobble = 0.0016 * noise(at * 60, 3)
    brow = np.maximum.reduce([np.exp(-(((y + wobble - h) / 0.0011) ** 2)) for h in (0.034, 0.043, 0.052)])
    brow = brow * smoothstep(0.045, 0.02, x)
    fold = (
        np.exp(-(((x - 0.018 - 0.30 * (-y - 0.045) + wobble) / 0.0016) ** 2))
        * smoothstep(-0.042, -0.05, y)
        * smoothstep(-0.085, -0.07, y)
    )
    feet = (
        np.exp(-(((np.abs(y + 0.002) - 0.35 * (x - 0.047)) / 0.0012) ** 2))
        * smoothstep(0.047, 0.052, x)
        * smoothstep(0.066, 0.058, x)
    )
    return np.asarray(np.clip(0.6 * brow + fold + 0.7 * feet, 0, 1) * front)


def eye_layer(at: Floats, centre: Floats, skin: Skin) -> Layer:
    """Colour, roughness and height of an eyeball at places (…, 3)."""
    rel = at - centre
    radius = np.hypot(rel[..., 0], rel[..., 1])
    turn = np.arctan2(rel[..., 1], rel[..., 0])
    radius = np.where(rel[..., 2] > 0, radius, 0.014)
    white = np.array((0.80, 0.77, 0.74)) * (1 - 0.25 * smoothstep(0.007, 0.013, radius))[..., None]
    veins = smoothstep(0.35, 0.8, layered(np.stack([turn * 5, radius * 500], -1), 4, 3)) * smoothstep(
        0.0075, 0.012, radius
    )
    white = mix(white, (0.72, 0.42, 0.38), 0.3 * veins)
    spokes = 0.85 + 0.35 * noise(np.stack([turn * 14, radius * 300], -1), 2)
    iris = np.array(skin.iris) * (spokes * (1.25 - 0.5 * smoothstep(0.003, 0.0058, radius)))[..., None]
    colour = mix(iris, white, smoothstep(0.0054, 0.0062, radius))
    colour = mix((0.012, 0.010, 0.010), colour, smoothstep(0.0020, 0.0026, radius))
    return colour, np.full(radius.shape, 0.12), np.zeros(radius.shape)


def _weave(at: Floats, pattern: str, cloth: Cloth) -> tuple[Floats, Floats]:
    """Colour and height of the top's cloth."""
    colour = np.broadcast_to(np.array(cloth.top), at.shape).copy()
    height = 0.35 * layered(at * 420, 21, 2)
    if pattern == "knit":
        rows = np.sin(at[..., 1] * 2 * np.pi / 0.009)
        colour = colour * (0.96 + 0.03 * rows + 0.10 * layered(at * (260, 120, 260), 3, 3))[..., None]
        height = height + 0.25 * rows + 0.5 * layered(at * (300, 140, 300), 33, 2)
    elif pattern == "stripes":
        band = smoothstep(-0.12, 0.12, np.sin(at[..., 1] * 2 * np.pi / 0.062) - 0.35)
        colour = mix(colour, cloth.second, band)
    elif pattern == "check":
        turn = np.arctan2(at[..., 0], at[..., 2]) * 0.16
        a, b = (smoothstep(0.55, 0.75, np.sin(t * 2 * np.pi / 0.052)) for t in (at[..., 1], turn))
        colour = mix(colour, cloth.second, np.clip(0.5 * a + 0.5 * b, 0, 1))
    return colour * (1 + 0.03 * layered(at * 40, 5, 3))[..., None], height


def top_layer(at: Floats, arm: Floats, marks: dict[str, float], cloth: Cloth) -> Layer:
    """Colour, roughness and height of the upper garment; marks: heights of neck, hem, front and the wrist."""
    colour, height = _weave(at, cloth.pattern, cloth)
    x, front = (
        np.abs(at[..., 0]),
        smoothstep(marks["z"] + 0.02, marks["z"] + 0.05, at[..., 2]) * (1 - smoothstep(0.2, 0.5, arm)),
    )
    y = at[..., 1]
    hem = np.exp(-(((y - marks["hem"] - 0.028) / 0.0016) ** 2)) * (1 - smoothstep(0.2, 0.5, arm))
    height = height - 2.2 * hem + creases(at, 83)
    if cloth.opening == "buttons":
        placket = np.exp(-(((x - 0.017) / 0.0014) ** 2)) * front
        button = smoothstep(0.0062, 0.0050, np.hypot(at[..., 0], (y - marks["hem"]) % 0.088 - 0.044)) * front
        colour = mix(colour, np.array(cloth.top) * 0.55 + 0.42, 0.9 * button) * (1 - 0.25 * placket)[..., None]
        height = height - 2.0 * placket + 2.5 * button
    elif cloth.opening == "zip":
        zipper = smoothstep(0.0060, 0.0045, x) * front
        teeth = 0.5 + 0.5 * np.sin(y * 2 * np.pi / 0.005)
        colour = mix(colour, np.array((0.42, 0.42, 0.43)) * (0.5 + 0.5 * teeth)[..., None], zipper)
        height = height - 2.0 * np.exp(-(((x - 0.012) / 0.0016) ** 2)) * front + zipper * teeth
    elif cloth.opening == "vee":
        colour, height = _vee(colour, height, at, (x, front), (marks, cloth))
    return colour, np.full(x.shape, 0.86), height


def _vee(
    colour: Floats, height: Floats, at: Floats, place: tuple[Floats, Floats], what: tuple[dict[str, float], Cloth]
) -> tuple[Floats, Floats]:
    """An open front: a V down to the first button, with lapels or bands, and the shirt under it."""
    x, front = place
    marks, cloth = what
    y = at[..., 1]
    deep = np.clip((y - marks["vee"]) / (marks["neck"] - marks["vee"]), 0, 1.3)
    edge = 0.004 + 0.060 * deep
    within = smoothstep(0.0015, -0.0015, x - edge) * front * (y > marks["vee"] - 0.005)
    band = np.exp(-(((x - edge - 0.028) / 0.0015) ** 2)) * front * (y > marks["vee"])
    shut = smoothstep(0.0022, 0.0010, np.abs(at[..., 0] - 0.006)) * front * (y < marks["vee"])
    shirt = (
        np.array(cloth.under)
        * (
            1
            - 0.45 * np.exp(-(((edge - x) / 0.012).clip(0) ** 1)) * within
            - 0.12 * smoothstep(0.003, 0.001, np.abs(x - 0.012))
        )[..., None]
    )
    colour = mix(colour * (1 - 0.35 * band - 0.5 * shut)[..., None], shirt, within)
    return colour, height - 2.5 * band - 3.0 * shut - 4.0 * within


def creases(at: Floats, seed: int) -> Floats:
    """Relief (px) of soft folds across the body, −1…1 about threefold."""
    bent = at + 0.02 * np.stack([layered(at * 9, seed + k, 2) for k in (1, 2, 3)], -1)
    ridges = 0.5 - np.abs(layered(bent * (8, 20, 8), seed, 2))
    return np.asarray(7.0 * ridges + 4.0 * layered(bent * (16, 36, 16), seed + 7, 2))


def trouser_layer(at: Floats, marks: dict[str, float], cloth: Cloth) -> Layer:
    """Colour, roughness and height of trousers."""
    colour = np.broadcast_to(np.array(cloth.trousers), at.shape) * (1 + 0.05 * layered(at * 60, 6, 3))[..., None]
    twill = np.sin((at[..., 0] + at[..., 1] + at[..., 2]) * 2 * np.pi / 0.0045)
    height = 0.3 * twill + 0.3 * layered(at * 400, 8, 2)
    side = np.exp(-(((at[..., 2] - marks["leg_z"]) / 0.0016) ** 2)) * smoothstep(0.02, 0.05, np.abs(at[..., 0]))
    hem = np.exp(-(((at[..., 1] - marks["trouser_hem"] - 0.022) / 0.0016) ** 2))
    height = height - 2.0 * np.maximum(side, hem) + creases(at, 61)
    if cloth.denim:
        worn = smoothstep(0.0, 1.0, 0.5 + 0.25 * layered(at * (18, 7, 18), 12, 3)) * smoothstep(
            -0.02, 0.06, at[..., 2] - marks["leg_z"]
        )
        colour = (
            mix(colour, np.array(cloth.trousers) * 1.6 + 0.06, 0.45 * worn)
            * (1 + 0.10 * layered(at * 500, 14, 2))[..., None]
        )
    belt = smoothstep(marks["waist"] - 0.045, marks["waist"] - 0.040, at[..., 1])
    colour = mix(colour, (0.13, 0.09, 0.06), belt)
    return colour * (1 - 0.25 * np.maximum(side, hem))[..., None], np.full(side.shape, 0.88), height


def shoe_layer(at: Floats, marks: dict[str, float], cloth: Cloth) -> Layer:
    """Colour, roughness and height of shoes; the lowest 22 mm are sole."""
    over = at[..., 1] - marks["ground"]
    sole = smoothstep(0.024, 0.021, over)
    colour = np.broadcast_to(np.array(cloth.shoes), at.shape) * (1 + 0.06 * layered(at * 60, 7, 3))[..., None]
    colour = mix(colour, np.broadcast_to(np.array(cloth.sole), at.shape), sole)
    toe = at[..., 2] - marks["toe"]
    seams = np.maximum(
        np.exp(-(((toe + 0.062 + 0.5 * over) / 0.0015) ** 2)), np.exp(-(((toe + 0.20 - 0.4 * over) / 0.0015) ** 2))
    )
    groove = np.maximum(np.exp(-(((over - 0.0235) / 0.0016) ** 2)), seams * (1 - sole))
    laces = (
        smoothstep(0.35, 0.75, np.sin(toe * 2 * np.pi / 0.016))
        * smoothstep(-0.125, -0.115, toe)
        * smoothstep(-0.05, -0.06, toe)
    )
    x = np.abs(at[..., 0]) - marks["foot_x"]
    laces = laces * smoothstep(0.020, 0.017, np.abs(x)) * (over > 0.045)
    colour = mix(colour * (1 - 0.5 * groove)[..., None], np.array(cloth.sole) * 0.9, 0.85 * laces)
    rough = np.where(sole > 0.5, 0.8, 0.5)
    return colour, rough, -2.0 * groove + 1.6 * laces
