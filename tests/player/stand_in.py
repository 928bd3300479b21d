"""Manifests and helpers for tests of the player's pure parts."""

from __future__ import annotations

from typing import TypeVar

from environments.contract import Command, SceneCommand
from environments.player_input import FromPatient, Inputs, Received, SessionCame
from environments.player_model import Rules, State, Turn, first_state
from environments.player_state import step
from environments.scenes.manifest import Level, Parameter, SceneManifest

FRAME_S = 1.0 / 30.0
R = TypeVar("R")

SHORE = SceneManifest(
    "shore",
    "Shore",
    "calm",
    (Parameter("pace_per_min", "1/min", "breaths", 0.0, 0.0, 12.0), Parameter("swell", "", "swell", 0.2, 0.0, 1.0)),
    (),
    {"gulls": "gulls pass"},
)


def _level(number: int) -> Level:
    railing = "wall" if number < 6 else "none"
    return Level(number, f"level {number}", {"height_m": 12.0 * number, "wind": number / 10.0, "railing": railing})


HEIGHTS = SceneManifest(
    "heights",
    "Heights",
    "exposure",
    (
        Parameter("height_m", "m", "height", 0.0, 0.0, 120.0, max_rate_per_s=6.0),
        Parameter("wind", "", "wind", 0.0, 0.0, 1.0),
        Parameter("railing", "", "railing", "wall", choices=("wall", "none")),
        Parameter("hour", "h", "time of day", 12.0, 0.0, 24.0),
    ),
    tuple(_level(number) for number in range(11)),
    {"gust": "a gust"},
)
MANIFESTS = {"shore": SHORE, "heights": HEIGHTS}
RULES = Rules(MANIFESTS)


def scene(
    sequence: int, intensity_0to1: float, ramp_s: float = 3.0, name: str = "heights", **rest: object
) -> SceneCommand:
    """A scene command; `rest` are its other fields."""
    return SceneCommand(sequence, name, intensity_0to1, ramp_s, **rest)  # type: ignore[arg-type]


class Bench:
    """Steps the state machine frame by frame and keeps every report and every state."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.state: State = first_state(100.0, rules)
        self.reports: list[object] = []
        self.seen: list[State] = []
        self.frame(came=True)

    def frame(
        self,
        *commands: Command,
        patient: FromPatient | None = None,
        dt_s: float = FRAME_S,
        came: bool = False,
        fault: str | None = None,
    ) -> State:
        """One frame with these commands; returns the new state."""
        wall_s = self.state.wall_s + dt_s
        arrived = tuple(Received(wall_s, command) for command in commands)
        inputs = Inputs(
            wall_s,
            ((SessionCame(),) if came else ()) + arrived,
            patient or FromPatient(head=self.state.head),
            drawing_fault=fault,
        )
        turn: Turn = step(self.state, inputs, self.rules)
        self.state = turn[0]
        self.reports += turn[1]
        self.seen.append(self.state)
        return self.state

    def run(self, for_s: float, command: Command | None = None, patient: FromPatient | None = None) -> State:
        """Frames for `for_s` wall seconds; `command` is sent again with each of them."""
        for _ in range(round(for_s / FRAME_S)):
            self.frame(*(() if command is None else (command,)), patient=patient)
        return self.state

    def told(self, kind: type[R]) -> list[R]:
        """The reports of one kind."""
        return [report for report in self.reports if isinstance(report, kind)]
