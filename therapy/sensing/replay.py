"""`--sensor replay:FILE`: a recording as a live strap, packet by packet at the clock's pace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from therapy.clock import Clock
from therapy.sensing.faults import PacketShaper
from therapy.sensing.identity import SensorEvent, SensorIdentity
from therapy.sensing.recording import RecordedHeart
from therapy.session.events import LinkState, PacketArrived, SensorLink
from therapy.signals.recording import read_recording

END = "end of recording"
PACKET_EVERY_S = 1.0


class ReplaySensor:
    """Sends a recording's RR intervals once a second as heart-rate packets, then closes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Read the recording; `UsageError` if it cannot be used."""
        self._heart = RecordedHeart(read_recording(path))
        self._clock = clock
        self._identity = SensorIdentity(path.name, str(path), "replay", simulated=True)

    @property
    def identity(self) -> SensorIdentity:
        """The file, marked as simulated: no heart of anybody present."""
        return self._identity

    async def run(self, emit: Callable[[SensorEvent], None]) -> None:
        """Play the recording once from its beginning."""
        shaper = PacketShaper()
        start_s = self._clock.now_s()
        emit(SensorLink(LinkState.CONNECTED, self._identity.name))
        played_s = 0.0
        while not self._heart.finished:
            played_s += PACKET_EVERY_S
            await self._clock.sleep_until(start_s + played_s)
            batch = self._heart.advance(played_s)
            if not batch.bpm:
                continue
            for packet in shaper.packets(batch, frozenset()):
                emit(PacketArrived(packet.hex()))
        emit(SensorLink(LinkState.CLOSED, END))

    async def close(self) -> None:
        """Nothing to let go of."""
