"""The people's two atlases: where each piece lies on them, and what is painted there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from environments.assets.build.human_clothes import Figure, axis_point
from environments.assets.build.human_hair import Head, Style, ragged_cap, strand_picture
from environments.assets.build.human_paint import (
    Cloth,
    Layer,
    Skin,
    eye_layer,
    shoe_layer,
    skin_layer,
    top_layer,
    trouser_layer,
)
from environments.assets.build.mesh import Floats, Part, joined, placed
from environments.assets.build.paint import encoded, grown, normal_map, rasterised, smoothstep
from environments.assets.build.reduce import open_sky

SIZE_PX = 1024
HAIR_PX = 512
Rectangle = tuple[float, float, float, float]
# The skin's atlas: pieces, and the part of the base body's coordinates that each shows (u, v, width, height).
_SKIN: dict[str, Rectangle] = {
    "head": (0.0, 0.0, 1.0, 0.66),
    "hand_l": (0.0, 0.68, 0.32, 0.32),
    "hand_r": (0.34, 0.68, 0.32, 0.32),
    "eye_l": (0.70, 0.70, 0.13, 0.13),
    "eye_r": (0.85, 0.70, 0.13, 0.13),
}
_CLOTH: dict[str, Rectangle] = {
    "torso": (0.0, 0.0, 0.56, 0.5),
    "arm_l": (0.56, 0.0, 0.22, 0.5),
    "arm_r": (0.78, 0.0, 0.22, 0.5),
    "leg_l": (0.0, 0.5, 0.34, 0.5),
    "leg_r": (0.34, 0.5, 0.34, 0.5),
    "foot_l": (0.68, 0.5, 0.32, 0.25),
    "foot_r": (0.68, 0.75, 0.32, 0.25),
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a person by name, with the measures they were made from."""

    parts: dict[str, Part]
    head: Head
    figure: Figure

    def moved(self, by_m: Floats) -> Pieces:
        """Everything moved."""
        parts = {name: replace(p, points=p.points + by_m) for name, p in self.parts.items()}
        head = Head(self.head.eyes + by_m, self.head.middle + by_m, self.head.top_m + by_m[1])
        rig = replace(self.figure.rig, places=self.figure.rig.places + by_m)
        return Pieces(parts, head, Figure(rig, self.figure.skin, self.figure.ground_m))


@dataclass(frozen=True, slots=True)
class Painted:
    """The three pieces of one material each, with coordinates in their atlas, and the pictures as files."""

    skin: Part
    cloth: Part
    hair: Part
    pictures: dict[str, bytes]


def painted(pieces: Pieces, skin: Skin, style: Style, cloth: Cloth, smaller: int = 1) -> Painted:
    """Lay the pieces out and paint them; pictures of skin and cloth are `smaller` times smaller than `SIZE_PX`."""
    parts = pieces.parts
    everything = joined([replace(p, morphs={}, bent=None, weights=np.zeros((0, 0))) for p in parts.values()])
    skin_parts = {name: _fitted(parts[name], _SKIN[name], turned=name == "head") for name in _SKIN}
    cloth_parts = {n: _unrolled(parts[n], pieces.figure, n) for n in ("top", "trousers", "shoes")}
    pictures = _skin_pictures(skin_parts, parts, (everything, smaller), (pieces, skin, style))
    pictures |= _cloth_pictures(cloth_parts, (everything, smaller), pieces.figure, cloth)
    lashes = _lash_uv(parts["lashes"], pieces.head)
    hair = joined([parts["cap"], parts["cards"], lashes])
    pictures |= _hair_pictures(parts["cap"], pieces.head, style)
    return Painted(joined(list(skin_parts.values())), joined(list(cloth_parts.values())), hair, pictures)


def _fitted(part: Part, rectangle: Rectangle, *, turned: bool) -> Part:
    """The piece's own coordinates stretched over a rectangle; heads are turned upright to fill it."""
    uv = part.uv[..., ::-1] if turned else part.uv
    low, high = uv.min((0, 1)), uv.max((0, 1))
    scale = (high - low).max() if not turned else high - low
    u, v, width, height = rectangle
    margin = 6 / SIZE_PX
    inner = (u + margin, v + margin, width - 2 * margin, height - 2 * margin)
    return placed(replace(part, uv=(uv - low) / scale), inner)


def _masks(name: str, source: Floats) -> dict[str, Floats]:
    """The data's masks (CC0) looked up at coordinates of the base body (…, 2)."""
    from PIL import Image

    from environments.assets.build.sources import human_data

    found = {}
    for word, file in (("lips", "lips"), ("eyelids", "eyelids"), ("ears", "ears"), ("nails", "fingernails")):
        picture = np.asarray(Image.open(Path(human_data()) / "textures" / f"mpfb_{file}.jpg"), dtype=np.float64) / 255
        at = np.clip((source * picture.shape[0]).astype(int), 0, picture.shape[0] - 1)
        found[word] = picture[at[..., 1], at[..., 0]]
    return found | {"hands": np.full(source.shape[:-1], 1.0 if name.startswith("hand") else 0.0)}


