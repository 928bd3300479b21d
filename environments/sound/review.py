"""A scene's sound without a sound card, as samples or as a WAV file: what tests measure and people listen to."""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from environments.contract import VoiceMode
from environments.scenes.manifest import load_manifest
from environments.sound.engine import BLOCK_S, Engine
from environments.sound.messages import Make, Moment, Set
from environments.sound.mixer import RATE_HZ, Mixer, Samples
from environments.sound.output import Outlets
from environments.sound.speech import Voice

EYES_M = 1.2
MOMENT_EVERY = 3
"""Blocks between two moments: about 33 frames a second."""

Script = Callable[[float, Moment], Moment]


@dataclass(slots=True)
class Review:
    """An engine that runs on the time it is given, faster than life."""

    engine: Engine
    moment: Moment
    passed_s: float = 0.0

    def hear(self, seconds: float, script: Script | None = None) -> Samples:
        """The next seconds (n, 2); `script` changes the moment at a time since the start."""
        blocks = []
        for number in range(round(seconds / BLOCK_S)):
            if number % MOMENT_EVERY == 0:
                now = replace(self.moment, time_s=self.passed_s, sent_s=self.passed_s)
                self.engine.hear(now if script is None else script(self.passed_s, now))
            blocks.append(self.engine.step(self.passed_s))
            self.passed_s += BLOCK_S
        return np.concatenate(blocks)

    def close(self) -> None:
        """Give everything back."""
        self.engine.close()


def open_review(
    scene: str,
    intensity_0to1: float = 0.0,
    overrides: dict[str, float | str] | None = None,
    *,
    sound: Set | None = None,
    seed: int = 0,
) -> Review:
    """A scene at a level, all its sounds made."""
    values = load_manifest(scene).values_at(intensity_0to1, overrides)
    engine = Engine(Mixer(), Voice(), Outlets(), lambda _: None)
    engine.hear(sound or Set(1.0, False, False, VoiceMode.OFF))
    engine.hear(Make((scene,)))
    engine.workshop.work_off()
    moment = Moment(scene, values, seed, 0.0, 1.0, {}, 0.0, 0.0, 0.0, 0.0, (0.0, EYES_M, 0.0), 0.0)
    return Review(engine, moment)


def save_wav(path: Path, samples: Samples) -> None:
    """Write (n, 2) as a WAV file of 16 bits at 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
