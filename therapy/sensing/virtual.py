"""`--sensor virtual`: the virtual strap and a computer to read it, both on one virtual air."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from random import Random

from therapy.clock import Clock
from therapy.sensing.ble import BleSensor
from therapy.sensing.finding import Wanted
from therapy.sensing.heart import Heart
from therapy.sensing.identity import SensorEvent, SensorIdentity
from therapy.sensing.radio import Radio
from therapy.sensing.strap import StrapMake, VirtualStrap
from therapy.sensing.virtual_air import VirtualAir
from therapy.sensing.virtual_bleak import virtual_radio


class VirtualSensor:
    """A strap that beats with a given heart, read through bleak from its GATT server as any other.

    `strap` is there to switch faults on and off.
    """

    def __init__(self, heart: Heart, clock: Clock, rng: Random, make: StrapMake | None = None) -> None:
        self.strap = VirtualStrap(heart, clock, make)
        self._clock = clock
        self._rng = rng
        self._air: VirtualAir | None = None
        self._beating: asyncio.Task[None] | None = None
        self._reader: BleSensor | None = None
        self._radio: Radio | None = None

    @property
    def identity(self) -> SensorIdentity:
        """The virtual strap, marked as simulated."""
        make = self.strap.make
        known = self._reader.identity if self._reader else SensorIdentity(make.name, make.address, "virtual", True)
        return replace(known, kind="virtual", simulated=True)

    async def switch_on(self) -> Radio:
        """Let the strap beat and return the radio that hears it."""
        self._air = VirtualAir()
        await self.strap.switch_on(self._air)
        self._beating = asyncio.create_task(self.strap.run())
        self._radio = await virtual_radio(self._air)
        return self._radio

    async def open(self) -> None:
        """Let the strap beat, find it by a scan and connect."""
        try:
            radio = self._radio or await self.switch_on()
            self._reader = BleSensor(radio, self._clock, Wanted(name=self.strap.make.name), self._rng)
            await self._reader.open()
        except BaseException:
            await self.close()
            raise

    async def run(self, emit: Callable[[SensorEvent], None]) -> None:
        """Emit what arrives from the strap until cancelled."""
        if self._reader is None:
            await self.open()
        if self._reader is None or self._beating is None:
            raise RuntimeError("the virtual sensor was closed")
        reading = asyncio.create_task(self._reader.run(emit))
        try:
            done, _ = await asyncio.wait({reading, self._beating}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """Disconnect, stop the heart, clear the air."""
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.close()
        beating, self._beating = self._beating, None
        if beating is not None:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        air, self._air = self._air, None
        self._radio = None
        if air is not None:
            await air.close()
