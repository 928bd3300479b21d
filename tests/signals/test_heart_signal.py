"""Heart rate with quality and age: what counts, what never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.rehearsal import packet_hex
from therapy.sensing.heart_rate import decode
from therapy.signals.baseline import Baseline, BaselineSamples, add_sample, baseline_of
from therapy.signals.beats import BeatTrain, add_intervals, is_plausible
from therapy.signals.heart import HeartState, add_connection, add_packet, settle, view

BASELINE = Baseline(70.0, 4.0, 120.0)


def feed(
    state: HeartState, t_s: float, bpm: int, rr_ticks: tuple[int, ...] = (), contact: bool | None = True
) -> HeartState:
    packet = decode(bytes.fromhex(packet_hex(bpm, rr_ticks, contact)))
    return settle(add_packet(state, packet, t_s)[0], t_s)


def steady(seconds: int, rr_ticks: int = 1024, start_s: float = 0.0) -> HeartState:
    state = HeartState()
    for second in range(seconds):
        state = feed(state, start_s + second, round(61440 / rr_ticks), (rr_ticks + second % 3,))
    return state


def test_a_steady_rate_is_read_with_full_quality() -> None:
    seen = view(steady(40), 39.2, BASELINE)
    assert seen.hr10_bpm == pytest.approx(60.0, abs=0.2)
    assert seen.delta_bpm == pytest.approx(-10.0, abs=0.2)
    assert seen.quality_0to1 >= 0.95
    assert seen.valid_for_s >= 30.0
    assert not seen.is_flat


def test_a_rate_of_zero_or_lost_contact_is_no_reading_and_never_calm() -> None:
    state = steady(20)
    for second in range(20, 24):
        state = feed(state, float(second), 0, contact=False)
    seen = view(state, 23.0, BASELINE)
    assert seen.hr10_bpm is None
    assert seen.delta_bpm is None
    assert seen.valid_for_s == 0.0


@pytest.mark.parametrize(("age_s", "hr_there"), [(2.9, True), (3.1, False)])
def test_a_value_older_than_three_seconds_is_blank(age_s: float, hr_there: bool) -> None:
    state = steady(20)
    seen = view(state, 19.0 + age_s, BASELINE)
    assert (seen.hr10_bpm is not None) is hr_there
    assert seen.age_s == pytest.approx(age_s)


def test_after_fifteen_seconds_the_buffers_are_empty_and_validity_starts_anew() -> None:
    state = settle(steady(40), 39.0 + 15.1)
    assert state.values == ()
    assert state.valid_since_s is None
    back = feed(state, 60.0, 60, (1024,))
    assert view(back, 60.0, BASELINE).hr10_bpm is None, "one packet is no heart rate"


def test_a_reconnection_has_to_qualify_anew() -> None:
    state = add_connection(steady(40), 40.0)
    seen = view(feed(state, 40.5, 60, (1024,)), 40.5, BASELINE)
    assert seen.valid_for_s == 0.0
    assert seen.hr10_bpm is None


def test_equal_intervals_for_twenty_seconds_are_too_flat() -> None:
    state = HeartState()
    for second in range(30):
        state = feed(state, float(second), 60, (1024,))
    assert view(state, 29.0, BASELINE).is_flat
    assert not view(feed(state, 30.0, 60, (1040,)), 30.0, BASELINE).is_flat


def test_a_frozen_strap_that_was_away_for_a_while_is_too_flat_again() -> None:
    state = HeartState()
    for second in [*range(10), *range(40, 75)]:
        state = feed(settle(state, float(second)), float(second), 60, (1024,))
    assert view(state, 74.0, BASELINE).valid_for_s >= 30.0
    assert view(state, 74.0, BASELINE).is_flat


def test_the_same_packet_again_and_again_is_too_flat_whatever_its_intervals() -> None:
    state = HeartState()
    for second in range(30):
        state = feed(state, float(second), 120, (502, 522))
        assert view(state, float(second), BASELINE).is_flat is (second >= 20)
    state = feed(feed(state, 30.0, 120), 31.0, 120, (502, 523))
    assert not view(state, 31.0, BASELINE).is_flat


def test_a_strap_without_rr_still_gives_a_rate() -> None:
    state = HeartState()
    for second in range(15):
        state = feed(state, float(second), 72 + second % 2)
    seen = view(state, 14.0, BASELINE)
    assert seen.hr10_bpm == pytest.approx(72.5, abs=0.5)
    assert seen.quality_0to1 >= 0.9


def test_an_implausible_interval_is_kept_raw_and_counts_nowhere() -> None:
    state = steady(20)
    packet = decode(bytes.fromhex(packet_hex(60, (200, 1024))))
    state, beats = add_packet(state, packet, 20.0)
    assert [beat.accepted for beat in beats] == [False, True]
    assert all(value.bpm < 100 for value in state.values)


def test_the_gate_follows_a_true_change_of_rate() -> None:
    recent = (1000.0,) * 11
    assert not is_plausible(700.0, recent)
    train = BeatTrain(0.0, recent)
    accepted = []
    for number in range(12):
        train, beats = add_intervals(train, (717,), 0.7 * (number + 1))
        accepted.append(beats[0].accepted)
    assert accepted[0] is False
    assert accepted[-1] is True


def test_beats_of_a_burst_are_placed_by_their_intervals() -> None:
    train, first = add_intervals(BeatTrain(), (1024, 1024), 10.0)
    assert [beat.t_s for beat in first] == [9.0, 10.0]
    assert first[0].after_gap
    train, burst = add_intervals(train, (1024, 512, 1024), 12.6)
    assert [beat.t_s for beat in burst] == [11.0, 11.5, 12.5]
    assert not burst[0].after_gap


def test_intervals_that_disagree_with_the_clock_are_anchored_anew_after_a_gap() -> None:
    train, _ = add_intervals(BeatTrain(), (1024,), 10.0)
    train, late = add_intervals(train, (1024,), 15.0)
    assert late[0].t_s == 15.0
    assert late[0].after_gap


def test_the_baseline_is_the_median_with_a_floor_under_its_spread() -> None:
    samples = BaselineSamples()
    for second in range(120):
        samples = add_sample(samples, 70.0 + second % 3)
    found = baseline_of(samples, 90.0)
    assert found is not None
    assert found.bpm == 71.0
    assert found.spread_bpm == 3.0
    wide = BaselineSamples(tuple(70.0 + 10.0 * (second % 3) for second in range(120)))
    spread = baseline_of(wide, 90.0)
    assert spread is not None
    assert spread.spread_bpm == pytest.approx(14.826)
    assert baseline_of(BaselineSamples((70.0,) * 89), 90.0) is None


@given(packets=st.lists(st.tuples(st.binary(max_size=24), st.floats(0.0, 20.0)), max_size=40))
def test_no_bytes_whatever_break_the_signal_or_make_a_number_that_is_none(packets: list[tuple[bytes, float]]) -> None:
    state, now_s = HeartState(), 0.0
    for payload, wait_s in packets:
        now_s += wait_s
        state = settle(add_packet(state, decode(payload), now_s)[0], now_s)
        seen = view(state, now_s, BASELINE)
        assert seen.hr10_bpm is None or 29.0 <= seen.hr10_bpm <= 221.0
        assert 0.0 <= seen.quality_0to1 <= 1.0
        assert seen.valid_for_s >= 0.0
