from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import pytest

from environments.contract import StopSource
from therapy.control.decision import Cause, Reason, Rule, Stage
from therapy.report import loop_words, words
from therapy.session.events import LinkState, NoticeCode, Outcome, Phase, TherapistAction

DICTIONARIES: list[tuple[Any, Any]] = [
    (Rule, loop_words.RULES),
    (Reason, loop_words.REASONS),
    (Cause, loop_words.CAUSES),
    (Stage, loop_words.STAGES),
    (Phase, words.PHASES),
    (Outcome, words.OUTCOMES),
    (NoticeCode, words.NOTICES),
    (TherapistAction, words.ACTIONS),
    (LinkState, words.LINKS),
]


@pytest.mark.parametrize(("codes", "dictionary"), DICTIONARIES, ids=lambda one: getattr(one, "__name__", ""))
def test_every_code_has_words_of_its_own(codes: type[Enum], dictionary: Mapping[Enum, str]) -> None:
    assert set(dictionary) == set(codes)
    assert len(set(dictionary.values())) == len(dictionary)
    assert all(text.strip() and not text.endswith(".") for text in dictionary.values())


@pytest.mark.parametrize(
    ("code", "detail", "sentence"),
    [
        (NoticeCode.LATCHED, "paused suds-extreme", "Calm scene, held for the therapist: paused; rated extreme"),
        (NoticeCode.BASELINE_SETTLED, "70 4", "Baseline settled: 70 ± 4 beats per minute"),
        (NoticeCode.STOP_REHEARSED, "calm-disc", "The patient tried the stop by looking at the calm disc"),
        (NoticeCode.STOP_REHEARSED, "key", "The patient tried the stop with a key"),
        (NoticeCode.PAUSED, "level held", "Level held"),
        (NoticeCode.PAUSED, "", "Paused"),
        (NoticeCode.RESUMED, "", "Resumed"),
        (NoticeCode.RESUMED, "3", "Resumed at level 3"),
        (NoticeCode.CEILING_CHANGED, "5 doing well", "Ceiling set to level 5: doing well"),
        (NoticeCode.NOTE, "two latched doors", "Note: two latched doors"),
        (NoticeCode.SUGGESTED, "up 3 suds-low", "Suggests level 3: rated below the level for a step up"),
        (NoticeCode.PROMPT_MISSED, "fms", "A question was not answered: rating of sickness"),
    ],
)  # fmt: skip
def test_details_that_are_codes_are_put_into_words(code: NoticeCode, detail: str, sentence: str) -> None:
    assert words.notice_in_words(code, detail) == sentence


def test_every_way_to_stop_has_words() -> None:
    assert all(words.detail_in_words(source.value) != source.value for source in StopSource)


@pytest.mark.parametrize(
    ("key", "setting", "said"),
    [
        ("tolerated_0to1", 0.4, "4"),
        ("tolerated_0to1", 0.0, "none above 0"),
        ("suds_only", False, "no"),
        ("size_px", [1280, 720], "1280 × 720"),
        ("event_names", ["gust", "passing_train"], "gust, passing train"),
        ("speed", 30.0, "30"),
        ("renderer", "llvmpipe", "llvmpipe"),
    ],
)
def test_what_was_set_up_is_written_for_people(key: str, setting: object, said: str) -> None:
    assert words.setting_in_words(key, setting) == said


def test_an_outcome_is_told_with_its_detail() -> None:
    assert words.outcome_in_words("safety-stop", "hr-near-maximum") == (
        "ended by a safety rule (heart rate near the maximum for this age)"
    )
    assert words.outcome_in_words(None, "") == "still being recorded"


def test_a_reason_of_the_guard_is_told_with_its_number() -> None:
    assert loop_words.numbered(Reason.CEILING) == "the therapist's ceiling (G1.12)"
    assert loop_words.numbered(Reason.SUDS_LOW) == "rated below the level for a step up"


def test_every_scale_that_a_session_can_record_has_words() -> None:
    assert {"suds", "nrs-before", "nrs-after", "fms", "expectancy-before", "expectancy-after"} <= set(words.SCALES)
