"""Short presses, the held stop and the held menu button, on injected time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.display.openxr.bindings import table
from environments.display.openxr.presses import (
    MENU_STOP_HOLD_S,
    RECENTRE_HOLD_S,
    SHORT_S,
    STOP_HOLD_S,
    Down,
    Held,
    Meant,
    flicked,
    step,
)
from tests.structure.tree import ROOT

FRAME_S = 1.0 / 90.0
Frames = list[tuple[tuple[Down, ...], Down]]

downs = st.sampled_from((None, False, True))
frames = st.lists(st.tuples(st.tuples(downs, downs, downs), downs), max_size=150)


def played(frames: Frames, start_s: float = 5.0) -> list[Meant]:
    held, found = Held(), []
    for number, (down, menu) in enumerate(frames):
        held, meant = step(held, down, menu, start_s + number * FRAME_S)
        found.append(meant)
    return found


def for_s(seconds: float, down: tuple[Down, ...], menu: Down = False) -> Frames:
    return [(down, menu)] * (round(seconds / FRAME_S) + 1)


UP, FIRST, SECOND = (False, False), (True, False), (False, True)


def test_a_short_press_acts_once_when_it_ends() -> None:
    found = played([*for_s(0.1, UP), *for_s(0.2, FIRST), *for_s(0.3, UP)])
    assert [meant.pressed for meant in found if meant.pressed] == [(0,)]
    assert found[len(for_s(0.1, UP)) + len(for_s(0.2, FIRST))].pressed == (0,)
    assert not any(meant.stop for meant in found)


def test_a_press_that_is_neither_short_nor_a_stop_does_nothing() -> None:
    found = played([*for_s((SHORT_S + STOP_HOLD_S) / 2.0, FIRST), *for_s(0.1, UP)])
    assert all(meant == Meant() for meant in found)


def test_a_press_of_one_frame_acts_however_slow_frames_are() -> None:
    held, found = Held(), []
    for t_s, down in ((0.0, UP), (0.7, FIRST), (1.4, UP)):
        held, meant = step(held, down, False, t_s)
        found.append(meant)
    assert found == [Meant(), Meant(), Meant(pressed=(0,))]


@pytest.mark.parametrize("buttons", [FIRST, SECOND, (True, True)])
def test_any_button_held_is_a_stop_until_it_is_let_go_and_acts_on_nothing_else(buttons: tuple[Down, ...]) -> None:
    found = played([*for_s(STOP_HOLD_S + 0.3, buttons), *for_s(0.5, UP)])
    first = next(i for i, meant in enumerate(found) if meant.stop)
    assert first * FRAME_S == pytest.approx(STOP_HOLD_S, abs=FRAME_S)
    assert all(meant.stop for meant in found[first : len(for_s(STOP_HOLD_S + 0.3, buttons))])
    assert not any(meant.stop for meant in found[len(for_s(STOP_HOLD_S + 0.3, buttons)) :])
    assert not any(meant.pressed for meant in found)


def test_changing_fingers_while_holding_on_is_a_stop() -> None:
    found = played([*for_s(0.4, FIRST), *for_s(0.05, (True, True)), *for_s(0.5, SECOND)])
    assert any(meant.stop for meant in found)


def test_a_controller_that_goes_away_pressed_nothing() -> None:
    found = played([*for_s(0.2, FIRST), *for_s(0.2, (None, None)), *for_s(0.2, UP)])
    assert not any(meant.pressed or meant.stop for meant in found)


def test_the_menu_rates_recentres_and_stops_the_longer_it_is_held() -> None:
    short = played([*for_s(0.2, UP, True), *for_s(0.1, UP)])
    assert sum(meant.menu for meant in short) == 1
    held = played([*for_s(RECENTRE_HOLD_S + 0.3, UP, True), *for_s(0.1, UP)])
    assert sum(meant.recentre for meant in held) == 1
    assert not any(meant.menu or meant.stop for meant in held)
    clutched = played(for_s(MENU_STOP_HOLD_S + 0.1, UP, True))
    assert sum(meant.recentre for meant in clutched) == 1
    assert clutched[-1].stop


@given(frames)
def test_a_stop_comes_if_and_only_if_something_was_held_long_enough(frames: Frames) -> None:
    longest_s = menu_s = 0.0
    for number, meant in enumerate(played(frames)):
        down, menu = frames[number]
        longest_s = longest_s + FRAME_S if any(down) else 0.0
        menu_s = menu_s + FRAME_S if menu else 0.0
        certain = longest_s - FRAME_S >= STOP_HOLD_S + 1e-6 or menu_s - FRAME_S >= MENU_STOP_HOLD_S + 1e-6
        possible = longest_s - FRAME_S >= STOP_HOLD_S - 1e-6 or menu_s - FRAME_S >= MENU_STOP_HOLD_S - 1e-6
        assert meant.stop in {certain, possible}


@given(frames)
def test_every_press_was_pressed_and_ends_when_it_acts(frames: Frames) -> None:
    for number, meant in enumerate(played(frames)):
        for button in meant.pressed:
            assert frames[number][0][button] is False
            assert frames[number - 1][0][button] is True


@given(frames, st.lists(st.floats(-3.0, 3.0), max_size=60))
def test_a_clock_that_jumps_or_goes_back_harms_nothing(frames: Frames, jumps_s: list[float]) -> None:
    held, t_s = Held(), 100.0
    for (down, menu), jump_s in zip(frames, jumps_s, strict=False):
        t_s += jump_s
        held, meant = step(held, down, menu, t_s)
        assert not meant.stop or any(down) or menu


def test_a_stick_moves_the_mark_once_for_every_push() -> None:
    is_out, ways = False, []
    for x in (0.0, 0.5, 0.8, 1.0, 0.6, 0.9, 0.3, -0.75, -0.5, 0.0, 0.71):
        is_out, way = flicked(is_out, x)
        ways.append(way)
    assert ways == [0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 1]


def test_the_documentation_shows_the_table_of_buttons() -> None:
    assert table() in (ROOT / "docs" / "headset.md").read_text(encoding="utf-8")
    assert f"for {STOP_HOLD_S:g} s" in (ROOT / "docs" / "headset.md").read_text(encoding="utf-8")
