"""`acclimate bench`: comparisons that take a while."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from therapy.cli.common import AsJson, in_columns
from therapy.cli.frame import frame
from therapy.cli.simulate import Dask, Faults, Minutes, Model, Strata, Tick, Workers, progress

app = typer.Typer(help="Comparisons that take a while.", no_args_is_help=True)
DEFAULT_PATIENTS = 210
DEFAULT_SEED = 10_000


@app.callback()
def group() -> None:
    """Comparisons that take a while."""


@app.command("loop")
def loop(
    policies: Annotated[
        str | None, typer.Option("--policies", metavar="A,B", help="Only these policies (default: all).")
    ] = None,
    patients: Annotated[
        int, typer.Option("--patients", metavar="N", help="Virtual patients of each policy.")
    ] = DEFAULT_PATIENTS,
    minutes: Minutes = 20.0,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="The same patients for every policy.")
    ] = DEFAULT_SEED,
    strata: Strata = None,
    faults: Faults = None,
    patient_model: Model = None,
    tick: Tick = 1.0,
    dask: Dask = None,
    workers: Workers = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="A picture (.png) or a page (.html).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare policies on the same virtual patients: every number, in every stratum, with its interval.

    Examples:
      acclimate bench loop -o loop.html

      acclimate bench loop --policies ladder,published-a --patients 700 --json

    The interval is the middle 95 % of 1000 samples of the patients, drawn with replacement.
    """
    from therapy.cohort import comparison
    from therapy.cohort.arms import ARMS
    from therapy.cohort.figure import check, save
    from therapy.cohort.tables import cells

    if output is not None:
        check(output)
    wanted = comparison.Wanted(patients, minutes, seed, strata, faults, patient_model, tick, dask, workers)
    names = [name.strip() for name in policies.split(",")] if policies else list(ARMS)
    jobs = comparison.jobs_of(wanted, names)
    with progress(wanted, len(jobs)) as advance:
        found = [(job, comparison.run(wanted, job, advance)[0]) for job in jobs]
    rows = [row for _, rows in found for row in rows]
    if output is not None:
        save(rows, f"{patients} virtual patients, {minutes:g} min, seed {seed}", output)
    if as_json:
        typer.echo(
            json.dumps([comparison.as_json(wanted, job, rows) for job, rows in found], indent=2, allow_nan=False)
        )
        return
    for line in in_columns(cells(rows)):
        typer.echo(line)


app.command("frame")(frame)
