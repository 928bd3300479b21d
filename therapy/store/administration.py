"""Users as an administrator sees them: added, given roles and passwords, disabled.  Every change is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from therapy.errors import NotAllowed, UsageError
from therapy.store.database import explain, open_to_write
from therapy.store.desk import Desk, Where
from therapy.store.keyfile import KeyFile, Slot, SlotKind, changing_keys, new_slot, read_keys
from therapy.store.keys import from_groups, new_recovery_key
from therapy.store.passwords import require_good_password
from therapy.store.roles import RECOVERY, Act, Role, User
from therapy.store.tables import UserRow
from therapy.store.unlocking import at_desk
from therapy.store.users import change_roles, created_at, disable, insert_user, known_user, new_user_id, user_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A user as listed, with the kinds of secrets that open the record for them."""

    user: User
    created: datetime
    disabled: datetime | None
    opens_with: tuple[SlotKind, ...]


class Users:
    """The users of the record a desk stands at; all of it is an administrator's, but for one's own password."""

    def __init__(self, where: Where) -> None:
        self._desk: Desk = at_desk(where)
        self._vault = self._desk.vault

    def users(self) -> tuple[Listed, ...]:
        """Every user, by name; those who were disabled too."""
        slots = read_keys(self._vault.folder).slots
        with self._working() as session:
            rows = session.exec(select(UserRow).order_by(col(UserRow.name))).all()
            return tuple(
                Listed(
                    user_of(row),
                    created_at(row),
                    None if row.disabled is None else datetime.fromisoformat(row.disabled),
                    tuple(slot.kind for slot in slots if slot.user_id == row.user_id),
                )
                for row in rows
            )

    def add(self, name: str, roles: frozenset[Role], password: str, patient_code: str | None = None) -> None:
        """Add a user with a first password; `UsageError` for a taken name, unfit roles or a poor password."""
        require_good_password(password, name)
        user = User(new_user_id(), name, roles, patient_code)
        slot = self._slot(SlotKind.PASSWORD, user, password)
        with self._changing(f"added {name}") as (session, change):
            insert_user(session, user)
            session.flush()
            change(lambda slots: (*(one for one in slots if one.name.casefold() != name.casefold()), slot))

    def give_roles(self, name: str, roles: frozenset[Role], patient_code: str | None = None) -> None:
        """Give a user other roles; `UsageError` if none would administer the record then."""
        with self._working(f"roles of {name}: {' '.join(sorted(roles))}") as session:
            change_roles(session, name, roles, patient_code)

    def set_password(self, name: str, password: str) -> None:
        """Give a user a new password, or oneself: the data stays as it is, only the key is wrapped anew."""
        require_good_password(password, name)
        with self._changing(f"password of {name}", whose=name) as (session, change):
            row = known_user(session, name)
            if row.disabled is not None:
                raise UsageError(f"{row.name} was disabled.", "Add the person as a new user.")
            slot = self._slot(SlotKind.PASSWORD, user_of(row), password)
            change(lambda slots: (*_without(slots, row.user_id, SlotKind.PASSWORD), slot))

    def disable(self, name: str) -> None:
        """Take a user's ways into the record away; what the user did stays on the record."""
        with self._changing(f"disabled {name}") as (session, change):
            row = disable(session, name)
            session.flush()
            change(lambda slots: _without(slots, row.user_id))

    def renew_recovery_key(self) -> str:
        """A new recovery key, to be printed once; the old one opens this record no more."""
        typed = new_recovery_key()
        slot = self._slot(SlotKind.RECOVERY, User("", RECOVERY), from_groups(typed))
        with self._changing("new recovery key") as (_, change):
            change(lambda slots: (*(one for one in slots if one.kind is not SlotKind.RECOVERY), slot))
        return typed

    def _slot(self, kind: SlotKind, user: User, secret: str | bytes) -> Slot:
        whose = (user.user_id, user.name)
        return new_slot(self._vault.record_id, kind, whose, self._vault.database_key, secret)

    @contextmanager
    def _working(self, detail: str = "", whose: str | None = None) -> Iterator[Session]:
        """A transaction of an administrator, or of a user about themselves; a change is logged with it."""
        own = whose is not None and whose.casefold() == self._desk.user.name.casefold()
        if not own:
            self._desk.require(Act.MANAGE_USERS)
        elif not self._desk.user.user_id:
            raise NotAllowed("The recovery key has no password.", "Name a user.")
        engine = open_to_write(self._desk.path, self._vault)
        try:
            with Session(engine) as session:
                if detail:
                    session.add(self._desk.noted(Act.MANAGE_USERS, detail=detail))
                yield session
                session.commit()
        except SQLAlchemyError as error:
            raise explain(error, self._desk.path) from error
        finally:
            engine.dispose()

    @contextmanager
    def _changing(
        self, detail: str, whose: str | None = None
    ) -> Iterator[tuple[Session, Callable[[Callable[[tuple[Slot, ...]], tuple[Slot, ...]]], None]]]:
        """A transaction that changes the key file with it: the keys are written last, before the commit."""
        folder = self._vault.folder
        with changing_keys(folder) as write, self._working(detail, whose) as session:

            def change(to: Callable[[tuple[Slot, ...]], tuple[Slot, ...]]) -> None:
                keys: KeyFile = read_keys(folder)
                write(keys.model_copy(update={"slots": to(keys.slots)}))

            yield session, change


def _without(slots: tuple[Slot, ...], user_id: str, kind: SlotKind | None = None) -> tuple[Slot, ...]:
    """The slots but those of a user, of one kind if it is named."""
    return tuple(one for one in slots if one.user_id != user_id or kind not in (None, one.kind))
