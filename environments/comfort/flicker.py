"""Flashes in a sequence of pictures, by the strictest union of WCAG 2.3.1 and ITU-R BT.1702.  Pure.

A change is a rise or a fall of a pixel's relative luminance by at least 10 % of the maximum whose darker state is
below 0.80, measured from the last extreme, so that a slow change counts as one.  A red change goes to or comes from
a saturated red and moves more than 0.2 in CIE 1976 u'v'.  Two opposing changes are one flash; a third is half a flash
more, so that 3.1 flashes a second are told from 3.0.

Only what changes together can flash: at least 0.006 sr of a 10° field, the same way, within a moment.  Two counts are
made in each second and each field, and the larger one is reported: flashes that the same 0.006 sr of pixels make; and
flashes of the field, whichever pixels make them.  What walks through the picture changes it along its edges, a little
at a time, and does not count; a grating that drifts at more than 3 Hz does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from environments.comfort.colour import RED_UV, Bytes, Float32, chromaticity, linear_light, relative_luminance
from environments.comfort.field import Fields

Mask = NDArray[np.bool_]

LEAST_CHANGE = 0.1
DARKER_BELOW = 0.8
LEAST_AREA_SR = 0.006
"""A quarter of a 10° field."""

RED_SHARE = 0.8
RED_CHANGE = 0.2
LEAST_RED = 1.0 / 16.0
"""Linear red below which nothing is a saturated red, after (R - G - B) x 320 > 20 of WCAG 2.0; it leaves out noise."""

TOGETHER_S = 1.0 / 12.0
"""Pixels that change no farther apart change together.  In this time a grating that drifts at 3 Hz changes a quarter of
its area, which is the least that counts: slower ones do not flash, faster ones do."""

AT_ONCE_S = 0.05
"""The same for different pixels of a field: two frames at 30 a second."""

REST_S = 0.066
"""A field counts its next change after this long, so that no pixel's change is counted twice."""

SECOND_S = 1.0
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Flashes:
    """The most flashes in any one second, in halves; when, and where from the picture's middle (right +, up +)."""

    per_s: float = 0.0
    at_s: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0


