"""The surfaces of a scene on the graphics card: a row of numbers for each, and its pictures as layers of arrays.

Pictures of one material get one size, the smallest power of two that holds its largest, so that all materials of a
size are drawn together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from environments.render.model import Material, Picture, SurfaceMaps
from environments.render.opening import draws_in_software
from environments.render.programs import SAMPLER_UNITS

TEXELS = 8
SMALLEST_PX, LARGEST_PX = 4, 2048
MIPMAP_SHARE = 4.0 / 3.0
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layers:
    """Where a material's pictures are in the arrays of its size; -1 where it has none."""

    size_px: int
    base: int = -1
    packed: int = -1
    normal: int = -1
    emission: int = -1
    light: int = -1


NO_LAYERS = Layers(0)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One layer: pictures for its channels (the second gives red where occlusion is a picture of its own)."""

    key: str
    picture: Picture | None
    occlusion: Picture | None = None
    is_packed: bool = False


class Surfaces:
    """Numbers and pictures of all materials; row i belongs to the i-th."""

    def __init__(self, ctx: moderngl.Context, materials: Sequence[tuple[Material, float]]) -> None:
        """`materials` are with the height (m) of the mesh that wears each, as far as it sways."""
        self._ctx = ctx
        self.texture_bytes = 0
        self._colors: dict[int, moderngl.TextureArray] = {}
        self._data: dict[int, moderngl.TextureArray] = {}
        self.layers = self._upload([material for material, _ in materials])
        rows = np.array(
            [
                _row(material, height_m, layers)
                for (material, height_m), layers in zip(materials, self.layers, strict=True)
            ],
            "f4",
        ).reshape(-1, TEXELS * 4)
        self._rows = ctx.texture((TEXELS, max(len(rows), 1)), 4, rows.tobytes() or bytes(TEXELS * 16), dtype="f4")
        self._rows.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def bind(self) -> None:
        """Make the numbers readable."""
        self._rows.use(SAMPLER_UNITS["surfaces_map"])

    def bind_size(self, size_px: int) -> None:
        """Make the pictures of one size readable."""
        if size_px in self._colors:
            self._colors[size_px].use(SAMPLER_UNITS["colors_map"])
        if size_px in self._data:
            self._data[size_px].use(SAMPLER_UNITS["data_map"])

    def _upload(self, materials: Sequence[Material]) -> list[Layers]:
        colors: dict[int, dict[str, int]] = {}
        data: dict[int, dict[str, int]] = {}
        wanted: dict[tuple[bool, int], list[_Wanted]] = {}

        def layer(one: _Wanted | None, size_px: int, *, is_color: bool) -> int:
            if one is None:
                return -1
            known = (colors if is_color else data).setdefault(size_px, {})
            if one.key not in known:
                known[one.key] = len(known)
                wanted.setdefault((is_color, size_px), []).append(one)
            return known[one.key]

        found = []
        for material in materials:
            maps = material.maps
            if maps is None:
                found.append(NO_LAYERS)
                continue
            size_px = _size_of(maps)
            found.append(
                Layers(
                    size_px,
                    layer(_single(maps.base_color), size_px, is_color=True),
                    layer(_packed(maps), size_px, is_color=False),
                    layer(_single(maps.normal), size_px, is_color=False),
                    layer(_single(maps.emission), size_px, is_color=True),
                    layer(_single(maps.light), size_px, is_color=True),
                )
            )
        for (is_color, size_px), layers in wanted.items():
            (self._colors if is_color else self._data)[size_px] = self._array(size_px, layers)
        return found

    def _array(self, size_px: int, layers: Sequence[_Wanted]) -> moderngl.TextureArray:
        with ThreadPoolExecutor() as pool:
            pixels = list(pool.map(lambda one: _pixels(one, size_px), layers))
        array = self._ctx.texture_array((size_px, size_px, len(layers)), 4)
        for number, one in enumerate(pixels):
            array.write(one, viewport=(0, 0, number, size_px, size_px, 1))
        array.build_mipmaps()
        software = draws_in_software(str(self._ctx.info["GL_RENDERER"]))
        array.filter = (moderngl.LINEAR_MIPMAP_NEAREST if software else moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        if not software:  # slanted surfaces stay sharp; without a graphics card that costs six times the picture
            array.anisotropy = min(4.0, self._ctx.max_anisotropy)
        self.texture_bytes += round(size_px * size_px * 4 * len(layers) * MIPMAP_SHARE)
        return array

    def release(self) -> None:
        """Free everything."""
        self._rows.release()
        for array in (*self._colors.values(), *self._data.values()):
            array.release()


def _size_of(maps: SurfaceMaps) -> int:
    pictures = (maps.base_color, maps.metallic_roughness, maps.normal, maps.occlusion, maps.emission, maps.light)
    largest = max((max(one.pixels.shape[:2]) for one in pictures if one is not None), default=SMALLEST_PX)
    return min(max(1 << (largest - 1).bit_length(), SMALLEST_PX), LARGEST_PX)


def _single(picture: Picture | None) -> _Wanted | None:
    return None if picture is None else _Wanted(picture.key, picture)


def _packed(maps: SurfaceMaps) -> _Wanted | None:
    """Occlusion in red, roughness in green, metallic in blue."""
    rough, occlusion = maps.metallic_roughness, maps.occlusion
    if rough is None and occlusion is None:
        return None
    keys = [one.key if one is not None else "" for one in (rough, occlusion)]
    return _Wanted(f"packed {keys[0]} {keys[1]}", rough, occlusion, is_packed=True)


def _pixels(one: _Wanted, size_px: int) -> Pixels:
    """The pixels (size, size, 4) of one layer."""
    if one.picture is not None and not one.is_packed:
        return _sized(one.picture.pixels, size_px)
    packed = np.full((size_px, size_px, 4), 255, np.uint8)
    if one.picture is not None:
        packed[..., 1:3] = _sized(one.picture.pixels, size_px)[..., 1:3]
    if one.occlusion is not None:
        packed[..., 0] = _sized(one.occlusion.pixels, size_px)[..., 0]
    return packed


def _sized(pixels: Pixels, size_px: int) -> Pixels:
    if pixels.shape[:2] == (size_px, size_px):
        return np.ascontiguousarray(pixels)
    image = Image.fromarray(np.ascontiguousarray(pixels), "RGBA")
    return np.asarray(image.resize((size_px, size_px), Image.Resampling.LANCZOS))


def _row(material: Material, height_m: float, layers: Layers) -> Iterable[float]:
    """The 32 numbers that `shaders/material.glsl` reads."""
    maps = material.maps or SurfaceMaps()
    return (
        *material.base_color_linear, material.roughness,
        *material.emission_linear, material.metallic,
        max(material.pattern_scale_m, 1e-3), material.opacity, material.sways, height_m,
        layers.base, layers.packed, layers.normal, layers.emission,
        layers.light, maps.light_scale, material.alpha_cutoff, maps.normal_scale,
        *maps.uv_transform[0], maps.occlusion_strength,
        *maps.uv_transform[1], 0.0,
        0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
