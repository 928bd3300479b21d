"""Animations as curves of nodes, still with the file's own node numbers turned into places in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from environments.gltf.accessors import Accessors
from environments.gltf.content import Channel, ChannelPath, Clip, Interpolation
from environments.gltf.document import Document
from environments.gltf.nodes import Tree
from environments.gltf.problems import CHANNELS, KEY_VALUES, GltfError, Within, at_most
from environments.gltf.values import Json, index, part, parts, text
from environments.render.model import Float32

_WIDTHS: Mapping[str, int] = {"translation": 3, "rotation": 4, "scale": 3}
_INTERPOLATIONS: Mapping[str, Interpolation] = {"STEP": "STEP", "LINEAR": "LINEAR", "CUBICSPLINE": "CUBICSPLINE"}
_PATHS: Mapping[str, ChannelPath] = {
    "translation": "translation",
    "rotation": "rotation",
    "scale": "scale",
    "weights": "weights",
}


@dataclass(frozen=True, slots=True, eq=False)
class Animation:
    """A named movement; each channel's target is a place in the tree, that of a mesh for weights."""

    name: str
    duration_s: float
    channels: tuple[Channel, ...]

    @property
    def moved_nodes(self) -> set[int]:
        """The places in the tree that it moves."""
        return {channel.target for channel in self.channels if channel.path != "weights"}

    def clip(self, place_of: Mapping[int, int]) -> Clip | None:
        """What it does to some nodes, numbered as `place_of` says; None where it does nothing to them."""
        kept = [
            replace(channel, target=place_of[channel.target])
            for channel in self.channels
            if channel.path != "weights" and channel.target in place_of
        ]
        return Clip(self.name, self.duration_s, tuple(kept)) if kept else None


class Animations:
    """Decodes a document's animations."""

    def __init__(self, document: Document, accessors: Accessors, tree: Tree) -> None:
        self._document, self._accessors, self._tree = document, accessors, tree
        self._values = self._count = 0

    def read(self) -> tuple[Animation, ...]:
        """All of them; names are made unique."""
        found: list[Animation] = []
        taken: set[str] = set()
        for number, element in enumerate(self._document.lists["animations"]):
            with Within("animation", number):
                name = text(element, "name") or f"animation {number}"
                if name in taken:
                    name = f"{name} {number}"
                taken.add(name)
                channels = self._channels(element)
            if channels:
                found.append(Animation(name, max(float(one.times_s[-1]) for one in channels), channels))
        return tuple(found)

    def _channels(self, element: Json) -> tuple[Channel, ...]:
        samplers = parts(element, "samplers")
        channels = []
        for one in parts(element, "channels"):
            target = part(one, "target")
            node = index(target, "node", len(self._tree.elements))
            sampler = index(one, "sampler", len(samplers))
            path = _PATHS.get(text(target, "path"))
            if sampler is None:
                raise GltfError("a channel has no sampler")
            self._count += 1
            at_most("channels in animations", self._count, CHANNELS)
            if node is not None and path is not None:
                channels.append(self._channel(samplers[sampler], int(self._tree.place_of[node]), path))
        return tuple(channels)

    def _channel(self, sampler: Json, target: int, path: ChannelPath) -> Channel:
        length = self._accessors.length()
        times, values = index(sampler, "input", length), index(sampler, "output", length)
        interpolation = _INTERPOLATIONS.get(text(sampler, "interpolation", "LINEAR"))
        if times is None or values is None or interpolation is None:
            raise GltfError("a sampler is incomplete")
        times_s = self._accessors.floats(times, 1)[:, 0]
        if not len(times_s) or not np.isfinite(times_s).all() or times_s[0] < 0.0 or (np.diff(times_s) <= 0.0).any():
            raise GltfError("the times of its keys do not rise from 0 s on")
        found = self._accessors.floats(values, _WIDTHS.get(path, 1))
        self._values += found.size
        at_most("numbers in animations", self._values, KEY_VALUES)
        if not np.isfinite(found).all():
            raise GltfError("a key holds numbers that are none (NaN) or endless")
        return Channel(target, path, times_s, _shaped(found, len(times_s), path, interpolation), interpolation)


def _shaped(values: Float32, keys: int, path: ChannelPath, interpolation: Interpolation) -> Float32:
    """(k, width), or (k, 3, width) with tangents."""
    rows = keys * (3 if interpolation == "CUBICSPLINE" else 1)
    width = values.size // rows
    if width == 0 or width * rows != values.size or (path != "weights" and width != values.shape[1]):
        raise GltfError("a sampler has another number of values than of keys")
    return values.reshape((keys, 3, width) if interpolation == "CUBICSPLINE" else (keys, width))
