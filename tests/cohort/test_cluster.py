from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from therapy.cohort import cluster
from therapy.cohort.cluster import ClusterMissing, run_on_cluster
from therapy.cohort.runner import Job, run_cohort
from therapy.errors import UsageError

JOB = Job("ladder", 2.0, 11, ("typical",))


@pytest.fixture
def two_workers() -> Iterator[str]:
    distributed = pytest.importorskip("distributed")
    local: Any = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with local:
        yield local.scheduler_address


def test_a_cluster_of_two_finds_what_one_machine_finds(two_workers: str):
    told: list[int] = []
    assert run_on_cluster(JOB, 5, two_workers, on_progress=told.append) == run_cohort(JOB, 5, workers=1)
    assert sum(told) == 5


def test_no_scheduler_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN_S", 0.5)
    with pytest.raises(ClusterMissing, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9\."):
        run_on_cluster(JOB, 2, "tcp://127.0.0.1:9")


def test_without_dask_the_cure_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match="pip install"):
        run_on_cluster(JOB, 2, "tcp://127.0.0.1:9")
