"""Ways into the record: passwords, the recovery key, key files, a keyring; damage is told from a wrong secret."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import keyring
import keyring.backend
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.examples import CODE, session_info
from tests.store.raw import copied_record
from therapy.errors import NotAllowed, RecordLocked, StoreError, UsageError
from therapy.session.events import Therapist, TherapistAction
from therapy.store import connecting, keyring_slot
from therapy.store.administration import Users
from therapy.store.archive import Archive
from therapy.store.desk import Desk
from therapy.store.keyfile import keys_path, read_keys
from therapy.store.keys import WrongKey, from_groups, in_groups, new_recovery_key, unwrap, wrap
from therapy.store.people import People
from therapy.store.recorder import Recorder
from therapy.store.roles import Role
from therapy.store.unlocking import (
    KEY_FILE_VARIABLE,
    THROW_AWAY_NAME,
    at_desk,
    make_throw_away,
    new_key_file,
    set_up,
    unlock_by_password,
    unlock_by_recovery_key,
)
from therapy.store.vault import Vault

NAME, PASSWORD = "T-3", "correct horse battery"
BOTH = frozenset({Role.THERAPIST, Role.ADMINISTRATOR})
SECRET_WORDS = "her brother Anselm drove"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A record set up with a password, and its recovery key; tests that change something take a copy."""
    path = tmp_path_factory.mktemp("founded") / "acclimate.db"
    desk, recovery_key = set_up(path, NAME, PASSWORD, BOTH)
    with People(desk) as people:
        people.register_patient(CODE, 1984)
        people.record_consent(CODE, NAME)
    with Recorder(desk) as recorder:
        recorder.begin(session_info())
        recorder.append_event(0, 0.5, Therapist(TherapistAction.NOTE, text=SECRET_WORDS))
        recorder.end("completed")
    return path, recovery_key


