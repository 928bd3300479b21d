"""Numbers and times as they are printed."""

from __future__ import annotations

from datetime import datetime

NONE = "–"
GOOD_0TO1, FAIR_0TO1 = 0.8, 0.5
"""From these shares of good beats on a signal is called good, and fair."""


def clock(t_s: float) -> str:
    """Session time as minutes and seconds."""
    whole = int(t_s)
    return f"{whole // 60}:{whole % 60:02d}"


def lasting(seconds: float) -> str:
    """A duration."""
    return f"{seconds:.0f} s" if seconds < 120.0 else f"{seconds / 60.0:.1f} min"


def number(amount: float | None, digits: int = 0, unit: str = "") -> str:
    """A number with its unit, or a dash."""
    return NONE if amount is None else f"{amount:.{digits}f}{unit}"


def signed(amount: float | None, digits: int = 0) -> str:
    """A difference with its sign (a true minus), or a dash."""
    return NONE if amount is None else f"{amount:+.{digits}f}".replace("-", "−")


def percent(share: float | None) -> str:
    """A share in percent, or a dash."""
    return NONE if share is None else f"{share * 100:.0f} %"


def quality_in_words(quality_0to1: float) -> str:
    """The quality of a signal as a word."""
    return "good" if quality_0to1 >= GOOD_0TO1 else "fair" if quality_0to1 >= FAIR_0TO1 else "poor"


def level(intensity_0to1: float) -> str:
    """An intensity as a level: whole levels without a decimal."""
    on_scale = round(intensity_0to1 * 10, 1)
    return f"{on_scale:.0f}" if on_scale == round(on_scale) else f"{on_scale:.1f}"


def when(moment: datetime) -> str:
    """A wall time with its zone, for people."""
    return f"{moment:%d %B %Y, %H:%M} ({moment:%Z})" if moment.tzinfo else f"{moment:%d %B %Y, %H:%M}"
