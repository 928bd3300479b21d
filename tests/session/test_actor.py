"""The virtual patient at work: it looks where it means to, and answers nothing by accident."""

from __future__ import annotations

import pytest

from environments.contract import Command, GazeInput, PanelAnswered, PanelChoice, PanelKind, PanelShown
from therapy.actor import VirtualActor
from therapy.clock import Clock
from therapy.patient.virtual import VirtualPatient


class HandClock:
    speed = 1.0

    def __init__(self) -> None:
        self.t_s = 0.0

    def now_s(self) -> float:
        return self.t_s

    def limit(self, speed: float) -> None:
        """Nothing to limit."""

    async def sleep_until(self, t_s: float) -> None:
        self.t_s = t_s


DIAL = PanelShown(
    panel_id=3,
    panel=PanelKind.SUDS,
    choices=tuple(PanelChoice(10 * step, -15.0 + 3.0 * step, -4.0 - (step - 5) ** 2 / 5) for step in range(11)),
    calm_disc=PanelChoice(1, 0.0, -31.0),
)


def looks(actor: VirtualActor, clock: HandClock, seconds: int) -> list[GazeInput]:
    seen = []
    for _ in range(seconds):
        clock.t_s += 1.0
        seen.append(actor._gaze(clock.t_s))
    return seen


@pytest.mark.parametrize("seed", range(6))
def test_while_thinking_it_looks_at_no_answer_and_then_at_its_own(seed: int) -> None:
    clock: Clock = HandClock()
    assert isinstance(clock, HandClock)
    sent: list[Command] = []
    actor = VirtualActor(VirtualPatient(seed), clock, "heights", sent.append)
    actor.hear(DIAL)
    path = looks(actor, clock, 20)
    places = {(choice.yaw_deg, choice.pitch_deg): choice.answer for choice in DIAL.choices}
    chosen = [places[(gaze.yaw_deg, gaze.pitch_deg)] for gaze in path if (gaze.yaw_deg, gaze.pitch_deg) in places]
    thinking = [gaze for gaze in path if (gaze.yaw_deg, gaze.pitch_deg) not in places]
    assert len(set(chosen)) == 1, "it looks at one answer only"
    assert len({(gaze.yaw_deg, gaze.pitch_deg) for gaze in thinking}) == 1, "its gaze does not wander over the dial"


def test_once_answered_it_looks_around_again() -> None:
    clock = HandClock()
    actor = VirtualActor(VirtualPatient(1), clock, "heights", lambda _: None)
    actor.hear(DIAL)
    actor.hear(PanelAnswered(3, PanelKind.SUDS, 20))
    path = looks(actor, clock, 10)
    assert len({(gaze.yaw_deg, gaze.pitch_deg) for gaze in path}) == 10
