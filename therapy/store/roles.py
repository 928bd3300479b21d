"""Who may do what: the roles, and the one table of what each of them allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

STATION = "station"
THROW_AWAY = "throw-away"
RECOVERY = "recovery key"


class Role(StrEnum):
    """What a user is at this record; one person may be several."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """Everything that can be done with a record."""

    LIST_PATIENTS = "list-patients"
    READ_PATIENT = "read-patient"
    READ_SESSION = "read-session"
    READ_IDENTITY = "read-identity"
    ADD_PATIENT = "add-patient"
    CHANGE_PATIENT = "change-patient"
    CONSENT = "consent"
    RECORD_SESSION = "record-session"
    SHARE = "share"
    ERASE = "erase"
    EXPORT = "export"
    RESEARCH_EXPORT = "research-export"
    MANAGE_USERS = "manage-users"
    BACKUP = "backup"
    RESTORE = "restore"
    RETENTION = "retention"
    VERIFY = "verify"


_OWN = frozenset({Act.LIST_PATIENTS, Act.READ_PATIENT, Act.READ_SESSION, Act.READ_IDENTITY})
READING = _OWN
"""What changes nothing; it is logged once for each time the record is opened."""
ALLOWED: Mapping[Role, frozenset[Act]] = {
    Role.PATIENT: _OWN | {Act.CONSENT, Act.SHARE, Act.ERASE, Act.EXPORT},
    Role.THERAPIST: _OWN
    | {
        Act.ADD_PATIENT, Act.CHANGE_PATIENT, Act.CONSENT, Act.RECORD_SESSION, Act.SHARE, Act.ERASE, Act.EXPORT,
        Act.RESEARCH_EXPORT, Act.BACKUP, Act.VERIFY,
    },
    Role.CLINICIAN: _OWN | {Act.EXPORT, Act.VERIFY},
    Role.ADMINISTRATOR: frozenset({Act.MANAGE_USERS, Act.BACKUP, Act.RESTORE, Act.RETENTION, Act.VERIFY}),
}  # fmt: skip
"""What a role allows: a patient for the own record alone, a therapist for own patients alone."""


@dataclass(frozen=True, slots=True)
class User:
    """A user of one record; `patient_code` is whose record a patient may see."""

    user_id: str
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    patient_code: str | None = None

    def may(self, act: Act) -> bool:
        """Whether any of the user's roles allows this."""
        return any(act in ALLOWED[role] for role in self.roles)

    def reach(self, act: Act) -> Reach:
        """For which patients the user may do this: the widest that a role gives."""
        reaches = [_REACH[role] for role in self.roles if act in ALLOWED[role]]
        return max(reaches, default=Reach.NONE, key=list(Reach).index)


class Reach(StrEnum):
    """For whose records something is allowed, from the narrowest to the widest."""

    NONE = "none"
    OWN = "own"
    ASSIGNED = "assigned"
    ALL = "all"


_REACH = {
    Role.PATIENT: Reach.OWN,
    Role.THERAPIST: Reach.ASSIGNED,
    Role.CLINICIAN: Reach.ALL,
    Role.ADMINISTRATOR: Reach.ALL,
}
