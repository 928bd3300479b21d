"""Sound on the session's side: what a therapist types, what the player is told, what the therapist hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from environments.contract import PrepareLines, SetSound, SoundState, VoiceMode
from protocols.loader import load_protocol
from therapy.cli.therapist_input import CommandUnclear, parse
from therapy.errors import UsageError
from therapy.hearing import sound_commands, subtitle_s
from therapy.preparation import SessionOptions, check_options
from therapy.reading_back import heard_of
from therapy.report.words import notice_in_words
from therapy.session.engine import step
from therapy.session.events import AdjustSound, NoticeCode, Noticed, Therapist, TherapistAction
from therapy.session.hearing import Hearing, adjusted
from therapy.session.state import SessionSetup, SessionState

PROTOCOL = load_protocol("heights-first")
STATE = SoundState("Headphones", True, True, 1.0, False, False, VoiceMode.ALL, -20.0, -38.0)


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("off", Hearing(is_muted=True)),
        ("volume 40", Hearing(volume_percent=40.0)),
        ("MONO", Hearing(is_mono=True)),
        ("voice lines", Hearing(voice="lines")),
        ("volume 400", None),
        ("louder", None),
        ("voice french", None),
        ("", None),
    ],
)
def test_a_therapists_words_change_one_thing_or_nothing(words: str, after: Hearing | None) -> None:
    assert adjusted(Hearing(), words) == after


def test_on_and_stereo_take_back_off_and_mono() -> None:
    changed = Hearing(volume_percent=30.0, is_muted=True, is_mono=True)
    assert adjusted(changed, "on") == replace(changed, is_muted=False)
    assert adjusted(changed, "stereo") == replace(changed, is_mono=False)


def test_the_terminal_takes_sound_commands_and_says_what_is_possible() -> None:
    assert parse("sound volume 60") == Therapist(TherapistAction.SOUND, text="volume 60")
    with pytest.raises(CommandUnclear, match="volume 0-100"):
        parse("sound loud")


def test_the_engine_passes_a_change_on_and_refuses_what_means_nothing() -> None:
    setup = SessionSetup(PROTOCOL.protocol, 40)
    heard, _ = step(setup, SessionState(), heard_of(STATE), 0.5)
    _, outputs = step(setup, heard, Therapist(TherapistAction.SOUND, text="mono"), 1.0)
    assert AdjustSound("mono") in outputs
    _, outputs = step(setup, heard, Therapist(TherapistAction.SOUND, text="loud"), 1.0)
    assert [one.code for one in outputs if isinstance(one, Noticed)] == [NoticeCode.COMMAND_REFUSED]


def test_a_session_without_sound_says_so_when_sound_is_asked_for() -> None:
    setup = SessionSetup(PROTOCOL.protocol, 40)
    _, outputs = step(setup, SessionState(), Therapist(TherapistAction.SOUND, text="mono"), 1.0)
    assert ["--sound on" in one.detail for one in outputs if isinstance(one, Noticed)] == [True]
    assert AdjustSound("mono") not in outputs


def test_the_device_its_loss_and_its_return_are_told_once() -> None:
    setup, state, told = SessionSetup(PROTOCOL.protocol, 40), SessionState(), []
    lost = replace(STATE, device="", problem="The sound device is gone: the session goes on in silence.")
    for at_s, said in enumerate((STATE, lost, lost, STATE, STATE)):
        state, outputs = step(setup, state, heard_of(said), float(at_s))
        told += [notice_in_words(one.code, one.detail) for one in outputs if isinstance(one, Noticed)]
    assert told == [
        "Sound: plays on Headphones",
        "Sound: The sound device is gone: the session goes on in silence.",
        "Sound: plays on Headphones",
    ]


def test_the_player_learns_levels_and_every_line_before_it_is_said() -> None:
    commands = sound_commands(PROTOCOL.protocol, Hearing(volume_percent=50.0, is_mono=True, voice="lines"))
    assert commands[0] == SetSound(0.5, is_muted=False, is_mono=True, voice=VoiceMode.LINES)
    assert isinstance(commands[1], PrepareLines)
    assert {PROTOCOL.protocol.lines.welcome, PROTOCOL.protocol.prompts.question} <= set(commands[1].lines)
    assert "" not in commands[1].lines


def test_a_long_line_can_be_read_as_long_as_it_is_spoken() -> None:
    assert subtitle_s("One step further.") == 7.0
    assert subtitle_s("x" * 240) > 20.0


@pytest.mark.parametrize(
    "wrong",
    [{"sound": "loud"}, {"hearing": Hearing(volume_percent=120.0)}, {"hearing": Hearing(voice="german")}],
)
def test_impossible_wishes_are_refused_before_anything_begins(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        check_options(replace(SessionOptions(PROTOCOL, "HX-1", speed=1.0), **wrong))  # type: ignore[arg-type]
