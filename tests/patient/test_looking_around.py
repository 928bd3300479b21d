"""Where a virtual patient looks while nothing is asked."""

from __future__ import annotations

import math

import pytest

from environments.interact.layout import DISC_PITCH_DEG, DISC_RADIUS_DEG
from therapy.actor import _wandering


@pytest.mark.parametrize("graded", [False, True])
def test_a_patient_who_looks_around_never_looks_at_the_disc_that_stops(graded: bool) -> None:
    looks = [_wandering(0.1 * tick, graded) for tick in range(72_000)]
    nearest_deg = min(math.hypot(one.yaw_deg, one.pitch_deg - DISC_PITCH_DEG) for one in looks)
    assert nearest_deg > DISC_RADIUS_DEG + 4.0
    assert max(one.yaw_deg for one in looks) > 15.0
    assert min(one.pitch_deg for one in looks) < (-18.0 if graded else -3.0)
