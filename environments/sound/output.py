"""Where the finished sound goes: a loudspeaker, or nowhere at the same pace; a lost loudspeaker is looked for again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from environments.sound import openal as al
from environments.sound.mixer import BLOCK, RATE_HZ, Samples

QUEUED_BLOCKS = 6
"""10-ms blocks that wait in the device's queue: enough for a busy machine, little enough to follow the head."""

LOOK_AGAIN_S = 2.0
_NAP_S = 0.002
_STUCK_S = 1.0
NO_DEVICE = "No sound device is here: the session goes on in silence; plug in headphones and it is used at once."
LOST = "The sound device is gone: the session goes on in silence; plug it in again and it is used at once."


class SpeakerLost(Exception):
    """The device was taken away."""


class Outlet(Protocol):
    """Takes blocks at the pace of the sound card."""

    name: str

    def write(self, block: Samples) -> None:
        """Take a block (480, 2) when there is room; `SpeakerLost` if there never will be."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


class Speaker:
    """The system's own device through OpenAL, with a queue of its own; nothing is changed on the way."""

    def __init__(self) -> None:
        self._al = al.library()
        self._device = self._al.alcOpenDevice(None)
        if not self._device:
            raise al.SoundMissing(NO_DEVICE)
        wishes = al.attributes(al.ALC_FREQUENCY, RATE_HZ, al.ALC_HRTF, 0, al.ALC_OUTPUT_LIMITER, 0)
        self._context = self._al.alcCreateContext(self._device, wishes)
        if not self._context:
            self._al.alcCloseDevice(self._device)
            raise al.SoundMissing(NO_DEVICE)
        self._al.alcSetThreadContext(self._context)
        self.name = al.words_of(self._device, al.ALC_ALL_DEVICES)
        self._source = al.new_id("alGenSources")
        self._al.alSourcei(self._source, al.AL_DIRECT_CHANNELS, 1)
        self._free = [al.new_id("alGenBuffers") for _ in range(QUEUED_BLOCKS)]

    def write(self, block: Samples) -> None:
        """See `Outlet.write`."""
        until_s = time.monotonic() + _STUCK_S
        while not self._free:
            self._al.alcSetThreadContext(self._context)
            self._take_back()
            if not self._free:
                if not al.integer_of(self._device, al.ALC_CONNECTED) or time.monotonic() > until_s:
                    raise SpeakerLost
                time.sleep(_NAP_S)
        self._al.alcSetThreadContext(self._context)
        buffer = self._free.pop()
        data = np.ascontiguousarray(block, np.float32)
        self._al.alBufferData(buffer, al.AL_FORMAT_STEREO_FLOAT32, data.ctypes.data, data.nbytes, RATE_HZ)
        self._al.alSourceQueueBuffers(self._source, 1, al.one(buffer))
        is_playing = al.source_integer(self._source, al.AL_SOURCE_STATE) == al.AL_PLAYING
        # At the start, and after a pause that was too long for the queue, it is filled before it plays.
        if not is_playing and not self._free:
            self._al.alSourcePlay(self._source)

    def close(self) -> None:
        """See `Outlet.close`."""
        self._al.alcSetThreadContext(self._context)
        self._al.alSourceStop(self._source)
        self._al.alcSetThreadContext(None)
        self._al.alcDestroyContext(self._context)
        self._al.alcCloseDevice(self._device)

    def _take_back(self) -> None:
        for _ in range(al.source_integer(self._source, al.AL_BUFFERS_PROCESSED)):
            name = al.one(0)
            self._al.alSourceUnqueueBuffers(self._source, 1, name)
            self._free.append(name[0])


class Nowhere:
    """Takes blocks at the pace of a sound card and plays nothing."""

    name = ""

    def __init__(self) -> None:
        self._next_s = time.monotonic()

    def write(self, block: Samples) -> None:
        """See `Outlet.write`."""
        now_s = time.monotonic()
        self._next_s = max(self._next_s + len(block) / RATE_HZ, now_s)
        time.sleep(max(self._next_s - now_s, 0.0))

    def close(self) -> None:
        """Nothing to give back."""


class Outlets:
    """The loudspeaker where there is one; `problem` says why there is none, and it is looked for every two seconds."""

    def __init__(self, open_speaker: Callable[[], Outlet] = Speaker) -> None:
        self._open = open_speaker
        self._outlet: Outlet = Nowhere()
        self._look_at_s = 0.0
        self.problem = ""

    @property
    def name(self) -> str:
        """The device in use; empty without one."""
        return self._outlet.name

    def write(self, block: Samples) -> None:
        """Play a block, or let its time pass."""
        if not self.name and time.monotonic() >= self._look_at_s:
            self._look()
        try:
            self._outlet.write(block)
        except SpeakerLost:
            self._outlet.close()
            self._outlet, self.problem = Nowhere(), LOST
            self._look_at_s = time.monotonic() + LOOK_AGAIN_S

    def close(self) -> None:
        """Let what is queued play out, and give the device back."""
        for _ in range(QUEUED_BLOCKS):
            try:
                self._outlet.write(np.zeros((BLOCK, 2), np.float32))
            except SpeakerLost:
                break
        self._outlet.close()

    def _look(self) -> None:
        try:
            self._outlet, self.problem = self._open(), ""
        except al.SoundMissing as missing:
            self.problem = self.problem or str(missing)
            self._look_at_s = time.monotonic() + LOOK_AGAIN_S
