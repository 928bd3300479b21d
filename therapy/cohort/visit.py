"""What is fixed before a virtual session begins."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.cohort.faults import FaultPlan
from therapy.session.state import SessionSetup


@dataclass(frozen=True, slots=True)
class Visit:
    """What is fixed before a virtual session: its set-up, the minutes of exposure to measure, its clock and faults.

    The loop steps at least every `tick_s`.
    """

    setup: SessionSetup
    minutes: float
    tick_s: float
    faults: FaultPlan = FaultPlan()

    @property
    def measured_s(self) -> float:
        """The exposure that is measured, in seconds."""
        return 60.0 * self.minutes

    @property
    def is_sparse(self) -> bool:
        """Whether a tick may be left out where a notification has just stepped the loop.

        Once a second is enough while the strap and the clock are well; faults are told by the ticks between.
        """
        return self.tick_s >= 1.0 and not self.faults.spans
