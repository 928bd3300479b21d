"""Files of RR intervals: what is read, and what is refused with its line."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from therapy.errors import UsageError
from therapy.signals.recording import LARGEST_BYTES, MOST_INTERVALS, read_recording


def written(folder: Path, text: str, name: str = "rr.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "812\n798.5\n",
        "812\r\n798.5",
        "RR (ms)\n812\n798.5\n",
        "\ufeffrr\r\n812\r\n798.5\r\n",
        "# resting\n\n812\n798.5",
        "time_s,rr_ms\n0.8,812\n1.6,798.5\n",
        "time rr\n0.8 812\n1.6 798.5\n",
        '"Index","IBI"\n"1","812"\n"2","798.5"\n',
        "812;x\n798.5;y\n",
        "\t812\n\t798.5\n",
        "812,\n798.5,\n",
        "Phone timestamp;RR-interval [ms];HR\n2024-05-01T10:00:00;812;74\n2024-05-01T10:00:01;798,5;75\n",
        "t\tNN interval (ms)\n0,8\t812\n1,6\t798,5\n",
        "rr\n812,0\n798,5\n",
        "Recording of RR intervals at rest\nsensor: chest strap\n812\n798.5\n",
        "812 798.5\n",
        "8.12e2\n+798.5\n",
    ],
)
def test_text_files_are_read(tmp_path: Path, text: str) -> None:
    assert read_recording(written(tmp_path, text)) == (812.0, 798.5)


def test_a_header_in_an_old_encoding_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "rr.csv"
    path.write_bytes("Größe;rr\n1;812\n2;798,5\n".encode("latin-1"))
    assert read_recording(path) == (812.0, 798.5)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
@pytest.mark.parametrize("kind", ["i4", "u2", "f4", "f8", ">f8"])
def test_arrays_are_read(tmp_path: Path, shape: tuple[int, ...], kind: str) -> None:
    np.save(tmp_path / "rr.npy", np.array([800, 810, 820], dtype=kind).reshape(shape))
    assert read_recording(tmp_path / "rr.npy") == (800.0, 810.0, 820.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no RR intervals"),
        ("RR\n", "no RR intervals"),
        ("nothing here\nto be read\n", "no RR intervals"),
        ("800\n810\nabc\n", "line 3: 'abc'"),
        ("rr,note\n800,a\n\n810,b\n9e9,c\n", "line 5"),
        ("time,rr\n0.8,800\n1.6,\n", "line 3"),
        ("800\n0\n", "line 2"),
        ("800\n-800\n", "line 2"),
        ("nan\n800\n", "line 1"),
        ("800\ninf\n", "line 2"),
        ("800\n-Infinity\n", "line 2"),
        ("800\n1_000\n", "line 2"),
        ("t,rr\n1,800\n1\n", "line 3"),
        ("0.812\n0.798\n", "look like seconds"),
        ("rr_s\n0.812\n0.798\n", "look like seconds"),
        ("72\n74\n73\n", "look like beats per minute"),
        ("812\n1610\n59405\n60204\n61000\n", "look like times of beats"),
        ("0.8,812\n1.6,798\n", "2 columns of numbers"),
        ("time,value\n0.8,812\n1.6,798\n", "2 columns of numbers"),
        ("812,5\n798,5\n", "2 columns of numbers"),
    ],
)
def test_useless_text_is_refused_with_its_line_and_a_cure(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read_recording(written(tmp_path, text))
    assert told in refusal.value.problem
    assert refusal.value.cure
    assert refusal.value.exit_code == 2


def test_seconds_are_refused_with_the_advice_to_give_milliseconds(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        read_recording(written(tmp_path, "0.812\n0.798\n"))
    assert "Multiply the intervals by 1000" in refusal.value.cure


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no recording at"):
        read_recording(tmp_path / "absent.csv")
    with pytest.raises(UsageError, match="is a folder"):
        read_recording(tmp_path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_recording(tmp_path / "a\0b")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x81", b"\x89PNG\r\n\x1a\n\x00\x00", b"800\n\x01\n", b"PK\x03\x04rr.npy"]
)
def test_binary_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rr.csv").write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as text"):
        read_recording(tmp_path / "rr.csv")


def test_huge_files_and_series_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(UsageError, match="more than 20 MB"):
        read_recording(tmp_path / "huge.csv")
    np.save(tmp_path / "long.npy", np.full(MOST_INTERVALS + 1, 800, dtype="u2"))
    with pytest.raises(UsageError, match="more than 200000 intervals"):
        read_recording(tmp_path / "long.npy")


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.full((3, 3), 800), "shape"),
        (np.array(["a", "b"]), "not a numeric"),
        (np.array([True, False]), "not a numeric"),
        (np.array([800 + 1j]), "not a numeric"),
        (np.array([800.0, np.nan]), "value 2"),
        (np.array([800.0, -np.inf]), "value 2"),
        (np.array([]), "no RR intervals"),
    ],
)
def test_useless_arrays_are_refused(tmp_path: Path, array: np.ndarray, told: str) -> None:
    np.save(tmp_path / "rr.npy", array)
    with pytest.raises(UsageError, match=told):
        read_recording(tmp_path / "rr.npy")


def test_an_array_is_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([800, None], dtype=object), allow_pickle=True)
    with pytest.raises(UsageError, match="not a numeric"):
        read_recording(tmp_path / "objects.npy")


def test_torn_arrays_and_arrays_that_claim_too_much_are_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    np.save(whole, np.full(100, 800.0))
    (tmp_path / "torn.npy").write_bytes(whole.getvalue()[:-5])
    claim = io.BytesIO()
    np.lib.format.write_array_header_1_0(claim, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
    (tmp_path / "claim.npy").write_bytes(claim.getvalue())
    (tmp_path / "words.npy").write_bytes(b"not an array")
    for name, told in (("torn", "not a numeric"), ("claim", "not a numeric"), ("words", "no RR intervals")):
        with pytest.raises(UsageError, match=told):
            read_recording(tmp_path / f"{name}.npy")
