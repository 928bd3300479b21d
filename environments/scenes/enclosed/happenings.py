"""Events: what each does at its age in seconds.  All begin and end gently and leave nothing behind."""

from __future__ import annotations

import math
from collections.abc import Mapping

DOOR_S, DOOR_STAYS_S = 3.5, 6.0
STOP_S, EASING_S, STOPPED_LIGHT = 20.0, 1.5, 0.6
INTERCOM_S = 12.0
DIPS, DIP_EVERY_S, DIP_S, DIP_DEPTH = 3, 1.6, 0.7, 0.45
"""Three dips of the light, more than a second apart (CLINICAL: at most one flash a second)."""
SCAN_S, SCAN_LIGHT, SCAN_EVERY_S = 20.0, 0.05, 4.0


def eased(part: float) -> float:
    """From 0 to 1 with an even start and stop."""
    held = min(max(part, 0.0), 1.0)
    return held * held * (3.0 - 2.0 * held)


def there_and_back(age_s: float | None, takes_s: float, stays_s: float) -> float:
    """From 0 to 1, a while there, and back."""
    if age_s is None or age_s <= 0.0:
        return 0.0
    return eased(age_s / takes_s) - eased((age_s - takes_s - stays_s) / takes_s)


def door_open(wanted_0to1: float, events: Mapping[str, float]) -> float:
    """How far the door stands open."""
    closed = there_and_back(events.get("door_closes"), DOOR_S, DOOR_STAYS_S)
    opened = there_and_back(events.get("door_opens"), DOOR_S, DOOR_STAYS_S)
    return (wanted_0to1 + (1.0 - wanted_0to1) * opened) * (1.0 - closed)


def stopped(events: Mapping[str, float]) -> float:
    """How much the lift has stopped by the event."""
    return there_and_back(events.get("stops"), EASING_S, STOP_S - 2.0 * EASING_S)


def is_spoken_to(events: Mapping[str, float]) -> bool:
    """Whether somebody speaks over the intercom."""
    return 0.0 < events.get("intercom", -1.0) < INTERCOM_S


def is_scanned(events: Mapping[str, float]) -> bool:
    """Whether the scanner runs."""
    return 0.0 < events.get("scan", -1.0) < SCAN_S


def light_left(events: Mapping[str, float]) -> float:
    """What the events leave of the light."""
    left = 1.0 - (1.0 - STOPPED_LIGHT) * stopped(events)
    age_s = events.get("flicker", -1.0)
    for dip in range(DIPS):
        part = (age_s - dip * DIP_EVERY_S) / DIP_S
        if 0.0 < part < 1.0:
            left *= 1.0 - DIP_DEPTH * math.sin(math.pi * part) ** 2
    scan_s = events.get("scan", -1.0)
    if 0.0 < scan_s < SCAN_S:
        left *= 1.0 - SCAN_LIGHT * (1.0 - math.cos(2.0 * math.pi * scan_s / SCAN_EVERY_S))
    return left
