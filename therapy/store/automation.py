"""What the automation may do with one patient: stage, leave for heart rate to drive, the patient's own limit.

Each change is a row that is never changed again, with who made it and why; the newest of each kind is in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from therapy.control.decision import Stage
from therapy.errors import UsageError
from therapy.store.graduation import SessionEvidence, criteria, is_forward, next_stage
from therapy.store.tables import AutomationRow

HIGHEST_LEVEL = 10
NO_LIMIT_0TO1 = 1.0
_ALLOWED, _FORBIDDEN, _NONE = "allowed", "forbidden", "none"


class SettingKind(StrEnum):
    """What can be set."""

    STAGE = "stage"
    HR_WINDOW = "hr-window"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class AutomationChange:
    """One change on the record; `setting` is a stage, "allowed" or "forbidden", or a level or "none"."""

    kind: SettingKind
    setting: str
    recorded_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Automation:
    """What is in force.  `stage_since` is when the stage was last recorded; None for a patient as registered."""

    stage: Stage = Stage.SUGGEST_ONLY
    stage_since: datetime | None = None
    hr_may_drive: bool = False
    limit_0to1: float = NO_LIMIT_0TO1
    changes: tuple[AutomationChange, ...] = ()


def automation_of(rows: Sequence[AutomationRow]) -> Automation:
    """What the changes of one patient, oldest first, come to."""
    changes = tuple(
        AutomationChange(
            SettingKind(row.kind), row.setting, row.recorded_by, row.reason, datetime.fromisoformat(row.at)
        )
        for row in rows
    )
    newest = {change.kind: change for change in changes}
    stage, window, limit = (newest.get(kind) for kind in SettingKind)
    return Automation(
        stage=Stage.SUGGEST_ONLY if stage is None else Stage(stage.setting),
        stage_since=None if stage is None else stage.at,
        hr_may_drive=window is not None and window.setting == _ALLOWED,
        limit_0to1=NO_LIMIT_0TO1 if limit is None or limit.setting == _NONE else int(limit.setting) / HIGHEST_LEVEL,
        changes=changes,
    )


def hr_window_setting(allowed: bool) -> str:
    """Leave for heart rate to drive, as it is recorded."""
    return _ALLOWED if allowed else _FORBIDDEN


def limit_setting(level: int | None) -> str:
    """A patient's limit as it is recorded; `UsageError` for what is no level."""
    if level is None:
        return _NONE
    if not 0 <= level <= HIGHEST_LEVEL:
        raise UsageError(f"{level} is no level.", f"Give a whole level from 0 to {HIGHEST_LEVEL}, or none.")
    return str(level)


def require_step(code: str, stage: Stage, to: Stage, sessions: Sequence[SessionEvidence]) -> None:
    """Raise `UsageError` unless a patient may go from `stage` to `to`; back, or the same again, is always possible."""
    if not is_forward(stage, to):
        return
    following = next_stage(stage)
    if to is not following:
        raise UsageError(f"{code} is at {stage}: {to} would skip a stage.", f"The next one is {following}.")
    missing = [one.kind.value for one in criteria(stage, sessions) if not one.met]
    if missing:
        raise UsageError(
            f"{code} cannot go from {stage} to {to} yet: not met are {', '.join(missing)}.",
            f"See what is missing: acclimate patients automation {code}.",
        )
