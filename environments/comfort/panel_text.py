"""Text on everything the player can put before the patient: how large it is, and how it stands out.  Pure.

A text's size is the angle of its capital letters at the eye, measured on the drawn letters and at their place on the
panel; a question, a guidance line and the notice are as small as the player ever makes them for a long text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from environments.comfort.colour import Rgb, contrast_ratio
from environments.contract import PanelKind
from environments.interact import discs, pictures
from environments.interact.geometry import Direction
from environments.interact.layout import ARC_RADIUS, BUTTON_RADIUS, anchors_of, choices_of, is_slider, on_arc, on_line
from environments.interact.overlay import Overlay
from environments.player_panels import Asked, Subtitle
from environments.render.model import Panel

LONG_TEXT = "HHHHHHH " * 37
"""As long as a notice may be, and more than any panel has room for; in capital letters."""

Color = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PanelText:
    """One text: the angle of its capitals, its colour, what lies under it, and how opaque both are."""

    name: str
    angle_deg: float
    text: Color
    ground: Color
    opacity_0to1: float = 1.0

    def contrast(self, behind: Rgb) -> float:
        """WCAG contrast with its ground when the scene behind has a colour, as sRGB codes 0-255."""
        ground = _over(self.ground, behind, self.opacity_0to1)
        return contrast_ratio(_over(self.text, ground, self.opacity_0to1), ground)


def panel_texts() -> tuple[PanelText, ...]:
    """Every kind of text of the player at its smallest."""
    smallest = pictures.fitted(LONG_TEXT, pictures.QUESTION_CAPS, 0.36, pictures.QUESTION_HEIGHT)[1]
    found = [_text(f"{kind} question", smallest, pictures.TEXT) for kind in PanelKind]
    for kind in PanelKind:
        for choice in choices_of(kind):
            name, at = f"{kind} answer {choice.label}", (choice.right, choice.up)
            found.append(_text(name, pictures.NUMBER_CAPS, pictures.TEXT, pictures.BUTTON, at))
            found.append(_text(name, pictures.NUMBER_CAPS, pictures.TEXT, pictures.FILL, at))
        for anchor in anchors_of(kind):
            far = on_arc(anchor.at_0to1, ARC_RADIUS + BUTTON_RADIUS)
            at = on_line(anchor.at_0to1) if is_slider(kind) else far
            found.append(_text(f"{kind} word {anchor.words}", pictures.WORD_CAPS, pictures.SOFT_TEXT, at=at))
    found.append(_text("calm disc", discs.DISC_CAPS, discs.ON_DISC, discs.DISC))
    found.append(_text("calm disc filling", discs.DISC_CAPS, discs.ON_DISC, pictures.FILL))
    found.append(_text("breathing guide", pictures.QUESTION_CAPS, discs.ON_DISC, discs.GUIDE))
    return (*found, *_strips())


def _text(
    name: str, caps: float, text: Color, ground: Color = pictures.GROUND, at: tuple[float, float] = (0.0, 0.0)
) -> PanelText:
    _, top, _, bottom = pictures.font(caps).getbbox("H")
    return PanelText(name, _angle_deg((bottom - top) / pictures.PX_PER_TANGENT, at), text, ground)


def _angle_deg(height: float, at: tuple[float, float]) -> float:
    """The angle of something upright on a panel, from tangents."""
    right, up = at
    low, high = (np.array([right, up + side * height / 2.0, 1.0]) for side in (-1.0, 1.0))
    return math.degrees(math.acos(min(float(low @ high / np.linalg.norm(low) / np.linalg.norm(high)), 1.0)))


def _strips() -> list[PanelText]:
    """The guidance line and the notice, as the overlay draws them."""
    line = Subtitle(LONG_TEXT, Direction(0.0, -20.0), duration_s=4.0, age_s=2.0)
    drawn = Overlay(notice=LONG_TEXT).panels(Asked(subtitle=line), Direction(0.0, 0.0))
    names = {"line": "guidance line", "notice": "notice"}
    return [_strip(names[panel.name], panel) for panel in drawn if panel.name in names]


def _strip(name: str, panel: Panel) -> PanelText:
    """A strip measured on its picture: its commonest colour is its ground, its letters' rows are their height."""
    pixels = panel.picture.reshape(-1, 4)
    codes, counts = np.unique(pixels[pixels[:, 3] > 0], axis=0, return_counts=True)
    ground = codes[counts.argmax()]
    is_text = (np.abs(panel.picture[..., :3].astype(int) - ground[:3]).sum(axis=-1) > 300).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_text.astype(int), [0]])))
    px = int((edges[1::2] - edges[::2]).min())
    height = px * panel.width_m / panel.distance_m / panel.picture.shape[1]
    return PanelText(name, _angle_deg(height, (0.0, 0.0)), pictures.TEXT, _color(ground), panel.opacity)


def _color(code: pictures.Picture) -> Color:
    red, green, blue, alpha = (int(part) for part in code)
    return red, green, blue, alpha


def _over(color: Color, behind: Rgb, opacity_0to1: float) -> Rgb:
    """Straight alpha over what lies behind, in sRGB codes as the renderer blends panels."""
    part = color[3] / 255.0 * opacity_0to1
    red, green, blue = (front * part + back * (1.0 - part) for front, back in zip(color[:3], behind, strict=True))
    return red, green, blue
