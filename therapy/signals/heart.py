"""Heart rate with quality and age, from packets; unusable numbers are None and never a number.

Source of the figures: CLINICAL basis, sections 3 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from therapy.control.decision import HeartView
from therapy.frozen import changed, quick
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


@quick
@dataclass(frozen=True, slots=True)
class HeartState:
    """All that the heart rate at a moment depends on.

    `alike_since_s` is when the values began to be all alike; `reading_s` is the time of the last
    packet that held a reading; `rates` are (time, bpm) as the strap itself reports them.
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


def add_packet(state: HeartState, packet: HeartRatePacket, t_s: float) -> tuple[HeartState, tuple[Beat, ...]]:
    """Take one notification in.  A packet without a reading changes nothing but the contact state."""
    if packet.error in UNREADABLE:
        return state, ()
    if packet.contact is not state.contact:
        state = changed(state, contact=packet.contact)
    if packet.bpm is None:
        return state, ()
    train, beats = add_intervals(state.train, packet.rr_ticks, t_s)
    sends_rr = state.sends_rr or bool(packet.rr_ticks)
    if beats:
        fresh = tuple([Value(min(b.t_s, t_s), 60000.0 / b.rr_ms, b.rr_ms / 1000.0) for b in beats if b.accepted])
    elif sends_rr:
        fresh = ()
    else:
        covered_s = 1.0 if state.reading_s is None else min(t_s - state.reading_s, 2.0)
        fresh = (Value(t_s, float(packet.bpm), covered_s),)
    earlier = state.values if state.sends_rr == sends_rr else ()
    values = (*_inside(earlier, t_s - WINDOW_S), *fresh)
    rates = (*[rate for rate in state.rates if rate[0] > t_s - SAFETY_WINDOW_S], (t_s, float(packet.bpm)))
    alike_since_s, alike_count, last_value_bpm = _alike(state, fresh)
    state = changed(
        state,
        train=train,
        values=values,
        rates=rates,
        sends_rr=sends_rr,
        reading_s=t_s,
        alike_since_s=alike_since_s,
        alike_count=alike_count,
        last_value_bpm=last_value_bpm,
    )
    return state, beats


def _alike(state: HeartState, fresh: tuple[Value, ...]) -> tuple[float | None, int, float | None]:
    """Since when, and how often, the same value came again and again, and which it is."""
    since_s, count, last_bpm = state.alike_since_s, state.alike_count, state.last_value_bpm
    for one in fresh:
        if last_bpm is not None and abs(one.bpm - last_bpm) < 1e-6:
            count += 1
        else:
            since_s, count, last_bpm = one.t_s, 1, one.bpm
    return since_s, count, last_bpm


def add_connection(state: HeartState, t_s: float) -> HeartState:
    """Remember that the strap (re)connected; the signal has to qualify anew."""
    recent = tuple(at_s for at_s in state.connected_s if at_s > t_s - RECONNECT_MEMORY_S)
    return changed(state, connected_s=(*recent, t_s), valid_since_s=None, values=(), train=BeatTrain())


def settle(state: HeartState, t_s: float) -> HeartState:
    """Bring the state to `t_s`: judge validity, and clear the buffers of a signal lost for 15 s."""
    age_s = _age_s(state, t_s)
    if age_s is None or (age_s > CLEARED_S and not state.rates):
        return state
    if age_s > CLEARED_S:
        return changed(
            state, values=(), rates=(), train=BeatTrain(), valid_since_s=None, alike_since_s=None, alike_count=0
        )
    usable = age_s <= STALE_S and state.contact is not False and _suffices(_inside(state.values, t_s - WINDOW_S))
    if not usable:
        return state if state.valid_since_s is None else changed(state, valid_since_s=None)
    return state if state.valid_since_s is not None else changed(state, valid_since_s=t_s)


def _suffices(recent: list[Value]) -> bool:
    """Whether the values of the last 10 s are enough for a valid signal."""
    return len(recent) >= VALUES_NEEDED and _quality_0to1(recent) >= QUALITY_NEEDED_0TO1


def _quality_0to1(recent: list[Value]) -> float:
    """The share of the last 10 s that its accepted values cover; added one by one, which is the same everywhere."""
    covered_s = 0.0
    for value in recent:
        covered_s += value.covers_s
    return min(covered_s / WINDOW_S, 1.0)


def view(state: HeartState, t_s: float, baseline: Baseline | None, ignore: bool = False) -> HeartView:
    """Heart rate as the loop may use it at `t_s`; with `ignore` (just after a stimulus) there is no delta."""
    age_s = _age_s(state, t_s)
    fresh = age_s is not None and age_s <= STALE_S and state.contact is not False
    recent = _inside(state.values, t_s - WINDOW_S) if fresh else []
    hr10_bpm = median([value.bpm for value in recent]) if len(recent) >= VALUES_NEEDED else None
    usable = baseline is not None and state.valid_since_s is not None and not ignore
    return HeartView(
        hr10_bpm=hr10_bpm,
        hr5_bpm=_safety_bpm(state, recent, t_s) if fresh else None,
        delta_bpm=hr10_bpm - baseline.bpm if usable and hr10_bpm is not None and baseline is not None else None,
        baseline_bpm=baseline.bpm if baseline else None,
        baseline_spread_bpm=baseline.spread_bpm if baseline else None,
        age_s=age_s,
        valid_for_s=0.0 if state.valid_since_s is None else t_s - state.valid_since_s,
        quality_0to1=_quality_0to1(recent),
        is_flat=_is_flat(state, t_s),
        contact=state.contact,
        reconnects_in_10_min=max(len([at_s for at_s in state.connected_s if at_s > t_s - RECONNECT_MEMORY_S]) - 1, 0),
    )


def _age_s(state: HeartState, t_s: float) -> float | None:
    return None if state.reading_s is None else max(t_s - state.reading_s, 0.0)


def _inside(values: tuple[Value, ...], since_s: float) -> list[Value]:
    """The values after a moment."""
    return [value for value in values if value.t_s > since_s]


def _safety_bpm(state: HeartState, recent: list[Value], t_s: float) -> float | None:
    """The 5-s median; where beats were rejected, the strap's own rate serves, since safety only ever lowers."""
    since_s = t_s - SAFETY_WINDOW_S
    inside = [value.bpm for value in recent if value.t_s > since_s]
    if len(inside) < SAFETY_VALUES_NEEDED:
        inside = [bpm for at_s, bpm in state.rates if at_s > since_s]
    return median(inside) if inside else None


def _is_flat(state: HeartState, t_s: float) -> bool:
    if state.alike_since_s is None or not state.values:
        return False
    alike_s = t_s - state.alike_since_s
    if state.sends_rr:
        return alike_s >= FLAT_WINDOW_S and state.alike_count >= FLAT_VALUES_NEEDED
    return alike_s >= FLAT_RATE_ONLY_S
