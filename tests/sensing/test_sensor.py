"""Opening sensors by what a person types, and the virtual sensor as a whole."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from random import Random

import pytest
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

from tests.sensing.hand_clock import HandClock
from tests.sensing.workbench import CountingHeart, make_bench
from therapy.clock import MonotonicClock, PacedClock
from therapy.errors import UsageError
from therapy.sensing.bluetooth_errors import BluetoothMissing, BluetoothReason
from therapy.sensing.faults import StrapFault
from therapy.sensing.heart import HeartBeatBatch
from therapy.sensing.heart_rate import decode
from therapy.sensing.identity import Remembered, SensorEvent, this_platform
from therapy.sensing.radio import Radio
from therapy.sensing.replay import ReplaySensor
from therapy.sensing.sensor import open_sensor
from therapy.sensing.strap import STRAP_ADDRESS, STRAP_NAME
from therapy.sensing.virtual import VirtualSensor
from therapy.session.events import LinkState, PacketArrived, SensorLink

pytestmark = pytest.mark.asyncio
SPEED = 40.0


class SwitchedOff(BaseBleakScanner):
    """A computer whose Bluetooth is switched off."""

    def __init__(self, *_args: object, **_options: object) -> None:
        super().__init__(None, None)

    async def start(self) -> None:
        raise BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)

    async def stop(self) -> None:
        raise AssertionError("what never started is not stopped")


async def listen(sensor: VirtualSensor, packets: int) -> list[SensorEvent]:
    """Run a sensor until it has emitted so many packets."""
    events: list[SensorEvent] = []
    enough = asyncio.Event()

    def emit(event: SensorEvent) -> None:
        events.append(event)
        if sum(isinstance(one, PacketArrived) for one in events) >= packets:
            enough.set()

    task = asyncio.create_task(sensor.run(emit))
    waiting = asyncio.create_task(enough.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=20.0)
    for one in (task, waiting):
        one.cancel()
    outcome, _ = await asyncio.gather(task, waiting, return_exceptions=True)
    if isinstance(outcome, Exception):
        raise outcome
    assert enough.is_set()
    return events


async def test_virtual_sensor_brings_a_hearts_beats_through_bleak() -> None:
    sensor = await open_sensor("virtual", PacedClock(SPEED), CountingHeart())
    assert isinstance(sensor, VirtualSensor)
    assert (sensor.identity.name, sensor.identity.kind, sensor.identity.simulated) == (STRAP_NAME, "virtual", True)
    events = await listen(sensor, 20)
    ticks = [t for e in events if isinstance(e, PacketArrived) for t in decode(bytes.fromhex(e.data_hex)).rr_ticks]
    assert ticks == list(range(ticks[0], ticks[0] + len(ticks)))
    assert len(ticks) == 20


async def test_virtual_sensor_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    await listen(VirtualSensor(CountingHeart(), PacedClock(SPEED), Random(1)), 2)
    assert asyncio.all_tasks() == before
    assert logging.getLogger("bumble").level == logging.NOTSET


async def test_opened_sensor_that_never_runs_can_be_closed() -> None:
    before = asyncio.all_tasks()
    sensor = await open_sensor("virtual", PacedClock(SPEED))
    await sensor.close()
    await sensor.close()
    assert asyncio.all_tasks() == before


async def test_lost_virtual_strap_is_told_and_comes_back_at_high_speed() -> None:
    sensor = VirtualSensor(CountingHeart(), PacedClock(SPEED), Random(1))
    states: list[LinkState] = []
    back = asyncio.Event()

    def emit(event: SensorEvent) -> None:
        if isinstance(event, SensorLink):
            states.append(event.state)
            if event.state is LinkState.LOST:
                sensor.strap.switch(StrapFault.DROPOUT, on=False)
        elif isinstance(event, PacketArrived):
            (back.set if LinkState.LOST in states else lambda: sensor.strap.switch(StrapFault.DROPOUT, on=True))()

    task = asyncio.create_task(sensor.run(emit))
    async with asyncio.timeout(20.0):
        await back.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert states.count(LinkState.CONNECTED) == 2


async def test_heart_that_fails_ends_the_sensor_with_its_error() -> None:
    class Broken:
        def advance(self, t_s: float) -> HeartBeatBatch:
            raise ValueError(f"no beat at {t_s > 0}")

    with pytest.raises(ValueError, match="no beat"):
        await listen(VirtualSensor(Broken(), PacedClock(SPEED), Random(1)), 1)


async def test_recordings_are_opened_by_prefix(tmp_path: Path) -> None:
    path = tmp_path / "rr.txt"
    path.write_text("800\n", encoding="utf-8")
    assert isinstance(await open_sensor(f"replay:{path}", PacedClock(10.0)), ReplaySensor)


@pytest.mark.parametrize("spec", ["", "  ", "replay:", "replay:/nowhere/rr.csv"])
async def test_senseless_names_are_refused(spec: str) -> None:
    with pytest.raises(UsageError):
        await open_sensor(spec, MonotonicClock())


async def test_real_strap_on_a_fast_clock_is_refused() -> None:
    with pytest.raises(UsageError, match="speed 1"):
        await open_sensor("auto", PacedClock(2.0))


@pytest.mark.parametrize("spec", ["auto", "Polar H10"])
async def test_bluetooth_switched_off_is_a_missing_device(spec: str) -> None:
    with pytest.raises(BluetoothMissing) as missing:
        await open_sensor(spec, HandClock(), radio=Radio(scanner=SwitchedOff))
    assert missing.value.reason is BluetoothReason.POWERED_OFF


async def test_remembered_strap_is_connected_without_a_scan() -> None:
    async with make_bench() as bench:
        radio = Radio(scanner=SwitchedOff, client=bench.radio.client)
        remembered = Remembered(STRAP_ADDRESS, STRAP_NAME, this_platform())
        sensor = await open_sensor("auto", bench.clock, radio=radio, remembered=remembered)
        assert (sensor.identity.name, sensor.identity.address) == (STRAP_NAME, STRAP_ADDRESS)
        await sensor.close()


async def test_address_from_another_platform_is_not_tried() -> None:
    async with make_bench() as bench:
        radio = Radio(scanner=SwitchedOff, client=bench.radio.client)
        with pytest.raises(BluetoothMissing):
            await open_sensor("auto", bench.clock, radio=radio, remembered=Remembered(STRAP_ADDRESS, "", "another"))
