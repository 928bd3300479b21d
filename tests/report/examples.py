"""A heights session written through the recorder: steps, a held level, gaps, the brake, the ceiling, a stop.

Session seconds: baseline 50-290, exposure 320-1220, recovery 1220-1400.  The heart rate is missing 700-760.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from environments.contract import FrameStatistics
from protocols.loader import load_protocol
from tests.store.examples import CODE, clear_answers, decision
from therapy.control.decision import Cause, Decision, HeartView, Limits, RatingView, Reason, Rule
from therapy.session.events import (
    BaselineSettled,
    BeatSeen,
    Decided,
    Event,
    LinkState,
    NoticeCode,
    Noticed,
    Output,
    Phase,
    PhaseChanged,
    Rated,
    SampleTaken,
    SensorLink,
    SetScene,
    Stimulate,
    Stopped,
    Therapist,
    TherapistAction,
    Tick,
)
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo

GAP = (700.0, 760.0)
PHASES = (
    (30, Phase.FITTING, Phase.REHEARSAL),
    (50, Phase.REHEARSAL, Phase.BASELINE),
    (290, Phase.BASELINE, Phase.EXPECTATION),
    (320, Phase.EXPECTATION, Phase.EXPOSURE),
    (1220, Phase.EXPOSURE, Phase.RECOVERY),
    (1400, Phase.RECOVERY, Phase.REVIEW),
    (1440, Phase.REVIEW, Phase.ENDED),
)
RATINGS = (
    (90, 15), (335, 25), (380, 30), (425, 35), (440, 45), (492, 38), (512, 60), (560, 65), (640, 80), (655, 55),
    (735, 35), (790, 30), (812, 62), (872, 38), (895, 70), (950, 50), (1040, 38), (1062, 55), (1108, 36),
    (1180, 45), (1300, 15),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One decision that matters, with the level before, proposed and applied."""

    t_s: float
    rule: Rule
    reasons: tuple[Reason, ...]
    levels: tuple[int, int, int]


STEPS = (
    Step(372, Rule.LADDER_UP, (Reason.SUDS_LOW,), (0, 1, 1)),
    Step(430, Rule.LADDER_UP, (Reason.SUDS_LOW,), (1, 2, 2)),
    Step(500, Rule.LADDER_UP, (Reason.SUDS_LOW,), (2, 3, 3)),
    Step(640, Rule.LADDER_DOWN_ONE, (Reason.SUDS_HIGH,), (3, 2, 2)),
    *(Step(740 + i / 4, Rule.GUARD_HOLD, (Reason.HR_LOST,), (2, 3, 2)) for i in range(100)),
    Step(800, Rule.LADDER_UP, (Reason.SUDS_LOW,), (2, 3, 3)),
    Step(880, Rule.LADDER_UP, (Reason.SUDS_LOW,), (3, 4, 4)),
    Step(930, Rule.HR_BRAKE, (Reason.HR_SUSTAINED,), (4, 3, 3)),
    Step(1048, Rule.LADDER_UP, (Reason.SUDS_LOW,), (3, 4, 4)),
    *(Step(1110 + i / 4, Rule.GUARD_HOLD, (Reason.CEILING,), (4, 5, 4)) for i in range(120)),
    *(Step(1150 + i / 4, Rule.GUARD_CALM, (Reason.PATIENT_STOPPED,), (0 if i else 4, 4, 0)) for i in range(60)),
    Step(1165, Rule.RE_ENTRY, (Reason.ASKED_BY_THERAPIST,), (0, 3, 3)),
    *(Step(1222 + 8 * i, Rule.SESSION_PLAN, (Reason.PLANNED,), (3 - i, 2 - i, 2 - i)) for i in range(3)),
)
MOVES = [(step.t_s, step.levels[2]) for step in STEPS if step.levels[0] != step.levels[2]]


def make_patient(database: Path) -> None:
    with People(database) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
        people.record_screening(CODE, clear_answers(), "T-1")


def heights_info(**changes: object) -> SessionInfo:
    loaded = load_protocol("heights-first")
    values: dict[str, object] = {
        "patient_code": CODE,
        "protocol_name": loaded.protocol.name,
        "protocol_sha256": loaded.sha256,
        "protocol_text": loaded.text,
        "setup": {"seed": 7, "age_years": 42},
        "sensor": {"name": "Virtual H10", "address": "F0:F1:F2:F3:F4:F5", "kind": "virtual", "simulated": True},
        "player": {"display": "offscreen", "renderer": "llvmpipe", "size_px": [1280, 720]},
        "software": "acclimate 0.1.0",
        "simulated": ("heart-rate strap", "patient", "headset"),
    }
    return SessionInfo(**(values | changes))  # type: ignore[arg-type]


def level_at(t_s: float) -> int:
    return next((level for at, level in reversed(MOVES) if at <= t_s), 0)


def suds_at(t_s: float) -> tuple[int, float] | None:
    return next(((suds, t_s - at) for at, suds in reversed(RATINGS) if at <= t_s), None)


def hr_at(t_s: float) -> float | None:
    if t_s < 6 or GAP[0] <= t_s < GAP[1]:
        return None
    return 70.0 + 1.5 * math.sin(t_s / 17.0) + 2.7 * level_at(t_s) + (6.0 if 868 <= t_s < 930 else 0.0)


