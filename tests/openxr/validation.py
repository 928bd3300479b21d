"""The validation layers that pyopenxr brings, and what they have to say.

Core validation writes to a file.  The layer of best practices counts its messages and on Linux tells them to nobody;
they are read from where it counts them (a `std::unordered_map` of libstdc++, named by the library's own symbols).
"""

from __future__ import annotations

import ctypes
import os
import struct
from _ctypes import dlclose
from pathlib import Path

import xr.api_layer

CORE = "XR_APILAYER_LUNARG_core_validation"
BEST_PRACTICES = "XR_APILAYER_KHRONOS_best_practices_validation"

_COUNTS = b"_ZN8BPLogger11errorCountsB5cxx11E"
_EXPORTED = b"xrNegotiateLoaderApiLayerInterface"
_FIRST_NODE, _TEXT, _LENGTH = 16, 8, 16


def folder() -> Path:
    """Where pyopenxr keeps the layers for this machine."""
    before = os.environ.pop("XR_API_LAYER_PATH", None)
    try:
        xr.api_layer.expose_packaged_api_layers()
        return Path(os.environ["XR_API_LAYER_PATH"])
    finally:
        os.environ.pop("XR_API_LAYER_PATH", None)
        if before is not None:
            os.environ["XR_API_LAYER_PATH"] = before


class Validation:
    """Both layers for all instances from now on, in this process or in children that get `environment`."""

    def __init__(self, text: Path, *, best_practices: bool = True) -> None:
        self._text = text
        self._layer = _Layer(folder() / "libXrApiLayer_best_practices_validation.so") if best_practices else None
        names = (CORE, BEST_PRACTICES) if best_practices else (CORE,)
        self.environment = {
            "XR_API_LAYER_PATH": str(folder()),
            "XR_ENABLE_API_LAYERS": os.pathsep.join(names),
            "XR_CORE_VALIDATION_EXPORT_TYPE": "text",
            "XR_CORE_VALIDATION_FILE_NAME": str(text),
        }

    @property
    def was_used(self) -> bool:
        """Whether an instance was made with the layers."""
        return self._text.exists() and "Core Validation Layer is initialized" in self._text.read_text("utf-8")

    @property
    def messages(self) -> list[str]:
        """Everything that they found fault with."""
        lines = self._text.read_text("utf-8").splitlines() if self._text.exists() else []
        faults = [line for line in lines if line.strip() and "VALID_DEBUG" not in line]
        return faults + (self._layer.messages() if self._layer is not None else [])

    def close(self) -> None:
        """Let the layer go, so that the next one counts from nothing."""
        if self._layer is not None:
            self._layer.close()
            self._layer = None


class _Layer:
    """The layer of best practices, kept loaded beside the loader's own use of it."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        symbols = _symbols(path.read_bytes())
        exported = ctypes.cast(self._library.xrNegotiateLoaderApiLayerInterface, ctypes.c_void_p).value or 0
        self._counts = exported - symbols[_EXPORTED] + symbols[_COUNTS]

    def messages(self) -> list[str]:
        found, node = [], _pointer(self._counts + _FIRST_NODE)
        while node:
            found.append(ctypes.string_at(_pointer(node + _TEXT), _pointer(node + _LENGTH)).decode())
            node = _pointer(node)
        return found

    def close(self) -> None:
        dlclose(self._library._handle)


def _pointer(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def _symbols(elf: bytes) -> dict[bytes, int]:
    """The values of the symbols that are looked for, from the symbol table of a 64-bit ELF file."""
    start, size, count = struct.unpack_from("<Q", elf, 0x28)[0], *struct.unpack_from("<HH", elf, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, start + i * size) for i in range(count)]
    table = next(one for one in sections if one[1] == 2)
    strings = sections[table[6]][4]
    found = {}
    for offset in range(table[4], table[4] + table[5], table[9]):
        name, value = struct.unpack_from("<I4xQ", elf, offset)
        text = elf[strings + name : elf.index(b"\0", strings + name)]
        if text in {_COUNTS, _EXPORTED}:
            found[text] = value
    return found
