"""Choosing by looking, whatever the gaze and the frames do."""

from hypothesis import given
from hypothesis import strategies as st

from environments.interact.dwell import DWELL_S, GLANCE_S, Dwell, look

TARGETS = st.sampled_from([None, 0, 1, 2])
LOOKS = st.lists(st.tuples(TARGETS, st.floats(0.001, 0.6)), max_size=80)


@given(LOOKS)
def test_nothing_is_chosen_that_was_not_looked_at_for_as_long_as_it_takes(looks):
    dwell, seen_s = Dwell(), dict.fromkeys((0, 1, 2), 0.0)
    for target, for_s in looks:
        if target is not None:
            seen_s[target] += for_s
        dwell, chosen = look(dwell, target, for_s)
        if chosen is not None:
            assert chosen == target
            assert seen_s[chosen] >= DWELL_S - 1e-9
            seen_s[chosen] = 0.0


@given(LOOKS)
def test_the_fill_stays_in_its_bounds_and_is_of_the_last_target(looks):
    dwell = Dwell()
    for target, for_s in looks:
        before = dwell
        dwell, _ = look(dwell, target, for_s)
        assert 0.0 <= dwell.held_s <= DWELL_S
        assert 0.0 <= dwell.filled_0to1 <= 1.0
        if target is not None:
            assert dwell.target == target
            assert dwell.held_s <= before.held_s + for_s + 1e-9


@given(st.lists(st.floats(0.001, 0.3), min_size=1, max_size=400))
def test_only_time_counts_and_not_how_it_is_cut_into_frames(frames_s):
    dwell, looked_s, chosen_at_s = look(Dwell(), None, 0.01)[0], 0.0, None
    for for_s in frames_s:
        looked_s += for_s
        dwell, chosen = look(dwell, 1, for_s)
        if chosen is not None and chosen_at_s is None:
            chosen_at_s = looked_s
    assert (chosen_at_s is not None) == (looked_s >= DWELL_S - 1e-9)
    if chosen_at_s is not None:
        assert DWELL_S - 1e-9 <= chosen_at_s <= DWELL_S + 0.3


@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 0.25)), max_size=60))
def test_a_chosen_target_is_chosen_again_only_after_the_gaze_left_it(looks):
    dwell, left = Dwell(target=1), False
    for looks_at_it, for_s in looks:
        left = left or not looks_at_it
        dwell, chosen = look(dwell, 1 if looks_at_it else None, for_s)
        assert chosen is None or left
        if chosen is not None:
            left = False


@given(st.floats(0.1, DWELL_S - 0.1), st.floats(0.0, GLANCE_S))
def test_a_glance_aside_keeps_everything(held_s, aside_s):
    dwell, _ = look(Dwell(target=1, held_s=held_s, armed=True), None, aside_s)
    assert dwell.held_s == held_s
