"""`acclimate patients`: patients by code, their consent and their screening."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from therapy.cli import automation, prediction, privacy
from therapy.cli.common import AsJson, By, DataFolder, PatientCode, in_columns, recorder
from therapy.cli.unlocking import at_record
from therapy.errors import UsageError
from therapy.store.consent import CONSENT_TEXT
from therapy.store.paths import database_path
from therapy.store.people import Patient, People
from therapy.store.readiness import Readiness
from therapy.store.screening import CHECKLIST, ITEMS, ScreeningItem, ScreeningOutcome

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Patients, by code; a name, if you record one, lies apart under a key of its own.\n\n"
        "Examples:\n\n"
        "  acclimate patients                                  who there is, and who may have a session\n\n"
        "  acclimate patients add HX-014 --birth-year 1984\n\n"
        "  acclimate patients consent HX-014                   read the text together, then record the answer\n\n"
        "  acclimate patients screen HX-014                    go through the checklist\n\n"
        "  acclimate patients automation HX-014                what the automation may do, and what is missing\n\n"
        "  acclimate patients predict HX-014 heights-standard  what a session may bring, from the record\n\n"
        "  acclimate patients erase HX-014                     destroy name and free text for good"
    ),
)
app.command("automation")(automation.automation)
app.command("predict")(prediction.predict)
app.command("identity")(privacy.identity)
app.command("assign")(privacy.assign)
app.command("share")(privacy.share)
app.command("erase")(privacy.erase)
_YES, _NO = {"yes", "y"}, {"no", "n"}
_OUTCOMES = {
    ScreeningOutcome.CLEAR: "Nothing stands against a session.",
    ScreeningOutcome.CAUTION: "A session is possible with care; see the items answered yes.",
    ScreeningOutcome.SUDS_ONLY: "A session is possible with ratings only: heart rate will not be used for a step up.",
    ScreeningOutcome.BLOCKED: "No session is possible.",
}


@app.callback()
def list_patients(context: typer.Context, as_json: AsJson = False, data: DataFolder = None) -> None:
    """List the patients, their consent, their screening, and what is missing."""
    if context.invoked_subcommand is not None:
        return
    path = database_path(data)
    rows: list[tuple[Patient, Readiness]] = []
    if path.is_file():
        with People(at_record(data, may_found=True)) as people:
            rows = [(patient, people.readiness(patient.code)) for patient in people.patients()]
    if as_json:
        typer.echo(json.dumps([_plain(*row) for row in rows], indent=2, ensure_ascii=False))
        return
    if not rows:
        typer.echo("No patient is on the record. Add one: acclimate patients add CODE --birth-year YYYY", err=True)
        return
    heads = ("CODE", "BORN", "CONSENT", "SCREENING", "SESSIONS", "READY")
    typer.echo("\n".join(in_columns([heads, *(_row(*row) for row in rows)])))


@app.command("add")
def add(
    code: PatientCode,
    birth_year: Annotated[int, typer.Option(metavar="YYYY", help="Year of birth.")],
    data: DataFolder = None,
) -> None:
    """Add a patient by code.

    Example: acclimate patients add HX-014 --birth-year 1984
    """
    with People(at_record(data, may_found=True)) as people:
        people.register_patient(code, birth_year)
    typer.echo(f"Added {code}. Next: acclimate patients consent {code}", err=True)


@app.command("consent")
def consent(
    code: PatientCode,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Record that the patient withdraws.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Only show the text.")] = False,
    yes_given: Annotated[
        bool, typer.Option("--yes-given", help="The patient has read the text and consents; do not ask again.")
    ] = False,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Show the consent text and record the patient's answer, or record a withdrawal.

    Examples:
      acclimate patients consent HX-014

      acclimate patients consent HX-014 --yes-given --by T-3

      acclimate patients consent HX-014 --withdraw
    """
    if sum((withdraw, show, yes_given)) > 1:
        raise UsageError("--withdraw, --show and --yes-given exclude each other.", "Give one of them.")
    if show:
        typer.echo(CONSENT_TEXT, nl=False)
        return
    desk = at_record(data, may_found=True)
    with People(desk) as people:
        people.readiness(code)
        if withdraw:
            people.withdraw_consent(code, recorder(by, desk))
            typer.echo(f"Recorded: {code} has withdrawn consent. No further session can be recorded.", err=True)
            return
        typer.echo(CONSENT_TEXT, nl=False)
        if not yes_given and not _asked(f"Has {code} read or heard this text, and does {code} consent?", "--yes-given"):
            typer.echo("Nothing was recorded.", err=True)
            raise typer.Exit(1)
        people.record_consent(code, recorder(by, desk))
    typer.echo(f"Recorded: {code} has consented.", err=True)


