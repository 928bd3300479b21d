"""A whole session under a virtual clock: real engine, real virtual patient, and a player that obeys at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from protocols.loader import load_protocol
from protocols.schema import Protocol
from therapy.patient.model import PatientModel
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.session.engine import step
from therapy.session.events import (
    Answered,
    AskPatient,
    Decided,
    Event,
    LinkState,
    Noticed,
    Output,
    PacketArrived,
    PanelAppeared,
    PhaseChanged,
    PlayerBack,
    PlayerSaid,
    Rated,
    SensorLink,
    SetScene,
    Speak,
    Stopped,
    TakePanelAway,
    Therapist,
    Tick,
    Unlatch,
)
from therapy.session.state import SessionSetup, SessionState

TICK_S = 0.25


def packet_hex(bpm: int, rr_ticks: Iterable[int] = (), contact: bool | None = True) -> str:
    """A 0x2A37 notification in hex."""
    flags = {None: 0x00, True: 0x06, False: 0x04}[contact]
    ticks = tuple(rr_ticks)
    body = bytes([flags | (0x10 if ticks else 0), bpm])
    return (body + b"".join(tick.to_bytes(2, "little") for tick in ticks)).hex()


@dataclass
class Rehearsal:
    """A session that is driven event by event, keeping everything that came out."""

    setup: SessionSetup
    patient: PatientModel
    state: SessionState = field(default_factory=SessionState)
    t_s: float = 0.0
    outputs: list[tuple[float, Output]] = field(default_factory=list)
    journal: list[tuple[float, Event]] = field(default_factory=list)
    strap_on: bool = True
    player_obeys: bool = True
    answers: bool = True
    shown: SetScene | None = None
    latch: str | None = None
    latch_id: int = 0
    due: list[tuple[float, Event]] = field(default_factory=list)
    on_tick: Callable[[Rehearsal], object] | None = None

    def feed(self, event: Event) -> tuple[Output, ...]:
        """One event now."""
        self.journal.append((self.t_s, event))
        self.state, outputs = step(self.setup, self.state, event, self.t_s)
        for output in outputs:
            self.outputs.append((self.t_s, output))
            self._react(output)
        return outputs

    def begin(self) -> Rehearsal:
        """The player is there and the strap connects."""
        self.feed(PlayerBack())
        if self.strap_on:
            self.feed(SensorLink(LinkState.CONNECTED))
        return self

    def run(self, until_s: float) -> Rehearsal:
        """Tick on until a time or the session's end."""
        while self.t_s < until_s and not self.ended:
            self.t_s = round(self.t_s + TICK_S, 6)
            for at_s, event in [one for one in self.due if one[0] <= self.t_s]:
                self.due.remove((at_s, event))
                self.feed(event)
            if self.t_s % 1.0 == 0.0:
                self._second()
            self.feed(Tick())
            if self.on_tick is not None:
                self.on_tick(self)
        return self

    def run_to(self, phase: str, at_most_s: float = 3000.0) -> Rehearsal:
        """Tick on until a phase is reached."""
        limit_s = self.t_s + at_most_s
        while self.state.phase != phase and not self.ended and self.t_s < limit_s:
            self.run(self.t_s + TICK_S)
        assert self.state.phase == phase, f"{self.state.phase} instead of {phase} at {self.t_s}"
        return self

    @property
    def ended(self) -> bool:
        """Whether the session has ended."""
        return self.state.phase == "ended"

    def all_of(self, kind: type) -> list[Any]:
        """Every output of a kind."""
        return [output for _, output in self.outputs if isinstance(output, kind)]

    @property
    def decisions(self) -> list[Any]:
        """Every decision."""
        return [one.decision for one in self.all_of(Decided)]

    def notices(self) -> list[str]:
        """The codes of every notice, in order."""
        return [one.code.value for one in self.all_of(Noticed)]

    def rate(self, suds: int) -> None:
        """A volunteered rating."""
        self.feed(Answered(0, "suds", suds))

    def _second(self) -> None:
        scene = self.shown
        exposed = scene is not None and scene.scene == self.setup.protocol.scene and self.latch is None
        graded = exposed and self.setup.protocol.mode.is_graded
        pace_per_min = dict(scene.overrides).get("pace_per_min", 6.0) if scene else 6.0
        intensity = scene.intensity_0to1 if graded and scene else None
        self.patient.set_scene(self.t_s, intensity, None if graded else pace_per_min)
        beats = self.patient.advance(self.t_s)
        if self.strap_on:
            self.feed(PacketArrived(packet_hex(beats.bpm, beats.rr_ticks, beats.contact)))
        if self.player_obeys:
            self.feed(self.said())

    def said(self) -> PlayerSaid:
        """What an obedient player would say now."""
        scene = self.shown
        latched = self.latch is not None or scene is None
        return PlayerSaid(
            scene=self.setup.protocol.calm.scene if latched or scene is None else scene.scene,
            intensity_0to1=0.0 if latched or scene is None else scene.intensity_0to1,
            scene_time_s=self.t_s,
            latch=self.latch,
            latch_id=self.latch_id,
            head_worn=True,
            head_tracked=True,
            frames_in_budget=True,
        )

    def _react(self, output: Output) -> None:
        match output:
            case SetScene():
                self.shown = output
                if output.latch and self.latch is None:
                    self._latch("commanded")
            case Unlatch() if output.latch_id == self.latch_id:
                self.latch = None
                self.due.append((self.t_s + 0.25, self.said()))
            case AskPatient() if self.answers:
                self._answer(output)
            case _:
                pass

    def _latch(self, reason: str) -> None:
        self.latch, self.latch_id = reason, self.latch_id + 1

    def _answer(self, asked: AskPatient) -> None:
        self.due.append((self.t_s + 0.5, PanelAppeared(asked.panel_id)))
        if asked.panel == "message":
            self.due.append((self.t_s + 4.0, Stopped("calm-disc", self.latch_id + 1)))
            self.latch, self.latch_id = "patient-stop", self.latch_id + 1
            return
        answer = self.patient.answer(asked.panel, self.t_s)
        if answer is not None:
            self.due.append((self.t_s + 1.0 + answer.delay_s, Answered(asked.panel_id, asked.panel, answer.answer)))


def rehearsal(
    protocol: str | Protocol = "heights-first", seed: int = 1, stratum: Stratum = Stratum.LOW_THRESHOLD, **setup: object
) -> Rehearsal:
    """A session with a virtual patient, not begun yet."""
    loaded = load_protocol(protocol).protocol if isinstance(protocol, str) else protocol
    fixed = SessionSetup(protocol=loaded, age_years=40, event_names=("gust", "birds"), **setup)  # type: ignore[arg-type]
    return Rehearsal(fixed, VirtualPatient(seed, stratum))


def climb(session: Rehearsal, level: int) -> Rehearsal:
    """Rate low, and answer nothing else, until a level is reached."""
    session.answers = False
    limit_s = session.t_s + 600.0
    while session.state.place.current_0to1 < level / 10 and session.t_s < limit_s:
        session.run(session.t_s + 12.0)
        session.rate(20)
    assert round(session.state.place.current_0to1 * 10) == level
    return session


__all__ = [
    "PhaseChanged",
    "Rated",
    "Rehearsal",
    "Speak",
    "TakePanelAway",
    "Therapist",
    "climb",
    "packet_hex",
    "rehearsal",
]
