"""What a file may be at most, and the one error that says why it cannot be used."""

from __future__ import annotations

from types import TracebackType

MIB = 1024 * 1024
FILE_BYTES = 512 * MIB
JSON_BYTES = 64 * MIB
JSON_ELEMENTS = 4_000_000
TRIANGLES = 4_000_000
"""As drawn: a mesh counts once for each node that shows it."""
VERTICES = 12_000_000
NODES = 20_000
NODE_DEPTH = 1000
ELEMENTS = 50_000
"""Of every other list: accessors, meshes, materials and so on count up to four times as many."""
JOINTS = 1024
BODIES = 256
CHANNELS = 50_000
MORPH_TARGETS = 512
MORPH_VALUES = 60_000_000
KEY_VALUES = 40_000_000
PICTURE_PX = 8192
DRAWN_PX = 2048
"""Larger pictures are made smaller."""
DRAWN_PIXELS = 256 * MIB
READ_PIXELS = 1024 * MIB
FARTHEST_M = 1e5

EXPORT_AGAIN = "export it again, for example from Blender as glTF 2.0 (.glb)"


class GltfError(ValueError):
    """A file that cannot be used: one sentence of what is wrong, and the cure."""

    def __init__(self, problem: str, cure: str = EXPORT_AGAIN) -> None:
        super().__init__(problem, cure)
        self.problem = problem
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.problem}; {self.cure}"


class Within:
    """Says which part of the file an error inside the block is about."""

    __slots__ = ("_number", "_what")

    def __init__(self, what: str, number: int | None = None) -> None:
        self._what = what
        self._number = number

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, GltfError):
            where = self._what if self._number is None else f"{self._what} {self._number}"
            raise GltfError(f"{where}: {error.problem}", error.cure) from error


def at_most(what: str, count: float, limit: float) -> None:
    """`GltfError` when there is more of something than may be."""
    if count > limit:
        raise GltfError(f"it has {count:,.0f} {what}, and {limit:,.0f} is the most", "make it smaller and export again")
