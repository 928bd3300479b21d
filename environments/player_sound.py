"""The player's sound: turns each frame's state into a moment and cues for the sound process, in microseconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from environments.contract import PrepareLines, SetSound, SoundState
from environments.player_input import FromLink, Received, SessionCame
from environments.player_model import State
from environments.player_panels import VOLUNTEERED_ID, OpenPanel, Subtitle
from environments.player_play import Play
from environments.sound.client import SoundClient
from environments.sound.messages import PLAYED, Make, Moment, Set, Speak

THROW, HIT, MISS = PLAYED
_HAND_M = (0.22, 0.9, -0.35)
_THROWS_HEARD = 4
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Cues:
    """What is being said and asked, as far as the voice knows."""

    line: Subtitle | None = None
    panel: OpenPanel | None = None
    latch_id: int = 0


class PlayerSound:
    """Follows the frames of one player; nothing here waits."""

    def __init__(self, client: SoundClient, eye_height_m: float, speed: float, scenes: tuple[str, ...]) -> None:
        self._client = client
        self._eye_height_m = eye_height_m
        self._speed = speed
        self._cues = Cues()
        self._state: SoundState | None = None
        client.start()
        client.send(Make(scenes=scenes))

    def hear(self, from_link: Iterable[FromLink]) -> None:
        """Take in what the session sent; a session that has just come is told how the sound stands."""
        for what in from_link:
            if isinstance(what, SessionCame):
                if self._state is not None:
                    self._client.told(self._state)
            elif isinstance(what, Received):
                self._command(what)

    def frame(self, state: State, wall_s: float) -> None:
        """Hand over what this frame shows and says."""
        shown, head = state.shown, state.head
        x_m, y_m, z_m = head.offset_m
        ages_s, places_m = played(state.play, state.scene_time_s)
        self._client.moment(
            Moment(
                scene=shown.target.scene,
                values=shown.values,
                seed=shown.target.seed,
                time_s=state.scene_time_s,
                speed=state.speed or self._speed,
                event_ages_s={**state.event_ages_s, **ages_s},
                fade_0to1=shown.fade_0to1,
                yaw_deg=head.yaw_deg,
                pitch_deg=head.pitch_deg,
                roll_deg=head.roll_deg,
                place_m=(x_m, y_m + self._eye_height_m, z_m),
                sent_s=wall_s,
                event_places_m=places_m,
            )
        )
        after = Cues(state.asked.subtitle, state.asked.panel, state.latch_id)
        for cue in cues(self._cues, after, wall_s):
            self._client.send(cue)
        self._cues = after

    def reports(self) -> list[SoundState]:
        """What the session should be told."""
        told = self._client.reports()
        if told:
            self._state = told[-1]
        return told

    def close(self) -> None:
        """Fade out and end."""
        self._client.close()

    def _command(self, what: Received) -> None:
        match what.command:
            case SetSound() as wish:
                volume_0to1 = min(max(wish.volume_0to1, 0.0), 1.0)
                self._client.send(Set(volume_0to1, wish.is_muted, wish.is_mono, wish.voice))
            case PrepareLines() as known:
                self._client.send(Make(lines=known.lines))
            case _:
                pass


def cues(before: Cues, after: Cues, wall_s: float) -> tuple[Speak, ...]:
    """What the voice has to do between two frames: stop with a latch, say a new line, read a new question."""
    found = []
    if after.latch_id != before.latch_id:
        found.append(Speak("", wall_s))
    if after.line is not None and _is_new_line(before.line, after.line):
        found.append(Speak(after.line.text, wall_s))
    asked, was_asked = _question(after.panel), _question(before.panel)
    if asked is not None and asked != was_asked:
        found.append(Speak(asked[1], wall_s, is_question=True))
    elif asked is None and was_asked is not None:
        found.append(Speak("", wall_s, is_question=True))
    return tuple(found)


def played(play: Play, time_s: float) -> tuple[dict[str, float], dict[str, Place]]:
    """How long ago the last throw, hit and miss were, and where they are heard from the seat (m)."""
    ages_s: dict[str, float] = {}
    places_m: dict[str, Place] = {}
    for one in play.throws[-_THROWS_HEARD:]:
        if one.at_s <= time_s:
            ages_s[THROW], places_m[THROW] = time_s - one.at_s, _HAND_M
        if one.lands_s <= time_s:
            name = MISS if one.target is None else HIT
            x, y, z = (hand + end - start for hand, end, start in zip(_HAND_M, one.end_m, one.start_m, strict=True))
            ages_s[name], places_m[name] = time_s - one.lands_s, (x, y, z)
    return ages_s, places_m


def _is_new_line(before: Subtitle | None, after: Subtitle) -> bool:
    return before is None or before.text != after.text or after.age_s < before.age_s


def _question(panel: OpenPanel | None) -> tuple[int, str] | None:
    """A question that can be seen; a dial that the patient opened is not read out."""
    if panel is None or not panel.is_placed or panel.panel_id == VOLUNTEERED_ID:
        return None
    return panel.panel_id, panel.text
