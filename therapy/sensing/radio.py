"""The computer's Bluetooth, as what bleak needs to reach it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from bleak.uuids import normalize_uuid_16

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)
HEART_RATE_MEASUREMENT = normalize_uuid_16(0x2A37)
BATTERY_LEVEL = normalize_uuid_16(0x2A19)
MODEL_NAME = normalize_uuid_16(0x2A24)
MAKER_NAME = normalize_uuid_16(0x2A29)


@dataclass(frozen=True, slots=True)
class Radio:
    """The bleak backends to use (None: the system's own) and the lock that scanning and connecting share."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    adapter: type[BaseBleakAdapter] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
