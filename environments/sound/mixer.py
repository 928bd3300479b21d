"""The mixer: OpenAL Soft renders all sounds round the head into memory, for headphones (HRTF).

Nothing here needs a sound card: what is rendered goes through `Master` and then to a loudspeaker, a file or a test.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from environments.sound import openal as al

RATE_HZ = 48_000
BLOCK = 480
"""Samples of one block: 10 ms."""

MOST_SOURCES = 64
Samples = NDArray[np.float32]
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ears:
    """Where the head is and how it is turned: metres, +x right, +y up, +z behind; yaw right +, pitch up +."""

    place_m: Vector = (0.0, 0.0, 0.0)
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0

    def orientation(self) -> tuple[float, ...]:
        """Forward and up as OpenAL wants them."""
        yaw, pitch, roll = np.radians([self.yaw_deg, self.pitch_deg, self.roll_deg])
        forward = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)])
        right = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
        up = np.cross(right, forward)
        up = up * np.cos(roll) + right * np.sin(roll)
        return tuple(float(one) for one in (*forward, *up))


@dataclass(frozen=True, slots=True)
class Setting:
    """How one source sounds: up to `near_m` it is heard at `gain`, beyond less; with 0 it is as loud everywhere."""

    gain: float
    place_m: Vector
    velocity_m_s: Vector = (0.0, 0.0, 0.0)
    pitch: float = 1.0
    near_m: float = 1.0
    width_m: float = 0.0


class Mixer:
    """One listener and up to 64 sources; every method is called from one thread."""

    def __init__(self, *, with_hrtf: bool = True) -> None:
        self._al = al.library()
        self._device = self._al.alcLoopbackOpenDeviceSOFT(None)
        if not self._device:
            raise al.SoundMissing("OpenAL Soft cannot render into memory here.")
        wishes = al.attributes(
            al.ALC_FORMAT_CHANNELS, al.ALC_STEREO, al.ALC_FORMAT_TYPE, al.ALC_FLOAT, al.ALC_FREQUENCY, RATE_HZ,
            al.ALC_HRTF, int(with_hrtf), al.ALC_OUTPUT_LIMITER, 0, al.ALC_MONO_SOURCES, MOST_SOURCES,
        )  # fmt: skip
        self._context = self._al.alcCreateContext(self._device, wishes)
        if not self._context:
            self._al.alcCloseDevice(self._device)
            raise al.SoundMissing("OpenAL Soft cannot render into memory here.")
        self.has_hrtf = al.integer_of(self._device, al.ALC_HRTF_STATUS) in al.HRTF_IN_USE
        self.hrtf_name = al.words_of(self._device, al.ALC_HRTF_SPECIFIER) if self.has_hrtf else ""
        self._buffers: dict[str, int] = {}
        self._lengths_s: dict[str, float] = {}
        self._sources: dict[int, Setting | None] = {}

    @contextmanager
    def changes(self) -> Iterator[None]:
        """Everything set inside is heard from the same moment on."""
        self._al.alcSetThreadContext(self._context)
        self._al.alDeferUpdatesSOFT()
        try:
            yield
        finally:
            self._al.alProcessUpdatesSOFT()

    def has(self, name: str) -> bool:
        """Whether a sound is loaded."""
        return name in self._buffers

    def load(self, name: str, samples: Samples) -> None:
        """Keep a mono sound (n,) of 48 kHz under a name."""
        self._al.alcSetThreadContext(self._context)
        data = np.ascontiguousarray(samples, np.float32)
        buffer = al.new_id("alGenBuffers")
        self._al.alBufferData(buffer, al.AL_FORMAT_MONO_FLOAT32, data.ctypes.data, data.nbytes, RATE_HZ)
        self._buffers[name], self._lengths_s[name] = buffer, len(data) / RATE_HZ

    def forget(self, name: str) -> None:
        """Give a sound's memory back; no source may play it."""
        self._al.alcSetThreadContext(self._context)
        al.delete("alDeleteBuffers", self._buffers.pop(name))

    def play(self, name: str, setting: Setting, *, loops: bool = False, from_s: float = 0.0) -> int | None:
        """Start a loaded sound; the source, or None when all sources are taken."""
        if len(self._sources) >= MOST_SOURCES:
            return None
        source = al.new_id("alGenSources")
        self._sources[source] = None
        self._al.alSourcei(source, al.AL_BUFFER, self._buffers[name])
        self._al.alSourcei(source, al.AL_LOOPING, int(loops))
        self._al.alSourcef(source, al.AL_SEC_OFFSET, from_s % self._lengths_s[name])
        self._al.alSourcef(source, al.AL_AIR_ABSORPTION, 1.0 if setting.near_m > 0.0 else 0.0)
        self.set(source, setting)
        self._al.alSourcePlay(source)
        return source

    def set(self, source: int, setting: Setting) -> None:
        """Set a source's level, place and pitch; what else it has stays as it began."""
        before, self._sources[source] = self._sources[source], setting
        self._al.alSourcef(source, al.AL_GAIN, setting.gain)
        if before is None or before.place_m != setting.place_m:
            self._al.alSource3f(source, al.AL_POSITION, *setting.place_m)
        if before is None or before.pitch != setting.pitch:
            self._al.alSourcef(source, al.AL_PITCH, setting.pitch)
        if before is None:
            self._al.alSource3f(source, al.AL_VELOCITY, *setting.velocity_m_s)
            self._al.alSourcef(source, al.AL_REFERENCE_DISTANCE, max(setting.near_m, 0.01))
            self._al.alSourcef(source, al.AL_ROLLOFF_FACTOR, 1.0 if setting.near_m > 0.0 else 0.0)
            self._al.alSourcef(source, al.AL_SOURCE_RADIUS, setting.width_m)

    def is_playing(self, source: int) -> bool:
        """Whether a source still sounds."""
        self._al.alcSetThreadContext(self._context)
        return al.source_integer(source, al.AL_SOURCE_STATE) == al.AL_PLAYING

    def stop(self, source: int) -> None:
        """End a source; it should be silent already, or it clicks."""
        self._al.alcSetThreadContext(self._context)
        self._al.alSourceStop(source)
        del self._sources[source]
        al.delete("alDeleteSources", source)

    def listen(self, ears: Ears) -> None:
        """Place the head."""
        self._al.alListener3f(al.AL_POSITION, *ears.place_m)
        self._al.alListenerfv(al.AL_ORIENTATION, (ctypes.c_float * 6)(*ears.orientation()))

    def render(self, count: int = BLOCK) -> Samples:
        """The next `count` samples as (count, 2)."""
        block = np.empty((count, 2), np.float32)
        self._al.alcRenderSamplesSOFT(self._device, block.ctypes.data, count)
        return block

    def close(self) -> None:
        """Give everything back."""
        for source in tuple(self._sources):
            self.stop(source)
        for name in tuple(self._buffers):
            self.forget(name)
        self._al.alcSetThreadContext(None)
        self._al.alcDestroyContext(self._context)
        self._al.alcCloseDevice(self._device)
