"""Puts a player together: display, drawing, link, run file, frame loop."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from environments.contract import CONTRACT_VERSION, PlayerReady
from environments.display.base import Display
from environments.handshake import EYE_HEIGHT_M, Listening, PlayerSettings, RunFile, StartLine
from environments.interact.overlay import Overlay
from environments.link import Link
from environments.player_draw import Drawing, renderer_name
from environments.player_input import Head
from environments.player_loop import Frames
from environments.player_model import CALM_SCENE, Rules, State, first_state
from environments.player_runfile import remove_run_file, write_run_file
from environments.player_scene import Target, first_shown
from environments.player_sound import PlayerSound
from environments.player_watchdog import Watchdog
from environments.scenes.manifest import usable_manifests
from environments.scenes.registry import games
from environments.sound.client import SoundClient


def run_player(start: StartLine, display: Display, is_told_to_end: Callable[[], bool]) -> int:
    """Run on an open display until it is over; the exit code."""
    settings = start.settings
    overlay = Overlay(settings.notice)
    stands = frozenset(one.name for one in usable_manifests().values() if one.in_own_room)
    drawing = Drawing(display, overlay, EYE_HEIGHT_M[settings.posture], settings.samples, stands)
    ready = _ready(display)
    link = Link(bytes.fromhex(start.token), lambda: ready)
    run_file = None if settings.run_file is None else Path(settings.run_file)
    rules = _rules(settings, display)
    watchdog = Watchdog()
    sound = _sound(settings, display)
    try:
        faults = _warm(drawing, rules, settings.preload)
        _announce(link, run_file, start)
        frames = Frames(
            display,
            drawing,
            overlay,
            link,
            rules,
            settings.fps_cap or display.fps,
            None if settings.capture_dir is None else Path(settings.capture_dir),
            is_told_to_end,
            watchdog.frame,
            faults,
            sound,
        )
        gc.freeze()
        watchdog.start()
        frames.run(_begun(rules, display))
    finally:
        watchdog.stop()
        if run_file is not None:
            remove_run_file(run_file, os.getpid())
        for part in (link, sound, drawing, display):
            if part is not None:
                part.close()
    return 0


def _begun(rules: Rules, display: Display) -> State:
    """The first state; nobody is known to wear a headset yet."""
    state = first_state(time.monotonic(), rules)
    is_known = display.head_is_simulated
    return state if is_known else replace(state, head=Head(is_worn=False, is_tracked=False, is_focused=False))


def _warm(drawing: Drawing, rules: Rules, names: tuple[str, ...]) -> tuple[str, ...]:
    """The calm scene must be there at once when it is needed; the others as the session wishes.  Returns the faults."""
    state = first_state(time.monotonic(), rules)
    wanted = (name for name in dict.fromkeys((CALM_SCENE, *names)) if name in rules.manifests)
    shown = (first_shown(Target(name, seed=rules.seed), rules.manifests) for name in wanted)
    return tuple(fault for one in shown if (fault := drawing.warm(replace(state, shown=one))) is not None)


def _sound(settings: PlayerSettings, display: Display) -> PlayerSound | None:
    """Sound where somebody hears it; it makes itself ready while the renderer does."""
    is_heard = display.has_window and settings.speed == 1.0
    if settings.sound == "off" or (settings.sound == "auto" and not is_heard):
        return None
    scenes = tuple(dict.fromkeys((CALM_SCENE, *settings.preload)))
    return PlayerSound(SoundClient(), EYE_HEIGHT_M[settings.posture], settings.speed, scenes)


def _rules(settings: PlayerSettings, display: Display) -> Rules:
    manifests = usable_manifests()
    return Rules(
        manifests,
        settings.speed,
        settings.seed,
        ends_when_orphaned=not display.has_window,
        games=games(manifests),
        eye_height_m=EYE_HEIGHT_M[settings.posture],
    )


def _announce(link: Link, run_file: Path | None, start: StartLine) -> None:
    """Listen first, then say where."""
    link.open()
    if run_file is not None:
        write_run_file(
            run_file, RunFile(pid=os.getpid(), port=link.port, token=start.token, notice=start.settings.notice)
        )
    try:
        sys.stdout.write(Listening(port=link.port, pid=os.getpid()).model_dump_json() + "\n")
        sys.stdout.flush()
    except OSError:
        raise SystemExit(0) from None  # whoever started this player is gone, and nobody else knows of it


def _ready(display: Display) -> PlayerReady:
    width_px, height_px = display.size_px
    return PlayerReady(
        contract_version=CONTRACT_VERSION,
        pid=os.getpid(),
        display=display.name,
        renderer=renderer_name(display.context),
        width_px=width_px,
        height_px=height_px,
        scenes=tuple(usable_manifests()),
        head_is_simulated=display.head_is_simulated,
    )
