"""The pictures of panels, drawn with Pillow: RGBA (h, w, 4), straight alpha.

Lengths are tangents as in `layout`; small ones are radians, so 0.02 is a little over one degree.
Shapes are drawn larger and reduced, text is drawn at its final size.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from environments.contract import PanelKind
from environments.interact.layout import (
    ARC_CENTER_UP,
    ARC_RADIUS,
    BUTTON_RADIUS,
    WIDE_BUTTON,
    Choice,
    anchors_of,
    choices_of,
    half_size,
    is_dial,
    is_slider,
    on_arc,
    on_line,
)

Picture = NDArray[np.uint8]
Color = tuple[int, int, int, int]
Place = tuple[float, float]
ToPx = Callable[[float, float], Place]
Draw = Callable[[ImageDraw.ImageDraw, ToPx, float], None]

PX_PER_TANGENT = 1100.0
_OVERSAMPLING = 3
_CAP_HEIGHT_OF_EM = 0.7

GROUND: Color = (20, 28, 38, 232)
EDGE: Color = (255, 255, 255, 34)
BUTTON: Color = (46, 60, 76, 255)
BUTTON_EDGE: Color = (118, 138, 156, 255)
TEXT: Color = (238, 242, 244, 255)
SOFT_TEXT: Color = (172, 188, 200, 255)
ACCENT: Color = (126, 205, 194, 255)
FILL: Color = (24, 112, 110, 255)
"""Words stay light on it, however far it has grown."""

QUESTION_CAPS = 0.026
NUMBER_CAPS = 0.0225
WORD_CAPS = 0.02
"""Heights of capital letters; 0.02 is 1.15°, above the 0.75° that can be read in a headset."""

SMALLEST_CAPS = 0.014
"""0.80°: no text is made smaller, however long; then a strip grows and a question is cut."""

LINE_GAP = 1.9
QUESTION_HEIGHT = 4.0 * LINE_GAP * QUESTION_CAPS
"""Room for a question inside the arc of a dial."""


class Canvas:
    """A picture of a given half size whose middle is place (0, 0), with y up."""

    def __init__(self, half_width: float, half_height: float, ground: Color = GROUND) -> None:
        self._half = (half_width, half_height)
        self._ground = ground
        width, height = (max(round(2.0 * side * PX_PER_TANGENT), 2) for side in self._half)
        self._image = Image.new("RGBA", (width, height), (*ground[:3], 0))

    def shapes(self, draw: Draw) -> None:
        """Draw shapes through `draw(pen, to_px, px_per_tangent)` at a larger size and reduce them."""
        width, height = self._image.size
        large = Image.new("RGBA", (width * _OVERSAMPLING, height * _OVERSAMPLING), (*self._ground[:3], 0))
        scale = PX_PER_TANGENT * _OVERSAMPLING
        draw(ImageDraw.Draw(large), lambda right, up: self._px(right, up, scale), scale)
        self._image.alpha_composite(large.resize((width, height), Image.Resampling.BOX))

    def text(self, words: str, at: Place, caps: float, color: Color = TEXT, anchor: str = "mm") -> None:
        """Write one line; `at` is its anchor, by default its middle."""
        place = self._px(*at, PX_PER_TANGENT)
        ImageDraw.Draw(self._image).text(place, words, font=font(caps), fill=color, anchor=anchor)

    def copy(self) -> Canvas:
        """Another canvas with the same picture on it."""
        other = Canvas(*self._half, self._ground)
        other._image = self._image.copy()
        return other

    def lines(self, lines: list[str], middle: Place, caps: float, color: Color = TEXT) -> None:
        """Write centred lines, one below the other, around `middle`."""
        gap = caps * LINE_GAP
        top = middle[1] + gap * (len(lines) - 1) / 2.0
        for index, words in enumerate(lines):
            self.text(words, (middle[0], top - gap * index), caps, color)

    def picture(self) -> Picture:
        """The picture; where nothing was drawn it keeps the ground's colour, so that edges have no dark rim."""
        pixels = np.array(self._image, dtype=np.uint8)
        pixels[pixels[..., 3] == 0, :3] = self._ground[:3]
        return pixels

    def _px(self, right: float, up: float, scale: float) -> Place:
        return (right + self._half[0]) * scale, (self._half[1] - up) * scale


