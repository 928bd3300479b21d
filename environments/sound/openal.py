"""OpenAL Soft through ctypes: the functions that the mixer and the loudspeaker need, typed.

The library is the one that the package `cyal` ships, else the system's.  The bindings of `cyal` itself offer no
loopback rendering, which everything here rests on.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
from ctypes import POINTER, c_char_p, c_float, c_int, c_uint, c_void_p
from functools import cache
from pathlib import Path

SHIPPED = ("libopenal.so.1", "libopenal.1.dylib", "OpenAL32.dll", "soft_oal.dll", "libopenal.dylib")
INSTALLED = ("openal", "OpenAL32", "soft_oal")
CURE = "Install the program again, or OpenAL Soft on the system (Debian and Ubuntu: sudo apt-get install libopenal1)."

ALC_FREQUENCY, ALC_MONO_SOURCES = 0x1007, 0x1010
ALC_DEFAULT_ALL_DEVICES, ALC_ALL_DEVICES, ALC_EXTENSIONS = 0x1012, 0x1013, 0x1006
ALC_CONNECTED = 0x313
ALC_FORMAT_CHANNELS, ALC_FORMAT_TYPE, ALC_STEREO, ALC_FLOAT = 0x1990, 0x1991, 0x1501, 0x1406
ALC_HRTF, ALC_HRTF_STATUS, ALC_HRTF_SPECIFIER, ALC_OUTPUT_LIMITER = 0x1992, 0x1993, 0x1995, 0x199A
HRTF_IN_USE = (1, 3, 4)
"""Enabled, required, and enabled because headphones were found (ALC_SOFT_HRTF)."""

AL_PITCH, AL_POSITION, AL_VELOCITY, AL_LOOPING, AL_BUFFER, AL_GAIN = 0x1003, 0x1004, 0x1006, 0x1007, 0x1009, 0x100A
AL_SOURCE_RELATIVE, AL_ORIENTATION, AL_MAX_GAIN = 0x202, 0x100F, 0x100E
AL_SOURCE_STATE, AL_PLAYING, AL_BUFFERS_QUEUED, AL_BUFFERS_PROCESSED = 0x1010, 0x1012, 0x1015, 0x1016
AL_REFERENCE_DISTANCE, AL_ROLLOFF_FACTOR, AL_SEC_OFFSET = 0x1020, 0x1021, 0x1024
AL_SOURCE_RADIUS, AL_DIRECT_CHANNELS, AL_AIR_ABSORPTION = 0x1031, 0x1033, 0x20007
AL_FORMAT_MONO_FLOAT32, AL_FORMAT_STEREO_FLOAT32 = 0x10010, 0x10011

_HANDLE = c_void_p
_IDS = POINTER(c_uint)
_INTS = POINTER(c_int)
_PROTOTYPES: dict[str, tuple[object, tuple[object, ...]]] = {
    "alcOpenDevice": (_HANDLE, (c_char_p,)),
    "alcCloseDevice": (ctypes.c_bool, (_HANDLE,)),
    "alcCreateContext": (_HANDLE, (_HANDLE, _INTS)),
    "alcDestroyContext": (None, (_HANDLE,)),
    "alcSetThreadContext": (ctypes.c_bool, (_HANDLE,)),
    "alcGetString": (c_char_p, (_HANDLE, c_int)),
    "alcGetIntegerv": (None, (_HANDLE, c_int, c_int, _INTS)),
    "alcIsExtensionPresent": (ctypes.c_bool, (_HANDLE, c_char_p)),
    "alcLoopbackOpenDeviceSOFT": (_HANDLE, (c_char_p,)),
    "alcRenderSamplesSOFT": (None, (_HANDLE, c_void_p, c_int)),
    "alGenSources": (None, (c_int, _IDS)),
    "alDeleteSources": (None, (c_int, _IDS)),
    "alGenBuffers": (None, (c_int, _IDS)),
    "alDeleteBuffers": (None, (c_int, _IDS)),
    "alBufferData": (None, (c_uint, c_int, c_void_p, c_int, c_int)),
    "alSourcePlay": (None, (c_uint,)),
    "alSourceStop": (None, (c_uint,)),
    "alSourcei": (None, (c_uint, c_int, c_int)),
    "alSourcef": (None, (c_uint, c_int, c_float)),
    "alSource3f": (None, (c_uint, c_int, c_float, c_float, c_float)),
    "alGetSourcei": (None, (c_uint, c_int, _INTS)),
    "alSourceQueueBuffers": (None, (c_uint, c_int, _IDS)),
    "alSourceUnqueueBuffers": (None, (c_uint, c_int, _IDS)),
    "alListener3f": (None, (c_int, c_float, c_float, c_float)),
    "alListenerfv": (None, (c_int, POINTER(c_float))),
    "alDeferUpdatesSOFT": (None, ()),
    "alProcessUpdatesSOFT": (None, ()),
    "alGetError": (c_int, ()),
}


class SoundMissing(Exception):
    """Sound cannot be made or played here; the text is one sentence, with the cure where there is one."""


def find_library() -> str | None:
    """The path or name of OpenAL Soft on this machine; None where there is none."""
    shipped = importlib.util.find_spec("cyal")
    for folder in () if shipped is None else shipped.submodule_search_locations or ():
        for name in SHIPPED:
            if (Path(folder) / name).is_file():
                return str(Path(folder) / name)
    return next((found for name in INSTALLED if (found := ctypes.util.find_library(name))), None)


@cache
def library() -> ctypes.CDLL:
    """The loaded library with every prototype set; `SoundMissing` where there is none or it is too old."""
    path = find_library()
    if path is None:
        raise SoundMissing(f"OpenAL Soft is not here. {CURE}")
    try:
        found = ctypes.CDLL(path)
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise SoundMissing(f"OpenAL Soft cannot be used ({error}). {CURE}") from error
    return found


def attributes(*pairs: int) -> ctypes.Array[c_int]:
    """A list of attributes for a context, ended by 0."""
    return (c_int * (len(pairs) + 1))(*pairs, 0)


def integer_of(device: int, what: int) -> int:
    """One integer of a device."""
    value = c_int(0)
    library().alcGetIntegerv(device, what, 1, ctypes.byref(value))
    return value.value


def words_of(device: int | None, what: int) -> str:
    """One string of a device, or of the library."""
    found: bytes | None = library().alcGetString(device, what)
    return (found or b"").decode("utf-8", errors="replace")


def new_id(make: str) -> int:
    """A new source (`alGenSources`) or buffer (`alGenBuffers`) of the current context."""
    name = one(0)
    getattr(library(), make)(1, name)
    if library().alGetError():
        raise SoundMissing("OpenAL Soft has no more sources or memory.")
    return name[0]


def one(name: int) -> ctypes.Array[c_uint]:
    """A list of one source or buffer."""
    return (c_uint * 1)(name)


def delete(how: str, name: int) -> None:
    """Give a source (`alDeleteSources`) or a buffer (`alDeleteBuffers`) back."""
    getattr(library(), how)(1, one(name))


def source_integer(source: int, what: int) -> int:
    """One integer of a source."""
    value = c_int(0)
    library().alGetSourcei(source, what, ctypes.byref(value))
    return value.value
