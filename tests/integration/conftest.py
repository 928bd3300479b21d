"""Real parts: a real player process, real bleak over the virtual link, a real database file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from environments.contract import PlayerState, Report
from protocols.loader import LoadedProtocol, parse_protocol
from therapy.app import Listeners, Running, SessionResult, run_session
from therapy.preparation import SessionOptions
from therapy.sensing.virtual import VirtualSensor
from therapy.session.events import Noticed, Output, Phase, PhaseChanged
from therapy.store.paths import database_path
from therapy.store.people import People
from therapy.store.screening import CHECKLIST

CODE = "IT-001"
WITHIN_S = 90.0


def data_folder(parent: Path) -> Path:
    """A data folder with one patient who may have a session."""
    data = parent / "data"
    data.mkdir()
    with People(database_path(data)) as people:
        people.register_patient(CODE, 1985)
        people.record_consent(CODE, "test")
        people.record_screening(CODE, {item.id: False for item in CHECKLIST}, "test")
    return data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return data_folder(tmp_path)


QUICK = "enclosed-first"
"""The place that costs the software rasteriser the least; what is tested does not depend on it."""


def quick_text(exposure_s: float = 600.0, name: str = QUICK) -> str:
    """A first session with its waiting times shortened as far as the schema lets them be."""
    text = Path(f"protocols/library/{name}.yaml").read_text(encoding="utf-8")
    for slow, quick in (
        ("baseline: {duration_s: 240, discard_s: 60", "baseline: {duration_s: 150, discard_s: 30"),
        ("exposure: {duration_s: 1260}", f"exposure: {{duration_s: {exposure_s:g}}}"),
        ("recovery: {duration_s: 240}", "recovery: {duration_s: 120}"),
    ):
        assert slow in text
        text = text.replace(slow, quick, 1)
    return text


def quick_protocol(exposure_s: float = 600.0, name: str = QUICK) -> LoadedProtocol:
    """The quick session, read as any protocol file is."""
    return parse_protocol(quick_text(exposure_s, name), f"{name}.yaml", stem=name)


def quick_options(folder: Path, **changes: object) -> SessionOptions:
    """The quick session, twenty times faster, seen by nobody."""
    fixed: dict[str, object] = {
        "protocol": quick_protocol(),
        "patient_code": CODE,
        "sensor": "virtual",
        "display": "offscreen",
        "speed": 20.0,
        "seed": 25,
        "folder": folder,
        "size_px": (96, 54),
        "capture": folder.parent / "seen",
    }
    return SessionOptions(**{**fixed, **changes})  # type: ignore[arg-type]


@dataclass
class Watched:
    """A session in this process that a test watches and disturbs."""

    options: SessionOptions
    running: Running | None = None
    outputs: list[tuple[float, Output]] = field(default_factory=list)
    states: list[PlayerState] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[SessionResult] | None = None

    def start(self) -> Watched:
        """Begin; returns at once."""
        listeners = Listeners(on_start=self._started, on_output=self._output, on_report=self._report)
        self.task = asyncio.create_task(run_session(self.options, listeners))
        self.task.add_done_callback(lambda _: self.changed.set())
        return self

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; fails with the session's own error if it ends first."""
        async with asyncio.timeout(WITHIN_S):
            while not condition():
                assert self.task is not None
                if self.task.done():
                    self.task.result()
                    raise AssertionError("the session ended before that")
                self.changed.clear()
                await self.changed.wait()

    async def until_phase(self, phase: Phase) -> None:
        """Wait for a phase."""
        await self.until(lambda: any(isinstance(one, PhaseChanged) and one.after is phase for _, one in self.outputs))

    async def until_notice(self, code: str) -> None:
        """Wait for a notice."""
        await self.until(lambda: code in self.notices)

    async def until_shown(self, condition: Callable[[PlayerState], bool]) -> PlayerState:
        """Wait until the player's newest state is so."""
        await self.until(lambda: bool(self.states) and condition(self.states[-1]))
        return self.states[-1]

    async def result(self) -> SessionResult:
        """How it ended."""
        assert self.task is not None
        async with asyncio.timeout(WITHIN_S):
            return await self.task

    @property
    def notices(self) -> list[str]:
        """Every notice's code so far."""
        return [one.code.value for _, one in self.outputs if isinstance(one, Noticed)]

    @property
    def live(self) -> Running:
        """The running session."""
        assert self.running is not None
        return self.running

    @property
    def strap(self) -> VirtualSensor:
        """The virtual strap's sensor."""
        sensor = self.live.sensor
        assert isinstance(sensor, VirtualSensor)
        return sensor

    def _started(self, running: Running) -> None:
        self.running = running
        self.changed.set()

    def _output(self, t_s: float, output: Output) -> None:
        self.outputs.append((t_s, output))
        self.changed.set()

    def _report(self, report: Report) -> None:
        if isinstance(report, PlayerState):
            self.states.append(report)
            self.changed.set()


@pytest.fixture
async def watched(folder: Path) -> AsyncIterator[Callable[..., Watched]]:
    """Makes sessions; stops what still runs afterwards."""
    made: list[Watched] = []

    def make(**changes: object) -> Watched:
        session = Watched(quick_options(folder, **changes))
        made.append(session)
        return session.start()

    yield make
    for session in made:
        if session.task is not None and not session.task.done():
            session.task.cancel()
            await asyncio.gather(session.task, return_exceptions=True)
