"""One error tree; each error carries what happened, the cure, and the exit code of the command line.

AcclimateError                 exit 1
├── UsageError                 exit 2   an unknown name, an impossible combination of options
├── ProtocolInvalid            exit 3   a protocol file that cannot be used
├── DeviceMissing              exit 4   no adapter, no strap, no display, no OpenGL
├── SafetyStop                 exit 5   the session ended by a safety stop
├── ConsentMissing             exit 1   no valid consent or screening on the record
├── StoreError                 exit 1   the record cannot be opened, read or written
├── RecordLocked               exit 6   no password or key for the record, or a wrong one
├── NotAllowed                 exit 6   the user's role may not do this
└── PlayerError                exit 1   the player process failed or does not answer
"""

from __future__ import annotations


class AcclimateError(Exception):
    """Something a person can act on: one sentence, one cure."""

    exit_code = 1

    def __init__(self, problem: str, cure: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.problem} {self.cure}".strip()


class UsageError(AcclimateError):
    """The command was asked for something that does not exist or does not fit together."""

    exit_code = 2


class ProtocolInvalid(AcclimateError):
    """A protocol file is malformed or breaks a limit."""

    exit_code = 3


class DeviceMissing(AcclimateError):
    """A device or a driver that the command needs is not there."""

    exit_code = 4


class SafetyStop(AcclimateError):
    """The session ended because a safety rule or the patient stopped it."""

    exit_code = 5


class ConsentMissing(AcclimateError):
    """The patient's consent or screening is missing, withdrawn or out of date."""


class StoreError(AcclimateError):
    """The record cannot be opened, read or written."""


class RecordLocked(AcclimateError):
    """The record is encrypted and nobody has unlocked it."""

    exit_code = 6


class NotAllowed(AcclimateError):
    """What the user asked for is not for the user's role, or not for this patient."""

    exit_code = 6


class PlayerError(AcclimateError):
    """The player process could not be started, or died, or speaks another contract version."""
