"""`acclimate devices`, as a person or a script calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from therapy.cli.devices import app

RUN = "from therapy.cli.devices import app; app()"


def decoded(*packets: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["decode", "--json", *packets])
    assert result.exit_code == 0, result.output
    entries: list[dict[str, Any]] = json.loads(result.stdout)
    return entries


def process(*arguments: str, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "error", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/bus"}
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment,
        check=False,
    )


def test_decode_gives_every_field() -> None:
    assert decoded("16485503") == [
        {
            "hex": "16485503",
            "bpm": 72,
            "contact": True,
            "energy_kj": None,
            "rr_ticks": [853],
            "flags": 0x16,
            "error": None,
        }
    ]


def test_decode_takes_several_packets_and_goes_on_after_nonsense() -> None:
    entries = decoded("0048", "xyz", "04 00", "16:48:55:03", "0x103c0004e803", "1")
    assert [entry["bpm"] for entry in entries] == [72, None, None, 72, 60, None]
    assert [entry["error"] for entry in entries] == [None, "not-hex", "no-contact", None, None, "not-hex"]
    assert entries[1]["hex"] == "xyz"
    assert [entry["contact"] for entry in entries] == [None, None, False, True, None, None]


def test_decode_of_an_empty_packet_is_an_entry() -> None:
    assert (decoded("")[0]["error"], decoded("")[0]["flags"]) == ("empty", None)


def test_single_bytes_are_one_packet_and_that_is_said() -> None:
    result = CliRunner().invoke(app, ["decode", "--json", "16", "48", "55", "03"])
    assert [entry["rr_ticks"] for entry in json.loads(result.stdout)] == [[853]]
    assert "4 single bytes as one packet" in result.stderr


def test_decode_speaks_to_people_without_json() -> None:
    result = CliRunner().invoke(app, ["decode", "16485503", "0400", "zz"])
    lines = result.stdout.splitlines()
    assert lines[0] == "16485503: 72 bpm, skin contact, RR 833.0 ms"
    assert lines[1].startswith("0400: no reading, no skin contact")
    assert lines[2] == "zz: no reading, this is not hexadecimal"


def test_decode_without_packets_is_a_usage_error() -> None:
    assert CliRunner().invoke(app, ["decode"]).exit_code == 2


def test_help_leads_with_examples() -> None:
    for arguments in ([], ["watch"], ["decode"]):
        result = CliRunner().invoke(app, [*arguments, "--help"])
        assert result.exit_code == 0
        assert result.stdout.index("Examples") < result.stdout.index("Options")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no D-Bus")
@pytest.mark.parametrize("arguments", [(), ("--json",), ("watch",), ("watch", "--sensor", "Polar H10", "--json")])
def test_without_a_system_bus_one_sentence_with_the_cure_and_exit_code_4(arguments: tuple[str, ...]) -> None:
    result = process(*arguments)
    assert result.returncode == 4
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert "no D-Bus system bus" in result.stderr
    assert "`--sensor virtual` (`--virtual` for the list of devices)" in result.stderr


def test_virtual_air_lists_the_virtual_strap() -> None:
    result = process("--virtual", "--json")
    assert result.returncode == 0, result.stderr
    (strap,) = json.loads(result.stdout)
    assert strap["name"] == "Acclimate virtual strap"
    assert (strap["battery_percent"], strap["sends_rr"], strap["problem"]) == (88, True, None)
    assert strap["signal_dbm"] < 0


def test_watch_prints_one_json_line_per_packet() -> None:
    result = process("watch", "--sensor", "virtual", "--seconds", "1.5", "--json")
    assert result.returncode == 0, result.stderr
    readings = [json.loads(line) for line in result.stdout.splitlines()]
    assert 1 <= len(readings) <= 2
    assert all(60 <= reading["bpm"] <= 76 and reading["contact"] is True for reading in readings)
    assert readings[0]["quality"] == "settling"
    assert "(simulated)" in result.stderr


def test_watch_of_a_recording_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "rr.txt").write_text("700\n700\n", encoding="utf-8")
    result = process("watch", "--sensor", f"replay:{tmp_path / 'rr.txt'}")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 2
    assert "end of recording" in result.stderr


def test_watch_of_a_missing_recording_is_a_usage_error(tmp_path: Path) -> None:
    result = process("watch", "--sensor", f"replay:{tmp_path / 'absent'}")
    assert result.returncode == 2
    assert "no recording" in result.stderr
