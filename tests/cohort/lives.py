"""Virtual sessions and patients that the tests of cohorts share."""

from __future__ import annotations

import multiprocessing
import os

from numpy.random import default_rng

from therapy.cohort.arms import arm_of, setup_of
from therapy.cohort.faults import CohortFault, FaultPlan, Span
from therapy.cohort.truth import Truth
from therapy.cohort.visit import Visit
from therapy.cohort.world import World
from therapy.patient.model import PatientAnswer
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.sensing.heart import HeartBeatBatch, SteadyHeart


class Willing:
    """A patient of steady heart who answers what the test says, `suds` at first 20, and feels what is shown."""

    strata = ("willing",)

    def __init__(self, seed: int = 1, stratum: str = "willing") -> None:
        self.suds = 20
        self.delay_s = 3.0
        self.answers = True
        self.shown: list[tuple[float, float | None]] = []
        self.asked: list[tuple[float, str]] = []
        self._heart = SteadyHeart(mean_bpm=66.0 + seed % 5)
        self._stratum = stratum

    @property
    def fear_0to100(self) -> float:
        return 100.0 * (self.shown[-1][1] or 0.0) if self.shown else 0.0

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        self.shown.append((t_s, intensity_0to1))

    def advance(self, t_s: float) -> HeartBeatBatch:
        return self._heart.advance(t_s)

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        self.asked.append((t_s, panel))
        return PatientAnswer(self.suds if panel == "suds" else 50, self.delay_s) if self.answers else None

    def move(self, t_s: float, speed_m_s: float) -> None:
        """A seated patient."""


class Numb(Willing):
    """Has no number for its fear."""

    @property
    def fear_0to100(self) -> float:
        return float("nan")


class Deadly(Willing):
    """Ends its process, as a machine short of memory does."""

    def __init__(self, seed: int = 1, stratum: str = "willing") -> None:
        super().__init__(seed, stratum)
        if multiprocessing.parent_process() is not None:
            os._exit(1)


class Shouting(Willing):
    """Rates 95 once, and low otherwise."""

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        given = super().answer(panel, t_s)
        first = panel == "suds" and sum(one == "suds" for _, one in self.asked) == 4
        return PatientAnswer(100, self.delay_s) if first else given


def lived(
    policy: str = "ladder",
    minutes: float = 6.0,
    patient: Willing | VirtualPatient | None = None,
    *,
    faults: FaultPlan | None = None,
    tick_s: float = 1.0,
) -> Truth:
    """A session lived to its end."""
    visit = Visit(setup_of(arm_of(policy), minutes), minutes, tick_s, faults or FaultPlan())
    return World(visit, patient or VirtualPatient(5, Stratum.TYPICAL), default_rng(3)).run()


def fault(kind: CohortFault, from_s: float, lasts_s: float, which: float = 0.9) -> FaultPlan:
    """One stretch of one fault."""
    return FaultPlan((Span(kind, from_s, lasts_s, which),))


def levels(truth: Truth) -> list[float | None]:
    """What was shown from the beginning of the exposure on."""
    assert truth.exposure_s is not None
    return [one.intensity_0to1 for one in truth.shown if one.t_s >= truth.exposure_s]
