"""Finding a doubled subscription without losing packets that are honestly equal, pure."""

from __future__ import annotations

TWIN_WINDOW_S = 0.005


class TwinFilter:
    """Counts twins once: exactly two identical notifications within a few milliseconds.

    A strap may well send equal packets one after the other, and a stalled link delivers many at once.
    So a second equal packet is held back; a third within the window shows a burst, and both come out.
    `doubled` tells that a twin was ever held back.
    """

    def __init__(self) -> None:
        self._last: bytes | None = None
        self._last_s = 0.0
        self._run_length = 0
        self.doubled = False

    def offer(self, t_s: float, packet: bytes, window_s: float = TWIN_WINDOW_S) -> int:
        """How many times to count `packet`, which arrived at `t_s`: 0 held back, 1, or 2 with the one held before.

        `window_s` is how far apart twins may be: milliseconds of wall time, in the unit of `t_s`.
        """
        same = packet == self._last and t_s - self._last_s <= window_s
        self._run_length = self._run_length + 1 if same else 1
        self._last, self._last_s = packet, t_s
        if self._run_length == 2:
            self.doubled = True
            return 0
        return 2 if self._run_length == 3 else 1
