"""The facts of the page, read back from its HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from environments.scenes.manifest import load_manifest
from tests.report.examples import heights_info, make_patient, record_session
from therapy.control.decision import Cause, Rule
from therapy.errors import StoreError, UsageError
from therapy.report.facts import SessionFacts, read_facts
from therapy.report.page import report_page
from therapy.report.pictures import Pictures, Seen, draw
from therapy.report.write import write_report
from therapy.session.events import NoticeCode, Noticed, Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.recorder import Recorder

ATTACK = "<script>alert(1)</script><img src=x onerror=y>\"'"


class Reading(HTMLParser):
    """Collects tags with their attributes, the text, and the text under each heading."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def page(facts: SessionFacts) -> str:
    return report_page(facts, None)


@pytest.fixture(scope="module")
def reading(page: str) -> Reading:
    return Reading(page)


@pytest.mark.parametrize(
    "said",
    [
        "SIMULATED: heart-rate strap, patient, headset.",
        "HX-014",
        "Heights, first session",
        "Virtual H10",
        "acclimate 0.1.0",
        "not a cleared medical device",
        "80 → 45",
        "70 % → 20 %",
        "violation +50 points",
        "70 ± 3",
        "one level down on raised heart rate: heart rate raised over baseline for long",
        "step up refused by the guard: the therapist's ceiling (G1.12)",
        "calm scene: the patient stopped (G4.2)",
        "12:20 for 25 s",
        "stops by looking at the calm disc",
        "fires an event: gust",
        "engineering default",
        "The patient tried the stop with a key",
        "Evaluated on",
        "picture (pixels) 1280 × 720",
        "rejected ones included",
        "below 10 frames a second",
        "p before − p after",
        "Your session",
    ],
)
def test_the_page_says(reading: Reading, said: str) -> None:
    assert said in reading.text


def test_levels_are_named_in_the_scenes_words(reading: Reading) -> None:
    words = load_manifest("heights").levels[4].words
    assert reading.text.count(" ".join(words.split())) >= 2


def test_the_protocol_hash_is_printed_whole(reading: Reading, facts: SessionFacts) -> None:
    assert facts.record.protocol_sha256 in reading.text


def test_the_page_asks_the_network_for_nothing_and_runs_no_script(page: str, reading: Reading) -> None:
    names = {name for name, _ in reading.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "form"}
    for name, attributes in reading.tags:
        assert not [key for key in attributes if key.startswith("on")]
        for key in ("src", "href", "xlink:href", "action"):
            target = attributes.get(key) or "#"
            assert target.startswith(("#", "data:")), (name, target)
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page


def test_the_page_is_ordered_for_people_who_listen(reading: Reading) -> None:
    headings = [int(name[1]) for name, _ in reading.tags if re.fullmatch(r"h[1-6]", name)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    tables = sum(name == "table" for name, _ in reading.tags)
    assert tables == sum(name == "caption" for name, _ in reading.tags) > 5
    assert all(attributes.get("scope") for name, attributes in reading.tags if name == "th")
    assert all(attributes.get("alt") for name, attributes in reading.tags if name == "img")
    svg = next(attributes for name, attributes in reading.tags if name == "svg")
    assert svg["role"] == "img"
    assert "5 limits and stops" in (svg["aria-label"] or "")
    assert dict(reading.tags)["html"]["lang"] == "en"


def test_the_patients_page_comes_last_and_has_no_codes(page: str) -> None:
    last = Reading(page[page.index("Your session") :]).text
    words = load_manifest("heights").levels[4].words
    assert f"level 4 of 10: {words[0].lower()}{words[1:]}" in last
    assert "highest at 80 of 100" in last
    assert "At the end, back in the calm place, you said 15" in last
    assert "You used the stop on the way. That is what it is for." in last
    assert "It made the place more demanding only when" in last
    assert "easier when you rated high, when your pulse stayed high and step by step towards the end." in last
    assert "It went to the calm place when a stop" in last
    for code in ("SUDS", "HR10", "guard", "latch", "bpm"):
        assert code not in last


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("stopped-by-therapist", "Your therapist ended the session early."),
        ("stopped-by-patient", "You stopped the session yourself."),
    ],
)
def test_the_patients_page_tells_an_early_end_kindly_and_no_step_that_was_not_taken(
    tmp_path: Path, outcome: str, said: str
) -> None:
    database = tmp_path / "acclimate.db"
    make_patient(database)
    with Recorder(database) as recorder:
        recorder.begin(heights_info())
        recorder.end(outcome, "", 5.0)
    with Archive(database) as archive:
        last = Reading(report_page(read_facts(archive, "last"), None)).text.split("Your session")[1]
    assert said in last
    assert "It did not make the place more demanding or easier." in last
    assert "It made the place" not in last
    assert "It asked you" not in last


