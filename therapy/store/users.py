"""Users on the record: their names, roles and patients.  What opens the record for them is in the key file."""

from __future__ import annotations

import json
import re
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, col, select

from therapy.errors import NotAllowed, StoreError, UsageError
from therapy.store.database import wall_now
from therapy.store.roles import Role, User
from therapy.store.tables import AssignmentRow, PatientRow, UserRow

_NAME = re.compile(r"\w[\w .@'-]{0,63}")


class UnknownUser(StoreError):
    """The key file knows a user whom the record does not know, or not yet."""


def new_user_id() -> str:
    """A new user's id: 32 hexadecimal digits."""
    return uuid4().hex


def require_name(name: str) -> None:
    """`UsageError` for what cannot be a user's name."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no user's name.",
            "Use up to 64 letters, digits, spaces, dots, hyphens and @, without a slash.",
        )


def insert_user(session: Session, user: User) -> None:
    """Put a user on the record; `UsageError` if the name is taken or the roles do not fit together."""
    require_name(user.name)
    _require_fitting(session, user)
    if _by_name(session, user.name) is not None:
        raise UsageError(f"There is a user {user.name} already.", "See: acclimate users list.")
    session.add(
        UserRow(
            user_id=user.user_id,
            name=user.name,
            roles=_words(user.roles),
            patient_code=user.patient_code,
            created=wall_now(),
        )
    )


def user_by_id(session: Session, user_id: str, name: str) -> User:
    """The user a slot was made for; `NotAllowed` if disabled, `UnknownUser` if the record knows no such user."""
    row = session.get(UserRow, user_id)
    if row is None:
        raise UnknownUser(
            f"The key file knows a user {name}, and the record does not.",
            "Record and key file are of different times: bring both back from the same backup.",
        )
    if row.disabled is not None:
        raise NotAllowed(f"{row.name} was disabled.", "Ask an administrator of this record.")
    return user_of(row)


def user_of(row: UserRow) -> User:
    """The user a row holds."""
    return User(row.user_id, row.name, frozenset(Role(word) for word in json.loads(row.roles)), row.patient_code)


def known_user(session: Session, name: str) -> UserRow:
    """The user's row; `UsageError` for an unknown name."""
    row = _by_name(session, name)
    if row is None:
        names = ", ".join(session.exec(select(UserRow.name).order_by(col(UserRow.name))).all()) or "none"
        raise UsageError(f"There is no user {name!r}.", f"There are {names}.")
    return row


def change_roles(session: Session, name: str, roles: frozenset[Role], patient_code: str | None) -> None:
    """Give a user other roles; `UsageError` if nobody would administer the record then."""
    row = known_user(session, name)
    _require_fitting(session, User(row.user_id, row.name, roles, patient_code))
    if Role.ADMINISTRATOR not in roles:
        _require_administrator_beside(session, row)
    row.roles, row.patient_code = _words(roles), patient_code
    session.add(row)


def disable(session: Session, name: str) -> UserRow:
    """Take a user's access away; the row stays, since what the user did stays."""
    row = known_user(session, name)
    _require_administrator_beside(session, row)
    row.disabled = row.disabled or wall_now()
    session.add(row)
    return row


def assign(session: Session, code: str, user_id: str) -> None:
    """Make a patient somebody's; nothing happens if that is so."""
    if session.get(AssignmentRow, (code, user_id)) is None:
        session.add(AssignmentRow(patient_code=code, user_id=user_id, since=wall_now()))


def assigned_codes(session: Session, user_id: str) -> frozenset[str]:
    """The codes of a user's patients."""
    query = select(AssignmentRow.patient_code).where(AssignmentRow.user_id == user_id)
    return frozenset(session.exec(query).all())


def created_at(row: UserRow) -> datetime:
    """When a user was added."""
    return datetime.fromisoformat(row.created)


def _require_fitting(session: Session, user: User) -> None:
    if not user.roles:
        raise UsageError("A user needs a role.", f"Give one of {', '.join(Role)}.")
    if (Role.PATIENT in user.roles) != (user.patient_code is not None):
        raise UsageError("A patient's user and a patient's code go together.", "Give --role patient --patient CODE.")
    if Role.PATIENT in user.roles and len(user.roles) > 1:
        raise UsageError("A patient has no other role at the same record.", "Add two users.")
    if user.patient_code is not None and session.get(PatientRow, user.patient_code) is None:
        raise UsageError(f"There is no patient {user.patient_code!r}.", "See: acclimate patients.")


def _require_administrator_beside(session: Session, row: UserRow) -> None:
    others = session.exec(select(UserRow).where(UserRow.user_id != row.user_id, col(UserRow.disabled).is_(None))).all()
    if not any(Role.ADMINISTRATOR in user_of(other).roles for other in others):
        raise UsageError(
            f"{row.name} is the only administrator of this record.", "Make somebody else an administrator first."
        )


def _by_name(session: Session, name: str) -> UserRow | None:
    rows = session.exec(select(UserRow)).all()
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)


def _words(roles: frozenset[Role]) -> str:
    return json.dumps(sorted(role.value for role in roles))
