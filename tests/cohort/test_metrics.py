import math
from dataclasses import replace

import pytest

from therapy.cohort.audit import Wrong, WrongStep
from therapy.cohort.metrics import PatientResult, measure
from therapy.cohort.truth import Given, Shown, Truth

WHO = (7, "typical")


def _measured(fear: list[float], **known: object) -> PatientResult:
    truth = replace(Truth(exposure_s=100.0, fear=fear), **known)  # type: ignore[arg-type]
    return measure(truth, (), float(len(fear) or 600), WHO)


def test_the_window_is_from_40_to_75():
    assert _measured([39.9, 40.0, 60.0, 75.0, 75.1]).time_in_window == pytest.approx(0.6)


def test_a_violation_is_fear_above_85_at_any_time():
    assert not _measured([85.0] * 10).violated
    assert _measured([50.0] * 9 + [85.1]).violated
    assert _measured([86.0, 90.0, 50.0]).seconds_above_85 == 2.0


def test_the_way_to_the_window_ends_at_40():
    assert _measured([10.0, 39.0, 41.0, 90.0]).s_to_window == 2.0
    assert _measured([10.0] * 5).s_to_window == math.inf


def test_each_rise_above_75_is_an_overshoot():
    assert _measured([70.0, 76.0, 90.0, 74.0, 75.5, 60.0]).overshoots == 2
    assert _measured([80.0, 81.0]).overshoots == 1


def test_calm_seconds_are_those_below_20():
    assert _measured([19.9, 20.0, 5.0]).seconds_below_20 == 2.0


def test_a_reversal_is_a_turn_of_the_way():
    levels = [0.0, 0.1, 0.2, 0.1, 0.2, None, 0.1]
    shown = [Shown(100.0 + 60.0 * number, level) for number, level in enumerate(levels)]
    assert _measured([50.0] * 600, shown=[Shown(20.0, None), *shown]).reversals_per_10_min == 4.0
    assert _measured([50.0] * 300, shown=shown[:4]).reversals_per_10_min == 2.0
    assert _measured([50.0] * 100, shown=shown).reversals_per_10_min == 0.0


def test_the_area_under_the_ratings_holds_each_until_the_next():
    ratings = [Given(50.0, 10, 45.0), Given(160.0, 40, 155.0), Given(400.0, 90, 395.0), Given(900.0, 100, 890.0)]
    assert _measured([50.0] * 600, ratings=ratings).suds_auc == pytest.approx(1 * 10 + 4 * 40 + 5 * 90)
    assert _measured([50.0] * 600).suds_auc is None


def test_a_step_with_two_faults_is_one_wrong_step():
    wrong = (WrongStep(5.0, Wrong.HR_MISSING), WrongStep(5.0, Wrong.TOO_FAST), WrongStep(9.0, Wrong.TOO_FAST))
    result = measure(Truth(exposure_s=0.0, fear=[50.0]), wrong, 1.0, WHO)
    assert result.wrong_up_steps == 2
    assert result.wrong == ("hr-missing", "too-fast", "too-fast")


def test_what_was_not_lived_is_outside_the_window():
    result = measure(Truth(), (), 600.0, WHO)
    assert (result.time_in_window, result.s_to_window, result.reversals_per_10_min) == (0.0, math.inf, 0.0)
    assert (result.index, result.stratum) == WHO
