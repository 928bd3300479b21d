"""The guard against a hostile policy, any signal and any person: a state machine that Hypothesis drives and shrinks.

The machine keeps its own books of what really happened (when a rating was given, since when the heart rate
has been good, every rise there was) and never asks the guard what it thinks.
"""

from __future__ import annotations

import math

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from therapy.control import guard
from therapy.control.decision import (
    Cause,
    Decision,
    HeartView,
    Limits,
    LoopInputs,
    PlaceView,
    Proposal,
    RatingView,
    Reason,
    Rule,
)
from therapy.control.guard import GuardState

AGE_YEARS = 40
BASELINE_BPM = 70.0
GREEDY = st.just(1.0)
WANTED = st.one_of(
    GREEDY,
    GREEDY,
    GREEDY,
    st.floats(-1.0, 2.0),
    st.sampled_from([0.0, 0.1, 1e308, -1e308, math.nan, math.inf, -math.inf]),
)
MOSTLY = st.sampled_from([True, True, True, False])
RULES = st.sampled_from(
    [Rule.LADDER_UP, Rule.HR_WINDOW_UP, Rule.SCHEDULE, Rule.THERAPIST_UP, Rule.PATIENT_UP, Rule.HOLD]
)
LEVELS = st.sampled_from([0.2, 0.5, 0.8, 0.9, 1.0, 1.0, math.nan])


