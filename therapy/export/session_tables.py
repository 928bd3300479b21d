"""One session of the record as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from therapy.export.tables import Cell, Table, plain_rows
from therapy.session.events import Event, Output
from therapy.store.archive import Archive
from therapy.store.blocks import POSE_COLUMNS
from therapy.store.codec import encode
from therapy.store.records import Recorded, SessionRecord

_KEY = ("seq", "part", "t_s")
_SAMPLE = (
    "hr10_bpm", "hr5_bpm", "delta_bpm", "quality_0to1", "age_s", "target_0to1", "shown_0to1", "scene", "scene_time_s",
    "suds",
)  # fmt: skip
_DECISION = (
    "rule", "reasons", "limiting", "before_0to1", "proposed_0to1", "applied_0to1", "suggested_0to1", "ramp_s", "calm",
    "latched", "policy_rule", "pace_per_min",
)  # fmt: skip
_TICKS_PER_S = 1024.0


def measured_tables(archive: Archive, session_id: str) -> tuple[Table, ...]:
    """What was measured, decided and rated in a session: no free text of anybody is in it."""
    beats = archive.beats(session_id)
    beat_rows = (
        (row.what.t_s, row.what.rr_ticks / _TICKS_PER_S * 1000.0, row.what.accepted, row.what.after_gap)
        for row in beats
    )
    return (
        _table("samples", _SAMPLE, archive.samples(session_id)),
        _of("beats", ("beat_t_s", "rr_ms", "accepted", "after_gap"), beats, beat_rows),
        _table("ratings", ("scale", "answer", "prompted", "intensity_0to1"), archive.ratings(session_id)),
        _table("decisions", _DECISION, archive.decisions(session_id)),
        _table("frames", ("frames", "late_frames", "median_ms", "p99_ms"), archive.frames(session_id)),
        Table("poses", POSE_COLUMNS, plain_rows(archive.poses(session_id).tolist())),
    )


def told_tables(archive: Archive, session_id: str) -> tuple[Table, ...]:
    """Every event in and out of a session, with what people wrote and said."""
    return _payloads("journal", archive.journal(session_id)), _payloads("events", archive.events(session_id))


def sessions_table(records: Iterable[SessionRecord]) -> Table:
    """One row for each session."""
    columns = (
        "session_id", "patient_code", "protocol_name", "protocol_sha256", "started", "ended", "duration_s", "outcome",
        "simulated", "software", "sensor_kind",
    )  # fmt: skip
    return Table("sessions", columns, tuple(_session_row(record) for record in records))


def _session_row(record: SessionRecord) -> tuple[Cell, ...]:
    return (
        record.session_id,
        record.patient_code,
        record.protocol_name,
        record.protocol_sha256,
        record.started.isoformat(),
        record.ended.isoformat() if record.ended else None,
        record.last_t_s,
        record.outcome,
        ", ".join(record.simulated),
        record.software,
        str(record.sensor.get("kind", "")),
    )


def _table(name: str, fields: Sequence[str], rows: Sequence[Recorded[Any]]) -> Table:
    """A table of records whose fields are its columns."""
    return _of(name, fields, rows, ([_cell(getattr(row.what, field)) for field in fields] for row in rows))


def _of(name: str, fields: Sequence[str], rows: Sequence[Recorded[Any]], values: Iterable[Sequence[Cell]]) -> Table:
    keyed = ((row.seq, row.part, row.t_s, *cells) for row, cells in zip(rows, values, strict=True))
    return Table(name, (*_KEY, *fields), plain_rows(keyed))


def _payloads(name: str, rows: Sequence[Recorded[Event]] | Sequence[Recorded[Output]]) -> Table:
    return _of(name, ("kind", "payload_json"), rows, ((type(row.what).__name__, encode(row.what)) for row in rows))


def _cell(value: Any) -> Cell:
    """An enumeration as its word, several as words with blanks between."""
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    return str(value) if isinstance(value, str) else value