def record_session(database: Path, until_s: float = 1e9, ends: bool = True) -> str:
    """Write the session up to a second; without an end it reads as interrupted."""
    make_patient(database)
    with Recorder(database) as recorder:
        session_id = recorder.begin(heights_info())
        for seq, (t_s, event, outputs) in enumerate(script()):
            if t_s > until_s:
                break
            recorder.append_event(seq, t_s, event)
            for output in outputs:
                recorder.append_output(seq, t_s, output)
            if t_s % 60 == 0:
                recorder.append_frames(t_s, FrameStatistics(89, 1, 11.2, 14.5 + t_s / 1000))
                recorder.append_poses(t_s, [(t_s, 1.0, -10.0, 0.0, 0.0, 1.2, 0.0)] * 90)
        if ends:
            recorder.end("completed", "", 1440.0)
        recorder.flush()
    return session_id


def script() -> list[tuple[float, Event, list[Output]]]:
    """Every event with its outputs, in order of time."""
    rows: list[tuple[float, Event, list[Output]]] = [(0.0, SensorLink(LinkState.CONNECTED), [])]
    rows += [(float(second), Tick(), each_second(float(second))) for second in range(1440)]
    rows += [(float(at), Tick(), [PhaseChanged(before, after)]) for at, before, after in PHASES]
    rows += [(float(at), Tick(), [Rated("suds", suds, at != 640, level_at(at - 1) / 10)]) for at, suds in RATINGS]
    rows += [(step.t_s, Tick(), [Decided(decision_of(step))]) for step in STEPS]
    rows += [
        (49.0, Tick(), [Noticed(NoticeCode.STOP_REHEARSED, "key")]),
        (290.0, Tick(), [BaselineSettled(70.2, 3.4, 180.0), Noticed(NoticeCode.BASELINE_SETTLED, "70 3")]),
        (
            300.0,
            Tick(),
            [Rated("expectancy-before", 70, True, 0.0), Noticed(NoticeCode.EXPECTATION, "I'll be <pulled> over")],
        ),
        (320.0, Tick(), [SetScene("heights", 0.0, 3.0)]),
        (600.0, Tick(), [Noticed(NoticeCode.PROMPT_MISSED, "suds")]),
        (715.0, SensorLink(LinkState.LOST), [Noticed(NoticeCode.HEART_RATE_LOST)]),
        (760.0, SensorLink(LinkState.CONNECTED), [Noticed(NoticeCode.HEART_RATE_BACK)]),
        (
            990.0,
            Therapist(TherapistAction.EVENT, text="gust"),
            [Stimulate("gust"), Noticed(NoticeCode.EVENT_FIRED, "gust")],
        ),
        (1000.0, Therapist(TherapistAction.NOTE, text="sweaty hands & <b>calm</b> voice"), []),
        (1150.0, Stopped("calm-disc", 2), [Noticed(NoticeCode.LATCHED, "patient-stopped")]),
        (1165.0, Therapist(TherapistAction.RESUME), [Noticed(NoticeCode.RESUMED, "3")]),
        (1405.0, Tick(), [Rated("expectancy-after", 20, True, 0.0)]),
    ]
    return sorted(rows, key=lambda row: row[0])


def each_second(t_s: float) -> list[Output]:
    hr, rated = hr_at(t_s), suds_at(t_s)
    exposed = 320 <= t_s < 1250 and not 1150 <= t_s < 1165
    level = level_at(t_s) / 10 if exposed else 0.0
    outputs: list[Output] = []
    if hr is not None:
        outputs.append(BeatSeen(t_s, round(1024 * 60 / hr), int(t_s) % 40 != 0, t_s == GAP[1]))
    settled = hr is not None and t_s > 290
    outputs.append(
        SampleTaken(
            hr10_bpm=hr,
            hr5_bpm=hr,
            delta_bpm=hr - 70.2 if hr is not None and settled else None,
            quality_0to1=0.0 if hr is None else 0.97,
            age_s=0.4 if hr is not None else None,
            target_0to1=level,
            shown_0to1=level,
            scene="heights" if exposed else "shore",
            scene_time_s=t_s,
            suds=rated[0] if rated else None,
        )
    )
    return outputs


def decision_of(step: Step) -> Decision:
    before, proposed, applied = (level / 10 for level in step.levels)
    hr, rated = hr_at(step.t_s - 0.5), suds_at(step.t_s)
    made = decision(step.t_s, before, applied)
    heart = HeartView() if hr is None else HeartView(hr, hr, hr - 70.2, 70.2, 3.4, 0.4, 60.0, 0.97)
    rating = RatingView() if rated is None else RatingView(suds=rated[0], age_s=rated[1])
    inputs = replace(made.inputs, heart=heart, rating=rating, limits=Limits(1.0, 0.4, 1.0))
    return replace(
        made,
        rule=step.rule,
        reasons=step.reasons,
        proposed_0to1=proposed,
        cause=Cause.TICK,
        calm=step.rule is Rule.GUARD_CALM,
        limiting=step.reasons[0] if step.rule in (Rule.GUARD_HOLD, Rule.GUARD_CALM) else None,
        latched=step.rule is Rule.GUARD_CALM,
        inputs=inputs,
    )
