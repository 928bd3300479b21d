"""The patient's own words on a lectern: how they are broken into lines, and when they are too long."""

from __future__ import annotations

from functools import lru_cache

from environments.render.glyphs import atlas
from environments.render.text import LINE_CAPS, least_height_m
from environments.scenes.manifest import ManifestError

PARAMETER = "notes"
"""Under this name a scene whose manifest says `notes = true` is given the text beside its parameters."""
FARTHEST_M = 0.82
"""From the eyes to the last line of a lectern."""
HEIGHT_M = 1.02 * least_height_m(FARTHEST_M)
WIDE_M, HIGH_M = 0.43, 0.315
"""The part of the sheet that may be written on."""
LINES = int(HIGH_M / (LINE_CAPS * HEIGHT_M))
MOST_LETTERS = 4000


class NotesError(ManifestError):
    """Notes that do not fit."""


@lru_cache(maxsize=4)
def laid_out(text: str) -> tuple[str, ...]:
    """The lines of a text; `NotesError` where there are more than a lectern shows."""
    if len(text) > MOST_LETTERS:
        raise NotesError(f"the notes have {len(text)} letters and the lectern shows {LINES} lines; use catchwords")
    lines = [line for paragraph in text.strip("\n").split("\n") for line in _broken(paragraph.rstrip())]
    if len(lines) > LINES:
        raise NotesError(
            f"the notes take {len(lines)} lines and the lectern shows {LINES}, as small as can be read; use catchwords"
        )
    return tuple(lines)


def width_m(line: str) -> float:
    """How wide a line is."""
    letters = atlas()
    return HEIGHT_M * sum(letters.glyph(letter).advance for letter in line)


def _broken(paragraph: str) -> list[str]:
    """A paragraph in lines of whole words; a word wider than a line is cut."""
    lines, line = [], ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if width_m(longer) <= WIDE_M:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_m(line) > WIDE_M:
            fits = max(k for k in range(1, len(line)) if k == 1 or width_m(line[:k]) <= WIDE_M)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]
