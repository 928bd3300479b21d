"""The test runtime itself, through the loader that pyopenxr brings."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
import xr
from OpenGL import GL

from tests.openxr.bare import SIZE_PX, Bare
from tests.openxr.control import Kind, Runtime
from tests.openxr.runtime.header import header

pytestmark = pytest.mark.gl


@pytest.fixture
def bare(runtime: Runtime, context: moderngl.Context) -> Iterator[Bare]:
    made = Bare("XR_EXT_user_presence", "XR_EXT_local_floor", "XR_FB_display_refresh_rate")
    yield made
    made.close()


def test_a_session_comes_to_focus_and_its_frames_are_seen(bare: Bare, runtime: Runtime) -> None:
    bare.poll()
    bare.frames(6)
    assert runtime.state is xr.SessionState.FOCUSED
    assert runtime.frame.frames_ended == 6
    (layer,) = runtime.layers
    assert layer.type == xr.StructureType.COMPOSITION_LAYER_PROJECTION.value
    assert layer.reference == xr.ReferenceSpaceType.LOCAL.value
    left, right = layer.views
    assert (left.array_index, right.array_index) == (0, 1)
    assert (left.width, left.height) == SIZE_PX
    assert right.pose.position.x - left.pose.position.x == pytest.approx(0.063)
    assert left.fov.angle_left == pytest.approx(-right.fov.angle_right)


def test_pixels_of_a_layer_can_be_read(bare: Bare, runtime: Runtime) -> None:
    def draw(texture: int) -> None:
        picture = np.zeros((2, SIZE_PX[1], SIZE_PX[0], 4), np.uint8)
        picture[1, 5:] = (255, 0, 0, 255)
        GL.glBindTexture(GL.GL_TEXTURE_2D_ARRAY, texture)
        place = (0, 0, 0, 0, *SIZE_PX, 2)
        GL.glTexSubImage3D(GL.GL_TEXTURE_2D_ARRAY, *place, GL.GL_RGBA, GL.GL_UNSIGNED_BYTE, picture)

    bare.draw = draw
    bare.poll()
    bare.frames(5)
    assert runtime.pixel(0, 3, 10)[0] == 0.0
    assert runtime.pixel(1, 3, 10)[:2] == pytest.approx((1.0, 0.0))
    assert runtime.pixel(1, 3, 2)[0] == 0.0


def test_predicted_times_advance_and_a_head_moves_with_them(bare: Bare, runtime: Runtime) -> None:
    bare.poll()
    bare.frames(4)
    before = bare.frame().predicted_display_time
    runtime.tell("head_velocity 0 0 -1 0", "skip 2")
    bare.frame()
    after = runtime.frame.display_time
    assert after - before == 3 * (10**9 // 90)
    moved_s = (after - runtime.now_ns + 3 * (10**9 // 90)) * 1e-9
    assert runtime.layers[0].views[0].pose.position.z == pytest.approx(-moved_s, abs=1e-6)


def test_calls_in_a_wrong_order_are_counted(bare: Bare, runtime: Runtime) -> None:
    bare.poll()
    with pytest.raises(xr.CallOrderInvalidError):
        xr.begin_frame(bare.session)
    xr.wait_frame(bare.session)
    xr.begin_frame(bare.session)
    with pytest.raises(xr.FrameDiscarded):
        bare.frame()
    bare.time_shift_ns = 1
    xr.end_frame(bare.session, xr.FrameEndInfo(runtime.now_ns))
    assert [one.split(":")[0] for one in runtime.misuses] == [
        "xrBeginFrame without xrWaitFrame",
        "xrBeginFrame again",
        "xrEndFrame with a display time that was not predicted",
    ]
    runtime.forgive()


@pytest.mark.parametrize(("nth", "survives"), [(1, 0), (3, 2)])
def test_any_call_fails_when_told(bare: Bare, runtime: Runtime, nth: int, survives: int) -> None:
    bare.poll()
    runtime.fail("xrWaitFrame", xr.Result.ERROR_RUNTIME_FAILURE, nth)
    bare.frames(survives)
    with pytest.raises(xr.RuntimeFailureError):
        xr.wait_frame(bare.session)
    bare.frames(1)
    runtime.fail("*", xr.Result.ERROR_INSTANCE_LOST)
    with pytest.raises(xr.InstanceLostError):
        xr.poll_event(bare.instance)


def test_focus_presence_rate_recentring_and_the_end_are_told(bare: Bare, runtime: Runtime) -> None:
    bare.poll()
    bare.frames(5)
    bare.events.clear()
    runtime.tell("focus 0", "present 0", "rate 72", "recentre 0.1 0.2 0.5 3")
    bare.frames(2)
    assert runtime.state is xr.SessionState.VISIBLE
    kinds = xr.StructureType
    assert set(bare.events) == {
        kinds.EVENT_DATA_SESSION_STATE_CHANGED,
        kinds.EVENT_DATA_USER_PRESENCE_CHANGED_EXT,
        kinds.EVENT_DATA_DISPLAY_REFRESH_RATE_CHANGED_FB,
        kinds.EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING,
    }
    runtime.tell("exit")
    for _ in range(3):
        bare.frame()
        bare.poll()
        if runtime.state is xr.SessionState.EXITING:
            break
    assert runtime.state is xr.SessionState.EXITING


def test_a_lost_session_says_so(bare: Bare, runtime: Runtime) -> None:
    bare.poll()
    bare.frames(2)
    runtime.tell(f"at {runtime.frames + 2} session_lost")
    bare.frames(1)
    with pytest.raises(xr.SessionLostError):
        bare.frames(1)
    assert runtime.alive(Kind.SESSION) == 1
    xr.destroy_session(bare.session)
    assert runtime.alive() == 1


def test_extensions_and_devices_can_be_missing(runtime: Runtime, context: moderngl.Context) -> None:
    runtime.tell("offer XR_MNDX_egl_enable 0")
    with pytest.raises(xr.ExtensionNotPresentError):
        Bare()
    runtime.tell("offer XR_MNDX_egl_enable 1", "system 0")
    with pytest.raises(xr.FormFactorUnavailableError):
        Bare()


SIZES = {  # from the specification, on machines with pointers of 8 bytes
    "Posef": 28,
    "View": 64,
    "FrameState": 40,
    "EventDataBuffer": 4016,
    "EventDataSessionStateChanged": 40,
    "SwapchainSubImage": 32,
    "CompositionLayerProjectionView": 96,
    "HandJointLocationEXT": 40,
    "ActionStateVector2f": 48,
}


def test_what_the_runtime_declares_is_what_the_specification_says() -> None:
    declared = header()
    for name, size in SIZES.items():
        assert f"_Static_assert(sizeof(Xr{name}) == {size}," in declared
    assert "_Static_assert(offsetof(XrFrameState, should_render) == 32" in declared
    assert "#define XR_TYPE_FRAME_END_INFO 12\n" in declared
    assert "#define XR_ERROR_SESSION_LOST -17\n" in declared
