"""`acclimate run`: one session with a patient."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Annotated

import typer

from therapy.app import Listeners, Running, SessionResult, run_session
from therapy.cli.common import DataFolder
from therapy.cli.notes import NOTES_HELP, notes_of
from therapy.cli.protocol import load_for_command
from therapy.cli.session_view import SessionView
from therapy.cli.sizes import read_size
from therapy.cli.therapist_input import TherapistInput
from therapy.cli.unlocking import at_record
from therapy.errors import SafetyStop
from therapy.preparation import SessionOptions
from therapy.report.words import outcome_in_words
from therapy.session.events import Outcome
from therapy.session.hearing import Hearing

SENSOR_HELP = "auto, virtual, replay:FILE, or a strap's name or address."
DISPLAY_HELP = "auto (a headset if there is one, else a window), vr, desktop or offscreen."
EXIT_CODES = {
    Outcome.COMPLETED: 0,
    Outcome.STOPPED_BY_THERAPIST: 0,
    Outcome.STOPPED_BY_PATIENT: 5,
    Outcome.SAFETY_STOP: 5,
    Outcome.NOT_STARTED: 1,
    Outcome.INTERRUPTED: 1,
}


def run(
    protocol: Annotated[str, typer.Argument(help="A protocol of the library, or a file.")],
    patient: Annotated[str, typer.Option("--patient", help="The patient's code.")],
    sensor: Annotated[str, typer.Option(help=SENSOR_HELP)] = "auto",
    display: Annotated[str, typer.Option(help=DISPLAY_HELP)] = "auto",
    speed: Annotated[float, typer.Option(help="Session seconds in a second; simulated heart rate only.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Seed of the scene and of the virtual patient.")] = 0,
    virtual_patient: Annotated[
        bool | None,
        typer.Option(
            "--virtual-patient/--real-patient",
            help="Who answers: a virtual patient, or the person in front of the display (default: virtual offscreen).",
        ),
    ] = None,
    size: Annotated[str | None, typer.Option(help="Size in pixels, as 1280x720 (the default in a window).")] = None,
    recline_deg: Annotated[
        float, typer.Option(help="For a patient who lies: how far above the horizon the head rests, 0 to 90.")
    ] = 0.0,
    blend: Annotated[
        str, typer.Option(help="opaque; passthrough or additive show the patient's room around scenes made for it.")
    ] = "opaque",
    sound: Annotated[str, typer.Option(help="on, off, or auto: sound in a window at life's pace.")] = "auto",
    volume: Annotated[float, typer.Option(help="Volume of everything the patient hears, 0 to 100.")] = 100.0,
    mono: Annotated[bool, typer.Option("--mono", help="The same for both ears, for hearing on one side.")] = False,
    voice: Annotated[str, typer.Option(help="What is spoken: all (lines and questions), lines, or off.")] = "all",
    notes: Annotated[Path | None, typer.Option(help=NOTES_HELP)] = None,
    data: DataFolder = None,
) -> None:
    """Run a session.

    Examples:
      acclimate run heights-first --patient HX-014

      acclimate run calm-breathing --patient HX-014 --sensor "Polar H10 12345678"

      acclimate run heights-first --patient HX-014 --sensor virtual --display offscreen --speed 20

    While it runs, type a therapist's command and Enter; `help` lists them.  Ctrl-C stops the
    session: the picture fades to the calm scene and the record is sealed.
    """
    options = SessionOptions(
        protocol=load_for_command(protocol),
        patient_code=patient,
        sensor=sensor,
        display=display,
        speed=speed,
        seed=seed,
        folder=data,
        desk=at_record(data, may_found=True),
        virtual_patient=virtual_patient,
        size_px=None if size is None else read_size(size),
        recline_deg=recline_deg,
        blend=blend,
        sound=sound,
        hearing=Hearing(volume_percent=volume, is_mono=mono, voice=voice),
        notes=notes_of(notes),
    )
    result = conduct(options)
    finish(result)


def conduct(options: SessionOptions, also: Listeners | None = None) -> SessionResult:
    """Run a session with the terminal as the therapist's place; `also` hears the start and every output too."""
    view = SessionView(options.protocol.protocol)
    therapist = TherapistInput(view.say)

    def begin(running: Running) -> None:
        view.start(running)
        therapist.start(running.live.feed)
        if also is not None and also.on_start is not None:
            also.on_start(running)
        if also is not None and also.on_output is not None:
            running.live.on_output.append(also.on_output)

    return asyncio.run(_stoppable(options, Listeners(on_start=begin, on_output=view.hear)))


async def _stoppable(options: SessionOptions, listeners: Listeners) -> SessionResult:
    """A session that a termination signal stops as Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None:
        with contextlib.suppress(NotImplementedError):  # Windows ends processes without asking
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await run_session(options, listeners)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def finish(result: SessionResult) -> None:
    """Say how the session ended, and leave with its exit code."""
    typer.echo(result.session_id)
    if result.unsealed:
        typer.echo(f"The record was not sealed: {result.unsealed}", err=True)
    code = EXIT_CODES[result.outcome]
    words = outcome_in_words(result.outcome, result.detail)
    if code == SafetyStop.exit_code:
        raise SafetyStop(
            words, f"What happened is on the record: acclimate report {result.session_id[:8]} -o FILE.html"
        )
    typer.echo(words, err=True)
    typer.echo(f"What happened: acclimate report {result.session_id[:8]} -o report.html", err=True)
    if code:
        raise typer.Exit(code)
