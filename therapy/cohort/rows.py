"""A cohort's rows: each stratum's numbers with intervals from a bootstrap over patients."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.random import SeedSequence, default_rng
from numpy.typing import NDArray

from therapy.cohort.metrics import PatientResult

RESAMPLES = 1000
INTERVAL = (0.025, 0.975)
AT_ONCE = 2_000_000
ALL = "all"
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of a row: what it takes of a patient, and how patients are put together along the last axis."""

    of: Callable[[PatientResult], float | None]
    over: Callable[[Numbers], Numbers]


def _mean(numbers: Numbers) -> Numbers:
    return np.asarray(numbers.mean(axis=-1))


def _median(numbers: Numbers) -> Numbers:
    return np.asarray(np.median(numbers, axis=-1))


def _sum(numbers: Numbers) -> Numbers:
    return np.asarray(numbers.sum(axis=-1))


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "time_in_window": Metric(lambda one: one.time_in_window, _mean),
        "violation_fraction": Metric(lambda one: float(one.violated), _mean),
        "median_s_to_window": Metric(lambda one: one.s_to_window, _median),
        "overshoots_per_patient": Metric(lambda one: float(one.overshoots), _mean),
        "seconds_above_85": Metric(lambda one: one.seconds_above_85, _mean),
        "seconds_below_20": Metric(lambda one: one.seconds_below_20, _mean),
        "wrong_up_steps": Metric(lambda one: float(one.wrong_up_steps), _sum),
        "reversals_per_10_min": Metric(lambda one: one.reversals_per_10_min, _mean),
        "stop_latency_s": Metric(lambda one: one.stop_latency_s, _median),
        "suds_auc": Metric(lambda one: one.suds_auc, _mean),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """A policy in a stratum.  A number that is not known, or infinite, is None, and so are the ends of its interval."""

    policy: str
    stratum: str
    patients: int
    numbers: Mapping[str, float | None]
    ci95: Mapping[str, tuple[float | None, float | None]]

    def as_json(self) -> dict[str, Any]:
        """The row as flat JSON; what is counted is a whole number."""
        head = {"policy": self.policy, "stratum": self.stratum, "patients": self.patients}
        counted = {"wrong_up_steps": int(self.numbers["wrong_up_steps"] or 0)}
        return {**head, **self.numbers, **counted, "ci95": {name: list(ends) for name, ends in self.ci95.items()}}


def rows_of(policy: str, results: Sequence[PatientResult], strata: Sequence[str], seed: int) -> tuple[Row, ...]:
    """A row for each stratum in turn, and one for all."""
    of_each = [(stratum, [one for one in results if one.stratum == stratum]) for stratum in strata]
    return tuple(
        _row(policy, stratum, patients, SeedSequence((seed, number)))
        for number, (stratum, patients) in enumerate([*of_each, (ALL, list(results))])
        if patients
    )


def _row(policy: str, stratum: str, patients: Sequence[PatientResult], seeds: SeedSequence) -> Row:
    numbers: dict[str, float | None] = {}
    ci95: dict[str, tuple[float | None, float | None]] = {}
    for (name, metric), seed in zip(METRICS.items(), seeds.spawn(len(METRICS)), strict=True):
        known = np.array([one for one in map(metric.of, patients) if one is not None], dtype=np.float64)
        numbers[name] = _finite(float(metric.over(known))) if known.size else None
        ci95[name] = _interval(known, metric, seed) if known.size else (None, None)
    return Row(policy, stratum, len(patients), numbers, ci95)


def _interval(known: Numbers, metric: Metric, seed: SeedSequence) -> tuple[float | None, float | None]:
    """The percentile interval of the metric over samples of the patients, drawn with replacement."""
    rng = default_rng(seed)
    rest, at_once = RESAMPLES, max(1, AT_ONCE // known.size)
    drawn: list[float] = []
    while rest > 0:
        drawn += metric.over(known[rng.integers(known.size, size=(min(rest, at_once), known.size))]).tolist()
        rest -= at_once
    drawn.sort()
    low, high = (drawn[round(share * (RESAMPLES - 1))] for share in INTERVAL)
    return _finite(low), _finite(high)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
