"""What the patient hears, as the therapist sets it.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

VOICES = ("off", "lines", "all")
"""Nothing is spoken; lines are; lines and questions are."""

POSSIBLE = "sound takes: off, on, volume 0-100, mono, stereo, voice off, voice lines, voice all"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Volume of everything, off for all of it, one signal for both ears, and what is spoken."""

    volume_percent: float = 100.0
    is_muted: bool = False
    is_mono: bool = False
    voice: str = "all"


PLAIN = Hearing()


def adjusted(hearing: Hearing, words: str) -> Hearing | None:
    """The hearing after a therapist's words (`mono`, `volume 40`); None where they mean nothing."""
    match words.lower().split():
        case ["off"]:
            return replace(hearing, is_muted=True)
        case ["on"]:
            return replace(hearing, is_muted=False)
        case ["mono"]:
            return replace(hearing, is_mono=True)
        case ["stereo"]:
            return replace(hearing, is_mono=False)
        case ["voice", mode] if mode in VOICES:
            return replace(hearing, voice=mode)
        case ["volume", amount] if amount.isdecimal() and int(amount) <= 100:
            return replace(hearing, volume_percent=float(amount))
        case _:
            return None
