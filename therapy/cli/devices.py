"""`acclimate devices`: which straps are in reach, how one sits, and what a packet means."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict
from random import Random
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from therapy.cli.device_view import ERROR_WORDS, MS_PER_TICK, Watcher, contact_words
from therapy.clock import MonotonicClock
from therapy.errors import AcclimateError
from therapy.sensing.bluetooth_errors import nothing_found
from therapy.sensing.heart_rate import HeartRatePacket, decode
from therapy.sensing.sensor import open_sensor
from therapy.sensing.survey import BleakDevices, StrapReport

LOOK_S = 6.0
VIRTUAL_LOOK_S = 1.0

_BETWEEN_BYTES = re.compile(r"[\s:,-]+")
_ONE_BYTE = re.compile(r"(0x)?[0-9a-f]{2}", re.IGNORECASE)


class _Errors(TyperGroup):
    """When this group is the whole program, an error is still one sentence and its exit code."""

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            return super().main(*args, **options)
        except AcclimateError as error:
            if not options.get("standalone_mode", True):
                raise
            typer.echo(f"Error: {error}", err=True)
            raise SystemExit(error.exit_code) from error


app = typer.Typer(
    cls=_Errors,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Heart-rate straps.\n\n"
        "Examples:\n\n"
        "  acclimate devices                          the straps in reach, with signal, battery and RR\n\n"
        "  acclimate devices watch                    a live reading, for fitting the strap\n\n"
        "  acclimate devices watch --sensor virtual   the same without a strap\n\n"
        "  acclimate devices decode 16485503          what a packet means"
    ),
)


@app.callback()
def devices(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    seconds: Annotated[float, typer.Option(min=0.5, max=120.0, help="How long to look.")] = LOOK_S,
    virtual: Annotated[bool, typer.Option("--virtual", help="Look on the virtual air, where a strap is.")] = False,
) -> None:
    """List the straps in reach: name, address, signal, battery, and whether they send RR intervals.

    Each strap is connected to for a few seconds.  Straps that do not announce the heart-rate service
    are found by their names.  Exit code 4 without Bluetooth or without any strap.
    """
    if context.invoked_subcommand is not None:
        return
    straps = asyncio.run(_survey_virtual() if virtual else _survey(BleakDevices(), seconds))
    if as_json:
        typer.echo(json.dumps([asdict(strap) for strap in straps], indent=2))
    elif straps:
        Console(highlight=False).print(_table(straps))
    if not straps:
        raise nothing_found("heart-rate strap")


@app.command()
def watch(
    sensor: Annotated[str, typer.Option(help="auto, virtual, replay:FILE, or a strap's name or address.")] = "auto",
    seconds: Annotated[float | None, typer.Option(min=0.5, help="Stop after so long.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line per packet.")] = False,
) -> None:
    """Show a strap's live reading with its quality, skin contact and age, for fitting it.

    Examples:
      acclimate devices watch

      acclimate devices watch --sensor "Polar H10" --seconds 30

      acclimate devices watch --sensor virtual --json

    Times are arrival times: straps send a reading 0.4 to 2.6 s after the beat.
    """
    asyncio.run(_watch(sensor, seconds, as_json=as_json))


@app.command(name="decode")
def decode_packets(
    packets: Annotated[list[str], typer.Argument(metavar="HEX...", help="Heart-rate notifications in hexadecimal.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what 0x2A37 notifications mean.

    Examples:
      acclimate devices decode 16485503

      acclimate devices decode "16 48 55 03" 04:00 --json

      acclimate devices decode 16 48 55 03

    Each argument is one packet; quote it if it has spaces.  Where every argument is a single byte,
    as in the last example, they are taken together as one packet.  RR intervals are in ticks of
    1/1024 s.  `bpm` is null when the packet is no reading, and `error` then says why.
    """
    if len(packets) > 1 and all(_ONE_BYTE.fullmatch(one) for one in packets):
        typer.echo(f"Taking {len(packets)} single bytes as one packet; quote packets to keep them apart.", err=True)
        packets = ["".join(packets)]
    decoded = [_decode_text(text) for text in packets]
    if as_json:
        typer.echo(json.dumps([asdict(packet) for packet in decoded], indent=2))
        return
    for packet in decoded:
        typer.echo(_in_words(packet))


def _decode_text(text: str) -> HeartRatePacket:
    digits = "".join(part.removeprefix("0x").removeprefix("0X") for part in _BETWEEN_BYTES.split(text.strip()))
    try:
        return decode(bytes.fromhex(digits))
    except ValueError:
        return HeartRatePacket(text, None, None, None, (), None, "not-hex")


def _in_words(packet: HeartRatePacket) -> str:
    words = ["no reading" if packet.bpm is None else f"{packet.bpm} bpm"]
    if packet.flags is not None:
        words.append(contact_words(packet.contact))
    if packet.energy_kj is not None:
        words.append(f"{packet.energy_kj} kJ")
    if packet.rr_ticks:
        words.append("RR " + " ".join(f"{ticks * MS_PER_TICK:.1f}" for ticks in packet.rr_ticks) + " ms")
    if packet.error is not None:
        words.append(ERROR_WORDS[packet.error])
    return f"{packet.hex or '(empty)'}: {', '.join(words)}"


async def _survey(straps: BleakDevices, for_s: float) -> list[StrapReport]:
    seen = await straps.look(for_s)
    return [await straps.examine(one) for one in seen]


async def _survey_virtual() -> list[StrapReport]:
    from therapy.sensing.heart import SteadyHeart
    from therapy.sensing.virtual import VirtualSensor

    clock = MonotonicClock()
    sensor = VirtualSensor(SteadyHeart(), clock, Random(0))  # noqa: S311  # pauses, not secrets
    try:
        return await _survey(BleakDevices(await sensor.switch_on(), clock), VIRTUAL_LOOK_S)
    finally:
        await sensor.close()


async def _watch(spec: str, for_s: float | None, *, as_json: bool) -> None:
    clock = MonotonicClock()
    sensor = await open_sensor(spec, clock)
    with Watcher(clock, sensor.identity, as_json=as_json) as watcher:
        running = asyncio.create_task(sensor.run(watcher.hear))
        try:
            await asyncio.wait({running}, timeout=for_s)
        finally:
            running.cancel()
            outcome = (await asyncio.gather(running, return_exceptions=True))[0]
    if isinstance(outcome, Exception):
        raise outcome


def _table(straps: list[StrapReport]) -> Table:
    table = Table("name", "address", "signal", "battery", "sends RR", "", box=None)
    for strap in straps:
        signal = "held" if strap.signal_dbm is None else f"{strap.signal_dbm} dBm"
        battery = "–" if strap.battery_percent is None else f"{strap.battery_percent} %"
        rr = {True: "yes", False: "no", None: "–"}[strap.sends_rr]
        table.add_row(strap.name, strap.address, signal, battery, rr, strap.problem or "")
    return table