def test_the_figure_is_one_well_formed_drawing(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) == 1
    root = ET.fromstring(drawings[0])
    words = " ".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    for label in ("heart rate", "exposure", "recovery", "therapist's ceiling", "no usable heart rate", "gust"):
        assert label in words


def test_the_heart_rate_line_is_broken_at_the_gap(page: str) -> None:
    """Two pieces: the six seconds before the first beat draw nothing, the minute without a strap cuts it in two."""
    paths = re.findall(r'<path d="([^"]*)"[^>]*stroke: #9c1f2e', page)
    assert [path.count("M") for path in paths if path.count("L") > 100] == [2]


def test_the_same_record_gives_the_same_page(facts: SessionFacts, page: str) -> None:
    assert report_page(facts, None) == page


def test_words_from_outside_cannot_become_markup(tmp_path: Path) -> None:
    database = tmp_path / "acclimate.db"
    make_patient(database)
    with Recorder(database) as recorder:
        recorder.begin(
            heights_info(
                protocol_name=ATTACK,
                protocol_text=ATTACK,
                software=ATTACK,
                simulated=(ATTACK,),
                sensor={"name": ATTACK},
                player={"display": ATTACK},
            )
        )
        recorder.append_event(1, 1.0, Therapist(TherapistAction.NOTE, text=ATTACK))
        recorder.append_output(1, 1.0, Noticed(NoticeCode.FAULT, ATTACK))
        recorder.end("completed", ATTACK)
    write_report(database, "last", tmp_path / "report.html", with_pictures=False)
    reading = Reading((tmp_path / "report.html").read_text("utf-8"))
    assert not [name for name, _ in reading.tags if name in {"script", "img"}]
    assert reading.text.count("<script>alert(1)</script>") >= 7


@pytest.mark.parametrize(
    ("until_s", "said"),
    [
        (650.0, "The session was interrupted: the program ended before it. The record goes up to 10:50."),
        (310.0, "The demanding part was not begun this time."),
        (20.0, "You took part for less than a minute."),
        (-1.0, "Nothing was recorded after the start."),
    ],
)
def test_a_session_that_broke_off_has_a_report_too(tmp_path: Path, until_s: float, said: str) -> None:
    database = tmp_path / "acclimate.db"
    record_session(database, until_s=until_s, ends=False)
    with Archive(database) as archive:
        assert said in Reading(report_page(read_facts(archive, "last"), None)).text


def test_a_report_on_a_running_session_says_so(tmp_path: Path) -> None:
    database = tmp_path / "acclimate.db"
    make_patient(database)
    with Recorder(database) as recorder:
        recorder.begin(heights_info(simulated=()))
        with Archive(database) as archive:
            text = Reading(report_page(read_facts(archive, "last"), None)).text
    assert "still being recorded" in text
    assert "SIMULATED" not in text


def test_pictures_are_embedded_with_words_for_those_who_cannot_see_them(facts: SessionFacts) -> None:
    seen = Seen(4, 1100.0, "heights", 0.4, (), 1100.0)
    reading = Reading(report_page(facts, Pictures(((seen, "data:image/jpeg;base64,AA=="),))))
    (picture,) = [attributes for name, attributes in reading.tags if name == "img"]
    words = load_manifest("heights").levels[4].words
    assert picture["alt"] == f"Level 4: {words}, as shown 18:20 into the session"


def test_pictures_that_cannot_be_drawn_are_explained(facts: SessionFacts) -> None:
    pictures = draw([Seen(0, 1.0, "no-such-scene", 0.0, (), 1.0)], seed=1)
    assert pictures.drawn == ()
    assert pictures.why_missing
    text = Reading(report_page(facts, pictures)).text
    assert "Some pictures could not be drawn." in text
    assert " ".join(pictures.why_missing.split()) in text


def test_an_unknown_session_or_an_unwritable_file_is_an_error_with_a_cure(recorded: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No session begins"):
        write_report(recorded, "zz", tmp_path / "report.html", with_pictures=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written") as caught:
        write_report(recorded, "last", tmp_path / "file" / "report.html", with_pictures=False)
    assert "-o" in caught.value.cure


def test_the_example_uses_the_rules_that_the_page_explains(facts: SessionFacts) -> None:
    rules = {row.what.rule for row in facts.decisions}
    assert {Rule.HR_BRAKE, Rule.GUARD_HOLD, Rule.GUARD_CALM, Rule.LADDER_UP, Rule.RE_ENTRY} <= rules
    assert {row.what.cause for row in facts.decisions} == {Cause.TICK}
