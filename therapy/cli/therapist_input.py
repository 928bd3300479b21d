"""The therapist's place at the terminal: one line, one command."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from io import RawIOBase
from typing import TextIO

from therapy.session.events import Therapist, TherapistAction
from therapy.session.hearing import PLAIN, POSSIBLE, adjusted

HELP = (
    "up | down | hold | go-on | pause | safe | resume | stop | recover | ask | sickness 0-20 | "
    "ceiling LEVEL REASON | suds-only REASON | event NAME | guide 6 | guide off | recentre | "
    "sound off | sound volume 60 | sound mono | sound voice lines | "
    "say WORDS | note WORDS | expectation WORDS"
)
CHUNK_BYTES = 4096
_PLAIN = frozenset(
    {
        TherapistAction.UP,
        TherapistAction.DOWN,
        TherapistAction.HOLD,
        TherapistAction.GO_ON,
        TherapistAction.PAUSE,
        TherapistAction.SAFE,
        TherapistAction.RESUME,
        TherapistAction.RECOVER,
        TherapistAction.ASK,
        TherapistAction.RECENTRE,
    }
)


class CommandUnclear(ValueError):
    """A typed line that is no command; its text is the sentence for the therapist."""


def parse(line: str) -> Therapist | None:
    """The command in a line; None for an empty line; `CommandUnclear` with what is possible otherwise."""
    words = line.split(maxsplit=1)
    if not words:
        return None
    name, rest = words[0].lower(), words[1].strip() if len(words) > 1 else ""
    if name == "help":
        raise CommandUnclear(HELP)
    try:
        action = TherapistAction(name)
    except ValueError:
        raise CommandUnclear(f"There is no command {name!r}. Possible: {HELP}") from None
    if action in _PLAIN or action is TherapistAction.STOP:
        return Therapist(action, text=rest)
    if action is TherapistAction.CEILING:
        return _ceiling(rest)
    if action is TherapistAction.SICKNESS:
        return _sickness(rest)
    if action is TherapistAction.GUIDE:
        return _guide(rest)
    if action is TherapistAction.SOUND and adjusted(PLAIN, rest) is None:
        raise CommandUnclear(f"{POSSIBLE}, for example: sound volume 60")
    if not rest:
        raise CommandUnclear(f"{name} needs words behind it.")
    return Therapist(action, text=rest)


def _ceiling(rest: str) -> Therapist:
    level, _, reason = rest.partition(" ")
    if not level.isdecimal():
        raise CommandUnclear("ceiling needs a whole level and a reason, for example: ceiling 5 asked to go on")
    return Therapist(TherapistAction.CEILING, amount=float(level), text=reason.strip())


def _sickness(rest: str) -> Therapist:
    if not rest.isdecimal():
        raise CommandUnclear("sickness needs a whole number from 0 (fine) to 20 (being sick), for example: sickness 4")
    return Therapist(TherapistAction.SICKNESS, amount=float(rest))


def _guide(rest: str) -> Therapist:
    if rest.lower() == "off":
        return Therapist(TherapistAction.GUIDE)
    try:
        return Therapist(TherapistAction.GUIDE, amount=float(rest))
    except ValueError:
        raise CommandUnclear("guide needs breaths a minute, or off, for example: guide 6") from None


def _unbuffered(stdin: TextIO) -> RawIOBase:
    """Standard input below its buffer, whose lock a thread that waits for a line would hold when the program ends."""
    raw: RawIOBase = stdin.buffer.raw  # type: ignore[attr-defined]
    return raw


def _lines(raw: RawIOBase) -> Iterator[bytes]:
    """Whole lines as they are typed, and what is left at the end."""
    pending = b""
    while chunk := raw.read(CHUNK_BYTES):
        *whole, pending = (pending + chunk).split(b"\n")
        yield from whole
    if pending:
        yield pending


class TherapistInput:
    """Reads lines from standard input in a thread and hands commands to the session's loop.

    The thread is a daemon: a blocked read must not keep the program alive.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def start(self, feed: Callable[[Therapist], None]) -> None:
        """Begin to read; `feed` is called on the running loop."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop, feed), name="therapist-input", daemon=True).start()

    def _read(self, loop: asyncio.AbstractEventLoop, feed: Callable[[Therapist], None]) -> None:
        try:
            for line in _lines(_unbuffered(sys.stdin)):
                loop.call_soon_threadsafe(self._take, line.decode("utf-8", errors="replace"), feed)
            loop.call_soon_threadsafe(self._say, "The terminal's input has ended: no more commands can be typed.")
        except (OSError, ValueError, RuntimeError, AttributeError):
            return  # no input to read, or the session is over

    def _take(self, line: str, feed: Callable[[Therapist], None]) -> None:
        try:
            command = parse(line)
        except CommandUnclear as unclear:
            self._say(str(unclear))
            return
        if command is not None:
            feed(command)
