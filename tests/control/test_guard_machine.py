"""The guard against a hostile policy, any signal and any person: a state machine that Hypothesis drives and shrinks.

The machine keeps its own books of what really happened (when a rating was given, since when the heart rate has been
good and for how long raised, every rise there was) and never asks the guard what it thinks.  What it shows the guard
is the worst a view may be: it forgets to blank what is stale.  Trouble passes, so that there is much to rise from.
"""

from __future__ import annotations

import math
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

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
from therapy.frozen import changed

AGE_YEARS = 40
BASELINE_BPM = 70.0
GOOD_BPM = 72.0
LEVEL = 0.1
TINY = 1e-9
EVERYTHING = 1.0
WANTED = st.one_of(
    st.just(EVERYTHING),
    st.just(EVERYTHING),
    st.floats(-1.0, 2.0),
    st.sampled_from([0.1, 1e308, -1e308, math.nan, math.inf, -math.inf]),
)
BY = st.sampled_from(
    [Rule.LADDER_UP, Rule.HR_WINDOW_UP, Rule.SCHEDULE, Rule.THERAPIST_UP, Rule.PATIENT_UP, Rule.HOLD, Rule.RE_ENTRY]
)
LOW = st.integers(0, 60)
SECONDS = st.sampled_from([2, 10, 25])
BOUNDS = ("protocol_0to1", "therapist_0to1", "patient_0to1", "next_0to1")
OPEN = Limits(protocol_0to1=1.0, therapist_0to1=1.0, patient_0to1=1.0, next_0to1=1.0)
FLAWS = ({"paused": True}, {"grading": False}, {"frames_in_budget": False}, {"clock_ok": False})


