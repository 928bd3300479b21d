"""Buttons, hands and eyes through the loader and the test runtime."""

from __future__ import annotations

import math
from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
import xr

from environments.display.openxr.bindings import EYE_GAZE, PROFILES, WISHED, Act, Profile
from environments.display.openxr.input import TICK_S, Input, InputState
from environments.display.openxr.presses import RECENTRE_HOLD_S, STOP_HOLD_S
from environments.interact import keys
from environments.interact.hands import JOINTS, HeldController, Side, TrackedHand
from tests.openxr.bare import Bare
from tests.openxr.control import Kind, Runtime

pytestmark = pytest.mark.gl

SIMPLE = "/user/hand/{}/input/select/click"
MENU = "/user/hand/{}/input/menu/click"
HZ, SLOW_HZ = 90.0, 20.0


class Seated:
    """A bare session with input; `played` gives back what every frame brought."""

    def __init__(self, *extensions: str) -> None:
        self.bare = Bare(*extensions)
        self.input = Input(self.bare.instance, self.bare.session, frozenset(extensions))
        self.refused = self.input.suggest()
        self.bare.waited = self._sync
        self._found: list[InputState] = []

    def played(self, seconds: float = 0.0, hz: float = HZ) -> list[InputState]:
        self._found = []
        self.bare.poll()
        before = len(self.bare.events)
        self.bare.frames(max(round(seconds * hz), 1))
        if xr.StructureType.EVENT_DATA_INTERACTION_PROFILE_CHANGED in self.bare.events[before:]:
            self.input.profile_changed()
        return self._found

    def close(self) -> None:
        self.input.close()
        self.bare.close()

    def _sync(self, state: xr.FrameState) -> None:
        self._found.append(self.input.sync(int(state.predicted_display_time), self.bare.space))


@pytest.fixture
def seated(runtime: Runtime, context: moderngl.Context) -> Iterator[Seated]:
    made = Seated(*WISHED)
    made.played(0.1)
    yield made
    made.close()


def pressed(found: list[InputState]) -> list[str]:
    return [key for one in found for key in one.keys]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda one: one.name)
def test_every_button_of_every_controller_does_what_the_table_says(
    runtime: Runtime, context: moderngl.Context, profile: Profile
) -> None:
    runtime.tell(f"rate {SLOW_HZ}", *(f"profile {side} {profile.path}" for side in Side))
    seated = Seated(*WISHED)
    assert seated.refused == ()
    seated.played(0.5, SLOW_HZ)
    meanings = {Act.CHOOSE: [keys.CONFIRM], Act.RATE: [keys.RATE], Act.MENU: [keys.RATE], Act.HOLD: []}
    for act, path in profile.bindings():
        if act in meanings:
            runtime.press(path)
            seated.played(0.1, SLOW_HZ)
            runtime.press(path, 0.0)
            assert pressed(seated.played(0.1, SLOW_HZ)) == meanings[act], path
        if act in {Act.CHOOSE, Act.RATE, Act.HOLD}:
            runtime.press(path)
            assert seated.played(STOP_HOLD_S + 0.1, SLOW_HZ)[-1].stop, path
            runtime.press(path, 0.0)
            assert not seated.played(0.1, SLOW_HZ)[-1].stop
    seated.close()


def test_a_stick_moves_the_mark(seated: Seated, runtime: Runtime) -> None:
    runtime.tell("profile right /interaction_profiles/oculus/touch_controller")
    seated.played()
    stick = "/user/hand/right/input/thumbstick"
    runtime.press(stick, 0.9)
    assert pressed(seated.played(0.2)) == [keys.RIGHT]
    runtime.press(stick, 0.0)
    seated.played()
    runtime.press(stick, -0.9)
    assert pressed(seated.played(0.2)) == [keys.LEFT]


def test_the_hand_that_chose_feels_a_tick(seated: Seated, runtime: Runtime) -> None:
    runtime.press(SIMPLE.format("right"))
    seated.played(0.1)
    runtime.press(SIMPLE.format("right"), 0.0)
    seated.played(0.1)
    assert runtime.haptic(0).count == 0
    felt = runtime.haptic(1)
    assert felt.count == 1
    assert felt.seconds == pytest.approx(TICK_S)
    assert 0.0 < felt.amplitude_0to1 < 0.5


def test_holding_the_menu_recentres_once(seated: Seated, runtime: Runtime) -> None:
    runtime.press(MENU.format("left"))
    found = seated.played(RECENTRE_HOLD_S + 0.2)
    assert sum(one.recentre for one in found) == 1
    assert not any(one.stop or one.keys for one in found)


def test_without_focus_nothing_is_pressed_and_a_press_begun_before_is_forgotten(
    seated: Seated, runtime: Runtime
) -> None:
    runtime.press(SIMPLE.format("left"))
    seated.played(0.2)
    runtime.tell("focus 0")
    found = seated.played(0.1)[3:]
    assert found
    assert all(one == InputState() for one in found)
    runtime.press(SIMPLE.format("left"), 0.0)
    runtime.tell("focus 1")
    assert pressed(seated.played(0.2)) == []


def test_a_controller_whose_battery_dies_is_gone_and_the_other_one_still_stops(
    seated: Seated, runtime: Runtime
) -> None:
    assert {one.side for one in seated.played()[-1].hands} == set(Side)
    runtime.press(SIMPLE.format("left"))
    seated.played(0.3)
    runtime.tell("controller left 0")
    found = seated.played(0.5)
    assert not any(one.stop or one.keys for one in found)
    assert [one.side for one in found[-1].hands] == [Side.RIGHT]
    runtime.press(SIMPLE.format("right"))
    assert seated.played(STOP_HOLD_S + 0.1)[-1].stop


