"""The guiding voice: real speech made on this machine, in time, at its loudness, and gone without a click."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from environments.sound.loudness import loudness_lufs
from environments.sound.mixer import BLOCK, RATE_HZ, Samples
from environments.sound.speech import VOICE_LUFS, Line, Sentences, Voice, doubled, open_voice
from protocols.loader import library_names, load_protocol
from tests.sound.measures import band_db, envelope_db
from therapy.hearing import subtitle_s

LINE = "You are back by the sea. Let your breath find its own pace."


@pytest.fixture(scope="module")
def synthesise() -> Sentences:
    return open_voice()


@pytest.fixture
def voice(synthesise: Sentences) -> Iterator[Voice]:
    made = Voice(lambda: synthesise)
    made.start()
    yield made
    made.close()


def _wait_until_made(voice: Voice, text: str) -> Line:
    until_s = time.monotonic() + 60.0
    while time.monotonic() < until_s:
        line = voice._lines.get(text)
        if line is not None and line.is_made:
            return line
        voice._thread.join(0.02)
    raise AssertionError("the voice made nothing")


def _heard(voice: Voice, seconds: float) -> Samples:
    return np.concatenate([voice.block(BLOCK)[0] for _ in range(round(seconds * RATE_HZ / BLOCK))])


def test_a_line_made_before_begins_in_the_very_next_block(voice: Voice) -> None:
    voice.prepare(LINE)
    _wait_until_made(voice, LINE)
    voice.say(LINE)
    first, begins = voice.block(BLOCK)
    assert begins
    heard = np.concatenate([first, _heard(voice, 0.29)])
    assert envelope_db(heard, 0.01).max() > -45.0
    assert not voice.block(BLOCK)[1]


def test_a_sentence_is_made_in_less_than_a_quarter_of_a_second(synthesise: Sentences) -> None:
    spent = []
    for number in range(3):
        began = time.thread_time()
        next(synthesise(f"We stay on storey {number} for a while. Look around."))
        spent.append(time.thread_time() - began)
    assert min(spent) <= 0.24


def test_speech_has_the_loudness_and_the_band_of_speech_and_ends(voice: Voice) -> None:
    line = _said(voice, LINE)
    assert len(line.sentences) == 2
    heard = _heard(voice, 0.5 + sum(map(len, line.sentences)) / RATE_HZ)
    assert loudness_lufs(heard) == pytest.approx(VOICE_LUFS, abs=1.5)
    assert band_db(heard, 150.0, 4000.0) - band_db(heard, 4000.0, 24_000.0) > 6.0
    assert not voice.is_speaking
    assert not heard[-4_800:].any()


def test_a_voice_that_is_cut_short_fades_within_a_tenth_of_a_second(voice: Voice) -> None:
    _said(voice, LINE)
    _heard(voice, 0.6)
    voice.hush()
    rest = _heard(voice, 0.2)
    assert not rest[round(0.1 * RATE_HZ) :].any()
    assert np.abs(np.diff(rest)).max() < 0.1


def test_another_line_takes_the_place_of_the_one_before(voice: Voice) -> None:
    _said(voice, LINE)
    _heard(voice, 0.5)
    other = _said(voice, "One step further.")
    length_s = sum(map(len, other.sentences)) / RATE_HZ
    _heard(voice, length_s + 0.1)
    assert not voice.is_speaking


def test_the_same_line_sounds_the_same_and_is_spoken_within_its_subtitle(synthesise: Sentences) -> None:
    first, second = (np.concatenate(list(synthesise(LINE))) for _ in range(2))
    assert np.array_equal(first, second)
    spoken = {line for name in library_names() for line in load_protocol(name).protocol.lines.model_dump().values()}
    longest = max(spoken, key=len)
    seconds = sum(len(one) / RATE_HZ + 0.35 for one in synthesise(longest))
    assert seconds <= subtitle_s(longest) + 0.5


def test_without_a_voice_lines_are_only_shown_and_it_is_said_why() -> None:
    def missing() -> Sentences:
        raise ImportError("No module named 'hibari'")

    voice = Voice(missing)
    voice.start()
    voice._thread.join(10.0)
    voice.say(LINE)
    assert not voice.is_speaking
    assert "only shown" in voice.problem
    assert not voice.block(BLOCK)[0].any()


def test_doubling_the_rate_keeps_the_sound() -> None:
    at = np.arange(12_000) / 24_000.0
    samples = doubled((0.5 * np.sin(2.0 * np.pi * 440.0 * at)).astype(np.float32))
    expected = 0.5 * np.sin(2.0 * np.pi * 440.0 * np.arange(24_000) / 48_000.0)
    assert len(samples) == 24_000
    assert np.abs(samples[2_000:-2_000] - expected[2_000:-2_000]).max() < 0.01


def _said(voice: Voice, text: str) -> Line:
    voice.prepare(text)
    line = _wait_until_made(voice, text)
    voice.say(text)
    return line
