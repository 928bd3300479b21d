"""Taking one event into the session: signals, player, faults.  Ratings and the therapist have modules of their own."""

from __future__ import annotations

from dataclasses import replace

from therapy.frozen import made
from therapy.sensing.heart_rate import decode
from therapy.session import body, ratings, therapist
from therapy.session.engagement import counted
from therapy.session.events import (
    Answered,
    BatteryRead,
    BeatSeen,
    Event,
    Fault,
    FaultKind,
    HeadMoved,
    LinkState,
    NoticeCode,
    PacketArrived,
    PanelAppeared,
    Phase,
    PlayerBack,
    PlayerGone,
    PlayerRefused,
    PlayerSaid,
    SensorLink,
    SoundSaid,
    Stopped,
    Therapist,
)
from therapy.session.state import Draft
from therapy.signals import heart as heart_signal

BATTERY_LOW_PERCENT = 15
DELIBERATE = ("key", "calm-disc")
BY_ITSELF = ("focus-lost", "display-lost", "scene-fault")
"""Why a display holds the calm scene that nobody asked for; a lapsed lease is the session's own stall."""

SHOWN_TOLERANCE_0TO1 = 0.02
REPEATED_AHEAD_S = 2.0


def absorb(draft: Draft, event: Event) -> None:
    """Change the draft by what happened."""
    match event:
        case PacketArrived():
            _packet(draft, event)
        case SensorLink():
            _sensor_link(draft, event)
        case BatteryRead() if event.percent <= BATTERY_LOW_PERCENT:
            draft.notice(NoticeCode.BATTERY_LOW, str(event.percent))
        case Answered():
            ratings.answer(draft, event)
        case PanelAppeared():
            ratings.appeared(draft, event.panel_id)
        case Stopped():
            _stopped(draft, event)
        case Therapist():
            therapist.act(draft, event)
        case PlayerSaid() | PlayerGone() | PlayerBack() | SoundSaid():
            _player(draft, event)
        case HeadMoved():
            body.moved(draft, event.speed_m_s)
        case PlayerRefused():
            draft.notice(NoticeCode.COMMAND_REFUSED, f"{event.command}: {event.reason}")
        case Fault():
            _fault(draft, event)
        case _:
            pass


def _packet(draft: Draft, event: PacketArrived) -> None:
    packet = decode(bytes.fromhex(event.data_hex))
    before = draft.state.heart
    heart, beats = heart_signal.add_packet(before, packet, draft.t_s)
    draft.change(heart=heart)
    body.beat(draft, beats)
    for beat in beats:
        draft.emit(made(BeatSeen)(beat.t_s, beat.rr_ticks, beat.accepted, beat.after_gap))
    last_s = before.train.last_beat_s
    if beats and last_s is not None and last_s + sum(packet.rr_ticks) / 1024.0 - draft.t_s > REPEATED_AHEAD_S:
        if draft.t_s - draft.state.health.repeated_at_s > body.REPEATED_FOR_S:
            draft.notice(NoticeCode.BEATS_REPEATED)
        draft.change_health(repeated_at_s=draft.t_s)


def _sensor_link(draft: Draft, event: SensorLink) -> None:
    if event.state is LinkState.CONNECTED:
        again = bool(draft.state.heart.connected_s)
        draft.change(heart=heart_signal.add_connection(draft.state.heart, draft.t_s))
        if again:
            draft.change_health(signal_back_s=draft.t_s)


def _stopped(draft: Draft, event: Stopped) -> None:
    draft.change_health(player_latch="patient-stop", player_latch_id=event.latch_id)
    if draft.state.phase is Phase.REHEARSAL:
        if draft.state.rehearsed_at_s is None and event.source in DELIBERATE:
            draft.change(rehearsed_at_s=draft.t_s)
            draft.notice(NoticeCode.STOP_REHEARSED, event.source)
        return
    draft.change_health(patient_stopped=True)


def _player(draft: Draft, event: PlayerSaid | PlayerGone | PlayerBack | SoundSaid) -> None:
    match event:
        case PlayerGone():
            draft.change_health(player_present=False)
            draft.notice(NoticeCode.PLAYER_GONE, event.detail)
        case PlayerBack():
            if draft.state.health.player_seen:
                draft.notice(NoticeCode.PLAYER_BACK)
            draft.change_health(player_present=True, player_seen=True)
        case PlayerSaid():
            _read_back(draft, event)
        case SoundSaid():
            _heard(draft, event)


def _read_back(draft: Draft, said: PlayerSaid) -> None:
    """Compare what is shown with what was commanded; more than commanded starts a count."""
    if said.hits is not None and said.throws is not None and draft.protocol.distraction.played:
        draft.change(play=counted(draft.state.play, draft.t_s, said.hits, said.throws))
    if said.latch in BY_ITSELF and said.latch_id != draft.state.health.player_latch_id:
        draft.notice(NoticeCode.DISPLAY_HELD, said.latch or "")
    place = draft.state.place
    graded = draft.protocol.mode.is_graded and said.scene == draft.protocol.scene
    more = said.intensity_0to1 > place.current_0to1 + SHOWN_TOLERANCE_0TO1
    above = graded and (more or not place.in_scene)
    ramping = place.lowered_at_s is not None and draft.t_s < place.lowered_at_s + place.ramp_s
    above = above and not ramping
    since_s = draft.state.health.above_command_since_s
    draft.change_health(
        player_latch=said.latch,
        player_latch_id=said.latch_id,
        shown_0to1=said.intensity_0to1,
        shown_scene=said.scene,
        scene_time_s=said.scene_time_s,
        head_worn=said.head_worn,
        head_tracked=said.head_tracked,
        frames_in_budget=said.frames_in_budget,
        above_command_since_s=(since_s if since_s is not None else draft.t_s) if above else None,
        above_command_reports=draft.state.health.above_command_reports + 1 if above else 0,
    )


def _heard(draft: Draft, said: SoundSaid) -> None:
    """Tell the therapist once where it is heard, when sound fails, in its own words, and when it is back."""
    before = draft.state.sound_problem
    if said.problem != before:
        draft.notice(NoticeCode.SOUND, said.problem or f"plays on {said.device}")
        draft.change(sound_problem=said.problem)


def _fault(draft: Draft, event: Fault) -> None:
    health = draft.state.health
    match event.fault:
        case FaultKind.STORE:
            if health.store_ok:
                draft.notice(NoticeCode.STORE_FAILED, event.detail)
            draft.change(health=replace(health, store_ok=False))
            return
        case FaultKind.EXCEPTION:
            draft.change(health=replace(health, loop_ok=False))
        case FaultKind.WATCHDOG:
            draft.change(health=replace(health, watchdog_ok=False))
        case FaultKind.CLOCK:
            draft.change(health=replace(health, clock_ok=False))
        case FaultKind.LISTENER:
            pass
    draft.notice(NoticeCode.FAULT, f"{event.fault}: {event.detail}")
