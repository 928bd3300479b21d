"""Backups: one file with the encrypted record, its wrapped keys and a signed manifest; restoring; and the drill.

A backup is made beside a running session and checked before it gets its name.  It opens with the same passwords and
recovery key as the record.  The keys of patients are not in it, or else a patient who was erased would come back:
one copy of them lies beside the backups and is overwritten each time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import zipfile
import zlib
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from therapy.errors import StoreError, UsageError
from therapy.store.atomic import sync_file, sync_folder
from therapy.store.auditing import Auditor, audit_file, signer_of
from therapy.store.checkpoints import CHECKPOINTS_NAME, Checkpoint, is_signed, parse_checkpoint
from therapy.store.connecting import RawError, connect_to_read, connect_to_write, make_private
from therapy.store.database import explain, software_version
from therapy.store.desk import Desk
from therapy.store.keyfile import COPY_SUFFIX, KEYS_NAME, read_keys
from therapy.store.paths import DATABASE_NAME, prepare_folder, require_space
from therapy.store.patient_keys import PATIENTS_NAME
from therapy.store.retention import Retention
from therapy.store.roles import Act
from therapy.store.unlocking import at_desk
from therapy.store.vault import Vault

FORMAT = "acclimate-backup-1"
PREFIX, SUFFIX = "acclimate-backup-", ".zip"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_STAMP = "%Y%m%dT%H%M%SZ"
_CHUNK_BYTES = 1 << 20
_CURE = "Keep the file and use another backup."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `files` maps its files to their SHA-256."""

    store_id: str
    made: str
    software: str
    checkpoint: str
    rows: dict[str, int]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was opened and found whole."""

    path: Path
    manifest: Manifest
    entries: int
    head: str

    @property
    def sessions(self) -> int:
        """How many sessions it holds."""
        return self.manifest.rows["session"]


@dataclass(frozen=True, slots=True)
class Apart:
    """A backup that was taken apart into a folder: its manifest, as it was signed, and the signature."""

    path: Path
    folder: Path
    manifest: Manifest
    signed: bytes
    signature: str


def backup_name(now: datetime) -> str:
    """A backup's file name; names sort as times do."""
    return f"{PREFIX}{now.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}")) if folder.is_dir() else []


def make_backup(where: Path | Desk, folder: Path, now: datetime) -> Checked:
    """Make a backup in a folder, checked before it gets its name; `StoreError` if it cannot be made or is not whole."""
    desk = at_desk(where)
    desk.require(Act.BACKUP)
    prepare_folder(folder)
    require_space(folder, 2.5e-6 * desk.path.stat().st_size + 1.0)
    checkpoint = Auditor(desk).checkpoint()
    target = folder / backup_name(now)
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with TemporaryDirectory(dir=folder, prefix=".acclimate-") as temporary:
            copy = Path(temporary) / DATABASE_NAME
            _copy_database(desk, copy)
            shutil.copyfile(desk.path.with_name(KEYS_NAME), copy.with_name(KEYS_NAME))
            rows = checked_rows(copy, desk.vault)
            _write_package(unfinished, Path(temporary), (checkpoint, rows), desk.vault)
        sync_file(unfinished)
        checked = check_backup(unfinished, desk.vault, folder)
        unfinished.replace(target)
        sync_folder(folder)
        desk.vault.patients.copy_to(folder)
    except OSError as error:
        raise StoreError(f"No backup can be made in {folder}: {error.strerror}.", "Name another with --to.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    desk.note(Act.BACKUP, detail=target.name)
    return Checked(target, checked.manifest, checked.entries, checked.head)


def check_backup(path: Path, vault: Vault, room: Path) -> Checked:
    """The drill: take a backup apart in a folder of its own, open it, and check every page and every chained row.

    `StoreError` names what is wrong.  Nothing stays in `room`.
    """
    with TemporaryDirectory(dir=room, prefix=".acclimate-") as temporary:
        return require_whole(take_apart(path, Path(temporary)), vault)


def take_apart(path: Path, folder: Path) -> Apart:
    """Unpack a backup into a folder, and compare each file with the manifest; `StoreError` if it is damaged."""
    try:
        with zipfile.ZipFile(path) as package:
            signed, signature = package.read(MANIFEST), package.read(SIGNATURE).decode("ascii")
            manifest = _manifest(signed)
            require_space(folder, 1e-6 * sum(info.file_size for info in package.infolist()) + 1.0)
            for name, wanted in manifest.files.items():
                if _unpacked(package, name, folder / name) != wanted:
                    raise StoreError(f"{path.name} is damaged: {name} is not what was saved.", _CURE)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}.", "Check its name.") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        RuntimeError,
    ) as error:
        raise StoreError(f"{path.name} is no backup, or it is damaged.", _CURE) from error
    except OSError as error:
        raise StoreError(f"{path.name} cannot be unpacked: {error.strerror}.", "Check the disk.") from error
    return Apart(path, folder, manifest, signed, signature)


