"""`acclimate demo`: a whole session with a simulated patient, from strap to report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from therapy.cli import throwaway
from therapy.cli.protocol import load_for_command
from therapy.cli.run import DISPLAY_HELP, conduct
from therapy.preparation import SessionOptions, check_options

CODE = "DEMO"
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
    throwaway.prepare(out, CODE, "acclimate demo")
    throwaway.finish(out, conduct(options), "demo")
