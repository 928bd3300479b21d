"""Arrays out of buffers: views where the file's bytes can be used as they are, copies where they cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from environments.gltf.document import Document
from environments.gltf.problems import VERTICES, GltfError, Within
from environments.gltf.values import Json, index, part, text, whole

DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_DTYPES = {code: np.dtype(name) for code, name in DTYPES.items()}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNREAD = ("EXT_meshopt_compression", "KHR_meshopt_compression")

Array = NDArray[Any]


class Accessors:
    """Decodes a document's accessors, each once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._views = document.lists["bufferViews"]
        self._accessors = document.lists["accessors"]
        self._raw: dict[int, Array] = {}

    def floats(self, number: int, width: int) -> NDArray[np.float32]:
        """Float32 (n, width); whole numbers are scaled to 0-1 or -1-1 where the file says so."""
        found = self.raw(number, width)
        with Within("accessor", number):
            if found.dtype != np.float32:
                if self._accessors[number].get("normalized") is True and found.dtype.kind in "iu":
                    return np.asarray(np.maximum(found / np.float32(np.iinfo(found.dtype).max), -1.0), np.float32)
                return found.astype(np.float32)
            return found

    def wholes(self, number: int, width: int) -> Array:
        """Whole numbers (n, width), unsigned."""
        found = self.raw(number, width)
        if found.dtype.kind != "u":
            raise GltfError(f"accessor {number}: it holds no unsigned whole numbers")
        return found

    def raw(self, number: int, width: int) -> Array:
        """As stored (n, width)."""
        with Within("accessor", number):
            if number not in self._raw:
                self._raw[number] = self._decoded(self._accessors[number])
            found = self._raw[number]
            if found.shape[1] != width:
                raise GltfError(f"it has {found.shape[1]} numbers an element instead of {width}")
            return found

    def element(self, number: int) -> Json:
        """An accessor as the file has it."""
        return self._accessors[number]

    def length(self) -> int:
        """How many accessors there are."""
        return len(self._accessors)

    def view(self, number: int) -> memoryview:
        """The bytes of a buffer view."""
        with Within("buffer view", number):
            element = self._views[number]
            for name in _UNREAD:
                if name in element.get("extensions", {}):
                    raise GltfError("it is compressed with meshopt", "export it without meshopt compression")
            buffer = index(element, "buffer", len(self._document.buffers))
            if buffer is None:
                raise GltfError("it names no buffer")
            data = self._document.buffers[buffer]
            start, length = whole(element, "byteOffset", 0), whole(element, "byteLength")
            if start + length > len(data):
                raise GltfError("it reaches past its buffer")
            return data[start : start + length]

    def _decoded(self, element: Json) -> Array:
        dtype = _DTYPES.get(whole(element, "componentType"))
        width = WIDTHS.get(text(element, "type"))
        if dtype is None or width is None:
            raise GltfError("its type is unknown")
        count = whole(element, "count", most=VERTICES)
        view = index(element, "bufferView", len(self._views))
        found: Array
        if view is None:
            found = np.zeros((count, width), dtype)
        else:
            found = self._strided(view, whole(element, "byteOffset", 0), (count, width, dtype))
        sparse = part(element, "sparse")
        return self._with_sparse(found, sparse) if sparse else found

    def _strided(self, view: int, offset: int, form: tuple[int, int, np.dtype[Any]]) -> Array:
        count, width, dtype = form
        data = self.view(view)
        size = width * dtype.itemsize
        stride = whole(self._views[view], "byteStride", size, most=1024)
        if stride < size:
            raise GltfError("its elements overlap")
        if count and offset + stride * (count - 1) + size > len(data):
            raise GltfError("it reaches past its buffer view")
        if not count:
            return np.zeros((0, width), dtype)
        if stride == size:
            return np.frombuffer(data, dtype, count * width, offset).reshape(count, width)
        return np.ndarray((count, width), dtype, data, offset, (stride, dtype.itemsize))

    def _with_sparse(self, found: Array, sparse: Json) -> Array:
        count = whole(sparse, "count", most=len(found))
        places, stored = part(sparse, "indices"), part(sparse, "values")
        dtype = _DTYPES.get(whole(places, "componentType"))
        views = [index(one, "bufferView", len(self._views)) for one in (places, stored)]
        if dtype is None or dtype.kind != "u" or views[0] is None or views[1] is None:
            raise GltfError("its sparse part is damaged")
        rows = self._packed(views[0], whole(places, "byteOffset", 0), (count, 1, dtype))[:, 0]
        if count and int(rows.max()) >= len(found):
            raise GltfError("its sparse part changes elements that do not exist")
        changed = found.copy()
        changed[rows] = self._packed(views[1], whole(stored, "byteOffset", 0), (count, found.shape[1], found.dtype))
        return changed

    def _packed(self, view: int, offset: int, form: tuple[int, int, np.dtype[Any]]) -> Array:
        count, width, dtype = form
        data = self.view(view)
        if offset + count * width * dtype.itemsize > len(data):
            raise GltfError("its sparse part reaches past its buffer view")
        return np.frombuffer(data, dtype, count * width, offset).reshape(count, width)
