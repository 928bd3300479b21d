"""The guiding voice: lines become speech on this machine, without a network, ahead of time where they are known.

`hibari` (Apache-2.0, the voice comes in its package) ships no types; `_synthesiser` is the one place that knows it.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator

import numpy as np

from environments.sound.loudness import amplitude, loudness_lufs
from environments.sound.mixer import RATE_HZ, Samples

VOICE_LUFS = -25.0
"""Loudness of a spoken line; the limiter shaves its highest peaks."""

PACE = 0.88
"""A little slower than the voice speaks by itself: people who are tense take in less."""

PAUSE_S = 0.35
"""Between two sentences."""

FADE_S = 0.08
_SILENT_PART = 0.01
_EDGE_S = 0.03
MOST_LINES = 200
LONGEST_TEXT = 1000
_SEED = 1
_NOW, _LATER = 0, 1
Sentences = Callable[[str], Iterator[Samples]]


def open_voice() -> Sentences:
    """A function from a text to its sentences at 48 kHz; `ImportError` where the voice is not installed."""
    import onnxruntime
    from hibari import Hibari

    # Builds of onnxruntime for Windows can report to their maker; this one stays silent.
    onnxruntime.disable_telemetry_events()
    voice = Hibari()

    def sentences(text: str) -> Iterator[Samples]:
        for spoken in voice.stream(text, speed=PACE, seed=_SEED):
            yield doubled(np.asarray(spoken, np.float32))

    return sentences


def doubled(samples: Samples) -> Samples:
    """The same sound (n,) of 24 kHz at 48 kHz, by its spectrum."""
    quiet = np.zeros(len(samples) % 2 + 480, np.float32)
    line = np.concatenate([samples, quiet])
    return np.asarray(2.0 * np.fft.irfft(np.fft.rfft(line), 2 * len(line)), np.float32)[: 2 * len(samples)]


def trimmed(samples: Samples) -> Samples:
    """A sentence without the silence around it: the voice leaves a third of a second before its first word."""
    loud = np.flatnonzero(np.abs(samples) > _SILENT_PART * np.abs(samples).max(initial=0.0))
    if not len(loud):
        return samples
    edge = round(_EDGE_S * RATE_HZ)
    return samples[max(int(loud[0]) - edge, 0) : int(loud[-1]) + 2 * edge]


def levelled(samples: Samples) -> Samples:
    """A spoken sentence at the voice's loudness, beginning and ending in silence."""
    louder = amplitude(min(VOICE_LUFS - loudness_lufs(samples), 24.0))
    edge = np.minimum(np.arange(len(samples)) / (0.005 * RATE_HZ), 1.0).astype(np.float32)
    return np.asarray(samples * edge * edge[::-1] * np.float32(louder))


