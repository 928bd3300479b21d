"""The engine on its own time: cues, questions, ducking, lines that come too late, what it tells."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from environments.contract import SoundState, VoiceMode
from environments.sound.engine import Engine
from environments.sound.messages import Make, Moment, Set, Speak
from environments.sound.mixer import Mixer, Samples
from environments.sound.output import Outlets
from environments.sound.speech import Line, Voice
from tests.sound.measures import level_db

TONE = (0.1 * np.sin(2.0 * np.pi * 800.0 * np.arange(24_000) / 48_000.0)).astype(np.float32)
EVERYTHING = Set(1.0, is_muted=False, is_mono=False, voice=VoiceMode.ALL)


class Playing:
    """An engine whose lines are tones of half a second that are there at once, on a clock of its own."""

    def __init__(self) -> None:
        self.voice = Voice()
        self.told: list[SoundState] = []
        self.engine = Engine(Mixer(), self.voice, Outlets(), self.told.append)
        self.engine.hear(EVERYTHING)
        self.now_s = 100.0

    def know(self, *texts: str) -> None:
        for text in texts:
            line = self.voice._lines[text] = Line(text)
            line.sentences, line.is_made = [TONE], True

    def run(self, seconds: float) -> Samples:
        blocks = []
        for _ in range(round(seconds * 100.0)):
            blocks.append(self.engine.step(self.now_s))
            self.now_s += 0.01
        return np.concatenate(blocks)

    def says(self, text: str, *, is_question: bool = False) -> None:
        self.engine.hear(Speak(text, self.now_s, is_question=is_question))

    def is_saying(self) -> str | None:
        line = self.voice._speaking
        return None if line is None else line.text


@pytest.fixture
def playing() -> Iterator[Playing]:
    made = Playing()
    yield made
    made.engine.close()


def test_a_known_line_is_heard_at_once_and_its_delay_is_known(playing: Playing) -> None:
    playing.know("Hello.")
    playing.says("Hello.")
    assert level_db(playing.run(0.3)) > -40.0
    assert playing.engine._voice_delay_s is not None
    assert playing.engine._voice_delay_s <= 0.3


def test_a_question_waits_for_the_line_and_is_taken_back_with_its_panel(playing: Playing) -> None:
    playing.know("Hello.", "How tense are you now?")
    playing.says("Hello.")
    playing.says("How tense are you now?", is_question=True)
    playing.run(0.3)
    assert playing.is_saying() == "Hello."
    playing.run(0.4)
    assert playing.is_saying() == "How tense are you now?"
    playing.says("", is_question=True)
    playing.run(0.02)
    assert playing.is_saying() is None


def test_taking_a_question_back_leaves_a_line_alone(playing: Playing) -> None:
    playing.know("Hello.", "How tense are you now?")
    playing.says("How tense are you now?", is_question=True)
    playing.says("Hello.")
    playing.says("", is_question=True)
    playing.run(0.1)
    assert playing.is_saying() == "Hello."
    playing.run(1.0)
    assert playing.is_saying() is None


@pytest.mark.parametrize(
    ("mode", "line", "question"), [("all", True, True), ("lines", True, False), ("off", False, False)]
)
def test_the_voice_says_what_it_is_allowed_to(playing: Playing, mode: str, line: bool, question: bool) -> None:
    playing.know("Hello.", "How tense are you now?")
    playing.engine.hear(Set(1.0, is_muted=False, is_mono=False, voice=VoiceMode(mode)))
    playing.says("Hello.")
    assert bool(playing.run(0.3).any()) is line
    playing.run(0.6)
    playing.says("How tense are you now?", is_question=True)
    assert bool(playing.run(0.3).any()) is question


def test_turning_the_voice_off_ends_what_is_being_said(playing: Playing) -> None:
    playing.know("Hello.")
    playing.says("Hello.")
    playing.run(0.2)
    playing.engine.hear(Set(1.0, is_muted=False, is_mono=False, voice=VoiceMode.OFF))
    assert not playing.run(0.3)[9_600:].any()


def test_a_line_that_could_not_begin_within_three_seconds_is_not_said_any_more(playing: Playing) -> None:
    playing.says("Nobody has made this one.")
    playing.run(2.9)
    assert playing.voice.is_speaking
    playing.run(0.3)
    assert not playing.voice.is_speaking


def test_the_place_steps_back_under_a_line_and_comes_up_again(playing: Playing) -> None:
    playing.know("Hello.")
    moment = Moment("shore", dict(_shore()), 0, 0.0, 1.0, {}, 0.0, 0.0, 0.0, 0.0, (0.0, 1.2, 0.0), playing.now_s)
    playing.engine.hear(Make(("shore",)))
    playing.engine.workshop.work_off()
    playing.engine.hear(moment)
    playing.run(1.0)
    assert playing.engine._master._duck.value == 1.0
    playing.says("Hello.")
    playing.run(0.4)
    assert playing.engine._master._duck.value == pytest.approx(10.0 ** (-9.0 / 20.0))
    playing.run(1.2)
    assert playing.engine._master._duck.value == 1.0


def test_a_broken_description_is_told_and_the_rest_goes_on(playing: Playing, monkeypatch: pytest.MonkeyPatch) -> None:
    from environments.sound import engine
    from environments.sound.description import SoundFileError

    def broken(_: object) -> None:
        raise SoundFileError("The sounds of shore cannot be used: there is no sound 'sea'.")

    monkeypatch.setattr(engine, "load_description", broken)
    playing.engine.hear(
        Moment("shore", dict(_shore()), 0, 0.0, 1.0, {}, 0.0, 0.0, 0.0, 0.0, (0.0, 1.2, 0.0), playing.now_s)
    )
    assert not playing.run(0.5).any()
    playing.engine._report(playing.now_s)
    assert playing.told[-1].problem == "The sounds of shore cannot be used: there is no sound 'sea'."


def test_changes_are_told_at_once_and_the_rest_every_ten_seconds(playing: Playing) -> None:
    playing.engine._report(0.0)
    playing.engine._report(5.0)
    assert len(playing.told) == 1
    playing.engine._report(10.0)
    assert len(playing.told) == 2
    playing.engine.hear(Set(0.5, is_muted=True, is_mono=True, voice=VoiceMode.LINES))
    playing.engine._report(10.1)
    last = playing.told[-1]
    assert (last.volume_0to1, last.is_muted, last.is_mono, last.voice) == (0.5, True, True, VoiceMode.LINES)


def test_ten_milliseconds_of_sound_take_less_than_four(playing: Playing) -> None:
    playing.engine.hear(Make(("heights",)))
    playing.engine.workshop.work_off()
    from environments.scenes.manifest import load_manifest

    values = load_manifest("heights").values_at(0.5)
    playing.engine.hear(Moment("heights", values, 0, 0.0, 1.0, {}, 0.0, 0.0, 0.0, 0.0, (0.0, 1.2, 0.0), playing.now_s))
    playing.run(0.2)
    began_s = time.process_time()
    playing.run(1.0)
    assert (time.process_time() - began_s) / 100.0 <= 0.004


def _shore() -> dict[str, float | str]:
    from environments.scenes.manifest import load_manifest

    return load_manifest("shore").values_at(0.0)
