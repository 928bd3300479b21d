"""Graded sessions at a stage of the automation, written through the recorder as a session writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocols.loader import load_protocol
from tests.store.examples import CODE, decision
from therapy.control.decision import Decision, Limits, Reason, Rule, Stage
from therapy.session.events import Decided, NoticeCode, Noticed, Rated, Therapist, TherapistAction
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo


@dataclass(frozen=True)
class Graded:
    """What happened; times in seconds.  `suggested_up` are (from, level, until); all else as it says."""

    stage: Stage = Stage.SUGGEST_ONLY
    suggested_up: Sequence[tuple[float, int, float]] = ((100.0, 0, 140.0),)
    suggested_down: Sequence[tuple[float, int, float]] = ()
    ups_s: Sequence[float] = ()
    ratings: Sequence[tuple[float, int]] = ((60.0, 20), (110.0, 30), (160.0, 35), (210.0, 20))
    missed: int = 0
    stops: Sequence[Reason] = ()
    outcome: str = "completed"
    protocol: str = "heights-first"
    simulated: tuple[str, ...] = ()


def suggestion(t_s: float, level: int, to_level: int) -> Decision:
    """A decision that leaves a step to the therapist; the ceiling is level 4."""
    at_0to1 = level / 10
    made = decision(t_s, at_0to1, at_0to1, rule=Rule.SUGGESTED, suggested_0to1=to_level / 10)
    return replace(made, inputs=replace(made.inputs, limits=Limits(1.0, 0.4, 1.0, next_0to1=1.0)))


def standing(t_s: float, until_s: float, level: int, to_level: int) -> list[tuple[float, Decision]]:
    """A suggestion that stands for a while, decided four times a second."""
    steps = int((until_s - t_s) * 4) + 1
    return [(t_s + step / 4, suggestion(t_s + step / 4, level, to_level)) for step in range(steps)]


def record_graded(database: Path, graded: Graded, code: str = CODE) -> str:
    """Write the session and return its id."""
    loaded = load_protocol(graded.protocol)
    info = SessionInfo(
        patient_code=code,
        protocol_name=loaded.protocol.name,
        protocol_sha256=loaded.sha256,
        protocol_text=loaded.text,
        setup={"stage": graded.stage.value},
        simulated=graded.simulated,
    )
    suggested = [one for t_s, level, until_s in graded.suggested_up for one in standing(t_s, until_s, level, level + 1)]
    suggested += [
        one for t_s, level, until_s in graded.suggested_down for one in standing(t_s, until_s, level, level - 1)
    ]
    outputs = [(t_s, Decided(one)) for t_s, one in suggested]
    outputs += [(t_s, Rated("suds", suds, True, 0.0)) for t_s, suds in graded.ratings]  # type: ignore[misc]
    outputs += [(1.0, Noticed(NoticeCode.PROMPT_MISSED, "suds"))] * graded.missed  # type: ignore[list-item]
    outputs += [(2.0, Noticed(NoticeCode.LATCHED, reason.value)) for reason in graded.stops]  # type: ignore[misc]
    with Recorder(database) as recorder:
        session_id = recorder.begin(info)
        for seq, up_s in enumerate(graded.ups_s):
            recorder.append_event(seq, up_s, Therapist(TherapistAction.UP))
        for seq, (t_s, output) in enumerate(outputs):
            recorder.append_output(seq, t_s, output)
        recorder.end(graded.outcome)
    return session_id
