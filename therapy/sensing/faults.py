"""What a virtual strap can do wrong, and the packets it then sends, pure.

Each fault is one that users of real straps have met; switching them on trains therapists and proves
the loop's answer to them.
"""

from __future__ import annotations

from enum import StrEnum

from therapy.sensing.heart import HeartBeatBatch
from therapy.sensing.heart_rate import LARGEST_RR_COUNT, encode

SHORT_RR_TICKS = 205
SHORT_RR_EVERY = 5
HELD_BACK_AT_MOST = 60
MALFORMED = (b"", b"\x16", b"\xff\xff", b"\x01\xff\xff\x00", b"\x08\x48\x01", bytes(range(0xF0, 0x100)), b"\x00\x0c")


class StrapFault(StrEnum):
    """A fault that can be switched on and off while the strap runs."""

    DROPOUT = "dropout"  # out of reach: the link looks alive but nothing arrives, and no scan finds the strap
    SILENCE = "silence"  # connects and answers, but sends no heart rate
    ZERO_RATE = "zero-rate"
    GARBAGE = "garbage"
    NO_CONTACT = "no-contact"
    BURST = "burst"  # holds packets back and delivers them at once when the fault ends
    SHORT_RR = "short-rr"  # a spurious short interval now and then
    STALE_REPEAT = "stale-repeat"  # repeats the last packet
    DOUBLED = "doubled"  # every notification twice, as with a doubled subscription


class PacketShaper:
    """Turns beats into the notifications a strap sends, with the faults that are on."""

    def __init__(self) -> None:
        self._count = 0
        self._last: bytes = b""
        self._held_back: list[bytes] = []

    def packets(self, batch: HeartBeatBatch, faults: frozenset[StrapFault]) -> list[bytes]:
        """The notifications for one second of beats, in their order."""
        self._count += 1
        fresh = self._fresh(batch, faults)
        if StrapFault.BURST in faults:
            self._held_back = (self._held_back + fresh)[-HELD_BACK_AT_MOST:]
            return []
        fresh, self._held_back = self._held_back + fresh, []
        if faults & {StrapFault.DROPOUT, StrapFault.SILENCE}:
            return []
        return [packet for packet in fresh for _ in range(2 if StrapFault.DOUBLED in faults else 1)]

    def _fresh(self, batch: HeartBeatBatch, faults: frozenset[StrapFault]) -> list[bytes]:
        if StrapFault.GARBAGE in faults:
            return [MALFORMED[self._count % len(MALFORMED)]]
        if StrapFault.NO_CONTACT in faults:
            return [encode(0, contact=False)]
        if StrapFault.ZERO_RATE in faults:
            return [encode(0, contact=batch.contact)]
        if StrapFault.STALE_REPEAT in faults and self._last:
            return [self._last]
        rr_ticks = list(batch.rr_ticks)
        if StrapFault.SHORT_RR in faults and self._count % SHORT_RR_EVERY == 0:
            rr_ticks.append(SHORT_RR_TICKS)
        groups = [rr_ticks[i : i + LARGEST_RR_COUNT] for i in range(0, len(rr_ticks), LARGEST_RR_COUNT)] or [[]]
        packets = [encode(batch.bpm, group, contact=batch.contact) for group in groups]
        self._last = packets[-1]
        return packets
