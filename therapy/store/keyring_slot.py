"""The desktop's keyring as a convenience: it may open the record, and nothing is lost when it is."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

import keyring
from keyring.errors import KeyringError

from therapy.errors import UsageError
from therapy.store.desk import Desk
from therapy.store.keyfile import SlotKind, changing_keys, new_slot, read_keys
from therapy.store.keys import KEY_BYTES
from therapy.store.unlocking import unlock_by_secret

SERVICE = "acclimate"


def unlock(path: Path, name: str) -> Desk | None:
    """The desk that a keyring slot of this user opens; None without one, and whatever is wrong with the keyring."""
    keys = read_keys(path.parent)
    for slot in keys.of(SlotKind.KEYRING, name):
        with suppress(KeyringError, ValueError):
            stored = keyring.get_password(SERVICE, f"{keys.record_id}/{slot.user_id}")
            if stored is not None:
                return unlock_by_secret(path, SlotKind.KEYRING, name, bytes.fromhex(stored))
    return None


def remember(desk: Desk) -> None:
    """Let this desktop's keyring open the record for the desk's user; `UsageError` if there is no keyring."""
    secret = secrets.token_bytes(KEY_BYTES)
    vault, user = desk.vault, desk.user
    try:
        keyring.set_password(SERVICE, f"{vault.record_id}/{user.user_id}", secret.hex())
    except KeyringError as error:
        raise UsageError(f"This desktop has no keyring that can be used: {error}.", "Type your password.") from error
    with changing_keys(vault.folder) as write:
        keys = read_keys(vault.folder)
        slot = new_slot(vault.record_id, SlotKind.KEYRING, (user.user_id, user.name), vault.database_key, secret)
        others = [one for one in keys.slots if (one.kind, one.user_id) != (SlotKind.KEYRING, user.user_id)]
        write(keys.model_copy(update={"slots": (*others, slot)}))


def forget(desk: Desk) -> None:
    """Take the desk's user's keyring slot away."""
    vault, user = desk.vault, desk.user
    with changing_keys(vault.folder) as write:
        keys = read_keys(vault.folder)
        others = tuple(one for one in keys.slots if (one.kind, one.user_id) != (SlotKind.KEYRING, user.user_id))
        write(keys.model_copy(update={"slots": others}))
    with suppress(KeyringError):
        keyring.delete_password(SERVICE, f"{vault.record_id}/{user.user_id}")
