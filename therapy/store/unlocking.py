"""Ways into a record: set it up, and open it by password, recovery key, keyring, key file or as a throw-away one.

A wrong password is told from damage, because the key file has a checksum and the wrapped key a tag: the database is
touched only with a key that is surely its own.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from therapy.errors import AcclimateError, RecordLocked, StoreError, UsageError
from therapy.store.atomic import write_atomically
from therapy.store.connecting import is_plain
from therapy.store.database import require_record
from therapy.store.desk import Desk
from therapy.store.founding import found_record
from therapy.store.keyfile import KeyFile, Slot, SlotKind, changing_keys, has_keys, new_slot, read_keys
from therapy.store.keys import KEY_BYTES, WrongKey, from_groups, in_groups, new_key, new_recovery_key
from therapy.store.passwords import require_good_password
from therapy.store.paths import prepare_folder
from therapy.store.plain import encrypt_plain, require_convertible
from therapy.store.roles import RECOVERY, STATION, THROW_AWAY, Role
from therapy.store.users import UnknownUser, new_user_id, require_name
from therapy.store.vault import Vault

KEY_FILE_VARIABLE = "ACCLIMATE_KEY_FILE"
THROW_AWAY_NAME = "acclimate.throwaway"
_UNLOCK = "Give your password when asked, or name a file that holds it in ACCLIMATE_PASSWORD_FILE."


def is_set_up(path: Path) -> bool:
    """Whether the folder of the record at `path` has keys."""
    return has_keys(path.parent)


def names_with_password(path: Path) -> tuple[str, ...]:
    """The names of the users who have a password here."""
    return tuple(slot.name for slot in read_keys(path.parent).of(SlotKind.PASSWORD))


def set_up(path: Path, name: str, password: str, roles: frozenset[Role]) -> tuple[Desk, str]:
    """Found a record, or encrypt a plain one, for its first user; the desk, and the recovery key to be printed once.

    `UsageError` for a record that has keys, a poor password or an unfit name.
    """
    require_name(name)
    require_good_password(password, name)
    recovery = new_recovery_key()
    user = (new_user_id(), name)
    secrets_of = ((SlotKind.PASSWORD, user, password), (SlotKind.RECOVERY, ("", RECOVERY), from_groups(recovery)))
    return _found(path, user, roles, secrets_of), recovery


def unlock_by_password(path: Path, name: str, password: str) -> Desk:
    """Open for a user; `RecordLocked` for a wrong password or a name without one."""
    slots = read_keys(path.parent).of(SlotKind.PASSWORD, name)
    desk = _opened(path, slots, password)
    if desk is None:
        raise RecordLocked(f"That is not the password of {name}.", "Try again, or open with the recovery key.")
    return desk


def unlock_by_recovery_key(path: Path, typed: str) -> Desk:
    """Open with the printed recovery key, to give users new passwords; `RecordLocked` for a wrong one."""
    try:
        secret = from_groups(typed)
    except ValueError as error:
        raise RecordLocked(f"That is no recovery key: {error}.", "Type it as it was printed.") from error
    desk = _opened(path, read_keys(path.parent).of(SlotKind.RECOVERY), secret)
    if desk is None:
        raise RecordLocked("That is a recovery key, but not this record's.", "Look for the one printed at set-up.")
    return desk


def unlock_by_secret(path: Path, kind: SlotKind, name: str, secret: bytes) -> Desk | None:
    """Open with a random secret that a keyring or a file holds; None if it opens nothing here."""
    return _opened(path, read_keys(path.parent).of(kind, name), secret)


def make_throw_away(path: Path) -> Desk:
    """A record for a demonstration: its key lies beside it in the clear, so it asks nothing and protects nothing."""
    prepare_folder(path.parent)
    place = path.parent / THROW_AWAY_NAME
    if not place.is_file():
        if has_keys(path.parent):
            raise UsageError(
                f"{path.parent} holds a record that is protected.", "Name another folder for the demonstration."
            )
        write_atomically(place, in_groups(new_key()).encode() + b"\n")
    return _unlock_or_found(path, place, THROW_AWAY)


def new_key_file(place: Path) -> None:
    """Write a new random key for an unattended station; `StoreError` if it is there or cannot be written."""
    if place.exists():
        raise StoreError(f"{place} is there already.", "Name another file, or use this one.")
    try:
        write_atomically(place, in_groups(secrets.token_bytes(KEY_BYTES)).encode() + b"\n")
    except OSError as error:
        raise StoreError(f"{place} cannot be written: {error.strerror}.", "Name another file.") from error


def read_key_file(place: Path) -> bytes:
    """The key in a key file; `RecordLocked` if there is none."""
    try:
        return from_groups(place.read_bytes().decode())
    except OSError as error:
        raise RecordLocked(
            f"The key file {place} cannot be read: {error.strerror}.", f"Mend {KEY_FILE_VARIABLE}."
        ) from error
    except ValueError as error:
        raise RecordLocked(f"{place} holds no key.", f"Mend {KEY_FILE_VARIABLE}.") from error


def unlock_unattended(path: Path, *, may_found: bool = False) -> Desk | None:
    """Open without asking anybody: a throw-away record, or with the key file of an unattended station."""
    throw_away = path.parent / THROW_AWAY_NAME
    if throw_away.is_file():
        return _unlock_or_found(path, throw_away, THROW_AWAY)
    named = os.environ.get(KEY_FILE_VARIABLE)
    if not named:
        return None
    if has_keys(path.parent):
        return unlock_by_secret(path, SlotKind.FILE, STATION, read_key_file(Path(named)))
    return _unlock_or_found(path, Path(named), STATION) if may_found or is_plain(path) else None


def at_desk(where: Path | Desk, *, may_found: bool = False) -> Desk:
    """The desk itself, or for a path the desk that opens without asking; `RecordLocked` if nothing opens it so.

    `may_found` founds a record for an unattended station where there is none.
    """
    if isinstance(where, Desk):
        return where
    if not may_found:
        require_record(where)
    desk = unlock_unattended(where, may_found=may_found)
    if desk is not None:
        return desk
    if not is_set_up(where):
        raise not_set_up(where)
    raise RecordLocked(f"The record {where} is locked.", _UNLOCK)


def not_set_up(path: Path) -> AcclimateError:
    """What to say about a folder without keys."""
    if path.is_file() and not is_plain(path):
        return StoreError(
            f"The key file of {path} is missing, or the file is damaged: it cannot be opened.",
            "Bring acclimate.keys back from a backup, together with the record; nothing was changed.",
        )
    plain = " (there is a record in plain text: set-up encrypts it)" if path.is_file() else ""
    return RecordLocked(f"This station is not set up yet{plain}.", "Set it up: acclimate setup.")


def _unlock_or_found(path: Path, place: Path, name: str) -> Desk:
    secret = read_key_file(place)
    if has_keys(path.parent):
        desk = unlock_by_secret(path, SlotKind.FILE, name, secret)
        if desk is None:
            raise RecordLocked(f"The key in {place} does not open {path}.", "Name the key this record was made with.")
        return desk
    user = (new_user_id(), name)
    roles = frozenset({Role.THERAPIST, Role.ADMINISTRATOR})
    try:
        return _found(path, user, roles, ((SlotKind.FILE, user, secret),))
    except UsageError:  # another program has just founded it
        return _unlock_or_found(path, place, name)


def _found(
    path: Path,
    user: tuple[str, str],
    roles: frozenset[Role],
    secrets_of: Iterable[tuple[SlotKind, tuple[str, str], str | bytes]],
) -> Desk:
    """Write the keys first, then make or encrypt the record: what a kill leaves can be gone on with."""
    if path.is_file() and path.stat().st_size and not is_plain(path) and not has_keys(path.parent):
        raise not_set_up(path)
    if is_plain(path):
        require_convertible(path)
    prepare_folder(path.parent)
    record_id, data_key = secrets.token_hex(16), new_key()
    with changing_keys(path.parent) as write:
        if has_keys(path.parent):
            raise UsageError("This station is set up already.", "Add users: acclimate users add.")
        slots = tuple(new_slot(record_id, kind, whose, data_key, secret) for kind, whose, secret in secrets_of)
        write(KeyFile(record_id=record_id, slots=slots))
        vault = Vault(path.parent, record_id, data_key)
        _prepare(path, vault, user, roles)
    return Desk(path, vault, *user)


def _prepare(path: Path, vault: Vault, user: tuple[str, str], roles: frozenset[Role]) -> None:
    if is_plain(path):
        encrypt_plain(path, vault)
    found_record(path, vault, user, roles)


def _opened(path: Path, slots: Iterable[Slot], secret: str | bytes) -> Desk | None:
    """The desk of the first slot that the secret opens."""
    keys = read_keys(path.parent)
    for slot in slots:
        with suppress(WrongKey):
            vault = Vault(path.parent, keys.record_id, slot.opened(keys.record_id, secret))
            return _desk(path, vault, slot)
    return None


def _desk(path: Path, vault: Vault, slot: Slot) -> Desk:
    """A set-up that was cut off is finished first."""
    with suppress(UnknownUser):
        if path.is_file() and path.stat().st_size and not is_plain(path):
            return Desk(path, vault, slot.user_id, slot.name)
    with changing_keys(path.parent):
        _prepare(path, vault, _first_user(path.parent, slot), frozenset({Role.THERAPIST, Role.ADMINISTRATOR}))
    return Desk(path, vault, slot.user_id, slot.name)


def _first_user(folder: Path, slot: Slot) -> tuple[str, str]:
    owners = [one for one in read_keys(folder).slots if one.user_id] or [slot]
    return owners[0].user_id, owners[0].name
