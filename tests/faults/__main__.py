"""The fault harnesses: python -m tests.faults HARNESS NUMBER.  Each prints one JSON object.

full STEP: the disk is full from write call 1, 1 + STEP, … on.
cuts COUNT: the power is cut COUNT times.
kills COUNT: the recording process is killed COUNT times.
edits COUNT: COUNT single changes of each kind to a record.

The first two need the shim under them: `tests.faults.disk.run_on_shim`, or `python -m tests.faults shim` names it
for LD_PRELOAD.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.audit.records import make_record as make_chained
from tests.audit.tampering import DEEDS, escaped
from tests.faults.checking import trouble_with
from tests.faults.disk import Disk, after_power_cut, built_shim, read_log
from tests.faults.killing import kills
from tests.faults.working import ACKNOWLEDGED, acknowledged_in, make_record, work
from therapy.store.unlocking import KEY_FILE_VARIABLE, new_key_file

NAME = "acclimate.db"
ROOMY = "acclimate.safe-stop"
SESSIONS = 2


def full(step: int, place: Path) -> dict[str, Any]:
    """Run the workload again and again, each time on a disk that is full one step later."""
    whole = place / "whole"
    make_record(whole / NAME)
    results: dict[str, Any] = {"runs": 0, "told": 0, "trouble": []}
    call = 1
    while True:
        folder = place / f"run-{call}"
        shutil.copytree(whole, folder)
        disk = Disk(folder)
        with disk.full_from(call, ROOMY):
            told = work(folder / NAME, SESSIONS)
        results["runs"] += 1
        results["calls"] = disk.calls
        if disk.calls >= call:
            results["told"] += bool(told.failures or told.refused)
        trouble = trouble_with(folder / NAME, told.acknowledged, told.ended)
        if len(told.ended) < SESSIONS and not (told.failures or told.refused):
            trouble.append("nobody was told")
        results["trouble"] += [f"full from call {call}: {words}" for words in trouble]
        shutil.rmtree(folder)
        if disk.calls < call:
            return results
        call += step


def cuts(count: int, place: Path) -> dict[str, Any]:
    """Cut the power `count` times at any moment of a logged run."""
    folder = place / "whole"
    make_record(folder / NAME)
    start = {path.name: path.read_bytes() for path in folder.iterdir()}
    with Disk(folder).logged(place / "log"):
        work(folder / NAME, sessions=3, rows=20, acknowledge=True)
    operations = read_log(place / "log")
    results: dict[str, Any] = {"operations": len(operations), "cuts": count, "acknowledged": 0, "trouble": []}
    for seed in range(count):
        chance = random.Random(seed)
        moment = chance.randrange(len(operations) + 1)
        marks = b"".join(one.data for one in operations[:moment] if one.name == ACKNOWLEDGED and one.kind == "W")
        acknowledged = acknowledged_in(marks)
        results["acknowledged"] += sum(acknowledged.values())
        after = place / f"cut-{seed}"
        after.mkdir()
        for name, data in after_power_cut(start, operations[:moment], chance).items():
            if not name.endswith("-shm"):
                (after / name).write_bytes(data)
        trouble = trouble_with(after / NAME, acknowledged, [])
        results["trouble"] += [f"cut {seed} after {moment}: {words}" for words in trouble]
        shutil.rmtree(after)
    return results


def edits(count: int, place: Path) -> dict[str, Any]:
    """Change a record in one place, `count` times in each way."""
    with closing(sqlite3.connect(place / NAME, check_same_thread=False)) as raw:
        record = (raw, make_chained(raw))
        missed = [words for deed in DEEDS for words in escaped(record, deed, range(count))]
    return {"changes": count * len(DEEDS), "trouble": missed}


HARNESSES = {"full": full, "cuts": cuts, "kills": kills, "edits": edits}

if __name__ == "__main__":
    if sys.argv[1] == "shim":
        print(built_shim())  # noqa: T201
    else:
        with tempfile.TemporaryDirectory() as temporary:
            if KEY_FILE_VARIABLE not in os.environ:
                new_key_file(Path(temporary) / "station.key")
                os.environ[KEY_FILE_VARIABLE] = str(Path(temporary) / "station.key")
            print(json.dumps(HARNESSES[sys.argv[1]](int(sys.argv[2]), Path(temporary))))  # noqa: T201
