"""Records that several tests use."""

from __future__ import annotations

import hashlib
from pathlib import Path

from therapy.control.decision import (
    Cause,
    Decision,
    HeartView,
    Limits,
    LoopInputs,
    PlaceView,
    RatingView,
    Reason,
    Rule,
)
from therapy.store.records import SessionInfo
from therapy.store.screening import CHECKLIST

CODE = "HX-014"
PROTOCOL_TEXT = "schema_version: 1\nname: heights-first\n"


def clear_answers(**yes: bool) -> dict[str, bool]:
    answers = {item.id: False for item in CHECKLIST}
    return answers | {name.replace("_", "-"): answer for name, answer in yes.items()}


def session_info(**changes: object) -> SessionInfo:
    values: dict[str, object] = {
        "patient_code": CODE,
        "protocol_name": "heights-first",
        "protocol_sha256": hashlib.sha256(PROTOCOL_TEXT.encode()).hexdigest(),
        "protocol_text": PROTOCOL_TEXT,
        "setup": {"seed": 7, "age_years": 42},
        "sensor": {"name": "H10", "address": "00:11", "kind": "virtual"},
        "player": {"display": "offscreen"},
        "simulated": ("heart-rate strap", "patient"),
    }
    return SessionInfo(**(values | changes))  # type: ignore[arg-type]


def decision(t_s: float, before_0to1: float = 0.2, applied_0to1: float = 0.2, **changes: object) -> Decision:
    inputs = LoopInputs(
        t_s=t_s,
        cause=Cause.TICK,
        heart=HeartView(hr10_bpm=71.0 + 0.1 + 0.2, baseline_bpm=70.0, age_s=1 / 3),
        rating=RatingView(suds=35, age_s=12.0),
        limits=Limits(1.0, 0.4, 1.0),
        place=PlaceView(grading=True),
        age_years=42,
        suds_only=False,
    )
    values: dict[str, object] = {
        "t_s": t_s,
        "cause": Cause.TICK,
        "rule": Rule.HOLD,
        "reasons": (Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT),
        "before_0to1": before_0to1,
        "proposed_0to1": applied_0to1,
        "applied_0to1": applied_0to1,
        "ramp_s": 3.0,
        "calm": False,
        "latched": False,
        "policy_rule": Rule.HOLD,
        "inputs": inputs,
    }
    return Decision(**(values | changes))  # type: ignore[arg-type]


def size_mb(path: Path) -> float:
    return sum(part.stat().st_size for part in path.parent.glob(path.name + "*")) / 1e6
