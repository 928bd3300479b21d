"""The player's decisions, one frame at a time: commands, lease, latch, the patient's stop.  Pure.

`step(state, inputs, rules)` gives the state to draw and the reports to send.  Wall time comes in
with the inputs; scene time runs at `rules.speed` times wall time, or at the speed last commanded.
"""

from __future__ import annotations

from dataclasses import replace

from environments import player_breath as breath
from environments import player_panels as panels
from environments import player_scene as scenes
from environments.contract import LatchReason, Refused, Report, StopSource
from environments.interact.breathing import breathed
from environments.player_commands import arrived, pressed
from environments.player_input import Inputs
from environments.player_model import Rules, State, Turn, ended, first_state, latched, stopped
from environments.player_playing import played, thrown

__all__ = ["Rules", "State", "first_state", "step"]

LONGEST_STEP_S = 0.25
"""Wall seconds of one frame that count for scene time; a stalled machine stalls the scene too."""

FOCUS_WITHIN_S = 2.0
"""Wall seconds that a headset may take from the first picture until nothing of its own lies over it."""

ORPHAN_S = 30.0
"""Wall seconds without a session after which a player without a window ends."""


def step(state: State, inputs: Inputs, rules: Rules) -> Turn:
    """One frame."""
    dt_wall_s = min(max(inputs.wall_s - state.wall_s, 0.0), LONGEST_STEP_S)
    dt_scene_s = dt_wall_s * (state.speed or rules.speed)
    state, said = _headset(replace(state, wall_s=inputs.wall_s), inputs, rules)
    reports = list(said)
    for what in inputs.from_link:
        state, said = arrived(state, what, rules)
        reports += said
    for act in (_fault, _closed_window, _keys, _clicks):
        state, said = act(state, inputs, rules)
        reports += said
    state, said = _looked(state, dt_scene_s, rules)
    reports += said
    state = _lease(state, rules)
    if inputs.is_told_to_end or (rules.ends_when_orphaned and _is_orphan(state)):
        state = ended(state)
    return _advanced(state, dt_wall_s, dt_scene_s, rules), tuple(reports)


def _advanced(state: State, dt_wall_s: float, dt_scene_s: float, rules: Rules) -> State:
    shown = scenes.advance(state.shown, dt_wall_s, dt_scene_s, rules.manifests)
    stays = shown.target.scene == state.shown.target.scene
    fired_s = state.fired_s if stays else {}
    time_s = state.scene_time_s + dt_scene_s
    values = breath.carried(state.shown.values, shown.values, state.scene_time_s, time_s)
    guide = breathed(state.asked.guide, dt_scene_s, breath.cycles_at(values, time_s))
    asked = replace(state.asked, guide=guide)
    return replace(state, shown=replace(shown, values=values), fired_s=fired_s, scene_time_s=time_s, asked=asked)


def _is_orphan(state: State) -> bool:
    return not state.is_attached and state.wall_s - state.alone_since_s >= ORPHAN_S


def _lease(state: State, rules: Rules) -> State:
    """Without a renewed command the calm scene comes by itself; a latch that is already there stays as it is."""
    if state.lease_until_s is None or state.wall_s <= state.lease_until_s:
        return state
    state = replace(state, lease_until_s=None)
    return state if state.latch is not None else latched(state, LatchReason.LEASE_LOST, rules)


def _fault(state: State, inputs: Inputs, rules: Rules) -> Turn:
    """A scene that cannot be drawn cannot be faded either: go dark at once, then to the calm scene."""
    if inputs.drawing_fault is None:
        return state, ()
    state = latched(state, LatchReason.SCENE_FAULT, rules)
    state = replace(state, shown=replace(state.shown, fade_0to1=1.0))
    return state, (Refused("draw", inputs.drawing_fault),)


def _headset(state: State, inputs: Inputs, rules: Rules) -> Turn:
    before, head = state.head, inputs.from_patient.head
    state = replace(state, head=head, hands=inputs.from_patient.hands)
    if before.is_worn and not head.is_worn:
        return stopped(state, StopSource.HEADSET_OFF, rules)
    if before.is_tracked and not head.is_tracked and state.latch is None:
        return latched(state, LatchReason.DISPLAY_LOST, rules), ()
    return _focus(state, rules, was_focused=before.is_focused), ()


def _focus(state: State, rules: Rules, *, was_focused: bool) -> State:
    """What lies over the scene holds it: at once when it comes, and while it stays although nothing is held."""
    head = state.head
    if head.is_focused:
        return replace(state, unfocused_since_s=None)
    since_s = state.wall_s if state.unfocused_since_s is None else state.unfocused_since_s
    state = replace(state, unfocused_since_s=since_s)
    stays = head.is_worn and head.is_tracked and state.wall_s - since_s >= FOCUS_WITHIN_S
    is_due = was_focused or (stays and state.lease_until_s is not None)
    return latched(state, LatchReason.FOCUS_LOST, rules) if is_due and state.latch is None else state


def _closed_window(state: State, inputs: Inputs, rules: Rules) -> Turn:
    """The first time it is a stop like any other; closing the calm scene, or an orphan, ends the player."""
    if not inputs.from_patient.is_window_closed:
        return state, ()
    if not state.is_attached or state.latch is LatchReason.PATIENT_STOP:
        return ended(state), ()
    return stopped(state, StopSource.WINDOW_CLOSED, rules)


def _keys(state: State, inputs: Inputs, rules: Rules) -> Turn:
    reports: tuple[Report, ...] = ()
    for key in inputs.from_patient.keys:
        state, said = pressed(state, key, rules)
        reports += said
    return state, reports


def _clicks(state: State, inputs: Inputs, rules: Rules) -> Turn:
    reports: tuple[Report, ...] = ()
    for at in inputs.from_patient.clicks:
        asked, said, is_calm = panels.click(state.asked, at)
        if not said and not is_calm:
            state = thrown(state, rules)
        state, reports = replace(state, asked=asked), reports + said
        if is_calm:
            state, said = stopped(state, StopSource.CALM_DISC, rules)
            reports += said
    return state, reports


def _looked(state: State, dt_scene_s: float, rules: Rules) -> Turn:
    can_be_seen = state.shown.fade_0to1 < 0.5 and state.shown.pending is None
    asked, reports, is_calm = panels.advance(state.asked, state.head.gaze, dt_scene_s, can_be_seen)
    state = played(replace(state, asked=asked), min(dt_scene_s, panels.LONGEST_LOOK_S), rules)
    if not is_calm:
        return state, reports
    state, said = stopped(state, StopSource.CALM_DISC, rules)
    return state, reports + said
