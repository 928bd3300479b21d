"""What a person may ask of a cohort, checked, and the answer as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from therapy.cohort.arms import arm_of, setup_of
from therapy.cohort.cluster import run_on_cluster
from therapy.cohort.faults import CohortFault
from therapy.cohort.plug_in import OWN_MODEL, load_model
from therapy.cohort.rows import Row, rows_of
from therapy.cohort.runner import DEFAULT_TICK_S, Job, Progress, run_cohort
from therapy.errors import UsageError

TICKS_S = (0.25, 0.5, 1.0)
MOST_PATIENTS = 1_000_000
EVERY_FAULT = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as typed: lists are words with commas between, None leaves the choice to the product."""

    patients: int
    minutes: float
    seed: int
    strata: str | None = None
    faults: str | None = None
    model: str | None = None
    tick_s: float = DEFAULT_TICK_S
    dask: str | None = None
    workers: int | None = None


def jobs_of(wanted: Wanted, policies: Sequence[str]) -> list[Job]:
    """A job for each policy; `UsageError` in one sentence for what cannot be."""
    if not 1 <= wanted.patients <= MOST_PATIENTS:
        raise UsageError(f"{wanted.patients} patients are not possible.", f"Choose 1 to {MOST_PATIENTS}.")
    if wanted.seed < 0:
        raise UsageError(f"A seed of {wanted.seed} is not possible.", "Choose a whole number from 0 on.")
    if wanted.workers is not None and wanted.workers < 1:
        raise UsageError("Somebody has to work.", "Choose --workers 1 or more.")
    if wanted.tick_s not in TICKS_S:
        raise UsageError(f"A tick of {wanted.tick_s:g} s is not possible.", "Choose 0.25, 0.5 or 1.")
    for policy in policies:
        setup_of(arm_of(policy), wanted.minutes)
    model = load_model(wanted.model or OWN_MODEL)
    strata = tuple(_words(wanted.strata)) or model.strata
    for stratum in strata:
        model.patient(0, stratum)
    faults = _faults(wanted.faults)
    return [Job(policy, wanted.minutes, wanted.seed, strata, faults, model.name, wanted.tick_s) for policy in policies]


def run(wanted: Wanted, job: Job, on_progress: Progress | None = None) -> tuple[tuple[Row, ...], dict[str, int]]:
    """The rows of a job, and how often each thing was wrong with a step up."""
    if wanted.dask is not None:
        results = run_on_cluster(job, wanted.patients, wanted.dask, on_progress=on_progress)
    else:
        results = run_cohort(job, wanted.patients, workers=wanted.workers, on_progress=on_progress)
    counts: dict[str, int] = {}
    for wrong in sorted(wrong for one in results for wrong in one.wrong):
        counts[wrong] = counts.get(wrong, 0) + 1
    return rows_of(job.policy, results, job.strata, job.seed), counts


def as_json(wanted: Wanted, job: Job, rows: Sequence[Row]) -> dict[str, Any]:
    """What was asked and what came out, without a number that is none."""
    return {
        "policy": job.policy,
        "minutes": job.minutes,
        "seed": job.seed,
        "patients": wanted.patients,
        "faults": [fault.value for fault in job.faults],
        "patient_model": job.model,
        "tick_s": job.tick_s,
        "results": [row.as_json() for row in rows],
    }


def _faults(words: str | None) -> tuple[CohortFault, ...]:
    named = _words(words)
    if named == [EVERY_FAULT]:
        return tuple(CohortFault)
    unknown = [word for word in named if word not in set(CohortFault)]
    if unknown:
        raise UsageError(
            f"There is no fault {unknown[0]!r}.", f"Choose from {', '.join(CohortFault)}, or {EVERY_FAULT}."
        )
    return tuple(fault for fault in CohortFault if fault in named)


def _words(text: str | None) -> list[str]:
    return list(dict.fromkeys(word for part in (text or "").split(",") if (word := part.strip())))