@app.command("screen")
def screen(
    code: PatientCode,
    answer: Annotated[
        list[str] | None, typer.Option("--answer", metavar="ITEM=yes|no", help="An answer; may be given several times.")
    ] = None,
    all_no: Annotated[bool, typer.Option("--all-no", help="Every item not answered otherwise is a no.")] = False,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Go through the screening checklist and record the answers.

    Examples:
      acclimate patients screen HX-014

      acclimate patients screen HX-014 --all-no --answer beta-blocker=yes
    """
    answers = _given(answer or [])
    desk = at_record(data, may_found=True)
    with People(desk) as people:
        people.readiness(code)
        open_items = [item for item in CHECKLIST if item.id not in answers]
        for item in open_items:
            option = f"--answer {item.id}=yes|no, or --all-no"
            answers[item.id] = False if all_no else _asked(_question(item), option)
        typer.echo(_read_back(answers), err=True)
        if open_items and not all_no and not _asked("Is that right? It is then recorded.", "--answer for each item"):
            typer.echo("Nothing was recorded.", err=True)
            raise typer.Exit(1)
        outcome = people.record_screening(code, answers, recorder(by, desk))
        readiness = people.readiness(code)
    typer.echo(f"Recorded: {outcome.value}. {_OUTCOMES[outcome]}", err=True)
    for problem in readiness.problems:
        typer.echo(f"{problem.words} {problem.cure}", err=True)


def _row(patient: Patient, readiness: Readiness) -> tuple[str, ...]:
    ready = ", ".join(problem.kind.value for problem in readiness.problems) or "yes"
    consent = _dated(patient.consent, patient.consent_at)
    screening = _dated(patient.screening, patient.screening_at)
    return patient.code, str(patient.birth_year), consent, screening, str(patient.sessions), ready


def _asked(question: str, option: str) -> bool:
    """Ask on the terminal until there is a yes or a no; without a terminal, name the option that answers."""
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on.", f"Give {option}.")
    return typer.confirm(question, default=None, err=True)


def _read_back(answers: Mapping[str, bool]) -> str:
    yes = [item.id for item in CHECKLIST if answers[item.id]]
    if not yes:
        return f"Answered no: all {len(CHECKLIST)} items."
    return f"Answered yes: {', '.join(yes)}. Answered no: the other {len(CHECKLIST) - len(yes)} items."


def _question(item: ScreeningItem) -> str:
    return f"{item.question} [{item.id}]"


def _given(answers: Sequence[str]) -> dict[str, bool]:
    given: dict[str, bool] = {}
    for text in answers:
        name, _, word = text.partition("=")
        if name not in ITEMS:
            raise UsageError(f"The checklist has no item {name!r}.", f"The items are {', '.join(ITEMS)}.")
        if word.lower() not in _YES | _NO:
            raise UsageError(f"{text!r} is no answer.", f"Write {name}=yes or {name}=no.")
        given[name] = word.lower() in _YES
    return given


def _dated(word: str | None, at: datetime | None) -> str:
    return f"{word} {at:%Y-%m-%d}" if word and at else "missing"


def _plain(patient: Patient, readiness: Readiness) -> dict[str, Any]:
    return {
        "code": patient.code,
        "birth_year": patient.birth_year,
        "age_years": readiness.age_years,
        "created": patient.created.isoformat(),
        "consent": patient.consent,
        "consent_at": patient.consent_at.isoformat() if patient.consent_at else None,
        "screening": patient.screening,
        "screening_at": patient.screening_at.isoformat() if patient.screening_at else None,
        "sessions": patient.sessions,
        "ready": not readiness.problems,
        "problems": [problem.kind.value for problem in readiness.problems],
        "suds_only": readiness.suds_only,
        "cautions": list(readiness.cautions),
    }