def test_a_controller_is_where_its_grip_is(seated: Seated, runtime: Runtime) -> None:
    half = math.radians(30.0) / 2.0
    runtime.tell(f"grip right 0.3 1.2 -0.4 0 {math.sin(half)} 0 {math.cos(half)}", "tracked left 0")
    (held,) = seated.played()[-1].hands
    assert isinstance(held, HeldController)
    assert held.side is Side.RIGHT
    sin, cos = math.sin(2 * half), math.cos(2 * half)
    turned = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    np.testing.assert_allclose(held.grip[:3, :3], turned, atol=1e-6)
    np.testing.assert_allclose(held.grip[:, 3], (0.3, -0.4, -0.4, 1.0), atol=1e-6)


def test_bare_hands_are_their_joints(seated: Seated, runtime: Runtime) -> None:
    runtime.tell("controller left 0", "controller right 0", "joints left 1", "joints right 1", "curl left 0.5")
    left, right = seated.played()[-1].hands
    assert isinstance(left, TrackedHand)
    assert isinstance(right, TrackedHand)
    assert right.joints.shape == (25, 4, 4)
    np.testing.assert_allclose(right.joints[JOINTS.index("wrist"), :3, 3], (0.2, -0.5, -0.21), atol=1e-6)
    tip = JOINTS.index("index-finger-tip")
    assert right.joints[tip, 2, 3] < right.joints[tip - 1, 2, 3] < right.joints[tip - 2, 2, 3]
    np.testing.assert_allclose(np.linalg.det(left.joints[:, :3, :3]), 1.0, atol=1e-5)
    bent = left.joints[tip, :3, 2] @ left.joints[tip - 3, :3, 2]
    assert bent < 0.3
    runtime.tell("joints left 0")
    assert [one.side for one in seated.played()[-1].hands] == [Side.RIGHT]


def test_hands_that_pinch_choose_and_are_drawn_as_hands(runtime: Runtime, context: moderngl.Context) -> None:
    runtime.tell(*(f"profile {side} /interaction_profiles/ext/hand_interaction_ext" for side in Side), "joints left 1")
    seated = Seated(*WISHED)
    seated.played(0.2)
    runtime.press("/user/hand/left/input/pinch_ext/value")
    seated.played(0.1)
    runtime.press("/user/hand/left/input/pinch_ext/value", 0.0)
    found = seated.played(0.1)
    assert pressed(found) == [keys.CONFIRM]
    assert [type(one) for one in found[-1].hands] == [TrackedHand]
    seated.close()


def test_eyes_look_where_they_are_said_to(seated: Seated, runtime: Runtime) -> None:
    assert seated.played()[-1].gaze is None
    half = math.radians(-20.0) / 2.0
    runtime.tell(f"gaze 1 0 {math.sin(half)} 0 {math.cos(half)}")
    gaze = seated.played()[-1].gaze
    assert gaze is not None
    assert gaze.yaw_deg == pytest.approx(20.0, abs=1e-3)
    assert gaze.pitch_deg == pytest.approx(0.0, abs=1e-3)
    runtime.tell("head_flags 0")
    assert seated.played()[-1].gaze is None


def test_without_any_extension_the_plain_controllers_work(runtime: Runtime, context: moderngl.Context) -> None:
    seated = Seated()
    assert seated.refused == ("Pico Neo 3", "Pico 4", "Bare hands")
    assert runtime.alive(Kind.HAND_TRACKER) == 0
    seated.played(0.1)
    runtime.press(SIMPLE.format("left"))
    assert seated.played(STOP_HOLD_S + 0.1)[-1].stop
    seated.close()


def test_headsets_without_eye_or_hand_tracking_have_neither(runtime: Runtime, context: moderngl.Context) -> None:
    runtime.tell("has_hands 0", "has_eye_gaze 0", "gaze 1 0 0 0 1", "joints left 1")
    seated = Seated(*WISHED)
    found = seated.played(0.1)[-1]
    assert found.gaze is None
    assert not any(isinstance(one, TrackedHand) for one in found.hands)
    seated.close()


@pytest.mark.parametrize(
    "function",
    [
        "xrGetActionStateBoolean",
        "xrGetActionStateVector2f",
        "xrLocateSpace",
        "xrLocateHandJointsEXT",
    ],
)
def test_a_device_that_fails_alone_is_absent(seated: Seated, runtime: Runtime, function: str) -> None:
    runtime.tell("controller left 0", "joints left 1", "gaze 1 0 0 0 1")
    runtime.fail(function, xr.Result.ERROR_VALIDATION_FAILURE, always=True)
    found = seated.played(0.1)
    assert not any(one.keys or one.stop for one in found)


def test_a_lost_session_is_told_whichever_call_meets_it(seated: Seated, runtime: Runtime) -> None:
    runtime.tell("controller left 0", "joints left 1", "gaze 1 0 0 0 1")
    seated.played()
    state = xr.wait_frame(seated.bare.session)
    before = runtime.calls()
    seated.input.sync(int(state.predicted_display_time), seated.bare.space)
    calls = runtime.calls() - before
    assert calls >= 15
    for nth in range(1, calls + 1):
        runtime.fail("*", xr.Result.ERROR_SESSION_LOST, nth)
        with pytest.raises(xr.SessionLostError):
            seated.input.sync(int(state.predicted_display_time), seated.bare.space)


def test_closing_twice_and_after_the_session_went_is_no_fault(seated: Seated, runtime: Runtime) -> None:
    runtime.tell("session_lost")
    seated.input.close()
    seated.input.close()
    assert runtime.alive(Kind.ACTION) == 0
    assert runtime.alive(Kind.HAND_TRACKER) == 0
    assert EYE_GAZE in WISHED
