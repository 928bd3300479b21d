"""`acclimate practice`: a therapist steers a virtual patient, and is told afterwards what it felt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from numpy.random import default_rng

from therapy.app import Listeners, Running
from therapy.cli import throwaway
from therapy.cli.protocol import load_for_command
from therapy.cli.run import DISPLAY_HELP, conduct
from therapy.control.decision import Stage
from therapy.debriefing import PracticeLog
from therapy.patient.traits import Stratum
from therapy.preparation import SessionOptions, check_options
from therapy.report.debrief import debrief_lines
from therapy.report.loop_words import STAGES

DEFAULT_SPEED = 5.0
MOST_SEEDS = 1_000_000


def practice(
    protocol: Annotated[str, typer.Argument(help="A protocol of the library, or a file.")] = "heights-first",
    stratum: Annotated[Stratum | None, typer.Option(help="The patient's kind (default: any, not told).")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The patient's number (default: any).")] = None,
    speed: Annotated[float, typer.Option(help="Session seconds in a second.")] = DEFAULT_SPEED,
    display: Annotated[str, typer.Option(help=DISPLAY_HELP)] = "auto",
    stage: Annotated[Stage, typer.Option(help="How much the automation does by itself.")] = Stage.SUGGEST_ONLY,
    out: Annotated[Path, typer.Option(help="Folder for the practice's own record and report.")] = Path(
        "acclimate-practice"
    ),
) -> None:
    """Practise steering a virtual patient; a debriefing tells afterwards what it felt.

    Examples:
      acclimate practice

      acclimate practice heights-standard --stratum under-reporter --speed 2

      acclimate practice --seed 7 --stage lower-only --display offscreen --speed 20

    Unless --stage says otherwise the automation only suggests, so every step is yours: type up or down, or any other
    command that `help` lists.  Who the patient was is told at the end, with fear against ratings, the suggestions you
    followed, and the report's path.
    """
    number = int(default_rng().integers(MOST_SEEDS)) if seed is None else seed
    kind = Stratum(default_rng(number).choice([one.value for one in Stratum])) if stratum is None else stratum
    options = SessionOptions(
        protocol=load_for_command(protocol),
        patient_code=f"PRACTICE-{number}",
        sensor="virtual",
        display=display,
        speed=speed,
        seed=number,
        folder=out,
        virtual_patient=True,
        stratum=kind,
        stage=stage,
    )
    check_options(options)
    throwaway.prepare(out, options.patient_code, "acclimate practice")
    typer.echo(f"Practice with a virtual patient. The automation {STAGES[stage]}; the steps are typed here.", err=True)
    log = PracticeLog()

    def begin(running: Running) -> None:
        log.patient = running.patient

    result = conduct(options, Listeners(on_start=begin, on_output=log.hear))
    typer.echo("\n".join(debrief_lines(log.debrief(), kind, number)))
    throwaway.finish(out, result, "practice")
