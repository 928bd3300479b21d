"""`acclimate signals`: figures as JSON and as a table; useless files get a sentence, a cure and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.signals import references
from tests.signals.test_correction import breathing_heart_ms
from therapy.cli.main import run_command

PROMISED = {
    "beats", "duration_s", "mean_nn_ms", "sdnn_ms", "rmssd_ms", "pnn50_pct", "mean_hr_bpm", "artifacts", "quality",
}  # fmt: skip


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Five minutes of a breathing heart with one missed beat."""
    rr_ms = breathing_heart_ms(np.random.default_rng(3), 360)
    rr_ms[100] += rr_ms[101]
    path = tmp_path / "rest.csv"
    path.write_text("rr_ms\n" + "\n".join(f"{interval:g}" for interval in np.delete(rr_ms, 101)), encoding="utf-8")
    return path


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run_command(["signals", *arguments, "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    figures: dict[str, Any] = json.loads(told.out)
    return figures


def test_figures_of_a_real_series_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    path = references.data_file("pyhrv", "files", "SampleNNISeriesShort.npy")
    figures = as_json(capsys, str(path))
    assert set(figures) >= PROMISED
    assert figures["beats"] == 337
    assert figures["duration_s"] == pytest.approx(299.578)
    assert figures["mean_nn_ms"] == pytest.approx(888.955, rel=1e-3)
    assert figures["sdnn_ms"] == pytest.approx(95.690, rel=1e-3)
    assert figures["rmssd_ms"] == pytest.approx(101.301, rel=1e-3)
    assert figures["quality"] == "good"


def test_artifacts_are_counted_and_only_mended_when_asked(capsys: pytest.CaptureFixture[str], recording: Path) -> None:
    as_given, mended = as_json(capsys, str(recording)), as_json(capsys, str(recording), "--correct")
    assert as_given["artifacts"] == mended["artifacts"] == 1
    assert as_given["artifact_kinds"] == {"ectopic": 0, "missed": 1, "extra": 0, "long-short": 0}
    assert (as_given["beats"], mended["beats"]) == (359, 360)
    assert as_given["rmssd_ms"] > 2.0 * mended["rmssd_ms"]
    assert (as_given["corrected"], mended["corrected"]) == (False, True)
    assert "--correct" in as_given["notes"][0]


def test_too_many_artifacts_leave_null_and_a_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rr_ms = breathing_heart_ms(np.random.default_rng(3), 400)
    rr_ms[10:390:16] *= 2.0
    np.save(tmp_path / "poor.npy", rr_ms)
    for options in ((), ("--correct",)):
        figures = as_json(capsys, str(tmp_path / "poor.npy"), *options)
        assert [figures[name] for name in ("sdnn_ms", "rmssd_ms", "pnn50_pct", "lf_ms2", "hf_ms2", "lf_hf")] == [
            None
        ] * 6
        assert figures["mean_hr_bpm"] > 0
        assert figures["quality"] == "poor"
        assert "More than 5 %" in figures["notes"][0]


def test_people_get_a_table_with_units_and_a_sentence(capsys: pytest.CaptureFixture[str], recording: Path) -> None:
    assert run_command(["signals", str(recording)]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["mean", "SDNN", "RMSSD", "pNN50"]
    assert lines[2].endswith("ms")
    assert any(line.startswith("artefacts") and line.endswith("1 missed") for line in lines)
    assert "359 beats in 5 min" in told.out
    assert told.err == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("0.812\n0.798\n0.805\n", "seconds"),
        ("812\nnan\n798\n", "line 2"),
        ("812\n-798\n", "line 2"),
        ("812\n0\n", "line 2"),
        ("812\nseven hundred\n", "line 2"),
        ("not a recording at all\n", "no RR intervals"),
        ("", "no RR intervals"),
        ("812\n798\n", "only 2 RR intervals"),
    ],
)
def test_useless_files_get_a_sentence_a_cure_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, told: str
) -> None:
    path = tmp_path / "rr.csv"
    path.write_text(content, encoding="utf-8")
    assert run_command(["signals", str(path), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Error:")
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 2
    assert "Traceback" not in said.err


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run_command(["signals", str(tmp_path / "absent.csv")]) == 2
    assert "There is no recording at" in capsys.readouterr().err
