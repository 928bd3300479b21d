import pytest
from numpy.random import default_rng

from tests.cohort.lives import fault
from therapy.cohort.faults import LASTS_S, CohortFault, FaultPlan, FaultyStrap, Lateness, draw_faults, draw_lateness
from therapy.sensing.heart import HeartBeatBatch
from therapy.sensing.heart_rate import decode

BATCH = HeartBeatBatch(70, (870, 880))


def _sent(plan: FaultPlan, seconds: int = 40) -> list[list[bytes]]:
    strap = FaultyStrap(plan, default_rng(1))
    return [strap.packets(HeartBeatBatch(70, (870 + second, 880)), float(second)) for second in range(seconds)]


def test_a_plan_has_every_fault_asked_for_and_no_other():
    for seed in range(20):
        plan = draw_faults(default_rng(seed), (CohortFault.ZERO, CohortFault.BURST), 1200.0)
        assert {span.fault for span in plan.spans} == {CohortFault.ZERO, CohortFault.BURST}
        assert not plan.disturbs
        for span in plan.spans:
            shortest_s, longest_s = LASTS_S[span.fault]
            assert shortest_s <= span.lasts_s <= longest_s
            assert 20.0 <= span.from_s <= 1200.0


def test_no_faults_are_no_faults():
    assert draw_faults(default_rng(1), (), 600.0) == FaultPlan()
    assert all(len(packets) == 1 for packets in _sent(FaultPlan()))


def test_zero_is_a_rate_of_0_or_no_contact():
    for which, problem in ((0.9, "zero-rate"), (0.1, "no-contact")):
        sent = _sent(fault(CohortFault.ZERO, 10.0, 5.0, which))
        assert [decode(packet).error for packets in sent[10:15] for packet in packets] == [problem] * 5
        assert decode(sent[15][0]).bpm == 70


def test_stale_repeats_the_last_packet():
    sent = _sent(fault(CohortFault.STALE, 10.0, 5.0))
    assert sent[10:15] == [sent[9]] * 5
    assert sent[15] != sent[9]


def test_a_burst_brings_everything_at_once():
    sent = _sent(fault(CohortFault.BURST, 10.0, 5.0))
    assert sent[10:15] == [[]] * 5
    assert [decode(packet).rr_ticks[0] for packet in sent[15]] == [880, 881, 882, 883, 884, 885]


def test_a_dropout_sends_nothing():
    strap = FaultyStrap(fault(CohortFault.DROPOUT, 10.0, 5.0), default_rng(1))
    assert [strap.is_away(t_s) for t_s in (9.9, 10.0, 14.9, 15.0)] == [False, True, True, False]
    assert strap.packets(BATCH, 12.0) == []


def test_ectopic_beats_come_early_and_time_is_kept():
    ticks = [rr for packets in _sent(fault(CohortFault.ECTOPIC, 0.0, 40.0)) for rr in decode(packets[0]).rr_ticks]
    assert 3 <= sum(rr < 600 for rr in ticks) <= 15
    assert sum(ticks) == pytest.approx(40 * 1770, rel=0.03)


def test_three_answers_in_ten_go_wrong_in_every_way():
    rng = default_rng(1)
    drawn = [draw_lateness(rng) for _ in range(600)]
    assert 0.2 < sum(one is not None for one in drawn) / 600 < 0.4
    assert set(drawn) == {None, *Lateness}
