"""`acclimate demo`: a whole session with a simulated patient, from strap to report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.protocol import load_for_command
from therapy.cli.run import DISPLAY_HELP, EXIT_CODES, conduct
from therapy.preparation import SessionOptions, check_options
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.screening import CHECKLIST

CODE = "DEMO"
BIRTH_YEAR = 1985
RECORDED_BY = "acclimate demo"
DEFAULT_SEED = 25
DEFAULT_SPEED = 30.0


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo's own record and report.")] = Path("acclimate-demo"),
    seed: Annotated[int, typer.Option(help="Seed of the virtual patient.")] = DEFAULT_SEED,
    speed: Annotated[float, typer.Option(help="Session seconds in a second.")] = DEFAULT_SPEED,
    display: Annotated[str, typer.Option(help=DISPLAY_HELP)] = "auto",
) -> None:
    """Run the first heights session with a virtual patient and write its report.

    Examples:
      acclimate demo

      acclimate demo --out try --seed 3 --speed 10 --display desktop

    The heart rate is simulated, but it takes the real way: a GATT server, bleak, the loop, the
    player, the record.  The record is a throw-away one in the folder, apart from any patient's.
    """
    from therapy.report.write import write_report

    options = SessionOptions(
        protocol=load_for_command("heights-first"),
        patient_code=CODE,
        sensor="virtual",
        display=display,
        speed=speed,
        seed=seed,
        folder=out,
        virtual_patient=True,
    )
    check_options(options)
    database = database_path(out)
    out.mkdir(parents=True, exist_ok=True)
    with People(database) as people:
        if CODE not in {patient.code for patient in people.patients()}:
            people.register_patient(CODE, BIRTH_YEAR)
        people.record_consent(CODE, RECORDED_BY)
        people.record_screening(CODE, {item.id: False for item in CHECKLIST}, RECORDED_BY)
    result = conduct(options)
    report = out / f"report-{result.session_id[:8]}.html"
    write_report(database, result.session_id, report)
    typer.echo(f"The demo keeps a record of its own: acclimate sessions --data {out}", err=True)
    typer.echo(str(report))
    if code := EXIT_CODES[result.outcome]:
        raise typer.Exit(code)
