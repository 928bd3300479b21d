"""What can be wrong with Bluetooth, as a reason, a sentence and a cure.

Every system's stack raises errors of its own; `explain` is the one place that reads them.
"""

from __future__ import annotations

import errno
from enum import StrEnum

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
)

from therapy.errors import DeviceMissing

WITHOUT_STRAP = "or practise with the virtual strap: `--sensor virtual` (`--virtual` for the list of devices)."


class BluetoothReason(StrEnum):
    """Why there is no strap."""

    NO_SYSTEM_BUS = "no-system-bus"
    SERVICE_ABSENT = "service-absent"
    ADAPTER_ABSENT = "adapter-absent"
    POWERED_OFF = "powered-off"
    DENIED = "denied"
    BUSY = "busy"
    NOT_FOUND = "not-found"
    NO_ANSWER = "no-answer"
    UNKNOWN = "unknown"


class BluetoothMissing(DeviceMissing):
    """No strap, or no Bluetooth to reach one; `reason` says which."""

    def __init__(self, reason: BluetoothReason, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.reason = reason


_SENTENCES = {
    BluetoothReason.NO_SYSTEM_BUS: (
        "Bluetooth cannot be reached: this computer runs no D-Bus system bus.",
        f"Install and start dbus and bluez, {WITHOUT_STRAP}",
    ),
    BluetoothReason.SERVICE_ABSENT: (
        "Bluetooth cannot be reached: its service is not running.",
        f"Start it (`systemctl start bluetooth`), {WITHOUT_STRAP}",
    ),
    BluetoothReason.ADAPTER_ABSENT: (
        "This computer has no Bluetooth Low Energy adapter.",
        f"Plug one in, {WITHOUT_STRAP}",
    ),
    BluetoothReason.POWERED_OFF: (
        "Bluetooth is switched off.",
        f"Switch it on in the system's settings and check that flight mode is off, {WITHOUT_STRAP}",
    ),
    BluetoothReason.DENIED: (
        "The system does not let Acclimate use Bluetooth.",
        f"Allow it in the system's privacy settings (on Linux, add yourself to the group `bluetooth`), {WITHOUT_STRAP}",
    ),
    BluetoothReason.BUSY: (
        "Bluetooth is busy with another program's scan or connection.",
        "Close other programs that use heart-rate straps and try again.",
    ),
    BluetoothReason.NO_ANSWER: (
        "The strap is known but does not answer.",
        "Put it on, moisten its electrodes, and close any phone or watch app that may hold its connection.",
    ),
}

_UNAVAILABLE = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: BluetoothReason.ADAPTER_ABSENT,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: BluetoothReason.ADAPTER_ABSENT,
    BleakBluetoothNotAvailableReason.POWERED_OFF: BluetoothReason.POWERED_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: BluetoothReason.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: BluetoothReason.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: BluetoothReason.DENIED,
}

_DBUS = {
    "org.bluez.Error.NotReady": BluetoothReason.POWERED_OFF,
    "org.bluez.Error.InProgress": BluetoothReason.BUSY,
    "org.bluez.Error.NotAuthorized": BluetoothReason.DENIED,
    "org.bluez.Error.NotPermitted": BluetoothReason.DENIED,
    "org.freedesktop.DBus.Error.AccessDenied": BluetoothReason.DENIED,
    "org.freedesktop.DBus.Error.ServiceUnknown": BluetoothReason.SERVICE_ABSENT,
    "org.freedesktop.DBus.Error.NoReply": BluetoothReason.NO_ANSWER,
    "org.bluez.Error.Failed": BluetoothReason.NO_ANSWER,
}

_NO_SOCKET = {errno.ENOENT, errno.ECONNREFUSED, errno.ENOTSOCK}


def nothing_found(wanted: str) -> BluetoothMissing:
    """The scan ended without the strap; `wanted` names it ("heart-rate strap", "strap 'Polar H10'")."""
    return BluetoothMissing(
        BluetoothReason.NOT_FOUND,
        f"No {wanted} was found.",
        "Three usual causes: the strap sleeps until it is worn on moistened skin; a phone, watch or other program "
        "holds its connection; it does not announce its heart-rate service, so name it with `--sensor NAME` "
        f"(`acclimate devices watch` and `acclimate run` know that option), {WITHOUT_STRAP}",
    )


def explain(problem: BaseException) -> BluetoothMissing:
    """Turn what a Bluetooth stack raised into a reason with its cure."""
    if isinstance(problem, BluetoothMissing):
        return problem
    if isinstance(problem, BleakDeviceNotFoundError):
        return nothing_found(f"strap {problem.identifier!r}")
    reason = _reason(problem)
    if reason is BluetoothReason.UNKNOWN:
        detail = str(problem) or type(problem).__name__
        return BluetoothMissing(reason, f"Bluetooth failed: {detail}.", f"Switch Bluetooth off and on, {WITHOUT_STRAP}")
    return BluetoothMissing(reason, *_SENTENCES[reason])


def _reason(problem: BaseException) -> BluetoothReason:
    if isinstance(problem, BleakBluetoothNotAvailableError):
        return _UNAVAILABLE.get(problem.reason, BluetoothReason.UNKNOWN)
    if isinstance(problem, TimeoutError):
        return BluetoothReason.NO_ANSWER
    if isinstance(problem, PermissionError):
        return BluetoothReason.DENIED
    if isinstance(problem, OSError) and problem.errno in _NO_SOCKET:
        return BluetoothReason.NO_SYSTEM_BUS
    return _DBUS.get(getattr(problem, "dbus_error", ""), BluetoothReason.UNKNOWN)
