"""Cameras and lamps of a document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np

from environments.gltf.content import Lamp, NamedCamera
from environments.gltf.document import Document
from environments.gltf.nodes import Tree
from environments.gltf.problems import GltfError, Within
from environments.gltf.values import extension, index, number, numbers, part, parts, text

Kind = Literal["directional", "point", "spot"]
_KINDS: Mapping[str, Kind] = {"directional": "directional", "point": "point", "spot": "spot"}
_WHITE = (1.0, 1.0, 1.0)
_NARROWEST_DEG, _WIDEST_DEG = 10.0, 120.0


def read_cameras(document: Document, tree: Tree) -> tuple[NamedCamera, ...]:
    """The perspective cameras that the scene holds, in the order of the file's nodes."""
    cameras = document.lists["cameras"]
    found = []
    for place in tree.place_of:
        element = tree.elements[place]
        chosen = index(element, "camera", len(cameras))
        if chosen is None or not tree.is_shown[place]:
            continue
        with Within("camera", chosen):
            if text(cameras[chosen], "type") != "perspective":
                continue
            fov = math.degrees(number(part(cameras[chosen], "perspective"), "yfov", 1.0))
        name = text(element, "name") or text(cameras[chosen], "name") or f"camera {chosen}"
        world = tree.worlds[place].astype(np.float32)
        found.append(NamedCamera(name, world, min(max(fov, _NARROWEST_DEG), _WIDEST_DEG)))
    return tuple(found)


def read_lamps(document: Document, tree: Tree) -> tuple[Lamp, ...]:
    """The lamps that the scene holds (KHR_lights_punctual)."""
    lamps = parts(extension(document.root, "KHR_lights_punctual") or {}, "lights")
    found = []
    for place, element in enumerate(tree.elements):
        chosen = index(extension(element, "KHR_lights_punctual") or {}, "light", len(lamps))
        if chosen is None or not tree.is_shown[place]:
            continue
        lamp = lamps[chosen]
        with Within("light", chosen):
            kind = _KINDS.get(text(lamp, "type"))
            red, green, blue = (max(one, 0.0) for one in numbers(lamp, "color", _WHITE))
            spot = part(lamp, "spot")
            cones = (number(spot, "innerConeAngle", 0.0), number(spot, "outerConeAngle", math.pi / 4.0))
            if kind is None:
                raise GltfError("its kind is unknown")
            found.append(
                Lamp(
                    text(element, "name") or f"lamp {chosen}",
                    kind,
                    tree.worlds[place].astype(np.float32),
                    (red, green, blue),
                    max(number(lamp, "intensity", 1.0), 0.0),
                    max(number(lamp, "range", 0.0), 0.0),
                    math.degrees(cones[0]),
                    math.degrees(cones[1]),
                )
            )
    return tuple(found)
