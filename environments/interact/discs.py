"""The pictures of round things: the calm disc and the breathing guide; `pictures` tells their units."""

from __future__ import annotations

from PIL import ImageDraw

from environments.interact.pictures import FILL, GROUND, QUESTION_CAPS, Canvas, Color, Picture, ToPx, text_width

DISC: Color = (28, 62, 66, 200)
DISC_EDGE: Color = (236, 248, 246, 235)
ON_DISC: Color = (240, 250, 248, 255)

GUIDE_GROUND: Color = (14, 34, 40, 150)
GUIDE: Color = (38, 106, 112, 235)

SNOWBALL: Color = (226, 240, 248, 255)
DISC_CAPS = 0.022


def disc_plate(radius: float) -> Picture:
    """The calm disc with its word."""
    canvas = Canvas(radius, radius, ground=DISC)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius, (DISC, DISC_EDGE)))
    canvas.text("calm", (0.0, 0.0), DISC_CAPS, ON_DISC)
    return canvas.picture()


def disc_fill(radius: float) -> Picture:
    """The fill that grows from the middle of the calm disc."""
    canvas = Canvas(radius, radius, ground=FILL)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius, (FILL, None)))
    return canvas.picture()


def disc_word(radius: float) -> Picture:
    """The calm disc's word alone, to stand on its fill."""
    canvas = Canvas(radius, radius, ground=ON_DISC)
    canvas.text("calm", (0.0, 0.0), DISC_CAPS, ON_DISC)
    return canvas.picture()


def guide_ring(radius: float) -> Picture:
    """The breathing guide's ring: as large as the disc in it becomes."""
    canvas = Canvas(radius, radius, ground=DISC)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius, (GUIDE_GROUND, DISC_EDGE)))
    return canvas.picture()


def guide_disc(radius: float) -> Picture:
    """The breathing guide's disc at its largest."""
    canvas = Canvas(radius, radius, ground=GUIDE)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius - 0.006, (GUIDE, None)))
    return canvas.picture()


def guide_word(radius: float, word: str) -> Picture:
    """What to do now: in or out."""
    canvas = Canvas(radius, radius, ground=ON_DISC)
    canvas.text(word, (0.0, 0.0), QUESTION_CAPS, ON_DISC)
    return canvas.picture()


def aim_ring(radius: float) -> Picture:
    """The ring around what is aimed at."""
    canvas = Canvas(radius, radius, ground=DISC_EDGE)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius, ((0, 0, 0, 0), DISC_EDGE)))
    return canvas.picture()


def aim_fill(radius: float) -> Picture:
    """The fill that grows in it until a snowball flies."""
    canvas = Canvas(radius, radius, ground=DISC_EDGE)
    canvas.shapes(lambda pen, px, scale: _circle(pen, px, scale, radius - 0.004, ((220, 244, 250, 96), None)))
    return canvas.picture()


def score_picture(words: str) -> Picture:
    """The number of hits beside a snowball; without words the snowball alone."""
    caps, ball = 0.024, 0.022
    wide = ball + (text_width(words, caps) / 2.0 + 0.02 if words else 0.0)
    canvas = Canvas(wide + 0.024, 0.04, ground=GROUND)

    def draw(pen: ImageDraw.ImageDraw, px: ToPx, scale: float) -> None:
        left, right = -wide - 0.022, wide + 0.022
        pen.rounded_rectangle((*px(left, 0.038), *px(right, -0.038)), radius=0.038 * scale, fill=GROUND)
        x = -wide + ball * 0.9 if words else 0.0
        pen.ellipse((*px(x - ball, ball), *px(x + ball, -ball)), fill=SNOWBALL)

    canvas.shapes(draw)
    if words:
        canvas.text(words, (ball + 0.006, 0.0), caps)
    return canvas.picture()


def _circle(
    pen: ImageDraw.ImageDraw, px: ToPx, scale: float, radius: float, colors: tuple[Color, Color | None]
) -> None:
    reach = radius - 0.002
    box = (*px(-reach, reach), *px(reach, -reach))
    pen.ellipse(box, fill=colors[0], outline=colors[1], width=round(0.0035 * scale))
