"""The bleak client against a real GATT server on an in-process link, in exact session time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from bleak import BleakClient

from tests.sensing.hand_clock import settle, until
from tests.sensing.workbench import Bench, make_bench
from therapy.sensing.bluetooth_errors import BluetoothMissing, BluetoothReason
from therapy.sensing.faults import StrapFault
from therapy.sensing.finding import ANY_STRAP, Wanted, find, scan
from therapy.sensing.heart_rate import decode
from therapy.sensing.link import INBOX_SIZE, StrapLink, Trouble
from therapy.sensing.radio import BATTERY_LEVEL, HEART_RATE_MEASUREMENT, HEART_RATE_SERVICE
from therapy.sensing.strap import STRAP_ADDRESS, STRAP_NAME, StrapMake
from therapy.sensing.virtual_bleak import virtual_radio
from therapy.session.events import BatteryRead, LinkState, PacketArrived

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with make_bench() as made:
        yield made


async def test_bleak_finds_the_strap_by_its_service(bench: Bench) -> None:
    searching = asyncio.create_task(find(bench.radio, bench.clock, Wanted(address=STRAP_ADDRESS)))
    seen = await searching
    assert (seen.name, seen.address) == (STRAP_NAME, STRAP_ADDRESS)
    assert seen.signal_dbm is not None


async def test_strap_that_hides_its_service_is_found_by_its_name() -> None:
    async with make_bench(make=StrapMake(name="HRM-Dual:4711", advertises_service=False)) as bench:
        looking = asyncio.create_task(scan(bench.radio, bench.clock, 2.0))
        await until(lambda: bench.clock.now_s() > 0.0 or _hears(bench))
        await _advance_until_done(bench, looking)
        assert [strap.name for strap in looking.result()] == ["HRM-Dual:4711"]


async def test_device_that_is_no_strap_is_not_listed() -> None:
    async with make_bench(make=StrapMake(name="Kitchen scale", advertises_service=False)) as bench:
        looking = asyncio.create_task(scan(bench.radio, bench.clock, 2.0))
        await until(lambda: _hears(bench))
        await _advance_until_done(bench, looking)
        assert looking.result() == []


async def test_client_sees_service_notify_property_and_configuration_descriptor(bench: Bench) -> None:
    async with BleakClient(STRAP_ADDRESS, backend=bench.radio.client) as client:
        service = client.services.get_service(HEART_RATE_SERVICE)
        assert service is not None
        measurement = service.get_characteristic(HEART_RATE_MEASUREMENT)
        assert measurement is not None
        assert measurement.properties == ["notify"]
        assert measurement.get_descriptor("2902") is not None
        assert await client.read_gatt_char(BATTERY_LEVEL) == bytearray([88])


async def test_heart_rate_arrives_once_a_second(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(5.0)
    assert bench.rr_ticks == [801, 802, 803, 804, 805]
    assert [t_s for t_s, e in bench.events if isinstance(e, PacketArrived)] == [1.0, 2.0, 3.0, 4.0, 5.0]


async def test_sensor_tells_who_it_is(bench: Bench) -> None:
    sensor = bench.sensor(Wanted(address=STRAP_ADDRESS))
    await sensor.open()
    identity = sensor.identity
    await sensor.close()
    assert (identity.address, identity.kind, identity.simulated) == (STRAP_ADDRESS, "bluetooth", False)
    assert (identity.maker, identity.model) == ("Acclimate", "virtual strap")


async def test_battery_is_read_and_followed(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await until(lambda: bool(_batteries(bench)))
        await bench.clock.advance(0.5)
        await bench.strap.set_battery(17)
        await until(lambda: len(_batteries(bench)) == 2)
    assert _batteries(bench) == [88, 17]


async def test_silence_is_told_at_three_seconds_and_cut_at_five(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(2.0)
        bench.strap.switch(StrapFault.SILENCE, on=True)
        await bench.clock.advance(2.9)
        assert LinkState.LOST not in bench.states()
        await bench.clock.advance(0.2)
        assert bench.links[-1] == (5.0, LinkState.LOST, "silent")
        await bench.clock.advance(1.8)
        assert bench.states()[-1] is LinkState.LOST
        await bench.clock.advance(0.7)
        await until(lambda: bench.states()[-1] is LinkState.CONNECTED)
    reconnecting_s = next(t_s for t_s, state, _ in bench.links if state is LinkState.CONNECTING)
    assert 7.0 <= reconnecting_s <= 7.5


async def test_reconnection_does_not_double_notifications(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        for connections in (2, 3, 4):
            await bench.clock.advance(2.0)
            await bench.strap.disconnect()
            await _until_connections(bench, connections)
        bench.events.clear()
        await bench.clock.advance(9.0)
    assert len(bench.packets) == 9
    assert len(set(bench.rr_ticks)) == 9


async def test_disconnection_is_told_at_once(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(1.5)
        await bench.strap.disconnect()
        await until(lambda: LinkState.LOST in bench.states())
        assert bench.links[-1] == (1.5, LinkState.LOST, "disconnected")


async def test_link_that_wakes_between_three_and_five_seconds_is_kept(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        bench.strap.switch(StrapFault.SILENCE, on=True)
        await bench.clock.advance(3.5)
        bench.strap.switch(StrapFault.SILENCE, on=False)
        await bench.clock.advance(3.0)
    assert [(state, detail) for _, state, detail in bench.links[1:]] == [
        (LinkState.LOST, "silent"),
        (LinkState.CONNECTED, "resumed"),
    ]


async def test_strap_out_of_reach_is_sought_until_it_is_back(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(1.0)
        bench.strap.switch(StrapFault.DROPOUT, on=True)
        await bench.clock.advance(40.0)
        reasons = [detail for _, state, detail in bench.links if state is LinkState.LOST]
        assert reasons[0] == "silent"
        assert "not-found" in reasons
        bench.strap.switch(StrapFault.DROPOUT, on=False)
        back_s = bench.clock.now_s()
        heard = len(bench.packets)
        while len(bench.packets) == heard and bench.clock.now_s() < back_s + 10.0:
            await _breathe()
            await bench.clock.advance(0.25)
    assert len(bench.packets) > heard


@pytest.mark.parametrize(
    ("fault", "error"),
    [(StrapFault.ZERO_RATE, {"zero-rate"}), (StrapFault.NO_CONTACT, {"no-contact"}), (StrapFault.GARBAGE, None)],
)
async def test_unreadable_packets_arrive_as_no_reading(bench: Bench, fault: StrapFault, error: set[str] | None) -> None:
    async with bench.running(bench.sensor()):
        bench.strap.switch(fault, on=True)
        await bench.clock.advance(8.0)
    decoded = [decode(bytes.fromhex(packet)) for packet in bench.packets]
    assert len(decoded) == 8
    assert all(packet.bpm is None for packet in decoded)
    assert error is None or {packet.error for packet in decoded} == error
    assert LinkState.LOST not in bench.states()


async def test_empty_notification_survives_the_whole_path(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.strap.notify(b"")
        await until(lambda: bool(bench.packets))
    assert bench.packets == [""]


async def test_burst_of_fifty_arrives_whole_and_in_order(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        for number in range(50):
            await bench.strap.notify(bytes([0x10, 70, number, 3]))
        await until(lambda: len(bench.packets) == 50)
    assert [ticks - 768 for ticks in bench.rr_ticks] == list(range(50))


async def test_burst_of_equal_packets_is_not_thinned(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        for _ in range(50):
            await bench.strap.notify(bytes([0x00, 70]))
        await settle()
    assert bench.packets == ["0046"] * 50


async def test_packets_held_back_come_at_once_in_order(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(1.0)
        bench.strap.switch(StrapFault.BURST, on=True)
        await bench.clock.advance(2.0)
        bench.strap.switch(StrapFault.BURST, on=False)
        await bench.clock.advance(1.0)
    assert bench.rr_ticks == [801, 802, 803, 804]


async def test_doubled_notifications_count_once_and_warn_once(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.strap.switch(StrapFault.DOUBLED, on=True)
    with caplog.at_level(logging.WARNING):
        async with bench.running(bench.sensor()):
            await bench.clock.advance(6.0)
    assert bench.rr_ticks == [801, 802, 803, 804, 805, 806]
    assert [record.message for record in caplog.records if "twice" in record.message] == [caplog.records[0].message]


async def test_equal_packets_a_second_apart_all_count(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(1.0)
        bench.strap.switch(StrapFault.STALE_REPEAT, on=True)
        await bench.clock.advance(4.0)
    assert bench.rr_ticks == [801] * 5


async def test_spurious_short_intervals_pass_raw(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        bench.strap.switch(StrapFault.SHORT_RR, on=True)
        await bench.clock.advance(10.0)
    assert bench.rr_ticks.count(205) == 2


async def test_every_attempt_has_a_client_of_its_own_disconnected_before_the_next(bench: Bench) -> None:
    history: list[str] = []

    class Recorded(bench.radio.client):  # type: ignore[name-defined,misc]  # the backend is made at run time
        async def connect(self, pair: bool, **options: object) -> None:
            history.append(f"connect {id(self)}")
            await super().connect(pair, **options)

        async def disconnect(self) -> None:
            history.append(f"disconnect {id(self)}")
            await super().disconnect()

    kept = Bench(bench.clock, bench.air, bench.strap, replace(bench.radio, client=Recorded))
    async with kept.running(kept.sensor()):
        for connections in (2, 3):
            kept.strap.switch(StrapFault.SILENCE, on=True)
            await kept.clock.advance(5.0)
            kept.strap.switch(StrapFault.SILENCE, on=False)
            await _until_connections(kept, connections)
    assert [entry.split()[0] for entry in history] == ["connect", "disconnect"] * 3
    assert [entry.split()[1] for entry in history[::2]] == [entry.split()[1] for entry in history[1::2]]


async def test_scanning_and_connecting_never_overlap(bench: Bench) -> None:
    async with bench.radio.lock:
        opening = asyncio.create_task(bench.sensor().open())
        looking = asyncio.create_task(scan(bench.radio, bench.clock, 1.0))
        await _breathe()
        assert not _hears(bench)
        assert not bench.strap.connection_count
    await _advance_until_done(bench, asyncio.ensure_future(asyncio.gather(opening, looking)))


async def test_two_computers_hear_the_same_strap(bench: Bench) -> None:
    other = Bench(bench.clock, bench.air, bench.strap, await virtual_radio(bench.air, "C0:FF:EE:00:00:02"))
    async with bench.running(bench.sensor()), other.running(other.sensor()):
        await bench.clock.advance(3.0)
    assert bench.rr_ticks == other.rr_ticks == [801, 802, 803]


async def test_reader_that_falls_behind_is_told_and_never_skipped(bench: Bench) -> None:
    link = StrapLink(bench.radio, bench.clock, STRAP_ADDRESS)
    await link.connect()
    await link.subscribe()
    for number in range(INBOX_SIZE + 10):
        await bench.strap.notify(bytes([0x00, 60 + number % 100]))
    await settle()
    assert await link.next_item() is Trouble.OVERRUN
    await link.close()


async def test_absent_strap_is_a_missing_device_with_three_causes(bench: Bench) -> None:
    sensor = bench.sensor(Wanted(name="Nobody's strap"))
    opening = asyncio.create_task(sensor.open())
    await _advance_until_done(bench, opening)
    missing = opening.exception()
    assert isinstance(missing, BluetoothMissing)
    assert missing.reason is BluetoothReason.NOT_FOUND
    assert missing.exit_code == 4
    for cause in ("worn", "holds its connection", "announce"):
        assert cause in missing.cure


async def test_search_for_any_strap_ends_when_none_is_in_reach(bench: Bench) -> None:
    bench.strap.switch(StrapFault.DROPOUT, on=True)
    await _breathe()
    opening = asyncio.create_task(bench.sensor(ANY_STRAP).open())
    await _advance_until_done(bench, opening)
    assert isinstance(opening.exception(), BluetoothMissing)


async def test_cancelling_a_running_sensor_frees_the_strap(bench: Bench) -> None:
    async with bench.running(bench.sensor()):
        await bench.clock.advance(1.0)
    async with BleakClient(STRAP_ADDRESS, backend=bench.radio.client) as client:
        assert client.is_connected


async def test_strap_lost_between_opening_and_running_is_told_and_reconnected(bench: Bench) -> None:
    sensor = bench.sensor()
    await sensor.open()
    await bench.strap.disconnect()
    task = asyncio.create_task(sensor.run(bench.emit))
    await _until_connections(bench, 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert bench.states() == [LinkState.LOST, LinkState.CONNECTING, LinkState.CONNECTED]


async def test_error_of_the_listener_is_not_swallowed(bench: Bench) -> None:
    sensor = bench.sensor()
    await sensor.open()

    def fail(_event: object) -> None:
        raise RuntimeError("the record is full")

    with pytest.raises(RuntimeError, match="the record is full"):
        await sensor.run(fail)


def _batteries(bench: Bench) -> list[int]:
    return [event.percent for _, event in bench.events if isinstance(event, BatteryRead)]


def _hears(bench: Bench) -> bool:
    scanner = bench.radio.scanner
    assert scanner is not None
    station = vars(scanner)["station"]
    return bool(station.device.advertisement_accumulators)


async def _breathe() -> None:
    """Give the virtual air, whose advertisements keep wall time, a few of its 20-ms turns."""
    end_s = asyncio.get_running_loop().time() + 0.06
    await until(lambda: asyncio.get_running_loop().time() >= end_s)


async def _advance_until_done(bench: Bench, task: asyncio.Future[Any]) -> None:
    while not task.done():
        await _breathe()
        await bench.clock.advance(1.0)


async def _until_connections(bench: Bench, count: int) -> None:
    while bench.states().count(LinkState.CONNECTED) < count:
        await _breathe()
        await bench.clock.advance(0.25)
