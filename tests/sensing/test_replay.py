"""Recordings: files good and bad, and their playing at the clock's pace."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sensing.hand_clock import HandClock, settle
from therapy.errors import UsageError
from therapy.sensing.heart_rate import decode
from therapy.sensing.identity import SensorEvent
from therapy.sensing.recording import RecordedHeart, read_recording
from therapy.sensing.replay import ReplaySensor
from therapy.session.events import LinkState, PacketArrived, SensorLink


def written(folder: Path, text: str, name: str = "rr.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "812\n798.5\n",
        "RR (ms)\n812\n798.5\n",
        "\ufeffrr\r\n812\r\n798.5\r\n",
        "# resting\n\n812\n798.5",
        "time_s,rr_ms\n0.8,812\n1.6,798.5\n",
        "812;x\n798.5;y\n",
    ],
)
def test_text_files_are_read(tmp_path: Path, text: str) -> None:
    assert read_recording(written(tmp_path, text)) == (812.0, 798.5)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_arrays_are_read(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "rr.npy", np.array([800, 810, 820]).reshape(shape))
    assert read_recording(tmp_path / "rr.npy") == (800.0, 810.0, 820.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no RR intervals"),
        ("RR\n", "no RR intervals"),
        ("800\n810\nabc\n", "line 3"),
        ("rr,note\n800,a\n\n810,b\n9e9,c\n", "line 5"),
        ("800\n0\n", "line 2"),
        ("800\n-800\n", "line 2"),
        ("800\nnan\n", "line 2"),
        ("800\ninf\n", "line 2"),
        ("0.812\n0.798\n", "line 1: 0.812 ms is no RR interval (100 to 10000 ms are). It may be in seconds."),
        ("t,rr\n1\n", "line 2"),
    ],
)
def test_useless_text_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_recording(written(tmp_path, text))
    assert told in refusal.value.problem
    assert "milliseconds" in refusal.value.cure


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no recording at"):
        read_recording(tmp_path / "absent.csv")


def test_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rr.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(UsageError, match="cannot be read as text"):
        read_recording(tmp_path / "rr.csv")


def test_useless_arrays_are_refused(tmp_path: Path) -> None:
    (tmp_path / "torn.npy").write_bytes(b"not an array")
    np.save(tmp_path / "square.npy", np.full((3, 3), 800))
    np.save(tmp_path / "words.npy", np.array(["a", "b"]))
    np.save(tmp_path / "hole.npy", np.array([800.0, np.nan]))
    np.save(tmp_path / "nothing.npy", np.array([]))
    for name, told in [
        ("torn", "not a numeric"),
        ("square", "shape"),
        ("words", "not a numeric"),
        ("hole", "value 2"),
        ("nothing", "no RR intervals"),
    ]:
        with pytest.raises(UsageError, match=told):
            read_recording(tmp_path / f"{name}.npy")


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
