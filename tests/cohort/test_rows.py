import json
import math
from dataclasses import replace

import numpy as np
import pytest

from therapy.cohort.metrics import PatientResult
from therapy.cohort.rows import METRICS, rows_of

ONE = PatientResult(
    index=0, stratum="a", time_in_window=0.5, violated=False, s_to_window=100.0, overshoots=1, seconds_above_85=0.0,
    seconds_below_20=60.0, wrong_up_steps=0, reversals_per_10_min=1.0, stop_latency_s=0.0, suds_auc=500.0,
)  # fmt: skip


def _cohort(size: int = 200) -> list[PatientResult]:
    rng = np.random.default_rng(4)
    return [
        replace(ONE, index=i, stratum="ab"[i % 2], time_in_window=float(rng.uniform()), violated=i % 10 == 0)
        for i in range(size)
    ]


def test_a_row_for_each_stratum_and_one_for_all():
    rows = rows_of("ladder", _cohort(), ("a", "b", "nobody"), 1)
    assert [(row.stratum, row.patients) for row in rows] == [("a", 100), ("b", 100), ("all", 200)]
    assert rows[2].numbers["violation_fraction"] == pytest.approx(0.1)
    assert rows[0].numbers["violation_fraction"] == pytest.approx(0.2)


def test_the_interval_is_that_of_the_mean():
    """For a mean of uniform numbers the 95 % interval is 1.96 standard errors on either side."""
    row = rows_of("ladder", _cohort(), ("a",), 1)[-1]
    low, high = row.ci95["time_in_window"]
    error = math.sqrt(1.0 / 12.0 / 200.0)
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.15)
    assert low < row.numbers["time_in_window"] < high


def test_the_same_seed_draws_the_same_samples():
    one, same, other = (rows_of("ladder", _cohort(), ("a",), seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_never_is_null_and_json_holds_no_nan():
    cohort = [replace(one, s_to_window=math.inf, stop_latency_s=None, suds_auc=None) for one in _cohort()]
    row = rows_of("published-a", cohort, ("a",), 1)[0].as_json()
    assert row["median_s_to_window"] is None
    assert row["ci95"]["median_s_to_window"] == [None, None]
    assert row["stop_latency_s"] is None
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_half_of_the_patients_in_the_window_give_a_median():
    cohort = [replace(one, s_to_window=100.0 if one.index % 3 else math.inf) for one in _cohort(201)]
    row = rows_of("ladder", cohort, ("a",), 1)[-1]
    assert row.numbers["median_s_to_window"] == 100.0


def test_wrong_steps_are_counted_not_averaged():
    cohort = [replace(one, wrong_up_steps=int(one.index < 3)) for one in _cohort()]
    counted = rows_of("ladder", cohort, ("a",), 1)[-1].as_json()["wrong_up_steps"]
    assert (counted, type(counted)) == (3, int)


def test_every_number_has_an_interval():
    row = rows_of("ladder", _cohort(), ("a",), 1)[0].as_json()
    assert set(row["ci95"]) == set(METRICS)
    assert set(row) == {"policy", "stratum", "patients", "ci95", *METRICS}
