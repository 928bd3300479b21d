"""The frame loop: takes what arrived, steps the state, draws, tells the session."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environments.contract import GazeInput, KeyInput, Recentre, Refused
from environments.display.base import Display
from environments.interact import keys
from environments.interact.overlay import Overlay
from environments.link import Link
from environments.player_draw import Drawing
from environments.player_input import FromLink, Inputs, Received, SessionCame
from environments.player_model import Rules, State, Turn, restored
from environments.player_pace import IDLE_FPS, Pace, SteadyPace, wait_s
from environments.player_reports import Reporter
from environments.player_sound import PlayerSound
from environments.player_state import step

COMFORTABLE_FPS = 15.0
"""Below this the picture is drawn coarser where that helps (an engineering default)."""


@dataclass(slots=True)
class Frames:
    """Runs the player until it is over; `is_told_to_end` is asked once a frame."""

    display: Display
    drawing: Drawing
    overlay: Overlay
    link: Link
    rules: Rules
    fps: float
    capture_dir: Path | None
    is_told_to_end: Callable[[], bool]
    on_frame: Callable[[], None]
    faults: tuple[str, ...] = ()
    """What is known not to be drawable; every session is told when it comes, before it wants to show it."""
    sound: PlayerSound | None = None
    captures: int = 0

    def run(self, state: State) -> State:
        """Frame after frame; returns the last state."""
        reporter = Reporter(1000.0 / self.display.slowest_fps)
        pace: Pace | SteadyPace = Pace(0.75 * 1000.0 / COMFORTABLE_FPS)
        if not self.display.head_is_simulated:
            pace = SteadyPace(reporter.budget_ms)
        fault: str | None = None
        was_loading = True
        while not state.is_over:
            began_s = time.monotonic()
            from_link = self.link.take()
            inputs = self._inputs(began_s, from_link, fault)
            is_still = not from_link and _is_still(state)
            state, reports = safe_step(state, inputs, self.rules)
            for report in reports:
                self.link.send(report)
            if self.sound is not None:
                self._sound(self.sound, state, from_link, began_s)
            is_loading = self.drawing.is_new(state)
            fault = self.drawing.frame(state)
            finished_s = time.monotonic()
            self.on_frame()
            took_ms, counts = self._took_ms((finished_s - began_s) * 1000.0, was_loading, is_loading)
            reporter.budget_ms = 1000.0 / self.display.slowest_fps
            was_loading = is_loading
            if any(isinstance(what, SessionCame) for what in from_link):
                reporter.again()
                self._tell_faults()
            for told in reporter.frame(state, finished_s, took_ms, not counts or state.shown.fade_0to1 >= 1.0):
                self.link.send(told)
            self._after(from_link)
            if counts and pace.frame(took_ms):
                self.drawing.scale(pace.scale)
            self._rest(began_s, is_still)
        return state

    def _took_ms(self, wall_ms: float, was_loading: bool, is_loading: bool) -> tuple[float, bool]:
        """How long a frame took, and whether it counts.

        A headset tells how long the frame before was shown; frames that nobody is shown do not count.
        """
        if self.display.head_is_simulated:
            return wall_ms, not is_loading
        shown_ms = self.display.frame_ms
        return shown_ms or 0.0, shown_ms is not None and not was_loading

    def _sound(self, sound: PlayerSound, state: State, from_link: tuple[FromLink, ...], wall_s: float) -> None:
        sound.hear(from_link)
        sound.frame(state, wall_s)
        for told in sound.reports():
            self.link.send(told)

    def _tell_faults(self) -> None:
        for known in self.faults:
            self.link.send(Refused("draw", known))

    def _inputs(self, wall_s: float, from_link: tuple[FromLink, ...], fault: str | None) -> Inputs:
        for what in from_link:
            if isinstance(what, Received) and isinstance(what.command, GazeInput):
                self.display.look(what.command.yaw_deg, what.command.pitch_deg)
            if isinstance(what, Received) and isinstance(what.command, Recentre):
                self.display.recentre()
        return Inputs(wall_s, from_link, self.display.poll(wall_s), fault, self.is_told_to_end())

    def _after(self, from_link: tuple[FromLink, ...]) -> None:
        """What may cost time is done when the frame is out."""
        self.overlay.prepare()
        for what in from_link:
            if isinstance(what, Received) and what.command == KeyInput(keys.CAPTURE):
                self._capture()

    def _capture(self) -> None:
        if self.capture_dir is None:
            self.link.send(Refused("key-input", "pictures are not kept: no capture directory is set"))
            return
        self.captures += 1
        try:
            self.drawing.save(self.capture_dir / f"{self.captures:04d}.png")
        except OSError as error:
            self.link.send(Refused("key-input", f"the picture cannot be saved: {error}"))

    def _rest(self, began_s: float, is_still: bool) -> None:
        """Wait for the next frame or a command; when only the scene moves, an unseen display draws less often."""
        if self.display.sets_pace:
            return
        fps = IDLE_FPS if is_still and not self.display.has_window else self.fps
        self.link.wait(wait_s(began_s, time.monotonic(), fps))


def safe_step(state: State, inputs: Inputs, rules: Rules) -> Turn:
    """One step; whatever fails in it, the patient gets the calm scene, held."""
    try:
        return step(state, inputs, rules)
    except Exception as error:  # noqa: BLE001 - the patient must not stay where a fault of the player's own happened
        return restored(state, inputs.wall_s, rules), (Refused("step", f"{type(error).__name__}: {error}"),)


def _is_still(state: State) -> bool:
    shown, asked = state.shown, state.asked
    moves = shown.ramp is not None or shown.pending is not None or shown.fade_0to1 > 0.0 or state.is_ending
    asks = asked.panel is not None or asked.farewell is not None or asked.guide is not None or state.play.aims
    return not moves and not asks and asked.disc_dwell.held_s == 0.0
