"""Who a sensor is, and what a sensor says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from therapy.session.events import BatteryRead, PacketArrived, SensorLink

SensorKind = Literal["bluetooth", "virtual", "replay"]
SensorEvent = PacketArrived | SensorLink | BatteryRead


@dataclass(frozen=True, slots=True)
class SensorIdentity:
    """What the record keeps of a sensor; `maker` and `model` are empty where it does not tell."""

    name: str
    address: str
    kind: SensorKind
    simulated: bool
    maker: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The strap of an earlier session.  An address counts on the platform that gave it only, the name everywhere."""

    address: str
    name: str
    platform: str


class Sensor(Protocol):
    """A source of heart-rate packets."""

    @property
    def identity(self) -> SensorIdentity:
        """Who this is."""
        ...

    async def run(self, emit: Callable[[SensorEvent], None]) -> None:
        """Emit events as they happen, until cancelled or at the end of a recording; closes the sensor."""
        ...

    async def close(self) -> None:
        """Let go of the sensor; needed only if `run` was never called."""
        ...


def this_platform() -> str:
    """The platform whose addresses are in use."""
    return sys.platform
