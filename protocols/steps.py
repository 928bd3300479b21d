"""The numbers by which ratings and heart rate move the levels."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from protocols.guardrail import Guardrail
from protocols.section import Section

Suds = Annotated[int, Guardrail(0, 0, 100, 100)]


class Steps(Section):
    """When the ladder moves.  Ratings are SUDS, 0 to 100."""

    up_below_suds: Annotated[int, Guardrail(10, 30, 40, 50)] = Field(
        40, description="A rating below this authorises one level up."
    )
    whole_below_suds: Annotated[int, Guardrail(10, 20, 40, 50)] = Field(
        40, description="A rating below this authorises a whole level; one from this to up_below_suds half a level."
    )
    edge_below_suds: Annotated[int, Guardrail(0, 0, 65, 65)] = Field(
        0,
        description="Two ratings in a row below this authorise half a level too, while heart rate is below the "
        "brake; 0: they do not.",
    )
    lows_needed: Annotated[int, Guardrail(1, 1, 2, 5)] = Field(
        1, description="How many such ratings in a row are needed."
    )
    halved_from_peak: Annotated[int, Guardrail(20, 30, 60, 80)] = Field(
        30, description="From this peak on, a rating of at most half the level's peak also authorises one level up."
    )
    down_one_at: Annotated[int, Guardrail(45, 60, 75, 80)] = Field(
        75, description="A rating from this on goes one level down."
    )
    down_two_at: Annotated[int, Guardrail(55, 75, 85, 90)] = Field(
        85, description="A rating from this on goes two levels down."
    )
    calm_at: Annotated[int, Guardrail(70, 85, 95, 95)] = Field(
        95, description="A rating from this on leads to the calm scene, latched. The guard does so at 95 in any case."
    )
    dwell_up_s: Annotated[float, Guardrail(45, 45, 180, 600, "s")] = Field(
        45.0, description="The least time on a level before the next one up."
    )
    dwell_down_s: Annotated[float, Guardrail(10, 15, 30, 45, "s")] = Field(
        20.0, description="The least time between two automatic steps down."
    )
    ramp_s: Annotated[float, Guardrail(2, 2, 5, 10, "s")] = Field(3.0, description="How long a change of level takes.")


class Heart(Section):
    """How heart rate may brake.  It never authorises a step up."""

    brake_bpm: Annotated[float, Guardrail(8, 12, 20, 30, "bpm")] = Field(
        15.0, description="Heart rate this far above baseline, movement-corrected, counts as sustained arousal."
    )
    brake_s: Annotated[float, Guardrail(20, 45, 90, 120, "s")] = Field(
        60.0, description="Held this long, it goes one level down."
    )
    veto_s: Annotated[float, Guardrail(20, 20, 45, 60, "s")] = Field(
        30.0, description="Held this long, it vetoes steps up."
    )
    ignore_after_event_s: Annotated[float, Guardrail(10, 10, 20, 30, "s")] = Field(
        10.0, description="Heart rate is ignored for this long after an event of the scene."
    )
