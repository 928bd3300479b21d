"""A strap, a radio and a sensor on one virtual air, with the events it emitted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from tests.sensing.hand_clock import HandClock, until
from therapy.sensing.ble import BleSensor
from therapy.sensing.finding import Wanted
from therapy.sensing.heart import Heart, HeartBeatBatch
from therapy.sensing.heart_rate import decode
from therapy.sensing.identity import SensorEvent
from therapy.sensing.radio import Radio
from therapy.sensing.strap import StrapMake, VirtualStrap
from therapy.sensing.virtual_air import VirtualAir
from therapy.sensing.virtual_bleak import virtual_radio
from therapy.session.events import LinkState, PacketArrived, SensorLink


class CountingHeart:
    """Each second one beat whose interval tells its number, so that order and doubles show."""

    def __init__(self) -> None:
        self.count = 0

    def advance(self, _t_s: float) -> HeartBeatBatch:
        self.count += 1
        return HeartBeatBatch(70, (800 + self.count,))


@dataclass
class Bench:
    clock: HandClock
    air: VirtualAir
    strap: VirtualStrap
    radio: Radio
    events: list[tuple[float, SensorEvent]] = field(default_factory=list)

    def emit(self, event: SensorEvent) -> None:
        self.events.append((self.clock.now_s(), event))

    def sensor(self, wanted: Wanted | None = None) -> BleSensor:
        return BleSensor(self.radio, self.clock, wanted or Wanted(address=self.strap.make.address), Random(1))

    @property
    def packets(self) -> list[str]:
        return [event.data_hex for _, event in self.events if isinstance(event, PacketArrived)]

    @property
    def rr_ticks(self) -> list[int]:
        return [ticks for packet in self.packets for ticks in decode(bytes.fromhex(packet)).rr_ticks]

    @property
    def links(self) -> list[tuple[float, LinkState, str]]:
        return [(t_s, e.state, e.detail) for t_s, e in self.events if isinstance(e, SensorLink)]

    def states(self) -> list[LinkState]:
        return [state for _, state, _ in self.links]

    @asynccontextmanager
    async def running(self, sensor: BleSensor) -> AsyncIterator[asyncio.Task[None]]:
        """The sensor opened and running, connected when the body begins."""
        await sensor.open()
        task = asyncio.create_task(sensor.run(self.emit))
        try:
            await until(lambda: LinkState.CONNECTED in self.states())
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def make_bench(heart: Heart | None = None, make: StrapMake | None = None) -> AsyncIterator[Bench]:
    clock = HandClock()
    air = VirtualAir()
    strap = VirtualStrap(heart or CountingHeart(), clock, make)
    await strap.switch_on(air)
    beating = asyncio.create_task(strap.run())
    try:
        yield Bench(clock, air, strap, await virtual_radio(air))
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        await air.close()
