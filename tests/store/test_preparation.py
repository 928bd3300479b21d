"""The set-up of a session: what is on the record about the patient, and what a virtual patient is given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocols.loader import LoadedProtocol, load_protocol, parse_protocol
from tests.store.examples import CODE, clear_answers, session_info
from therapy.control.decision import Stage
from therapy.errors import ConsentMissing, UsageError
from therapy.preparation import SessionOptions, check, setup_as_json
from therapy.replaying import setup_of
from therapy.session.state import SessionSetup
from therapy.store.archive import Archive
from therapy.store.people import People
from therapy.store.recorder import Recorder


@pytest.fixture
def folder(database: Path) -> Path:
    return database.parent


def options(folder: Path, protocol: LoadedProtocol | None = None, *, virtual: bool = False) -> SessionOptions:
    loaded = protocol or load_protocol("heights-first")
    return SessionOptions(
        protocol=loaded, patient_code=CODE, sensor="virtual", display="desktop", folder=folder, virtual_patient=virtual
    )


def hr_window() -> LoadedProtocol:
    text = load_protocol("heights-first").text
    assert "policy: ladder" in text
    return parse_protocol(text.replace("policy: ladder", "policy: hr-window"), "heights-first.yaml")


def test_a_new_person_gets_suggestions_only(folder: Path) -> None:
    setup = check(options(folder))
    assert (setup.stage, setup.hr_may_drive, setup.patient_limit_0to1) == (Stage.SUGGEST_ONLY, False, 1.0)


def test_a_person_gets_what_is_recorded(folder: Path, database: Path) -> None:
    with People(database) as people:
        people.record_hr_window(CODE, True, "T-1")
        people.record_limit(CODE, 3, "T-1")
    setup = check(options(folder))
    assert (setup.stage, setup.hr_may_drive, setup.patient_limit_0to1) == (Stage.SUGGEST_ONLY, True, 0.3)


def test_with_a_virtual_patient_the_whole_automation_is_rehearsed(folder: Path, database: Path) -> None:
    with People(database) as people:
        people.record_limit(CODE, 3, "T-1")
    setup = check(options(folder, hr_window(), virtual=True))
    assert (setup.stage, setup.hr_may_drive, setup.patient_limit_0to1) == (Stage.BOUNDED_RAISE, True, 1.0)


def test_heart_rate_drives_nobody_without_leave(folder: Path, database: Path) -> None:
    with pytest.raises(UsageError, match="no leave") as caught:
        check(options(folder, hr_window()))
    assert f"acclimate patients automation {CODE} --allow-hr-window" in caught.value.cure
    with People(database) as people:
        people.record_hr_window(CODE, True, "T-1")
    assert check(options(folder, hr_window())).hr_may_drive


def test_heart_rate_drives_nobody_whose_screening_rules_it_out(folder: Path, database: Path) -> None:
    with People(database) as people:
        people.record_hr_window(CODE, True, "T-1")
        people.record_screening(CODE, clear_answers(beta_blocker=True), "T-1")
    with pytest.raises(UsageError, match="rules heart rate out"):
        check(options(folder, hr_window()))


def test_consent_is_asked_before_any_leave(folder: Path, database: Path) -> None:
    with People(database) as people:
        people.withdraw_consent(CODE, "T-1")
    with pytest.raises(ConsentMissing):
        check(options(folder, hr_window()))


@pytest.mark.parametrize("virtual", [False, True])
def test_a_recorded_set_up_comes_back_as_it_was(folder: Path, database: Path, virtual: bool) -> None:
    with People(database) as people:
        people.record_limit(CODE, 3, "T-1")
    asked = options(folder, virtual=virtual)
    setup = replace(check(asked), tolerated_0to1=0.2)
    assert recorded_setup(database, setup_as_json(setup, asked)) == setup


def test_a_set_up_from_before_stages_reads_as_the_whole_automation(folder: Path, database: Path) -> None:
    asked = options(folder)
    older = setup_as_json(check(asked), asked)
    for name in ("stage", "hr_may_drive", "patient_limit_0to1"):
        del older[name]
    setup = recorded_setup(database, older)
    assert (setup.stage, setup.hr_may_drive, setup.patient_limit_0to1) == (Stage.BOUNDED_RAISE, False, 1.0)


def recorded_setup(database: Path, setup: dict[str, object]) -> SessionSetup:
    loaded = load_protocol("heights-first")
    info = session_info(protocol_text=loaded.text, protocol_sha256=loaded.sha256, setup=setup)
    with Recorder(database) as recorder:
        recorder.begin(info)
        recorder.end("completed")
    with Archive(database) as archive:
        return setup_of(archive.session("last"))
