"""A document's pictures, decoded on several threads and made smaller where they are too large."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from environments.gltf.accessors import Accessors
from environments.gltf.document import Document, embedded
from environments.gltf.problems import DRAWN_PIXELS, DRAWN_PX, PICTURE_PX, READ_PIXELS, GltfError, Within, at_most
from environments.gltf.values import index
from environments.render.model import Picture

_FORMATS = ("PNG", "JPEG")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, TypeError, KeyError, IndexError)
_MOST_THREADS = 4

Decoded = tuple[str, NDArray[np.uint8]]


class Pictures:
    """Decodes each picture that is asked for once; a context that ends with the last of them."""

    def __init__(self, document: Document, accessors: Accessors) -> None:
        self._document, self._accessors = document, accessors
        self._pool = ThreadPoolExecutor(min(os.cpu_count() or 2, _MOST_THREADS), "gltf-picture")
        self._found: dict[int, Future[Decoded]] = {}
        self._read_pixels = self._drawn_pixels = 0

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def ask(self, texture: int) -> int:
        """Begin to decode a texture's picture and give back the picture's number."""
        with Within("texture", texture):
            source = index(self._document.lists["textures"][texture], "source", len(self._document.lists["images"]))
            if source is None:
                raise GltfError("it has no PNG or JPEG picture", "export its pictures as PNG or JPEG")
        if source not in self._found:
            with Within("picture", source):
                data = self._bytes(source)
                self._count(data)
            self._found[source] = self._pool.submit(_decoded, data)
        return source

    def get(self, source: int, *, is_colour: bool) -> Picture:
        """A picture that was asked for."""
        with Within("picture", source):
            key, pixels = self._found[source].result()
        return Picture(f"{key}-{'colour' if is_colour else 'data'}", pixels, is_colour)

    def _bytes(self, source: int) -> bytes | memoryview:
        element = self._document.lists["images"][source]
        if "uri" in element:
            return embedded(element["uri"])
        view = index(element, "bufferView", len(self._document.lists["bufferViews"]))
        if view is None:
            raise GltfError("its data is not in the file", "export it as one file (.glb)")
        return self._accessors.view(view)

    def _count(self, data: bytes | memoryview) -> None:
        """Refuse what is too large before any of it is decoded."""
        with _opened(data) as image:
            width, height = image.size
        if max(width, height) > PICTURE_PX:
            raise GltfError(f"it is {width} x {height}, and {PICTURE_PX} a side is the most", "make it smaller")
        part = min(1.0, DRAWN_PX / max(width, height, 1))
        self._read_pixels += width * height
        self._drawn_pixels += int(width * height * part * part)
        at_most("pixels in its pictures", self._read_pixels, READ_PIXELS)
        at_most("pixels in its pictures at 2048 a side", self._drawn_pixels, DRAWN_PIXELS)


def _opened(data: bytes | memoryview) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return Image.open(io.BytesIO(data), formats=_FORMATS)
    except (*_BROKEN, Image.DecompressionBombError, Warning):
        raise GltfError("it is no PNG or JPEG, or it is damaged", "save it again as PNG or JPEG") from None


def _decoded(data: bytes | memoryview) -> Decoded:
    key = hashlib.blake2b(data, digest_size=16).hexdigest()
    image = _opened(data)
    try:
        width, height = image.size
        if image.format == "JPEG":
            image.draft("RGB", (DRAWN_PX, DRAWN_PX))
        if image.mode.startswith("I"):
            image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
        whole = image.convert("RGBA")
        if max(width, height) > DRAWN_PX:
            part = DRAWN_PX / max(width, height)
            size = (max(round(width * part), 1), max(round(height * part), 1))
            whole = whole.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        return key, np.asarray(whole)
    except _BROKEN:
        raise GltfError("it is damaged", "save it again as PNG or JPEG") from None
