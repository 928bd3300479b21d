"""Words in a scene are where and what they should be, at any distance, for both eyes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from environments.render.glyphs import CHARACTERS, atlas, font_file
from environments.render.model import Text
from environments.render.renderer import Renderer
from environments.render.text import LEAST_DEG, least_height_m, letters_of
from environments.scenes.shore.build import Shore
from tests.render.conftest import SIZE_PX
from tests.render.pictures import brightness, drawn, shore_view

pytestmark = pytest.mark.gl
WIDTH_PX, HEIGHT_PX = SIZE_PX
EYE_M = (0.0, 1.62, 0.0)
With = Callable[..., None]


@pytest.fixture(name="with_texts")
def _with_texts(monkeypatch: pytest.MonkeyPatch) -> With:
    """Lets the shore have just these texts from now on."""
    plain = Shore.frame

    def have(*texts: Text) -> None:
        monkeypatch.setattr(Shore, "frame", lambda *told: replace(plain(*told), texts=texts, particles=()))

    return have


def before_the_eyes(words: str, distance_m: float, height_m: float, *, turned: bool = False) -> Text:
    place = np.eye(4, dtype=np.float32)
    place[:3, 3] = EYE_M[0], EYE_M[1], EYE_M[2] - distance_m
    if turned:
        place[0, 0] = place[2, 2] = -1.0
    return Text(words, place, height_m, (0.0, 0.0, 0.0), glows=True)


def ink(renderer: Renderer, with_texts: With, *texts: Text) -> NDArray[np.float64]:
    """How much darker black texts make each pixel, 0 to 1."""
    view = shore_view(4.0, pitch_deg=0.0, time_of_day_h=12.0)
    with_texts()
    bare = brightness(drawn(renderer, view))
    with_texts(*texts)
    return np.asarray(1.0 - brightness(drawn(renderer, view)) / bare)


def expected(words: str, cap_px: float) -> NDArray[np.float64]:
    """The same words drawn by Pillow in the middle of the picture, finer and then averaged."""
    finer = 8
    font = ImageFont.truetype(str(font_file()), 1000)
    size = 1000 * cap_px * finer / -font.getbbox("H", anchor="ls")[1]
    big = Image.new("L", (WIDTH_PX * finer, HEIGHT_PX * finer))
    place = (WIDTH_PX * finer / 2, (HEIGHT_PX / 2 + cap_px / 2) * finer)
    ImageDraw.Draw(big).text(place, words, fill=255, font=font.font_variant(size=size), anchor="ms")
    fine = np.asarray(big, np.float64).reshape(HEIGHT_PX, finer, WIDTH_PX, finer)
    return np.asarray(fine.mean(axis=(1, 3)) / 255.0)


@pytest.mark.parametrize("distance_m", [1.0, 2.5])
@pytest.mark.parametrize("cap_px", [11.0, 24.0, 70.0])
def test_words_cover_what_their_letters_cover(
    renderer: Renderer, with_texts: With, cap_px: float, distance_m: float
) -> None:
    words = "Säge" if cap_px > 50 else "Exit 12 Grün"
    focal_px = HEIGHT_PX / 2.0 / np.tan(np.radians(75.0 / 2.0))
    got = ink(renderer, with_texts, before_the_eyes(words, distance_m, cap_px / focal_px * distance_m))
    wanted = expected(words, cap_px)
    # Half covered in linear light looks about a quarter darker.
    dark, covered = got > 0.25, wanted > 0.5
    assert (dark & covered).sum() > 0.8 * (dark | covered).sum()


def test_text_is_not_mirrored_from_the_front_and_is_hidden_behind_things(renderer: Renderer, with_texts: With) -> None:
    front = ink(renderer, with_texts, before_the_eyes("FL", 3.0, 0.5))
    assert front[:, : WIDTH_PX // 2].sum() > front[:, WIDTH_PX // 2 :].sum()
    below = before_the_eyes("FL", 3.0, 0.5)
    below.place[1, 3] = -3.0
    assert ink(renderer, with_texts, below).max() < 0.05


def test_lines_stand_below_each_other(renderer: Renderer, with_texts: With) -> None:
    got = ink(renderer, with_texts, before_the_eyes("HHHH\nH", 3.0, 0.3)).clip(0.0)
    upper, lower = got[: HEIGHT_PX // 2].sum(), got[HEIGHT_PX // 2 :].sum()
    assert upper == pytest.approx(4.0 * lower, rel=0.1)


def test_both_eyes_read_the_same(renderer: Renderer, with_texts: With) -> None:
    view = shore_view(4.0, pitch_deg=0.0, time_of_day_h=12.0)
    pictures = []
    for texts in ((), (before_the_eyes("Exit", 50.0, 6.0),)):
        with_texts(*texts)
        renderer.resize(2 * WIDTH_PX, HEIGHT_PX)
        renderer.draw_stereo(view)
        pictures.append(brightness(renderer.read_rgb()))
    dark = pictures[0] - pictures[1]
    left, right = dark[:, :WIDTH_PX], dark[:, WIDTH_PX:]
    assert left.sum() > 1000.0
    assert np.abs(left - right).mean() < 0.05 * np.abs(left).mean() + 0.2


def test_least_height_is_that_of_the_least_angle() -> None:
    assert np.degrees(2.0 * np.arctan(least_height_m(7.0) / 2.0 / 7.0)) == pytest.approx(LEAST_DEG)


def test_every_letter_has_a_place_and_unknown_ones_are_question_marks() -> None:
    letters = atlas()
    assert all(letters.glyphs[letter].advance >= 0.0 for letter in CHARACTERS)
    rows, columns = letters.distances.shape
    for x, y, width, height in (glyph.texels for glyph in letters.glyphs.values()):
        assert 0 <= x <= columns - width
        assert 0 <= y <= rows - height
    one = letters_of(before_the_eyes("\N{SNOWMAN}", 1.0, 1.0), letters)
    assert np.array_equal(one, letters_of(before_the_eyes("?", 1.0, 1.0), letters))


def test_statistics_count_all_texts_as_one_draw_of_two_triangles_a_letter_and_eye(
    renderer: Renderer, with_texts: With
) -> None:
    view = shore_view(4.0)
    taken = []
    for texts in ((), (before_the_eyes("EXIT", 2.0, 0.05), before_the_eyes("A B", 3.0, 0.05))):
        with_texts(*texts)
        renderer.draw_stereo(view)
        taken.append(renderer.statistics())
    assert taken[1].draws - taken[0].draws == 1
    assert taken[1].triangles - taken[0].triangles == 2 * 2 * len("EXITAB")
