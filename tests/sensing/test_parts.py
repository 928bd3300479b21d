"""The pure parts of sensing: twins, faults, pauses, names, reasons."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.sensing.hand_clock import HandClock, settle
from therapy.errors import DeviceMissing
from therapy.sensing.bluetooth_errors import BluetoothReason, explain
from therapy.sensing.faults import PacketShaper, StrapFault
from therapy.sensing.finding import ANY_STRAP, looks_like_a_strap, wanted_from
from therapy.sensing.heart import HeartBeatBatch, SteadyHeart
from therapy.sensing.heart_rate import decode
from therapy.sensing.radio import HEART_RATE_SERVICE
from therapy.sensing.twins import TwinFilter
from therapy.sensing.waiting import LARGEST_DELAY_S, Backoff, within

BATCH = HeartBeatBatch(70, (850, 860))


def counted(packets: list[tuple[float, bytes]]) -> list[bytes]:
    twins = TwinFilter()
    return [packet for t_s, packet in packets for _ in range(twins.offer(t_s, packet))]


def test_twins_within_milliseconds_count_once() -> None:
    assert counted([(0.0, b"a"), (0.001, b"a"), (1.0, b"b"), (1.001, b"b")]) == [b"a", b"b"]


def test_equal_packets_a_second_apart_both_count() -> None:
    assert counted([(0.0, b"a"), (1.0, b"a"), (2.0, b"a")]) == [b"a"] * 3


@given(st.integers(3, 60))
def test_burst_of_equal_packets_loses_none(count: int) -> None:
    assert len(counted([(0.0001 * i, b"a") for i in range(count)])) == count


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.sampled_from([b"a", b"b"])), max_size=40))
def test_at_most_every_second_packet_is_taken_for_a_twin(steps: list[tuple[float, bytes]]) -> None:
    t_s, packets = 0.0, []
    for step_s, packet in steps:
        t_s += step_s
        packets.append((t_s, packet))
    assert (len(packets) + 1) // 2 <= len(counted(packets)) <= len(packets)


def test_healthy_strap_sends_rate_intervals_and_contact() -> None:
    (packet,) = PacketShaper().packets(BATCH, frozenset())
    assert (decode(packet).bpm, decode(packet).rr_ticks, decode(packet).contact) == (70, (850, 860), True)


def test_more_than_nine_intervals_are_spread_over_packets() -> None:
    packets = PacketShaper().packets(HeartBeatBatch(70, tuple(range(800, 820))), frozenset())
    assert [len(decode(packet).rr_ticks) for packet in packets] == [9, 9, 2]
    assert max(len(packet) for packet in packets) <= 20


def test_no_garbage_decodes_to_a_reading() -> None:
    shaper = PacketShaper()
    packets = [p for _ in range(20) for p in shaper.packets(BATCH, frozenset({StrapFault.GARBAGE}))]
    assert len(packets) == 20
    assert all(decode(packet).bpm is None for packet in packets)


def test_backoff_grows_to_its_cap_and_begins_again_after_reset() -> None:
    backoff = Backoff(Random(3))
    pauses_s = [backoff.next_s() for _ in range(12)]
    assert pauses_s[0] < 0.35
    assert all(pause_s <= LARGEST_DELAY_S for pause_s in pauses_s)
    assert min(pauses_s[6:]) > 3.0
    assert len(set(pauses_s)) > 6
    backoff.reset()
    assert backoff.next_s() < 0.35


@pytest.mark.asyncio
async def test_work_beyond_its_limit_is_cancelled() -> None:
    clock = HandClock()
    cancelled = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    waiting = asyncio.create_task(within(clock, 2.0, hang()))
    await settle()
    await clock.advance(1.9)
    assert not waiting.done()
    await clock.advance(0.2)
    with pytest.raises(TimeoutError):
        await waiting
    assert cancelled.is_set()


@pytest.mark.asyncio
async def test_work_that_somebody_else_cancels_is_a_lost_connection() -> None:
    async def cancelled_by_its_library() -> None:
        raise asyncio.CancelledError

    with pytest.raises(ConnectionError):
        await within(HandClock(), 2.0, cancelled_by_its_library())


@pytest.mark.parametrize(
    ("spec", "name", "address", "matches"),
    [
        ("polar h10", "Polar H10 12345678", "A0:9E:1A:00:00:01", True),
        ("Polar H10 87654321", "Polar H10 12345678", "A0:9E:1A:00:00:01", False),
        ("a0:9e:1a:00:00:01", "", "A0:9E:1A:00:00:01", True),
        ("A0:9E:1A:00:00:02", "Polar H10", "A0:9E:1A:00:00:01", False),
        ("0F0E0D0C-0B0A-0908-0706-050403020100", "x", "0f0e0d0c-0b0a-0908-0706-050403020100", True),
    ],
)
def test_straps_are_meant_by_address_or_by_part_of_the_name(spec: str, name: str, address: str, matches: bool) -> None:
    assert wanted_from(spec).matches(name, address) is matches


def test_any_strap_means_no_particular_device() -> None:
    assert ANY_STRAP.is_any
    assert not ANY_STRAP.matches("Polar H10", "A0:9E:1A:00:00:01")


@pytest.mark.parametrize(
    ("name", "uuids", "is_strap"),
    [("", [HEART_RATE_SERVICE], True), ("TICKR 1A2B", [], True), ("HRM-Dual:1", [], True), ("TV", [], False)],
)
def test_straps_are_known_by_service_or_by_name(name: str, uuids: list[str], is_strap: bool) -> None:
    assert looks_like_a_strap(name, uuids) is is_strap


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory"), BluetoothReason.NO_SYSTEM_BUS),
        (ConnectionRefusedError(111, "Connection refused"), BluetoothReason.NO_SYSTEM_BUS),
        (PermissionError(13, "Permission denied"), BluetoothReason.DENIED),
        (TimeoutError(), BluetoothReason.NO_ANSWER),
        (BleakDeviceNotFoundError("Polar"), BluetoothReason.NOT_FOUND),
        (BleakDBusError("org.bluez.Error.InProgress", []), BluetoothReason.BUSY),
        (BleakDBusError("org.bluez.Error.NotReady", []), BluetoothReason.POWERED_OFF),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), BluetoothReason.SERVICE_ABSENT),
        (BleakDBusError("org.example.Odd", ["odd"]), BluetoothReason.UNKNOWN),
        (BleakError("what"), BluetoothReason.UNKNOWN),
        *[
            (BleakBluetoothNotAvailableError("", bleaks), ours)
            for bleaks, ours in (
                (BleakBluetoothNotAvailableReason.NO_BLUETOOTH, BluetoothReason.ADAPTER_ABSENT),
                (BleakBluetoothNotAvailableReason.POWERED_OFF, BluetoothReason.POWERED_OFF),
                (BleakBluetoothNotAvailableReason.DENIED_BY_USER, BluetoothReason.DENIED),
                (BleakBluetoothNotAvailableReason.UNKNOWN, BluetoothReason.UNKNOWN),
            )
        ],
    ],
)
def test_each_failure_of_a_stack_has_a_reason_and_a_cure(problem: Exception, reason: BluetoothReason) -> None:
    missing = explain(problem)
    assert missing.reason is reason
    assert isinstance(missing, DeviceMissing)
    assert missing.exit_code == 4
    assert missing.problem.endswith(".")
    assert missing.cure


def test_explaining_twice_changes_nothing() -> None:
    missing = explain(TimeoutError())
    assert explain(missing) is missing


def test_steady_heart_gives_the_same_beats_however_often_it_is_asked() -> None:
    once, often = SteadyHeart(), SteadyHeart()
    seconds = [ticks for t_s in range(1, 61) for ticks in often.advance(float(t_s)).rr_ticks]
    assert tuple(seconds) == once.advance(60.0).rr_ticks
    assert 60 < len(seconds) < 76
