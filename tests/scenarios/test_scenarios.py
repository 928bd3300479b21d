"""Every scenario file, played through the real engine; and what is wrong with a file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.problems import ProtocolFileError
from tests.scenarios.judging import complaints, happened
from tests.scenarios.playing import play
from tests.scenarios.reading import FOLDER, HAPPENINGS, OUTCOMES, Patient, read_scenario

FILES = sorted(FOLDER.glob("*.yaml"))
CHANGE = "level: 0 -> 1, rule: ladder-up, because: suds-low"
WHY = "why: A sentence for the clinician that says why this is as it is."
GOOD = f"""title: A patient who is at ease climbs
{WHY}
timeline:
  - {{at: 0:00, distress: 20}}
until: 1:00
expected:
  - {{at: 0:45, {CHANGE}}}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_loop_decides_as_the_scenario_says(path: Path) -> None:
    scenario = read_scenario(path)
    played = play(scenario)
    found = complaints(scenario, played)
    assert not found, "\n".join([scenario.title, *found, "What happened:", happened(played)])


def test_every_scenario_has_a_title_of_its_own() -> None:
    titles = [read_scenario(path).title for path in FILES]
    assert len(titles) >= 22
    assert len(set(titles)) == len(titles)


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def judged(folder: Path, text: str) -> str:
    scenario = read_scenario(written(folder, text))
    return "\n".join(complaints(scenario, play(scenario)))


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("0 -> 1", "0 -> 2", "expected level 0 -> 2 by ladder-up (suds-low), but 0:45: level 0 -> 1 by ladder-up"),
        ("at: 0:45", "at: 0:44", "0:44: expected level 0 -> 1"),
        ("ladder-up", "hr-brake", "by hr-brake (suds-low)"),
        ("because: suds-low", "because: ceiling", "by ladder-up (ceiling)"),
        ("suds-low}", "suds-low, calm: true}", "0:45: expected level 0 -> 1"),
        ("until: 1:00", "until: 2:00", "level 1 -> 2 by ladder-up (suds-low) is not in the list"),
        ("distress: 20", "distress: 50", "0:45: level 0 -> 1 did not happen"),
        (CHANGE, "stands: 3", "0:45: stands on {'1'}, not on 3"),
        (CHANGE, "suggests: 1", "0:45: level 1 was not suggested"),
        (CHANGE, "told: latched", "0:45: not told latched"),
        (f"at: 0:45, {CHANGE}", "within: 0:30 to 0:59, never: step up", "0:30 to 0:59: never a step up, but 0:45"),
        (
            f"at: 0:45, {CHANGE}",
            "within: 0:01 to 0:40, never: step up, because: ceiling",
            "0:01 to 0:40: ceiling never was the reason",
        ),
    ],
)
def test_a_scenario_that_is_not_so_fails(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    assert complaint in judged(tmp_path, GOOD.replace(right, wrong))


def test_a_scenario_that_is_so_passes(tmp_path: Path) -> None:
    assert judged(tmp_path, GOOD) == ""


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("distress: 20", "distres: 20", "scenario.yaml:4:16: there is no key 'distres' here"),
        ("at: 0:00", "at: noon", "scenario.yaml:4:10: 'noon' is no time; write minutes and seconds"),
        ("at: 0:00", "at: 5", "5 is no time"),
        ("distress: 20", "distress: 20, rating: 30", "one thing happens at a time"),
        ("distress: 20", "heart: fast", "'fast' is no heart; write for example: heart: 95 bpm"),
        ("distress: 20", "strap: eaten", "'lost', 'back'"),
        ("distress: 20", "therapist: dance", "There is no command 'dance'"),
        ("ladder-up", "ladder-upp", "there is no rule 'ladder-upp'; did you mean 'ladder-up'?"),
        ("suds-low", "suds-lo", "there is no reason 'suds-lo'; did you mean 'suds-low'?"),
        (", because: suds-low", "", "a change is: level: 1 -> 2, rule: …, because: …"),
        ("at: 0:45, level", "level", "say either when (at: 1:20) or within which span"),
        ("at: 0:45, level", "within: 0:50 to 0:40, level", "a span ends after it begins"),
        ("until: 1:00", "until: 0:30", "something stands after the scenario's end"),
        ("until: 1:00\n", "", "'until' is missing"),
        (WHY, "why: short", "at least 40 characters"),
        (WHY, f"{WHY}\nsteps: {{dwell_up: 60}}", "a protocol's steps have no 'dwell_up'; did you mean 'dwell_up_s'?"),
        ("title: A", "title: [A", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, problem: str
) -> None:
    with pytest.raises(ProtocolFileError) as refused:
        read_scenario(written(tmp_path, GOOD.replace(right, wrong)))
    assert problem in str(refused.value)
    assert str(refused.value).startswith("scenario.yaml:")


def test_a_timeline_out_of_order_is_refused(tmp_path: Path) -> None:
    later = "  - {at: 0:50, rating: 10}\n  - {at: 0:40, rating: 10}\nuntil"
    with pytest.raises(ProtocolFileError, match="not in order of time"):
        read_scenario(written(tmp_path, GOOD.replace("until", later)))


def test_the_documentation_shows_a_scenario_as_it_is_and_names_every_key() -> None:
    page = (FOLDER.parents[1] / "docs" / "scenarios.md").read_text("utf-8")
    assert (FOLDER / "heart-rate-brake.yaml").read_text("utf-8") in page
    for key in (*HAPPENINGS, *OUTCOMES, *Patient.model_fields, "calm", "saying", "because"):
        assert f"`{key}" in page or f"{key}: " in page, key
