"""Data for research tells nobody who somebody is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.report.examples import heights_info
from therapy.errors import UsageError
from therapy.export.making import Wishes, export_research
from therapy.export.package import unpack
from therapy.export.research import SHIFT_DAYS, Veil, Veiled, research_table, veiled
from therapy.export.tables import as_csv
from therapy.session.events import Rated, Therapist, TherapistAction
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.records import SessionRecord
from therapy.store.unlocking import at_desk

START = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
KNOWN = frozenset({"heights-first", "lake-breathing"})
VEIL = Veil(b"s" * 32)


def session(code: str, protocol: str = "heights-first", days: int = 0, **changes: object) -> SessionRecord:
    values: dict[str, object] = {
        "session_id": f"{code}-{protocol}-{days}",
        "patient_code": code,
        "protocol_name": protocol,
        "protocol_sha256": "ab" * 32,
        "protocol_text": "name: Clara's bridge",
        "started": START + timedelta(days=days),
        "ended": None,
        "last_t_s": 1200.0,
        "outcome": "completed",
        "detail": "spoke of Clara",
        "software": "acclimate 0.1.0",
        "setup": {"age_years": 42},
        "sensor": {"kind": "ble", "name": "Clara's strap", "address": "00:11"},
        "player": {},
        "simulated": (),
    }
    return SessionRecord(**(values | changes))  # type: ignore[arg-type]


def patients(count: int, prefix: str = "HX", year: int = 1984) -> dict[str, int]:
    return {f"{prefix}-{number}": year for number in range(count)}


def cells(rows: tuple[Veiled, ...]) -> list[tuple[str, str]]:
    return sorted({(row.age_band, row.protocol_name) for row in rows})


def test_nothing_that_names_somebody_is_left() -> None:
    years = patients(5)
    rows, left_out = veiled([session(code) for code in years], years, KNOWN, VEIL)
    text = as_csv(research_table(rows)).decode()
    assert (len(rows), left_out) == (5, 0)
    for word in ("HX-", "Clara", "00:11", "1984", "14:30", *(row.real_id for row in rows)):
        assert word not in text
    assert cells(rows) == [("40-49", "heights-first")]


def test_dates_move_together_for_a_patient_and_apart_for_others() -> None:
    years = patients(30)
    rows, _ = veiled([session(code, days=days) for code in years for days in (0, 9)], years, KNOWN, VEIL)
    starts: dict[str, list[datetime]] = {}
    for row in rows:
        starts.setdefault(row.patient_code, []).append(datetime.fromisoformat(row.started))
    assert all(max(two) - min(two) == timedelta(days=9) for two in starts.values())
    shifts = {VEIL.shift(code).days for code in years}
    assert len(shifts) > 20
    assert max(map(abs, shifts)) <= SHIFT_DAYS
    assert VEIL.patient("HX-1") == Veil(b"s" * 32).patient("HX-1") != Veil(b"t" * 32).patient("HX-1")


@pytest.mark.parametrize(
    ("years", "expected", "left_out"),
    [
        (patients(5) | patients(4, "OLD", 1940), [("40-49", "heights-first")], 4),
        (patients(4) | patients(4, "OLD", 1940), [("*", "heights-first")], 0),
        (patients(4), [], 4),
    ],
)
def test_small_cells_are_made_coarser_and_then_left_out(
    years: dict[str, int], expected: list[tuple[str, str]], left_out: int
) -> None:
    rows, gone = veiled([session(code) for code in years], years, KNOWN, VEIL, 5)
    assert (cells(rows), gone) == (expected, left_out)


def test_own_protocols_virtual_patients_and_those_without_consent() -> None:
    years = patients(6)
    records = [session(code, "claras-bridge") for code in years]
    records += [session("HX-1", simulated=("patient",)), session("NO-1")]
    rows, _ = veiled(records, years, KNOWN, VEIL)
    assert cells(rows) == [("40-49", "own")]
    assert len(rows) == 6
    with pytest.raises(UsageError, match="too small"):
        veiled(records, years, KNOWN, VEIL, 1)


def test_the_package_holds_measurements_and_no_words(tmp_path: Path) -> None:
    database = tmp_path / "acclimate.db"
    codes = [f"ZZ-{number}" for number in range(3)]
    with People(database) as people, Recorder(database) as recorder:
        for code in codes:
            people.register_patient(code, 1985)
            people.record_consent(code, "T-1")
            recorder.begin(heights_info(patient_code=code, simulated=()))
            recorder.append_event(0, 0.0, Therapist(TherapistAction.NOTE, text="spoke of Clara"))
            recorder.append_output(0, 0.0, Rated("suds", 40, True, 0.2))
            recorder.append_poses(0.0, [(0.0, 1.0, -10.0, 0.0, 0.0, 1.2, 0.0)])
            recorder.end("stopped-by-therapist", "Clara called")
        people.withdraw_consent(codes[-1], "T-1")
    made = export_research(at_desk(database), tmp_path / "study.zip", Wishes(), 2)
    package = unpack(made.path.read_bytes())
    assert (made.sessions, made.left_out, package.kind) == (2, 0, "research")
    whole = b"".join(package.files.values())
    assert not [word for word in (b"ZZ-", b"Clara", b"F0:F1") if word in whole]
    assert len([name for name in package.files if name.endswith("ratings.csv")]) == 2
    assert not [name for name in package.files if "journal" in name or "poses" in name or "events" in name]
