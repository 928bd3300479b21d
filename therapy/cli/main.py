"""The `acclimate` command: every group in one place, every error one sentence and an exit code."""

from __future__ import annotations

import sys
import traceback

import typer
from rich.console import Console

from environments.scenes.manifest import ManifestError
from therapy.app import software_version
from therapy.cli import demo, devices, doctor, patients, protocol, replay, report, run, scenes, sessions
from therapy.errors import AcclimateError

INTERRUPTED = 130
DEBUG = "--debug"

app = typer.Typer(
    name="acclimate",
    help=(
        "Virtual-reality exposure therapy and pain distraction that follows the patient's heart rate "
        "within hard safety limits.\n\n"
        "Research software for use under a therapist's supervision; not a cleared medical device.\n\n"
        "Examples:\n\n"
        "  acclimate demo                              a whole session with a simulated patient\n\n"
        "  acclimate doctor                            what works on this machine\n\n"
        "  acclimate devices watch                     fit the strap\n\n"
        "  acclimate run heights-first --patient HX-014\n\n"
        "  acclimate report last -o report.html"
    ),
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("replay")(replay.replay)
app.command("report")(report.report)
app.command("render")(scenes.render)
app.command("doctor")(doctor.doctor)
app.add_typer(devices.app, name="devices")
app.add_typer(patients.app, name="patients")
app.add_typer(protocol.app, name="protocol")
app.add_typer(scenes.app, name="scenes")
app.add_typer(sessions.app, name="sessions")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"acclimate {software_version()}")
        raise typer.Exit


@app.callback()
def everywhere(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
    debug: bool = typer.Option(False, DEBUG, help="Show the traceback when something goes wrong."),
) -> None:
    """Options that every command understands."""
    del version, debug


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Run one command; an error becomes a sentence on stderr and its exit code."""
    try:
        outcome = app(arguments, standalone_mode=False, prog_name="acclimate")
    except AcclimateError as error:
        _explain(error, arguments)
        return error.exit_code
    except ManifestError as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold red]Error:[/] {error}.", highlight=False)
        return 2
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else 0


def _explain(error: AcclimateError, arguments: list[str]) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print("[bold red]Error:[/]", error.problem, style="", markup=True)
    if error.cure:
        console.print(error.cure, markup=False)
    if DEBUG in arguments:
        traceback.print_exception(error, file=sys.stderr)
