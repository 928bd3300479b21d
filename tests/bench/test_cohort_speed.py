"""How long a cohort takes: 500 patients of 20 minutes should be done in a minute on two cores."""

from __future__ import annotations

import time

from therapy.cohort.plug_in import COHORT_STRATA, load_model
from therapy.cohort.runner import Job, run_batch

PATIENTS = 14
CORES = 2


def test_a_cohort_of_500() -> None:
    job = Job("ladder", 20.0, 1, COHORT_STRATA)
    run_batch(job, [0])
    begun_s = time.process_time()
    assert len(run_batch(job, range(PATIENTS))) == PATIENTS
    took_s = time.process_time() - begun_s
    print(
        f"{1000 * took_s / PATIENTS:.0f} ms a patient; 500 on {CORES} cores in {500 * took_s / PATIENTS / CORES:.0f} s"
    )


def test_a_second_of_a_virtual_patient() -> None:
    patient = load_model().patient(3, "typical")
    patient.set_scene(0.0, 0.4)
    begun_s = time.process_time()
    for second in range(1200):
        patient.advance(float(second))
        assert patient.fear_0to100 > 0.0
    print(f"{1e6 * (time.process_time() - begun_s) / 1200:.0f} us a second")
