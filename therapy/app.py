"""The composition root: the one place that knows concrete sensors, players, recorders and patients.

`run_session` takes a session from its checks to its sealed record.  Whatever happens on the way, the
player is left in the calm scene or closed, and the record is ended or can be told to be interrupted.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace

from environments.contract import PlayerReady, Report
from therapy.actor import VirtualActor
from therapy.clock import Clock, make_clock
from therapy.errors import AcclimateError, DeviceMissing
from therapy.history import last_strap
from therapy.live import LiveSession
from therapy.patient.virtual import VirtualPatient
from therapy.player_keeper import PlayerKeeper, PlayerWishes, has_headset
from therapy.preparation import HEADSET, SessionOptions, check, setup_as_json, what_is_simulated
from therapy.sensing.identity import this_platform
from therapy.sensing.sensor import Sensor, open_sensor
from therapy.session.events import Fault, FaultKind, Outcome, Output, Therapist, TherapistAction
from therapy.session.phases import outcome_of
from therapy.session.state import SessionSetup
from therapy.store.paths import data_folder
from therapy.store.recorder import Recorder
from therapy.store.records import SessionInfo

GOODBYE_WALL_S = 1.2
GOODBYE_S = 7.0
RUN_FILE = "player.json"


@dataclass(frozen=True, slots=True)
class Running:
    """A session under way, for those who steer and watch it.  `patient` is the virtual one, whoever answers."""

    live: LiveSession
    clock: Clock
    session_id: str
    simulated: tuple[str, ...]
    ready: PlayerReady
    sensor: Sensor
    keeper: PlayerKeeper
    patient: VirtualPatient


@dataclass(frozen=True, slots=True)
class SessionResult:
    """How it ended; `unsealed` says why the record could not be closed, if it could not."""

    session_id: str
    outcome: Outcome
    detail: str
    duration_s: float
    unsealed: str = ""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told: at the start, of every output, of every report of the player."""

    on_start: Callable[[Running], None] | None = None
    on_output: Callable[[float, Output], None] | None = None
    on_report: Callable[[Report], None] | None = None


async def run_session(options: SessionOptions, listeners: Listeners | None = None) -> SessionResult:
    """Run one session from its checks to its end.

    Cancelling the task stops the session as a therapist's stop does: calm scene first, record
    sealed, then the cancellation goes on.
    """
    heard = listeners or Listeners()
    setup = check(options)
    clock = make_clock(options.speed)
    patient = VirtualPatient(options.seed, options.stratum)
    async with AsyncExitStack() as stack:
        sensor = await open_sensor(options.sensor, clock, patient, remembered=last_strap(options.record))
        stack.push_async_callback(sensor.close)
        recorder = stack.enter_context(Recorder(options.record))
        options, keeper, ready = await _shown(options, sensor)
        simulated = what_is_simulated(options, sensor)
        stack.push_async_callback(keeper.close)
        info = _session_info(options, setup, sensor, ready, simulated)
        recorder.begin(info)
        live = LiveSession(setup, clock, recorder, keeper, seed=options.seed, hearing=options.hearing)
        _connect(live, keeper, recorder, heard)
        if heard.on_start is not None:
            heard.on_start(Running(live, clock, info.session_id, simulated, ready, sensor, keeper, patient))
        feared = setup.protocol.scene if setup.protocol.mode.is_graded else None
        actor = VirtualActor(patient, clock, feared, keeper.send)
        live.on_report.append(actor.hear)
        keeper.serve(live.hear_player, live.player_gone, ready)
        try:
            await _until_ended(live, sensor, actor if options.patient_is_virtual else None)
            await _goodbye(live, ready)
        finally:
            outcome, detail = result_of(live)
            unsealed = _sealed(recorder, outcome, detail)
        return SessionResult(info.session_id, outcome, detail, live.now_s(), unsealed)


async def _shown(options: SessionOptions, sensor: Sensor) -> tuple[SessionOptions, PlayerKeeper, PlayerReady]:
    """A player on the display asked for; `auto` is a headset where there is one that works, else a window."""
    if options.display == "auto" and await has_headset():
        worn = replace(options, display=HEADSET)
        with contextlib.suppress(DeviceMissing):
            return worn, *await _opened(worn, sensor)
    return options, *await _opened(options, sensor)


