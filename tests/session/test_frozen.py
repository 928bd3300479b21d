"""Quick records are what they were: locked, equal, hashable; only faster to make."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.rehearsal import rehearsal
from therapy.frozen import changed, closed, made, opened, quick
from therapy.session.engine import step
from therapy.session.events import PacketArrived, Tick


@dataclass(frozen=True, slots=True)
class Plain:
    beat_s: float
    accepted: bool = True
    words: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    beat_s: float
    accepted: bool = True
    words: tuple[str, ...] = ()


QUICK = Quick(1.5, words=("a",))


@pytest.mark.parametrize(
    "record",
    [QUICK, changed(QUICK, accepted=False), replace(QUICK, beat_s=2.0), made(Quick)(2.0), closed(opened(QUICK))],
)
def test_a_record_is_locked_however_it_was_made(record: Quick) -> None:
    with pytest.raises(FrozenInstanceError):
        record.beat_s = 3.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del record.words
    assert type(record) is Quick
    assert not hasattr(record, "__dict__")


@given(beat_s=st.floats(allow_nan=False), accepted=st.booleans(), words=st.lists(st.text()).map(tuple))
def test_a_quick_record_is_equal_hashed_and_shown_like_a_plain_one(
    beat_s: float, accepted: bool, words: tuple[str, ...]
) -> None:
    record, plain = Quick(beat_s, accepted, words), Plain(beat_s, accepted, words)
    assert record == Quick(beat_s=beat_s, words=words, accepted=accepted)
    assert hash(record) == hash(plain)
    assert repr(record) == repr(plain).replace("Plain", "Quick")
    assert changed(Quick(-1.0), beat_s=beat_s, accepted=accepted, words=words) == record
    assert made(Quick)(beat_s, accepted, words=words) == record


def test_a_change_leaves_the_old_record_alone() -> None:
    assert changed(QUICK, beat_s=9.0) == Quick(9.0, True, ("a",))
    assert Quick(1.5, True, ("a",)) == QUICK
    with pytest.raises(AttributeError):
        changed(QUICK, beats=1)  # type: ignore[call-arg]


def test_an_opened_copy_is_filled_apart_from_its_record() -> None:
    copied = opened(QUICK)
    setattr(copied, "beat_s", 4.0)  # noqa: B010 - to the type checker it is locked
    assert closed(copied) == Quick(4.0, words=("a",))
    assert QUICK.beat_s == 1.5


def test_a_step_leaves_the_old_state_alone_and_locks_the_new_one() -> None:
    session = rehearsal(seed=1).begin().run(30.0)
    before, shown = session.state, repr(session.state)
    for event in (Tick(), PacketArrived("1648ee02")):
        after, _ = step(session.setup, before, event, 30.25)
        assert repr(before) == shown
        assert after.t_s == 30.25
        with pytest.raises(FrozenInstanceError):
            after.t_s = 1.0  # type: ignore[misc]


def test_arguments_and_defaults_stay_those_of_the_dataclass() -> None:
    assert inspect.signature(Quick) == inspect.signature(Plain)
    assert Quick(0.0) == Quick(0.0, True, ())
    with pytest.raises(TypeError):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick(1.0, beats=2)  # type: ignore[call-arg]


def test_a_record_survives_copying_and_pickling() -> None:
    assert copy.deepcopy(QUICK) == QUICK
    assert pickle.loads(pickle.dumps(QUICK)) == QUICK


def test_a_class_that_does_more_than_keep_its_fields_is_refused() -> None:
    with pytest.raises(TypeError, match="more than keep"):

        @quick
        @dataclass(frozen=True, slots=True)
        class WithFactory:
            words: list[str] = field(default_factory=list)

    with pytest.raises(TypeError, match="more than keep"):

        @quick
        @dataclass(frozen=True, slots=True)
        class WithAfterthought:
            beat_s: float

            def __post_init__(self) -> None:
                pass
