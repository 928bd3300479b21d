"""The number of each rule of the guard, by the reason it gives, and which reasons call the calm scene.

Source: CLINICAL basis, section 6; the first figure of a number is the paragraph there.
A reason that is not here is a policy's, not the guard's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from therapy.control.decision import Reason

RULE_IDS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.SUDS_STALE: "G1.1",
        Reason.HR_MISSING: "G1.2",
        Reason.HR_NOT_REQUALIFIED: "G1.3",
        Reason.NO_BASELINE: "G1.4",
        Reason.HR_VETO: "G1.5",
        Reason.PAUSED: "G1.6",
        Reason.NOT_GRADING: "G1.7",
        Reason.FRAMES_LATE: "G1.8",
        Reason.RAISE_TOO_SOON: "G1.9",
        Reason.RAISE_TOO_LARGE: "G1.10",
        Reason.HARD_LIMIT: "G1.11",
        Reason.CEILING: "G1.12",
        Reason.PROTOCOL_LIMIT: "G1.13",
        Reason.PATIENT_LIMIT: "G1.14",
        Reason.NOT_TOLERATED_YET: "G1.15",
        Reason.HR_STALE: "G2.1",
        Reason.HR_LOST: "G2.2",
        Reason.SUDS_AFTER_SIGNAL_LOSS_MISSING: "G2.3",
        Reason.HR_NEAR_MAXIMUM: "G3.1",
        Reason.HR_FAR_ABOVE_BASELINE: "G3.2",
        Reason.HR_ABOVE_BASELINE: "G3.3",
        Reason.HR_FAR_BELOW_BASELINE: "G3.4",
        Reason.SUDS_EXTREME: "G4.1",
        Reason.PATIENT_STOPPED: "G4.2",
        Reason.THERAPIST_STOPPED: "G4.3",
        Reason.PROMPTS_MISSED: "G4.4",
        Reason.SICKNESS: "G4.5",
        Reason.SICKNESS_RISING: "G4.6",
        Reason.HEADSET_OFF: "G4.7",
        Reason.TRACKING_LOST: "G4.8",
        Reason.EXCEPTION: "G4.9",
        Reason.WATCHDOG_MISSED: "G4.10",
        Reason.PLAYER_LOST: "G4.11",
        Reason.PLAYER_LATCHED: "G4.12",
        Reason.PLAYER_MISMATCH: "G4.13",
        Reason.STORE_FAILED: "G4.14",
        Reason.NOT_FINITE: "G6.1",
        Reason.CLOCK_JUMPED: "G6.2",
        Reason.HR_TOO_FLAT: "G6.3",
        Reason.SENSOR_UNRELIABLE: "G6.4",
        Reason.BEATS_REPEATED: "G6.5",
    }
)

STOPS = (
    Reason.PATIENT_STOPPED,
    Reason.THERAPIST_STOPPED,
    Reason.EXCEPTION,
    Reason.STORE_FAILED,
    Reason.WATCHDOG_MISSED,
    Reason.PLAYER_LOST,
    Reason.PLAYER_MISMATCH,
    Reason.PLAYER_LATCHED,
    Reason.HEADSET_OFF,
    Reason.TRACKING_LOST,
    Reason.HR_NEAR_MAXIMUM,
    Reason.HR_FAR_ABOVE_BASELINE,
    Reason.HR_FAR_BELOW_BASELINE,
    Reason.SUDS_EXTREME,
    Reason.PROMPTS_MISSED,
    Reason.SICKNESS,
)
"""Every reason to go to the calm scene, most urgent first; `guard` says which of them hold, in this order."""


def rule_id(reason: Reason) -> str | None:
    """The guard's number of a reason, None for a policy's reason."""
    return RULE_IDS.get(reason)
