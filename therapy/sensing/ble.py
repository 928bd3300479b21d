"""A heart-rate strap over Bluetooth Low Energy, kept connected for as long as a session runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from random import Random

from bleak.backends.device import BLEDevice

from therapy.clock import Clock
from therapy.sensing.bluetooth_errors import BluetoothMissing, explain
from therapy.sensing.finding import Wanted, find
from therapy.sensing.identity import Remembered, SensorEvent, SensorIdentity, this_platform
from therapy.sensing.link import StrapLink, Trouble
from therapy.sensing.radio import Radio
from therapy.sensing.survey import BleakDevices
from therapy.sensing.twins import TWIN_WINDOW_S, TwinFilter
from therapy.sensing.waiting import Backoff
from therapy.session.events import BatteryRead, LinkState, PacketArrived, SensorLink

REMEMBERED_S = 6.0
DOUBLED = "doubled"
RESUMED = "resumed"

__all__ = ["BleSensor", "BleakDevices"]

_log = logging.getLogger(__name__)

Emit = Callable[[SensorEvent], None]


class BleSensor:
    """A strap, found once by `open` and then held by `run`: silence is told after 3 s and cut after 5 s.

    The strap that `open` found is the only one this sensor ever connects to again: in a house with
    several straps nobody's heart is taken for the patient's.
    """

    def __init__(
        self, radio: Radio, clock: Clock, wanted: Wanted, rng: Random, remembered: Remembered | None = None
    ) -> None:
        self._radio = radio
        self._clock = clock
        self._wanted = wanted
        self._rng = rng
        self._target: BLEDevice | str | None = wanted.address or _target_of(remembered, wanted)
        self._remembered_name = remembered.name if remembered and wanted.is_any else ""
        self._link: StrapLink | None = None
        self._identity = SensorIdentity("", str(self._target or ""), "bluetooth", simulated=False)
        self._warned = False

    @property
    def identity(self) -> SensorIdentity:
        """The strap: complete once `open` has returned."""
        return self._identity

    async def open(self) -> None:
        """Find the strap and connect.

        Raises:
            BluetoothMissing: no Bluetooth, no such strap, or it does not answer; with the reason and the cure.
        """
        self._link = await self._connect(lambda _: None)
        name = self._link.name or self._identity.name or self._remembered_name
        maker, model = await self._link.maker_and_model()
        self._identity = replace(self._identity, name=name, address=self._link.address, maker=maker, model=model)
        self._wanted = Wanted(address=self._link.address)

    async def run(self, emit: Emit) -> None:
        """Emit what the strap sends until cancelled; reconnects whenever the link is lost."""
        backoff = Backoff(self._rng)
        try:
            while True:
                link, self._link = self._link, None
                if link is None:
                    link = await self._connect_or_tell(emit)
                if link is not None and await self._serve(link, emit):
                    backoff.reset()
                await self._clock.sleep_until(self._clock.now_s() + backoff.next_s())
        finally:
            await self.close()

    async def close(self) -> None:
        """Disconnect; `run` does so by itself when it ends."""
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    # --- connecting ----------------------------------------------------------------------------

    async def _connect_or_tell(self, emit: Emit) -> StrapLink | None:
        try:
            return await self._connect(emit)
        except BluetoothMissing as missing:
            emit(SensorLink(LinkState.LOST, missing.reason.value))
            return None

    async def _connect(self, emit: Emit) -> StrapLink:
        """The known strap first, as one that a killed program left connected answers no scan; then a search."""
        if self._target is not None:
            emit(SensorLink(LinkState.CONNECTING, self._identity.name))
            try:
                return await self._connect_to(self._target, REMEMBERED_S)
            except BluetoothMissing as missing:
                _log.info("no direct connection to %s: %s", self._identity.address, missing.reason)
        emit(SensorLink(LinkState.SEARCHING))
        try:
            seen = await find(self._radio, self._clock, self._wanted, self._remembered_name)
        except Exception as problem:
            raise explain(problem) from problem
        self._identity = replace(self._identity, name=seen.name, address=seen.address)
        emit(SensorLink(LinkState.CONNECTING, seen.name))
        return await self._connect_to(seen.device)

    async def _connect_to(self, target: BLEDevice | str, *limit_s: float) -> StrapLink:
        try:
            link = StrapLink(self._radio, self._clock, target)
            await link.connect(*limit_s)
        except Exception as problem:
            raise explain(problem) from problem
        self._target = target
        return link

    # --- listening -----------------------------------------------------------------------------

    async def _serve(self, link: StrapLink, emit: Emit) -> bool:
        """Pass on what arrives until the link is lost; whether anything arrived at all."""
        try:
            await _subscribe(link)
            emit(SensorLink(LinkState.CONNECTED, self._identity.name))
            return await self._pass_on(link, emit)
        except BluetoothMissing as missing:
            emit(SensorLink(LinkState.LOST, missing.reason.value))
            return False
        finally:
            await link.close()

    async def _pass_on(self, link: StrapLink, emit: Emit) -> bool:
        twins = TwinFilter()
        heard = lost = False
        while True:
            item = await link.next_item()
            match item:
                case bytes():
                    if lost:
                        emit(SensorLink(LinkState.CONNECTED, RESUMED))
                    heard, lost = True, False
                    for _ in range(twins.offer(self._clock.now_s(), item, TWIN_WINDOW_S * self._clock.speed)):
                        emit(PacketArrived(item.hex()))
                    self._warn_if_doubled(twins)
                case BatteryRead():
                    emit(item)
                case Trouble.SILENT:
                    emit(SensorLink(LinkState.LOST, item.value))
                    lost = True
                case Trouble.STILL_SILENT:
                    return heard
                case _:
                    emit(SensorLink(LinkState.LOST, item.value))
                    return heard

    def _warn_if_doubled(self, twins: TwinFilter) -> None:
        if twins.doubled and not self._warned:
            self._warned = True
            _log.warning(
                "%s sends every notification twice; each is counted once. Another program probably subscribed too.",
                self._identity.name or self._identity.address,
            )


async def _subscribe(link: StrapLink) -> None:
    try:
        await link.subscribe()
    except Exception as problem:
        raise explain(problem) from problem


def _target_of(remembered: Remembered | None, wanted: Wanted) -> str | None:
    """The remembered address, where it means anything: on the platform that gave it, and if any strap will do."""
    if remembered is None or not wanted.is_any or remembered.platform != this_platform():
        return None
    return remembered.address
