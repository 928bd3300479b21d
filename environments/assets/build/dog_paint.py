"""What is painted on the dog: short fur in three colours over the fur of the data, nose, eyes."""

from __future__ import annotations

import numpy as np

from environments.assets.build.mesh import Floats, Part
from environments.assets.build.paint import blurred, encoded, grown, layered, mix, normal_map, rasterised, smoothstep

SIZE_PX = 1024
_TAN = (0.50, 0.33, 0.185)
_CREAM = (0.66, 0.52, 0.37)
_BLACK = (0.075, 0.062, 0.055)
_NOSE = (0.045, 0.040, 0.040)


def fur_pictures(skin: Part, sky: Floats, given: Floats) -> tuple[bytes, bytes, bytes]:
    """Colour, relief and masks; `sky` (n,) is how free each point is, `given` (h, w, 3) the data's picture."""
    values = np.column_stack([skin.points, sky, skin.normals])
    found, drawn = rasterised(skin.uv, skin.triangles, values, (SIZE_PX, SIZE_PX))
    found = grown(found, drawn, 6)
    place, free, normal = found[..., :3], found[..., 3], found[..., 4:]
    grey = given.mean(-1)
    strands = (grey - blurred(grey, 6.0)) * 3.0 + 0.16 * _hairs(place)
    colour = _coat(place, normal) * np.clip(1 + 1.5 * strands, 0.45, 1.6)[..., None]
    bare = _bare(given) * smoothstep(0.28, 0.30, place[..., 2]) * smoothstep(0.655, 0.665, place[..., 1])
    colour = mix(colour, given * (0.50, 0.42, 0.40), bare)
    nose = smoothstep(0.4535, 0.4575, place[..., 2]) * smoothstep(0.648, 0.654, place[..., 1])
    colour = mix(colour, _NOSE, nose)
    colour = mix(colour, _BLACK, 0.85 * _rim_of_eye(place))
    colour *= (0.55 + 0.45 * free)[..., None]
    rough = 0.78 - 0.33 * nose
    masks = np.stack([free, rough, np.zeros_like(rough)], -1)
    return encoded(colour, quality=90), encoded(normal_map(1.6 * strands), quality=86), encoded(masks, quality=85)


def _hairs(place: Floats) -> Floats:
    """Strands along the body, and down the legs."""
    leg = smoothstep(0.42, 0.34, place[..., 1])[..., None]
    along = layered(place * (420.0, 420.0, 60.0), 3, 2)
    down = layered(place * (420.0, 70.0, 420.0), 4, 2)
    return np.asarray(along * (1 - leg[..., 0]) + down * leg[..., 0])


def _coat(place: Floats, normal: Floats) -> Floats:
    """A dark saddle and tail, a dark muzzle, tan legs, a light belly and chest."""
    y, z = place[..., 1], place[..., 2]
    edge = 0.05 * layered(place * 14.0, 8, 3) + 0.015 * layered(place * 90.0, 9, 2)
    colour = mix(_TAN, _CREAM, smoothstep(0.1, -0.75, normal[..., 1] + edge) * smoothstep(0.56, 0.48, y))
    colour = mix(colour, _CREAM, 0.7 * smoothstep(0.25, 0.10, y))
    trunk = smoothstep(0.27, 0.20, z + edge) * smoothstep(-0.36, -0.30, z)
    colour = mix(colour, _BLACK, 0.93 * smoothstep(0.435, 0.475, y + edge + 0.05 * np.abs(z + 0.05)) * trunk)
    nape = smoothstep(0.18, 0.24, z) * smoothstep(-0.15, -0.5, normal[..., 2] + edge)
    colour = mix(colour, _BLACK, 0.85 * nape * smoothstep(0.50, 0.56, y) * smoothstep(0.73, 0.70, y))
    tail = smoothstep(-0.40, -0.43, z) * smoothstep(0.3, 0.33, y) * smoothstep(0.05, 0.03, np.abs(place[..., 0]))
    colour = mix(colour, _BLACK, 0.9 * tail * smoothstep(-0.5, 0.1, normal[..., 1] + edge))
    muzzle = smoothstep(0.375, 0.425, z + 0.5 * edge) * smoothstep(0.55, 0.6, y)
    colour = mix(colour, _BLACK, 0.88 * muzzle)
    ears = smoothstep(0.735, 0.775, y + 0.3 * edge)
    return mix(colour, _BLACK, 0.85 * ears)


def _rim_of_eye(place: Floats) -> Floats:
    """The dark skin around the eyes."""
    off = np.stack([np.abs(place[..., 0]) - 0.0325, place[..., 1] - 0.706, place[..., 2] - 0.366], -1)
    return smoothstep(0.020, 0.010, np.linalg.norm(off, axis=-1))


def _bare(given: Floats) -> Floats:
    """Where the data shows skin instead of fur: inside the ears."""
    red, blue = given[..., 0], given[..., 2]
    return smoothstep(0.32, 0.20, (red - blue) / np.maximum(red, 0.05))


def eye_picture() -> bytes:
    """An eye seen from the front on 0–1: brown iris, wide pupil, little white."""
    y, x = np.mgrid[0:128, 0:128] / 127.0 - 0.5
    out = np.hypot(x, y)
    rays = layered(np.stack([np.arctan2(y, x) * 6, out * 10], -1), 2, 3)
    iris = np.array((0.30, 0.155, 0.055)) * (1 + 0.35 * rays)[..., None]
    colour = mix(np.array((0.30, 0.25, 0.21)), iris, smoothstep(0.335, 0.32, out))
    colour = mix(
        colour,
        (0.02, 0.015, 0.012),
        np.maximum(smoothstep(0.15, 0.13, out), 0.8 * np.exp(-(((out - 0.33) / 0.03) ** 2))),
    )
    return encoded(colour, quality=92)