async def _opened(options: SessionOptions, sensor: Sensor) -> tuple[PlayerKeeper, PlayerReady]:
    keeper = PlayerKeeper(_wishes(options, what_is_simulated(options, sensor)))
    return keeper, await keeper.start()


def result_of(live: LiveSession) -> tuple[Outcome, str]:
    """How a session stands: as the engine says, or interrupted when it had no time to end."""
    if live.ended.is_set() and not live.is_broken:
        return live.state.outcome, live.state.outcome_detail
    latched = live.state.health.latched
    return outcome_of(latched) if latched else (Outcome.INTERRUPTED, "the session could not be finished")


def software_version() -> str:
    """The installed version."""
    return importlib.metadata.version("acclimate")


def _wishes(options: SessionOptions, simulated: tuple[str, ...]) -> PlayerWishes:
    return PlayerWishes(
        display=options.display,
        speed=options.speed,
        seed=options.seed,
        size_px=options.size_px,
        notice=f"Simulated: {', '.join(simulated)}" if simulated else "",
        preload=(options.protocol.protocol.scene,),
        run_file=data_folder(options.folder) / RUN_FILE,
        capture=options.capture,
        recline_deg=options.recline_deg,
        blend=options.blend,
        sound=options.sound,
    )


def _session_info(
    options: SessionOptions, setup: SessionSetup, sensor: Sensor, ready: PlayerReady, simulated: tuple[str, ...]
) -> SessionInfo:
    return SessionInfo(
        patient_code=options.patient_code,
        protocol_name=setup.protocol.name,
        protocol_sha256=options.protocol.sha256,
        protocol_text=options.protocol.text,
        software=f"acclimate {software_version()}",
        setup=setup_as_json(setup, options),
        sensor={**asdict(sensor.identity), "platform": this_platform()},
        player={"display": ready.display, "renderer": ready.renderer, "size_px": [ready.width_px, ready.height_px]},
        simulated=simulated,
    )


def _connect(live: LiveSession, keeper: PlayerKeeper, recorder: Recorder, heard: Listeners) -> None:
    loop = asyncio.get_running_loop()
    recorder.on_failure = lambda reason: _in_loop(loop, live.store_failed, reason)
    keeper.on_trouble = lambda detail: live.feed(Fault(FaultKind.EXCEPTION, detail))
    live.on_silence.append(keeper.give_up)
    if heard.on_output is not None:
        live.on_output.append(heard.on_output)
    if heard.on_report is not None:
        live.on_report.append(heard.on_report)


def _in_loop(loop: asyncio.AbstractEventLoop, act: Callable[[str], None], detail: str) -> None:
    """The writer thread's only way into the loop; after the loop has closed there is nobody left to tell."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(act, detail)


async def _until_ended(live: LiveSession, sensor: Sensor, actor: VirtualActor | None) -> None:
    """Run all that runs beside each other until the session has ended."""
    tasks = [asyncio.create_task(live.tick()), asyncio.create_task(_sense(live, sensor))]
    if actor is not None:
        tasks.append(asyncio.create_task(actor.look()))
    over = asyncio.create_task(live.ended.wait())
    try:
        await asyncio.wait({over, tasks[0]}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        live.feed(Therapist(TherapistAction.STOP, text="interrupted from the keyboard"))
        raise
    finally:
        for task in (over, *tasks):
            task.cancel()
        ends = await asyncio.gather(over, *tasks, return_exceptions=True)
    if not live.ended.is_set():
        live.break_off(f"the loop stopped: {ends[1]!r}")


async def _goodbye(live: LiveSession, ready: PlayerReady) -> None:
    """Leave the calm scene up until the last line has been read, where somebody reads it."""
    read_s = GOODBYE_S / live.clock.speed if ready.display != "offscreen" else 0.0
    await asyncio.sleep(max(read_s, GOODBYE_WALL_S))


def _sealed(recorder: Recorder, outcome: Outcome, detail: str) -> str:
    """Close the session's record; the sentence that says why not, if it could not be."""
    try:
        recorder.end(outcome, detail)
    except AcclimateError as error:
        return str(error)
    return ""


async def _sense(live: LiveSession, sensor: Sensor) -> None:
    """Run the sensor; whatever it fails with, the session goes on without heart rate and says so."""
    try:
        await sensor.run(live.feed)
    except AcclimateError as error:
        live.sensor_failed(str(error))
    except Exception as error:  # noqa: BLE001 - a failing driver must not end a session
        live.sensor_failed(f"{type(error).__name__}: {error}")
