"""Records ticks without end and says each one it appended: a process for tests to kill.

Its argument is the database.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from tests.store.examples import session_info
from therapy.session.events import Tick
from therapy.store.recorder import Recorder


def main() -> None:
    recorder = Recorder(Path(sys.argv[1]))
    say(recorder.begin(session_info()))
    pace, start_s = threading.Event(), time.monotonic()
    seq = 0
    while True:
        t_s = time.monotonic() - start_s
        recorder.append_event(seq, t_s, Tick())
        say(repr(t_s))
        seq += 1
        pace.wait(0.004)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
