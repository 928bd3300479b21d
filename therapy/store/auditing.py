"""The chain of one record: checking it, and signing where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, insert, inspect
from sqlalchemy.exc import SQLAlchemyError

from therapy.errors import StoreError
from therapy.store.audit import Audit, audit, place_of
from therapy.store.audit_tables import ChainRow, CheckpointRow
from therapy.store.checkpoints import (
    SIGNING_PURPOSE,
    Checkpoint,
    Signer,
    checkpoints_beside,
    keep_beside,
    make_checkpoint,
)
from therapy.store.database import explain, open_to_read, open_to_write, software_version, wall_now
from therapy.store.desk import Desk
from therapy.store.roles import Act
from therapy.store.unlocking import at_desk
from therapy.store.vault import Vault


def signer_of(vault: Vault) -> Signer:
    """The signing key of a record."""
    return Signer(vault.derive(SIGNING_PURPOSE))


def put_checkpoint(connection: Connection, vault: Vault, session_number: int | None = None) -> Checkpoint:
    """Sign where the chain stands and put that on the record, in the open transaction; for a session at its end."""
    software = f"acclimate {software_version()}"
    place = place_of(connection)
    checkpoint = make_checkpoint(signer_of(vault), vault.record_id, place, wall_now(), software)
    values = {
        "chain_number": checkpoint.number,
        "session_number": session_number,
        "statement": checkpoint.as_json(),
    }
    connection.execute(insert(CheckpointRow), values)
    return checkpoint


def audit_file(path: Path, vault: Vault, checkpoints: Sequence[Checkpoint]) -> Audit:
    """Check every chained row of a database that the vault opens."""
    engine = open_to_read(path, vault)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(str(ChainRow.__tablename__)):
                raise StoreError(
                    f"The record {path} is from before there was a chain.",
                    "List the patients once, which brings it up to this version: acclimate patients.",
                )
            return audit(connection, vault.record_id, signer_of(vault).public_key, checkpoints)
    except SQLAlchemyError as error:
        raise explain(error, path) from error
    finally:
        engine.dispose()


class Auditor:
    """The chain of the record that a desk's user may verify."""

    def __init__(self, where: Path | Desk) -> None:
        self._desk = at_desk(where)
        self._vault = self._desk.vault
        self.path = self._desk.path

    @property
    def public_key(self) -> str:
        """What the record's signatures are checked with."""
        return signer_of(self._vault).public_key

    def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> Audit:
        """Check every chained row; besides the given checkpoints those in the file beside the record count."""
        self._desk.require(Act.VERIFY)
        return audit_file(self.path, self._vault, (*checkpoints_beside(self.path), *checkpoints))

    def checkpoint(self) -> Checkpoint:
        """Sign where the chain stands now, on the record and in the file beside it."""
        self._vault.touch()
        engine = open_to_write(self.path, self._vault)
        try:
            with engine.begin() as connection:
                checkpoint = put_checkpoint(connection, self._vault)
        except SQLAlchemyError as error:
            raise explain(error, self.path) from error
        finally:
            engine.dispose()
        keep_beside(self.path, checkpoint)
        return checkpoint
