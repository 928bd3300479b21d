"""Makes the sounds of scenes in a thread, in the order in which they are wanted."""

from __future__ import annotations

import queue
import threading

from environments.sound.mixer import Samples
from environments.sound.synth.catalogue import make


class Workshop:
    """`want` names sounds; `finished` gives what has been made since it was asked."""

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[tuple[str, Samples]] = queue.SimpleQueue()
        self._named: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="sounds", daemon=True)

    def start(self) -> None:
        """Begin to make what is wanted."""
        self._thread.start()

    def want(self, names: tuple[str, ...]) -> None:
        """Make these sounds unless they were wanted before."""
        for name in names:
            if name not in self._named:
                self._named.add(name)
                self._wanted.put(name)

    def finished(self) -> list[tuple[str, Samples]]:
        """What is ready now."""
        found = []
        while not self._made.empty():
            found.append(self._made.get())
        return found

    def work_off(self) -> None:
        """Make all that is wanted here and now, where no thread was started."""
        while not self._wanted.empty():
            name = self._wanted.get()
            if name is not None:
                self._made.put((name, make(name)))

    def close(self) -> None:
        """Make no more."""
        self._wanted.put(None)

    def _work(self) -> None:
        while (name := self._wanted.get()) is not None:
            self._made.put((name, make(name)))
