"""How long one step of the whole engine takes: signals, policy, guard, session."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

from tests.session import rehearsal as rehearsals
from tests.session.rehearsal import rehearsal
from therapy.session.engine import step
from therapy.session.events import Tick


def test_a_tick_in_the_middle_of_an_exposure(benchmark: BenchmarkFixture) -> None:
    session = rehearsal(seed=1).begin().run_to("exposure")
    session.run(session.t_s + 120.0)
    state, outputs = benchmark(step, session.setup, session.state, Tick(), session.t_s + 0.25)
    assert outputs
    assert state.t_s > session.t_s


def test_the_median_over_the_steps_of_a_session(monkeypatch: Any) -> None:
    took_s: dict[str, list[float]] = {}

    def timed(*arguments: Any) -> Any:
        begun_s = time.perf_counter()
        result = step(*arguments)
        took_s.setdefault(type(arguments[2]).__name__, []).append(time.perf_counter() - begun_s)
        return result

    monkeypatch.setattr(rehearsals, "step", timed)
    rehearsal(seed=1).begin().run(1200.0)
    for event in ("Tick", "PacketArrived", "PlayerSaid"):
        print(f"{event}: {len(took_s[event])} steps, median {1e6 * median(took_s[event]):.0f} us")
    assert took_s
