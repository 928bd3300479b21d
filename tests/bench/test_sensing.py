"""How long a notification takes from the virtual strap to the session, and how many a second get through."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from random import Random

from pytest_benchmark.fixture import BenchmarkFixture

from therapy.clock import MonotonicClock, PacedClock
from therapy.sensing.ble import BleSensor
from therapy.sensing.finding import Wanted
from therapy.sensing.heart import SteadyHeart
from therapy.sensing.heart_rate import decode, encode
from therapy.sensing.identity import SensorEvent
from therapy.sensing.strap import VirtualStrap
from therapy.sensing.virtual import VirtualSensor
from therapy.sensing.virtual_air import VirtualAir
from therapy.sensing.virtual_bleak import virtual_radio
from therapy.session.events import PacketArrived

MEDIAN_LIMIT_S = 0.005
SPEED = 30.0
SESSION_S = 120.0


def test_decoding_a_packet(benchmark: BenchmarkFixture) -> None:
    packet = encode(72, (850, 860), contact=True)
    assert benchmark(decode, packet).bpm == 72


def test_notification_from_strap_to_emit(benchmark: BenchmarkFixture) -> None:
    """One notification at a time through the GATT server, the link, bleak and the sensor."""
    with asyncio.Runner() as runner:
        clock = MonotonicClock()
        arrived = asyncio.Event()
        opened: list[tuple[VirtualStrap, asyncio.Task[None], VirtualAir]] = []

        def emit(event: SensorEvent) -> None:
            if isinstance(event, PacketArrived):
                arrived.set()

        async def open_all() -> None:
            air = VirtualAir()
            strap = VirtualStrap(SteadyHeart(), clock)
            await strap.switch_on(air)
            sensor = BleSensor(await virtual_radio(air), clock, Wanted(address=strap.make.address), Random(1))
            await sensor.open()
            opened.append((strap, asyncio.create_task(sensor.run(emit)), air))
            await arrived_after(strap)

        async def arrived_after(strap: VirtualStrap, number: int = 0) -> None:
            arrived.clear()
            while not arrived.is_set():
                await strap.notify(encode(72, (800 + number % 100,), contact=True))
                await asyncio.sleep(0)
                if number:
                    await arrived.wait()

        async def close_all() -> None:
            _, task, air = opened[0]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await air.close()

        runner.run(open_all())
        numbers = iter(range(1, 1_000_000))
        benchmark(lambda: runner.run(arrived_after(opened[0][0], next(numbers))))
        runner.run(close_all())
    assert benchmark.stats is None or benchmark.stats.stats.median < MEDIAN_LIMIT_S


def test_two_minutes_of_session_at_speed_30_lose_no_packet(benchmark: BenchmarkFixture) -> None:
    """Every second of session time brings one packet, at 30 a wall second."""

    async def session() -> int:
        clock = PacedClock(SPEED)
        sensor = VirtualSensor(SteadyHeart(), clock, Random(1))
        arrivals_s: list[float] = []

        def emit(event: SensorEvent) -> None:
            if isinstance(event, PacketArrived):
                arrivals_s.append(clock.now_s())

        await sensor.open()
        task = asyncio.create_task(sensor.run(emit))
        await clock.sleep_until(clock.now_s() + SESSION_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert max(b - a for a, b in pairwise(arrivals_s)) < 3.0
        return len(arrivals_s)

    packets = benchmark.pedantic(lambda: asyncio.run(session()), rounds=1)
    assert packets >= SESSION_S - 2
