"""bleak on the virtual air: a scanner, a client and an adapter backed by a virtual Bluetooth controller.

bleak's own `BleakScanner` and `BleakClient` stay in the path; only the system's stack is replaced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

from bleak.args import SizedBuffer
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.characteristic import BleakGATTCharacteristic, GattCharacteristicsFlags
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble import core
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Peer
from bumble.gatt_client import CharacteristicProxy

from therapy.sensing.radio import Radio
from therapy.sensing.virtual_air import Station, VirtualAir

CENTRAL_ADDRESS = "C0:FF:EE:00:00:01"

Result = TypeVar("Result")


async def virtual_radio(air: VirtualAir, address: str = CENTRAL_ADDRESS) -> Radio:
    """A computer's Bluetooth adapter on the virtual air, ready for bleak."""
    computer = await air.station("computer", address)
    await computer.device.power_on()

    class Scanner(VirtualScanner):
        station = computer

    class Client(VirtualClient):
        station = computer

    return Radio(scanner=Scanner, client=Client, adapter=VirtualAdapter)


class VirtualAdapter(BaseBleakAdapter):
    """An adapter that holds no connection of other programs."""

    @classmethod
    async def get(cls, **_options: Any) -> VirtualAdapter:
        """The adapter."""
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        """None: no other program shares the virtual air."""
        return []


class VirtualScanner(BaseBleakScanner):
    """Hears advertisements on the virtual air.  A subclass names its station."""

    station: Station

    def __init__(self, detection_callback: Any, service_uuids: Any, _scanning_mode: str, **_options: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Begin to listen."""
        self.seen_devices.clear()
        self.station.device.on(self.station.device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await self.station.device.start_scanning()

    async def stop(self) -> None:
        """Stop listening."""
        await self.station.device.stop_scanning()
        self.station.device.remove_listener(self.station.device.EVENT_ADVERTISEMENT, self._on_advertisement)

    def _on_advertisement(self, heard: Advertisement) -> None:
        uuids = heard.data.get(AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS) or []
        name = heard.data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        advert = AdvertisementData(
            local_name=name or None,
            manufacturer_data={},
            service_data={},
            service_uuids=[_uuid(uuid) for uuid in uuids],
            tx_power=None,
            rssi=heard.rssi,
            platform_data=(),
        )
        if not self.is_allowed_uuid(advert.service_uuids):
            return
        address = heard.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, advert.local_name, heard, advert)
        self.call_detection_callbacks(device, advert)


class VirtualClient(BaseBleakClient):
    """A GATT client on the virtual air.  A subclass names its station."""

    station: Station

    def __init__(self, address_or_ble_device: BLEDevice | str, **options: Any) -> None:
        super().__init__(address_or_ble_device, **options)
        self._connection: Connection | None = None
        self._name = address_or_ble_device.name or "" if isinstance(address_or_ble_device, BLEDevice) else ""

    @property
    def name(self) -> str:
        """The advertised name, empty if the client was made from an address."""
        return self._name

    @property
    def mtu_size(self) -> int:
        """The size of an attribute protocol packet."""
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        """Whether the link is up, as far as this end knows."""
        return self._connection is not None

    async def connect(self, pair: bool, **_options: Any) -> None:
        """Connect and read the services; `pair` is ignored, as straps need no pairing."""
        connection = await self.station.connect(self.address)
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self._connection = connection
        self.services = await self._attend(_discover(Peer(connection)))

    async def disconnect(self) -> None:
        """Disconnect; nothing happens if there is no connection."""
        self._disconnected_callback = None
        await self.station.disconnect(self.address)
        self._connection = None

    async def pair(self, *_args: Any, **_options: Any) -> None:
        """Refused."""
        raise BleakError("the virtual strap does not pair")

    async def unpair(self) -> None:
        """Refused."""
        raise BleakError("the virtual strap does not pair")

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_options: Any) -> bytearray:
        """Read a characteristic."""
        return bytearray(await self._attend(_proxy(characteristic).read_value()))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_options: Any) -> bytearray:
        """Read a descriptor."""
        return bytearray(await self._attend(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write a characteristic."""
        await self._attend(_proxy(characteristic).write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor."""
        await self._attend(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_options: Any
    ) -> None:
        """Write the client configuration descriptor and pass notifications on."""
        await self._attend(_proxy(characteristic).subscribe(lambda content: callback(bytearray(content))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Clear the client configuration descriptor."""
        await self._attend(_proxy(characteristic).unsubscribe(force=True))

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _attend(self, request: Coroutine[Any, Any, Result]) -> Result:
        """Await the peer's answer; the library cancels it when the link goes, which is an error here."""
        task = asyncio.ensure_future(request)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if task.cancelled() or self._connection is None:
            raise BleakError("disconnected")
        try:
            return task.result()
        except core.BaseBumbleError as problem:
            raise BleakError(str(problem)) from problem


async def _discover(peer: Peer) -> BleakGATTServiceCollection:
    """Read services, characteristics and descriptors into bleak's terms."""
    services = BleakGATTServiceCollection()
    for found in await peer.discover_services():
        service = BleakGATTService(found, found.handle, _uuid(found.uuid))
        services.add_service(service)
        for proxy in await found.discover_characteristics():
            await _add_characteristic(services, service, proxy)
    return services


async def _add_characteristic(
    services: BleakGATTServiceCollection, service: BleakGATTService, proxy: CharacteristicProxy[bytes]
) -> None:
    names = [flag.name.replace("_", "-") for flag in GattCharacteristicsFlags if proxy.properties & flag.value]
    characteristic = BleakGATTCharacteristic(
        proxy,
        proxy.handle,
        _uuid(proxy.uuid),
        names,  # type: ignore[arg-type]  # the names of the flags are the literals
        lambda: 20,
        service,
    )
    services.add_characteristic(characteristic)
    for descriptor in await proxy.discover_descriptors():
        services.add_descriptor(
            BleakGATTDescriptor(descriptor, descriptor.handle, _uuid(descriptor.type), characteristic)
        )


def _proxy(characteristic: BleakGATTCharacteristic) -> CharacteristicProxy[bytes]:
    proxy: CharacteristicProxy[bytes] = characteristic.obj
    return proxy


def _uuid(uuid: core.UUID) -> str:
    return str(UUID(bytes=uuid.to_bytes(force_128=True)[::-1]))
