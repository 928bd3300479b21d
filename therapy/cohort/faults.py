"""What goes wrong in a virtual session: a schedule drawn for each patient, and the strap that follows it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from numpy.random import Generator

from therapy.sensing.faults import PacketShaper, StrapFault
from therapy.sensing.heart import HeartBeatBatch
from therapy.sensing.heart_rate import LARGEST_RR_COUNT, encode

FIRST_FAULT_S = 20.0
FAULT_EVERY_MIN = 10.0
ECTOPIC_SHARE = 0.15
EARLY, COMPENSATORY = 0.6, 1.4
DISTURBED_SHARE = 0.3


class CohortFault(StrEnum):
    """A kind of fault that a cohort can be given."""

    DROPOUT = "dropout"
    ZERO = "zero"
    STALE = "stale"
    ECTOPIC = "ectopic"
    CLOCK = "clock"
    BURST = "burst"
    LATE_SUDS = "late-suds"


class ClockFault(StrEnum):
    """How the clock of a session goes wrong."""

    BACK = "back"  # an event is stamped with a time that has passed
    LEAP = "leap"  # the machine stalls: nothing happens for seconds
    NOT_A_NUMBER = "not-a-number"


class Lateness(StrEnum):
    """What becomes of an answer."""

    LATE = "late"  # given after the question went away
    TWICE = "twice"
    NEVER = "never"


LASTS_S = {
    CohortFault.DROPOUT: (4.0, 150.0),
    CohortFault.ZERO: (2.0, 90.0),
    CohortFault.STALE: (5.0, 120.0),
    CohortFault.ECTOPIC: (30.0, 120.0),
    CohortFault.CLOCK: (1.5, 20.0),
    CohortFault.BURST: (2.0, 25.0),
}
"""Shortest and longest, drawn evenly on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class Span:
    """A fault from `from_s` on for `lasts_s`; `kind` tells kinds of one fault apart, as a number 0-1."""

    fault: CohortFault
    from_s: float
    lasts_s: float
    kind: float

    def covers(self, t_s: float) -> bool:
        """Whether the fault is on at a time."""
        return self.from_s <= t_s < self.from_s + self.lasts_s

    @property
    def clock(self) -> ClockFault:
        """Which fault of the clock it is."""
        return tuple(ClockFault)[min(int(self.kind * len(ClockFault)), len(ClockFault) - 1)]


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The faults of one session, in seconds after the exposure began; `disturbs` says that answers go wrong too."""

    spans: tuple[Span, ...] = ()
    disturbs: bool = False


def draw_faults(rng: Generator, faults: Collection[CohortFault], exposure_s: float) -> FaultPlan:
    """A plan with about one span of each fault in ten minutes, at least one, anywhere in the exposure."""
    spans = []
    for fault in sorted(set(faults) - {CohortFault.LATE_SUDS}):
        shortest_s, longest_s = LASTS_S[fault]
        for _ in range(max(1, round(exposure_s / 60.0 / FAULT_EVERY_MIN))):
            from_s = rng.uniform(FIRST_FAULT_S, max(exposure_s - longest_s, 2.0 * FIRST_FAULT_S))
            lasts_s = shortest_s * math.exp(rng.uniform() * math.log(longest_s / shortest_s))
            spans.append(Span(fault, float(from_s), lasts_s, rng.uniform()))
    return FaultPlan(tuple(spans), CohortFault.LATE_SUDS in faults)


def draw_lateness(rng: Generator) -> Lateness | None:
    """What becomes of the next answer; None: it comes as the patient gives it."""
    if rng.uniform() >= DISTURBED_SHARE:
        return None
    return tuple(Lateness)[int(rng.integers(len(Lateness)))]


class FaultyStrap:
    """A strap that sends what the heart does, with the faults that are on."""

    def __init__(self, plan: FaultPlan, rng: Generator) -> None:
        self._spans = tuple(span for span in plan.spans if span.fault is not CohortFault.CLOCK)
        self._rng = rng
        self._shaper = PacketShaper()

    def is_away(self, exposed_s: float) -> bool:
        """Whether the strap is out of reach."""
        return any(span.fault is CohortFault.DROPOUT for span in self._on(exposed_s))

    def packets(self, batch: HeartBeatBatch, exposed_s: float) -> list[bytes]:
        """The notifications of one second, in their order."""
        if not self._spans and len(batch.rr_ticks) <= LARGEST_RR_COUNT:
            return [encode(batch.bpm, batch.rr_ticks, contact=batch.contact)]
        on = self._on(exposed_s)
        kinds = {span.fault for span in on}
        if CohortFault.ECTOPIC in kinds:
            batch = replace(batch, rr_ticks=_with_ectopic(batch.rr_ticks, self._rng))
        faults = {fault for fault, kind in _OF_THE_STRAP.items() if kind in kinds}
        if any(span.fault is CohortFault.ZERO and span.kind < 0.5 for span in on):
            faults = faults - {StrapFault.ZERO_RATE} | {StrapFault.NO_CONTACT}
        return self._shaper.packets(batch, frozenset(faults))

    def _on(self, exposed_s: float) -> list[Span]:
        return [span for span in self._spans if span.covers(exposed_s)]


_OF_THE_STRAP = {
    StrapFault.DROPOUT: CohortFault.DROPOUT,
    StrapFault.ZERO_RATE: CohortFault.ZERO,
    StrapFault.STALE_REPEAT: CohortFault.STALE,
    StrapFault.BURST: CohortFault.BURST,
}


def _with_ectopic(rr_ticks: tuple[int, ...], rng: Generator) -> tuple[int, ...]:
    """Now and then a beat that comes early, and the pause after it."""
    beats = list(rr_ticks)
    for number in range(len(beats) - 1):
        if rng.uniform() < ECTOPIC_SHARE:
            beats[number], beats[number + 1] = round(EARLY * beats[number]), round(COMPENSATORY * beats[number + 1])
    return tuple(beats)
