"""The virtual patient at work: it looks at answers, and looks around, through the player's own gaze input.

Nothing is answered behind the player's back: the head turns to an answer and stays there until the
player says that it was chosen, as a person without a controller does it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from environments.contract import (
    Command,
    GazeInput,
    HeadPoses,
    PanelAnswered,
    PanelChoice,
    PanelKind,
    PanelShown,
    PatientStopped,
    PlayerState,
    Report,
)
from therapy.clock import Clock
from therapy.patient.virtual import VirtualPatient
from therapy.signals.movement import mean_speed_m_s

LOOK_EVERY_S = 0.25
GIVE_UP_S = 25.0
STOP_AFTER_S = 3.0
LOWEST_PLAY_DEG = -22.0


@dataclass(frozen=True, slots=True)
class Intention:
    """Where the patient means to look, from when on and until when at the latest; before that, where they think."""

    thinks_at: GazeInput
    at: PanelChoice | None
    from_s: float
    until_s: float


class VirtualActor:
    """Turns what the virtual patient feels into looking.

    `send` carries commands to the player.  The feared scene's name tells a graded place from the calm one;
    None where nothing that is shown is feared.
    """

    def __init__(
        self, patient: VirtualPatient, clock: Clock, feared_scene: str | None, send: Callable[[Command], None]
    ) -> None:
        self._patient = patient
        self._clock = clock
        self._feared_scene = feared_scene
        self._send = send
        self._intention: Intention | None = None
        self._graded = False
        self._aims: tuple[PanelChoice, ...] = ()

    def hear(self, report: Report) -> None:
        """See what the player shows."""
        t_s = self._clock.now_s()
        match report:
            case PlayerState():
                self._graded = report.scene == self._feared_scene
                self._aims = report.aims
                pace = report.parameters.get("pace_per_min")
                self._patient.set_scene(
                    t_s,
                    report.intensity_0to1 if self._graded else None,
                    pace if isinstance(pace, float) and not self._graded else None,
                )
                self._patient.play(t_s, report.hits)
            case PanelShown():
                self._consider(report, t_s)
            case HeadPoses():
                if (speed_m_s := mean_speed_m_s(report.poses)) is not None:
                    self._patient.move(t_s, speed_m_s)
            case PanelAnswered() | PatientStopped():
                self._intention = None
            case _:
                pass

    async def look(self) -> None:
        """Keep looking, until cancelled."""
        next_s = self._clock.now_s()
        while True:
            next_s += LOOK_EVERY_S
            await self._clock.sleep_until(next_s)
            self._send(self._gaze(self._clock.now_s()))

    def _consider(self, panel: PanelShown, t_s: float) -> None:
        if panel.panel is PanelKind.MESSAGE:
            self._intention = Intention(GazeInput(0.0, 0.0), panel.calm_disc, t_s + STOP_AFTER_S, t_s + GIVE_UP_S)
            return
        if not panel.choices:
            return
        answer = self._patient.answer(panel.panel.value, t_s)
        thinks_at = _off_the_answers(panel)
        if answer is None:
            self._intention = Intention(thinks_at, None, t_s, t_s + GIVE_UP_S)
            return
        nearest = min(panel.choices, key=lambda choice: abs(choice.answer - answer.answer))
        start_s = t_s + answer.delay_s
        self._intention = Intention(thinks_at, nearest, start_s, start_s + GIVE_UP_S)

    def _gaze(self, t_s: float) -> GazeInput:
        meant = self._intention
        if meant is not None and t_s >= meant.until_s:
            self._intention = None
        elif meant is not None:
            if meant.at is None or t_s < meant.from_s:
                return meant.thinks_at
            return GazeInput(meant.at.yaw_deg, meant.at.pitch_deg)
        if self._aims:
            # Who plays looks at what is nearest until it is hit; nothing lower than the calm disc's neighbourhood.
            nearest = self._aims[0]
            return GazeInput(nearest.yaw_deg, max(nearest.pitch_deg, LOWEST_PLAY_DEG))
        return _wandering(t_s, self._graded)


def _off_the_answers(panel: PanelShown) -> GazeInput:
    """The middle between the first and the last answer: on a dial, the centre of its arc, where no answer lies."""
    first, last = panel.choices[0], panel.choices[-1]
    return GazeInput((first.yaw_deg + last.yaw_deg) / 2.0, (first.pitch_deg + last.pitch_deg) / 2.0)


def _wandering(t_s: float, graded: bool) -> GazeInput:
    """A head that looks around slowly; in a high place also down, but never to the low disc, which would be a stop."""
    yaw_deg = 14.0 * math.sin(0.23 * t_s) + 6.0 * math.sin(0.61 * t_s + 1.0)
    pitch_deg = 4.0 * math.sin(0.31 * t_s)
    if graded:
        pitch_deg += -9.0 + 9.0 * math.sin(0.12 * t_s)
    return GazeInput(round(yaw_deg, 3), round(pitch_deg, 3))
