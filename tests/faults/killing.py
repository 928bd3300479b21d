"""A recording process that is killed at any moment."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import Any

from tests.faults.checking import trouble_with
from tests.faults.working import make_record
from tests.store.examples import decision, session_info
from therapy.session.events import Decided, Tick
from therapy.store.archive import Archive
from therapy.store.recorder import Recorder

MOST_LOST_S = 1.0


def kills(count: int, place: Path) -> dict[str, Any]:
    """Kill a recording `count` times; the child is a fork, so that only its dying takes time."""
    whole = place / "whole"
    make_record(whole / "acclimate.db")
    results: dict[str, Any] = {"kills": count, "rows": 0, "most_lost_s": 0.0, "trouble": []}
    for seed in range(count):
        folder = place / f"kill-{seed}"
        shutil.copytree(whole, folder)
        said = _said_until_killed(folder / "acclimate.db", random.Random(seed).uniform(0.0, 0.6))
        lost_s, rows, trouble = _loss(folder / "acclimate.db", said)
        results["rows"] += rows
        results["most_lost_s"] = max(results["most_lost_s"], lost_s)
        results["trouble"] += [f"kill {seed}: {words}" for words in trouble]
        shutil.rmtree(folder)
    return results


def _said_until_killed(database: Path, after_s: float) -> list[tuple[str, float]]:
    """(session's id, time of the newest row) as the child said them."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _record(database, writing)
        finally:
            os._exit(1)
    os.close(writing)
    data = os.read(reading, 65536)
    until_s = time.monotonic() + after_s
    while (left_s := until_s - time.monotonic()) > 0:
        if select.select([reading], [], [], left_s)[0]:
            data += os.read(reading, 65536)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 65536):
        data += more
    os.close(reading)
    lines = [line.split() for line in data.decode().splitlines(keepends=True) if line.endswith("\n")]
    return [(session_id, float(t_s)) for session_id, t_s in lines]


def _record(database: Path, say: int) -> None:
    recorder, pace, start_s = Recorder(database), threading.Event(), time.monotonic()
    session_id = recorder.begin(session_info())
    for seq in range(100_000):
        t_s = time.monotonic() - start_s
        recorder.append_event(seq, t_s, Tick())
        recorder.append_output(seq, t_s, Decided(decision(t_s, applied_0to1=0.1 if seq % 100 == 99 else 0.2)))
        os.write(say, f"{session_id} {t_s!r}\n".encode())
        pace.wait(0.004)


def _loss(database: Path, said: list[tuple[str, float]]) -> tuple[float, int, list[str]]:
    if not said:
        return 0.0, 0, trouble_with(database, {}, [])
    session_id, last_s = said[-1]
    trouble = trouble_with(database, {session_id: 0}, [])
    with Archive(database) as archive:
        journal = archive.journal(session_id)
    lost_s = last_s - (journal[-1].t_s if journal else said[0][1])
    if lost_s > MOST_LOST_S:
        trouble.append(f"{lost_s:.2f} s were lost")
    return lost_s, len(journal), trouble
