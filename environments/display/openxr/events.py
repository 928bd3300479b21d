"""What the runtime tells between frames, as plain values."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import byref
from dataclasses import dataclass
from typing import Any

import xr
from xr import raw_functions as raw

from environments.display.openxr.calls import checked


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The session is in another state."""

    state: xr.SessionState


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """The headset was put on or taken off."""

    is_worn: bool


@dataclass(frozen=True, slots=True)
class Recentred:
    """From a time on, a reference space lies elsewhere."""

    space: int
    change_time: int


@dataclass(frozen=True, slots=True)
class RateChanged:
    """Pictures are shown at another rate."""

    rate_hz: float


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Other controllers, or none, are in the patient's hands."""


@dataclass(frozen=True, slots=True)
class MaskChanged:
    """Another part of the pictures is hidden by the headset."""


@dataclass(frozen=True, slots=True)
class InstanceLost:
    """The runtime is going away."""


Event = StateChanged | PresenceChanged | Recentred | RateChanged | ProfileChanged | MaskChanged | InstanceLost


class Events:
    """Reads the queue of an instance; its buffer is made once."""

    def __init__(self, instance: xr.Instance) -> None:
        self._instance = instance
        self._buffer = xr.EventDataBuffer()
        self._kind = xr.StructureType.EVENT_DATA_BUFFER.value

    def take(self) -> Iterator[Event]:
        """Everything that has happened since the last call."""
        while True:
            self._buffer._type = self._kind  # noqa: SLF001  the plain number
            self._buffer._next = None  # noqa: SLF001
            result = checked(raw.xrPollEvent(self._instance, byref(self._buffer)))
            if result is xr.Result.EVENT_UNAVAILABLE:
                return
            told = _read(self._buffer)
            if told is not None:
                yield told


def _read(buffer: xr.EventDataBuffer) -> Event | None:
    kinds = xr.StructureType
    read = _READERS.get(buffer._type)  # noqa: SLF001  kinds that are not known here are no members
    if read is not None:
        structure, make = read
        return make(ctypes.cast(byref(buffer), ctypes.POINTER(structure)).contents)
    simple: dict[int, Event] = {
        kinds.EVENT_DATA_INTERACTION_PROFILE_CHANGED.value: ProfileChanged(),
        kinds.EVENT_DATA_VISIBILITY_MASK_CHANGED_KHR.value: MaskChanged(),
        kinds.EVENT_DATA_INSTANCE_LOSS_PENDING.value: InstanceLost(),
    }
    return simple.get(buffer._type)  # noqa: SLF001


_READERS: dict[int, tuple[Any, Callable[[Any], Event]]] = {
    xr.StructureType.EVENT_DATA_SESSION_STATE_CHANGED.value: (
        xr.EventDataSessionStateChanged,
        lambda data: StateChanged(xr.SessionState(data._state)),  # noqa: SLF001
    ),
    xr.StructureType.EVENT_DATA_USER_PRESENCE_CHANGED_EXT.value: (
        xr.EventDataUserPresenceChangedEXT,
        lambda data: PresenceChanged(bool(data.is_user_present)),
    ),
    xr.StructureType.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING.value: (
        xr.EventDataReferenceSpaceChangePending,
        lambda data: Recentred(int(data._reference_space_type), int(data.change_time)),  # noqa: SLF001
    ),
    xr.StructureType.EVENT_DATA_DISPLAY_REFRESH_RATE_CHANGED_FB.value: (
        xr.EventDataDisplayRefreshRateChangedFB,
        lambda data: RateChanged(float(data.to_display_refresh_rate)),
    ),
}