def require_whole(apart: Apart, vault: Vault) -> Checked:
    """Check every page and every chained row of a backup that was taken apart; `StoreError` names what is wrong."""
    name, manifest, database = apart.path.name, apart.manifest, apart.folder / DATABASE_NAME
    if manifest.store_id != vault.record_id:
        raise StoreError(f"{name} is a backup of another record.", "Restore it into a folder of its own.")
    if not is_signed(signer_of(vault).public_key, apart.signed, apart.signature):
        raise StoreError(f"{name} was not signed by this record, or was changed since.", _CURE)
    rows = checked_rows(database, vault)
    found = audit_file(database, vault, (parse_checkpoint(manifest.checkpoint),))
    if rows != manifest.rows or not found.is_intact:
        why = found.found[0].words if found.found else "tables do not hold what they held."
        raise StoreError(f"{name} is not intact: {why}", _CURE)
    return Checked(apart.path, manifest, found.entries, found.head)


def checked_rows(database: Path, vault: Vault) -> dict[str, int]:
    """Check every page of a database, and count the rows of each table; `StoreError` if a page is bad."""
    try:
        with closing(connect_to_read(database, vault, busy_timeout_s=1.0)) as connection:
            bad = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
            bad += [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if bad:
                raise StoreError(f"The copy is damaged ({bad[0]}).", "Check the disk.")
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}  # noqa: S608
    except RawError as error:
        raise explain(error, database) from error


def too_old(folder: Path, retention: Retention, now: datetime) -> list[Path]:
    """The backups of a folder that need not be kept any longer, oldest first."""
    before = (now - timedelta(days=retention.backups_days)).astimezone(UTC).strftime(_STAMP)
    older = backups_in(folder)[: -retention.backups_at_least]
    return [path for path in older if path.name.removeprefix(PREFIX).removesuffix(SUFFIX) < before]


def restore(path: Path, unlocked: Desk, folder: Path, now: datetime) -> Path | None:
    """Put the record that `unlocked` opened, taken apart from the backup `path`, in the place of what is in `folder`.

    What was there is moved into a folder beside it, which is returned, and never overwritten.
    """
    unlocked.require(Act.RESTORE)
    if any(folder.glob("running-*.lock")):
        raise StoreError("A session is being recorded in this folder.", "End it first.")
    prepare_folder(folder)
    kept = _move_aside(folder, now, unlocked.vault.record_id)
    for name in (KEYS_NAME, DATABASE_NAME):
        _copied(unlocked.path.with_name(name), folder / name)
    patients = path.with_name(PATIENTS_NAME)
    if patients.is_file() and not (folder / PATIENTS_NAME).exists():
        _copied(patients, folder / PATIENTS_NAME)
    sync_folder(folder)
    placed = Desk(folder / DATABASE_NAME, unlocked.vault, unlocked.user.user_id, unlocked.user.name)
    placed.note(Act.RESTORE, detail=path.name)
    return kept


def _copied(source: Path, target: Path) -> None:
    """A copy for its owner alone, on the disk before it has its name."""
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    make_private(unfinished)
    shutil.copyfile(source, unfinished)
    sync_file(unfinished)
    unfinished.replace(target)


def _move_aside(folder: Path, now: datetime, record_id: str) -> Path | None:
    """The keys of the same record's patients stay: one that was destroyed must not come back."""
    names = [DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", KEYS_NAME, KEYS_NAME + COPY_SUFFIX]
    names += [CHECKPOINTS_NAME, *([PATIENTS_NAME] if _is_another(folder, record_id) else [])]
    there = [folder / name for name in names if (folder / name).exists()]
    if not there:
        return None
    kept = folder / f"before-restore-{now.astimezone(UTC).strftime(_STAMP)}"
    kept.mkdir(mode=0o700)
    for path in there:
        path.replace(kept / path.name)
    return kept


def _is_another(folder: Path, record_id: str) -> bool:
    try:
        return read_keys(folder).record_id != record_id
    except StoreError:
        return False


def _copy_database(desk: Desk, copy: Path) -> None:
    try:
        make_private(copy)
        with (
            closing(connect_to_read(desk.path, desk.vault, busy_timeout_s=5.0)) as source,
            closing(connect_to_write(copy, desk.vault, busy_timeout_s=5.0, max_pages=None)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
    except RawError as error:
        raise explain(error, desk.path) from error
    sync_file(copy)


def _write_package(target: Path, folder: Path, what: tuple[Checkpoint, dict[str, int]], vault: Vault) -> None:
    checkpoint, rows = what
    files = {name: _sha256(folder / name) for name in (DATABASE_NAME, KEYS_NAME)}
    software = f"acclimate {software_version()}"
    manifest = Manifest(vault.record_id, checkpoint.at, software, checkpoint.as_json(), rows, files)
    signed = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
    make_private(target)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        package.writestr(MANIFEST, signed)
        package.writestr(SIGNATURE, signer_of(vault).sign(signed))
        for name in files:
            package.write(folder / name, name)


def _manifest(signed: bytes) -> Manifest:
    plain = json.loads(signed)
    if plain.pop("format") != FORMAT or set(plain["files"]) != {DATABASE_NAME, KEYS_NAME}:
        raise ValueError("another format")
    return Manifest(**plain)


def _unpacked(package: zipfile.ZipFile, name: str, target: Path) -> str:
    digest = hashlib.sha256()
    make_private(target)
    with package.open(name) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
