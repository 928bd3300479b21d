"""Looking at the straps in reach: signal, battery, and whether they send RR intervals."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.clock import Clock, MonotonicClock
from therapy.sensing.bluetooth_errors import BluetoothMissing, explain
from therapy.sensing.finding import StrapSeen, scan
from therapy.sensing.heart_rate import decode
from therapy.sensing.link import StrapLink, Trouble
from therapy.sensing.radio import Radio
from therapy.sensing.waiting import within
from therapy.session.events import BatteryRead

LISTEN_S = 4.0
CONNECT_WITHIN_S = 8.0
RR_FLAG = 0x10


@dataclass(frozen=True, slots=True)
class StrapReport:
    """One strap; None where it could not be learned, and then `problem` says why (a BluetoothReason)."""

    name: str
    address: str
    signal_dbm: int | None
    battery_percent: int | None
    sends_rr: bool | None
    problem: str | None = None


class BleakDevices:
    """The straps that this computer's Bluetooth, or the radio given, can reach."""

    def __init__(self, radio: Radio | None = None, clock: Clock | None = None) -> None:
        self._radio = radio or Radio()
        self._clock = clock or MonotonicClock()

    async def look(self, for_s: float) -> list[StrapSeen]:
        """The straps heard within `for_s`, strongest first.

        Raises:
            BluetoothMissing: there is no Bluetooth to look with.
        """
        try:
            return await scan(self._radio, self._clock, for_s)
        except Exception as problem:
            raise explain(problem) from problem

    async def examine(self, seen: StrapSeen) -> StrapReport:
        """Connect to a strap and listen for a few seconds."""
        try:
            link = StrapLink(self._radio, self._clock, seen.device)
            await link.connect(CONNECT_WITHIN_S)
        except Exception as problem:  # noqa: BLE001  # each system's stack raises what it likes
            return StrapReport(seen.name, seen.address, seen.signal_dbm, None, None, explain(problem).reason.value)
        try:
            await link.subscribe()
            sends_rr = await self._sends_rr(link)
            battery_percent = await link.battery_percent()
        except Exception as problem:  # noqa: BLE001  # as above
            return StrapReport(seen.name, seen.address, seen.signal_dbm, None, None, explain(problem).reason.value)
        finally:
            await link.close()
        return StrapReport(seen.name, seen.address, seen.signal_dbm, battery_percent, sends_rr)

    async def _sends_rr(self, link: StrapLink) -> bool | None:
        """True at the first packet with intervals, False after 4 s of packets without, None without packets."""
        heard = False

        async def listen() -> bool:
            nonlocal heard
            while True:
                match await link.next_item():
                    case bytes() as content:
                        heard = True
                        if (decode(content).flags or 0) & RR_FLAG:
                            return True
                    case BatteryRead() | Trouble.SILENT:
                        continue
                    case _:
                        return False

        try:
            return await within(self._clock, LISTEN_S, listen()) or (False if heard else None)
        except TimeoutError:
            return False if heard else None


__all__ = ["BleakDevices", "BluetoothMissing", "StrapReport", "StrapSeen"]
