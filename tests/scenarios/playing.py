"""Plays a scenario through the real session engine under a virtual clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from protocols.loader import load_protocol
from protocols.schema import Protocol
from tests.scenarios.reading import CLOCK, HEART, Happening, Scenario
from tests.session.rehearsal import TICK_S, Rehearsal, packet_hex
from therapy.cli.therapist_input import parse
from therapy.control.decision import Decision
from therapy.patient.model import PatientAnswer
from therapy.sensing.heart import HeartBeatBatch
from therapy.session.events import (
    Decided,
    Fault,
    FaultKind,
    LinkState,
    Noticed,
    PacketArrived,
    PlayerGone,
    SensorLink,
    Stopped,
    Tick,
)
from therapy.session.state import SessionSetup

TICKS_PER_S = 1024
FASTEST_CHANGE_BPM_PER_S = 3.0
RESTING_SUDS = 10
ANSWER_S = 4.0
ANSWERS_S = {"none": None, "after 5 s": ANSWER_S, "after 25 s": 24.0}
"""A panel takes a second to appear before these begin."""

TO_EXPOSURE_S = 600.0
SENDS = {
    "sends zero": packet_hex(0, contact=False),
    "sends nonsense": "16",
    "sends impossible beats": packet_hex(70, (1, 65535)),
}


@dataclass
class ScriptedPatient:
    """A patient whose heart rate and answers are those of the scenario.

    The rate moves towards `wanted_bpm` by at most 3 bpm a second, with the texture of a resting heart:
    2 % with the breath and 1.5 % at 0.1 Hz; a flat one has none.
    """

    wanted_bpm: float
    suds: int = RESTING_SUDS
    expects_percent: int = 70
    answer_after_s: float | None = ANSWER_S
    flat: bool = False
    fear_0to100: float = 0.0
    _bpm: float = field(init=False)
    _beat_s: float = 0.0

    def __post_init__(self) -> None:
        self._bpm = self.wanted_bpm

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        """What is seen changes nothing here."""

    def move(self, t_s: float, speed_m_s: float) -> None:
        """Nor does moving."""

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        """What the scenario has the patient rate and expect."""
        if panel != "suds":
            return PatientAnswer(self.expects_percent if panel == "expectancy" else 0, ANSWER_S)
        return None if self.answer_after_s is None else PatientAnswer(self.suds, self.answer_after_s)

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The beats since the last call, second by second."""
        away_bpm = self.wanted_bpm - self._bpm
        self._bpm += math.copysign(min(abs(away_bpm), FASTEST_CHANGE_BPM_PER_S), away_bpm)
        ticks: list[int] = []
        while self._beat_s + 60.0 / self._bpm <= t_s:
            interval_s = round(60.0 / self._rate_at(self._beat_s) * TICKS_PER_S) / TICKS_PER_S
            self._beat_s += interval_s
            ticks.append(round(interval_s * TICKS_PER_S))
        return HeartBeatBatch(round(self._bpm), tuple(ticks), contact=True)

    def _rate_at(self, t_s: float) -> float:
        breath = 0.02 * math.sin(2.0 * math.pi * 0.25 * t_s)
        slow = 0.015 * math.sin(2.0 * math.pi * 0.1 * t_s)
        return self._bpm if self.flat else self._bpm * (1.0 + breath + slow)


@dataclass
class Played:
    """What came of a scenario: decisions and notices by seconds from the beginning of the exposure."""

    decisions: list[tuple[float, Decision]]
    notices: list[tuple[float, Noticed]]


def play(scenario: Scenario) -> Played:
    """Play a scenario to its end."""
    return Play(scenario).to_the_end()


