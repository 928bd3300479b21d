"""From what the patient should hear and read to the player's messages, and how long a line stays to be read."""

from __future__ import annotations

from environments.contract import Command, PrepareLines, SetNotes, SetSound, VoiceMode
from protocols.schema import Protocol
from therapy.session.hearing import Hearing
from therapy.session.ratings import SICKNESS_QUESTION

SHORTEST_SUBTITLE_S = 7.0
SPOKEN_PER_S = 11.0
"""Letters a second of the guiding voice, pauses included: a subtitle stays as long as it is spoken."""


def sound_commands(protocol: Protocol, hearing: Hearing) -> tuple[Command, ...]:
    """What a player has to know before the patient hears or reads anything: levels, words to be said, notes."""
    expected = protocol.expectation
    questions = (protocol.prompts.question, expected.question, expected.question_after, SICKNESS_QUESTION)
    lines = dict.fromkeys((*protocol.lines.model_dump().values(), *questions))
    return (
        SetSound(hearing.volume_percent / 100.0, hearing.is_muted, hearing.is_mono, VoiceMode(hearing.voice)),
        PrepareLines(tuple(line for line in lines if line)),
        *([SetNotes(protocol.notes)] if protocol.notes else []),
    )


def subtitle_s(line: str) -> float:
    """How long a line is shown, in seconds."""
    return max(SHORTEST_SUBTITLE_S, 2.0 + len(line) / SPOKEN_PER_S)
