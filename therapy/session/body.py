"""What a session learns of the patient's body: resting heart rate, what movement does to it, and breath."""

from __future__ import annotations

from therapy.control.decision import HeartView
from therapy.frozen import changed
from therapy.session.events import Phase
from therapy.session.state import Draft, SessionState
from therapy.signals import movement, rhythm
from therapy.signals.baseline import add_sample
from therapy.signals.beats import Beat

REPEATED_FOR_S = 30.0
"""For how long beats that came twice make the signal doubtful."""


def sample(draft: Draft) -> None:
    """Take one second in, where the phase wants it."""
    match draft.state.phase:
        case Phase.BASELINE if draft.in_phase_s >= draft.protocol.baseline.discard_s:
            hr10_bpm = _valid_bpm(draft)
            if hr10_bpm is not None:
                draft.change(samples=add_sample(draft.state.samples, hr10_bpm))
        case Phase.LOOK_AND_REACH:
            _sample_movement(draft)
        case Phase.EXPOSURE if draft.setup.watches_breath:
            draft.change(breath=rhythm.breath_view(draft.state.rhythm, draft.t_s))
        case _:
            pass


def moved(draft: Draft, speed_m_s: float) -> None:
    """The head moved at this speed in the last second."""
    draft.change(movement=movement.add_speed(draft.state.movement, draft.t_s, speed_m_s))


def beat(draft: Draft, beats: tuple[Beat, ...]) -> None:
    """New beats, for the breath in them."""
    if draft.setup.watches_breath and beats:
        draft.change(rhythm=rhythm.add_beats(draft.state.rhythm, beats))


def calibrated(draft: Draft) -> movement.MovementModel | None:
    """What the look-and-reach minute has taught about this heart and movement; None if too little."""
    baseline = draft.state.baseline
    return None if baseline is None else movement.fit(draft.state.movement_samples, baseline.bpm)


def heart_view(draft: Draft, *, ignore: bool) -> HeartView:
    """Heart rate as the loop may use it; with `ignore` (just after a stimulus) there is no rise over baseline."""
    seen = without_movement(draft.state, changed(draft.seen, delta_bpm=None) if ignore else draft.seen)
    return changed(seen, repeats=True) if draft.t_s - draft.state.health.repeated_at_s <= REPEATED_FOR_S else seen


def without_movement(state: SessionState, seen: HeartView) -> HeartView:
    """Heart rate with the part that movement explains taken out of its rise over baseline, never below zero."""
    model = state.movement_model
    if model is None:
        return seen
    explained_bpm = movement.explained_bpm(model, state.movement)
    delta_bpm = seen.delta_bpm
    if delta_bpm is not None and delta_bpm > 0.0:
        delta_bpm = max(delta_bpm - explained_bpm, 0.0)
    beyond = movement.is_beyond(model, state.movement)
    return changed(seen, delta_bpm=delta_bpm, movement_bpm=explained_bpm, moved_beyond=beyond)


def _sample_movement(draft: Draft) -> None:
    hr10_bpm = _valid_bpm(draft)
    if hr10_bpm is not None:
        samples = movement.add_sample(draft.state.movement_samples, draft.state.movement, hr10_bpm)
        draft.change(movement_samples=samples)


def _valid_bpm(draft: Draft) -> float | None:
    """HR10 where the signal has qualified and nothing is held."""
    state = draft.state
    if state.heart.valid_since_s is None or state.health.latched:
        return None
    return draft.seen.hr10_bpm
