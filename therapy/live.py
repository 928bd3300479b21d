"""A running session: the one place where events from devices, player and people meet the pure engine.

Everything here happens on one asyncio loop.  Each event is stamped with session time, written to the
record, folded into the state; each output is written to the record and carried out.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Protocol

from environments.contract import (
    BreathingGuide,
    Command,
    FireEvent,
    FrameStatistics,
    HeadPoses,
    HidePanel,
    PanelAnswered,
    PanelKind,
    PanelShown,
    PatientStopped,
    PlayerReady,
    PlayerState,
    Recentre,
    Refused,
    ReleaseLatch,
    Report,
    Say,
    SceneCommand,
    ShowPanel,
    SoundState,
)
from therapy.clock import Clock
from therapy.errors import PlayerError
from therapy.hearing import sound_commands, subtitle_s
from therapy.reading_back import heard_of, is_news, said_of
from therapy.session.engine import current_scene, step
from therapy.session.events import (
    AdjustSound,
    Answered,
    AskPatient,
    Event,
    FaceAhead,
    Fault,
    FaultKind,
    GuideBreath,
    HeadMoved,
    LinkState,
    Output,
    PanelAppeared,
    PlayerBack,
    PlayerGone,
    PlayerRefused,
    SensorLink,
    SessionEnded,
    SetScene,
    Speak,
    Stimulate,
    Stopped,
    TakePanelAway,
    Tick,
    Unlatch,
)
from therapy.session.hearing import PLAIN, Hearing, adjusted
from therapy.session.state import SessionSetup, SessionState
from therapy.signals.movement import mean_speed_m_s
from therapy.store.recorder import Recorder

TICK_S = 0.25
SAID_EVERY_S = 1.0
SILENT_WALL_S = 4.0
MOST_PER_FRAME_S = 2.5
"""Session seconds that may pass in one frame of the player when time runs faster than life."""


class Player(Protocol):
    """The way to the player."""

    def send(self, command: Command) -> None:
        """Send without waiting; `PlayerError` when the player is gone or does not keep up."""
        ...


class LiveSession:
    """Feeds the engine and carries out what it says.

    `on_output` hears every output after it was recorded and carried out; `on_report` every report.
    """

    def __init__(
        self,
        setup: SessionSetup,
        clock: Clock,
        recorder: Recorder,
        player: Player,
        *,
        seed: int = 0,
        hearing: Hearing = PLAIN,
    ) -> None:
        self.setup = setup
        self.state = SessionState()
        self.clock = clock
        self.hearing = hearing
        self.ended = asyncio.Event()
        self.on_output: list[Callable[[float, Output], None]] = []
        self.on_report: list[Callable[[Report], None]] = []
        self.on_silence: list[Callable[[str], None]] = []
        self._recorder = recorder
        self._player = player
        self._seed = seed
        self._begun_s = clock.now_s()
        self._seq = 0
        self._command_sequence = 0
        self._said: PlayerState | None = None
        self._said_at_s = 0.0
        self._broken = False
        self._heard_wall_s: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the engine itself failed, so that its state cannot be trusted."""
        return self._broken

    def now_s(self) -> float:
        """Session time: seconds since the session began."""
        return self.clock.now_s() - self._begun_s

    def feed(self, event: Event) -> None:
        """Take one event in.  An exception inside the engine becomes a fault, and the calm scene."""
        if self.ended.is_set():
            return
        t_s = self.now_s()
        seq = self._seq
        self._seq += 1
        self._recorder.append_event(seq, t_s, event)
        try:
            self.state, outputs = step(self.setup, self.state, event, t_s)
        except Exception as error:  # noqa: BLE001 - whatever failed, the patient goes to the calm scene
            self._engine_failed(error, event)
            return
        for output in outputs:
            self._recorder.append_output(seq, t_s, output)
        try:
            for output in outputs:
                self._carry_out(output)
            if isinstance(event, Tick):
                self._renew()
        except Exception as error:  # noqa: BLE001 - what cannot be carried out must not stop the loop
            self._engine_failed(error, event)
        for output in outputs:
            self._tell(self.on_output, t_s, output)

    async def tick(self) -> None:
        """Step the loop four times a second of session time, until the session has ended."""
        next_s = self.clock.now_s()
        while not self.ended.is_set():
            self._watch_player()
            self.feed(Tick())
            next_s = max(next_s + TICK_S, self.clock.now_s())
            await self.clock.sleep_until(next_s)

    def hear_player(self, report: Report) -> None:
        """Take a report of the player in."""
        t_s = self.now_s()
        self._heard_wall_s = time.monotonic()
        match report:
            case PlayerState():
                self._hear_state(report, t_s)
            case PanelShown():
                self.feed(PanelAppeared(report.panel_id))
            case PanelAnswered():
                self.feed(Answered(report.panel_id, report.panel.value, report.answer))
            case PatientStopped():
                self.feed(Stopped(report.source.value, report.latch_id))
            case FrameStatistics():
                self.clock.limit(report.frames * MOST_PER_FRAME_S)
                self._recorder.append_frames(t_s, report)
            case HeadPoses():
                self._recorder.append_poses(t_s, report.poses)
                if (speed_m_s := mean_speed_m_s(report.poses)) is not None:
                    self.feed(HeadMoved(speed_m_s))
            case Refused():
                self.feed(PlayerRefused(report.command, report.reason))
            case PlayerReady():
                self.feed(PlayerBack())
                self._set_sound()
            case SoundState():
                self.feed(heard_of(report))
        self._tell(self.on_report, report)

    def _watch_player(self) -> None:
        """A player that says nothing shows a frozen picture and hears no stop: it is as good as gone."""
        wall_s = time.monotonic()
        if self._heard_wall_s is not None and wall_s - self._heard_wall_s > SILENT_WALL_S:
            self._heard_wall_s = None
            self._tell(self.on_silence, f"it has said nothing for {SILENT_WALL_S:g} s")

    def _tell(self, listeners: list[Callable[..., None]], *what: object) -> None:
        """Tell everyone who listens; one who fails is left out from then on, and the session goes on."""
        for hear in tuple(listeners):
            try:
                hear(*what)
            except Exception as error:  # noqa: BLE001 - a broken terminal must not stop the loop
                listeners.remove(hear)
                self.feed(Fault(FaultKind.LISTENER, f"{type(error).__name__}: {error}"))

    def player_gone(self, detail: str) -> None:
        """The link broke or the process ended."""
        self._heard_wall_s = None
        self.feed(PlayerGone(detail))

    def break_off(self, detail: str) -> None:
        """The loop itself is broken: the calm scene, and the end."""
        self._broken = True
        self._send_calm()
        self._recorder.append_event(self._seq, self.now_s(), Fault(FaultKind.EXCEPTION, detail))
        self.ended.set()

    def sensor_failed(self, detail: str) -> None:
        """The sensor gave up; without packets the signal goes stale by itself."""
        self.feed(SensorLink(LinkState.CLOSED, detail))

    def store_failed(self, reason: str) -> None:
        """The record cannot be written."""
        self.feed(Fault(FaultKind.STORE, reason))

    def _engine_failed(self, error: Exception, event: Event) -> None:
        if self._broken:
            self._send_calm()
            self.ended.set()
            return
        self._broken = True
        self._send_calm()
        self.feed(Fault(FaultKind.EXCEPTION, f"{type(error).__name__} at {type(event).__name__}: {error}"))

    def _hear_state(self, report: PlayerState, t_s: float) -> None:
        if not is_news(report, self._said) and t_s - self._said_at_s < SAID_EVERY_S:
            return
        self._said, self._said_at_s = report, t_s
        self.feed(said_of(report))

    def _carry_out(self, output: Output) -> None:
        match output:
            case SetScene():
                self._show(output)
            case AskPatient():
                self._send(ShowPanel(output.panel_id, PanelKind(output.panel), output.text))
            case TakePanelAway():
                self._send(HidePanel(output.panel_id))
            case Speak():
                self._send(Say(output.text, subtitle_s(output.text)))
            case GuideBreath():
                self._send(BreathingGuide(output.pace_per_min))
            case FaceAhead():
                self._send(Recentre())
            case AdjustSound():
                self.hearing = adjusted(self.hearing, output.words) or self.hearing
                self._set_sound()
            case Stimulate():
                self._send(FireEvent(output.name))
            case Unlatch():
                self._send(ReleaseLatch(output.latch_id))
            case SessionEnded():
                self.ended.set()

    def _renew(self) -> None:
        """Send what should be seen again: this is what keeps the lease."""
        self._show(current_scene(self.setup, self.state))

    def _show(self, scene: SetScene) -> None:
        self._command_sequence += 1
        self._send(
            SceneCommand(
                sequence=self._command_sequence,
                scene=scene.scene,
                intensity_0to1=scene.intensity_0to1,
                ramp_s=scene.ramp_s,
                seed=self._seed,
                overrides=dict(scene.overrides) or None,
                latch=scene.latch,
                speed=self.clock.speed,
            )
        )

    def _set_sound(self) -> None:
        for command in sound_commands(self.setup.protocol, self.hearing):
            self._send(command)

    def _send_calm(self) -> None:
        calm = self.setup.protocol.calm
        self._show(SetScene(calm.scene, 0.0, 1.0, calm.override_pairs, latch=True))

    def _send(self, command: Command) -> None:
        # A player that is gone says so through `player_gone`; one that hears nothing is on its way to calm by itself.
        with contextlib.suppress(PlayerError):
            self._player.send(command)
