"""The keys a patient can use, by name; displays map their own keys and buttons to these."""

from __future__ import annotations

from environments.contract import PanelKind
from environments.interact.layout import choices_of

STOP = "stop"
RATE = "rate"
CONFIRM = "confirm"
LEFT = "left"
RIGHT = "right"
FIRST = "first"
LAST = "last"
TEN = "ten"
YES = "yes"
NO = "no"
CAPTURE = "capture"
THROW = "throw"
SCORE = "score"
DIGITS = tuple("0123456789")
NAMES = (STOP, RATE, CONFIRM, LEFT, RIGHT, FIRST, LAST, TEN, YES, NO, CAPTURE, THROW, SCORE, *DIGITS)


def answer_of(key: str, panel: PanelKind) -> int | None:
    """The answer that `key` gives at once on such a panel, or None."""
    if panel is PanelKind.MESSAGE:
        return None
    if panel is PanelKind.YES_NO:
        return {YES: 1, "1": 1, NO: 0, "0": 0}.get(key)
    stop = 10 if key == TEN else int(key) if key in DIGITS else None
    return None if stop is None else choices_of(panel)[stop].answer