class Play:
    """One scenario on its way."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.patient = ScriptedPatient(float(scenario.patient.heart))
        self.session = Rehearsal(_setup(scenario), self.patient)
        self.each_second: Callable[[], None] | None = None
        self._played_s = 0.0
        self._heard = 0
        self._played = Played([], [])

    def to_the_end(self) -> Played:
        """Through baseline and expectation, then through the timeline."""
        session = self.session
        session.begin().run_to("expectation", TO_EXPOSURE_S)
        at_first = [one for one in self._scenario.timeline if one.at == 0.0 and one.is_of_the_patient]
        for happening in at_first:
            _happen(self, happening)  # the exposure begins with a question, and so with how the patient is
        session.run_to("exposure", TO_EXPOSURE_S)
        self._heard = len(session.outputs)
        session.on_tick = self._tick
        for happening in self._scenario.timeline:
            self._run_to(happening.at)
            if happening not in at_first:
                _happen(self, happening)
            self._hear()
        self._run_to(self._scenario.until)
        return self._played

    def _run_to(self, at_s: float) -> None:
        while self._played_s < at_s and not self.session.ended:
            self._played_s += TICK_S
            self.session.run(self.session.t_s + TICK_S)

    def _tick(self, session: Rehearsal) -> None:
        if self.each_second is not None and session.t_s % 1.0 == 0.0:
            self.each_second()
        self._hear()

    def _hear(self) -> None:
        """Keep what came out with the seconds that passed, whatever the session's clock says."""
        for _, output in self.session.outputs[self._heard :]:
            if isinstance(output, Decided):
                self._played.decisions.append((self._played_s, output.decision))
            elif isinstance(output, Noticed):
                self._played.notices.append((self._played_s, output))
        self._heard = len(self.session.outputs)


def _setup(scenario: Scenario) -> SessionSetup:
    patient = scenario.patient
    document = load_protocol(scenario.protocol).protocol.model_dump()
    return SessionSetup(
        protocol=Protocol.model_validate({**document, "steps": {**document["steps"], **scenario.steps}}),
        age_years=patient.age,
        suds_only=patient.ratings_only,
        tolerated_0to1=patient.tolerated / 10,
        event_names=("gust", "birds"),
        stage=patient.stage,
        patient_limit_0to1=patient.limit / 10,
    )


def _happen(play_: Play, happening: Happening) -> None:
    """From now on the patient is so, or this happens to the session now."""
    patient = play_.patient
    match happening:
        case Happening(heart=str(words)) if found := HEART.fullmatch(words):
            patient.wanted_bpm, patient.flat = float(found[1]), found[2] is not None
        case Happening(distress=int(suds)):
            patient.suds = suds
        case Happening(expects=int(percent)):
            patient.expects_percent = percent
        case Happening(answers=str(words)):
            patient.answer_after_s = ANSWERS_S[words]
        case _:
            _happen_to(play_, happening)


def _happen_to(play_: Play, happening: Happening) -> None:
    session = play_.session
    match happening:
        case Happening(strap=str(words)):
            _strap(play_, words)
        case Happening(rating=int(suds)):
            session.rate(suds)
        case Happening(patient="stops"):
            session.latch, session.latch_id = "patient-stop", session.latch_id + 1
            session.feed(Stopped("calm-disc", session.latch_id))
        case Happening(therapist=str(line)) if (command := parse(line)) is not None:
            session.feed(command)
        case Happening(clock=str(words)):
            _clock(session, words)
        case Happening(display="lost"):
            session.feed(PlayerGone("its process ended"))
        case Happening(display="headset off"):
            session.feed(replace(session.said(), head_worn=False))
        case Happening(record="fails"):
            session.feed(Fault(FaultKind.STORE, "disk full"))
        case _:
            raise AssertionError(f"nobody knows how to play {happening}")


def _strap(play_: Play, words: str) -> None:
    """From now on the strap does this."""
    session = play_.session
    play_.each_second = None
    session.strap_on = words in ("back", "repeats")
    if words == "lost":
        session.feed(SensorLink(LinkState.LOST))
    elif words == "back":
        session.feed(SensorLink(LinkState.CONNECTED))
    elif words == "repeats":
        play_.each_second = lambda: _again(session)
    else:
        play_.each_second = lambda: _send(session, SENDS[words])


def _send(session: Rehearsal, data_hex: str) -> None:
    session.feed(PacketArrived(data_hex))


def _again(session: Rehearsal) -> None:
    """The last packet once more."""
    last = next(event for _, event in reversed(session.journal) if isinstance(event, PacketArrived))
    session.feed(last)


def _clock(session: Rehearsal, words: str) -> None:
    found = CLOCK.fullmatch(words)
    assert found is not None
    now_s = session.t_s
    if found[1] is None:
        session.t_s = math.nan
        session.feed(Tick())
        session.t_s = now_s
    else:
        session.t_s = now_s + (float(found[1]) if found[2] == "ahead" else -float(found[1]))
