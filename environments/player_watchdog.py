"""Ends a player whose frames have stopped: a hung driver must not hold the patient, a port and a processor."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

HUNG_AFTER_S = 60.0
"""Wall seconds without a frame; loading a scene on a slow machine takes less."""

EXIT_HUNG = 1


class Watchdog:
    """Looks from a thread of its own whether frames still come; `give_up` must not return to the hung frame."""

    def __init__(self, hung_after_s: float = HUNG_AFTER_S, give_up: Callable[[], None] | None = None) -> None:
        self._hung_after_s = hung_after_s
        self._give_up = give_up or _exit_now
        self._seen_s = time.monotonic()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="frame-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._seen_s = time.monotonic()
        self._thread.start()

    def frame(self) -> None:
        """A frame was finished."""
        self._seen_s = time.monotonic()

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()

    def _watch(self) -> None:
        while not self._is_over.wait(self._hung_after_s / 4.0):
            if time.monotonic() - self._seen_s > self._hung_after_s:
                self._give_up()
                return


def _exit_now() -> None:
    # The frame's thread is stuck in the driver: nothing short of this ends the process.
    os._exit(EXIT_HUNG)
