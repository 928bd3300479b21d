"""The numbers of the guard's rules: a record refers to them, so they never change."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.control.inputs import any_inputs, nearly_allowed, proposals, up
from therapy.control import guard
from therapy.control.decision import LoopInputs, Proposal, Reason
from therapy.control.guard import GuardState
from therapy.control.guard_rules import RULE_IDS, STOPS, rule_id

PARAGRAPHS = {
    "G1": (
        "suds-stale hr-missing hr-not-requalified no-baseline hr-veto paused not-grading frames-late raise-too-soon "
        "raise-too-large hard-limit ceiling protocol-limit patient-limit not-tolerated-yet"
    ),
    "G2": "hr-stale hr-lost suds-after-signal-loss-missing",
    "G3": "hr-near-maximum hr-far-above-baseline hr-above-baseline hr-far-below-baseline",
    "G4": (
        "suds-extreme patient-stopped therapist-stopped prompts-missed sickness sickness-rising headset-off "
        "tracking-lost exception watchdog-missed player-lost player-latched player-mismatch store-failed"
    ),
    "G6": "not-finite clock-jumped hr-too-flat sensor-unreliable beats-repeated",
}


def test_each_reason_keeps_its_number() -> None:
    assert dict(RULE_IDS) == {
        Reason(word): f"{paragraph}.{number}"
        for paragraph, words in PARAGRAPHS.items()
        for number, word in enumerate(words.split(), start=1)
    }


def test_a_policys_reason_has_no_number() -> None:
    assert rule_id(Reason.SUDS_STALE) == "G1.1"
    assert rule_id(Reason.SUDS_LOW) is None


def test_every_stop_has_a_number_of_its_own() -> None:
    assert len({rule_id(reason) for reason in STOPS} - {None}) == len(STOPS) == 16


@given(inputs=st.one_of(nearly_allowed(), any_inputs), proposal=st.one_of(st.just(up()), proposals))
@settings(max_examples=200)
def test_whatever_limits_has_a_number(inputs: LoopInputs, proposal: Proposal) -> None:
    decision = guard.step(GuardState(), inputs, proposal)[1]
    assert decision.limiting is None or rule_id(decision.limiting) is not None
    assert decision.limiting is not None or decision.rule is proposal.rule
