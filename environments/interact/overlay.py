"""Turns what is asked into panels for the renderer; keeps the pictures it has drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from environments.contract import PanelKind
from environments.interact import discs, pictures
from environments.interact.breathing import RADIUS_DEG, Guide
from environments.interact.dwell import Dwell
from environments.interact.geometry import Direction, angle_between_deg, on_plane
from environments.interact.layout import (
    DISC_DISTANCE_M,
    DISC_RADIUS_DEG,
    PANEL_DISTANCE_M,
    Choice,
    choices_of,
    half_size,
)
from environments.play import Aim
from environments.player_panels import APPEAR_S, FAREWELL_S, Asked, Farewell, OpenPanel, Subtitle
from environments.player_play import AIM_DEG, PLAY_DWELL_S, SCORE_AT
from environments.render.model import Panel

_NEARER = 0.995
"""Panels are drawn farthest first, so what lies on one is a little nearer."""

_RETICLE = 0.0062
_SUBTITLE_CAPS = 0.023
_NOTICE_CAPS = 0.0175
_NOTICE_PITCH_DEG = 28.5
_DISC_SHY_0TO1 = 0.75
_DISC_FULL_WITHIN_DEG = 14.0
_MOST_KEPT = 96

_SCORE_DISTANCE_M = 2.0
Slot = tuple[str, Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    """What is shown of a play: hits, unless the patient has hidden them; what is aimed at, and for how long."""

    hits: int | None
    aimed: Aim | None = None
    held_s: float = 0.0


@dataclass(slots=True)
class Overlay:
    """Draws each picture once; `notice` says what is simulated, in a strip that follows the head."""

    notice: str = ""
    _blanks: dict[PanelKind, pictures.Canvas] = field(default_factory=dict)
    _kept: dict[Hashable, tuple[int, pictures.Picture]] = field(default_factory=dict)
    _drawn: int = 0

    def prepare(self) -> None:
        """Draw one empty panel ahead, if one is missing, so that no question costs a frame."""
        missing = next((kind for kind in PanelKind if kind not in self._blanks), None)
        if missing is not None:
            self._blank(missing)

    def panels(self, asked: Asked, gaze: Direction, score: Score | None = None) -> tuple[Panel, ...]:
        """Everything before the scene, farthest first."""
        drawn: list[Panel] = [*self._disc(asked, gaze)]
        if score is not None:
            drawn += self._score(score)
        if asked.guide is not None:
            drawn += self._guide(asked.guide)
        if asked.subtitle is not None:
            drawn.append(self._subtitle(asked.subtitle))
        if asked.farewell is not None:
            drawn += self._farewell(asked.farewell)
        if asked.panel is not None and asked.panel.is_placed:
            drawn += self._open(asked.panel)
            drawn.append(self._reticle())
        if self.notice:
            drawn.append(self._notice())
        return tuple(drawn)

    def _open(self, panel: OpenPanel) -> list[Panel]:
        opacity = min(panel.age_s / APPEAR_S, 1.0)
        drawn = [self._base("panel", panel, opacity)]
        for choice in choices_of(panel.kind):
            if choice.answer == panel.selected:
                drawn.append(self._on_panel("ring", panel, choice, pictures.ring_picture, opacity))
            if choice.answer == panel.dwell.target and panel.dwell.filled_0to1 > 0.0:
                drawn += self._filled(panel, choice, panel.dwell, opacity)
        return drawn

    def _farewell(self, farewell: Farewell) -> list[Panel]:
        panel, opacity = farewell.panel, max(1.0 - farewell.age_s / FAREWELL_S, 0.0)
        drawn = [self._base("farewell", panel, opacity)]
        for choice in choices_of(panel.kind):
            if choice.answer == farewell.answer:
                drawn.append(self._on_panel("farewell-fill", panel, choice, pictures.fill_picture, opacity))
                drawn.append(self._on_panel("farewell-label", panel, choice, pictures.label_picture, opacity))
        return drawn

    def _filled(self, panel: OpenPanel, choice: Choice, dwell: Dwell, opacity: float) -> list[Panel]:
        """The fill grows from the middle of the button, under its words."""
        fill = self._on_panel("fill", panel, choice, pictures.fill_picture, opacity, dwell.filled_0to1)
        return [fill, self._on_panel("label", panel, choice, pictures.label_picture, opacity)]

    def _base(self, name: str, panel: OpenPanel, opacity: float) -> Panel:
        key = (panel.kind, panel.text)
        revision, picture = self._picture(
            key, lambda: pictures.panel_picture(self._blank(panel.kind), panel.kind, panel.text)
        )
        width_m = 2.0 * half_size(panel.kind)[0] * PANEL_DISTANCE_M
        at = panel.center
        return Panel(name, revision, picture, at.yaw_deg, at.pitch_deg, PANEL_DISTANCE_M, width_m, opacity)

    def _on_panel(
        self,
        name: str,
        panel: OpenPanel,
        choice: Choice,
        draw: Callable[[Choice], pictures.Picture],
        opacity: float,
        part_0to1: float = 1.0,
    ) -> Panel:
        at = on_plane(panel.center, choice.right, choice.up)
        revision, picture = self._picture((draw.__name__, panel.kind, choice.answer), lambda: draw(choice))
        distance_m = PANEL_DISTANCE_M * _NEARER
        # Out of the middle of the panel things look smaller: they are farther away.
        smaller = (1.0 + choice.right**2 + choice.up**2) ** -0.5
        width_m = 2.0 * pictures.button_half_size(choice)[0] * distance_m * smaller * max(part_0to1, 0.05)
        return Panel(name, revision, picture, at.yaw_deg, at.pitch_deg, distance_m, width_m, opacity)

    def _disc(self, asked: Asked, gaze: Direction) -> list[Panel]:
        away_deg = angle_between_deg(gaze, asked.disc)
        opacity = 1.0 if away_deg < _DISC_FULL_WITHIN_DEG else _DISC_SHY_0TO1
        opacity *= min(asked.disc_age_s / APPEAR_S, 1.0)
        drawn = [self._disc_part("plate", discs.disc_plate, asked.disc, opacity, 1.0)]
        part = asked.disc_dwell.filled_0to1
        if part > 0.0:
            drawn.append(self._disc_part("fill", discs.disc_fill, asked.disc, 1.0, part))
            drawn.append(self._disc_part("word", discs.disc_word, asked.disc, 1.0, 1.0))
        return drawn

    def _disc_part(
        self, name: str, draw: Callable[[float], pictures.Picture], at: Direction, opacity: float, size: float
    ) -> Panel:
        radius = math.tan(math.radians(DISC_RADIUS_DEG))
        revision, picture = self._picture(("disc", name), lambda: draw(radius))
        distance_m, width_m = DISC_DISTANCE_M, 2.0 * radius * DISC_DISTANCE_M * size
        return Panel(f"disc-{name}", revision, picture, at.yaw_deg, at.pitch_deg, distance_m, width_m, opacity)

    def _score(self, score: Score) -> list[Panel]:
        """The number of hits low on the left, a snowball alone where it is hidden, and a mark on what is aimed at."""
        words = "" if score.hits is None else f"{score.hits}"
        revision, picture = self._picture(("score", words), lambda: discs.score_picture(words))
        width_m = 2.0 * pictures.half_width_of(picture) * _SCORE_DISTANCE_M
        at = SCORE_AT
        drawn = [Panel("score", revision, picture, at.yaw_deg, at.pitch_deg, _SCORE_DISTANCE_M, width_m, 0.85)]
        return drawn if score.aimed is None else [*self._aim(score.aimed, score.held_s), *drawn]

    def _aim(self, aim: Aim, held_s: float) -> list[Panel]:
        radius = math.tan(math.radians(AIM_DEG * 0.72))
        part = min(held_s / PLAY_DWELL_S, 1.0)
        ring = self._picture("aim-ring", lambda: discs.aim_ring(radius))
        fill = self._picture("aim-fill", lambda: discs.aim_fill(radius))
        drawn = []
        for depth, ((revision, picture), size) in enumerate(((ring, 1.0), (fill, max(part, 0.02)))):
            name = f"aim-{depth}"
            distance_m = (aim.distance_m - 0.6) * _NEARER**depth
            width_m = 2.0 * radius * distance_m * size
            drawn.append(Panel(name, revision, picture, aim.at.yaw_deg, aim.at.pitch_deg, distance_m, width_m, 0.8))
        return drawn

    def _guide(self, guide: Guide) -> list[Panel]:
        """A ring, in it a disc as large as the breath, and on it what to do."""
        word = "in" if guide.breathes_in else "out"
        return [
            self._guide_part("ring", discs.guide_ring, guide, 1.0, 0),
            self._guide_part("disc", discs.guide_disc, guide, guide.size_0to1, 1),
            self._guide_part(word, lambda radius: discs.guide_word(radius, word), guide, 1.0, 2),
        ]

    def _guide_part(
        self, name: str, draw: Callable[[float], pictures.Picture], guide: Guide, size: float, depth: int
    ) -> Panel:
        radius = math.tan(math.radians(RADIUS_DEG))
        revision, picture = self._picture(("guide", name), lambda: draw(radius))
        distance_m = PANEL_DISTANCE_M * _NEARER**depth
        width_m, at = 2.0 * radius * distance_m * size, guide.center
        return Panel(
            f"guide-{depth}", revision, picture, at.yaw_deg, at.pitch_deg, distance_m, width_m, guide.opacity_0to1
        )

    def _subtitle(self, line: Subtitle) -> Panel:
        revision, picture = self._picture(
            ("line", line.text), lambda: pictures.strip_picture(line.text, _SUBTITLE_CAPS, 0.78, 190)
        )
        width_m = 2.0 * pictures.half_width_of(picture) * PANEL_DISTANCE_M
        at = line.center
        return Panel("line", revision, picture, at.yaw_deg, at.pitch_deg, PANEL_DISTANCE_M, width_m, line.opacity_0to1)

    def _notice(self) -> Panel:
        revision, picture = self._picture(
            ("notice", self.notice), lambda: pictures.strip_picture(self.notice, _NOTICE_CAPS, 1.0, 220)
        )
        width_m = 2.0 * pictures.half_width_of(picture) * PANEL_DISTANCE_M
        return Panel("notice", revision, picture, 0.0, _NOTICE_PITCH_DEG, PANEL_DISTANCE_M, width_m, 0.9, True)

    def _reticle(self) -> Panel:
        revision, picture = self._picture("reticle", lambda: pictures.dot_picture(_RETICLE))
        distance_m = PANEL_DISTANCE_M * 0.95
        return Panel("reticle", revision, picture, 0.0, 0.0, distance_m, 2.0 * _RETICLE * distance_m, 0.9, True)

    def _blank(self, kind: PanelKind) -> pictures.Canvas:
        if kind not in self._blanks:
            self._blanks[kind] = pictures.blank_panel(kind)
        return self._blanks[kind]

    def _picture(self, key: Hashable, draw: Callable[[], pictures.Picture]) -> tuple[int, pictures.Picture]:
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._drawn += 1
            self._kept[key] = (self._drawn, draw())
        return self._kept[key]
