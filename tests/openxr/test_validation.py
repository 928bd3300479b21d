"""The validation layers are heard: what they object to is found, and the rest is silence."""

from __future__ import annotations

from pathlib import Path

import moderngl
import pytest
import xr

from environments.display.openxr.bindings import WISHED
from environments.display.openxr.input import Input
from environments.display.openxr.session import Seat
from tests.openxr.bare import Bare
from tests.openxr.control import Runtime
from tests.openxr.lives import Lived
from tests.openxr.validation import Validation

pytestmark = pytest.mark.gl


def test_what_layers_object_to_is_found(
    runtime: Runtime, context: moderngl.Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validation = Validation(tmp_path / "validation.txt")
    for name, value in validation.environment.items():
        monkeypatch.setenv(name, value)
    bare = Bare()
    bare.poll()
    bare.frames(3)
    assert validation.messages == []
    bare.time_shift_ns = 1
    bare.frame()
    assert len(validation.messages) == 1
    assert "different displayTime" in validation.messages[0]
    xr.wait_frame(bare.session)
    with pytest.raises(xr.ValidationFailureError):
        xr.create_reference_space(bare.session, xr.ReferenceSpaceCreateInfo(type=xr.StructureType.VIEW))
    assert any("xrCreateReferenceSpace" in one for one in validation.messages)
    bare.close()
    validation.close()
    runtime.forgive()


def test_a_session_with_input_is_silent(validated: Validation, runtime: Runtime, context: moderngl.Context) -> None:
    bare = Bare(*WISHED)
    made = Input(bare.instance, bare.session, frozenset(WISHED))
    made.suggest()

    def waited(state: xr.FrameState) -> None:
        made.sync(int(state.predicted_display_time), bare.space)

    bare.waited = waited
    runtime.tell("joints left 1", "gaze 1 0 0 0 1", "controller left 0")
    bare.poll()
    for number in range(60):
        if number == 20:
            made.pulse()
            made.profile_changed()
            runtime.press("/user/hand/right/input/select/click")
        if number == 40:
            runtime.tell("focus 0")
        bare.frames(1)
    made.close()
    bare.close()
    assert validated.messages == []


def test_a_headset_s_ordinary_day_is_silent(
    validated: Validation, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    runtime.tell("size 16 16", "blend 1 3")
    worn = Lived(Seat(lies=True, floor_eye_m=1.62))
    day = (
        *("focus 1", "joints left 1", "gaze 1 0 0 0 1", "focus 0", "focus 1", "recentre 0.1 0 0.4 2", "skip 3"),
        *("input /user/hand/left/input/menu/click 1", "input /user/hand/left/input/menu/click 0", "stop", "focus 1"),
        *("present 0", "asleep 1", "asleep 0", "present 1", "head_flags 0", "head_flags 15", "mask", "rate 72"),
        *("profile left /interaction_profiles/oculus/touch_controller", "controller left 0", "visible 0", "visible 1"),
    )
    for line in day:
        runtime.tell(line)
        for _ in range(8):
            worn.frame()
    assert worn.pictures > 100
    assert worn.last.head.is_focused
    worn.close()
    assert validated.messages == []
