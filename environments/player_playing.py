"""How a played scene is played in the player: looking, throwing, hiding the score.  Pure."""

from __future__ import annotations

from dataclasses import replace

from environments.interact.dwell import look
from environments.interact.geometry import angle_between_deg
from environments.play import Game, Moment
from environments.player_model import Rules, State
from environments.player_play import SCORE_AT, SCORE_DEG, left, looked, threw


def game_of(state: State, rules: Rules) -> tuple[Game, Moment] | None:
    """The rules and the moment of the scene that is shown, if it is played and can be seen."""
    shown = state.shown
    game = rules.games.get(shown.target.scene)
    if game is None or state.latch is not None:
        return None
    moment = Moment(shown.values, shown.target.seed, state.scene_time_s, state.play.throws, rules.eye_height_m)
    return game, moment


def played(state: State, dt_s: float, rules: Rules) -> State:
    """The next moment of play; a question or a dark picture interrupts it, another place ends it."""
    found = game_of(state, rules)
    if found is None:
        return replace(state, play=left(state.play))
    if state.asked.panel is not None or state.shown.fade_0to1 > 0.5 or state.shown.pending is not None:
        return replace(state, play=replace(state.play, aimed=None, aims=()))
    game, moment = found
    state = replace(state, play=looked(state.play, game, moment, state.head.gaze, dt_s))
    return _score_looked_at(state, dt_s)


def thrown(state: State, rules: Rules) -> State:
    """A button: throw where the patient looks."""
    found = game_of(state, rules)
    if found is None or state.asked.panel is not None:
        return state
    return replace(state, play=threw(state.play, *found, state.head.gaze))


def score_turned(state: State) -> State:
    """Hide the score, or show it again."""
    return replace(state, play=replace(state.play, shows_score=not state.play.shows_score))


def _score_looked_at(state: State, dt_s: float) -> State:
    on_it = angle_between_deg(SCORE_AT, state.head.gaze) <= SCORE_DEG
    dwell, chosen = look(state.play.score_dwell, 0 if on_it else None, dt_s)
    state = replace(state, play=replace(state.play, score_dwell=dwell))
    return state if chosen is None else score_turned(state)
