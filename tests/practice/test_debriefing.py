"""A therapist who practises, in a rehearsed session: which suggestions were followed, and what was felt."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.session.rehearsal import Rehearsal, rehearsal
from therapy.control.decision import Stage
from therapy.debriefing import Debrief, PracticeLog
from therapy.patient.traits import Stratum
from therapy.report.debrief import STRATA, debrief_lines
from therapy.session.events import (
    NoticeCode,
    Noticed,
    Phase,
    PhaseChanged,
    Rated,
    SampleTaken,
    Therapist,
    TherapistAction,
)


@dataclass
class Feels:
    """A patient whose fear a test sets."""

    fear_0to100: float = 0.0


def sample(t_s: float, level: int = 2) -> SampleTaken:
    return SampleTaken(70.0, 70.0, 0.0, 1.0, 0.5, level / 10, level / 10, "heights", t_s, 30)


def listened(session: Rehearsal, log: PracticeLog) -> None:
    """Let a log hear everything from now on, as it happens, and whatever came before."""
    heard = 0

    def hear(now: Rehearsal) -> None:
        nonlocal heard
        for t_s, output in now.outputs[heard:]:
            log.hear(t_s, output)
        heard = len(now.outputs)

    log.patient = session.patient
    session.on_tick = hear


@pytest.fixture(scope="module")
def followed() -> Debrief:
    """The first two suggestions are followed after 3 s, and one step down is the therapist's own."""
    session = rehearsal(seed=4, stage=Stage.SUGGEST_ONLY)
    log = PracticeLog()
    listened(session, log)
    session.begin().run_to("exposure")
    for _ in range(2):
        told = session.notices().count("suggested")
        while session.notices().count("suggested") == told:
            session.run(session.t_s + 0.25)
        session.run(session.t_s + 3.0)
        session.feed(Therapist(TherapistAction.UP))
        session.run(session.t_s + 1.0)
    session.run(session.t_s + 25.0)
    session.feed(Therapist(TherapistAction.DOWN))
    session.run(session.t_s + 20.0)
    return log.debrief()


def test_suggestions_that_were_followed_are_told_apart_from_own_steps(followed: Debrief) -> None:
    first, second, *_ = followed.suggestions
    assert (first.way, first.level, second.level) == ("up", "1", "2")
    assert first.followed_after_s == second.followed_after_s == pytest.approx(3.0)
    assert followed.own_steps == 1


def test_fear_is_what_the_model_had_and_counts_only_in_the_exposure(followed: Debrief) -> None:
    assert followed.felt[0].intensity_0to1 == 0.0
    assert max(one.intensity_0to1 for one in followed.felt) == pytest.approx(0.2)
    assert all(later.t_s - sooner.t_s < 2.0 for sooner, later in zip(followed.felt, followed.felt[1:], strict=False))
    assert followed.exposure_s == pytest.approx(followed.felt[-1].t_s - followed.felt[0].t_s)
    assert followed.window_s + followed.too_little_s <= followed.exposure_s


def test_seconds_in_and_outside_the_window_are_counted_by_fear() -> None:
    log, feels = PracticeLog(), Feels()
    log.patient = feels
    log.hear(0.0, sample(0.0))
    log.hear(0.5, PhaseChanged(Phase.EXPECTATION, Phase.EXPOSURE))
    for second, feels.fear_0to100 in enumerate([10.0, 19.9, 20.0, 40.0, 75.0, 80.0, 85.0, 86.0, 50.0], 1):
        log.hear(float(second), sample(float(second)))
    feels.fear_0to100 = 50.0
    log.hear(30.0, sample(30.0))
    log.hear(31.0, PhaseChanged(Phase.EXPOSURE, Phase.RECOVERY))
    log.hear(32.0, sample(32.0))
    found = log.debrief()
    assert (found.exposure_s, found.window_s, found.too_much_s, found.too_little_s) == (8.0, 2.0, 1.0, 2.0)


def test_a_suggestion_that_nobody_takes_up_is_told_as_not_followed() -> None:
    log = PracticeLog()
    log.hear(10.0, Noticed(NoticeCode.SUGGESTED, "up 2.5 suds-fairly-low"))
    assert log.debrief().followed == ()
    told = "\n".join(debrief_lines(log.debrief(), Stratum.TYPICAL, 1))
    assert "0:10  up to level 2.5, rated just below the level for a step up: not followed" in told
    assert "there was no exposure" in told


def test_a_debriefing_names_the_patient_and_sets_fear_beside_ratings(followed: Debrief) -> None:
    lines = debrief_lines(followed, Stratum.UNDER_REPORTER, 4)
    assert "someone who rates less fear than they feel (under-reporter, seed 4)" in lines[1]
    assert lines[3].startswith("Suggestions    ")
    assert "2 followed (after 3 s in the median); 1 step of your own" in lines[3]
    rows = lines[lines.index("Minute by minute in the exposure") + 2 :]
    assert rows
    assert all(row.count("#") + row.count(".") == 20 for row in rows)
    assert any(f"{rated.rated} ({rated.fear_0to100:.0f})" in row for rated in followed.ratings for row in rows)


def test_a_rating_is_set_beside_the_fear_of_that_moment() -> None:
    log, feels = PracticeLog(), Feels(63.0)
    log.patient = feels
    log.hear(5.0, Rated("suds", 20, True, 0.3))
    log.hear(6.0, Rated("expectancy-before", 70, True, 0.3))
    assert [(one.rated, one.fear_0to100) for one in log.debrief().ratings] == [(20, 63.0)]


def test_every_kind_of_patient_has_words() -> None:
    assert set(STRATA) == set(Stratum)
    assert len(set(STRATA.values())) == len(STRATA)
