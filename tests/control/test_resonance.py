"""The resonance pace: the largest swing and power among the trials that saw enough of the breath."""

from __future__ import annotations

import pytest

from therapy.control.policies.resonance import Trial, best_pace


def trial(pace_per_min: float, swing_bpm: float | None, power_bpm2: float | None, covers_s: float = 64.0) -> Trial:
    return Trial(pace_per_min, swing_bpm, power_bpm2, covers_s)


@pytest.mark.parametrize(
    ("trials", "best"),
    [
        ([trial(6.5, 5.0, 5.0), trial(6.0, 9.0, 9.0), trial(5.5, 7.0, 7.0)], 6.0),
        ([trial(6.5, 9.0, 5.0), trial(6.0, 8.0, 9.0), trial(5.5, 7.0, 8.0)], 6.0),
        ([trial(6.5, 9.0, 5.0), trial(6.0, 8.0, 6.0)], 6.5),
        ([trial(6.0, 8.0, 6.0), trial(6.5, 9.0, 5.0)], 6.5),
        ([trial(5.5, 8.0, 6.0), trial(6.0, 8.0, 6.0)], 6.0),
        ([trial(6.0, 8.0, 6.0), trial(5.5, 8.0, 6.0)], 6.0),
        ([trial(6.5, 1.0, 1.0), trial(6.0, 1.0, 2.0), trial(5.5, 2.0, 1.0)], 5.5),
        ([trial(6.5, 1.0, 1.0), trial(6.0, 2.0, 2.0), trial(5.5, 3.0, 1.0)], 6.0),
        ([trial(6.5, 1.0, 2.0), trial(6.0, 1.0, 3.0)], 6.0),
        ([trial(6.5, 1.0, 2.0), trial(6.0, 2.0, 1.0)], 6.0),
    ],
    ids=[
        "best in both",
        "best sum of ranks",
        "a tie goes to the larger swing",
        "in whatever order",
        "then to the faster pace",
        "in whatever order again",
        "equals in swing do not outrank each other",
        "nor equals in power",
        "power is compared with power",
        "a tie goes to the larger swing, not to the faster pace",
    ],
)
def test_the_best_sum_of_ranks_wins(trials: list[Trial], best: float) -> None:
    assert best_pace(tuple(trials)) == best


@pytest.mark.parametrize(
    ("worse", "counts"),
    [
        (trial(5.5, 9.0, 9.0, 50.0), True),
        (trial(5.5, 9.0, 9.0, 49.9), False),
        (trial(5.5, None, 9.0), False),
        (trial(5.5, 9.0, None), False),
    ],
)
def test_a_trial_counts_that_saw_fifty_seconds_of_both(worse: Trial, counts: bool) -> None:
    assert best_pace((trial(6.0, 1.0, 1.0), worse)) == (5.5 if counts else 6.0)
    assert best_pace((worse,)) == (5.5 if counts else None)