def _corners(part: Part, values: Floats) -> tuple[Floats, np.ndarray]:
    """Vertex values as one row per corner, with triangles to match."""
    return values[part.triangles].reshape(-1, values.shape[-1]), np.arange(part.triangles.size).reshape(-1, 3)


def _skin_pictures(
    laid: dict[str, Part], raw: dict[str, Part], whole: tuple[Part, int], who: tuple[Pieces, Skin, Style]
) -> dict[str, bytes]:
    (everything, smaller), (pieces, skin, style) = whole, who
    colour, rough, height = (
        np.zeros((SIZE_PX, SIZE_PX, 3)),
        np.full((SIZE_PX, SIZE_PX), 0.5),
        np.zeros((SIZE_PX, SIZE_PX)),
    )
    sky, covered = np.ones((SIZE_PX, SIZE_PX)), np.zeros((SIZE_PX, SIZE_PX), dtype=bool)
    for name, part in laid.items():
        values = np.column_stack([part.points, open_sky(part, everything, 0.12)])
        rows, triangles = _corners(part, values)
        rows = np.column_stack([rows, raw[name].uv.reshape(-1, 2)])
        found, drawn = rasterised(part.uv, triangles, rows, (SIZE_PX, SIZE_PX))
        at = found[drawn]
        if name.startswith("eye"):
            layer = eye_layer(at[:, :3], pieces.figure.place(name), skin)
        else:
            layer = skin_layer(at[:, :3], _masks(name, at[:, 4:6]), pieces.head, skin, style)
        colour[drawn], rough[drawn], height[drawn] = layer
        sky[drawn], covered = at[:, 3], covered | drawn
    return _pictures("skin", (colour, rough, height), (sky, covered), smaller)


def _pictures(name: str, layer: Layer, seen: tuple[Floats, np.ndarray], smaller: int) -> dict[str, bytes]:
    """Colour (darkened a little in creases), relief, and occlusion–roughness–metal as files."""
    (colour, rough, height), (sky, covered) = layer, seen
    colour = grown(colour * (0.55 + 0.45 * sky)[..., None], covered)
    masks = grown(np.stack([sky, rough, np.zeros_like(sky)], -1), covered)
    relief = grown(height[..., None], covered)[..., 0]
    return {
        f"{name}_colour": encoded(_shrunk(colour, smaller), quality=91),
        f"{name}_relief": encoded(normal_map(_shrunk(relief, smaller) * 0.55 / smaller), quality=90),
        f"{name}_masks": encoded(_shrunk(masks, smaller), quality=88),
    }


def _shrunk(picture: Floats, times: int) -> Floats:
    """Each square of texels made one."""
    high, wide = picture.shape[0] // times, picture.shape[1] // times
    return np.asarray(picture.reshape(high, times, wide, times, *picture.shape[2:]).mean((1, 3)))


def _rolled(points: Floats, triangles: np.ndarray, middle: Floats, lean: float) -> Floats:
    """Corner coordinates (m, 3, 2): angle about an upright axis and height less distance; not yet 0–1 in height."""
    out = points - middle
    turn = np.arctan2(out[:, 0], out[:, 2]) / (2 * np.pi) + 0.5
    down = -(points[:, 1] - lean * np.hypot(out[:, 0], out[:, 2]))
    corner = turn[triangles]
    first = corner[:, :1]
    corner = np.where(corner - first > 0.5, corner - 1, np.where(corner - first < -0.5, corner + 1, corner))
    # A triangle across the seam lies where most of it is; the margins hold what sticks out.
    corner = corner - np.floor(corner.mean(1, keepdims=True))
    return np.stack([0.14 + 0.72 * corner, down[triangles]], -1)


def _unrolled(part: Part, figure: Figure, name: str) -> Part:
    """Clothes unrolled region by region about their limbs."""
    uv = np.zeros_like(part.uv)
    centre = part.points[part.triangles].mean(1)
    arms = [k for k, n in enumerate(figure.rig.names) if n[:-2] in ("upperarm", "lowerarm", "hand")]
    arm = part.weights[:, arms].sum(1)[part.triangles].mean(1) > 0.5
    left = centre[:, 0] > 0
    if name == "top":
        regions = {"torso": ~arm, "arm_l": arm & left, "arm_r": arm & ~left}
    else:
        limb = "leg" if name == "trousers" else "foot"
        regions = {f"{limb}_l": left, f"{limb}_r": ~left}
    for region, chosen in regions.items():
        middle, points = _axis(region, part, chosen, figure)
        found = _rolled(
            points, part.triangles[chosen], middle, 0.55 if region in ("torso", "foot_l", "foot_r") else 0.15
        )
        low, high = found[..., 1].min(), found[..., 1].max()
        found[..., 1] = (found[..., 1] - low) / (high - low)
        u, v, width, height = _CLOTH[region]
        uv[chosen] = found * (width, height - 8 / SIZE_PX) + (u, v + 4 / SIZE_PX)
    return replace(part, uv=uv)


