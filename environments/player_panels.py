"""Panels, the calm disc and subtitles: what the patient is asked and how an answer is given.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from environments.contract import PanelAnswered, PanelChoice, PanelKind, PanelShown, Report, ShowPanel
from environments.interact import breathing, keys
from environments.interact.breathing import Guide
from environments.interact.dwell import Dwell, look
from environments.interact.geometry import Direction, angle_between_deg, tangents_on, wrapped_deg
from environments.interact.layout import (
    DISC_PITCH_DEG,
    DISC_RADIUS_DEG,
    TARGET_RADIUS_DEG,
    WIDE_BUTTON,
    Choice,
    below_gaze_deg,
    choices_of,
    direction_of_choice,
    is_scale,
)

VOLUNTEERED_ID = 0
VOLUNTEERED_QUESTION = "How tense are you right now?"
VOLUNTEERED_FOR_S = 30.0
"""A dial that the patient opened goes away after this long without an answer."""

APPEAR_S = 0.3
FAREWELL_S = 0.5
SUBTITLE_FADE_S = 0.4
LARGEST_PANEL_PITCH_DEG = 12.0
SUBTITLE_BELOW_DEG = 20.0
LOWEST_SUBTITLE_DEG = -21.0
LONGEST_LOOK_S = 0.6
"""Scene seconds of one frame that count as looking: choosing takes at least three frames, however slow they are."""

CALM_ANSWER = 0
_DISC_FOLLOWS_BEYOND_DEG = 50.0
_DISC_STAYS_BELOW_DEG = -15.0


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """A panel that waits for an answer; it is placed when it can first be seen."""

    panel_id: int
    kind: PanelKind
    text: str
    center: Direction = Direction(0.0, 0.0)
    is_placed: bool = False
    age_s: float = 0.0
    selected: int | None = None
    dwell: Dwell = field(default_factory=Dwell)


@dataclass(frozen=True, slots=True)
class Farewell:
    """An answered panel on its way out, with the answer still lit."""

    panel: OpenPanel
    answer: int | None
    age_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A guidance line."""

    text: str
    center: Direction
    duration_s: float
    age_s: float = 0.0

    @property
    def opacity_0to1(self) -> float:
        """Fades in and out."""
        return max(min(self.age_s / SUBTITLE_FADE_S, (self.duration_s - self.age_s) / SUBTITLE_FADE_S, 1.0), 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that is asked or said now, and the calm disc."""

    panel: OpenPanel | None = None
    farewell: Farewell | None = None
    subtitle: Subtitle | None = None
    guide: Guide | None = None
    disc_yaw_deg: float = 0.0
    disc_age_s: float = 0.0
    disc_dwell: Dwell = field(default_factory=Dwell)

    @property
    def disc(self) -> Direction:
        """Where the calm disc lies."""
        return Direction(self.disc_yaw_deg, DISC_PITCH_DEG)


def show(asked: Asked, command: ShowPanel) -> Asked:
    """Ask; the same question again changes nothing, another one replaces what is open."""
    panel = asked.panel
    wanted = (command.panel_id, command.panel, command.text)
    if panel is not None and (panel.panel_id, panel.kind, panel.text) == wanted:
        return asked
    return replace(asked, panel=OpenPanel(*wanted))


def hide(asked: Asked, panel_id: int) -> Asked:
    """Take the panel away if it is open."""
    if asked.panel is None or asked.panel.panel_id != panel_id:
        return asked
    return _dismissed(asked, None)


def clear(asked: Asked) -> Asked:
    """Take away whatever is asked or said: the patient is on the way to the calm scene."""
    return replace(_dismissed(asked, None), subtitle=None, guide=breathing.hidden(asked.guide))


def breathe(asked: Asked, pace_per_min: float | None, gaze: Direction) -> Asked:
    """Show the breathing guide at a pace, or take it away."""
    if pace_per_min is None:
        return replace(asked, guide=breathing.hidden(asked.guide))
    return replace(asked, guide=breathing.shown(asked.guide, pace_per_min, gaze))


def say(asked: Asked, text: str, duration_s: float, head: Direction) -> Asked:
    """Show a guidance line low in front of where the patient looks."""
    pitch_deg = min(max(head.pitch_deg, -LARGEST_PANEL_PITCH_DEG), LARGEST_PANEL_PITCH_DEG) - SUBTITLE_BELOW_DEG
    pitch_deg = max(pitch_deg, LOWEST_SUBTITLE_DEG)  # clear of the calm disc
    return replace(asked, subtitle=Subtitle(text, Direction(head.yaw_deg, pitch_deg), duration_s))


def press(asked: Asked, key: str) -> tuple[Asked, tuple[Report, ...]]:
    """A key of the patient's other than stop."""
    if key == keys.RATE:
        return _rate(asked), ()
    panel = asked.panel
    if panel is None or not panel.is_placed:
        return asked, ()
    if key == keys.CONFIRM:
        chosen = _confirmed(panel)
        return (asked, ()) if chosen is None else _answered(asked, panel, chosen)
    answer = keys.answer_of(key, panel.kind)
    if answer is not None:
        return _answered(asked, panel, answer)
    return replace(asked, panel=_moved(panel, key)), ()


def click(asked: Asked, at: Direction) -> tuple[Asked, tuple[Report, ...], bool]:
    """A click at a direction: the state, what to report, and whether it was on the calm disc."""
    panel = asked.panel
    if panel is not None and panel.is_placed:
        answer = _choice_at(panel, at)
        if answer is not None:
            return *_answered(asked, panel, answer), False
    return asked, (), angle_between_deg(asked.disc, at) <= DISC_RADIUS_DEG


def advance(asked: Asked, head: Direction, dt_s: float, can_be_seen: bool) -> tuple[Asked, tuple[Report, ...], bool]:
    """The next moment of looking: the state, what to report, and whether the calm disc was chosen."""
    asked = _aged(asked, dt_s)
    dt_s = min(dt_s, LONGEST_LOOK_S)
    reports: tuple[Report, ...] = ()
    panel = asked.panel
    if panel is not None and not panel.is_placed and can_be_seen:
        panel = _placed(panel, head)
        reports = (_shown_report(panel, asked.disc),)
        asked = replace(asked, panel=panel)
    if panel is not None and panel.is_placed:
        dwell, chosen = look(panel.dwell, _choice_at(panel, head), dt_s)
        asked = replace(asked, panel=replace(panel, dwell=dwell))
        if chosen is not None:
            asked, answered = _answered(asked, panel, chosen)
            reports += answered
    asked = _disc_followed(asked, head)
    looks_at_disc = angle_between_deg(asked.disc, head) <= DISC_RADIUS_DEG
    disc_dwell, calm = look(asked.disc_dwell, CALM_ANSWER if looks_at_disc else None, dt_s)
    return replace(asked, disc_dwell=disc_dwell), reports, calm is not None


def _aged(asked: Asked, dt_s: float) -> Asked:
    panel, farewell, subtitle = asked.panel, asked.farewell, asked.subtitle
    if panel is not None and panel.is_placed:
        panel = replace(panel, age_s=panel.age_s + dt_s)
        if panel.panel_id == VOLUNTEERED_ID and panel.age_s > VOLUNTEERED_FOR_S:
            farewell, panel = Farewell(panel, None), None
    if farewell is not None:
        farewell = replace(farewell, age_s=farewell.age_s + dt_s) if farewell.age_s < FAREWELL_S else None
    if subtitle is not None:
        subtitle = replace(subtitle, age_s=subtitle.age_s + dt_s) if subtitle.age_s < subtitle.duration_s else None
    return replace(asked, panel=panel, farewell=farewell, subtitle=subtitle, disc_age_s=asked.disc_age_s + dt_s)


def _placed(panel: OpenPanel, head: Direction) -> OpenPanel:
    pitch_deg = min(max(head.pitch_deg, -LARGEST_PANEL_PITCH_DEG), LARGEST_PANEL_PITCH_DEG)
    center = Direction(head.yaw_deg, pitch_deg - below_gaze_deg(panel.kind))
    return replace(panel, center=center, is_placed=True)


def _shown_report(panel: OpenPanel, disc: Direction) -> PanelShown:
    places = tuple(_place(c.answer, direction_of_choice(panel.center, c)) for c in choices_of(panel.kind))
    return PanelShown(panel.panel_id, panel.kind, places, _place(CALM_ANSWER, disc))


def _place(answer: int, at: Direction) -> PanelChoice:
    return PanelChoice(answer, at.yaw_deg, at.pitch_deg)


def _choice_at(panel: OpenPanel, at: Direction) -> int | None:
    return next((c.answer for c in choices_of(panel.kind) if _is_at(c, panel.center, at)), None)


def _is_at(choice: Choice, center: Direction, at: Direction) -> bool:
    if not choice.is_wide:
        return angle_between_deg(direction_of_choice(center, choice), at) <= TARGET_RADIUS_DEG
    tangents = tangents_on(center, at)
    half_width, half_height = WIDE_BUTTON
    return tangents is not None and (
        abs(tangents[0] - choice.right) <= half_width and abs(tangents[1] - choice.up) <= half_height
    )


def _rate(asked: Asked) -> Asked:
    """Open the patient's own dial, or close it again; a question of the session's stays."""
    if asked.panel is None:
        return replace(asked, panel=OpenPanel(VOLUNTEERED_ID, PanelKind.SUDS, VOLUNTEERED_QUESTION))
    return hide(asked, VOLUNTEERED_ID)


def _moved(panel: OpenPanel, key: str) -> OpenPanel:
    answers = [choice.answer for choice in choices_of(panel.kind)]
    last = len(answers) - 1
    index = answers.index(panel.selected) if panel.selected is not None else None
    if index is None:
        middle = last // 2 if is_scale(panel.kind) else 0
        starts = {keys.LEFT: middle, keys.RIGHT: middle if is_scale(panel.kind) else last}
        index = {**starts, keys.FIRST: 0, keys.LAST: last}.get(key)
    else:
        moves = {keys.LEFT: max(index - 1, 0), keys.RIGHT: min(index + 1, last), keys.FIRST: 0, keys.LAST: last}
        index = moves.get(key, index)
    return panel if index is None else replace(panel, selected=answers[index])


def _confirmed(panel: OpenPanel) -> int | None:
    """What the keys have marked, else what is looked at, else the only answer there is."""
    if panel.selected is not None:
        return panel.selected
    choices = choices_of(panel.kind)
    return choices[0].answer if len(choices) == 1 else panel.dwell.looked_at


def _answered(asked: Asked, panel: OpenPanel, answer: int) -> tuple[Asked, tuple[Report, ...]]:
    return _dismissed(asked, answer), (PanelAnswered(panel.panel_id, panel.kind, answer),)


def _dismissed(asked: Asked, answer: int | None) -> Asked:
    if asked.panel is None:
        return asked
    is_seen = asked.panel.is_placed
    return replace(asked, panel=None, farewell=Farewell(asked.panel, answer) if is_seen else asked.farewell)


def _disc_followed(asked: Asked, head: Direction) -> Asked:
    """A patient who has turned round finds the disc low in front again; it never moves while looked down at."""
    turned_deg = abs(wrapped_deg(head.yaw_deg - asked.disc_yaw_deg))
    if turned_deg <= _DISC_FOLLOWS_BEYOND_DEG or head.pitch_deg < _DISC_STAYS_BELOW_DEG:
        return asked
    return replace(asked, disc_yaw_deg=head.yaw_deg, disc_age_s=0.0, disc_dwell=Dwell())
