"""A record as schema version 1 made it, with one session in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.store.examples import CODE, PROTOCOL_TEXT

SESSION = "5e55" + "0" * 28
SCHEMA = """
CREATE TABLE schema_version (
    version INTEGER NOT NULL, since VARCHAR NOT NULL, software VARCHAR NOT NULL, PRIMARY KEY (version)
);
CREATE TABLE patient (
    code VARCHAR NOT NULL, birth_year INTEGER NOT NULL, created VARCHAR NOT NULL, PRIMARY KEY (code)
);
CREATE TABLE protocol (sha256 VARCHAR NOT NULL, text TEXT NOT NULL, PRIMARY KEY (sha256));
CREATE TABLE consent (
    number INTEGER NOT NULL, patient_code VARCHAR NOT NULL, act VARCHAR NOT NULL, version INTEGER NOT NULL,
    language VARCHAR NOT NULL, text TEXT NOT NULL, recorded_by VARCHAR NOT NULL, at VARCHAR NOT NULL,
    PRIMARY KEY (number), FOREIGN KEY(patient_code) REFERENCES patient (code)
);
CREATE INDEX ix_consent_patient_code ON consent (patient_code);
CREATE TABLE screening (
    number INTEGER NOT NULL, patient_code VARCHAR NOT NULL, version INTEGER NOT NULL, answers TEXT NOT NULL,
    outcome VARCHAR NOT NULL, recorded_by VARCHAR NOT NULL, at VARCHAR NOT NULL,
    PRIMARY KEY (number), FOREIGN KEY(patient_code) REFERENCES patient (code)
);
CREATE INDEX ix_screening_patient_code ON screening (patient_code);
CREATE TABLE session (
    number INTEGER NOT NULL, id VARCHAR NOT NULL, patient_code VARCHAR NOT NULL, protocol_name VARCHAR NOT NULL,
    protocol_sha256 VARCHAR NOT NULL, started VARCHAR NOT NULL, software VARCHAR NOT NULL, setup TEXT NOT NULL,
    sensor TEXT NOT NULL, player TEXT NOT NULL, simulated VARCHAR NOT NULL, ended VARCHAR, duration_s FLOAT,
    outcome VARCHAR, detail VARCHAR, lost_rows INTEGER NOT NULL,
    PRIMARY KEY (number), UNIQUE (id), FOREIGN KEY(patient_code) REFERENCES patient (code),
    FOREIGN KEY(protocol_sha256) REFERENCES protocol (sha256)
);
CREATE INDEX ix_session_patient_code ON session (patient_code);
CREATE TABLE journal (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, t_s FLOAT NOT NULL, kind VARCHAR NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (session_number, seq), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE decision (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL, t_s FLOAT NOT NULL,
    decided_t_s FLOAT, cause VARCHAR NOT NULL, rule VARCHAR NOT NULL, reasons VARCHAR NOT NULL, before_0to1 FLOAT,
    proposed_0to1 FLOAT, applied_0to1 FLOAT, ramp_s FLOAT, calm BOOLEAN NOT NULL, latched BOOLEAN NOT NULL,
    policy_rule VARCHAR NOT NULL, inputs TEXT NOT NULL,
    PRIMARY KEY (session_number, seq, part), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE sample (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL, t_s FLOAT NOT NULL, hr10_bpm FLOAT,
    hr5_bpm FLOAT, delta_bpm FLOAT, quality_0to1 FLOAT, age_s FLOAT, target_0to1 FLOAT, shown_0to1 FLOAT,
    scene VARCHAR NOT NULL, scene_time_s FLOAT, suds INTEGER,
    PRIMARY KEY (session_number, seq, part), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE beat (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL, t_s FLOAT NOT NULL, beat_t_s FLOAT,
    rr_ticks INTEGER NOT NULL, accepted BOOLEAN NOT NULL, after_gap BOOLEAN NOT NULL,
    PRIMARY KEY (session_number, seq, part), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE rating (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL, t_s FLOAT NOT NULL,
    scale VARCHAR NOT NULL, answer INTEGER NOT NULL, prompted BOOLEAN NOT NULL, intensity_0to1 FLOAT,
    PRIMARY KEY (session_number, seq, part), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE event (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL, t_s FLOAT NOT NULL,
    kind VARCHAR NOT NULL, payload TEXT NOT NULL,
    PRIMARY KEY (session_number, seq, part), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE frame_statistics (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, t_s FLOAT NOT NULL, frames INTEGER NOT NULL,
    late_frames INTEGER NOT NULL, median_ms FLOAT NOT NULL, p99_ms FLOAT NOT NULL,
    PRIMARY KEY (session_number, seq), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
CREATE TABLE head_pose (
    session_number INTEGER NOT NULL, seq INTEGER NOT NULL, t_s FLOAT NOT NULL, rows INTEGER NOT NULL,
    first_scene_time_s FLOAT NOT NULL, columns BLOB NOT NULL,
    PRIMARY KEY (session_number, seq), FOREIGN KEY(session_number) REFERENCES session (number)
) WITHOUT ROWID;
"""
INPUTS = {
    "t_s": 61.25,
    "cause": "rating",
    "heart": {"hr10_bpm": 71.3, "baseline_bpm": 70.0, "age_s": 0.25, "valid_for_s": 50.0, "quality_0to1": 1.0},
    "rating": {"suds": 30, "age_s": 0.0, "peak_on_level": 30, "lows_in_a_row": 1, "given_on_level": True},
    "limits": {"protocol_0to1": 1.0, "therapist_0to1": 0.4, "patient_0to1": 0.1, "suds_calm_at": 95},
    "place": {"grading": True, "current_0to1": 0.0, "dwell_s": 50.0},
    "age_years": 40,
    "suds_only": False,
}


def make_older_record(path: Path) -> None:
    """A file that schema version 1 wrote: a patient, and a completed session with one decision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    at = "2026-01-05T10:00:00.000+01:00"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO schema_version VALUES (1, ?, '0.1.0')", (at,))
        connection.execute("INSERT INTO patient VALUES (?, 1984, ?)", (CODE, at))
        connection.execute("INSERT INTO protocol VALUES ('ab', ?)", (PROTOCOL_TEXT,))
        connection.execute(
            "INSERT INTO session VALUES (1, ?, ?, 'heights-first', 'ab', ?, '0.1.0', '{}', '{}', '{}', '[]', ?, 61.5, "
            "'completed', '', 0)",
            (SESSION, CODE, at, at),
        )
        connection.execute("INSERT INTO journal VALUES (1, 7, 61.25, 'Answered', ?)", (_answered(),))
        connection.execute(
            "INSERT INTO decision VALUES (1, 7, 0, 61.25, 61.25, 'rating', 'ladder-up', ?, 0.0, 0.1, 0.1, 3.0, 0, 0, "
            "'ladder-up', ?)",
            (json.dumps(["suds-low"]), json.dumps(INPUTS)),
        )


def _answered() -> str:
    return json.dumps({"panel_id": 3, "panel": "suds", "answer": 30})
