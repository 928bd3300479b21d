"""What one virtual session is measured by.  Definitions: `docs/cohort.md`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from therapy.cohort.audit import WrongStep
from therapy.cohort.truth import Truth

WINDOW = (40.0, 75.0)
VIOLATION_FEAR = 85.0
BORED_FEAR = 20.0
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class PatientResult:
    """One patient's session in numbers; None is "not known", an infinite `s_to_window` is "never"."""

    index: int
    stratum: str
    time_in_window: float
    violated: bool
    s_to_window: float
    overshoots: int
    seconds_above_85: float
    seconds_below_20: float
    wrong_up_steps: int
    reversals_per_10_min: float
    stop_latency_s: float | None
    suds_auc: float | None
    wrong: tuple[str, ...] = ()


def measure(truth: Truth, wrong: Sequence[WrongStep], measured_s: float, who: tuple[int, str]) -> PatientResult:
    """The numbers of a session over `measured_s` of exposure; `who` is the patient's index and stratum.

    What was not lived, because no exposure began, counts as outside the window.
    """
    fear = truth.fear
    index, stratum = who
    return PatientResult(
        index=index,
        stratum=stratum,
        time_in_window=sum(WINDOW[0] <= one <= WINDOW[1] for one in fear) / measured_s,
        violated=any(one > VIOLATION_FEAR for one in fear),
        s_to_window=next((float(second) for second, one in enumerate(fear) if one >= WINDOW[0]), math.inf),
        overshoots=sum(before <= WINDOW[1] < after for before, after in pairwise([0.0, *fear])),
        seconds_above_85=float(sum(one > VIOLATION_FEAR for one in fear)),
        seconds_below_20=float(sum(one < BORED_FEAR for one in fear)),
        wrong_up_steps=len({one.t_s for one in wrong}),
        reversals_per_10_min=_reversals(truth, measured_s) * 600.0 / measured_s,
        stop_latency_s=truth.stop_latency_s,
        suds_auc=_suds_auc(truth, measured_s),
        wrong=tuple(one.wrong.value for one in wrong),
    )


def _reversals(truth: Truth, measured_s: float) -> int:
    """How often the way turned, from up to down or back; the calm scene is level 0."""
    begun_s = truth.exposure_s
    if begun_s is None:
        return 0
    levels = [one.intensity_0to1 or 0.0 for one in truth.shown if begun_s <= one.t_s < begun_s + measured_s]
    ways = [after > before for before, after in pairwise(levels) if abs(after - before) > TINY]
    return sum(before is not after for before, after in pairwise(ways))


def _suds_auc(truth: Truth, measured_s: float) -> float | None:
    """The area under the ratings in SUDS x min, each rating holding until the next; None without a rating."""
    if truth.exposure_s is None:
        return None
    begin_s, end_s = truth.exposure_s, truth.exposure_s + measured_s
    given = [one for one in truth.ratings if one.t_s < end_s]
    if not given:
        return None
    times_s = [max(one.t_s, begin_s) for one in given] + [end_s]
    return (
        sum(one.suds * (until_s - from_s) for one, (from_s, until_s) in zip(given, pairwise(times_s), strict=True))
        / 60.0
    )
