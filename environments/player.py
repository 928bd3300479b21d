"""The player process: `python -m environments.player`.

Reads one line of JSON from standard input (token and settings), writes one line to standard
output (port and process id), and draws until it is told to end.  Exit codes: 0 ended as told,
1 failed, 2 the line cannot be used, 4 no display or no OpenGL.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

from pydantic import ValidationError

from environments.handshake import StartLine

EXIT_UNUSABLE_LINE = 2
EXIT_NO_DISPLAY = 4
_LONGEST_START_LINE = 1 << 16


class EndRequest:
    """Remembers that the system asked the process to end."""

    def __init__(self) -> None:
        self.is_made = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """A signal handler."""
        self.is_made = True


def main() -> int:
    """Run the player; the exit code."""
    # Ctrl-C reaches every process of a terminal; the session, or the lease, decides what it means here.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end = EndRequest()
    signal.signal(signal.SIGTERM, end)
    try:
        start = StartLine.model_validate_json(sys.stdin.buffer.readline(_LONGEST_START_LINE))
    except ValidationError as error:
        _tell(f"The player needs its settings as one line of JSON on standard input: {_first_problem(error)}.")
        return EXIT_UNUSABLE_LINE
    return _play(start, end)


def _play(start: StartLine, end: EndRequest) -> int:
    from environments.display.base import DisplayMissing
    from environments.display.opening import open_display

    try:
        display = open_display(start.settings)
    except DisplayMissing as missing:
        _tell(str(missing))
        return EXIT_NO_DISPLAY
    from environments.player_run import run_player

    return run_player(start, display, lambda: end.is_made)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}".strip()


def _tell(sentence: str) -> None:
    try:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
    except OSError:
        # Nobody is left to read it; the exit code still tells.
        return


if __name__ == "__main__":
    sys.exit(main())
