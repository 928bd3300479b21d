"""BlueZ's side of D-Bus on a private bus, as far as a scan needs it: for faults an adapter has on bad days only."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dbus_fast import PropertyAccess
from dbus_fast.aio.message_bus import MessageBus
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

ADAPTER = "/org/bluez/hci0"
STRAP_ADDRESS = "A0:9E:1A:00:00:01"
CONFIGURATION = """<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"""


@dataclass(frozen=True)
class Adapter:
    """What the adapter does: `refusal` is the D-Bus error it answers a scan with, empty if it scans.

    `strap` is the name of a strap that a scan hears and that refuses every connection.
    """

    powered: bool = True
    refusal: str = ""
    strap: str = ""


class AdapterInterface(ServiceInterface):
    """D-Bus reads the annotations of its members as its own signatures."""

    def __init__(self, adapter: Adapter, bus: MessageBus) -> None:
        super().__init__("org.bluez.Adapter1")
        self._adapter = adapter
        self._bus = bus

    @dbus_property(access=PropertyAccess.READ, name="Powered")
    def powered(self) -> "b":  # type: ignore[name-defined]  # noqa: F821
        return self._adapter.powered

    @dbus_property(access=PropertyAccess.READ, name="Roles")
    def roles(self) -> "as":  # type: ignore[valid-type]  # noqa: F722
        return ["central", "peripheral"]

    @dbus_method(name="SetDiscoveryFilter")
    def set_discovery_filter(self, _filter: "a{sv}"):  # type: ignore[valid-type]  # noqa: F722
        return

    @dbus_method(name="StartDiscovery")
    def start_discovery(self):
        if self._adapter.refusal:
            raise DBusError(self._adapter.refusal, "refused")
        if self._adapter.strap:
            strap = StrapInterface(self._adapter.strap)
            self._bus.export(f"{ADAPTER}/dev_{STRAP_ADDRESS.replace(':', '_')}", strap)
            asyncio.get_running_loop().call_soon(strap.emit_properties_changed, {"RSSI": -61})

    @dbus_method(name="StopDiscovery")
    def stop_discovery(self):
        return


class StrapInterface(ServiceInterface):
    """A strap that another program holds."""

    def __init__(self, name: str) -> None:
        super().__init__("org.bluez.Device1")
        self._name = name

    @dbus_property(access=PropertyAccess.READ, name="Address")
    def address(self) -> "s":  # type: ignore[name-defined]  # noqa: F821
        return STRAP_ADDRESS

    @dbus_property(access=PropertyAccess.READ, name="Alias")
    def alias(self) -> "s":  # type: ignore[name-defined]  # noqa: F821
        return self._name

    @dbus_property(access=PropertyAccess.READ, name="Name")
    def full_name(self) -> "s":  # type: ignore[name-defined]  # noqa: F821
        return self._name

    @dbus_property(access=PropertyAccess.READ, name="Adapter")
    def adapter(self) -> "o":  # type: ignore[name-defined]  # noqa: F821
        return ADAPTER

    @dbus_property(access=PropertyAccess.READ, name="Connected")
    def connected(self) -> "b":  # type: ignore[name-defined]  # noqa: F821
        return False

    @dbus_property(access=PropertyAccess.READ, name="UUIDs")
    def uuids(self) -> "as":  # type: ignore[valid-type]  # noqa: F722
        return ["0000180d-0000-1000-8000-00805f9b34fb"]

    @dbus_property(access=PropertyAccess.READ, name="RSSI")
    def rssi(self) -> "n":  # type: ignore[name-defined]  # noqa: F821
        return -61

    @dbus_method(name="Connect")
    def connect(self):
        raise DBusError("org.bluez.Error.Failed", "the strap is busy")

    @dbus_method(name="Disconnect")
    def disconnect(self):
        return


@asynccontextmanager
async def private_bus(folder: Path) -> AsyncIterator[str]:
    """A D-Bus daemon of the test's own; its address."""
    daemon = shutil.which("dbus-daemon")
    assert daemon is not None
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        daemon,
        f"--config-file={configuration}",
        "--nofork",
        "--print-address=1",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def bluez(address: str, adapter: Adapter | None) -> AsyncIterator[None]:
    """The service `org.bluez` with one adapter, or (None) with none."""
    bus = await MessageBus(bus_address=address).connect()
    try:
        if adapter is not None:
            bus.export(ADAPTER, AdapterInterface(adapter, bus))
        await bus.request_name("org.bluez")
        yield
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()
