"""Whatever is done with a record, nothing a patient said or is called lies on the disk in the clear.

Every file that a run touched is searched, those of the folder for temporary files included: the database, its log in
the middle of a session, journals, copies, backups, encrypted packages, and what a killed process left.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyrage
import pytest

from tests.faults.working import SETTINGS
from tests.store.examples import clear_answers, session_info
from therapy.control.decision import Stage
from therapy.errors import StoreError
from therapy.export.making import Wishes, export_sessions
from therapy.session.events import Therapist, TherapistAction
from therapy.store import backup as backups
from therapy.store.auditing import Auditor
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.unlocking import at_desk
from therapy.store.waiting import RecorderSettings

CODE = "QX-7731-ZETA"
SAID = "Clarissa Wetherby trembles at the bannister"
WHY = "her sister Marguerite fell"
WORDS = (CODE, "Clarissa", "Wetherby", "bannister", "Marguerite")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for everything, temporary files of this and other processes included."""
    (tmp_path / "temporary").mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    monkeypatch.undo()
    tempfile.tempdir = None


def in_the_clear(folder: Path) -> list[str]:
    """Where a word lies as it is, in UTF-8 or UTF-16."""
    found = []
    for path in (one for one in folder.rglob("*") if one.is_file()):
        data = path.read_bytes()
        for word in WORDS:
            shapes = (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"))
            known = word == CODE and path.name == "acclimate.patients"  # whose key it is stands there by code
            found += [f"{word} in {path.name}" for shape in shapes if shape in data and not known]
    return found


def test_the_search_finds_what_lies_in_the_clear(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text(f"x{SAID}x")
    assert in_the_clear(tmp_path)


def test_nothing_is_left_in_the_clear_by_a_whole_life_of_a_record(place: Path) -> None:
    database = place / "data" / "acclimate.db"
    with People(database) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, "T-1")
        people.record_screening(CODE, clear_answers(), "T-1")
        people.record_stage(CODE, Stage.SUGGEST_ONLY, "T-1", WHY)
    with Recorder(database, settings=SETTINGS) as recorder:
        recorder.begin(session_info(patient_code=CODE))
        for seq in range(20):
            recorder.append_event(seq, seq * 0.25, Therapist(TherapistAction.NOTE, text=SAID))
        recorder.flush()
        assert in_the_clear(place) == []
        made = backups.make_backup(database, place / "backups", datetime.now().astimezone())
        recorder.end("stopped-by-therapist", SAID)
    backups.check_backup(made.path, at_desk(database).vault, place)
    secret = pyrage.x25519.Identity.generate()
    wishes = Wishes(recipients=(str(secret.to_public()),))
    export_sessions(at_desk(database), None, CODE, place / "out.zip.age", wishes)
    _fill_the_disk(database)
    _be_killed(database)
    assert Auditor(database).verify().is_intact
    assert len([path for path in place.rglob("*") if path.is_file()]) >= 7
    assert in_the_clear(place) == []


def _fill_the_disk(database: Path) -> None:
    full = RecorderSettings(max_pages=60, retry_every_s=30.0)
    with Recorder(database, settings=full) as recorder:
        recorder.begin(session_info(patient_code=CODE))
        for seq in range(400):
            recorder.append_event(seq, seq * 0.25, Therapist(TherapistAction.NOTE, text=SAID * 50))
        with pytest.raises(StoreError, match="full"):
            recorder.flush()


def _be_killed(database: Path) -> None:
    """A process dies in the middle of a session, and leaves what it leaves."""
    script = f"""
import os, sys
from pathlib import Path
from tests.store.examples import session_info
from therapy.session.events import Therapist, TherapistAction
from therapy.store.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]))
recorder.begin(session_info(patient_code={CODE!r}))
for seq in range(200):
    recorder.append_event(seq, seq * 0.25, Therapist(TherapistAction.NOTE, text={SAID!r}))
recorder.flush()
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", script, str(database)], check=False, capture_output=True, cwd=Path.cwd())
    assert database.with_name(database.name + "-wal").stat().st_size > 0
