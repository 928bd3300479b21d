"""A user at an unlocked record: whatever is read or written goes through here, so no command can forget to ask.

`Archive`, `People`, `Recorder` and every other way to the record take a desk and ask it first.  What the program's
rules forbid is not what cryptography forbids: whoever can unlock the record holds its key (docs/security.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from therapy.errors import NotAllowed
from therapy.store.database import explain, open_to_append, open_to_read, wall_now
from therapy.store.roles import READING, Act, Reach, Role, User
from therapy.store.tables import AccessRow, UserRow
from therapy.store.users import UnknownUser, assigned_codes, user_by_id
from therapy.store.vault import Vault


class Desk:
    """One user at the record in the file `path`; `vault` holds its keys.

    `NotAllowed` for a user who was disabled, `StoreError` for one the record does not know.
    """

    def __init__(self, path: Path, vault: Vault, user_id: str, name: str) -> None:
        self.path = path
        self.vault = vault
        self._noted: set[tuple[Act, str | None, str | None]] = set()
        if user_id:
            with self._working(open_to_read(path, vault)) as session:
                if not inspect(session.connection()).has_table(UserRow.__tablename__):
                    raise UnknownUser(f"The record {path} has no users yet.", "Open it again.")
                self.user = user_by_id(session, user_id, name)
        else:
            self.user = User("", name, frozenset({Role.ADMINISTRATOR}))

    def require(self, act: Act, patient_code: str | None = None) -> None:
        """Raise `NotAllowed` unless the user may do this, with this patient if one is named."""
        self.vault.touch()
        if not self.user.may(act):
            roles = " and ".join(sorted(self.user.roles)) or "nobody"
            raise NotAllowed(
                f"{self.user.name} is {roles} here and may not do this ({act}).",
                "Ask somebody whose role allows it; roles are given by: acclimate users role.",
            )
        if patient_code is not None and not self._reaches(act, patient_code):
            raise NotAllowed(
                f"{patient_code} is not on this record, or is not a patient of {self.user.name}.",
                "See: acclimate patients. Who treats the patient can add you: acclimate patients assign CODE NAME.",
            )

    def visible(self, act: Act) -> frozenset[str] | None:
        """The codes of the patients for whom the user may do this; None for all."""
        reach = self.user.reach(act)
        if reach is Reach.ALL:
            return None
        if reach is Reach.OWN and self.user.patient_code is not None:
            return frozenset({self.user.patient_code})
        return self._assigned() if reach is Reach.ASSIGNED else frozenset()

    def note(self, act: Act, patient_code: str | None = None, session_id: str | None = None, detail: str = "") -> None:
        """Log what was read or done, once for each desk; on a read-only medium nothing can be logged."""
        key = (act, patient_code, session_id)
        if not detail and key in self._noted:
            return
        if not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)):
            return
        with self._working(open_to_append(self.path, self.vault)) as session:
            session.add(self.noted(act, patient_code, session_id, detail))
            session.commit()
        self._noted.add(key)

    def unnoted(self, act: Act, patient_code: str | None) -> AccessRow | None:
        """The row of the log for a transaction of one's own; None for what this desk has read and noted before."""
        key = (act, patient_code, None)
        if act in READING and key in self._noted:
            return None
        self._noted.add(key)
        return self.noted(act, patient_code)

    def noted(
        self, act: Act, patient_code: str | None = None, session_id: str | None = None, detail: str = ""
    ) -> AccessRow:
        """The row of the log, for those who have a transaction of their own."""
        return AccessRow(
            at=wall_now(),
            user_id=self.user.user_id or self.user.name,
            act=act.value,
            patient_code=patient_code,
            session_id=session_id,
            detail=detail,
        )

    def _reaches(self, act: Act, code: str) -> bool:
        codes = self.visible(act)
        return codes is None or code in codes

    def _assigned(self) -> frozenset[str]:
        with self._working(open_to_read(self.path, self.vault)) as session:
            return assigned_codes(session, self.user.user_id)

    @contextmanager
    def _working(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine) as session:
                yield session
        except SQLAlchemyError as error:
            raise explain(error, self.path) from error
        finally:
            engine.dispose()


Where = Path | Desk
"""A desk, or a database file that opens without asking anybody."""
