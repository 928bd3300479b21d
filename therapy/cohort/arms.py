"""The arms of a comparison: a policy by the name a cohort gives it, and the session in which it is tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from protocols.consistency import breaches
from protocols.loader import load_protocol
from protocols.schema import Protocol
from therapy.control.policies.base import Policy
from therapy.control.policies.published import PUBLISHED
from therapy.errors import UsageError
from therapy.session.state import SessionSetup

LIBRARY_PROTOCOL = "heights-standard"
BASELINE_S = 150.0
AFTER_S = 30.0
"""The exposure lasts this much longer than what is measured: in it the patient stops."""

SHORTEST_MIN, LONGEST_MIN = 1.0, 39.0
START_LEVEL, TOP_LEVEL = 1, 10
AGE_YEARS = 40


@dataclass(frozen=True, slots=True)
class Arm:
    """One policy.  `changes` go into the protocol, section by section; `published` runs without the guard."""

    name: str
    changes: Mapping[str, Any]
    uses_hr: bool = True
    hr_may_drive: bool = False
    published: Policy | None = None


_HABITUATION = MappingProxyType({"mode": "habituation", "expectation": {"at_each_level": False}})


def _graded(policy: str) -> Mapping[str, Any]:
    return MappingProxyType({**_HABITUATION, "policy": policy})


ARMS: Mapping[str, Arm] = MappingProxyType(
    {
        arm.name: arm
        for arm in (
            Arm("ladder", _graded("ladder")),
            Arm("ladder-suds-only", _graded("ladder"), uses_hr=False),
            Arm("inhibitory", {"mode": "inhibitory-learning", "expectation": {"at_each_level": True}}),
            Arm("hr-window", _graded("hr-window"), hr_may_drive=True),
            Arm("fused", _graded("fused")),
            Arm("fixed", _graded("fixed")),
            Arm("manual", _graded("manual")),
            Arm("published-a", _HABITUATION, published=PUBLISHED["published-percent"]),
            Arm("published-b", _HABITUATION, published=PUBLISHED["published-ninety"]),
            Arm("published-c", _HABITUATION, published=PUBLISHED["published-class"]),
        )
    }
)
"""Every arm by name, in the order of tables."""


def arm_of(name: str) -> Arm:
    """The arm of a name; `UsageError` if there is none."""
    if name not in ARMS:
        raise UsageError(f"There is no policy {name!r}.", f"Choose one of {', '.join(ARMS)}.")
    return ARMS[name]


def setup_of(arm: Arm, minutes: float) -> SessionSetup:
    """The session of an arm: the library's standard session up to the highest level, after the shortest baseline."""
    if not SHORTEST_MIN <= minutes <= LONGEST_MIN:
        raise UsageError(f"{minutes:g} minutes are not possible.", f"Choose {SHORTEST_MIN:g} to {LONGEST_MIN:g}.")
    document = load_protocol(LIBRARY_PROTOCOL).protocol.model_dump()
    changes = {
        **arm.changes,
        "levels": {"start": START_LEVEL, "ceiling": TOP_LEVEL, "top": TOP_LEVEL},
        "baseline": {"duration_s": BASELINE_S},
        "movement": {"calibrate": False},
        "exposure": {"duration_s": 60.0 * minutes + AFTER_S},
        "recovery": {"duration_s": 120.0},
    }
    for name, change in changes.items():
        document[name] = {**document[name], **change} if isinstance(change, Mapping) else change
    protocol = Protocol.model_validate(document)
    if found := breaches(protocol):
        raise UsageError(f"The session of {arm.name} cannot be: {found[0].text}.")
    return SessionSetup(
        protocol,
        AGE_YEARS,
        suds_only=not arm.uses_hr,
        hr_may_drive=arm.hr_may_drive,
        tolerated_0to1=START_LEVEL / TOP_LEVEL,
    )
