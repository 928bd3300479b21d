"""`acclimate simulate`: a policy tried on a cohort of virtual patients."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from therapy.cli.common import AsJson, in_columns

if TYPE_CHECKING:
    from therapy.cohort.comparison import Wanted

Patients = Annotated[int, typer.Option("--patients", metavar="N", help="How many virtual patients.")]
Minutes = Annotated[float, typer.Option("--minutes", metavar="M", help="Minutes of exposure to measure.")]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Patient i of a seed is the same in every policy.")]
Strata = Annotated[
    str | None, typer.Option("--strata", metavar="A,B", help="Only these strata (default: the model's).")
]
Faults = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="A,B|all",
        help="What goes wrong: dropout, zero, stale, ectopic, clock, burst, late-suds, or all.",
    ),
]
Model = Annotated[str | None, typer.Option("--patient-model", metavar="MODULE:CLASS", help="Another maker's patients.")]
Tick = Annotated[
    float, typer.Option("--tick", metavar="S", help="Seconds between two ticks of the loop: 0.25, 0.5 or 1.")
]
Dask = Annotated[
    str | None, typer.Option("--dask", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler.")
]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help="Processes (default: one for each core).")]


def simulate(
    policy: Annotated[
        str, typer.Option("--policy", metavar="P", help="What moves the level; docs/cohort.md lists them.")
    ],
    patients: Patients = 200,
    minutes: Minutes = 20.0,
    seed: Seed = 1,
    strata: Strata = None,
    faults: Faults = None,
    patient_model: Model = None,
    tick: Tick = 1.0,
    dask: Dask = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Try a policy on virtual patients, in the very loop of a live session under a virtual clock.

    Examples:
      acclimate simulate --policy ladder --patients 200 --seed 1

      acclimate simulate --policy published-a --strata typical,low-hr-responder --json

      acclimate simulate --policy ladder --faults all --minutes 10

    A model is not a patient: what comes out compares rules, and says nothing of people.
    """
    from therapy.cohort import comparison
    from therapy.cohort.tables import cells

    wanted = comparison.Wanted(patients, minutes, seed, strata, faults, patient_model, tick, dask, workers)
    (job,) = comparison.jobs_of(wanted, [policy])
    with progress(wanted, 1) as advance:
        rows, wrong = comparison.run(wanted, job, advance)
    if as_json:
        typer.echo(json.dumps(comparison.as_json(wanted, job, rows), indent=2, allow_nan=False))
        return
    for line in in_columns(cells(rows)):
        typer.echo(line)
    for name, times in wrong.items():
        typer.echo(f"Wrong steps up: {name} {times}", err=True)


@contextmanager
def progress(wanted: Wanted, jobs: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    shape = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*shape, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("patients", total=wanted.patients * jobs)
        yield lambda done: bar.advance(task, done)
