"""Recordings playing at the clock's pace."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sensing.hand_clock import HandClock, settle
from therapy.sensing.heart_rate import decode
from therapy.sensing.identity import SensorEvent
from therapy.sensing.recording import RecordedHeart
from therapy.sensing.replay import ReplaySensor
from therapy.session.events import LinkState, PacketArrived, SensorLink


def written(folder: Path, text: str, name: str = "rr.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@given(st.lists(st.floats(300.0, 2000.0), min_size=1, max_size=300))
def test_recorded_heart_keeps_every_interval_and_the_whole_length(rr_ms: list[float]) -> None:
    heart = RecordedHeart(tuple(rr_ms))
    ticks: list[int] = []
    t_s = 0.0
    while not heart.finished:
        t_s += 1.0
        ticks += heart.advance(t_s).rr_ticks
    assert len(ticks) == len(rr_ms)
    assert max(abs(got - asked * 1.024) for got, asked in zip(ticks, rr_ms, strict=True)) <= 1.0
    assert abs(sum(ticks) - sum(rr_ms) * 1.024) <= 0.51


async def play(path: Path, for_s: float) -> list[tuple[float, SensorEvent]]:
    clock = HandClock()
    events: list[tuple[float, SensorEvent]] = []
    task = asyncio.create_task(ReplaySensor(path, clock).run(lambda event: events.append((clock.now_s(), event))))
    await settle()
    await clock.advance(for_s)
    await task
    return events


@pytest.mark.asyncio
async def test_recording_plays_as_packets_at_the_clocks_pace(tmp_path: Path) -> None:
    events = await play(written(tmp_path, "\n".join(["1000"] * 5)), 10.0)
    assert [(t_s, type(event)) for t_s, event in events] == [
        (0.0, SensorLink),
        *[(float(second), PacketArrived) for second in range(1, 6)],
        (5.0, SensorLink),
    ]
    packets = [decode(bytes.fromhex(event.data_hex)) for _, event in events if isinstance(event, PacketArrived)]
    assert [(packet.bpm, packet.rr_ticks, packet.contact) for packet in packets] == [(60, (1024,), None)] * 5


@pytest.mark.asyncio
async def test_end_of_the_recording_closes_the_link(tmp_path: Path) -> None:
    events = await play(written(tmp_path, "800\n800\n"), 5.0)
    assert events[-1][1] == SensorLink(LinkState.CLOSED, "end of recording")


def test_replay_says_that_it_is_no_heart_of_anybody_present(tmp_path: Path) -> None:
    identity = ReplaySensor(written(tmp_path, "800"), HandClock()).identity
    assert (identity.name, identity.kind, identity.simulated) == ("rr.csv", "replay", True)
