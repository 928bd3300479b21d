"""A radio without radio waves: virtual Bluetooth controllers joined inside this process."""

from __future__ import annotations

import logging

from bumble.controller import Controller
from bumble.core import ConnectionError as BumbleConnectionError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import Address, HCI_Error
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

_LIBRARY_LOG = "bumble"


class VirtualAir:
    """What virtual devices hear each other through.  Make it inside a running asyncio loop, and close it."""

    def __init__(self) -> None:
        self._link = LocalLink()  # type: ignore[no-untyped-call]
        self._stations: list[Station] = []
        self._quieten = logging.getLogger(_LIBRARY_LOG).level == logging.NOTSET
        if self._quieten:
            # A link that breaks is daily work here, and the library warns of every late packet.
            logging.getLogger(_LIBRARY_LOG).setLevel(logging.ERROR)

    async def station(self, name: str, address: str) -> Station:
        """Add a powered device with a static random address."""
        controller = Controller(name, link=self._link, public_address=address)
        config = DeviceConfiguration(name=name, address=Address(address), gatt_service_enabled=False)
        device = Device(config=config, host=Host(controller, AsyncPipeSink(controller)))
        station = Station(device, controller)
        self._stations.append(station)
        return station

    async def close(self) -> None:
        """Take every device off the air."""
        stations, self._stations = self._stations, []
        for station in stations:
            await station.leave()
            self._link.remove_controller(station.controller)
        if self._quieten:
            logging.getLogger(_LIBRARY_LOG).setLevel(logging.NOTSET)


class Station:
    """One device on the virtual air."""

    def __init__(self, device: Device, controller: Controller) -> None:
        self.device = device
        self.controller = controller

    @property
    def address(self) -> str:
        """The address others see."""
        return self.device.static_address.to_string(with_type_qualifier=False)

    def connections(self, address: str | None = None) -> list[Connection]:
        """The open connections, to one peer or to all."""
        every = list(self.device.connections.values())
        return [one for one in every if address in {None, one.peer_address.to_string(with_type_qualifier=False)}]

    async def connect(self, address: str) -> Connection:
        """Wait for the peer's advertisement and connect; cancelling leaves nothing pending."""
        if held := self.connections(address):
            return held[0]
        try:
            return await self.device.connect(Address(address), timeout=None)
        finally:
            # The virtual controller knows no cancel command; this is what one would do.
            self.controller.pending_le_connection = None

    async def disconnect(self, address: str | None = None) -> None:
        """End the connections to one peer or to all."""
        for connection in self.connections(address):
            try:
                await connection.disconnect()
            except (HCI_Error, BumbleConnectionError):
                # The other end was quicker.
                continue

    async def leave(self) -> None:
        """Stop everything."""
        await self.disconnect()
        await self.device.power_off()
