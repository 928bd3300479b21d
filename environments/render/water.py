"""Still water as a scene hands it over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lake:
    """Still water at `level_m` of a moment, mirroring what stands around it; light spreads over it with the breath."""

    level_m: float
    mist_0to1: float
    wind_0to1: float
    breath_0to1: float
    rain_0to1: float = 0.0
