"""How long the look at the breath takes, which the loop pays for once a second."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from therapy.signals.beats import Beat
from therapy.signals.rhythm import RhythmState, add_beats, breath_view


def test_a_look_at_the_breath(benchmark: BenchmarkFixture) -> None:
    state = RhythmState()
    for number in range(120):
        state = add_beats(state, (Beat(0.75 * (number + 1), 768 + number % 7, True, False),))
    view = benchmark(breath_view, state, 90.5)
    assert view.covers_s >= 60.0
    assert benchmark.stats.stats.median <= 400e-6