class AnyPolicyUnderTheGuard(RuleBasedStateMachine):
    """One exposure: time passes, signals come and go, people act, and a policy wants whatever it wants."""

    def __init__(self) -> None:
        super().__init__()
        self.guard = GuardState()
        self.t_s = 1000.0
        self.intensity = 0.0
        self.decision: Decision | None = None
        self.rating: int | None = None
        self.rated_s = -math.inf
        self.rating_is_new = False
        self.bpm: float | None = GOOD_BPM
        self.shown_bpm = GOOD_BPM
        self.reading_s = self.t_s
        self.good_since_s = self.t_s
        self.returned_s = -math.inf
        self.raised_s = 0.0
        self.extreme_s = 0.0
        self.flat = False
        self.limits = OPEN
        self.place = PlaceView(grading=True)
        self.suds_only = False
        self.fms: int | None = None
        self.raises: list[tuple[float, float]] = []
        self.must_be_calm = False
        self.left_at = 0.0
        self.may_enter_to = 0.0

    @initialize(calm_at=st.sampled_from([85, 200]), suds_only=st.sampled_from([False, False, False, True]))
    def it_begins(self, calm_at: int, suds_only: bool) -> None:
        self.limits, self.suds_only = changed(OPEN, suds_calm_at=calm_at), suds_only
        self._pass(60, EVERYTHING, Rule.LADDER_UP)

    # --- what may happen --------------------------------------------------------------------------

    @rule(suds=LOW, seconds=st.sampled_from([1, 50, 140]), by=BY)
    def the_patient_rates_low_and_the_policy_climbs(self, suds: int, seconds: int, by: Rule) -> None:
        self._rate(suds)
        self._pass(seconds, EVERYTHING, by)

    @rule(seconds=st.sampled_from([1, 5, 20, 60]), wanted=WANTED, by=BY)
    def time_passes(self, seconds: int, wanted: float, by: Rule) -> None:
        self._pass(seconds, wanted, by)

    @rule(ticks=st.integers(1, 8), wanted=WANTED, by=BY)
    def a_moment_passes(self, ticks: int, wanted: float, by: Rule) -> None:
        for _ in range(ticks):
            self._second(wanted, by, 0.25)

    @rule(suds=st.one_of(st.integers(61, 94), st.integers(95, 100)), wanted=WANTED, by=BY)
    def the_patient_rates_high(self, suds: int, wanted: float, by: Rule) -> None:
        self._rate(suds)
        self._step(wanted, by)

    @precondition(lambda self: self.intensity > 0.0)
    @rule(wanted=st.sampled_from([0.0, 0.0, 0.2, 0.55]))
    def the_policy_lowers(self, wanted: float) -> None:
        lower = min(wanted, self.intensity)
        self._step(lower, Rule.LADDER_DOWN_ONE)
        assert self.intensity <= lower + TINY, "downward is never limited"

    @rule(silent_s=st.sampled_from([1, 10, 60]), then_s=SECONDS, suds=st.none() | LOW)
    def the_strap_goes_silent_and_returns(self, silent_s: int, then_s: int, suds: int | None) -> None:
        self._get_ready()
        self.bpm = None
        self._wait(3)
        self._pass(silent_s, EVERYTHING, Rule.LADDER_UP)
        self.bpm, self.returned_s = GOOD_BPM, self.t_s
        if suds is not None:
            self._wait(1)
            self._rate(suds)
        self._pass(then_s, EVERYTHING, Rule.LADDER_UP)

    @rule(
        bpm=st.one_of(st.floats(51.0, 84.0), st.floats(85.0, 97.0), st.sampled_from([50.0, 99.0, 112.0, 160.0])),
        waits_s=st.sampled_from([0, 10, 31]),
        seconds=SECONDS,
    )
    def the_heart_beats_otherwise_for_a_while(self, bpm: float, waits_s: int, seconds: int) -> None:
        self._get_ready()
        self.bpm = bpm
        self._wait(waits_s)
        self._pass(seconds, EVERYTHING, Rule.LADDER_UP)
        self.bpm = GOOD_BPM

    @rule(nonsense=st.sampled_from([math.nan, math.inf, -math.inf]), seconds=SECONDS, flat=st.booleans())
    def the_signal_is_nonsense_for_a_while(self, nonsense: float, seconds: int, flat: bool) -> None:
        self._get_ready()
        self.bpm, self.flat = (self.bpm, True) if flat else (nonsense, False)
        self._pass(seconds, EVERYTHING, Rule.LADDER_UP)
        self.bpm, self.flat = GOOD_BPM, False

    @rule(flaw=st.sampled_from(FLAWS), seconds=SECONDS, by=BY)
    def the_session_is_not_fit_to_rise_for_a_while(self, flaw: dict[str, Any], seconds: int, by: Rule) -> None:
        self._get_ready()
        self.place = changed(self.place, **flaw)
        self._pass(seconds, EVERYTHING, by)
        self.place = changed(self.place, paused=False, grading=True, frames_in_budget=True, clock_ok=True)

    @rule(which=st.sampled_from(BOUNDS), level=st.sampled_from([0.2, 0.5, 0.75, math.nan]), seconds=SECONDS, by=BY)
    def a_limit_is_low_for_a_while(self, which: str, level: float, seconds: int, by: Rule) -> None:
        self._get_ready()
        self.limits = changed(self.limits, **{which: level})  # type: ignore[arg-type]
        self._pass(seconds, EVERYTHING, by)
        self.limits = changed(self.limits, **{which: 1.0})  # type: ignore[arg-type]

    @rule(fms=st.sampled_from([0, 4, 5, 7]), seconds=SECONDS)
    def sickness_is_told(self, fms: int, seconds: int) -> None:
        self._get_ready()
        self.fms = fms
        self._pass(seconds, EVERYTHING, Rule.LADDER_UP)

    @precondition(lambda self: self.intensity > 0.0)
    @rule(wanted=WANTED)
    def somebody_stops(self, wanted: float) -> None:
        self._must_calm()
        self._step(wanted, Rule.LADDER_UP, patient_stopped=True)

    @precondition(lambda self: self.decision is not None and self.decision.latched)
    @rule(suds=LOW, reentry=st.none() | st.sampled_from([0.2, 1.0]), waits_s=SECONDS, by=BY)
    def the_therapist_resumes(self, suds: int, reentry: float | None, waits_s: int, by: Rule) -> None:
        self._pass(waits_s, EVERYTHING, by)
        self.guard = guard.release(self.guard)
        self.must_be_calm, self.fms = False, None
        self._rate(suds)
        self.may_enter_to = 0.0 if reentry is None else self.left_at - LEVEL
        self.place = changed(self.place, reentry_0to1=reentry)
        self._pass(2, EVERYTHING, Rule.LADDER_UP if reentry is None else Rule.RE_ENTRY)
        self.place, self.may_enter_to = changed(self.place, reentry_0to1=None), 0.0
        self._pass(50, EVERYTHING, by)

    # --- what the machine knows ------------------------------------------------------------------

    def _rate(self, suds: int) -> None:
        self.rating, self.rated_s, self.rating_is_new = suds, self.t_s, True
        if suds >= min(self.limits.suds_calm_at, 95):
            self._must_calm()

    def _must_calm(self) -> None:
        if not self.must_be_calm:
            self.must_be_calm, self.left_at = True, self.intensity

    def _pass(self, seconds: int, wanted: float, by: Rule) -> None:
        for _ in range(seconds):
            self._second(wanted, by, 1.0)

    def _wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self._second(self.intensity, Rule.HOLD, 1.0)

    def _get_ready(self) -> None:
        """So long without a rise that one is due, with room for it and a new rating."""
        if self.intensity > 0.65:
            self._step(0.3, Rule.LADDER_DOWN_ONE)
        for _ in range(15):
            self._second(self.intensity, Rule.HOLD, 3.0)
        self._rate(30)

    def _second(self, wanted: float, by: Rule, seconds: float) -> None:
        self.t_s += seconds
        if self.bpm is not None and math.isfinite(self.bpm):
            if self.t_s - self.reading_s > 3.0:
                self.good_since_s = self.t_s
            self.reading_s, self.shown_bpm = self.t_s, self.bpm
            self.raised_s = self.raised_s + seconds if self.bpm >= BASELINE_BPM + 15.0 else 0.0
            extreme = self.bpm >= BASELINE_BPM * 1.6 or self.bpm <= BASELINE_BPM - 20.0
            self.extreme_s = self.extreme_s + seconds if extreme else 0.0
        elif self.bpm is not None:
            self.shown_bpm = self.bpm
        self._step(wanted, by)

    def _inputs(self, patient_stopped: bool) -> LoopInputs:
        bpm = self.shown_bpm
        heart = HeartView(
            hr10_bpm=bpm,
            hr5_bpm=bpm,
            delta_bpm=bpm - BASELINE_BPM,
            baseline_bpm=BASELINE_BPM,
            age_s=self.t_s - self.reading_s,
            valid_for_s=self.t_s - self.good_since_s,
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
        place = changed(self.place, current_0to1=self.intensity, patient_stopped=patient_stopped)
        return LoopInputs(self.t_s, Cause.TICK, heart, rating, self.limits, place, AGE_YEARS, self.suds_only)

    def _step(self, wanted: float, by: Rule, *, patient_stopped: bool = False) -> None:
        before = self.intensity
        inputs = self._inputs(patient_stopped)
        self.guard, self.decision = guard.step(self.guard, inputs, Proposal(wanted, by, (Reason.SUDS_LOW,), 3.0))
        self.rating_is_new = False
        if self.decision.calm:
            self._must_calm()
        self.intensity = self.decision.applied_0to1
        self._check_words(self.decision)
        self._check_calm()
        self._check_limits(inputs.limits)
        if self.intensity > before + TINY:
            self._check_what_a_rise_needs()
            self._check_how_far(before, wanted)

    # --- what must never be ----------------------------------------------------------------------

    def _check_calm(self) -> None:
        assert self.decision is not None
        if self.must_be_calm:
            assert self.decision.calm, "a stop holds until a therapist resumes"
            assert self.decision.latched
            assert self.intensity == 0.0
        assert self.extreme_s < 11.0 or self.decision.calm, "an extreme heart rate went on"

    def _check_what_a_rise_needs(self) -> None:
        assert self.rating is not None
        assert self.t_s - self.rated_s <= 120.0, "on a stale rating"
        if not self.suds_only:
            assert math.isfinite(self.shown_bpm), "on nonsense"
            assert self.t_s - self.reading_s <= 3.0, "on a stale heart rate"
            assert self.t_s - self.good_since_s >= 30.0, "before the heart rate had qualified"
            assert self.raised_s < 31.0, "against a veto"
            assert self.rated_s >= self.returned_s, "without a rating since the signal came back"
            assert not self.flat
        assert self.place.grading
        assert not self.place.paused
        assert self.place.frames_in_budget
        assert self.place.clock_ok
        assert self.fms is None or self.fms < 5, "while sickness rises"

    def _check_how_far(self, before: float, wanted: float) -> None:
        """A rise is no more than a level in 45 s, but for one re-entry to a level below where the patient was."""
        assert self.intensity <= wanted + TINY, "never more than was proposed"
        if self.may_enter_to > 0.0 and self.decision is not None and self.decision.rule is Rule.RE_ENTRY:
            assert self.intensity <= self.may_enter_to + TINY
            self.may_enter_to, self.raises = 0.0, [(self.t_s, LEVEL)]
            return
        self.raises = [(at_s, rise) for at_s, rise in self.raises if self.t_s - at_s < 45.0]
        self.raises.append((self.t_s, self.intensity - before))
        assert sum(rise for _, rise in self.raises) <= LEVEL + 1e-6, "too much or too soon"

    def _check_limits(self, limits: Limits) -> None:
        assert self.decision is not None
        highest = min(1.0, *(getattr(limits, one) for one in BOUNDS))
        assert 0.0 <= self.intensity <= (0.0 if self.decision.latched else highest) + TINY

    def _check_words(self, decision: Decision) -> None:
        assert math.isfinite(decision.applied_0to1)
        assert decision.ramp_s >= 1.0
        if decision.rule.value.startswith("guard-"):
            assert decision.limiting in decision.reasons, "every limit is named"


TestAnyPolicyUnderTheGuard = AnyPolicyUnderTheGuard.TestCase
TestAnyPolicyUnderTheGuard.settings = settings(
    max_examples=300, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
