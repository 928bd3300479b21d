"""Quick records are what they were: locked, equal, hashable; only faster to make."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapy.frozen import changed, quick


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


@pytest.mark.parametrize("record", [QUICK, changed(QUICK, accepted=False), replace(QUICK, beat_s=2.0)])
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
    made, plain = Quick(beat_s, accepted, words), Plain(beat_s, accepted, words)
    assert made == Quick(beat_s=beat_s, words=words, accepted=accepted)
    assert hash(made) == hash(plain)
    assert repr(made) == repr(plain).replace("Plain", "Quick")
    assert changed(Quick(-1.0), beat_s=beat_s, accepted=accepted, words=words) == made


def test_a_change_leaves_the_old_record_alone() -> None:
    assert changed(QUICK, beat_s=9.0) == Quick(9.0, True, ("a",))
    assert Quick(1.5, True, ("a",)) == QUICK
    with pytest.raises(AttributeError):
        changed(QUICK, beats=1)  # type: ignore[call-arg]


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
