"""The first user of a record."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from therapy.store.database import explain, open_to_write
from therapy.store.roles import Role, User
from therapy.store.tables import PatientRow, UserRow
from therapy.store.users import assign, insert_user
from therapy.store.vault import Vault


def found_record(path: Path, vault: Vault, user: tuple[str, str], roles: frozenset[Role]) -> None:
    """Make or bring up the record and put its first user on it, if it has none; patients already there are theirs."""
    engine = open_to_write(path, vault)
    try:
        with Session(engine) as session:
            if session.exec(select(UserRow).limit(1)).first() is not None:
                return
            insert_user(session, User(*user, roles))
            session.flush()
            if Role.THERAPIST in roles:
                for code in session.exec(select(PatientRow.code)).all():
                    assign(session, code, user[0])
            session.commit()
    except SQLAlchemyError as error:
        raise explain(error, path) from error
    finally:
        engine.dispose()
