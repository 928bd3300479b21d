"""The patient's own words for the lectern, from a file."""

from __future__ import annotations

from pathlib import Path

from protocols.schema import MOST_NOTES
from therapy.errors import UsageError

NOTES_HELP = "A text file with the patient's own notes, for a scene with a lectern."


def notes_of(path: Path | None) -> str:
    """The text of a file of notes, nothing without one; `UsageError` for one that cannot be read or is too long."""
    if path is None:
        return ""
    try:
        text = path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as notes.", "Name a text file in UTF-8.") from error
    if len(text) > MOST_NOTES:
        raise UsageError(
            f"The notes have {len(text)} letters, and a lectern shows at most {MOST_NOTES}.", "Use catchwords."
        )
    return text
