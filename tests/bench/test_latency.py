"""From a strap's notification to the frame that shows the decision it caused, across both processes, at speed 1."""

from __future__ import annotations

import asyncio
import time
from statistics import median

from environments.contract import PlayerState, SceneCommand
from tests.session.rehearsal import rehearsal
from therapy.clock import MonotonicClock
from therapy.patient.virtual import VirtualPatient
from therapy.player_link import PlayerLink, PlayerSettings
from therapy.sensing.sensor import open_sensor
from therapy.session.engine import current_scene, step
from therapy.session.events import Event, PacketArrived
from therapy.session.state import SessionState

PACKETS = 25


async def measure() -> list[float]:
    """Milliseconds from each packet's arrival through the engine to the finished frame of its command."""
    setup = rehearsal(seed=1).setup
    sent_s: dict[int, float] = {}
    took_ms: list[float] = []
    state = SessionState()
    enough = asyncio.Event()

    def report(said: object) -> None:
        if isinstance(said, PlayerState):
            for sequence in [one for one in sent_s if one <= said.sequence]:
                took_ms.append(1000.0 * (said.applied_monotonic_s - sent_s.pop(sequence)))
            if len(took_ms) >= PACKETS:
                enough.set()

    link = PlayerLink(report, print)
    await link.start(PlayerSettings(display="offscreen", width_px=96, height_px=54))
    clock = MonotonicClock()
    sensor = await open_sensor("virtual", clock, VirtualPatient(1))
    count = 0

    def feed(event: Event) -> None:
        nonlocal state, count
        arrived_s = time.monotonic()
        state, _ = step(setup, state, event, clock.now_s())
        if isinstance(event, PacketArrived):
            count += 1
            scene = current_scene(setup, state)
            sent_s[count] = arrived_s
            link.send(SceneCommand(count, scene.scene, scene.intensity_0to1, scene.ramp_s))

    running = asyncio.create_task(sensor.run(feed))
    async with asyncio.timeout(120.0):
        await enough.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await link.close()
    return took_ms


def test_notification_to_applied_decision() -> None:
    took_ms = sorted(asyncio.run(measure()))
    print(f"{len(took_ms)} packets: median {median(took_ms):.1f} ms, slowest {took_ms[-1]:.1f} ms")
    assert took_ms