class FlickerAnalyser:
    """Takes the pictures of one eye one by one; `general` and `red` are the worst seconds so far."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._luminance = _Luminance()
        self._redness = _Redness()
        self._counts = (_Worst(fields), _Worst(fields))

    def add(self, time_s: float, picture: Bytes) -> None:
        """The next picture (h, w, 3) uint8 sRGB; times in seconds rise."""
        linear = linear_light(picture.reshape(-1, 3))
        self._counts[0].add(time_s, *self._luminance.changes(relative_luminance(linear)))
        self._counts[1].add(time_s, *self._redness.changes(linear))

    @property
    def general(self) -> Flashes:
        """Flashes of luminance."""
        return self._counts[0].flashes

    @property
    def red(self) -> Flashes:
        """Flashes of saturated red."""
        return self._counts[1].flashes


class _Luminance:
    """Follows each pixel from extreme to extreme."""

    def __init__(self) -> None:
        self._low: Float32 | None = None
        self._high = self._way = np.zeros(0, np.float32)

    def changes(self, light: Float32) -> tuple[Mask, Mask]:
        """Which pixels have just risen, and which have fallen, by enough."""
        if self._low is None:
            self._low, self._high, self._way = light, light, np.zeros_like(light)
        enough = LEAST_CHANGE - _ROUNDING
        rose = (self._way <= 0) & (light - self._low >= enough) & (self._low < DARKER_BELOW)
        fell = (self._way >= 0) & (self._high - light >= enough) & (light < DARKER_BELOW)
        changed = rose | fell
        self._low = np.where(changed, light, np.minimum(self._low, light))
        self._high = np.where(changed, light, np.maximum(self._high, light))
        self._way = np.where(rose, 1, np.where(fell, -1, self._way)).astype(np.float32)
        return rose, fell


class _Redness:
    """Follows each pixel between its reddest saturated state and the state farthest from red."""

    def __init__(self) -> None:
        self._paler: Float32 | None = None
        self._redder = self._way = np.zeros(0, np.float32)
        self._was_red = np.zeros(0, np.bool_)

    def changes(self, linear: Float32) -> tuple[Mask, Mask]:
        """Which pixels have just turned red, and which have left it."""
        uv = chromaticity(linear)
        is_red = _is_saturated(linear)
        if self._paler is None:
            self._paler, self._redder = uv, uv
            self._was_red, self._way = is_red, np.zeros(len(uv), np.float32)
        to_red = (self._way <= 0) & is_red & (_apart(uv, self._paler) > RED_CHANGE)
        from_red = (self._way >= 0) & self._was_red & (_apart(uv, self._redder) > RED_CHANGE)
        changed = to_red | from_red
        away = _apart(uv, np.array(RED_UV, np.float32))
        is_redder = is_red & (~self._was_red | (away < _apart(self._redder, np.array(RED_UV, np.float32))))
        is_paler = away > _apart(self._paler, np.array(RED_UV, np.float32))
        self._redder = np.where((changed | is_redder)[:, None], uv, self._redder)
        self._paler = np.where((changed | is_paler)[:, None], uv, self._paler)
        self._was_red = np.where(changed, is_red, self._was_red | is_red)
        self._way = np.where(to_red, 1, np.where(from_red, -1, self._way)).astype(np.float32)
        return to_red, from_red


def _is_saturated(linear: Float32) -> Mask:
    red = linear[:, 0]
    return np.asarray((red >= LEAST_RED) & (red >= (RED_SHARE - _ROUNDING) * linear.sum(axis=1)))


def _apart(one: Float32, other: Float32) -> Float32:
    return np.asarray(np.hypot(one[:, 0] - other[..., 0], one[:, 1] - other[..., 1]))


class _Second:
    """How often each of `count` things happened in the last second; keeps what little more than one second holds."""

    def __init__(self, count: int) -> None:
        self.counts = np.zeros(count, np.int32)
        self._kept: deque[tuple[float, NDArray[np.intp]]] = deque()

    def add(self, time_s: float, happened: Mask) -> None:
        """Count what happened at a time, and forget what lies a second and more before it."""
        while self._kept and self._kept[0][0] <= time_s - SECOND_S + _ROUNDING:
            self.counts[self._kept.popleft()[1]] -= 1
        which = np.nonzero(happened)[0]
        if len(which):
            self.counts[which] += 1
            self._kept.append((time_s, which))


class _Counter(Protocol):
    def worst(self, time_s: float, rose: Mask, fell: Mask, beyond: int) -> tuple[int, int]:
        """The most changes in the last second, if more than `beyond`, and in which field."""
        ...


class _Changes:
    """The changes of one direction, rises or falls."""

    def __init__(self, fields: Fields, together_s: float) -> None:
        self._fields, self._together_s = fields, together_s
        self._at_s = np.full(len(fields.solid_angles_sr), -1e9)
        self._waits = np.zeros(len(fields.solid_angles_sr), np.bool_)

    def enough(self, time_s: float, changed: Mask) -> Mask | None:
        """The fields (count,) of which enough has changed together; None when there can be none."""
        self._at_s[changed], self._waits[changed] = time_s, True
        recent = self._recent(time_s)
        if self._fields.solid_angles_sr @ recent < LEAST_AREA_SR:
            return None
        return np.asarray(self._fields.areas_sr(recent) >= LEAST_AREA_SR)

    def counted(self, time_s: float, changed: Mask) -> Iterator[tuple[float, Mask]]:
        """The pixels that have changed together with enough others, each change once, with the time it was made."""
        fields = self.enough(time_s, changed)
        if fields is None or not fields.any():
            return
        found = self._recent(time_s) & self._waits & self._fields.pixels_of(fields)
        self._waits &= ~found
        for at_s in np.unique(self._at_s[found]):
            yield float(at_s), found & (self._at_s == at_s)

    def _recent(self, time_s: float) -> Mask:
        return np.asarray(time_s - self._at_s <= self._together_s)


class _SamePixels:
    """Counts what the same pixels do."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._rises, self._falls = _Changes(fields, TOGETHER_S), _Changes(fields, TOGETHER_S)
        self._second = _Second(len(fields.solid_angles_sr))

    def worst(self, time_s: float, rose: Mask, fell: Mask, beyond: int) -> tuple[int, int]:
        field = 0
        counted = (*self._rises.counted(time_s, rose), *self._falls.counted(time_s, fell))
        for at_s, pixels in sorted(counted, key=lambda pair: pair[0]):
            self._second.add(at_s, pixels)
            beyond, field = self._most(beyond, field)
        return beyond, field

    def _most(self, beyond: int, field: int) -> tuple[int, int]:
        while True:
            part = self._second.counts > beyond
            if self._fields.solid_angles_sr @ part < LEAST_AREA_SR:
                return beyond, field
            areas = self._fields.areas_sr(part)
            if areas.max() < LEAST_AREA_SR:
                return beyond, field
            beyond, field = beyond + 1, int(areas.argmax())


class _SameField:
    """Counts what a field does as a whole, with whichever pixels; a swap of two parts is one change."""

    def __init__(self, fields: Fields) -> None:
        self._rises, self._falls = _Changes(fields, AT_ONCE_S), _Changes(fields, AT_ONCE_S)
        self._way = np.zeros(fields.count)
        self._changed_s = np.full(fields.count, -1e9)
        self._second = _Second(fields.count)
        self._none = np.zeros(fields.count, np.bool_)

    def worst(self, time_s: float, rose: Mask, fell: Mask, beyond: int) -> tuple[int, int]:
        up, down = self._rises.enough(time_s, rose), self._falls.enough(time_s, fell)
        if up is None and down is None:
            return beyond, 0
        is_rested = time_s - self._changed_s > REST_S
        turns_up = (self._none if up is None else up) & (self._way <= 0) & is_rested
        turns_down = (self._none if down is None else down) & (self._way >= 0) & is_rested & ~turns_up
        changed = turns_up | turns_down
        self._way = np.where(turns_up, 1.0, np.where(turns_down, -1.0, self._way))
        self._changed_s[changed] = time_s
        self._second.add(time_s, changed)
        field = int(self._second.counts.argmax())
        return max(int(self._second.counts[field]), beyond), field


class _Worst:
    """The worst second of both counts."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._counters: tuple[_Counter, ...] = (_SamePixels(fields), _SameField(fields))
        self._changes = 1
        """A single change is no flash yet."""

        self.flashes = Flashes()

    def add(self, time_s: float, rose: Mask, fell: Mask) -> None:
        if not (rose.any() or fell.any()):
            return
        for counter in self._counters:
            changes, field = counter.worst(time_s, rose, fell, self._changes)
            if changes > self._changes:
                self._changes = changes
                self.flashes = Flashes(changes / 2.0, time_s, *self._fields.direction_deg(field))
