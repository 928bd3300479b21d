"""One connection to one strap: a client of its own, its inbox, and the watch over its silence."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from therapy.clock import Clock
from therapy.sensing.radio import BATTERY_LEVEL, HEART_RATE_MEASUREMENT, MAKER_NAME, MODEL_NAME, Radio
from therapy.sensing.waiting import within
from therapy.session.events import BatteryRead

SILENT_S = 3.0
RECONNECT_S = 5.0
CONNECT_S = 15.0
DISCONNECT_S = 5.0
READ_S = 5.0
INBOX_SIZE = 256
FULL_PERCENT = 100


class Trouble(StrEnum):
    """What can befall a connection."""

    SILENT = "silent"
    STILL_SILENT = "silent-reconnecting"
    DISCONNECTED = "disconnected"
    OVERRUN = "overrun"


class StrapLink:
    """A connection from `connect` to `close`; never used twice.

    Notifications, battery levels and troubles arrive in `next_item` in their order.  A reader that falls
    behind by more than the inbox holds gets `Trouble.OVERRUN` and nothing after it.
    """

    def __init__(self, radio: Radio, clock: Clock, target: BLEDevice | str) -> None:
        self._radio = radio
        self._clock = clock
        self._client = BleakClient(target, self._on_disconnected, backend=radio.client, timeout=CONNECT_S)
        self._inbox: asyncio.Queue[bytes | BatteryRead | Trouble] = asyncio.Queue(INBOX_SIZE)
        self._overrun = False
        self._closing = False
        self._heard_s = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        """The strap's address; on macOS an opaque id."""
        return self._client.address

    async def connect(self, limit_s: float = CONNECT_S) -> None:
        """Connect, or disconnect again and raise what the stack raised, or TimeoutError."""
        try:
            async with self._radio.lock:
                await within(self._clock, limit_s, self._client.connect())
        except BaseException:
            await self.close()
            raise

    async def subscribe(self) -> None:
        """Ask for notifications and begin to watch for silence."""
        await within(self._clock, CONNECT_S, self._client.start_notify(HEART_RATE_MEASUREMENT, self._on_measurement))
        self._heard_s = self._clock.now_s()
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._follow_battery())]

    async def next_item(self) -> bytes | BatteryRead | Trouble:
        """The next notification, battery level or trouble."""
        if self._overrun:
            return Trouble.OVERRUN
        return await self._inbox.get()

    @property
    def name(self) -> str:
        """The name the system shows for the strap, empty if it has none."""
        try:
            return self._client.name
        except (NotImplementedError, BleakError):
            return ""

    async def maker_and_model(self) -> tuple[str, str]:
        """What the strap's Device Information says, each empty if it says nothing."""
        return await self._read_text(MAKER_NAME), await self._read_text(MODEL_NAME)

    async def battery_percent(self) -> int | None:
        """The battery level, None if the strap does not tell."""
        content = await self._read(BATTERY_LEVEL)
        return content[0] if content and content[0] <= FULL_PERCENT else None

    async def close(self) -> None:
        """Stop watching and disconnect; safe to call at any time and more than once."""
        if self._closing:
            return
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await within(self._clock, DISCONNECT_S, self._client.disconnect())
        except (BleakError, OSError, EOFError, TimeoutError):
            # The link is given up either way; the next attempt uses a new client.
            return

    # --- what the stack calls ------------------------------------------------------------------

    def _on_measurement(self, _sender: BleakGATTCharacteristic, content: bytearray) -> None:
        self._heard_s = self._clock.now_s()
        self._put(bytes(content))

    def _on_battery(self, _sender: BleakGATTCharacteristic, content: bytearray) -> None:
        if content and content[0] <= FULL_PERCENT:
            self._put(BatteryRead(content[0]))

    def _on_disconnected(self, _client: BleakClient) -> None:
        if not self._closing:
            self._put(Trouble.DISCONNECTED)

    def _put(self, item: bytes | BatteryRead | Trouble) -> None:
        try:
            self._inbox.put_nowait(item)
        except asyncio.QueueFull:
            self._overrun = True

    # --- beside the notifications --------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            heard_s = self._heard_s
            await self._clock.sleep_until(heard_s + SILENT_S)
            if self._heard_s != heard_s:
                continue
            self._put(Trouble.SILENT)
            await self._clock.sleep_until(heard_s + RECONNECT_S)
            if self._heard_s == heard_s:
                self._put(Trouble.STILL_SILENT)
                return

    async def _follow_battery(self) -> None:
        percent = await self.battery_percent()
        if percent is not None:
            self._put(BatteryRead(percent))
        level = self._client.services.get_characteristic(BATTERY_LEVEL) if self._client.is_connected else None
        if level is not None and "notify" in level.properties:
            try:
                await within(self._clock, READ_S, self._client.start_notify(level, self._on_battery))
            except (BleakError, OSError, EOFError, TimeoutError):
                # Many straps refuse; the level read above stands.
                return

    async def _read_text(self, uuid: str) -> str:
        return (await self._read(uuid)).decode("utf-8", "replace").strip("\0 ")

    async def _read(self, uuid: str) -> bytes:
        try:
            return bytes(await within(self._clock, READ_S, self._client.read_gatt_char(uuid)))
        except (BleakError, OSError, EOFError, TimeoutError):
            return b""
