"""Heart Rate Measurement (0x2A37): one notification's bytes to a reading and back, pure.

Layout, little endian: flags, rate (uint8, or uint16 if bit 0), energy (uint16 kJ, if bit 3), RR
intervals (uint16 in 1/1024 s each, oldest first, if bit 4).  Bits 1-2 are the skin contact: 2 is
supported but not detected, 3 detected, 0 and 1 not supported.  Source: Heart Rate Service 1.0.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from therapy.frozen import made, quick

TICKS_PER_S = 1024
LOWEST_BPM = 30
HIGHEST_BPM = 220
LARGEST_RR_COUNT = 9

_WIDE_RATE = 0x01
_CONTACT = 0x06
_CONTACT_LOST = 0x04
_CONTACT_MADE = 0x06
_ENERGY = 0x08
_RR = 0x10
_CONTACTS: Mapping[int, bool] = MappingProxyType({_CONTACT_LOST: False, _CONTACT_MADE: True})


class PacketError(StrEnum):
    """Why a packet gives no reading, or (`MALFORMED_RR`) not all of its RR intervals."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    NO_CONTACT = "no-contact"
    ZERO_RATE = "zero-rate"
    OUT_OF_RANGE = "out-of-range"
    MALFORMED_RR = "malformed-rr"


@quick
@dataclass(frozen=True, slots=True)
class HeartRatePacket:
    """What one notification says.

    `bpm` is None when the packet is no reading, and `error` then tells why.  `contact` is None when
    the strap does not report it.  `rr_ticks` are raw, in 1/1024 s, and kept whatever the rate says.
    `flags` keeps reserved bits; it is None only for the empty packet.
    """

    hex: str
    bpm: int | None
    contact: bool | None
    energy_kj: int | None
    rr_ticks: tuple[int, ...]
    flags: int | None
    error: str | None


def decode(data: bytes) -> HeartRatePacket:
    """Decode one notification; never raises.

    Rates outside 30-220 bpm, the rate 0, a lost contact, the empty and the truncated packet are no
    reading.  An odd byte after the RR intervals keeps the rate and the whole intervals and sets
    `malformed-rr`.  Bytes that no flag announces are ignored.
    """
    if not data:
        return HeartRatePacket("", None, None, None, (), None, PacketError.EMPTY.value)
    flags = data[0]
    rate_end = 3 if flags & _WIDE_RATE else 2
    energy_end = rate_end + (2 if flags & _ENERGY else 0)
    contact = _CONTACTS.get(flags & _CONTACT)
    if len(data) < energy_end:
        return HeartRatePacket(data.hex(), None, contact, None, (), flags, PacketError.TRUNCATED.value)
    rate = int.from_bytes(data[1:rate_end], "little")
    energy_kj = int.from_bytes(data[rate_end:energy_end], "little") if flags & _ENERGY else None
    tail = data[energy_end:] if flags & _RR else b""
    rr_ticks = struct.unpack(f"<{len(tail) // 2}H", tail[: len(tail) // 2 * 2])
    problem = _no_reading(rate, contact)
    bpm = rate if problem is None else None
    if problem is None and len(tail) % 2:
        problem = PacketError.MALFORMED_RR
    error = problem.value if problem else None
    return made(HeartRatePacket)(data.hex(), bpm, contact, energy_kj, rr_ticks, flags, error)


def encode(
    bpm: int,
    rr_ticks: Sequence[int] = (),
    *,
    contact: bool | None = None,
    energy_kj: int | None = None,
    wide: bool = False,
) -> bytes:
    """The bytes of a notification; the rate takes two bytes when `wide` or above 255.

    Raises:
        ValueError: a number that does not fit its field.
    """
    wide = wide or bpm > 0xFF
    flags = _WIDE_RATE if wide else 0
    flags |= {None: 0, False: _CONTACT_LOST, True: _CONTACT_MADE}[contact]
    flags |= _RR if rr_ticks else 0
    flags |= _ENERGY if energy_kj is not None else 0
    energy = [] if energy_kj is None else [energy_kj]
    try:
        return struct.pack(f"<B{'H' if wide else 'B'}{len(energy) + len(rr_ticks)}H", flags, bpm, *energy, *rr_ticks)
    except struct.error as problem:
        raise ValueError(f"a number does not fit a heart-rate packet: {problem}") from problem


def _no_reading(rate: int, contact: bool | None) -> PacketError | None:
    if contact is False:
        return PacketError.NO_CONTACT
    if rate == 0:
        return PacketError.ZERO_RATE
    if not LOWEST_BPM <= rate <= HIGHEST_BPM:
        return PacketError.OUT_OF_RANGE
    return None
