"""What becomes which row."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from environments.contract import FrameStatistics
from therapy.control.decision import Cause, Decision, LoopInputs, Reason, Rule
from therapy.errors import StoreError
from therapy.session.events import (
    Answered,
    BeatSeen,
    Decided,
    Event,
    Fault,
    Output,
    PhaseChanged,
    PlayerGone,
    Rated,
    SampleTaken,
    SessionEnded,
    SetScene,
    Stopped,
    Therapist,
)
from therapy.store.blocks import pack_poses
from therapy.store.codec import decode, encode
from therapy.store.database import wall_now
from therapy.store.tables import (
    BeatRow,
    DecisionRow,
    EventRow,
    FrameRow,
    JournalRow,
    PoseRow,
    RatingRow,
    SampleRow,
    SessionRow,
)

Row = tuple[str, dict[str, Any]]
"""A table's name and the values of one row, without the session's number."""

_URGENT_EVENTS = (Stopped, Answered, Therapist, Fault, PlayerGone)
_URGENT_OUTPUTS = (Rated, PhaseChanged, SessionEnded)


def is_urgent_event(event: Event) -> bool:
    """Whether this event has to be on disk at once."""
    return isinstance(event, _URGENT_EVENTS)


def is_urgent_output(output: Output) -> bool:
    """Whether this output has to be on disk at once: decisions that change something, stops, ratings, phases."""
    if isinstance(output, Decided):
        return output.decision.applied_0to1 != output.decision.before_0to1
    return isinstance(output, _URGENT_OUTPUTS) or (isinstance(output, SetScene) and output.latch)


def journal_row(seq: int, t_s: float, event: Event) -> Row:
    """One event of the journal."""
    values = {"seq": seq, "t_s": _time(t_s), "kind": type(event).__name__, "payload": encode(event)}
    return JournalRow.__tablename__, values


def output_row(seq: int, part: int, t_s: float, output: Output) -> Row:
    """One output, in the table for its kind."""
    key = {"seq": seq, "part": part, "t_s": _time(t_s)}
    make = _MAKERS.get(type(output))
    if make is not None:
        table, values = make(output)
        return table, key | values
    return EventRow.__tablename__, key | {"kind": type(output).__name__, "payload": encode(output)}


def frame_row(seq: int, t_s: float, frames: FrameStatistics) -> Row:
    """Frame statistics of one second."""
    values = {"frames": frames.frames, "late_frames": frames.late_frames}
    times = {"median_ms": frames.median_ms, "p99_ms": frames.p99_ms}
    return FrameRow.__tablename__, {"seq": seq, "t_s": _time(t_s)} | values | times


def pose_row(seq: int, t_s: float, poses: Sequence[Sequence[float]]) -> Row:
    """One block of head poses."""
    first_s, block = pack_poses(poses)
    values = {"rows": len(poses), "first_scene_time_s": first_s, "columns": block}
    return PoseRow.__tablename__, {"seq": seq, "t_s": _time(t_s)} | values


def end_row(outcome: str, detail: str, t_s: float | None, lost_rows: int) -> Row:
    """The change to the session's row that ends it."""
    values: dict[str, Any] = {"outcome": outcome, "detail": detail, "ended": wall_now(), "lost_rows": lost_rows}
    return SessionRow.__tablename__, values if t_s is None else values | {"duration_s": _time(t_s)}


def lost_row(lost_rows: int) -> Row:
    """The change to the session's row that tells of rows that could not be kept."""
    return SessionRow.__tablename__, {"lost_rows": lost_rows}


def decision_of(row: DecisionRow) -> Decision:
    """The decision a row holds; a NULL number was not a number."""
    return Decision(
        t_s=_number(row.decided_t_s),
        cause=Cause(row.cause),
        rule=Rule(row.rule),
        reasons=tuple(Reason(word) for word in json.loads(row.reasons)),
        before_0to1=_number(row.before_0to1),
        proposed_0to1=_number(row.proposed_0to1),
        applied_0to1=_number(row.applied_0to1),
        ramp_s=_number(row.ramp_s),
        calm=row.calm,
        latched=row.latched,
        policy_rule=Rule(row.policy_rule),
        inputs=decode(LoopInputs, row.inputs),
        limiting=None if row.limiting is None else Reason(row.limiting),
        suggested_0to1=row.suggested_0to1,
        pace_per_min=row.pace_per_min,
    )


def sample_of(row: SampleRow) -> SampleTaken:
    """The sample a row holds."""
    return SampleTaken(
        row.hr10_bpm,
        row.hr5_bpm,
        row.delta_bpm,
        _number(row.quality_0to1),
        row.age_s,
        _number(row.target_0to1),
        _number(row.shown_0to1),
        row.scene,
        _number(row.scene_time_s),
        row.suds,
    )


def beat_of(row: BeatRow) -> BeatSeen:
    """The beat a row holds."""
    return BeatSeen(_number(row.beat_t_s), row.rr_ticks, row.accepted, row.after_gap)


def rating_of(row: RatingRow) -> Rated:
    """The rating a row holds."""
    return Rated(row.scale, row.answer, row.prompted, _number(row.intensity_0to1))


def _decision_values(output: Decided) -> Row:
    decision = output.decision
    values = {
        "decided_t_s": decision.t_s,
        "cause": decision.cause.value,
        "rule": decision.rule.value,
        "reasons": json.dumps([reason.value for reason in decision.reasons]),
        "before_0to1": decision.before_0to1,
        "proposed_0to1": decision.proposed_0to1,
        "applied_0to1": decision.applied_0to1,
        "ramp_s": decision.ramp_s,
        "calm": decision.calm,
        "latched": decision.latched,
        "policy_rule": decision.policy_rule.value,
        "inputs": encode(decision.inputs),
        "limiting": None if decision.limiting is None else decision.limiting.value,
        "suggested_0to1": decision.suggested_0to1,
        "pace_per_min": decision.pace_per_min,
    }
    return DecisionRow.__tablename__, values


def _beat_values(beat: BeatSeen) -> Row:
    values = {"beat_t_s": beat.t_s, "rr_ticks": beat.rr_ticks, "accepted": beat.accepted, "after_gap": beat.after_gap}
    return BeatRow.__tablename__, values


def _columns(table: str) -> Callable[[Any], Row]:
    """For outputs whose fields are the table's columns."""
    return lambda output: (table, {field.name: getattr(output, field.name) for field in fields(output)})


_MAKERS: dict[type, Callable[[Any], Row]] = {
    Decided: _decision_values,
    BeatSeen: _beat_values,
    SampleTaken: _columns(SampleRow.__tablename__),
    Rated: _columns(RatingRow.__tablename__),
}


def _time(t_s: float) -> float:
    if not math.isfinite(t_s):
        raise StoreError(f"Something happened at session time {t_s}.", "Report this; it is a fault.")
    return t_s


def _number(value: float | None) -> float:
    return math.nan if value is None else value
