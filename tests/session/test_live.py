"""The shell around the engine: what breaks beside the loop must not break the loop."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from environments.contract import Command, Recentre
from protocols.loader import load_protocol
from therapy import app
from therapy.cli.therapist_input import CommandUnclear, TherapistInput, parse
from therapy.clock import PacedClock
from therapy.live import LiveSession
from therapy.session.events import Noticed, Output, Therapist, TherapistAction
from therapy.session.state import SessionSetup
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo

PROTOCOL = load_protocol("heights-first")


class SilentPlayer:
    def __init__(self) -> None:
        self.sent: list[Command] = []

    def send(self, command: Command) -> None:
        self.sent.append(command)


class NoSensor:
    async def run(self, emit: object) -> None:
        await asyncio.Event().wait()


@pytest.fixture
def recorder(tmp_path: Path):
    with People(database_path(tmp_path)) as people:
        people.register_patient("L-1", 1985)
        people.record_consent("L-1", "test")
    with Recorder(database_path(tmp_path)) as writing:
        writing.begin(
            SessionInfo(
                patient_code="L-1",
                protocol_name="heights-first",
                protocol_sha256=PROTOCOL.sha256,
                protocol_text=PROTOCOL.text,
            )
        )
        yield writing


def live_session(recorder: Recorder) -> LiveSession:
    return LiveSession(SessionSetup(PROTOCOL.protocol, 40), PacedClock(20.0), recorder, SilentPlayer())


async def test_a_listener_that_fails_is_left_out_and_the_loop_goes_on(recorder: Recorder) -> None:
    live = live_session(recorder)
    heard: list[Output] = []

    def broken(_t_s: float, _output: Output) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    live.on_output += [broken, lambda _t_s, output: heard.append(output)]
    ticking = asyncio.create_task(live.tick())
    async with asyncio.timeout(20.0):
        while live.state.t_s < 3.0:
            await live.clock.sleep_until(live.clock.now_s() + 0.5)
    assert not ticking.done()
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    assert any(isinstance(one, Noticed) and one.detail.startswith("listener") for one in heard)


async def test_a_session_whose_loop_died_ends_in_the_calm_scene(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = live_session(recorder)

    async def dies() -> None:
        raise RuntimeError("the tick died")

    monkeypatch.setattr(live, "tick", dies)
    async with asyncio.timeout(20.0):
        await app._until_ended(live, NoSensor(), None)  # type: ignore[arg-type]
    assert live.ended.is_set()
    outcome, _ = app.result_of(live)
    assert outcome.value == "interrupted"
    player = live._player
    assert isinstance(player, SilentPlayer)
    assert getattr(player.sent[-1], "latch", False)


async def test_the_therapist_lets_the_patient_look_straight_ahead_again(recorder: Recorder) -> None:
    live = live_session(recorder)
    live.feed(Therapist(TherapistAction.RECENTRE))
    player = live._player
    assert isinstance(player, SilentPlayer)
    assert [one for one in player.sent if isinstance(one, Recentre)] == [Recentre()]


async def test_one_unreadable_byte_does_not_silence_the_therapist(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    said: list[str] = []
    got: asyncio.Queue[Therapist] = asyncio.Queue()
    with os.fdopen(reading, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        TherapistInput(said.append).start(got.put_nowait)
        os.write(writing, b"note gr\xfc\xdfe\nstop\n")
        async with asyncio.timeout(20.0):
            assert (await got.get()).action is TherapistAction.NOTE
            assert (await got.get()).action is TherapistAction.STOP
        os.close(writing)
        async with asyncio.timeout(20.0):
            while not said:
                await asyncio.sleep(0)
    assert "ended" in said[-1]


@pytest.mark.parametrize("line", ["dance", "ceiling", "ceiling 4.5 x", "event", "say"])
def test_a_line_that_is_no_command_is_answered(line: str) -> None:
    with pytest.raises(CommandUnclear):
        parse(line)


def test_lines_become_commands() -> None:
    assert parse("  ") is None
    assert parse("ceiling 5 asked to go on") == Therapist(TherapistAction.CEILING, 5.0, "asked to go on")
    assert parse("STOP fire alarm") == Therapist(TherapistAction.STOP, text="fire alarm")
    assert parse("recentre") == Therapist(TherapistAction.RECENTRE)
    assert parse("event gust") == Therapist(TherapistAction.EVENT, text="gust")
