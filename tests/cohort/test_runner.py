from __future__ import annotations

import numpy as np
import pytest

from therapy.cohort.faults import CohortFault
from therapy.cohort.runner import Job, batches_of, run_batch, run_cohort
from therapy.errors import AcclimateError

STRATA = ("typical", "late-answerer")
JOB = Job("ladder", 3.0, 11, STRATA, (CohortFault.ZERO, CohortFault.LATE_SUDS))


def test_two_workers_find_what_one_finds():
    told: list[int] = []
    alone = run_cohort(JOB, 5, workers=1)
    together = run_cohort(JOB, 5, workers=2, on_progress=told.append)
    assert together == alone
    assert [one.index for one in together] == [0, 1, 2, 3, 4]
    assert sum(told) == 5


def test_a_killed_process_is_one_sentence():
    job = Job("ladder", 1.0, 1, ("willing",), model="tests.cohort.lives:Deadly")
    with pytest.raises(AcclimateError, match="was ended from outside"):
        run_cohort(job, 4, workers=2)


def test_a_patient_does_not_depend_on_who_else_is_there():
    assert run_batch(JOB, [3]) == [run_batch(JOB, [0, 1, 2, 3])[3]]


def test_patients_go_round_the_strata():
    assert [one.stratum for one in run_batch(JOB, range(4))] == ["typical", "late-answerer"] * 2


def test_another_seed_is_another_cohort():
    other = Job("ladder", 3.0, 12, STRATA, JOB.faults)
    assert run_batch(other, range(2)) != run_batch(JOB, range(2))


def test_published_rules_run_in_the_same_harness():
    (result,) = run_batch(Job("published-a", 5.0, 11, ("typical",)), [0])
    assert result.stop_latency_s is None
    assert result.suds_auc is None
    assert result.wrong_up_steps > 0


@pytest.mark.parametrize(("patients", "workers"), [(1, 1), (5, 2), (17, 4), (1000, 3)])
def test_batches_hold_every_patient_once(patients: int, workers: int):
    batches = batches_of(patients, workers)
    assert [index for batch in batches for index in batch] == list(range(patients))
    assert max(map(len, batches)) <= 10


def test_one_tick_a_second_gives_the_numbers_of_four():
    """The cohort's clock is coarser than the live one: most patients have the same session, and the cohort does."""
    rough, fine = (
        run_batch(Job("ladder", 10.0, 3, ("typical", "low-hr-responder"), tick_s=tick_s), range(8))
        for tick_s in (1.0, 0.25)
    )
    differ = [a.time_in_window - b.time_in_window for a, b in zip(rough, fine, strict=True)]
    assert float(np.median(np.abs(differ))) < 0.01
    assert abs(float(np.mean(differ))) < 0.05
    assert [a.violated for a in rough] == [b.violated for b in fine]
    late = [a.s_to_window - b.s_to_window for a, b in zip(rough, fine, strict=True) if a.s_to_window < 600.0]
    assert abs(float(np.median(late))) < 5.0
