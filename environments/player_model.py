"""What the player knows between two frames, and the ways into the calm scene.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from environments import player_panels as panels
from environments import player_scene as scenes
from environments.contract import LatchReason, PatientStopped, Refused, Report, StopSource
from environments.interact.hands import Held
from environments.play import Game
from environments.player_input import Head
from environments.player_panels import Asked
from environments.player_play import Play
from environments.player_scene import Manifests, Shown, Target

CALM_SCENE = "shore"


@dataclass(frozen=True, slots=True)
class Rules:
    """What does not change while the player runs."""

    manifests: Manifests
    speed: float = 1.0
    seed: int = 0
    ends_when_orphaned: bool = False
    games: Mapping[str, Game] = field(default_factory=dict)
    eye_height_m: float = 1.2


@dataclass(frozen=True, slots=True)
class State:
    """Everything the player knows between two frames; `fired_s` maps an event to its scene time."""

    wall_s: float
    shown: Shown
    scene_time_s: float = 0.0
    asked: Asked = Asked()
    head: Head = Head()
    sequence: int = 0
    latch: LatchReason | None = None
    latch_id: int = 0
    lease_until_s: float | None = None
    is_attached: bool = False
    alone_since_s: float = 0.0
    fired_s: Mapping[str, float] = field(default_factory=dict)
    last_refusal: str = ""
    speed: float | None = None
    is_ending: bool = False
    hands: tuple[Held, ...] = ()
    unfocused_since_s: float | None = None
    play: Play = Play()
    notes: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the player has faded out to end."""
        return self.is_ending and self.shown.fade_0to1 >= 1.0

    @property
    def event_ages_s(self) -> dict[str, float]:
        """Ages in scene seconds of the events that were fired."""
        return {name: self.scene_time_s - at_s for name, at_s in self.fired_s.items()}


Turn = tuple[State, tuple[Report, ...]]


def first_state(wall_s: float, rules: Rules) -> State:
    """A new player: the calm scene, about to fade in, no latch, no lease."""
    return State(wall_s, scenes.first_shown(calm_target(rules), rules.manifests), alone_since_s=wall_s)


def calm_target(rules: Rules) -> Target:
    """The calm scene as it is when nothing was commanded."""
    return Target(CALM_SCENE, seed=rules.seed)


def latched(state: State, reason: LatchReason, rules: Rules) -> State:
    """Hold the calm scene under a new latch; the picture begins to fade in this very frame."""
    goal = state.shown.goal
    calm = replace(goal, intensity_0to1=0.0) if goal.scene == CALM_SCENE else calm_target(rules)
    # The calm scene needs no fade to itself, except to show a patient that the stop was felt.
    is_there = state.shown.target == calm and state.shown.pending is None
    shown = state.shown
    if not state.is_ending and (reason is LatchReason.PATIENT_STOP or not is_there):
        shown = scenes.retreat(shown, calm)
    asked = panels.clear(state.asked)
    return replace(state, shown=shown, asked=asked, latch=reason, latch_id=state.latch_id + 1, fired_s={})


def restored(state: State, wall_s: float, rules: Rules) -> State:
    """A new beginning in the dark before the calm scene, held: nothing of a state that failed is drawn again."""
    return replace(
        first_state(wall_s, rules),
        scene_time_s=state.scene_time_s,
        head=state.head,
        sequence=state.sequence,
        latch=LatchReason.SCENE_FAULT,
        latch_id=state.latch_id + 1,
        lease_until_s=state.lease_until_s,
        is_attached=state.is_attached,
        alone_since_s=state.alone_since_s,
        is_ending=state.is_ending,
    )


def stopped(state: State, source: StopSource, rules: Rules) -> Turn:
    """The patient stopped: latch anew, even over an older latch, so that no release under way can undo it."""
    state = latched(state, LatchReason.PATIENT_STOP, rules)
    return state, (PatientStopped(source, state.latch_id),)


def ended(state: State) -> State:
    """Fade out and end."""
    return state if state.is_ending else replace(state, is_ending=True, shown=scenes.close(state.shown))


def refused(state: State, command: str, reason: str) -> Turn:
    """Say once why a command is not carried out; a lease renewed with the same fault is not refused anew."""
    refusal = f"{command}: {reason}"
    if refusal == state.last_refusal:
        return state, ()
    return replace(state, last_refusal=refusal), (Refused(command, reason),)
