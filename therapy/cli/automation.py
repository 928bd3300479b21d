"""`acclimate patients automation`: what the automation may do with one patient, and what is missing for more."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from therapy.cli.common import AsJson, By, DataFolder, PatientCode, in_columns, recorder
from therapy.cli.unlocking import at_record
from therapy.control.decision import Stage
from therapy.errors import UsageError
from therapy.graduating import Standing, move, standing
from therapy.report.loop_words import STAGES as STAGES_IN_WORDS
from therapy.store.automation import HIGHEST_LEVEL, NO_LIMIT_0TO1, Automation, AutomationChange
from therapy.store.desk import Desk
from therapy.store.graduation import STAGES, Criterion, CriterionKind
from therapy.store.people import People

CRITERIA_IN_WORDS = {
    CriterionKind.SESSIONS_COMPLETED: "graded sessions completed at this stage",
    CriterionKind.SUGGESTIONS_OR_RATINGS: "suggestions made and ratings given",
    CriterionKind.RATINGS_ANSWERED: "ratings answered, of those asked for",
    CriterionKind.NO_FAULT_STOP: "stops by a fault of the program or its devices",
    CriterionKind.LAST_SESSION_CALM: "stops by a fault or an extreme rating in the newest session",
    CriterionKind.SUGGESTIONS_FOLLOWED: "suggested steps up that the therapist took within 60 s",
    CriterionKind.NO_HIGH_RATING_AFTER: "ratings of 85 or more within 120 s of such a step",
}
_NONE = "none"


def automation(
    code: PatientCode,
    to: Annotated[str | None, typer.Option("--to", metavar="STAGE", help=f"Move to {', '.join(STAGES)}.")] = None,
    hr_window: Annotated[
        bool | None,
        typer.Option("--allow-hr-window/--forbid-hr-window", help="Whether heart rate alone may move the level."),
    ] = None,
    limit: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="The highest level for this patient, 0 to 10, or none.")
    ] = None,
    by: By = None,
    reason: Annotated[str, typer.Option(help="Why; goes on the record.")] = "",
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Show or set what the automation may do with a patient.

    A new patient's automation only suggests.  It goes on to lower-only, then to bounded-raise, one stage at a time,
    when what is on the record allows it and a person says so; back is always possible.

    Examples:
      acclimate patients automation HX-014

      acclimate patients automation HX-014 --to lower-only --by T-3

      acclimate patients automation HX-014 --limit 6 --by T-3 --reason "agreed for now"

      acclimate patients automation HX-014 --allow-hr-window --by T-3
    """
    desk = at_record(data, may_found=True)
    level, stage = _level(limit), _stage(to)
    if stage is not None:
        move(desk, code, stage, recorded_by=recorder(by, desk), reason=reason)
    with People(desk) as people:
        if hr_window is not None:
            people.record_hr_window(code, hr_window, recorder(by, desk), reason)
        if limit is not None:
            people.record_limit(code, level, recorder(by, desk), reason)
    _show(desk, code, as_json)


def _show(desk: Desk, code: str, as_json: bool) -> None:
    found = standing(desk, code)
    if as_json:
        typer.echo(json.dumps(_plain(code, found), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_lines(code, found)))


def _lines(code: str, found: Standing) -> list[str]:
    now = found.automation
    since = "since the patient was added" if now.stage_since is None else f"since {now.stage_since:%Y-%m-%d}"
    may = "may move the level up and down, where the protocol says so" if now.hr_may_drive else "never raises the level"
    lines = [
        f"{code}: {now.stage} {since}: the automation {STAGES_IN_WORDS[now.stage]}.",
        f"Heart rate {may}.",
        f"Highest level for this patient: {_limit(now)}.",
    ]
    if found.following is not None:
        lines += ["", f"Before {found.following} (engineering defaults):"]
        lines += in_columns([_row(one) for one in found.criteria])
        lines += ["", _advice(code, found)]
    if now.changes:
        lines += ["", "Changes:", *in_columns([_change(one) for one in now.changes])]
    return lines


def _advice(code: str, found: Standing) -> str:
    if all(one.met for one in found.criteria):
        return f"Nothing moves by itself. To move on: acclimate patients automation {code} --to {found.following}"
    return "What is not met comes from sessions with this person at this stage; a virtual patient's do not count."


def _row(one: Criterion) -> tuple[str, ...]:
    return "  met" if one.met else "  not met", CRITERIA_IN_WORDS[one.kind], _amount(one)


def _amount(one: Criterion) -> str:
    if one.out_of is not None:
        part = round(one.found * one.out_of)
        return f"{part} of {one.out_of} ({one.needed:.0%} needed)"
    return f"{one.found:.0f} ({one.needed:.0f} needed)" if one.needed else f"{one.found:.0f} (none may be)"


def _change(one: AutomationChange) -> tuple[str, ...]:
    return f"  {one.at:%Y-%m-%d %H:%M}", one.kind.value, one.setting, one.recorded_by, one.reason


def _limit(now: Automation) -> str:
    return f"{now.limit_0to1 * 10:.0f}" if now.limit_0to1 < NO_LIMIT_0TO1 else "none of their own"


def _level(limit: str | None) -> int | None:
    if limit is None or limit == _NONE:
        return None
    if not limit.isdecimal() or int(limit) > HIGHEST_LEVEL:
        raise UsageError(f"{limit!r} is no level.", f"Give a whole level from 0 to {HIGHEST_LEVEL}, or none.")
    return int(limit)


def _stage(to: str | None) -> Stage | None:
    if to is None:
        return None
    if to not in set(STAGES):
        raise UsageError(f"There is no stage {to!r}.", f"The stages are {', '.join(STAGES)}.")
    return Stage(to)


def _plain(code: str, found: Standing) -> dict[str, Any]:
    now = found.automation
    return {
        "code": code,
        "stage": now.stage.value,
        "stage_since": now.stage_since.isoformat() if now.stage_since else None,
        "hr_may_drive": now.hr_may_drive,
        "limit_level": round(now.limit_0to1 * 10) if now.limit_0to1 < NO_LIMIT_0TO1 else None,
        "sessions_at_stage": found.sessions,
        "next_stage": found.following.value if found.following else None,
        "criteria": [
            {
                "criterion": one.kind.value,
                "met": one.met,
                "found": one.found,
                "needed": one.needed,
                "out_of": one.out_of,
            }
            for one in found.criteria
        ],
        "changes": [
            {
                "at": one.at.isoformat(),
                "kind": one.kind.value,
                "setting": one.setting,
                "by": one.recorded_by,
                "reason": one.reason,
            }
            for one in now.changes
        ],
    }
