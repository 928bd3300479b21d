"""Published rules as they were published: a heart rate read naively, one rule, and no guard.

Only for comparisons with virtual patients.  Nothing of a live session can reach this module.
"""

from __future__ import annotations

from statistics import mean, stdev

from numpy.random import Generator

from therapy.cohort.arms import AGE_YEARS, BASELINE_S, START_LEVEL, TOP_LEVEL
from therapy.cohort.faults import ClockFault, CohortFault, FaultyStrap
from therapy.cohort.truth import Shown, Truth
from therapy.cohort.visit import Visit
from therapy.control.decision import Cause, HeartView, Limits, LoopInputs, PlaceView, RatingView, Rule
from therapy.control.policies.base import Policy
from therapy.patient.model import PatientModel

SETTLING_S = 60
SMALLEST_SPREAD_BPM = 1.0


class BareWorld:
    """One visit of one patient under one published rule, a step a second."""

    def __init__(self, visit: Visit, patient: PatientModel, policy: Policy, rng: Generator) -> None:
        self._visit = visit
        self._patient = patient
        self._policy = policy
        self._memory = policy.begin()
        self._strap = FaultyStrap(visit.faults, rng.spawn(1)[0])
        self._stalls = [
            span for span in visit.faults.spans if span.fault is CohortFault.CLOCK and span.clock is ClockFault.LEAP
        ]
        self._truth = Truth(start_0to1=START_LEVEL / TOP_LEVEL)
        self._bpm: float | None = None
        self._linked = False
        self._rest = HeartView()
        self._level_0to1 = START_LEVEL / TOP_LEVEL
        self._level_s = BASELINE_S

    def run(self) -> Truth:
        """Live through the baseline and the measured exposure; what really happened."""
        self._patient.set_scene(0.0, None, self._visit.setup.protocol.calm.overrides.get("pace_per_min"))
        at_rest_bpm = []
        for second in range(round(BASELINE_S)):
            self._hear(float(second))
            if second >= SETTLING_S and self._bpm is not None:
                at_rest_bpm.append(self._bpm)
        if len(at_rest_bpm) > 1:
            self._rest = HeartView(
                baseline_bpm=mean(at_rest_bpm), baseline_spread_bpm=max(stdev(at_rest_bpm), SMALLEST_SPREAD_BPM)
            )
        self._truth.exposure_s = BASELINE_S
        self._show(BASELINE_S, self._level_0to1)
        for second in range(round(self._visit.measured_s)):
            self._hear(BASELINE_S + second)
            self._truth.fear.append(self._patient.fear_0to100)
            if not any(span.covers(float(second)) for span in self._stalls):
                self._step(BASELINE_S + second)
        return self._truth

    def _hear(self, t_s: float) -> None:
        """Take the strap's rate as it comes: a rate of 0 is a rate, and the last one holds until the next."""
        beats = self._patient.advance(t_s)
        exposed_s = -1.0 if self._truth.exposure_s is None else t_s - self._truth.exposure_s
        here = not self._strap.is_away(exposed_s)
        if here is not self._linked:
            self._linked = here
            self._truth.links.append((t_s, here))
        for packet in self._strap.packets(beats, exposed_s):
            self._truth.packets.append((t_s, packet))
            self._bpm = float(packet[1])

    def _step(self, t_s: float) -> None:
        self._memory, proposal = self._policy.step(self._memory, self._inputs(t_s))
        calm = proposal.rule is Rule.PUBLISHED_CALM
        changed = proposal.intensity_0to1 != self._level_0to1 or calm is not self._is_calm
        if changed:
            self._show(t_s, None if calm else proposal.intensity_0to1)

    @property
    def _is_calm(self) -> bool:
        return self._truth.shown[-1].intensity_0to1 is None

    def _show(self, t_s: float, intensity_0to1: float | None) -> None:
        self._level_0to1, self._level_s = intensity_0to1 or 0.0, t_s
        self._patient.set_scene(t_s, intensity_0to1)
        self._truth.shown.append(Shown(t_s, intensity_0to1))

    def _inputs(self, t_s: float) -> LoopInputs:
        heart = HeartView(
            hr10_bpm=self._bpm,
            baseline_bpm=self._rest.baseline_bpm,
            baseline_spread_bpm=self._rest.baseline_spread_bpm,
        )
        place = PlaceView(grading=True, current_0to1=self._level_0to1, dwell_s=t_s - self._level_s)
        return LoopInputs(
            t_s=t_s,
            cause=Cause.TICK,
            heart=heart,
            rating=RatingView(),
            limits=Limits(1.0, 1.0),
            place=place,
            age_years=AGE_YEARS,
            suds_only=False,
        )
