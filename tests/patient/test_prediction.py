"""`acclimate patients predict`: from the record to the words and the numbers a therapist reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from protocols.loader import load_protocol
from tests.patient.lives import Lived, live, record_lives, short_protocol
from therapy.cli import patients
from therapy.errors import UsageError
from therapy.patient.response import NotEnough
from therapy.patient.traits import Stratum
from therapy.predicting import history_of, past_session, plan_of, predict_for
from therapy.session.events import Rated, SampleTaken
from therapy.store.people import People

CODE = "HX-014"


@pytest.fixture(scope="module")
def lived() -> list[Lived]:
    return live(411, Stratum.LOW_THRESHOLD, 1, short_protocol(600.0))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, lived: list[Lived]) -> Path:
    path = tmp_path_factory.mktemp("record") / "acclimate.db"
    record_lives(path, CODE, lived)
    return path


def run(database: Path, *words: str) -> Result:
    return CliRunner().invoke(patients.app, ["predict", *words, "--data", str(database.parent)])


def told(database: Path, *words: str) -> dict[str, Any]:
    return dict(json.loads(run(database, *words, "--json").stdout))


@contextmanager
def limited(database: Path, level: int) -> Iterator[None]:
    """A limit of the patient's own, for a while."""
    with People(database) as people:
        people.record_limit(CODE, level, "T-1")
        try:
            yield
        finally:
            people.record_limit(CODE, None, "T-1")


def test_the_record_gives_back_the_session_that_was_lived(database: Path, lived: list[Lived]) -> None:
    assert history_of(database, CODE, "heights") == (lived[0].past,)


def test_another_scene_and_another_patient_have_no_history(database: Path) -> None:
    assert history_of(database, CODE, "caves") == ()
    assert history_of(database, "HX-099", "heights") == ()


def test_a_virtual_patients_session_says_nothing_about_a_person(tmp_path: Path, lived: list[Lived]) -> None:
    path = tmp_path / "acclimate.db"
    record_lives(path, CODE, lived, simulated=("heart-rate strap", "patient"))
    assert history_of(path, CODE, "heights") == ()
    assert predict_for(path, CODE, load_protocol("heights-first").protocol).model == NotEnough(0, 0, 0)


def test_a_session_is_read_into_its_course_ratings_and_heart_rate() -> None:
    sample = SampleTaken(72.0, 72.0, None, 1.0, 0.1, 0.0, 0.0, "shore", 0.0, None)
    scene = replace(sample, scene="heights", target_0to1=0.1, delta_bpm=4.0)
    samples = [(0.0, sample), (1.0, scene), (2.0, replace(scene, target_0to1=float("nan")))]
    samples += [(3.0 + second, scene) for second in range(40)]
    samples += [(50.0, replace(scene, quality_0to1=0.4)), (70.0, replace(scene, target_0to1=0.2))]
    ratings = [(5.0, Rated("suds", 30, True, 0.1)), (6.0, Rated("fms", 3, True, 0.1))]
    found = past_session(samples, ratings, "heights", completed=True)
    assert found.course == ((0.0, None), (1.0, 0.1), (70.0, 0.2))
    assert found.ratings == ((5.0, 30),)
    assert found.heart == ((1.0, 4.0), (31.0, 4.0), (70.0, 4.0))


def test_the_table_says_what_it_rests_on_and_that_it_only_advises(database: Path) -> None:
    shown = run(database, CODE, "heights-first").stdout
    assert "advises a therapist. It authorises nothing" in shown
    assert "rests on 1 session in heights" in shown
    assert "FIRST RATING THERE" in shown
    assert "MINUTE" in shown
    assert "Highest level" in shown


def test_levels_never_rated_are_named_as_a_guess(database: Path) -> None:
    highest = told(database, CODE, "heights-standard")["learnt"]["highest_rated_level"]
    assert f"Nothing above level {highest} has been rated yet" in run(database, CODE, "heights-standard").stdout
    with limited(database, highest):
        assert "Nothing above level" not in run(database, CODE, "heights-standard").stdout


def test_json_gives_every_number_with_its_interval(database: Path) -> None:
    found = told(database, CODE, "heights-first")
    assert (found["enough"], found["advises_only"], found["interval_percent"]) == (True, True, 80)
    assert found["learnt"]["sessions"] == 1
    assert found["learnt"]["returned_share_0to1"] is None
    for one in (found["learnt"]["half_life_min"], *(moment["suds"] for moment in found["forecast"]["moments"])):
        assert one["low"] <= one["middle"] <= one["high"]
    assert [one["level"] for one in found["forecast"]["levels"]][:2] == [0, 1]
    assert found["forecast"]["moments"][0]["t_s"] == 60.0


def test_the_same_record_gives_the_same_prediction(database: Path) -> None:
    assert told(database, CODE, "heights-first") == told(database, CODE, "heights-first")


def test_with_too_little_on_the_record_it_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "acclimate.db"
    with People(path) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
    shown = run(path, CODE, "heights-first")
    assert shown.exit_code == 0
    assert "too little on the record of heights" in shown.stdout
    assert "0 (6 needed)" in shown.stdout
    found = told(path, CODE, "heights-first")
    assert (found["enough"], found["found"]) == (False, {"sessions_completed": 0, "ratings": 0, "levels": 0})
    assert "forecast" not in found


def test_the_patients_own_limit_bounds_the_forecast(database: Path) -> None:
    with limited(database, 2):
        found = told(database, CODE, "heights-first")
    assert max(one["level"] for one in found["forecast"]["levels"]) == 2
    assert found["assumed"]["top_level"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("HX-099", "heights-first"), "HX-099"),
        ((CODE, "calm-breathing"), "does not change"),
        ((CODE, "heights-frist"), "heights-frist"),
    ],
)
def test_what_cannot_be_predicted_is_refused(database: Path, words: tuple[str, str], said: str) -> None:
    result = run(database, *words)
    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_a_policy_other_than_the_ladder_is_named(database: Path, tmp_path: Path) -> None:
    text = load_protocol("heights-first").text.replace("policy: ladder", "policy: manual")
    file = tmp_path / "heights-first.yaml"
    file.write_text(text, encoding="utf-8")
    assert "policy is manual, not the ladder" in run(database, CODE, str(file)).stdout
    assert told(database, CODE, str(file))["assumed"]["follows_ladder"] is False


def test_a_plan_has_the_protocols_numbers() -> None:
    protocol = load_protocol("heights-standard").protocol
    plan = plan_of(protocol, 7, 0.3, heart_brakes=False)
    assert (plan.start_level, plan.top_level, plan.duration_s) == (1, 7, protocol.exposure.duration_s)
    assert plan_of(protocol, 7, 0.0, heart_brakes=True).start_level == 0
    assert plan_of(protocol, 0, 0.3, heart_brakes=True).start_level == 0
    assert not plan.heart_brakes


def test_where_expectations_are_tested_a_level_ends_after_its_test() -> None:
    protocol = load_protocol("heights-standard").protocol
    assert protocol.expectation.at_each_level
    plan = plan_of(protocol, 7, 0.3, heart_brakes=True)
    assert plan.up_below_suds == protocol.steps.down_one_at
    assert plan.dwell_up_s > protocol.expectation.test_s
