"""An oracle for wrong steps up, which shares nothing with the loop it judges.

It reads only what really happened: the notifications as bytes, the ratings that were given, the links, the stops and
resumes, and what the patient was shown.  It decodes the bytes by itself.  A step up is every moment from which the
patient is shown more than before, the way back from the calm scene included.  The rules: CLINICAL basis, section 6.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from therapy.cohort.truth import Given, Truth

FRESH_S = 3.0
QUALIFIED_S = 30.0
RECONNECTED_S = 30.0
FROZEN_S = 20.0
AHEAD_S = 5.0
RATING_FRESH_S = 120.0
STEP_0TO1 = 0.1
STEP_EVERY_S = 45.0
STEP_DOWN_SUDS = 75
LOWEST_BPM, HIGHEST_BPM = 30, 220
TINY = 1e-6


class Wrong(StrEnum):
    """What can be wrong with a step up."""

    HR_MISSING = "hr-missing"  # no reading in the last 3 s: nothing came, or only zeros, lost contacts and nonsense
    HR_NOT_QUALIFIED = "hr-not-qualified"  # a gap of more than 3 s between readings in the last 30 s
    HR_FROZEN = "hr-frozen"  # the same packet, or equal intervals, for 20 s
    HR_AHEAD = "hr-ahead"  # more heart beats than time
    RECONNECTED = "reconnected"  # the strap came back less than 30 s ago
    RATING_STALE = "rating-stale"
    ABOVE_CEILING = "above-ceiling"
    NOT_TOLERATED = "not-tolerated"  # more than one step above what was rated below 75
    BACK_TOO_HIGH = "back-too-high"  # from the calm scene to more than one step below where it was left
    TOO_FAST = "too-fast"
    STOPPED = "stopped"  # after a stop, a rating of 95 or a fault of the clock, without a therapist's resume


@dataclass(frozen=True, slots=True)
class WrongStep:
    """One thing wrong with one step up."""

    t_s: float
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class _Reading:
    t_s: float
    rr_ticks: tuple[int, ...]
    packet: bytes


@dataclass(frozen=True, slots=True)
class _Raise:
    """A step up; from the calm scene (None) `left_0to1` is what was shown before it."""

    t_s: float
    from_0to1: float | None
    to_0to1: float
    left_0to1: float


def audit(truth: Truth) -> tuple[WrongStep, ...]:
    """Everything wrong with every step up of a session, in order of time."""
    readings = [reading for t_s, packet in truth.packets if (reading := _reading(t_s, packet)) is not None]
    times_s = [reading.t_s for reading in readings]
    raises = _raises(truth)
    found: list[WrongStep] = []
    for number, step in enumerate(raises):
        wrong = [*_of_the_rating(truth, step), *_of_the_height(truth, step), *_of_the_pace(raises[:number], step)]
        if truth.uses_hr:
            recent = readings[bisect_right(times_s, step.t_s - QUALIFIED_S - FRESH_S) : bisect_right(times_s, step.t_s)]
            wrong += _of_the_heart(recent, step.t_s)
            if any(here and 0.0 <= step.t_s - t_s < RECONNECTED_S for t_s, here in truth.links):
                wrong.append(Wrong.RECONNECTED)
        found += [WrongStep(step.t_s, one) for one in wrong]
    return tuple(found)


def _raises(truth: Truth) -> list[_Raise]:
    """Every step up of the exposure; its first picture, the ground, is none.

    An exposure that begins on a tolerated level is entered as if it had been left one step above it.
    """
    raises, left_0to1 = [], truth.start_0to1 + STEP_0TO1 if truth.start_0to1 > 0.0 else 0.0
    for before, after in pairwise(truth.shown):
        to_0to1, left_0to1 = after.intensity_0to1, before.intensity_0to1 or left_0to1
        if to_0to1 is not None and to_0to1 > (before.intensity_0to1 or 0.0) + TINY:
            raises.append(_Raise(after.t_s, before.intensity_0to1, to_0to1, left_0to1))
    return raises


def _of_the_rating(truth: Truth, step: _Raise) -> list[Wrong]:
    newest = _newest(truth.ratings, step.t_s)
    wrong = [] if newest is not None and step.t_s - newest.t_s <= RATING_FRESH_S else [Wrong.RATING_STALE]
    stopped_s = max((t_s for t_s in truth.stops if t_s <= step.t_s), default=None)
    if stopped_s is not None and not any(stopped_s <= t_s <= step.t_s for t_s in truth.resumes):
        wrong.append(Wrong.STOPPED)
    return wrong


def _of_the_height(truth: Truth, step: _Raise) -> list[Wrong]:
    wrong = [Wrong.ABOVE_CEILING] if step.to_0to1 > truth.ceiling_0to1 + TINY else []
    tolerated = [
        min(_shown_at(truth, given.t_s), _shown_at(truth, given.t_s if given.asked_s is None else given.asked_s))
        for given in truth.ratings
        if given.t_s <= step.t_s and given.suds < STEP_DOWN_SUDS
    ]
    if step.to_0to1 > max([truth.start_0to1, *tolerated]) + STEP_0TO1 + TINY:
        wrong.append(Wrong.NOT_TOLERATED)
    if step.from_0to1 is None and step.to_0to1 > max(step.left_0to1 - STEP_0TO1, 0.0) + TINY:
        wrong.append(Wrong.BACK_TOO_HIGH)
    return wrong


def _of_the_pace(earlier: Sequence[_Raise], step: _Raise) -> list[Wrong]:
    """At most a tenth in 45 s; the way back from the calm scene counts as a tenth."""
    recent = [_size(one) for one in earlier if step.t_s - one.t_s < STEP_EVERY_S - TINY]
    return [Wrong.TOO_FAST] if sum(recent) + _size(step) > STEP_0TO1 + TINY else []


def _of_the_heart(recent: Sequence[_Reading], t_s: float) -> list[Wrong]:
    """`recent` are the readings of the last 33 s; a strap that sends no intervals cannot be told to be frozen here."""
    if not recent or t_s - recent[-1].t_s > FRESH_S + TINY:
        return [Wrong.HR_MISSING]
    wrong = []
    times_s = [max(t_s - QUALIFIED_S, recent[0].t_s), *(one.t_s for one in recent if one.t_s > t_s - QUALIFIED_S)]
    began_late = recent[0].t_s > t_s - QUALIFIED_S + FRESH_S
    if began_late or any(later - sooner > FRESH_S + TINY for sooner, later in pairwise(times_s)):
        wrong.append(Wrong.HR_NOT_QUALIFIED)
    if _frozen_s(recent) >= FROZEN_S - TINY:
        wrong.append(Wrong.HR_FROZEN)
    lived_s = sum(ticks for one in recent if one.t_s > t_s - QUALIFIED_S for ticks in one.rr_ticks) / 1024.0
    if lived_s > QUALIFIED_S + AHEAD_S:
        wrong.append(Wrong.HR_AHEAD)
    return wrong


def _frozen_s(recent: Sequence[_Reading]) -> float:
    """For how long the newest packet has come again and again, or its one interval has."""
    newest = recent[-1]
    since_s = newest.t_s
    for one in reversed(recent):
        same = one.packet == newest.packet or (len({*one.rr_ticks, *newest.rr_ticks}) == 1 and bool(one.rr_ticks))
        if not newest.rr_ticks or not same:
            break
        since_s = one.t_s
    return newest.t_s - since_s


def _reading(t_s: float, packet: bytes) -> _Reading | None:
    """What a notification says of the heart (Heart Rate Service 1.0); None where that is nothing."""
    if len(packet) < 2:
        return None
    flags, at = packet[0], 1
    width = 2 if flags & 0x01 else 1
    bpm = int.from_bytes(packet[at : at + width], "little")
    at += width + (2 if flags & 0x08 else 0)
    if len(packet) < at or flags & 0x06 == 0x04 or not LOWEST_BPM <= bpm <= HIGHEST_BPM:
        return None
    tail = packet[at:] if flags & 0x10 else b""
    rr_ticks = tuple(int.from_bytes(tail[i : i + 2], "little") for i in range(0, len(tail) - 1, 2))
    return _Reading(t_s, rr_ticks, packet)


def _newest(ratings: Sequence[Given], t_s: float) -> Given | None:
    given = [one for one in ratings if one.t_s <= t_s]
    return given[-1] if given else None


def _shown_at(truth: Truth, t_s: float) -> float:
    """The intensity shown until a time, since what follows from a rating follows at once; the calm scene is 0."""
    shown = [one for one in truth.shown if one.t_s < t_s]
    return (shown[-1].intensity_0to1 or 0.0) if shown else 0.0


def _size(step: _Raise) -> float:
    return STEP_0TO1 if step.from_0to1 is None else step.to_0to1 - step.from_0to1