@pytest.fixture
def copied(founded: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    return copied_record(founded[0], tmp_path), founded[1]


def read_note(desk: Desk) -> str:
    with Archive(desk) as archive:
        (row,) = archive.journal(archive.session("last").session_id)
        assert isinstance(row.what, Therapist)
        return row.what.text


def test_the_right_password_opens_and_a_wrong_one_is_told_from_damage(copied: tuple[Path, str]) -> None:
    path, _ = copied
    assert read_note(unlock_by_password(path, NAME.lower(), PASSWORD)) == SECRET_WORDS
    with pytest.raises(RecordLocked, match="not the password of T-3") as caught:
        unlock_by_password(path, NAME, PASSWORD + "!")
    assert caught.value.exit_code == 6
    content = bytearray(path.read_bytes())
    content[20_000] ^= 1
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        unlock_by_password(path, NAME, PASSWORD)


def test_the_recovery_key_opens_as_printed_mistyped_letters_are_told(copied: tuple[Path, str]) -> None:
    path, recovery_key = copied
    desk = unlock_by_recovery_key(path, f" {recovery_key.lower().replace('-', ' ')}".replace("o", "0"))
    assert desk.user.roles == {Role.ADMINISTRATOR}
    with pytest.raises(NotAllowed):
        Archive(desk).sessions()
    wrong = ("A" if recovery_key[0] != "A" else "B") + recovery_key[1:]
    with pytest.raises(RecordLocked, match="mistyped"):
        unlock_by_recovery_key(path, wrong)
    with pytest.raises(RecordLocked, match="not this record's"):
        unlock_by_recovery_key(path, new_recovery_key())
    Users(desk).set_password(NAME, "another long password")
    assert unlock_by_password(path, NAME, "another long password").user.name == NAME
    with pytest.raises(RecordLocked):
        unlock_by_password(path, NAME, PASSWORD)
    renewed = Users(desk).renew_recovery_key()
    assert unlock_by_recovery_key(path, renewed).vault.database_key == desk.vault.database_key
    with pytest.raises(RecordLocked, match="not this record's"):
        unlock_by_recovery_key(path, recovery_key)


def test_a_new_password_rewrites_no_data(copied: tuple[Path, str]) -> None:
    path, recovery_key = copied
    before = unlock_by_recovery_key(path, recovery_key).vault.database_key
    size = path.stat().st_size
    Users(unlock_by_password(path, NAME, PASSWORD)).set_password(NAME, "yet another password")
    assert unlock_by_recovery_key(path, recovery_key).vault.database_key == before
    assert path.stat().st_size <= size + 3 * connecting.PAGE_BYTES
    assert all(PASSWORD.encode() not in one.read_bytes() for one in path.parent.iterdir() if one.is_file())


@pytest.mark.parametrize("harm", ["cut", "garbled", "missing", "changed"])
def test_a_damaged_key_file_is_read_from_its_copy(copied: tuple[Path, str], harm: str) -> None:
    path, recovery_key = copied
    place = keys_path(path.parent)
    content = place.read_bytes()
    _harm(place, harm)
    assert unlock_by_recovery_key(path, recovery_key).user.name == "recovery key"
    place.write_bytes(content)
    copy = place.with_name(place.name + ".copy")
    _harm(place, harm)
    _harm(copy, harm)
    with pytest.raises(StoreError, match="missing" if harm == "missing" else "damaged") as caught:
        unlock_by_recovery_key(path, recovery_key)
    assert "backup" in caught.value.cure


def _harm(place: Path, harm: str) -> None:
    content = place.read_bytes()
    if harm == "missing":
        place.unlink()
    elif harm == "cut":
        place.write_bytes(content[: len(content) // 2])
    elif harm == "garbled":
        place.write_bytes(content.replace(b"wrapped", b"wr\xffpped"))
    else:
        place.write_bytes(content.replace(b'"name": "T-3"', b'"name": "T-4"'))


def test_slots_are_bound_to_user_and_record(copied: tuple[Path, str]) -> None:
    path, recovery_key = copied
    keys = read_keys(path.parent)
    (slot,) = keys.of(keys.slots[1].kind)
    for other in (slot.model_copy(update={"name": "somebody"}), slot.model_copy(update={"user_id": "1"})):
        with pytest.raises(WrongKey):
            other.opened(keys.record_id, from_groups(recovery_key))
    with pytest.raises(WrongKey):
        slot.opened("0" * 32, from_groups(recovery_key))


def test_keys_of_another_record_or_of_a_newer_version_are_refused(copied: tuple[Path, str], tmp_path: Path) -> None:
    path, recovery_key = copied
    other = make_throw_away(tmp_path / "other" / "acclimate.db")
    path.write_bytes(other.path.read_bytes())
    users = Users(unlock_by_recovery_key(path, recovery_key))
    with pytest.raises(StoreError, match="damaged, or its key file belongs to another record"):
        users.users()
    newer = json.loads(keys_path(path.parent).read_text(encoding="utf-8")) | {"version": 2}
    keys_path(path.parent).write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(StoreError, match="newer version"):
        unlock_by_recovery_key(path, recovery_key)


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "12 characters"), ("aaaaaaaaaaaaaaaa", "repeats"), ("x" * 2000, "at most"), ("T-3 T-3 T-3x", "name")],
)
def test_a_poor_password_is_refused_with_the_reason(tmp_path: Path, password: str, why: str) -> None:
    name = "T-3 T-3 T-3" if why == "name" else NAME
    with pytest.raises(UsageError, match=why):
        set_up(tmp_path / "acclimate.db", name, password, BOTH)
    assert list(tmp_path.iterdir()) == []


def test_without_a_secret_nothing_opens_and_it_says_what_helps(
    copied: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = copied
    for opener in (Archive, People, Recorder):
        with pytest.raises(RecordLocked, match="locked"):
            opener(path)
    monkeypatch.delenv(KEY_FILE_VARIABLE)
    with pytest.raises(RecordLocked, match="not set up"):
        People(tmp_path / "new" / "acclimate.db")
    with pytest.raises(StoreError, match="no record"):
        Archive(tmp_path / "new" / "acclimate.db")
    assert not (tmp_path / "new").exists()
    keys_path(path.parent).unlink()
    keys_path(path.parent).with_name("acclimate.keys.copy").unlink()
    with pytest.raises(StoreError, match=r"key file of .* is missing"):
        People(path)


def test_a_station_opens_with_its_key_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "acclimate.db"
    People(path).close()
    other = tmp_path / "other.key"
    new_key_file(other)
    if os.name == "posix":
        assert other.stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="there already"):
        new_key_file(other)
    monkeypatch.setenv(KEY_FILE_VARIABLE, str(other))
    with pytest.raises(RecordLocked):
        at_desk(path)
    other.write_text("no key at all", encoding="utf-8")
    with pytest.raises(RecordLocked, match="holds no key"):
        at_desk(path)


