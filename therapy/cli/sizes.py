"""Sizes as people write them."""

from __future__ import annotations

from therapy.errors import UsageError

SMALLEST_PX, LARGEST_PX = 16, 8192


def read_size(text: str) -> tuple[int, int]:
    """Width and height in pixels from `1280x720`; `UsageError` for anything else."""
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal():
        sides = int(width), int(height)
        if all(SMALLEST_PX <= side <= LARGEST_PX for side in sides):
            return sides
    raise UsageError(f"{text!r} is no size.", f"Write it as 1280x720, each side from {SMALLEST_PX} to {LARGEST_PX}.")
