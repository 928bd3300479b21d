"""Who listens: twenty-four bodies, half of them twice in clothes and hair of other colours."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import environments
from environments.animation.quaternions import Floats
from environments.gltf.content import Body
from environments.gltf.load import load_gltf
from environments.render.model import Character, Picture

FOLDER = Path(environments.__file__).parent / "assets" / "people"
Tint = tuple[float, float, float]
BODIES = (
    "woman_green", "man_blazer", "woman_stripes", "man_check", "woman_teal", "man_blond", "woman_blue", "man_olive",
    "woman_mustard", "man_stripes", "woman_rose", "man_grey", "woman_hood", "man_maroon", "woman_plum", "man_black",
    "woman_ochre", "man_rust", "woman_white", "man_white", "woman_lilac", "man_tan", "woman_sky", "man_teal",
)  # fmt: skip
RADIUS_M = 1.6
"""A sitter or walker is inside a ball of this size around the floor below."""
_LUMA = (0.2126, 0.7152, 0.0722)
APART_M = 4.0
"""From here on it does not matter any more how far twins are apart."""
PLAIN: Tint = (1.0, 1.0, 1.0)
SECOND: tuple[tuple[str, Tint, Tint], ...] = (
    ("woman_green", (0.42, 0.16, 0.24), (0.45, 0.55, 0.8)),
    ("man_blazer", (0.34, 0.30, 0.26), (2.2, 1.7, 1.3)),
    ("woman_stripes", (0.50, 0.26, 0.22), (1.9, 1.3, 1.0)),
    ("man_check", (0.36, 0.44, 0.55), (0.55, 0.5, 0.48)),
    ("woman_teal", (0.60, 0.52, 0.42), (1.8, 1.3, 1.0)),
    ("man_blond", (0.26, 0.31, 0.24), (0.42, 0.36, 0.36)),
    ("woman_blue", (0.46, 0.22, 0.18), (0.75, 0.62, 0.5)),
    ("man_olive", (0.62, 0.60, 0.56), (1.6, 1.3, 1.1)),
    ("woman_mustard", (0.16, 0.22, 0.42), (2.0, 1.3, 1.0)),
    ("man_stripes", (0.46, 0.42, 0.30), (1.7, 1.5, 1.2)),
    ("woman_rose", (0.40, 0.52, 0.50), (0.55, 0.42, 0.4)),
    ("man_grey", (0.17, 0.21, 0.30), (0.4, 0.4, 0.42)),
)
"""The second person with a body: another colour of what they wear above (sRGB), and a tint of the hair."""
WHO: tuple[tuple[str, Tint | None, Tint], ...] = (*((name, None, PLAIN) for name in BODIES), *SECOND)
PEOPLE = len(WHO)
NAMES = tuple(f"listener {number}" for number in range(PEOPLE))
"""What their characters are called."""


def casting(places_m: Floats) -> NDArray[np.intp]:
    """Who sits where (n,): as many different people as there are, and nobody near another with the same body."""
    bodies = np.array([BODIES.index(name) for name, *_ in WHO])
    used, found = np.zeros(PEOPLE), np.zeros(len(places_m), np.intp)
    for person, place_m in enumerate(places_m):
        away_m = np.linalg.norm(places_m[:person] - place_m, axis=1)
        nearest_m = np.full(PEOPLE, APART_M)
        for body in range(len(BODIES)):
            own = away_m[bodies[found[:person]] == body]
            nearest_m[bodies == body] = min(APART_M, float(own.min(initial=APART_M)))
        found[person] = int(np.argmin(used - nearest_m / APART_M))
        used[found[person]] += 1.0
    return found


@lru_cache(maxsize=len(BODIES))
def body_of(name: str) -> Body:
    """A body of the assets."""
    return load_gltf(FOLDER / f"{name}.glb").bodies[0]


@lru_cache(maxsize=1)
def characters() -> tuple[Character, ...]:
    """Everybody who differs, in the order of `WHO`."""
    return tuple(_dressed(called, *who) for called, who in zip(NAMES, WHO, strict=True))


def _dressed(called: str, name: str, top: Tint | None, hair: Tint) -> Character:
    character = body_of(name).character
    parts = []
    for part in character.parts:
        material = replace(part.material, casts_shadow=False)
        if material.alpha_cutoff > 0.0:
            red, green, blue = (one * tint for one, tint in zip(material.base_color_linear, hair, strict=True))
            material = replace(material, base_color_linear=(red, green, blue))
        elif top is not None and part.morphs_m is None and material.maps is not None:
            maps = replace(material.maps, base_color=_recoloured(material.maps.base_color, top))
            material = replace(material, maps=maps)
        parts.append(replace(part, material=material))
    return replace(character, name=called, parts=tuple(parts), radius_m=RADIUS_M)


def _recoloured(picture: Picture | None, colour: Tint) -> Picture | None:
    """The same cloth in another colour; what is worn above fills the upper half of the picture."""
    if picture is None:
        return None
    pixels = picture.pixels.copy()
    upper = pixels[: len(pixels) // 2, :, :3]
    bright = upper @ np.array(_LUMA, np.float32)
    worn = bright[bright > bright.mean() * 0.2]
    upper[:] = np.clip(255.0 * np.array(colour) * (bright / worn.mean())[..., None], 0.0, 255.0)
    return Picture(f"{picture.key} in {colour}", pixels, picture.is_colour)
