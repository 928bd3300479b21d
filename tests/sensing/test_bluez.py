"""The command line on bleak's own BlueZ backend, over a real D-Bus daemon, with a stand-in for BlueZ's side."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's stack"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no dbus-daemon here"),
]

if sys.platform == "linux":
    from tests.sensing.stand_in_bluez import STRAP_ADDRESS, Adapter, bluez, private_bus

RUN = "from therapy.cli.devices import app; app()"


@pytest_asyncio.fixture
async def bus(tmp_path: Path) -> AsyncIterator[str]:
    async with private_bus(tmp_path) as address:
        yield address


async def devices(bus: str, *arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUN,
        "--seconds",
        "0.5",
        *arguments,
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus, "PYTHONWARNINGS": "error"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


@pytest.mark.parametrize(
    ("adapter", "told"),
    [
        (None, "no Bluetooth Low Energy adapter"),
        ({"powered": False}, "switched off"),
        ({"refusal": "org.bluez.Error.NotReady"}, "switched off"),
        ({"refusal": "org.bluez.Error.InProgress"}, "busy"),
        ({"refusal": "org.bluez.Error.NotAuthorized"}, "does not let"),
        ({}, "Three usual causes"),
    ],
)
async def test_each_fault_of_the_adapter_is_one_sentence_and_exit_code_4(
    bus: str, adapter: dict[str, str | bool] | None, told: str
) -> None:
    async with bluez(bus, None if adapter is None else Adapter(**adapter)):  # type: ignore[arg-type]
        code, out, errors = await devices(bus)
    assert code == 4
    assert not out
    assert told in errors
    assert len(errors.strip().splitlines()) == 1


async def test_bus_without_bluetooth_service_names_the_service(bus: str) -> None:
    code, _, errors = await devices(bus)
    assert code == 4
    assert "service is not running" in errors


async def test_strap_held_by_another_program_is_listed_with_its_problem(bus: str) -> None:
    async with bluez(bus, Adapter(strap="Polar H10 12345678")):
        code, out, errors = await devices(bus, "--json")
    assert code == 0, errors
    (strap,) = json.loads(out)
    assert (strap["name"], strap["address"], strap["signal_dbm"]) == ("Polar H10 12345678", STRAP_ADDRESS, -61)
    assert (strap["battery_percent"], strap["sends_rr"], strap["problem"]) == (None, None, "no-answer")