def _axis(region: str, part: Part, chosen: np.ndarray, figure: Figure) -> tuple[Floats, Floats]:
    """The upright axis of a region, and its points with bent limbs straightened onto it."""
    lines = {"arm": ("upperarm", "lowerarm", "hand"), "leg": ("thigh", "calf", "foot")}
    limb, side = region.split("_") if "_" in region else (region, "")
    if limb in lines:
        line = [figure.place(f"{joint}_{side}") for joint in lines[limb]]
        along = axis_point(line, part.points)
        return np.zeros(3), part.points - along * (1, 0, 1)
    used = part.points[np.unique(part.triangles[chosen])]
    return (used.min(0) + used.max(0)) / 2 * (1, 0, 1), part.points


def _marks(pieces: dict[str, Part], figure: Figure) -> dict[str, float]:
    shoe, leg, shirt = pieces["shoes"].points, pieces["trousers"].points, pieces["top"]
    arms = [k for k, n in enumerate(figure.rig.names) if n[:-2] in ("upperarm", "lowerarm", "hand")]
    torso = shirt.points[shirt.weights[:, arms].sum(1) < 0.2]
    chest = float(figure.place("spine_03")[1])
    return {
        "hem": float(torso[:, 1].min()),
        "neck": float(figure.place("neck_01")[1]) + 0.03,
        "vee": chest - 0.07,
        "z": float(figure.place("spine_02")[2]),
        "leg_z": float(figure.place("thigh_l")[2]),
        "waist": float(leg[:, 1].max()),
        "trouser_hem": float(leg[:, 1].min()),
        "ground": float(shoe[:, 1].min()),
        "toe": float(shoe[:, 2].max()),
        "foot_x": float((shoe[shoe[:, 0] > 0, 0].min() + shoe[:, 0].max()) / 2),
    }


def _cloth_pictures(laid: dict[str, Part], whole: tuple[Part, int], figure: Figure, cloth: Cloth) -> dict[str, bytes]:
    everything, smaller = whole
    marks = _marks(laid, figure)
    arms = [k for k, n in enumerate(figure.rig.names) if n[:-2] in ("upperarm", "lowerarm", "hand")]
    colour, rough, height = (
        np.zeros((SIZE_PX, SIZE_PX, 3)),
        np.full((SIZE_PX, SIZE_PX), 0.8),
        np.zeros((SIZE_PX, SIZE_PX)),
    )
    sky, covered = np.ones((SIZE_PX, SIZE_PX)), np.zeros((SIZE_PX, SIZE_PX), dtype=bool)
    for name, part in laid.items():
        values = np.column_stack([part.points, open_sky(part, everything, 0.25), part.weights[:, arms].sum(1)])
        rows, triangles = _corners(part, values)
        found, drawn = rasterised(part.uv, triangles, rows, (SIZE_PX, SIZE_PX))
        at = found[drawn]
        if name == "top":
            layer = top_layer(at[:, :3], at[:, 4], marks, cloth)
        else:
            layer = (trouser_layer if name == "trousers" else shoe_layer)(at[:, :3], marks, cloth)
        colour[drawn], rough[drawn], height[drawn] = layer
        sky[drawn], covered = at[:, 3], covered | drawn
    return _pictures("cloth", (colour, rough, height), (sky, covered), smaller)


def _lash_uv(part: Part, head: Head) -> Part:
    """Lashes take the strands of the hair's first column, tips away from the eye."""
    rel = np.abs(part.points[:, 0] - head.eyes[0])
    u = smoothstep(0.014, 0.050, rel)
    depth = part.points[:, 2]
    near, far = depth.min(), depth.max()
    v = 0.22 + 0.24 * (depth - near) / (far - near)
    return replace(part, uv=np.stack([0.03 + 0.19 * u, v], -1)[part.triangles])


def _hair_pictures(cap: Part, head: Head, style: Style) -> dict[str, bytes]:
    picture = strand_picture(style, HAIR_PX)
    inside = head.inside(cap.points, style)[:, None]
    rows, triangles = _corners(cap, inside)
    found, drawn = rasterised(cap.uv, triangles, rows, (HAIR_PX, HAIR_PX))
    height = picture[..., :3].mean(-1)
    relief = normal_map(height / max(float(height.max()), 1e-6) * 3.0)
    return {
        "hair_colour": encoded(ragged_cap(picture, found[..., 0], drawn.astype(np.float64))),
        "hair_relief": encoded(relief, quality=85),
    }
