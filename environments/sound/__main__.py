"""The sound process: `python -m environments.sound`, started and ended by the player.

Reads messages (`environments/sound/messages.py`) from standard input until that ends, and writes its state to
standard output.  A process of its own: no frame waits for it, and a sound driver that fails takes nothing with it.
With `--probe` it says in one line of JSON what can be heard here, and ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from pydantic import ValidationError

from environments.contract import SoundState
from environments.sound.client import EXIT_NO_SOUND, silence
from environments.sound.engine import Engine
from environments.sound.messages import decode, encode_state
from environments.sound.mixer import Mixer
from environments.sound.openal import SoundMissing
from environments.sound.output import Outlets, Speaker
from environments.sound.speech import Voice, open_voice


def main() -> int:
    """Run until standard input ends; the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence_drivers()
    if sys.argv[1:] == ["--probe"]:
        sys.stdout.write(json.dumps(_probe()) + "\n")
        return 0
    try:
        mixer = Mixer()
    except SoundMissing as missing:
        _tell(silence(str(missing)))
        return EXIT_NO_SOUND
    engine = Engine(mixer, Voice(), Outlets(), _tell)
    threading.Thread(target=_read, args=(engine,), name="messages", daemon=True).start()
    try:
        engine.run()
    except Exception as error:  # noqa: BLE001 - whatever failed, the therapist is told and the picture goes on
        _tell(silence(f"Sound has failed ({type(error).__name__}: {error}): the session goes on in silence."))
        return 1
    return 0


def _read(engine: Engine) -> None:
    for line in sys.stdin.buffer:
        try:
            engine.inbox.put(decode(line))
        except ValidationError:
            # A player of another version: what is not understood is not played.
            continue
    engine.inbox.put(None)


def _tell(state: SoundState) -> None:
    try:
        sys.stdout.buffer.write(encode_state(state))
        sys.stdout.buffer.flush()
    except OSError:
        # The player is gone; the end of standard input follows.
        return


def _silence_drivers() -> None:
    """Sound drivers write to standard error what says nothing to a therapist."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)


def _device() -> str:
    try:
        speaker = Speaker()
    except SoundMissing:
        return ""
    name = speaker.name
    speaker.close()
    return name


def _probe() -> dict[str, object]:
    """The device, whether sound is spatial, whether lines can be spoken, and what is wrong."""
    found: dict[str, object] = {"device": "", "hrtf": "", "voice": False, "problem": "", "voice_problem": ""}
    try:
        mixer = Mixer()
        found["hrtf"] = mixer.hrtf_name
        mixer.close()
        found["device"] = _device()
    except SoundMissing as missing:
        found["problem"] = str(missing)
    try:
        open_voice()
        found["voice"] = True
    except Exception as error:  # noqa: BLE001 - whatever the voice's packages raise is the answer
        found["voice_problem"] = f"{type(error).__name__}: {error}"
    return found


if __name__ == "__main__":
    sys.exit(main())
