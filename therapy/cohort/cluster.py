"""A cohort on a Dask cluster that is there already: the same patients and numbers as on one machine."""

from __future__ import annotations

import importlib
from typing import Any

from therapy.cohort.metrics import PatientResult
from therapy.cohort.runner import Job, Progress, batches_of, in_order, run_batch
from therapy.errors import AcclimateError, UsageError

ANSWERS_WITHIN_S = 10
INSTALL = "Install it with the product: pip install 'acclimate[cohort]'."


class ClusterMissing(AcclimateError):
    """No Dask cluster answers, or it has nobody to work."""


def run_on_cluster(
    job: Job, patients: int, address: str, *, on_progress: Progress | None = None
) -> list[PatientResult]:
    """Patients 0 to `patients` - 1 of a job, in their order, on the workers of the scheduler at `address`.

    The workers need this version of the product, and the patient model if it is another maker's.
    Raises `UsageError` without Dask, `ClusterMissing` where no cluster answers.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError("A cluster needs Dask, which is not installed.", INSTALL) from error
    try:
        client = distributed.Client(address, timeout=ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterMissing(
            f"No Dask scheduler answers at {address}.", "Check the address: tcp://HOST:8786."
        ) from error
    with client:
        workers = sum(client.nthreads().values())
        if not workers:
            raise ClusterMissing("The Dask scheduler has no workers.", "Start some: dask worker ADDRESS.")
        batches = batches_of(patients, workers)
        futures = client.map(run_batch, [job] * len(batches), batches, pure=False)
        done = distributed.as_completed(futures, loop=client.loop, with_results=True)
        return in_order((batch for _, batch in done), on_progress)
