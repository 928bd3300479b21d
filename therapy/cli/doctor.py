"""`acclimate doctor`: what works on this machine, and the cure for what does not."""

from __future__ import annotations

import asyncio
import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from protocols.loader import library_names
from therapy.app import software_version
from therapy.errors import AcclimateError, RecordLocked
from therapy.sensing.ble import BleakDevices
from therapy.store.archive import Archive
from therapy.store.paths import LEAST_FREE_MB, database_path, free_mb
from therapy.store.unlocking import is_set_up

PROBE_WITHIN_S = 60.0
LISTEN_S = 2.0
OK, LACKING, OPTIONAL = "ok", "lacking", "not here"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is ok, lacking (a session needs it) or not here (it can do without)."""

    what: str
    state: str
    found: str
    cure: str = ""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Say what works here, and the cure for what does not.

    Example:  acclimate doctor

    Exit code 0 when a session can run (with a simulated strap or offscreen if need be), else 1.
    """
    findings = list(examine(data))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], indent=2))
    else:
        table = Table(box=None)
        for heading in ("", "", "found", "cure"):
            table.add_column(heading, overflow="fold")
        colour = {OK: "green", LACKING: "red", OPTIONAL: "yellow"}
        for one in findings:
            table.add_row(one.what, f"[{colour[one.state]}]{one.state}[/]", one.found, one.cure)
        Console().print(table)
    if any(one.state == LACKING for one in findings):
        raise typer.Exit(1)


def examine(data: Path | None) -> Iterator[Finding]:
    """Look at everything a session needs or can use."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield Finding("program", OK, f"acclimate {software_version()} on {system}")
    yield from _drawing()
    yield _bluetooth()
    yield Finding("virtual strap", OK, "always available: --sensor virtual")
    yield from _sound()
    yield from _record(data)
    yield _encryption(data)
    yield Finding("protocols", OK, ", ".join(library_names()))


def _drawing() -> Iterator[Finding]:
    cure = "install a graphics driver; on Debian and Ubuntu: sudo apt-get install libegl1 libgl1 libgl1-mesa-dri"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "environments.probe"],
            capture_output=True, text=True, check=True, timeout=PROBE_WITHIN_S,
        )  # fmt: skip
        probed: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        yield Finding("drawing", LACKING, f"the graphics driver failed: {error}", cure)
        return
    offscreen, desktop = probed["offscreen"], probed["desktop"]
    if offscreen["renderer"]:
        yield Finding("drawing", OK, offscreen["renderer"])
    else:
        yield Finding("drawing", LACKING, offscreen["error"], cure)
    if desktop["screen"]:
        yield Finding("window", OK, f"screen of {desktop['screen']} pixels")
    else:
        yield Finding("window", OPTIONAL, desktop["error"], "log in to a desktop, or use --display offscreen")
    yield from _headset(probed["headset"])


def _headset(found: dict[str, Any]) -> Iterator[Finding]:
    """The headset, what runs it, its rate and what of OpenXR is used."""
    if found["error"]:
        yield Finding("headset", OPTIONAL, found["error"], found["cure"])
        return
    width_px, height_px = found["eye_px"]
    rate = f"{found['rate_hz']:g} Hz" if found["rate_hz"] else "a rate it does not tell"
    told = f"{found['headset']} through {found['runtime']}, {width_px} x {height_px} pixels an eye at {rate}"
    used = ", ".join(name.removeprefix("XR_") for name in found["extensions"])
    if found["trouble"]:
        yield Finding("headset", OPTIONAL, f"{told}; {found['trouble']}", "wake the headset, then look again")
    else:
        yield Finding("headset", OK, told)
    yield Finding("OpenXR", OK, f"{used}; {found['offered']} extensions are offered")


def _sound() -> Iterator[Finding]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "environments.sound", "--probe"],
            capture_output=True, text=True, check=True, timeout=PROBE_WITHIN_S,
        )  # fmt: skip
        probed: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        yield Finding("sound", OPTIONAL, f"the sound driver failed: {error}", "sessions run in silence, with subtitles")
        return
    around = f"round the head (HRTF: {probed['hrtf']})" if probed["hrtf"] else "not round the head: no HRTF"
    if probed["problem"]:
        yield Finding("sound", OPTIONAL, probed["problem"], "sessions run in silence, with subtitles")
    elif probed["device"]:
        yield Finding("sound", OK, f"{probed['device']}, {around}")
    else:
        cure = "plug in headphones; without them sessions run in silence, with subtitles"
        yield Finding("sound", OPTIONAL, f"no sound device; {around}", cure)
    if probed["voice"]:
        yield Finding("voice", OK, "lines are spoken on this machine, in English")
    else:
        yield Finding("voice", OPTIONAL, probed["voice_problem"], "lines are shown as subtitles")


def _bluetooth() -> Finding:
    try:
        found = asyncio.run(BleakDevices().look(LISTEN_S))
    except AcclimateError as error:
        return Finding("Bluetooth", OPTIONAL, error.problem, error.cure)
    return Finding("Bluetooth", OK, f"adapter works; {len(found)} straps in reach within two seconds")


def _record(data: Path | None) -> Iterator[Finding]:
    database = database_path(data)
    free = free_mb(database.parent)
    state = OK if free >= LEAST_FREE_MB else LACKING
    yield Finding("disk", state, f"{free:.0f} MB free in {database.parent}", "" if state == OK else "free some space")
    if not database.exists():
        yield Finding("record", OK, f"none yet; it will be {database}")
        return
    try:
        with Archive(database) as archive:
            yield Finding("record", OK, f"{len(archive.sessions())} sessions in {database}")
    except RecordLocked as error:
        yield Finding("record", OPTIONAL, error.problem, error.cure)
    except AcclimateError as error:
        yield Finding("record", LACKING, error.problem, error.cure)


def _encryption(data: Path | None) -> Finding:
    database = database_path(data)
    if is_set_up(database):
        return Finding("encryption", OK, "the record is encrypted; keep the disk itself encrypted too")
    if database.is_file():
        return Finding("encryption", LACKING, "the record of an earlier version is not encrypted", "acclimate setup")
    return Finding("encryption", OPTIONAL, "this station is not set up yet", "acclimate setup")
