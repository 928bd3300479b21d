"""How the player carries out the session's commands.  Pure."""

from __future__ import annotations

from dataclasses import replace

from environments import player_panels as panels
from environments import player_scene as scenes
from environments.contract import (
    LEASE_S,
    BreathingGuide,
    EventShown,
    FireEvent,
    HidePanel,
    KeyInput,
    LatchReason,
    ReleaseLatch,
    Say,
    SceneCommand,
    SetNotes,
    ShowPanel,
    Shutdown,
    StopSource,
)
from environments.interact import breathing, keys
from environments.player_input import FromLink, Received, SessionCame, SessionWent
from environments.player_model import CALM_SCENE, Rules, State, Turn, ended, latched, refused, stopped
from environments.player_playing import score_turned, thrown
from environments.player_scene import Target
from environments.scenes.manifest import ManifestError
from environments.scenes.notes import NotesError, laid_out

EVENT_REST_S = 10.0
"""Scene seconds before the same event can be fired again: starting it anew while it shows would be a cut."""

LONGEST_SAY_S = 120.0


def arrived(state: State, what: FromLink, rules: Rules) -> Turn:
    """Take in one thing from the link."""
    if isinstance(what, SessionCame):
        return replace(state, is_attached=True, last_refusal=""), ()
    if isinstance(what, SessionWent):
        return replace(state, is_attached=False, alone_since_s=state.wall_s), ()
    if isinstance(what.command, SceneCommand):
        return _scene(_paced(_lease_renewed(state, what), what.command), what.command, rules)
    return _other(state, what, rules)


def pressed(state: State, key: str, rules: Rules) -> Turn:
    """A key of the patient's, real or scripted."""
    if key == keys.STOP:
        return stopped(state, StopSource.KEY, rules)
    if key == keys.THROW or (key == keys.CONFIRM and state.asked.panel is None):
        return thrown(state, rules), ()
    if key == keys.SCORE:
        return score_turned(state), ()
    asked, reports = panels.press(state.asked, key)
    return replace(state, asked=asked), reports


def _lease_renewed(state: State, what: Received) -> State:
    return replace(state, lease_until_s=what.received_s + LEASE_S)


def _paced(state: State, command: SceneCommand) -> State:
    return replace(state, speed=command.speed) if command.speed is not None and command.speed > 0.0 else state


def _other(state: State, what: Received, rules: Rules) -> Turn:
    command = what.command
    if isinstance(command, ReleaseLatch):
        return _released(state, command)
    if isinstance(command, ShowPanel):
        return replace(state, asked=panels.show(state.asked, command)), ()
    if isinstance(command, HidePanel):
        return replace(state, asked=panels.hide(state.asked, command.panel_id)), ()
    if isinstance(command, Say):
        return _said(state, command)
    if isinstance(command, BreathingGuide):
        return _guided(state, command)
    if isinstance(command, FireEvent):
        return _event(state, command, rules)
    if isinstance(command, SetNotes):
        return _noted(state, command)
    if isinstance(command, KeyInput):
        is_known = command.name in keys.NAMES
        return pressed(state, command.name, rules) if is_known else _unknown_key(state, command)
    return (ended(state) if isinstance(command, Shutdown) else state), ()


def _scene(state: State, command: SceneCommand, rules: Rules) -> Turn:
    if command.latch:
        state = replace(state, sequence=command.sequence)
        return (state if state.latch is not None else latched(state, LatchReason.COMMANDED, rules)), ()
    problem = _problem(command, rules)
    if problem is not None:
        return refused(state, command.kind, problem)
    state = replace(state, sequence=command.sequence, last_refusal="")
    if state.is_ending or (state.latch is not None and command.scene != CALM_SCENE):
        return state, ()
    intensity = command.intensity_0to1 if state.latch is None else 0.0
    overrides = tuple(sorted((command.overrides or {}).items()))
    wanted = Target(command.scene, intensity, command.seed, overrides)
    return replace(state, shown=scenes.follow(state.shown, wanted, command.ramp_s, rules.manifests)), ()


def _problem(command: SceneCommand, rules: Rules) -> str | None:
    manifest = rules.manifests.get(command.scene)
    if manifest is None:
        return f"there is no scene {command.scene!r}; there are {', '.join(sorted(rules.manifests))}"
    if not 0.0 <= command.intensity_0to1 <= 1.0:
        return f"intensity lies between 0 and 1, not {command.intensity_0to1:g}"
    if command.ramp_s < 0.0:
        return f"a ramp cannot take {command.ramp_s:g} s"
    try:
        manifest.commanded_at(command.intensity_0to1, command.overrides)
    except ManifestError as error:
        return str(error)
    return None


def _released(state: State, command: ReleaseLatch) -> Turn:
    if state.latch is None:
        return refused(state, command.kind, "nothing is latched")
    if command.latch_id != state.latch_id:
        return refused(state, command.kind, f"latch {command.latch_id} is not the newest, which is {state.latch_id}")
    # The next scene command takes out a new lease; until then the calm scene stays.
    return replace(state, latch=None, lease_until_s=None), ()


def _said(state: State, command: Say) -> Turn:
    if not 0.0 < command.duration_s <= LONGEST_SAY_S:
        return refused(state, command.kind, f"a line shows for up to {LONGEST_SAY_S:g} s, not {command.duration_s:g} s")
    return replace(state, asked=panels.say(state.asked, command.text, command.duration_s, state.head.gaze)), ()


def _guided(state: State, command: BreathingGuide) -> Turn:
    pace, slowest, fastest = command.pace_per_min, breathing.SLOWEST_PER_MIN, breathing.FASTEST_PER_MIN
    if pace is not None and not slowest <= pace <= fastest:
        return refused(state, command.kind, f"a guided breath has {slowest:g} to {fastest:g} a minute, not {pace:g}")
    return replace(state, asked=panels.breathe(state.asked, pace, state.head.gaze)), ()


def _event(state: State, command: FireEvent, rules: Rules) -> Turn:
    target = state.shown.target
    manifest = rules.manifests[target.scene]
    if command.name not in manifest.events:
        there = ", ".join(sorted(manifest.events)) or "none"
        return refused(state, command.kind, f"scene {target.scene} has no event {command.name!r}; it has {there}")
    if state.latch is not None:
        return refused(state, command.kind, "the calm scene is held")
    if state.shown.pending is not None:
        return refused(state, command.kind, "the scene is changing")
    if state.event_ages_s.get(command.name, EVENT_REST_S) < EVENT_REST_S:
        return refused(state, command.kind, f"{command.name} is still showing")
    reason = manifest.why_not(command.name, state.shown.values)
    if reason is not None:
        return refused(state, command.kind, f"{command.name} cannot be seen now: it {reason}")
    fired_s = {**state.fired_s, command.name: state.scene_time_s}
    return replace(state, fired_s=fired_s, last_refusal=""), (EventShown(command.name),)


def _noted(state: State, command: SetNotes) -> Turn:
    try:
        laid_out(command.text)
    except NotesError as error:
        return refused(state, command.kind, str(error))
    return replace(state, notes=command.text), ()


def _unknown_key(state: State, command: KeyInput) -> Turn:
    return refused(state, command.kind, f"there is no key {command.name!r}; there are {', '.join(keys.NAMES)}")
