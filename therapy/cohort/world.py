"""One virtual session under a virtual clock: the engine of a live session, and everything around it simulated."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from numpy.random import Generator

from therapy.cohort.faults import ClockFault, CohortFault, FaultyStrap, Lateness, Span, draw_lateness
from therapy.cohort.player import ObedientPlayer
from therapy.cohort.therapist import VirtualTherapist
from therapy.cohort.truth import Given, Shown, Truth
from therapy.cohort.visit import Visit
from therapy.patient.model import PatientModel
from therapy.session.engine import step
from therapy.session.events import (
    Answered,
    AskPatient,
    Event,
    LinkState,
    Noticed,
    PacketArrived,
    PanelAppeared,
    Phase,
    PhaseChanged,
    PlayerBack,
    Rated,
    SensorLink,
    SessionEnded,
    SetScene,
    TakePanelAway,
    Therapist,
    TherapistAction,
    Tick,
    Unlatch,
)
from therapy.session.state import SessionState

PACKET_AT_S = 0.4
SPARSE_TICK_S = 4.0
SPARSE_WATCHDOG_S = 5.0
SAID_AFTER_S = 0.1
APPEARS_AFTER_S = 0.5
LOOKS_FOR_S = 0.5
REHEARSES_AFTER_S = 4.0
REPEATS_AFTER_S = 1.0
LATE_BY_S = 35.0
SUDS_EXTREME = 95
STARTS_WITHIN_S = 1800.0
STOPS_WITHIN_S = 10.0
WATCHED_S = 12.0
"""For how long after the measured time the session goes on: in it the patient stops."""


class World:
    """Runs one visit of one patient; `rng` decides only what people and straps do by chance."""

    def __init__(self, visit: Visit, patient: PatientModel, rng: Generator) -> None:
        self._visit = visit
        self._setup = replace(visit.setup, watchdog_s=SPARSE_WATCHDOG_S) if visit.is_sparse else visit.setup
        self._patient = patient
        strap_rng, self._answers_rng, self._stop_rng = rng.spawn(3)
        self._strap = FaultyStrap(visit.faults, strap_rng)
        protocol = visit.setup.protocol
        self._player = ObedientPlayer(protocol.scene, protocol.calm.scene)
        self._therapist = VirtualTherapist(protocol)
        self._state = SessionState()
        self._truth = Truth(
            uses_hr=not visit.setup.suds_only,
            ceiling_0to1=protocol.levels.ceiling_0to1,
            start_0to1=min(protocol.levels.start_0to1, visit.setup.tolerated_0to1),
        )
        self._t_s = self._stepped_s = self._ticked_s = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self._open: AskPatient | None = None
        self._linked = False
        self._ended = False
        self._stopped_s: float | None = None
        self._stalls: tuple[Span, ...] = ()
        self._carry_out: dict[type, Callable[[Any], None]] = {
            SetScene: self._show,
            Unlatch: self._release,
            AskPatient: self._ask,
            TakePanelAway: self._take_away,
            PhaseChanged: self._change_phase,
            Noticed: self._tell,
            Rated: self._tell,
            SessionEnded: self._end,
        }

    def run(self) -> Truth:
        """Live through the session; what really happened."""
        self._feed(PlayerBack())
        ticks = [(number * self._visit.tick_s, self._tick) for number in range(round(1.0 / self._visit.tick_s))]
        happenings = sorted([*ticks, (PACKET_AT_S, self._live)], key=lambda one: one[0])
        second = 0
        while self._goes_on():
            for after_s, happen in happenings:
                self._reach(second + after_s)
                if not self._is_stalled():
                    happen()
            second += 1
        return self._truth

    # --- time ---------------------------------------------------------------------------------

    def _goes_on(self) -> bool:
        begun_s = self._truth.exposure_s
        if begun_s is None:
            return self._t_s < STARTS_WITHIN_S and not self._ended
        if self._truth.stop_latency_s is not None and len(self._truth.fear) >= self._visit.measured_s:
            return False
        return self._t_s < begun_s + self._visit.measured_s + WATCHED_S

    def _reach(self, t_s: float) -> None:
        """Let everything happen that is due by `t_s`; while the machine stalls, it waits."""
        while self._due and self._due[0][0] <= t_s:
            due_s, _, happen = heapq.heappop(self._due)
            self._t_s = max(due_s, self._t_s)
            if self._is_stalled():
                self._later(1.0, happen)
            else:
                happen()
        self._t_s = t_s

    def _later(self, after_s: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self._t_s + after_s, next(self._number), happen))

    def _is_stalled(self) -> bool:
        return bool(self._stalls) and any(span.covers(self._exposed_s) for span in self._stalls)

    @property
    def _exposed_s(self) -> float:
        """Seconds since the exposure began, negative before."""
        return -1.0 if self._truth.exposure_s is None else self._t_s - self._truth.exposure_s

    def _feed(self, event: Event, at_s: float | None = None) -> None:
        if self._ended:
            return
        self._stepped_s = self._t_s
        self._state, outputs = step(self._setup, self._state, event, self._t_s if at_s is None else at_s)
        for output in outputs:
            carry_out = self._carry_out.get(type(output))
            if carry_out is not None:
                carry_out(output)

    def _tick(self) -> None:
        """Step the loop, unless it has just been stepped; the baseline and the watchdog live on ticks."""
        exposed, since_s = self._truth.exposure_s is not None, self._t_s - self._ticked_s
        if self._visit.is_sparse and exposed and since_s < SPARSE_TICK_S and self._t_s - self._stepped_s < 1.0:
            return
        self._ticked_s = self._t_s
        self._feed(Tick())

    # --- the patient's body and the strap -----------------------------------------------------

    def _live(self) -> None:
        """One second of the patient's life, and what the strap makes of it."""
        beats = self._patient.advance(self._t_s)
        if self._truth.exposure_s is not None and len(self._truth.fear) < self._visit.measured_s:
            self._truth.fear.append(self._patient.fear_0to100)
        if self._truth.uses_hr:
            self._link(here=not self._strap.is_away(self._exposed_s))
            for packet in self._strap.packets(beats, self._exposed_s):
                self._truth.packets.append((self._t_s, packet))
                self._feed(PacketArrived(packet.hex()))

    def _link(self, *, here: bool) -> None:
        if here is not self._linked:
            self._linked = here
            self._truth.links.append((self._t_s, here))
            self._feed(SensorLink(LinkState.CONNECTED if here else LinkState.LOST))

    # --- the player -----------------------------------------------------------------------------

    def _say(self) -> None:
        self._feed(self._player.said(self._t_s))

    def _show(self, scene: SetScene) -> None:
        self._player.show(scene)
        if scene.latch and self._stopped_s is not None and self._truth.stop_latency_s is None:
            self._truth.stop_latency_s = self._t_s - self._stopped_s
        self._look()

    def _look(self) -> None:
        """The patient sees what is shown now."""
        intensity_0to1 = self._player.intensity_0to1
        self._patient.set_scene(
            self._t_s, intensity_0to1, self._player.pace_per_min if intensity_0to1 is None else None
        )
        if not self._truth.shown or self._truth.shown[-1].intensity_0to1 != intensity_0to1:
            self._truth.shown.append(Shown(self._t_s, intensity_0to1))
        self._later(SAID_AFTER_S, self._say)

    def _release(self, unlatch: Unlatch) -> None:
        self._player.release(unlatch.latch_id)
        self._look()

    # --- questions ------------------------------------------------------------------------------

    def _ask(self, asked: AskPatient) -> None:
        self._open = asked
        asked_s = self._t_s
        if asked.panel == "message":
            self._later(REHEARSES_AFTER_S, self._rehearse)
        else:
            self._later(APPEARS_AFTER_S, lambda: self._appear(asked, asked_s))

    def _take_away(self, taken: TakePanelAway) -> None:
        if self._open is not None and self._open.panel_id == taken.panel_id:
            self._open = None

    def _appear(self, asked: AskPatient, asked_s: float) -> None:
        if self._open is not asked:
            return
        self._feed(PanelAppeared(asked.panel_id))
        answer = self._patient.answer(asked.panel, self._t_s)
        lateness = draw_lateness(self._answers_rng) if self._visit.faults.disturbs and self._exposed_s > 0.0 else None
        if answer is None or lateness is Lateness.NEVER:
            return
        event = Answered(asked.panel_id, asked.panel, answer.answer)
        after_s = LOOKS_FOR_S + answer.delay_s + (LATE_BY_S if lateness is Lateness.LATE else 0.0)
        self._later(after_s, lambda: self._answer(asked, event, asked_s, late=lateness is Lateness.LATE))
        if lateness is Lateness.TWICE:
            self._later(after_s + REPEATS_AFTER_S, lambda: self._feed(event))

    def _answer(self, asked: AskPatient, event: Answered, asked_s: float, *, late: bool) -> None:
        is_open = self._open is asked
        if is_open:
            self._open = None
        elif not late:
            return
        if asked.panel == "suds" and is_open:
            self._truth.ratings.append(Given(self._t_s, event.answer, asked_s))
        if asked.panel == "suds" and event.answer >= SUDS_EXTREME:
            self._truth.stops.append(self._t_s)
        self._feed(event)

    # --- stops and the therapist ----------------------------------------------------------------

    def _rehearse(self) -> None:
        self._feed(self._player.stop())
        self._look()

    def _stop(self) -> None:
        """The patient stops, if there is anything to stop."""
        if self._player.intensity_0to1 is None:
            return
        self._stopped_s = self._t_s
        self._truth.stops.append(self._t_s)
        stopped = self._player.stop()
        self._look()
        self._feed(stopped)

    def _tell(self, output: Noticed | Rated) -> None:
        follows = self._therapist.hear(output)
        if follows is not None:
            after_s, command = follows
            self._later(after_s, lambda: self._command(command))

    def _command(self, command: Therapist) -> None:
        if command.action is TherapistAction.RESUME:
            self._truth.resumes.append(self._t_s)
        elif command.action is TherapistAction.SUDS_ONLY:
            self._truth.uses_hr = False
        self._feed(command)

    # --- the session's course -------------------------------------------------------------------

    def _change_phase(self, change: PhaseChanged) -> None:
        self._therapist.hear(change)
        if change.after is not Phase.EXPOSURE:
            return
        self._truth.exposure_s = self._t_s
        self._later(self._visit.measured_s + self._stop_rng.uniform(0.5, STOPS_WITHIN_S), self._stop)
        of_the_clock = [span for span in self._visit.faults.spans if span.fault is CohortFault.CLOCK]
        self._stalls = tuple(span for span in of_the_clock if span.clock is ClockFault.LEAP)
        for span in of_the_clock:
            if span.clock is not ClockFault.LEAP:
                self._later(span.from_s, partial(self._disturb_clock, span))

    def _disturb_clock(self, span: Span) -> None:
        wrong_s = math.nan if span.clock is ClockFault.NOT_A_NUMBER else self._t_s - span.lasts_s
        self._truth.stops.append(self._t_s)
        self._feed(Tick(), wrong_s)

    def _end(self, _ended: SessionEnded) -> None:
        self._ended = True
