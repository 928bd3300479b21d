"""Heart rate with quality and age, from packets; unusable numbers are None and never a number.

Source of the figures: CLINICAL basis, sections 3 and 6.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from therapy.control.decision import HeartView
from therapy.frozen import changed, made, quick
from therapy.sensing.heart_rate import HeartRatePacket, PacketError
from therapy.signals.baseline import Baseline
from therapy.signals.beats import Beat, BeatTrain, add_intervals

WINDOW_S = 10.0
SAFETY_WINDOW_S = 5.0
STALE_S = 3.0
CLEARED_S = 15.0
QUALITY_NEEDED_0TO1 = 0.5
VALUES_NEEDED = 3
SAFETY_VALUES_NEEDED = 2
FLAT_WINDOW_S = 20.0
FLAT_VALUES_NEEDED = 12
FLAT_RATE_ONLY_S = 120.0
RECONNECT_MEMORY_S = 600.0
UNREADABLE = (PacketError.EMPTY, PacketError.TRUNCATED)


@quick
@dataclass(frozen=True, slots=True)
class Value:
    """One usable heart-rate value: its time, its rate, and how much of the signal it stands for."""

    t_s: float
    bpm: float
    covers_s: float


TIME_OF = attrgetter("t_s")


@quick
@dataclass(frozen=True, slots=True)
class HeartState:
    """All that the heart rate at a moment depends on.

    `values` are in the order of their times and reach 10 s back from the last packet; `alike_since_s` is when they
    began to be all alike, and `repeated_since_s` when the same packet of intervals first came; `reading_s` is the
    time of the last packet that held a reading; `rates` are (time, bpm) as the strap itself reports them.
    """

    train: BeatTrain = BeatTrain()
    values: tuple[Value, ...] = ()
    rates: tuple[tuple[float, float], ...] = ()
    sends_rr: bool = False
    reading_s: float | None = None
    valid_since_s: float | None = None
    contact: bool | None = None
    alike_since_s: float | None = None
    alike_count: int = 0
    last_value_bpm: float | None = None
    connected_s: tuple[float, ...] = ()
    last_rr_ticks: tuple[int, ...] = ()
    repeated_since_s: float | None = None


def add_packet(state: HeartState, packet: HeartRatePacket, t_s: float) -> tuple[HeartState, tuple[Beat, ...]]:
    """Take one notification in.  A packet without a reading changes nothing but the contact state."""
    if packet.error is not None and packet.error in UNREADABLE:
        return state, ()
    if packet.contact is not state.contact:
        state = changed(state, contact=packet.contact)
    if packet.bpm is None:
        return state, ()
    train, beats = add_intervals(state.train, packet.rr_ticks, t_s)
    sends_rr = state.sends_rr or bool(packet.rr_ticks)
    if beats:
        fresh = tuple([made(Value)(min(b.t_s, t_s), 60000.0 / b.rr_ms, b.rr_ms / 1000.0) for b in beats if b.accepted])
    elif sends_rr:
        fresh = ()
    else:
        covered_s = 1.0 if state.reading_s is None else min(t_s - state.reading_s, 2.0)
        fresh = (Value(t_s, float(packet.bpm), covered_s),)
    earlier = state.values[_first_after(state.values, t_s - WINDOW_S) :] if state.sends_rr == sends_rr else ()
    values = earlier + fresh
    if earlier and fresh and fresh[0].t_s < earlier[-1].t_s:  # beats sent again, or placed anew
        values = tuple(sorted(values, key=TIME_OF))
    rates = (*[rate for rate in state.rates if rate[0] > t_s - SAFETY_WINDOW_S], (t_s, float(packet.bpm)))
    alike_since_s, alike_count, last_value_bpm = _alike(state, fresh)
    is_repeated = packet.rr_ticks == state.last_rr_ticks or not packet.rr_ticks
    state = made(HeartState)(
        train=train,
        values=values,
        rates=rates,
        sends_rr=sends_rr,
        reading_s=t_s,
        valid_since_s=state.valid_since_s,
        contact=state.contact,
        alike_since_s=alike_since_s,
        alike_count=alike_count,
        last_value_bpm=last_value_bpm,
        connected_s=state.connected_s,
        last_rr_ticks=packet.rr_ticks or state.last_rr_ticks,
        repeated_since_s=state.repeated_since_s if is_repeated else t_s,
    )
    return state, beats


def _alike(state: HeartState, fresh: tuple[Value, ...]) -> tuple[float | None, int, float | None]:
    """Since when, and how often, the same value came again and again, and which it is."""
    since_s, count, last_bpm = state.alike_since_s, state.alike_count, state.last_value_bpm
    for one in fresh:
        if since_s is not None and last_bpm is not None and abs(one.bpm - last_bpm) < 1e-6:
            count += 1
        else:
            since_s, count, last_bpm = one.t_s, 1, one.bpm
    return since_s, count, last_bpm


def add_connection(state: HeartState, t_s: float) -> HeartState:
    """Remember that the strap (re)connected; the signal has to qualify anew."""
    recent = tuple(at_s for at_s in state.connected_s if at_s > t_s - RECONNECT_MEMORY_S)
    return changed(state, connected_s=(*recent, t_s), valid_since_s=None, values=(), train=BeatTrain())


def look(state: HeartState, t_s: float, baseline: Baseline | None) -> tuple[HeartState, HeartView]:
    """Settle the state and view it, both from one pass over the values of the last 10 s."""
    window = _window(state, t_s)
    state = _settled(state, t_s, window)
    return state, _seen(state, t_s, baseline, window)


def settle(state: HeartState, t_s: float) -> HeartState:
    """Bring the state to `t_s`: judge validity, and clear the buffers of a signal lost for 15 s."""
    return _settled(state, t_s, _window(state, t_s))


def view(state: HeartState, t_s: float, baseline: Baseline | None) -> HeartView:
    """Heart rate as the loop may use it at `t_s`."""
    return _seen(state, t_s, baseline, _window(state, t_s))


class Window(NamedTuple):
    """The rates of the last 10 s, how many of them came before the last 5 s, and the share of the time they cover.

    While the signal is not there the rates are None.
    """

    bpm: list[float] | None
    older: int
    quality_0to1: float


def _window(state: HeartState, t_s: float) -> Window:
    if state.reading_s is None or t_s - state.reading_s > STALE_S or state.contact is False:
        return Window(None, 0, 0.0)
    first = _first_after(state.values, t_s - WINDOW_S)
    recent = state.values[first:]
    covered_s = 0.0
    for value in recent:  # the built-in sum rounds differently from one Python to the next
        covered_s += value.covers_s
    older = _first_after(recent, t_s - SAFETY_WINDOW_S)
    return Window([value.bpm for value in recent], older, min(covered_s / WINDOW_S, 1.0))


def _first_after(values: tuple[Value, ...], since_s: float) -> int:
    """The number of the first value after a moment."""
    return bisect_right(values, since_s, key=TIME_OF)


def _settled(state: HeartState, t_s: float, window: Window) -> HeartState:
    if state.reading_s is None:
        return state
    if t_s - state.reading_s > CLEARED_S:
        if not state.rates:
            return state
        return changed(
            state, values=(), rates=(), train=BeatTrain(), valid_since_s=None, alike_since_s=None, alike_count=0
        )
    enough = window.bpm is not None and len(window.bpm) >= VALUES_NEEDED
    if not enough or window.quality_0to1 < QUALITY_NEEDED_0TO1:
        return state if state.valid_since_s is None else changed(state, valid_since_s=None)
    return state if state.valid_since_s is not None else changed(state, valid_since_s=t_s)


def _seen(state: HeartState, t_s: float, baseline: Baseline | None, window: Window) -> HeartView:
    hr10_bpm = hr5_bpm = delta_bpm = None
    if window.bpm is not None:
        hr5_bpm = _safety_bpm(state, window.bpm[window.older :], t_s)
        if len(window.bpm) >= VALUES_NEEDED:
            hr10_bpm = median(window.bpm)
            if baseline is not None and state.valid_since_s is not None:
                delta_bpm = hr10_bpm - baseline.bpm
    return made(HeartView)(
        hr10_bpm=hr10_bpm,
        hr5_bpm=hr5_bpm,
        delta_bpm=delta_bpm,
        baseline_bpm=baseline.bpm if baseline else None,
        baseline_spread_bpm=baseline.spread_bpm if baseline else None,
        age_s=None if state.reading_s is None else max(t_s - state.reading_s, 0.0),
        valid_for_s=0.0 if state.valid_since_s is None else t_s - state.valid_since_s,
        quality_0to1=window.quality_0to1,
        is_flat=_is_flat(state, t_s),
        contact=state.contact,
        reconnects_in_10_min=_reconnects(state, t_s),
    )


def _safety_bpm(state: HeartState, newest_bpm: list[float], t_s: float) -> float | None:
    """The 5-s median; where beats were rejected, the strap's own rate serves, since safety only ever lowers."""
    if len(newest_bpm) >= SAFETY_VALUES_NEEDED:
        return median(newest_bpm)
    shown_bpm = [bpm for at_s, bpm in state.rates if at_s > t_s - SAFETY_WINDOW_S]
    return median(shown_bpm) if shown_bpm else None


def _reconnects(state: HeartState, t_s: float) -> int:
    if len(state.connected_s) < 2:
        return 0
    return max(len([at_s for at_s in state.connected_s if at_s > t_s - RECONNECT_MEMORY_S]) - 1, 0)


def _is_flat(state: HeartState, t_s: float) -> bool:
    if state.sends_rr and state.repeated_since_s is not None and t_s - state.repeated_since_s >= FLAT_WINDOW_S:
        return True
    if state.alike_since_s is None or not state.values:
        return False
    alike_s = t_s - state.alike_since_s
    if state.sends_rr:
        return alike_s >= FLAT_WINDOW_S and state.alike_count >= FLAT_VALUES_NEEDED
    return alike_s >= FLAT_RATE_ONLY_S
