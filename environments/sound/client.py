"""The player's end of the sound process: hands over the moment of each frame, and never waits for anything."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections import deque

from pydantic import ValidationError

from environments.contract import SoundState, VoiceMode
from environments.sound.messages import Make, Message, Moment, Set, decode_state, encode

RESTARTS = 3
EXIT_NO_SOUND = 4
"""It has said why there can be no sound here: starting it again would not help."""

END_S = 2.0
MOMENT_EVERY_S = 0.02
"""How often a moment is handed on: waking the writer at every frame would cost the frame more than all else."""

ENDED = "The program for sound has ended: the session goes on in silence."
NOT_STARTED = "The program for sound could not be started ({}): the session goes on in silence."


class SoundClient:
    """Starts the sound process, again if it dies; `moment` and `send` cost microseconds, `reports` is what it told."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-P", "-m", "environments.sound")) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._moment: Moment | None = None
        self._kept: dict[object, Message] = {}
        self._waiting: deque[Message] = deque(maxlen=256)
        self._has_work = threading.Event()
        self._is_over = False
        self._told: queue.SimpleQueue[SoundState] = queue.SimpleQueue()
        self._listener: threading.Thread | None = None
        self._thread = threading.Thread(target=self._work, name="sound", daemon=True)

    def start(self) -> None:
        """Start the process and the thread that writes to it."""
        self._thread.start()

    def moment(self, moment: Moment) -> None:
        """What is seen now; an older moment that was not handed over yet is forgotten."""
        self._moment = moment

    def send(self, message: Message) -> None:
        """Hand a message over; settings, and what should be ready, are told again to a process that was restarted."""
        if isinstance(message, Set):
            self._kept[Set] = message
        elif isinstance(message, Make):
            self._kept[bool(message.lines)] = message
        self._waiting.append(message)
        self._has_work.set()

    def told(self, state: SoundState) -> None:
        """Give a state out once more with the next reports."""
        self._told.put(state)

    def reports(self) -> list[SoundState]:
        """What the process has told since the last call."""
        found = []
        while not self._told.empty():
            found.append(self._told.get())
        return found

    def close(self) -> None:
        """End the process: it fades out by itself when nothing comes any more."""
        self._is_over = True
        self._has_work.set()
        self._thread.join(2.0 * END_S)

    def _work(self) -> None:
        for _ in range(1 + RESTARTS):
            process = self._open()
            if process is None:
                return
            self._waiting.extendleft(self._kept.values())
            self._serve(process)
            self._end(process)
            if self._listener is not None:
                self._listener.join(END_S)  # what it said last comes before what is said of it
            if self._is_over or process.returncode == EXIT_NO_SOUND:
                return
            self._told.put(silence(ENDED))

    def _open(self) -> subprocess.Popen[bytes] | None:
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        except OSError as error:
            self._told.put(silence(NOT_STARTED.format(error)))
            return None
        self._listener = threading.Thread(target=self._listen, args=(process,), name="sound-state", daemon=True)
        self._listener.start()
        return process

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        """Write until it is over or the process is gone."""
        if process.stdin is None:
            return
        with contextlib.suppress(OSError):
            while not self._is_over and process.poll() is None:
                self._has_work.wait(MOMENT_EVERY_S)
                self._has_work.clear()
                while self._waiting:
                    process.stdin.write(encode(self._waiting.popleft()))
                moment, self._moment = self._moment, None
                if moment is not None:
                    process.stdin.write(encode(moment))
                process.stdin.flush()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is None:
            return
        with process.stdout as told:
            for line in told:
                with contextlib.suppress(ValidationError):
                    self._told.put(decode_state(line))

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def silence(problem: str) -> SoundState:
    """The state of a patient who hears nothing, and why."""
    return SoundState(
        device="",
        has_hrtf=False,
        is_voice_ready=False,
        volume_0to1=1.0,
        is_muted=False,
        is_mono=False,
        voice=VoiceMode.OFF,
        peak_db=-120.0,
        level_db=-120.0,
        problem=problem,
    )