def test_a_throw_away_record_asks_nothing_and_never_takes_a_protected_folder(copied: tuple[Path, str]) -> None:
    path, _ = copied
    folder = path.parent / "demo"
    with People(make_throw_away(folder / path.name)) as people:
        people.register_patient("DEMO", 1985)
    with People(folder / path.name) as people:
        assert [one.code for one in people.patients()] == ["DEMO"]
    with pytest.raises(UsageError, match="protected"):
        make_throw_away(path)
    assert not (path.parent / THROW_AWAY_NAME).exists()


class _Ring(keyring.backend.KeyringBackend):
    """A desktop's keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


def test_a_keyring_opens_for_convenience_and_losing_it_loses_nothing(copied: tuple[Path, str]) -> None:
    path, _ = copied
    before, ring = keyring.get_keyring(), _Ring()
    keyring.set_keyring(ring)
    try:
        desk = unlock_by_password(path, NAME, PASSWORD)
        assert keyring_slot.unlock(path, NAME) is None
        keyring_slot.remember(desk)
        opened = keyring_slot.unlock(path, NAME)
        assert opened is not None
        assert read_note(opened) == SECRET_WORDS
        ring.held.clear()
        assert keyring_slot.unlock(path, NAME) is None
        keyring_slot.remember(desk)
        keyring_slot.forget(desk)
        assert (keyring_slot.unlock(path, NAME), ring.held) == (None, {})
    finally:
        keyring.set_keyring(before)


def test_nothing_of_the_record_stands_on_the_disk_in_plain_text(founded: tuple[Path, str]) -> None:
    path, recovery_key = founded
    desk = unlock_by_recovery_key(path, recovery_key)
    files = {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    told = (SECRET_WORDS, "Anselm", "heights-first", PASSWORD, desk.vault.database_key.hex(), recovery_key[:9])
    assert [(name, word) for name, content in files.items() for word in told if word.encode() in content] == []
    assert [name for name, content in files.items() if desk.vault.database_key in content] == []
    assert [name for name, content in files.items() if CODE.encode() in content] == ["acclimate.patients"]
    with closing(sqlite3.connect(path)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM patient").fetchall()


def test_a_driver_that_does_not_encrypt_and_a_plain_file_are_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as plain, pytest.raises(StoreError, match="does not encrypt"):
        connecting.unlock(plain, bytes(32))  # type: ignore[arg-type]
    path = tmp_path / "acclimate.db"
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("CREATE TABLE patient (code)")
    vault = Vault(tmp_path, "00" * 16, bytes(32))
    with pytest.raises(StoreError, match="not encrypted"):
        connecting.connect_to_read(path, vault, 0.1)
    with pytest.raises(StoreError, match="not encrypted"):
        connecting.connect_to_write(path, vault, 0.1, None)


def test_a_record_left_alone_locks_itself_unless_a_session_holds_it(tmp_path: Path) -> None:
    now_s = [0.0]
    vault = Vault(tmp_path, "00" * 16, b"k" * 32, lock_after_s=900.0, clock=lambda: now_s[0])
    assert vault.derive("one") == vault.derive("one") != vault.derive("another")
    with vault.held():
        now_s[0] = 5000.0
        assert vault.database_key == b"k" * 32
    now_s[0] += 900.0
    vault.touch()
    now_s[0] += 901.0
    with pytest.raises(RecordLocked, match="nobody used it"):
        vault.touch()
    with pytest.raises(RecordLocked):
        vault.derive("one")


@given(st.binary(min_size=1, max_size=40), st.data())
def test_groups_come_back_and_any_one_wrong_letter_is_found(secret: bytes, data: st.DataObject) -> None:
    typed = in_groups(secret)
    assert from_groups(typed) == secret
    letters = typed.replace("-", "")
    place = data.draw(st.integers(0, len(letters) - 1))
    wrong = data.draw(st.sampled_from([one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if one != letters[place]]))
    with pytest.raises(ValueError, match="mistyped"):
        from_groups(letters[:place] + wrong + letters[place + 1 :])


def test_what_is_wrapped_opens_with_its_key_and_binding_alone() -> None:
    wrapped = wrap(b"k" * 32, b"secret", "here")
    assert unwrap(b"k" * 32, wrapped, "here") == b"secret"
    for key, content, bound_to in (
        (b"j" * 32, wrapped, "here"),
        (b"k" * 32, wrapped, "there"),
        (b"k" * 32, b"", "here"),
    ):
        with pytest.raises(WrongKey):
            unwrap(key, content, bound_to)
