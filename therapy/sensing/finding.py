"""Finding straps: those the system already holds, and those a scan hears."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bleak import BleakAdapter, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from therapy.clock import Clock
from therapy.sensing.bluetooth_errors import nothing_found
from therapy.sensing.radio import HEART_RATE_SERVICE, Radio
from therapy.sensing.waiting import within

SEARCH_S = 10.0
CHOOSE_S = 1.0
FAINTEST_DBM = -127

# Words in the names of straps that do not always announce the heart-rate service.
STRAP_WORDS = (
    "polar", "hrm", "tickr", "heart", "coospo", "magene", "movesense", "scosche", "suunto", "decathlon", "moofit",
    "igpsport", "4iiii", "cyclplus", "zephyr", "h303", "h603", "h64", "h808", "hr70", "rhythm", "viiiiva", "trackr",
)  # fmt: skip

_ADDRESS = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StrapSeen:
    """A strap in reach; `signal_dbm` is None when the system holds it and no advertisement was heard."""

    name: str
    address: str
    signal_dbm: int | None
    device: BLEDevice


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which strap is meant: an address, a name or a part of it, or (both None) any strap."""

    address: str | None = None
    name: str | None = None

    def matches(self, name: str, address: str) -> bool:
        """Whether this device is meant, whatever it announces."""
        if self.address is not None:
            return address.casefold() == self.address.casefold()
        return self.name is not None and self.name.casefold() in name.casefold()

    @property
    def is_any(self) -> bool:
        """Whether any strap will do."""
        return self.address is None and self.name is None

    def __str__(self) -> str:
        return "heart-rate strap" if self.is_any else f"strap {self.address or self.name!r}"


ANY_STRAP = Wanted()


def wanted_from(spec: str) -> Wanted:
    """An address (also macOS's opaque id) or a name, as a person types it."""
    return Wanted(address=spec) if _ADDRESS.fullmatch(spec) else Wanted(name=spec)


def looks_like_a_strap(name: str, service_uuids: list[str]) -> bool:
    """Whether a device announces the heart-rate service or has a strap's name."""
    return HEART_RATE_SERVICE in service_uuids or any(word in name.casefold() for word in STRAP_WORDS)


async def straps_held(radio: Radio) -> list[StrapSeen]:
    """Straps the system is connected to already, for instance left so by a program that was killed.

    Call with the radio's lock held.
    """
    if radio.scanner is not None and radio.adapter is None:
        return []
    try:
        adapter = await BleakAdapter.get(backend=radio.adapter)
        devices = await adapter.get_connected_devices([HEART_RATE_SERVICE])
    except (NotImplementedError, BleakError):
        return []
    return [StrapSeen(device.name or "", device.address, None, device) for device in devices]


class _Listener:
    """Collects the straps a scan hears, the newest advertisement of each."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._seen: dict[str, StrapSeen] = {}
        self.heard = asyncio.Event()

    def hear(self, device: BLEDevice, advert: AdvertisementData) -> None:
        name = advert.local_name or device.name or ""
        is_strap = looks_like_a_strap(name, advert.service_uuids) or device.address in self._seen
        if self._wanted.matches(name, device.address) or (self._wanted.is_any and is_strap):
            known = self._seen.get(device.address)
            name = name or (known.name if known else "")
            self._seen[device.address] = StrapSeen(name, device.address, advert.rssi, device)
            self.heard.set()

    def strongest_first(self, preferred_name: str = "") -> list[StrapSeen]:
        def rank(strap: StrapSeen) -> tuple[bool, int]:
            return not preferred_name or strap.name != preferred_name, -(strap.signal_dbm or FAINTEST_DBM)

        return sorted(self._seen.values(), key=rank)


async def scan(radio: Radio, clock: Clock, for_s: float, wanted: Wanted = ANY_STRAP) -> list[StrapSeen]:
    """Every wanted strap heard within `for_s`, strongest signal first, then those the system holds."""
    listener = _Listener(wanted)
    async with radio.lock:
        held = await _scan_with(radio, listener, lambda: clock.sleep_until(clock.now_s() + for_s))
    heard = listener.strongest_first()
    addresses = {strap.address for strap in heard}
    return heard + [strap for strap in held if strap.address not in addresses and _is_wanted(strap, wanted)]


async def find(radio: Radio, clock: Clock, wanted: Wanted, preferred_name: str = "") -> StrapSeen:
    """The wanted strap; of several the one with the preferred name, else the one with the strongest signal.

    Raises:
        BluetoothMissing: nothing was found within 10 s.
    """
    listener = _Listener(wanted)

    async def until_heard() -> None:
        await listener.heard.wait()
        if wanted.address is None:
            await clock.sleep_until(clock.now_s() + CHOOSE_S)

    async def at_most() -> None:
        try:
            await within(clock, SEARCH_S, until_heard())
        except TimeoutError:
            return

    async with radio.lock:
        held = [strap for strap in await straps_held(radio) if _is_wanted(strap, wanted)]
        if held:
            return held[0]
        await _scan_with(radio, listener, at_most)
    if straps := listener.strongest_first(preferred_name):
        return straps[0]
    raise nothing_found(str(wanted))


async def _scan_with(
    radio: Radio, listener: _Listener, wait: Callable[[], Coroutine[Any, Any, None]]
) -> list[StrapSeen]:
    async with BleakScanner(listener.hear, backend=radio.scanner):
        await wait()
    return await straps_held(radio)


def _is_wanted(strap: StrapSeen, wanted: Wanted) -> bool:
    return wanted.is_any or wanted.matches(strap.name, strap.address)
