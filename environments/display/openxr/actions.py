"""The action set at the OpenXR runtime: its actions, their suggested bindings, and their states each frame."""

from __future__ import annotations

import contextlib
import ctypes
from ctypes import byref

import xr
from xr import raw_functions as raw

from environments.display.openxr.bindings import (
    EYE_GAZE,
    EYES,
    EYES_POSE,
    HANDS,
    PRESSES,
    PROFILES,
    WORDS,
    Act,
    Profile,
)
from environments.display.openxr.calls import checked
from environments.interact.hands import Side

_TYPES = {Act.MARK: xr.ActionType.VECTOR2F_INPUT, Act.TICK: xr.ActionType.VIBRATION_OUTPUT}
_TYPES |= dict.fromkeys((Act.GRIP, Act.GAZE), xr.ActionType.POSE_INPUT)
_GAZE_PROFILE = "/interaction_profiles/ext/eye_gaze_interaction"


class Actions:
    """Actions by act, for each hand; those of the eyes only where the extension is on."""

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: frozenset[str]) -> None:
        self._instance, self._session, self._extensions = instance, session, extensions
        self.paths = {side: xr.string_to_path(instance, name) for side, name in HANDS.items()}
        self._set = xr.create_action_set(
            instance,
            xr.ActionSetCreateInfo(action_set_name="session", localized_action_set_name="In the session", priority=0),
        )
        try:
            acts = [act for act in Act if act is not Act.GAZE or EYE_GAZE in extensions]
            self.actions = {act: self._made(act) for act in acts}
        except xr.exception.XrException:
            self.close()
            raise
        self._active = (xr.ActiveActionSet * 1)(xr.ActiveActionSet(self._set))
        self._sync_info = xr.ActionsSyncInfo(active_action_sets=self._active)
        # Asked for in every frame: made once.
        self._asked = {
            (act, side): byref(self._info(act, side)) for act in (*PRESSES, Act.MENU, Act.MARK) for side in Side
        }
        self._boolean, self._vector = xr.ActionStateBoolean(), xr.ActionStateVector2f()

    def suggest(self) -> tuple[str, ...]:
        """Suggest all bindings and attach the set; the names of profiles that the runtime does not take."""
        refused = [one.name for one in PROFILES if not self._suggested(one)]
        if Act.GAZE in self.actions:
            self._suggest(_GAZE_PROFILE, ((Act.GAZE, EYES_POSE),))
        sets = (type(self._set) * 1)(self._set)
        xr.attach_session_action_sets(self._session, xr.SessionActionSetsAttachInfo(action_sets=sets))
        return tuple(refused)

    def sync(self) -> bool:
        """Read all devices anew; whether the session has the input."""
        return checked(raw.xrSyncActions(self._session, byref(self._sync_info))) is not xr.Result.SESSION_NOT_FOCUSED

    def down(self, act: Act, side: Side) -> bool | None:
        """Whether a button is pressed; None where that hand has none now."""
        state = self._boolean
        checked(raw.xrGetActionStateBoolean(self._session, self._asked[act, side], byref(state)))
        return bool(state.current_state) if state.is_active else None

    def sideways(self, side: Side) -> float:
        """How far a stick is pushed to the right, -1 to 1."""
        state = self._vector
        checked(raw.xrGetActionStateVector2f(self._session, self._asked[Act.MARK, side], byref(state)))
        return float(state.current_state.x) if state.is_active else 0.0

    def profile(self, side: Side) -> str:
        """The kind of controller that a hand uses now; empty without one."""
        path = xr.get_current_interaction_profile(self._session, self.paths[side]).interaction_profile
        return xr.path_to_string(self._instance, path) if path else ""

    def space(self, act: Act, side: Side | None) -> xr.Space:
        """A new space that goes with a pose."""
        return xr.create_action_space(
            self._session,
            xr.ActionSpaceCreateInfo(action=self.actions[act], subaction_path=0 if side is None else self.paths[side]),
        )

    def vibrate(self, side: Side, seconds: float, strength_0to1: float) -> None:
        """Let a hand feel something, where its controller can."""
        info = xr.HapticActionInfo(action=self.actions[Act.TICK], subaction_path=self.paths[side])
        felt = xr.HapticVibration(
            duration=int(seconds * 1e9), frequency=xr.FREQUENCY_UNSPECIFIED, amplitude=strength_0to1
        )
        header = ctypes.cast(ctypes.pointer(felt), ctypes.POINTER(xr.HapticBaseHeader))
        checked(raw.xrApplyHapticFeedback(self._session, byref(info), header))

    def close(self) -> None:
        """Destroy the set and its actions."""
        if self._set:
            gone, self._set = self._set, None
            with contextlib.suppress(xr.exception.XrException):
                xr.destroy_action_set(gone)

    def _made(self, act: Act) -> xr.Action:
        users = (EYES,) if act is Act.GAZE else tuple(HANDS.values())
        paths = (ctypes.c_uint64 * len(users))(*(xr.string_to_path(self._instance, one) for one in users))
        info = xr.ActionCreateInfo(
            action_name=act.value,
            action_type=_TYPES.get(act, xr.ActionType.BOOLEAN_INPUT),
            count_subaction_paths=len(users),
            subaction_paths=paths,
            localized_action_name=WORDS[act],
        )
        return xr.create_action(self._set, info)

    def _suggested(self, profile: Profile) -> bool:
        if profile.needs is not None and profile.needs not in self._extensions:
            return False
        return self._suggest(profile.path, profile.bindings())

    def _suggest(self, profile: str, bindings: tuple[tuple[Act, str], ...]) -> bool:
        made = [
            xr.ActionSuggestedBinding(self.actions[act], xr.string_to_path(self._instance, of)) for act, of in bindings
        ]
        array = (xr.ActionSuggestedBinding * len(made))(*made)
        info = xr.InteractionProfileSuggestedBinding(
            interaction_profile=xr.string_to_path(self._instance, profile),
            count_suggested_bindings=len(made),
            suggested_bindings=array,
        )
        try:
            xr.suggest_interaction_profile_bindings(self._instance, info)
        except xr.PathUnsupportedError:
            return False
        return True

    def _info(self, act: Act, side: Side) -> xr.ActionStateGetInfo:
        return xr.ActionStateGetInfo(action=self.actions[act], subaction_path=self.paths[side])
