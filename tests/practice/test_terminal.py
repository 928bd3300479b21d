"""The therapist's place at the terminal: what is typed, and how a suggestion is shown."""

from __future__ import annotations

import io

import pytest

from protocols.loader import load_protocol
from therapy.cli.session_view import SessionView
from therapy.cli.therapist_input import CommandUnclear, _lines, parse
from therapy.session.events import NoticeCode, Noticed, Rated, Therapist, TherapistAction


def test_sickness_is_typed_as_a_number() -> None:
    assert parse("sickness 4\n") == Therapist(TherapistAction.SICKNESS, amount=4.0)


@pytest.mark.parametrize("line", ["sickness", "sickness -1", "sickness a little", "sickness 4.5"])
def test_sickness_without_a_whole_number_is_explained(line: str) -> None:
    with pytest.raises(CommandUnclear, match="0 \\(fine\\) to 20 \\(being sick\\)"):
        parse(line)


def test_lines_are_put_together_however_they_arrive() -> None:
    class Slow(io.RawIOBase):
        def __init__(self) -> None:
            self._parts = [b"up\nho", b"ld\n\n", b"stop"]

        def readinto(self, room: object) -> int:
            raise NotImplementedError

        def read(self, size: int = -1, /) -> bytes | None:
            return self._parts.pop(0) if self._parts else b""

    assert list(_lines(Slow())) == [b"up", b"hold", b"", b"stop"]


def test_a_suggestion_is_shown_with_the_word_that_follows_it(capsys: pytest.CaptureFixture[str]) -> None:
    view = SessionView(load_protocol("heights-first").protocol)
    view.hear(550.0, Noticed(NoticeCode.SUGGESTED, "up 3 suds-low"))
    view.hear(551.0, Noticed(NoticeCode.SUGGESTED, "down 2 suds-high"))
    view.hear(552.0, Rated("fms", 4, False, 0.3))
    assert capsys.readouterr().err.splitlines() == [
        "  9:10  Suggests level 3: rated below the level for a step up; type up to follow",
        "  9:11  Suggests level 2: rated high; type down to follow",
        "  9:12  sickness (FMS, 0–20): 4",
    ]
