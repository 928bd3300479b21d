"""The `acclimate` command: every group in one place, every error one sentence and an exit code."""

from __future__ import annotations

import traceback
from typing import Any

import typer
from rich.console import Console

from environments.scenes.manifest import ManifestError
from therapy.app import software_version
from therapy.cli import (
    INTERRUPTED,
    audit,
    backup,
    bench,
    check,
    demo,
    devices,
    doctor,
    export,
    patients,
    practice,
    protocol,
    render,
    replay,
    report,
    run,
    scenes,
    sessions,
    setting_up,
    signals,
    simulate,
    sync,
    users,
)
from therapy.cli.common import name_data_folder, name_user
from therapy.errors import AcclimateError

DEBUG = "--debug"
_ClickError: Any = typer.BadParameter.__mro__[2]
"""What every wrong use of the command line raises; typer exports only the classes derived from it."""

app = typer.Typer(
    name="acclimate",
    help=(
        "Exposure therapy in virtual reality that follows the patient's ratings and heart rate "
        "within hard safety limits.\n\n"
        "Research software for use under a therapist's supervision; not a cleared medical device.\n\n"
        "[bold]Examples[/]\n\n"
        "acclimate demo: a whole session with a simulated patient\n\n"
        "acclimate doctor: what works on this machine\n\n"
        "acclimate devices watch: fit the strap\n\n"
        "acclimate run heights-first --patient HX-014: a session\n\n"
        "acclimate report last -o report.html: what happened in it"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("practice")(practice.practice)
app.command("replay")(replay.replay)
app.command("report")(report.report)
app.command("signals")(signals.signals)
app.command("simulate")(simulate.simulate)
app.command("render")(render.render)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("retention")(backup.retention)
app.command("sync")(sync.sync)
app.add_typer(audit.app, name="audit")
app.command("setup")(setting_up.setup)
app.add_typer(bench.app, name="bench")
app.add_typer(check.app, name="check")
app.add_typer(devices.app, name="devices")
app.add_typer(export.app, name="export")
app.add_typer(patients.app, name="patients")
app.add_typer(protocol.app, name="protocol")
app.add_typer(scenes.app, name="scenes")
app.add_typer(sessions.app, name="sessions")
app.add_typer(users.app, name="users")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"acclimate {software_version()}")
        raise typer.Exit


@app.callback()
def everywhere(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
    debug: bool = typer.Option(False, DEBUG, help="Show the traceback when something goes wrong."),
    user: str | None = typer.Option(None, "--user", metavar="NAME", help="Who uses the record ($ACCLIMATE_USER)."),
) -> None:
    """Options that every command understands."""
    del version, debug
    name_user(context, user)
    name_data_folder(context, None)


def run_command(arguments: list[str]) -> int:
    """Run one command; an error becomes a sentence on stderr and its exit code."""
    try:
        outcome = app(arguments, standalone_mode=False, prog_name="acclimate")
    except AcclimateError as error:
        _explain(error.problem, error.cure)
        code = error.exit_code
    except ManifestError as error:
        _explain(f"{error}.", "")
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Interrupted.", err=True)
        code = INTERRUPTED
    except _ClickError as error:
        error.show()
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - what nobody foresaw still gets a sentence and an exit code
        _explain(f"Something unforeseen went wrong: {type(error).__name__}: {error}", "Add --debug to see where.")
        code = 1
    else:
        code = outcome if isinstance(outcome, int) else 0
        if code == INTERRUPTED:
            # Typer has taken the interrupt and hands back its exit code alone.
            typer.echo("Interrupted.", err=True)
        return code
    if DEBUG in arguments:
        traceback.print_exc()
    return code


def _explain(problem: str, cure: str) -> None:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print("Error:", style="bold red", end=" ")
    console.print(problem, markup=False)
    if cure:
        console.print(cure, markup=False)
