"""The headset as the player's display, on the test runtime."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import xr

from environments.display.base import DisplayMissing
from environments.display.openxr import runtime as opened
from environments.display.openxr.session import Seat, wished_rate
from environments.interact import keys
from environments.render.matrices import NEAR_M
from tests.openxr.control import Runtime
from tests.openxr.wearing import EYE_PX, LEFT_RGB, RIGHT_RGB, Worn, paint

pytestmark = pytest.mark.gl


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


@pytest.fixture
def worn(runtime: Runtime) -> Iterator[Worn]:
    made = Worn(Seat())
    yield made
    made.display.close()


def test_both_eyes_see_their_half_as_it_was_painted(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    worn.frames(2)
    assert worn.display.size_px == (2 * EYE_PX[0], EYE_PX[1])
    (layer,) = runtime.layers
    assert [(view.array_index, view.width, view.height) for view in layer.views[:2]] == [(0, *EYE_PX), (1, *EYE_PX)]
    for number, rgb in enumerate((LEFT_RGB, RIGHT_RGB)):
        # What was painted is sRGB already: its bytes are what the image holds.
        assert runtime.pixel(number, 3, 5)[:3] == pytest.approx(rgb, abs=0.003)
        assert runtime.pixel(number, EYE_PX[0] - 2, EYE_PX[1] - 2)[:3] == pytest.approx(rgb, abs=0.003)


def test_runtimes_without_arrays_get_a_picture_for_each_eye(runtime: Runtime) -> None:
    runtime.tell("arrays 0")
    worn = Worn(Seat())
    worn.focused()
    worn.frames(2)
    assert [view.array_index for view in runtime.layers[0].views[:2]] == [0, 0]
    assert runtime.pixel(0, 3, 5)[0] > runtime.pixel(1, 3, 5)[0]
    worn.display.close()


def test_eyes_are_told_relative_to_where_the_head_rests(worn: Worn, runtime: Runtime) -> None:
    turn = math.radians(40.0) / 2
    runtime.tell(f"head 1 1.5 -2 0 {math.sin(turn)} 0 {math.cos(turn)}", "eyes 0.068 0.1", "fov 0 -0.9 0.7 0.75 -0.8")
    head = worn.focused().head
    assert (head.yaw_deg, head.pitch_deg, *head.offset_m) == pytest.approx((0.0,) * 5, abs=1e-4)
    left, right = worn.display.eyes
    assert right.offset_m[0] - left.offset_m[0] == pytest.approx(0.068, abs=1e-5)
    assert left.tangents == pytest.approx([math.tan(part) for part in (-0.9, 0.7, -0.8, 0.75)], abs=1e-5)
    assert math.acos(float(np.clip(left.turned[:, 2] @ right.turned[:, 2], -1, 1))) == pytest.approx(0.2, abs=0.01)
    ahead = math.radians(50.0) / 2
    runtime.tell(f"head 1 1.6 -2 0 {math.sin(ahead)} 0 {math.cos(ahead)}")
    head = worn.frames(2).head
    assert head.yaw_deg == pytest.approx(-10.0, abs=1e-3)
    assert head.offset_m == pytest.approx((0.0, 0.1, 0.0), abs=1e-5)


def test_who_lies_sees_straight_ahead_at_the_ceiling(runtime: Runtime) -> None:
    up = math.radians(80.0) / 2
    runtime.tell(f"head 0 0.6 0 {math.sin(up)} 0 0 {math.cos(up)}")
    worn = Worn(Seat(lies=True))
    assert worn.focused().head.pitch_deg == pytest.approx(0.0, abs=1e-3)
    worn.display.close()


def test_who_stands_keeps_their_own_height_over_the_floor(runtime: Runtime) -> None:
    runtime.tell("head 0 1.75 0 0 0 0 1")
    worn = Worn(Seat(floor_eye_m=1.62))
    assert worn.focused().head.offset_m[1] == pytest.approx(0.13, abs=1e-4)
    worn.display.close()


def test_a_recentre_counts_from_its_time_on(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    side = math.radians(30.0) / 2
    runtime.tell(f"head 0.5 1.6 0 0 {math.sin(-side)} 0 {math.cos(side)}")
    assert worn.frames(2).head.yaw_deg == pytest.approx(30.0, abs=1e-2)
    runtime.tell("recentre 0.5 0 0 4")
    seen = [worn.frames().head.yaw_deg for _ in range(8)]
    assert seen[0] == pytest.approx(30.0, abs=1e-2)
    assert seen[-1] == pytest.approx(0.0, abs=1e-2)
    assert 2 <= sum(abs(yaw_deg) > 1.0 for yaw_deg in seen) <= 5


def test_focus_presence_and_tracking_are_told_in_the_next_frame(worn: Worn, runtime: Runtime) -> None:
    head = worn.focused().head
    assert head.is_worn
    assert head.is_tracked
    runtime.tell("head_flags 0")
    assert not worn.frames(2).head.is_tracked
    runtime.tell("head_flags 15", "focus 0")
    head = worn.frames(3).head
    assert head.is_tracked
    assert not head.is_focused
    runtime.tell("focus 1", "present 0")
    assert not worn.until(lambda done: done.head.is_focused).head.is_worn
    runtime.tell("present 1")
    assert worn.frames(2).head.is_worn


def test_a_held_button_stops_once(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    worn.frames(5)
    runtime.press("/user/hand/left/input/select/click")
    pressed = [key for _ in range(400) for key in worn.frames().keys]
    assert pressed.count(keys.STOP) == 1


def test_frames_are_late_by_the_compositors_time(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    worn.frames(3)
    period_ms = 1000.0 / worn.display.fps
    assert worn.display.frame_ms == pytest.approx(period_ms, rel=0.02)
    runtime.tell("skip 3")
    worn.frames()
    assert worn.display.frame_ms == pytest.approx(4 * period_ms, rel=0.02)
    assert worn.display.frame_ms > 1000.0 / worn.display.slowest_fps > period_ms
    worn.frames()
    assert worn.display.frame_ms == pytest.approx(period_ms, rel=0.02)


@pytest.mark.parametrize(
    "loss", ["session_lost", "session_loss_pending", "instance_lost 1", "instance_loss_pending", "exit"]
)
def test_a_session_that_is_lost_is_opened_anew(worn: Worn, runtime: Runtime, loss: str) -> None:
    worn.focused()
    runtime.tell(loss)
    head = worn.until(lambda done: not done.head.is_tracked).head
    assert not head.is_worn
    assert not head.is_focused
    assert not worn.display.wants_picture
    runtime.tell("instance_lost 0")
    worn.focused()
    worn.frames(2)
    assert len(runtime.layers) == 1


def test_a_headset_that_is_gone_for_long_comes_back(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    runtime.tell("session_lost", "system 0")
    assert not worn.frames(30).head.is_tracked
    runtime.tell("system 1")
    worn.focused()


def test_a_sleeping_headset_gets_no_pictures_and_no_frames_are_left_begun(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    runtime.tell("asleep 1")
    worn.frames(12)
    assert not worn.display.wants_picture
    runtime.tell("asleep 0")
    worn.focused()
    worn.until(lambda _: bool(runtime.layers))


CALLS = [
    "xrPollEvent", "xrBeginSession", "xrWaitFrame", "xrBeginFrame", "xrLocateViews", "xrLocateSpace", "xrSyncActions",
    "xrAcquireSwapchainImage", "xrWaitSwapchainImage", "xrReleaseSwapchainImage", "xrEndFrame",
    "xrCreateReferenceSpace",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_whatever_fails_in_a_frame_the_patient_is_shown_frames_again(worn: Worn, runtime: Runtime, call: str) -> None:
    for result in (xr.Result.ERROR_RUNTIME_FAILURE, xr.Result.ERROR_SESSION_LOST, xr.Result.ERROR_OUT_OF_MEMORY):
        worn.focused()
        runtime.fail(call, result)
        worn.frames(3)
        worn.focused()
        worn.frames(2)
        assert len(runtime.layers) == 1
    runtime.forgive()


@pytest.mark.parametrize(
    "call", ["xrCreateInstance", "xrGetSystem", "xrCreateSession", "xrCreateSwapchain", "xrEnumerateSwapchainImages"]
)
def test_whatever_fails_at_the_beginning_is_told_in_a_sentence(runtime: Runtime, call: str) -> None:
    runtime.fail(call, xr.Result.ERROR_RUNTIME_FAILURE, always=True)
    with pytest.raises(DisplayMissing) as missing:
        Worn(Seat())
    assert missing.value.problem.endswith(".")
    assert missing.value.cure.endswith(".")


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        (("system 0",), "No headset is connected"),
        (("offer XR_MNDX_egl_enable 0",), "DISPLAY is not set"),
    ],
)
def test_what_is_not_there_is_told_with_its_cure(runtime: Runtime, commands: tuple[str, ...], words: str) -> None:
    runtime.tell(*commands)
    with pytest.raises(DisplayMissing, match=words):
        Worn(Seat())


def test_a_runtime_without_opengl_is_told(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    # The loader keeps what a runtime offers until an instance is gone: here it must not see it.
    monkeypatch.setattr(opened, "offered_extensions", lambda: frozenset({"XR_KHR_vulkan_enable"}))
    with pytest.raises(DisplayMissing, match="does not draw with OpenGL"):
        Worn(Seat())


def test_without_a_runtime_there_is_a_sentence(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", "/nowhere/runtime.json")
    with pytest.raises(DisplayMissing, match="no OpenXR runtime"):
        Worn(Seat())


def test_depth_goes_with_the_picture_also_when_it_is_coarser(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    context = worn.display.context
    size_px = (2 * EYE_PX[0] // 2, EYE_PX[1] // 2)
    light = context.texture(size_px, 4, samples=4)
    target = context.framebuffer(light, context.depth_renderbuffer(size_px, samples=4))
    target.clear(depth=0.25)
    worn.wall_s += 0.5
    worn.display.poll(worn.wall_s)
    worn.display.show(paint, (target.glo, size_px))
    assert context.error == "GL_NO_ERROR"
    for view in runtime.layers[0].views[:2]:
        assert view.has_depth
        assert view.near_z == pytest.approx(NEAR_M)
    worn.frames()
    assert not runtime.layers[0].views[0].has_depth


def test_what_the_lenses_hide_is_known_for_each_eye(worn: Worn, runtime: Runtime) -> None:
    worn.focused()
    for eye in worn.display.eyes:
        assert eye.hidden is not None
        assert eye.hidden.shape == (1, 3, 2)
    before = worn.display.eyes[0].hidden
    runtime.tell("mask")
    worn.frames(2)
    assert worn.display.eyes[0].hidden is not before


@pytest.mark.parametrize(
    ("offered_hz", "now_hz", "wish_hz"),
    [
        ((72.0, 80.0, 90.0, 120.0), 72.0, 90.0),
        ((72.0, 90.0, 120.0), 120.0, 90.0),
        ((72.0, 90.0), 90.0, None),
        ((60.0,), 60.0, None),
        ((), 20.0, None),
        ((144.0, 120.0), 120.0, None),
    ],
)
def test_a_rate_is_asked_for_that_frames_can_keep(
    offered_hz: tuple[float, ...], now_hz: float, wish_hz: float | None
) -> None:
    assert wished_rate(offered_hz, now_hz) == wish_hz


def test_the_patients_room_is_seen_around_clear_pictures_alone(runtime: Runtime) -> None:
    runtime.tell("blend 1 3")
    worn = Worn(Seat(blend="passthrough"))
    worn.focused()
    modes = []
    for is_clear in (False, True, False):
        worn.wall_s += 0.5
        worn.display.poll(worn.wall_s)
        worn.display.show(paint, is_clear=is_clear)
        modes.append(runtime.frame.blend_mode)
    assert modes == [1, 3, 1]
    assert worn.display.shows_room
    worn.display.close()


def test_a_headset_that_cannot_show_the_room_is_told(runtime: Runtime) -> None:
    with pytest.raises(DisplayMissing, match="cannot show the room by passthrough blending"):
        Worn(Seat(blend="passthrough"))
