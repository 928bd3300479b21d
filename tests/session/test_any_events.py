"""Whatever happens in whatever order, the engine answers, and intensity rises only as the guard allows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.session.rehearsal import Rehearsal, packet_hex, rehearsal
from therapy.session.engine import step
from therapy.session.events import (
    Answered,
    BatteryRead,
    Decided,
    Event,
    Fault,
    FaultKind,
    LinkState,
    PacketArrived,
    PanelAppeared,
    PlayerBack,
    PlayerGone,
    PlayerRefused,
    PlayerSaid,
    SensorLink,
    SoundSaid,
    Stopped,
    Therapist,
    TherapistAction,
    Tick,
)

packets = st.one_of(
    st.binary(max_size=20).map(lambda content: PacketArrived(content.hex())),
    st.builds(
        lambda bpm, rr, contact: PacketArrived(packet_hex(bpm, rr, contact)),
        st.integers(0, 255),
        st.lists(st.integers(0, 4000), max_size=4),
        st.sampled_from([None, True, False]),
    ),
)
said = st.builds(
    PlayerSaid,
    scene=st.sampled_from(["heights", "shore", ""]),
    intensity_0to1=st.floats(0, 1),
    scene_time_s=st.floats(0, 1000),
    latch=st.none() | st.sampled_from(["patient-stop", "lease-lost", "commanded"]),
    latch_id=st.integers(0, 5),
    head_worn=st.booleans(),
    head_tracked=st.booleans(),
    frames_in_budget=st.booleans(),
)
events = st.one_of(
    st.just(Tick()),
    packets,
    st.builds(SensorLink, st.sampled_from(LinkState)),
    st.builds(BatteryRead, st.integers(0, 100)),
    st.builds(Answered, st.integers(0, 9), st.sampled_from(["suds", "expectancy"]), st.integers(-50, 150)),
    st.builds(PanelAppeared, st.integers(0, 9)),
    st.builds(Stopped, st.just("key"), st.integers(0, 5)),
    st.builds(
        Therapist,
        st.sampled_from(TherapistAction),
        st.none() | st.floats(allow_nan=True),
        st.sampled_from(["", "gust", "words", "mono"]),
    ),
    said,
    st.just(PlayerGone("gone")),
    st.just(PlayerBack()),
    st.just(PlayerRefused("event", "unknown")),
    st.builds(
        SoundSaid, st.just("ears"), st.booleans(), st.booleans(), st.sampled_from(["", "gone"]), *[st.just(-30.0)] * 2
    ),
    st.builds(Fault, st.sampled_from(FaultKind), st.just("detail")),
)


@pytest.fixture(scope="module")
def exposed() -> Rehearsal:
    session = rehearsal(seed=1).begin().run_to("exposure")
    session.answers = False
    session.run(session.t_s + 30.0)
    session.rate(20)
    return session.run(session.t_s + 25.0)


@given(happenings=st.lists(st.tuples(events, st.floats(0, 30) | st.just(0.25)), min_size=1, max_size=40))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_of_events_is_survived_within_the_limits(
    exposed: Rehearsal, happenings: list[tuple[Event, float]]
) -> None:
    state, now_s, suds_only = exposed.state, exposed.t_s, False
    for event, wait_s in happenings:
        now_s += wait_s
        state, outputs = step(exposed.setup, state, event, now_s)
        suds_only = suds_only or state.suds_only
        for decision in (output.decision for output in outputs if isinstance(output, Decided)):
            if decision.applied_0to1 <= decision.before_0to1:
                continue
            rating, heart = decision.inputs.rating, decision.inputs.heart
            assert decision.applied_0to1 <= state.place.ceiling_0to1 + 1e-9
            assert rating.age_s is not None
            assert rating.age_s <= 120.0
            assert suds_only or (heart.age_s is not None and heart.age_s <= 3.0 and heart.valid_for_s >= 30.0)
        assert 0.0 <= state.place.current_0to1 <= 1.0
