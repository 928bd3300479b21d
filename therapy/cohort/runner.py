"""A whole cohort on this machine's cores: the same patients and the same numbers, however many work at it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from numpy.random import SeedSequence, default_rng

from therapy.cohort.arms import Arm, arm_of, setup_of
from therapy.cohort.audit import audit
from therapy.cohort.bare import BareWorld
from therapy.cohort.faults import CohortFault, draw_faults
from therapy.cohort.metrics import PatientResult, measure
from therapy.cohort.plug_in import OWN_MODEL, LoadedModel, load_model
from therapy.cohort.visit import Visit
from therapy.cohort.world import World
from therapy.errors import AcclimateError
from therapy.session.state import SessionSetup

DEFAULT_TICK_S = 1.0
LARGEST_BATCH = 10
BATCHES_PER_WORKER = 4
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What a cohort is asked to do; everything in it can be sent to another process or machine."""

    policy: str
    minutes: float
    seed: int
    strata: tuple[str, ...]
    faults: tuple[CohortFault, ...] = ()
    model: str = OWN_MODEL
    tick_s: float = DEFAULT_TICK_S


@dataclass(frozen=True, slots=True)
class _Ready:
    """A job with all that is the same for every patient."""

    job: Job
    arm: Arm = field(init=False)
    setup: SessionSetup = field(init=False)
    model: LoadedModel = field(init=False)

    def __post_init__(self) -> None:
        arm = arm_of(self.job.policy)
        object.__setattr__(self, "arm", arm)
        object.__setattr__(self, "setup", setup_of(arm, self.job.minutes))
        object.__setattr__(self, "model", load_model(self.job.model))


def run_batch(job: Job, indexes: Sequence[int]) -> list[PatientResult]:
    """The sessions of some patients of a job, one after the other."""
    ready = _Ready(job)
    return [_run_patient(ready, index) for index in indexes]


def run_cohort(
    job: Job, patients: int, *, workers: int | None = None, on_progress: Progress | None = None
) -> list[PatientResult]:
    """Patients 0 to `patients` - 1 of a job, in their order, on `workers` processes (None: one for each core).

    Raises `UsageError` for what is wrong with a patient model, `AcclimateError` when a process is killed.
    """
    workers = min(workers or cores(), patients)
    batches = batches_of(patients, workers)
    if workers == 1:
        return in_order(_here(job, batches), on_progress)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_alone) as pool:
        futures = [pool.submit(run_batch, job, batch) for batch in batches]
        try:
            return in_order((future.result() for future in as_completed(futures)), on_progress)
        except BrokenProcessPool as error:
            raise AcclimateError("A process that simulated patients was ended from outside.", "Try again.") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def batches_of(patients: int, workers: int) -> list[range]:
    """Patients in batches small enough to keep every worker busy to the end."""
    size = min(max(1, patients // (workers * BATCHES_PER_WORKER)), LARGEST_BATCH)
    return [range(first, min(first + size, patients)) for first in range(0, patients, size)]


def in_order(batches: Iterator[list[PatientResult]], on_progress: Progress | None) -> list[PatientResult]:
    """All results in the order of the patients, as batches come in."""
    results: list[PatientResult] = []
    for batch in batches:
        results += batch
        if on_progress is not None:
            on_progress(len(batch))
    return sorted(results, key=lambda one: one.index)


def cores() -> int:
    """The cores that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def _leave_interrupts_alone() -> None:
    """Ctrl-C is the parent's to answer: it lets nothing new begin and waits for what runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _here(job: Job, batches: Sequence[range]) -> Iterator[list[PatientResult]]:
    return (run_batch(job, batch) for batch in batches)


def _run_patient(ready: _Ready, index: int) -> PatientResult:
    """One session.  Patient i of seed S depends on nothing but (S, i), the stratum and the job."""
    job = ready.job
    stratum = job.strata[index % len(job.strata)]
    of_the_patient, of_the_world = SeedSequence((job.seed, index)).spawn(2)
    patient = ready.model.patient(int(of_the_patient.generate_state(1)[0]), stratum)
    rng = default_rng(of_the_world)
    visit = Visit(ready.setup, job.minutes, job.tick_s, draw_faults(rng, job.faults, 60.0 * job.minutes))
    published = ready.arm.published
    world = World(visit, patient, rng) if published is None else BareWorld(visit, patient, published, rng)
    truth = world.run()
    return measure(truth, audit(truth), visit.measured_s, (index, stratum))
