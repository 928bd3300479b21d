"""Packages: what is in them, and that none that was touched is taken."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
import zipfile
from pathlib import Path

import pyrage
import pytest

from tests.report.examples import record_session
from tests.store.examples import CODE
from therapy.errors import UsageError
from therapy.export.making import Exported, Wishes, export_sessions
from therapy.export.package import decrypt, encrypt, pack, unpack
from therapy.export.tables import Table, as_csv, as_parquet
from therapy.store.auditing import Auditor
from therapy.store.checkpoints import Signer, fingerprint, make_checkpoint
from therapy.store.unlocking import at_desk

SIGNER = Signer(bytes(range(32)))
CHECKPOINT = make_checkpoint(SIGNER, "5e" * 16, (7, b"h" * 32), "2026-11-23T10:00:00", "test")
FILES = {"a.csv": b"x\r\n1\r\n", "sub/b.json": b"{}"}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("export") / "acclimate.db"
    record_session(database, until_s=420.0)
    return database


@pytest.fixture(scope="module")
def exported(record: Path) -> Exported:
    wishes = Wishes(parquet=True)
    return export_sessions(at_desk(record), "last", None, record.with_name("out.zip"), wishes)


def rewritten(data: bytes, **changes: bytes | None) -> bytes:
    """A package with files changed, added, or taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as other:
        files: dict[str, bytes | None] = {name: package.read(name) for name in package.namelist()}
        for name, content in {**files, **changes}.items():
            if content is not None:
                other.writestr(name, content)
    return out.getvalue()


def test_a_package_opens_again_and_says_who_signed_it() -> None:
    opened = unpack(pack("session", FILES, CHECKPOINT, SIGNER))
    assert {name: opened.files[name] for name in FILES} == FILES
    assert (opened.kind, opened.public_key, opened.checkpoint) == ("session", SIGNER.public_key, CHECKPOINT)
    assert len(fingerprint(opened.public_key)) == 19
    assert pack("session", FILES, CHECKPOINT, SIGNER) == pack("session", FILES, CHECKPOINT, SIGNER)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a.csv": b"x\r\n2\r\n"}, "'a.csv' was changed"),
        ({"a.csv": None}, "'a.csv' is missing"),
        ({"more.csv": b"x"}, "'more.csv' was added"),
        ({"manifest.sig": b"00" * 64}, "not what was signed"),
        ({"manifest.json": b"{}"}, "no package"),
        ({"manifest.json": None}, "no package"),
        ({"checkpoint.json": None}, "'checkpoint.json' is missing"),
    ],
)
def test_a_forged_package_is_refused_in_one_sentence(changes: dict[str, bytes | None], said: str) -> None:
    with pytest.raises(UsageError, match="The package is refused") as caught:
        unpack(rewritten(pack("session", FILES, CHECKPOINT, SIGNER), **changes))
    assert said in caught.value.problem


def test_a_package_signed_anew_by_another_betrays_itself_by_its_checkpoint() -> None:
    forger = Signer(b"f" * 32)
    with pytest.raises(UsageError, match="checkpoint"):
        unpack(pack("session", FILES, CHECKPOINT, forger))
    made = make_checkpoint(forger, "5e" * 16, (7, b"h" * 32), "2026-11-23T10:00:00", "test")
    forged = unpack(pack("session", FILES, made, forger))
    assert forged.public_key != SIGNER.public_key


def test_nothing_that_is_no_package_does_harm() -> None:
    chance, whole = random.Random(1), pack("session", FILES, CHECKPOINT, SIGNER)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(UsageError):
            assert unpack(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])).files


def test_an_encrypted_package_opens_for_its_recipient_alone() -> None:
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    whole = pack("session", FILES, CHECKPOINT, SIGNER)
    secret = encrypt(whole, (str(identity.to_public()),))
    assert b"manifest" not in secret
    assert decrypt(secret, f"# made by age-keygen\n{identity}\n") == whole
    assert decrypt(whole, None) == whole
    for wrong, said in ((None, "encrypted"), (str(other), "does not open"), ("nonsense", "does not open")):
        with pytest.raises(UsageError, match=said):
            decrypt(secret, wrong)
    with pytest.raises(UsageError, match="no age recipient"):
        encrypt(whole, ("age1nonsense",))


def test_a_session_is_exported_whole_and_the_record_verifies_against_it(record: Path, exported: Exported) -> None:
    package = unpack(exported.path.read_bytes())
    folder = next(name for name in package.files if name.endswith("session.json")).removesuffix("session.json")
    session = json.loads(package.files[f"{folder}session.json"])
    assert session["patient_code"] == CODE
    ratings = list(csv.DictReader(io.StringIO(package.files[f"{folder}ratings.csv"].decode())))
    assert [row["answer"] for row in ratings if row["scale"] == "suds"] == ["15", "25", "30"]
    assert b"</html>" in package.files[f"{folder}report.html"]
    dictionary = list(csv.DictReader(io.StringIO(package.files["data-dictionary.csv"].decode())))
    columns = {(row["table"], row["column"]): row["unit"] for row in dictionary}
    assert columns["samples", "hr10_bpm"] == "1/min"
    assert (exported.sessions, exported.public_key) == (1, package.public_key)
    assert Auditor(record).verify((package.checkpoint,)).is_intact
    assert exported.path.stat().st_mode & 0o077 == 0


def test_parquet_holds_the_same_rows_with_units(exported: Exported) -> None:
    from pyarrow import parquet

    files = unpack(exported.path.read_bytes()).files
    name = next(name for name in files if name.endswith("samples.parquet"))
    table = parquet.read_table(io.BytesIO(files[name]))
    rows = list(csv.DictReader(io.StringIO(files[name.replace("parquet", "csv")].decode())))
    assert table.num_rows == len(rows) > 100
    assert table.schema.field("hr10_bpm").metadata[b"unit"] == b"1/min"


def test_parquet_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UsageError, match="acclimate"):
        as_parquet(Table("t", ("t_s",), ((1.0,),)))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "%0A=1", "|calc"])
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    line = as_csv(Table("t", ("kind", "t_s"), ((text, -1.5),))).decode().split("\r\n", 1)[1]
    cells = next(csv.reader(io.StringIO(line, newline="")))
    assert cells == ["'" + text, "-1.5"]