def font(caps: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own scalable font at a height of its capital letters."""
    return ImageFont.load_default(size=max(caps * PX_PER_TANGENT / _CAP_HEIGHT_OF_EM, 4.0))


def wrapped(words: str, caps: float, width: float) -> list[str]:
    """Lines no wider than `width`, broken between words."""
    lines: list[str] = []
    for paragraph in words.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and text_width(longer, caps) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def text_width(words: str, caps: float) -> float:
    """How wide a line is."""
    return float(font(caps).getlength(words)) / PX_PER_TANGENT


def fitted(words: str, caps: float, width: float, height: float) -> tuple[list[str], float]:
    """The words wrapped, in letters down to `SMALLEST_CAPS` where they would be higher than `height`."""
    lines = wrapped(words, caps, width)
    while len(lines) > lines_in(height, caps) and caps > SMALLEST_CAPS:
        caps = max(caps * 0.94, SMALLEST_CAPS)
        lines = wrapped(words, caps, width)
    return lines, caps


def lines_in(height: float, caps: float) -> int:
    """How many lines fit."""
    return int(height / (caps * LINE_GAP) + 1e-6)


def blank_panel(panel: PanelKind) -> Canvas:
    """A panel with its answers and without its question; costs tens of milliseconds, so keep it."""
    canvas = Canvas(*half_size(panel))
    canvas.shapes(lambda pen, px, scale: _panel_shapes(pen, px, scale, panel))
    for choice in choices_of(panel):
        canvas.text(choice.label, (choice.right, choice.up), NUMBER_CAPS)
    for anchor in anchors_of(panel):
        canvas.text(anchor.words, *_anchor_place(panel, anchor.at_0to1))
    return canvas


def panel_picture(blank: Canvas, panel: PanelKind, question: str) -> Picture:
    """A whole panel with nothing chosen."""
    canvas = blank.copy()
    middle_up, width, height = _question_place(panel)
    lines, caps = fitted(question, QUESTION_CAPS, width, height)
    most = lines_in(height, caps)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    canvas.lines(lines, (0.0, middle_up), caps)
    return canvas.picture()


def _question_place(panel: PanelKind) -> tuple[float, float, float]:
    """How high its middle is, how wide and how high it may be."""
    if is_slider(panel):
        return 0.078, 0.86, 2.0 * LINE_GAP * QUESTION_CAPS
    return (ARC_CENTER_UP + 0.062, 0.36, QUESTION_HEIGHT) if is_dial(panel) else (0.048, 0.52, 0.17)


def _anchor_place(panel: PanelKind, at_0to1: float) -> tuple[Place, float, Color, str]:
    """Words stand outside the arc, at its ends below the stops; at a slider below all of them."""
    if is_slider(panel):
        right, up = on_line(at_0to1)
        align = {0.0: "lm", 1.0: "rm"}.get(at_0to1, "mm")
        outward = {0.0: -BUTTON_RADIUS, 1.0: BUTTON_RADIUS}.get(at_0to1, 0.0)
        return (right + outward, up - BUTTON_RADIUS - 0.032), WORD_CAPS, SOFT_TEXT, align
    if at_0to1 in (0.0, 1.0):
        right, _ = on_arc(at_0to1, ARC_RADIUS)
        return (right, ARC_CENTER_UP - BUTTON_RADIUS - 0.026), WORD_CAPS, SOFT_TEXT, "mm"
    right, up = on_arc(at_0to1, ARC_RADIUS + BUTTON_RADIUS + 0.014)
    anchor = {0.25: "rm", 0.5: "mb", 0.75: "lm"}[at_0to1]
    return (right, up), WORD_CAPS, SOFT_TEXT, anchor


def _panel_shapes(pen: ImageDraw.ImageDraw, px: ToPx, scale: float, panel: PanelKind) -> None:
    half_width, half_height = half_size(panel)
    margin = 0.004
    box = (*px(margin - half_width, half_height - margin), *px(half_width - margin, margin - half_height))
    pen.rounded_rectangle(box, radius=0.03 * scale, fill=GROUND, outline=EDGE, width=round(0.0018 * scale))
    if is_dial(panel):
        center = px(0.0, ARC_CENTER_UP)
        reach = ARC_RADIUS * scale
        arc_box = (center[0] - reach, center[1] - reach, center[0] + reach, center[1] + reach)
        pen.arc(arc_box, 180.0, 360.0, fill=BUTTON, width=round(0.006 * scale))
    if is_slider(panel):
        pen.line((px(*on_line(0.0)), px(*on_line(1.0))), fill=BUTTON, width=round(0.006 * scale))
    for choice in choices_of(panel):
        _button(pen, px(choice.right, choice.up), scale, choice, (BUTTON, BUTTON_EDGE))


def _button(
    pen: ImageDraw.ImageDraw, at_px: Place, scale: float, choice: Choice, colors: tuple[Color, Color | None]
) -> None:
    half_width, half_height = WIDE_BUTTON if choice.is_wide else (BUTTON_RADIUS, BUTTON_RADIUS)
    x, y = at_px
    box = (x - half_width * scale, y - half_height * scale, x + half_width * scale, y + half_height * scale)
    edge = round(0.002 * scale)
    pen.rounded_rectangle(box, radius=half_height * scale, fill=colors[0], outline=colors[1], width=edge)


def button_half_size(choice: Choice) -> Place:
    """Half width and half height of the picture of a choice's button."""
    half_width, half_height = WIDE_BUTTON if choice.is_wide else (BUTTON_RADIUS, BUTTON_RADIUS)
    return half_width + 0.006, half_height + 0.006


def fill_picture(choice: Choice) -> Picture:
    """The fill that grows from the middle of a button while it is looked at."""
    canvas = Canvas(*button_half_size(choice), ground=FILL)
    canvas.shapes(lambda pen, px, scale: _button(pen, px(0.0, 0.0), scale, choice, (FILL, None)))
    return canvas.picture()


def label_picture(choice: Choice) -> Picture:
    """A button's words alone, to stand on its fill."""
    canvas = Canvas(*button_half_size(choice), ground=TEXT)
    canvas.text(choice.label, (0.0, 0.0), NUMBER_CAPS)
    return canvas.picture()


def ring_picture(choice: Choice) -> Picture:
    """The mark of the choice that the keys have reached."""
    half_width, half_height = button_half_size(choice)
    canvas = Canvas(half_width, half_height, ground=ACCENT)

    def draw(pen: ImageDraw.ImageDraw, px: ToPx, scale: float) -> None:
        box = (*px(-half_width + 0.001, half_height - 0.001), *px(half_width - 0.001, -half_height + 0.001))
        pen.rounded_rectangle(box, radius=half_height * scale, outline=ACCENT, width=round(0.006 * scale))

    canvas.shapes(draw)
    return canvas.picture()


def dot_picture(radius: float) -> Picture:
    """The mark of the gaze: a light dot with a dark rim, visible on any ground."""
    canvas = Canvas(radius, radius, ground=(16, 24, 30, 255))

    def draw(pen: ImageDraw.ImageDraw, px: ToPx, scale: float) -> None:
        for part, color in ((1.0, (16, 24, 30, 150)), (0.68, (250, 252, 252, 255))):
            reach = radius * part
            pen.ellipse((*px(-reach, reach), *px(reach, -reach)), fill=color)

    canvas.shapes(draw)
    return canvas.picture()


def strip_picture(words: str, caps: float, most_width: float, opacity: int) -> Picture:
    """Words on a rounded dark strip just large enough for them: a guidance line, a notice."""
    lines, caps = fitted(words, caps, most_width, 3.0 * LINE_GAP * caps)
    half_width = max(text_width(line, caps) for line in lines) / 2.0 + caps * 1.4
    half_height = caps * (LINE_GAP * len(lines) + 0.9) / 2.0
    canvas = Canvas(half_width, half_height)

    def draw(pen: ImageDraw.ImageDraw, px: ToPx, scale: float) -> None:
        box = (*px(-half_width, half_height), *px(half_width, -half_height))
        pen.rounded_rectangle(box, radius=min(half_height, 0.025) * scale, fill=(*GROUND[:3], opacity))

    canvas.shapes(draw)
    canvas.lines(lines, (0.0, 0.0), caps)
    return canvas.picture()


def half_width_of(picture: Picture) -> float:
    """Half the width of a picture as a tangent."""
    return float(picture.shape[1]) / PX_PER_TANGENT / 2.0
