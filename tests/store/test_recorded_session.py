"""From the engine to the record and back: what graduation and replay make of real decisions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.rehearsal import Rehearsal
from tests.store.examples import CODE
from tests.store.graded import Graded, record_graded
from tests.store.raw import copied_record, unguarded_connection
from tests.store.rehearsed import record_rehearsal
from therapy.control.decision import Stage
from therapy.graduating import evidence, move, standing
from therapy.replaying import compare
from therapy.session.events import Therapist, TherapistAction
from therapy.store.archive import Archive
from therapy.store.graduation import CriterionKind, Suggestion
from therapy.store.people import People


def follow(session: Rehearsal) -> None:
    """A therapist who looks every ten seconds and takes a suggested step up."""
    place = session.state.place
    suggested_up = place.suggested_0to1 is not None and place.suggested_0to1 > place.current_0to1
    if suggested_up and place.wish is None and session.t_s % 10.0 == 0.0:
        session.feed(Therapist(TherapistAction.UP))


def lower_only(database: Path, on_tick: Callable[[Rehearsal], object] | None, exposure_s: float = 240.0) -> Path:
    """A patient at lower-only with one session of the real engine."""
    with People(database) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
    record_graded(database, Graded())
    move(database, CODE, Stage.LOWER_ONLY, recorded_by="T-1")
    record_rehearsal(database, Stage.LOWER_ONLY, on_tick, exposure_s)
    return database


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lower_only(tmp_path_factory.mktemp("followed") / "acclimate.db", follow)


def suggestions(database: Path) -> tuple[Suggestion, ...]:
    with People(database) as people:
        automation = people.automation(CODE)
    (session,) = evidence(database, CODE, automation)
    return session.suggestions


def test_suggestions_that_a_therapist_took_are_found_in_a_real_session(followed: Path) -> None:
    found = suggestions(followed)
    assert len(found) >= 3
    assert all(one.is_up and one.followed_t_s is not None for one in found)
    assert all(one.met for one in standing(followed, CODE).criteria)


def test_a_suggestion_nobody_takes_stands_unfollowed_and_raises_nothing(tmp_path: Path) -> None:
    database = lower_only(tmp_path / "acclimate.db", None, exposure_s=90.0)
    assert [one.followed_t_s for one in suggestions(database)] == [None]
    assert [one.kind for one in standing(database, CODE).criteria if not one.met] == [
        CriterionKind.SUGGESTIONS_FOLLOWED
    ]
    with Archive(database) as archive:
        decided = archive.decisions(archive.session("last").session_id)
    assert max(one.what.applied_0to1 for one in decided) == 0.0


def test_the_session_replays_to_whole_decisions(followed: Path) -> None:
    with Archive(followed) as archive:
        found = compare(archive, "last")
        suggested = archive.decisions(found.session_id, suggested_only=True)
        whole = archive.decisions(found.session_id)
    assert (found.identical, found.by_outcome) == (True, False)
    assert found.decisions == len(whole)
    assert suggested == tuple(one for one in whole if one.what.suggested_0to1 is not None)


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with the whole automation."""
    database = tmp_path_factory.mktemp("raised") / "acclimate.db"
    with People(database) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
    record_rehearsal(database, Stage.BOUNDED_RAISE)
    return database


def with_less_seen(database: Path, folder: Path, *, before_stages: bool) -> Path:
    """A copy whose decisions saw less, as older ones did; with or without the stage in the session's set-up."""
    older = copied_record(database, folder)
    with closing(unguarded_connection(older)) as connection, connection:
        if before_stages:
            connection.execute("UPDATE session SET setup = json_remove(setup, '$.stage')")
        connection.execute("UPDATE decision SET limiting = NULL, inputs = json_remove(inputs, '$.place.in_phase_s')")
    return older


def test_a_session_from_before_stages_is_compared_by_its_outcomes(raised: Path, tmp_path: Path) -> None:
    older = with_less_seen(raised, tmp_path, before_stages=True)
    with Archive(older) as archive:
        found = compare(archive, "last")
        assert (found.identical, found.by_outcome) == (True, True)
        assert max(one.what.applied_0to1 for one in archive.decisions(found.session_id)) > 0.2
    with closing(unguarded_connection(older)) as connection, connection:
        connection.execute("UPDATE decision SET applied_0to1 = applied_0to1 + 0.1 WHERE rule = 'ladder-up'")
    with Archive(older) as archive:
        assert compare(archive, "last").differences >= 2


def test_a_session_with_stages_is_compared_in_everything(raised: Path, tmp_path: Path) -> None:
    with Archive(with_less_seen(raised, tmp_path, before_stages=False)) as archive:
        found = compare(archive, "last")
    assert not found.by_outcome
    assert found.differences > 0.9 * found.decisions
