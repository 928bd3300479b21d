"""The virtual strap: a real GATT server on a virtual Bluetooth controller, driven by a heart.

It is product code: `--sensor virtual` gives a person without a strap the same path as one with it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bumble.core import UUID, AdvertisingData
from bumble.device import Connection
from bumble.gatt import Characteristic, Service

from therapy.clock import Clock
from therapy.sensing.faults import PacketShaper, StrapFault
from therapy.sensing.heart import Heart
from therapy.sensing.virtual_air import Station, VirtualAir

STRAP_ADDRESS = "C0:FF:EE:00:18:0D"
STRAP_NAME = "Acclimate virtual strap"
NOTIFY_EVERY_S = 1.0
LATE_S = 2.0
ADVERTISE_EVERY_MS = 20.0
MOST_CONNECTIONS = 2

_HEART_RATE = UUID.from_16_bits(0x180D)
_READ = Characteristic.Properties.READ
_NOTIFY = Characteristic.Properties.NOTIFY


@dataclass(frozen=True, slots=True)
class StrapMake:
    """What a virtual strap is to others."""

    name: str = STRAP_NAME
    address: str = STRAP_ADDRESS
    battery_percent: int = 88
    advertises_service: bool = True
    maker: str = "Acclimate"
    model: str = "virtual strap"


class VirtualStrap:
    """A strap that notifies its heart once a second of session time to whoever subscribed.

    `faults` may be changed while it runs.  `switch_on` makes it connectable; `run` lets it beat until cancelled.
    """

    def __init__(self, heart: Heart, clock: Clock, make: StrapMake | None = None) -> None:
        self.make = make or StrapMake()
        self._heart = heart
        self._clock = clock
        self._faults: set[StrapFault] = set()
        self._shaper = PacketShaper()
        self._changed = asyncio.Event()
        self._measurement = _characteristic(0x2A37, _NOTIFY, b"")
        self._battery = _characteristic(0x2A19, _READ | _NOTIFY, bytes([self.make.battery_percent]))
        self._station: Station | None = None

    @property
    def faults(self) -> frozenset[StrapFault]:
        """The faults that are on."""
        return frozenset(self._faults)

    @property
    def connection_count(self) -> int:
        """How many computers are connected."""
        return len(self._on_air.device.connections)

    def switch(self, fault: StrapFault, *, on: bool) -> None:
        """Switch a fault on or off; it shows with the next packet."""
        (self._faults.add if on else self._faults.discard)(fault)
        self._changed.set()

    async def switch_on(self, air: VirtualAir) -> None:
        """Appear on the air and advertise."""
        self._station = await air.station(self.make.name, self.make.address)
        device = self._station.device
        device.add_services(self._services())
        await device.power_on()
        device.on(device.EVENT_CONNECTION, self._on_connection)
        await self._advertise()

    async def run(self) -> None:
        """Beat and stay connectable until cancelled."""
        beating = asyncio.create_task(self._beat())
        advertising = asyncio.create_task(self._keep_advertising())
        try:
            done, _ = await asyncio.wait({beating, advertising}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            beating.cancel()
            advertising.cancel()
            await asyncio.gather(beating, advertising, return_exceptions=True)

    async def disconnect(self) -> None:
        """Drop every connection, as a strap does that is taken off."""
        await self._on_air.disconnect()

    async def set_battery(self, percent: int) -> None:
        """Change the battery level and notify it."""
        self._battery.value = bytes([percent])
        await self._on_air.device.notify_subscribers(self._battery, bytes([percent]))

    async def notify(self, packet: bytes) -> None:
        """Send these bytes as one heart-rate notification to every subscriber."""
        await self._on_air.device.notify_subscribers(self._measurement, packet)

    # --- inside --------------------------------------------------------------------------------

    @property
    def _on_air(self) -> Station:
        if self._station is None:
            raise RuntimeError("the virtual strap is not switched on")
        return self._station

    def _services(self) -> list[Service]:
        return [
            Service(_HEART_RATE, [self._measurement]),
            Service(UUID.from_16_bits(0x180F), [self._battery]),
            Service(
                UUID.from_16_bits(0x180A),
                [
                    _characteristic(0x2A29, _READ, self.make.maker.encode()),
                    _characteristic(0x2A24, _READ, self.make.model.encode()),
                ],
            ),
        ]

    async def _beat(self) -> None:
        next_s = self._clock.now_s()
        while True:
            next_s += NOTIFY_EVERY_S
            await self._clock.sleep_until(next_s)
            now_s = self._clock.now_s()
            if now_s > next_s + LATE_S:
                next_s = now_s
            for packet in self._shaper.packets(self._heart.advance(now_s), self.faults):
                await self.notify(packet)

    async def _keep_advertising(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._advertise()

    async def _advertise(self) -> None:
        device = self._on_air.device
        findable = StrapFault.DROPOUT not in self._faults and len(device.connections) < MOST_CONNECTIONS
        if findable and not device.is_advertising:
            await device.start_advertising(
                advertising_data=self._advertisement(),
                advertising_interval_min=ADVERTISE_EVERY_MS,
                advertising_interval_max=ADVERTISE_EVERY_MS,
            )
        elif not findable and device.is_advertising:
            await device.stop_advertising()

    def _advertisement(self) -> bytes:
        items = [(AdvertisingData.FLAGS, bytes([AdvertisingData.LE_GENERAL_DISCOVERABLE_MODE_FLAG]))]
        if self.make.advertises_service:
            items.append((AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, bytes(_HEART_RATE)))
        items.append((AdvertisingData.COMPLETE_LOCAL_NAME, self.make.name.encode()))
        return bytes(AdvertisingData(items))

    def _on_connection(self, connection: Connection) -> None:
        connection.on(connection.EVENT_DISCONNECTION, lambda _reason: self._changed.set())
        self._changed.set()


def _characteristic(number: int, properties: Characteristic.Properties, content: bytes) -> Characteristic[bytes]:
    return Characteristic(UUID.from_16_bits(number), properties, Characteristic.READABLE, content)