class AnyPolicyUnderTheGuard(RuleBasedStateMachine):
    """One exposure: time passes, signals come and go, people act, and a policy wants whatever it wants."""

    def __init__(self) -> None:
        super().__init__()
        self.guard = GuardState()
        self.t_s = 1000.0
        self.intensity = 0.0
        self.rating: int | None = None
        self.rated_s = -math.inf
        self.rating_is_new = False
        self.bpm: float | None = 72.0
        self.last_bpm = 72.0
        self.reading_s = self.t_s
        self.good_since_s: float | None = self.t_s
        self.returned_s = -math.inf
        self.flat = False
        self.raises: list[tuple[float, float]] = []
        self.limits = Limits(1.0, 0.8, 1.0, 95, 0.9)
        self.place = PlaceView(grading=True)
        self.suds_only = False
        self.fms: int | None = None
        self.must_be_calm = False
        self.decision: Decision | None = None
        self.before = 0.0

    # --- what may happen --------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.25, 1.0, 5.0, 20.0, 50.0, 200.0]), wanted=WANTED, by=RULES)
    def time_passes(self, seconds: float, wanted: float, by: Rule) -> None:
        for _ in range(math.ceil(seconds)):
            self.t_s += min(seconds, 1.0)
            self._beat()
            self._step(wanted, by)

    @rule(suds=st.one_of(st.integers(0, 60), st.integers(0, 60), st.integers(0, 100)), wanted=WANTED, by=RULES)
    def the_patient_rates(self, suds: int, wanted: float, by: Rule) -> None:
        self.rating, self.rated_s, self.rating_is_new = suds, self.t_s, True
        self.must_be_calm = self.must_be_calm or suds >= min(self.limits.suds_calm_at, 95)
        self._step(wanted, by)

    @rule(
        bpm=st.one_of(
            st.floats(55.0, 84.0),
            st.floats(55.0, 84.0),
            st.floats(40.0, 140.0),
            st.sampled_from([0.0, math.nan, math.inf, -60.0]),
        )
    )
    def the_heart_beats_otherwise(self, bpm: float) -> None:
        usable = math.isfinite(bpm) and bpm > 0.0
        self.bpm = bpm if usable else None
        if not usable:
            self.good_since_s = None

    @rule()
    def the_strap_goes_silent(self) -> None:
        self.bpm = None
        self.good_since_s = None

    @rule()
    def the_strap_returns(self) -> None:
        self.bpm, self.returned_s = 72.0, self.t_s

    @rule(flat=st.sampled_from([False, False, True]))
    def the_signal_flattens(self, flat: bool) -> None:
        self.flat = flat

    @rule(
        level=LEVELS,
        which=st.sampled_from(["therapist_0to1", "protocol_0to1", "patient_0to1", "next_0to1"]),
        calm_at=st.sampled_from([85, 95, 200]),
    )
    def a_limit_changes(self, level: float, which: str, calm_at: int) -> None:
        now = {name: getattr(self.limits, name) for name in ("protocol_0to1", "therapist_0to1", "patient_0to1")}
        values = {**now, "next_0to1": self.limits.next_0to1, which: level}
        self.limits = Limits(suds_calm_at=calm_at, **values)

    @rule(name=st.sampled_from(["paused", "grading", "frames_in_budget", "clock_ok"]), way=MOSTLY)
    def the_session_changes(self, name: str, way: bool) -> None:
        fields = {field: getattr(self.place, field) for field in ("paused", "grading", "frames_in_budget", "clock_ok")}
        self.place = PlaceView(**{**fields, name: way})

    @rule(fms=st.sampled_from([0, 1, 3, 4, 5, 7]))
    def sickness_is_told(self, fms: int) -> None:
        self.fms = fms

    @precondition(lambda self: self.intensity > 0.0)
    @rule(wanted=WANTED)
    def somebody_stops(self, wanted: float) -> None:
        self.must_be_calm = True
        self._step(wanted, Rule.LADDER_UP, patient_stopped=True)

    @precondition(lambda self: bool(self.guard.latched))
    @rule()
    def the_therapist_resumes(self) -> None:
        self.guard = guard.release(self.guard)
        self.must_be_calm = False
        self.rating = self.rating if self.rating is not None and self.rating < 95 else None
        self.fms = None if self.fms is None or self.fms >= 10 else self.fms

    # --- one step, and what it must never do ------------------------------------------------------

    def _beat(self) -> None:
        if self.bpm is None:
            return
        if self.t_s - self.reading_s > 3.0 or self.good_since_s is None:
            self.good_since_s = self.t_s
        self.reading_s, self.last_bpm = self.t_s, self.bpm

    def _inputs(self, patient_stopped: bool) -> LoopInputs:
        fresh = self.bpm is not None and self.t_s - self.reading_s <= 3.0
        bpm = self.bpm if fresh else self.last_bpm  # a view that forgets to blank a stale value must not matter
        heart = HeartView(
            hr10_bpm=bpm,
            hr5_bpm=bpm,
            delta_bpm=None if bpm is None else bpm - BASELINE_BPM,
            baseline_bpm=BASELINE_BPM,
            age_s=self.t_s - self.reading_s,
            valid_for_s=0.0 if self.good_since_s is None else self.t_s - self.good_since_s,
            is_flat=self.flat,
        )
        rating = RatingView(
            suds=self.rating,
            age_s=None if self.rating is None else self.t_s - self.rated_s,
            is_new=self.rating_is_new,
            given_on_level=True,
            since_signal_return=self.rated_s >= self.returned_s,
            fms=self.fms,
            fms_rise=self.fms,
        )
        place = self.place
        place = PlaceView(
            grading=place.grading,
            paused=place.paused,
            frames_in_budget=place.frames_in_budget,
            clock_ok=place.clock_ok,
            current_0to1=self.intensity,
            patient_stopped=patient_stopped,
        )
        return LoopInputs(self.t_s, Cause.TICK, heart, rating, self.limits, place, AGE_YEARS, self.suds_only)

    def _step(self, wanted: float, by: Rule, *, patient_stopped: bool = False) -> None:
        inputs = self._inputs(patient_stopped)
        self.guard, decision = guard.step(self.guard, inputs, Proposal(wanted, by, (Reason.SUDS_LOW,), 3.0))
        self.before, self.decision, self.rating_is_new = self.intensity, decision, False
        self.intensity = decision.applied_0to1
        if self.intensity > self.before + 1e-9:
            self._may_rise(inputs)
            self.raises.append((self.t_s, self.intensity - self.before))

    def _may_rise(self, inputs: LoopInputs) -> None:
        assert self.rating is not None
        assert self.t_s - self.rated_s <= 120.0, "on a stale rating"
        assert self.bpm is not None, "without a heart rate"
        assert self.t_s - self.reading_s <= 3.0, "on a stale heart rate"
        assert self.good_since_s is not None
        assert self.t_s - self.good_since_s >= 30.0, "before the heart rate had qualified"
        assert self.rated_s >= self.returned_s, "without a rating since the signal came back"
        assert not self.flat
        assert self.place.grading
        assert not self.place.paused
        assert self.place.frames_in_budget
        assert self.place.clock_ok
        assert self.fms is None or self.fms < 5
        assert not self.must_be_calm

    @invariant()
    def it_stays_within_every_limit(self) -> None:
        if self.decision is None or self.decision.latched:
            return
        limits = self.decision.inputs.limits
        highest = min(1.0, limits.protocol_0to1, limits.therapist_0to1, limits.patient_0to1, limits.next_0to1)
        assert 0.0 <= self.intensity <= highest + 1e-9

    @invariant()
    def it_never_rises_faster_than_a_level_in_45_s(self) -> None:
        for at_s, _ in self.raises[-3:]:
            within = [amount for other_s, amount in self.raises if at_s <= other_s < at_s + 45.0]
            assert sum(within) <= 0.1 + 1e-6

    @invariant()
    def a_stop_holds_until_a_therapist_resumes(self) -> None:
        if self.must_be_calm and self.decision is not None:
            assert self.decision.calm
            assert self.decision.latched
            assert self.intensity == 0.0

    @invariant()
    def every_limit_is_named(self) -> None:
        decision = self.decision
        if decision is None:
            return
        assert math.isfinite(decision.applied_0to1)
        assert decision.ramp_s >= 1.0
        if decision.rule in (Rule.GUARD_HOLD, Rule.GUARD_CAP, Rule.GUARD_CALM, Rule.GUARD_HR_HIGH_DOWN):
            assert decision.limiting is not None
            assert decision.limiting in decision.reasons
        if decision.applied_0to1 > decision.before_0to1:
            assert decision.proposed_0to1 >= decision.applied_0to1 - 1e-9, "never more than was proposed"


TestAnyPolicyUnderTheGuard = AnyPolicyUnderTheGuard.TestCase
TestAnyPolicyUnderTheGuard.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
