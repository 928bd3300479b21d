"""The patient's hands, buttons and eyes in the headset, once a frame."""

from __future__ import annotations

import contextlib
from ctypes import byref
from dataclasses import dataclass

import numpy as np
import xr
from xr import raw_functions as raw

from environments.display.openxr import presses
from environments.display.openxr.actions import Actions
from environments.display.openxr.bindings import HAND_PROFILE, PRESSES, Act
from environments.display.openxr.calls import LOST, checked
from environments.display.openxr.hands import VALID, HandTrackers, matrices
from environments.interact import keys
from environments.interact.geometry import Direction, direction_of
from environments.interact.hands import Held, HeldController, Side
from environments.render.model import Float32

TICK_S, TICK_0TO1 = 0.02, 0.3
"""What the hand feels that chose: short and faint."""

_BUTTONS = tuple((act, side) for side in Side for act in PRESSES)
_KEYS = {Act.CHOOSE: keys.CONFIRM, Act.RATE: keys.RATE}


@dataclass(frozen=True, slots=True)
class InputState:
    """What the patient did in this frame; places and directions are relative to the space that `sync` was given.

    `keys` are newly pressed (`interact/keys.py`), `stop` is true while any button is held long enough, `recentre` in
    one frame; `gaze` is where the eyes look, None where that is not known.
    """

    keys: tuple[str, ...] = ()
    stop: bool = False
    recentre: bool = False
    hands: tuple[Held, ...] = ()
    gaze: Direction | None = None


class Input:
    """Everything the patient can do in the headset but look round; `suggest` once, then `sync` once a frame.

    Errors that mean a lost session, instance or runtime are raised; a device that fails alone is not there.
    """

    def __init__(self, instance: xr.Instance, session: xr.Session, extensions: frozenset[str]) -> None:
        self._actions = Actions(instance, session, extensions)
        self._held = presses.Held()
        self._are_sticks_out = dict.fromkeys(Side, False)
        self._profiles = dict.fromkeys(Side, "")
        self._spaces: dict[Side | None, xr.Space] = {}
        self._location, self._pose = xr.SpaceLocation(), np.zeros((1, 7), np.float32)
        self._trackers: HandTrackers | None = None
        try:
            self._spaces |= {side: self._actions.space(Act.GRIP, side) for side in Side}
            if Act.GAZE in self._actions.actions:
                self._spaces[None] = self._actions.space(Act.GAZE, None)
            self._trackers = HandTrackers(session, extensions)
        except xr.exception.XrException:
            self.close()
            raise

    def suggest(self) -> tuple[str, ...]:
        """Suggest what buttons do, before the session begins; the names of controllers that the runtime cannot have."""
        return self._actions.suggest()

    def sync(self, display_time: int, base_space: xr.Space) -> InputState:
        """What happened since the last frame; without focus nothing."""
        has_input = self._actions.sync()
        down = tuple(self._down(act, side) if has_input else None for act, side in _BUTTONS)
        menus = [self._down(Act.MENU, side) if has_input else None for side in Side]
        known = [one for one in menus if one is not None]
        menu = any(known) if known else None
        self._held, meant = presses.step(self._held, down, menu, display_time * 1e-9)
        if not has_input:
            return InputState()
        return InputState(
            keys=self._keys(meant),
            stop=meant.stop,
            recentre=meant.recentre,
            hands=self._hands(display_time, base_space),
            gaze=self._gaze(display_time, base_space),
        )

    def profile_changed(self) -> None:
        """Ask anew which controllers there are."""
        for side in Side:
            with contextlib.suppress(xr.ActionsetNotAttachedError, xr.PathUnsupportedError):
                self._profiles[side] = self._actions.profile(side)

    def pulse(self, side: Side | None = None, seconds: float = 0.05, strength_0to1: float = 0.3) -> None:
        """Let one hand feel something, or both."""
        for one in Side if side is None else (side,):
            try:
                self._actions.vibrate(one, seconds, strength_0to1)
            except LOST:
                raise
            except xr.exception.XrException:
                continue

    def close(self) -> None:
        """Give every handle back; those of a lost session are gone already."""
        if self._trackers is not None:
            self._trackers.close()
        while self._spaces:
            _, space = self._spaces.popitem()
            with contextlib.suppress(xr.exception.XrException):
                xr.destroy_space(space)
        self._actions.close()

    def _down(self, act: Act, side: Side) -> bool | None:
        try:
            return self._actions.down(act, side)
        except LOST:
            raise
        except xr.exception.XrException:
            return None

    def _keys(self, meant: presses.Meant) -> tuple[str, ...]:
        pressed = [(_KEYS[act], side) for act, side in (_BUTTONS[i] for i in meant.pressed) if act in _KEYS]
        for key, side in pressed:
            if key == keys.CONFIRM:
                self.pulse(side, TICK_S, TICK_0TO1)
        rated = (keys.RATE,) if meant.menu else ()
        return (*(key for key, _ in pressed), *rated, *self._flicks())

    def _flicks(self) -> tuple[str, ...]:
        found = []
        for side in Side:
            try:
                x = self._actions.sideways(side)
            except LOST:
                raise
            except xr.exception.XrException:
                x = 0.0
            self._are_sticks_out[side], way = presses.flicked(self._are_sticks_out[side], x)
            if way:
                found.append(keys.RIGHT if way > 0 else keys.LEFT)
        return tuple(found)

    def _hands(self, time: int, base_space: xr.Space) -> tuple[Held, ...]:
        """A controller that is held wins over joints, which some runtimes guess from it."""
        tracked = self._trackers.seen(time, base_space) if self._trackers is not None else {}
        found: list[Held] = []
        for side in Side:
            is_bare = self._profiles[side] == HAND_PROFILE
            grip = None if is_bare else self._located(side, time, base_space)
            if grip is not None:
                found.append(HeldController(side, grip))
            elif side in tracked:
                found.append(tracked[side])
        return tuple(found)

    def _gaze(self, time: int, base_space: xr.Space) -> Direction | None:
        if None not in self._spaces:
            return None
        eyes = self._located(None, time, base_space)
        if eyes is None:
            return None
        x, y, z = (-eyes[:3, 2]).tolist()
        return direction_of((x, y, z))

    def _located(self, side: Side | None, time: int, base_space: xr.Space) -> Float32 | None:
        """Where a hand's grip is (None: where the eyes look), as a matrix (4, 4); None while it is not known."""
        location, values = self._location, self._pose
        try:
            checked(raw.xrLocateSpace(self._spaces[side], base_space, time, byref(location)))
        except LOST:
            raise
        except xr.exception.XrException:
            return None
        if location._location_flags & VALID != VALID:  # noqa: SLF001  the plain number
            return None
        turn, place = location.pose.orientation, location.pose.position
        values[0] = turn.x, turn.y, turn.z, turn.w, place.x, place.y, place.z
        return matrices(values[:, :4], values[:, 4:])[0] if bool(np.isfinite(values).all()) else None