class Line:
    """One text on its way to speech: sentences arrive while the first is heard already."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences: list[Samples] = []
        self.is_made = False


class Voice:
    """Makes lines in a thread of its own, urgent ones first, and gives the block that is heard now.

    `problem` says why nothing can be spoken; the subtitles are shown all the same.
    """

    def __init__(self, open_synthesiser: Callable[[], Sentences] = open_voice) -> None:
        self._open = open_synthesiser
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._wanted: queue.PriorityQueue[tuple[int, int, str]] = queue.PriorityQueue()
        self._number = 0
        self._speaking: Line | None = None
        self._tail = np.zeros(0, np.float32)
        self._sentence, self._at = 0, 0
        self.is_ready = False
        self.is_dumb = False
        self.problem = ""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._make, name="voice", daemon=True)

    def start(self) -> None:
        """Load the voice and begin to make what is wanted."""
        self._thread.start()

    @property
    def is_speaking(self) -> bool:
        """Whether a line is being said, its pauses included."""
        return self._speaking is not None

    def prepare(self, text: str) -> None:
        """Make a line that will be said later."""
        self._want(text, _LATER)

    def say(self, text: str) -> None:
        """Say a line from the next block on, or as soon as its first sentence is made."""
        self.hush()
        if text.strip() and not self.is_dumb:
            self._speaking = self._want(text, _NOW)
            self._sentence, self._at = 0, 0

    def hush(self) -> None:
        """End what is being said, without a click."""
        if self._speaking is not None:
            rest = self._heard(round(FADE_S * RATE_HZ))
            self._tail = rest * np.linspace(1.0, 0.0, len(rest), dtype=np.float32)
        self._speaking = None

    def block(self, count: int) -> tuple[Samples, bool]:
        """The next samples (count,), and whether a line began in them."""
        begins = self._speaking is not None and self._sentence == 0 and self._at == 0
        heard = self._heard(count)
        begins = begins and (self._at > 0 or self._sentence > 0)
        part, self._tail = self._tail[:count], self._tail[count:]
        heard[: len(part)] += part
        return heard, begins

    def close(self) -> None:
        """Make no more."""
        self._is_over.set()
        self._wanted.put((_NOW, -1, ""))

    def _heard(self, count: int) -> Samples:
        """What is said in the next `count` samples; a sentence that is not made yet is silence."""
        out = np.zeros(count, np.float32)
        done = 0
        while self._speaking is not None and done < count:
            line, was_made = self._speaking, self._speaking.is_made
            if self._sentence >= len(line.sentences):
                if was_made and self._sentence >= len(line.sentences):
                    self._speaking = None
                break
            sentence = line.sentences[self._sentence]
            part = sentence[self._at : self._at + count - done]
            out[done : done + len(part)] = part
            done, self._at = done + len(part), self._at + len(part)
            if self._at >= len(sentence):
                self._sentence, self._at = self._sentence + 1, 0
        return out

    def _want(self, text: str, urgency: int) -> Line:
        text = text[:LONGEST_TEXT]
        line = self._lines.pop(text, None)
        if line is None:
            line = Line(text)
        if not line.is_made:
            self._number += 1
            self._wanted.put((urgency, self._number, text))
        self._lines[text] = line
        while len(self._lines) > MOST_LINES:
            self._lines.popitem(last=False)
        return line

    def _make(self) -> None:
        try:
            synthesise = self._open()
            # The first sentence costs more than all that follow.
            for _ in synthesise("Ready."):
                pass
        except Exception as error:  # noqa: BLE001 - whatever the voice's packages raise, subtitles remain
            self.problem = f"The voice cannot speak here ({type(error).__name__}: {error}): lines are only shown."
            self.is_dumb, self._speaking = True, None
            return
        self.is_ready = True
        while not self._is_over.is_set():
            urgency, number, text = self._wanted.get()
            line = self._lines.get(text)
            if line is None or line.is_made:
                continue
            if urgency == _NOW:
                self._fill(line, synthesise)
            elif not self._fill_unless_called(line, synthesise):
                self._wanted.put((urgency, number, text))

    def _fill(self, line: Line, synthesise: Sentences) -> None:
        """Hand over each sentence as it is made."""
        try:
            for spoken in synthesise(line.text):
                line.sentences.append(_with_pause(spoken))
        except Exception as error:  # noqa: BLE001 - one line that cannot be spoken is still read
            self.problem = f"A line could not be spoken ({type(error).__name__}: {error})."
        line.is_made = True

    def _fill_unless_called(self, line: Line, synthesise: Sentences) -> bool:
        """Make a line for later; False as soon as one is wanted now."""
        made: list[Samples] = []
        try:
            for spoken in synthesise(line.text):
                made.append(_with_pause(spoken))
                if self._is_called():
                    return False
        except Exception as error:  # noqa: BLE001 - one line that cannot be spoken is still read
            self.problem = f"A line could not be spoken ({type(error).__name__}: {error})."
        line.sentences, line.is_made = made, True
        return True

    def _is_called(self) -> bool:
        with self._wanted.mutex:
            return bool(self._wanted.queue) and self._wanted.queue[0][0] == _NOW


def _with_pause(spoken: Samples) -> Samples:
    return np.concatenate([levelled(trimmed(spoken)), np.zeros(round(PAUSE_S * RATE_HZ), np.float32)])
