"""The flicker analyser on both sides of every limit of WCAG 2.3.1 and ITU-R BT.1702."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from environments.comfort.colour import chromaticity, linear_light, relative_luminance
from environments.comfort.field import Fields
from environments.comfort.flicker import LEAST_AREA_SR, _Second
from tests.comfort.conftest import FOV_DEG, SIDE_PX, Picture, Show

LAWFUL = 3.0


def grey(luminance_0to1: float) -> int:
    """The 8-bit code whose relative luminance is nearest."""
    return int(np.abs(linear_light(np.arange(256, dtype=np.uint8)) - luminance_0to1).argmin())


def flat(rgb: int | tuple[int, int, int]) -> Picture:
    return np.full((SIDE_PX, SIDE_PX, 3), rgb, np.uint8)


def blinking(
    hz: float, one: int | tuple[int, int, int], other: int | tuple[int, int, int]
) -> Callable[[float], Picture]:
    """Half of each period one colour, half the other."""
    return lambda time_s: flat(other if math.floor(2.0 * hz * time_s + 1e-6) % 2 else one)


def patch(fields: Fields, part_of_field: float) -> np.ndarray:
    """A compact patch in the middle, the nearest pixels first, of a part of a 10° field."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX] - (SIDE_PX - 1) / 2.0
    order = np.argsort(np.hypot(x, y).ravel(), kind="stable")
    areas = np.cumsum(fields.solid_angles_sr[order])
    mask = np.zeros(SIDE_PX * SIDE_PX, bool)
    mask[order[areas <= part_of_field * 4.0 * LEAST_AREA_SR]] = True
    return mask.reshape(SIDE_PX, SIDE_PX)


@pytest.mark.parametrize("fps", [30.0, 32.0, 60.0, 90.0])
@pytest.mark.parametrize(("hz", "flashes"), [(2.9, 3.0), (3.0, 3.0), (3.1, 3.5), (1.0, 1.0)])
def test_three_flashes_a_second_are_told_from_more(show: Show, fps: float, hz: float, flashes: float) -> None:
    found = show(blinking(hz, grey(0.1), grey(0.5)), fps).general.per_s
    assert found == flashes
    assert (found > LAWFUL) is (hz > 3.0)


@pytest.mark.parametrize("fps", [30.0, 60.0, 90.0])
def test_ten_flashes_a_second_are_all_counted(show: Show, fps: float) -> None:
    assert show(blinking(10.0, grey(0.1), grey(0.5)), fps).general.per_s == pytest.approx(10.0, abs=0.5)


def test_flashes_across_the_turn_of_a_second_are_one_second(show: Show) -> None:
    """Four flashes from 0.6 to 1.4 s: two in each second of the clock, four in one of their own."""
    burst = blinking(5.0, grey(0.1), grey(0.5))
    assert show(lambda t: burst(t) if 0.6 <= t < 1.4 else flat(grey(0.1))).general.per_s == 4.0


def test_flashes_in_two_seconds_apart_do_not_add_up(show: Show) -> None:
    pair = blinking(5.0, grey(0.1), grey(0.5))
    found = show(lambda t: pair(t) if t % 2.0 < 0.45 else flat(grey(0.1)), lasts_s=2.6).general
    assert found.per_s == 2.0


@pytest.mark.parametrize(("change", "flashes"), [(0.09, 0.0), (0.11, 5.0)])
@pytest.mark.parametrize("darker", [0.05, 0.6])
def test_a_change_counts_from_ten_per_cent_of_the_brightest(
    show: Show, change: float, flashes: float, darker: float
) -> None:
    codes = grey(darker), grey(darker + change)
    light = relative_luminance(linear_light(np.array([[code] * 3 for code in codes], np.uint8)))
    assert (light[1] - light[0] > 0.1) is np.bool_(flashes > 0.0)
    assert show(blinking(5.0, *codes)).general.per_s == flashes


@pytest.mark.parametrize(("darker", "flashes"), [(0.79, 5.0), (0.81, 0.0)])
def test_flashes_between_bright_states_do_not_count(show: Show, darker: float, flashes: float) -> None:
    assert show(blinking(5.0, grey(darker), grey(0.95))).general.per_s == flashes


@pytest.mark.parametrize(("part", "flashes"), [(0.24, 0.0), (0.26, 5.0)])
def test_a_quarter_of_a_ten_degree_field_counts(show: Show, fields: Fields, part: float, flashes: float) -> None:
    lit = patch(fields, part)
    assert fields.solid_angles_sr[lit.ravel()].sum() / (4.0 * LEAST_AREA_SR) == pytest.approx(part, abs=0.008)
    blink = blinking(5.0, grey(0.1), grey(0.6))
    assert show(lambda t: np.where(lit[..., None], blink(t), flat(grey(0.1)))).general.per_s == flashes


def test_a_patch_is_found_wherever_it_lies_and_its_place_is_said(show: Show, fields: Fields) -> None:
    lit = np.roll(patch(fields, 0.4), (-16, 15), (0, 1))
    blink = blinking(5.0, grey(0.1), grey(0.6))
    found = show(lambda t: np.where(lit[..., None], blink(t), flat(grey(0.1)))).general
    assert found.per_s == 5.0
    assert 8.0 < found.yaw_deg < 20.0
    assert 8.0 < found.pitch_deg < 20.0


def test_two_small_patches_far_apart_are_in_no_common_field(show: Show, fields: Fields) -> None:
    small = patch(fields, 0.2)
    lit = np.roll(small, -16, 1) | np.roll(small, 16, 1)
    blink = blinking(5.0, grey(0.1), grey(0.6))
    assert show(lambda t: np.where(lit[..., None], blink(t), flat(grey(0.1)))).general.per_s == 0.0


def test_flashes_of_different_parts_of_a_field_add_up(show: Show, fields: Fields) -> None:
    """Three thirds of one field flash once each within a second: three flashes of the field, one of each pixel."""
    near = patch(fields, 0.94)
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX] - (SIDE_PX - 1) / 2.0
    third = np.floor((np.arctan2(y, x) / (2.0 * np.pi) + 0.5) * 3.0).astype(int) % 3

    def picture(time_s: float) -> Picture:
        index = math.floor(time_s * 8.0 + 1e-6)
        lit = near & (third == index // 2) if index < 6 and index % 2 == 0 else np.zeros_like(near)
        return np.where(lit[..., None], grey(0.6), grey(0.1)).astype(np.uint8).repeat(3, 2)

    assert show(picture).general.per_s >= 2.5


@pytest.mark.parametrize("steps", [2, 60])
def test_a_change_one_way_only_is_no_flash(show: Show, steps: int) -> None:
    codes = np.linspace(0, 255, steps).astype(int)
    assert show(lambda t: flat(int(codes[min(int(t * 60.0), steps - 1)]))).general.per_s == 0.0


def test_a_fade_out_and_in_is_one_flash_and_not_more(show: Show) -> None:
    lights = np.interp(np.arange(0.0, 2.6, 1 / 60), [0.3, 0.8, 0.9, 1.4], [0.7, 0.0, 0.0, 0.7])
    assert show(lambda t: flat(grey(lights[min(round(t * 60.0), len(lights) - 1)]))).general.per_s == 1.0


def test_a_single_frame_is_one_flash(show: Show) -> None:
    assert show(lambda t: flat(grey(0.6) if abs(t - 0.5) < 1e-6 else grey(0.1))).general.per_s == 1.0


def test_steps_below_the_limit_add_up_to_one_change(show: Show) -> None:
    """A slow swing of 40 % at 4 Hz moves by under 10 % in each frame and is still eight changes a second."""
    found = show(lambda t: flat(grey(0.3 - 0.2 * math.cos(2.0 * math.pi * 4.0 * t))), 90.0)
    assert found.general.per_s == 4.0


@pytest.mark.parametrize(("hz", "is_flash"), [(1.0, False), (5.0, True)])
def test_a_drifting_grating_flashes_when_it_drifts_fast(show: Show, hz: float, is_flash: bool) -> None:
    place = np.arange(SIDE_PX) / 6.0

    def picture(time_s: float) -> Picture:
        light = 0.3 + 0.25 * np.cos(2.0 * np.pi * (place - hz * time_s))
        row = np.interp(light, linear_light(np.arange(256, dtype=np.uint8)), np.arange(256))
        return np.broadcast_to(row[None, :, None], (SIDE_PX, SIDE_PX, 3)).astype(np.uint8)

    assert (show(picture).general.per_s > LAWFUL) is is_flash


def test_something_that_walks_through_the_picture_does_not_flash(show: Show) -> None:
    def picture(time_s: float) -> Picture:
        shown = flat(grey(0.6))
        left = int(8.0 * time_s) + 4
        shown[10:40, left : left + 8] = grey(0.1)
        return shown

    assert show(picture).general.per_s <= 1.0


@pytest.mark.parametrize("base", [2, 90, 200])
def test_noise_and_dithering_below_the_limit_are_not_seen(show: Show, base: int) -> None:
    chance = np.random.default_rng(4)
    analyser = show(lambda _: (base + chance.integers(-2, 3, (SIDE_PX, SIDE_PX, 3))).astype(np.uint8))
    assert (analyser.general.per_s, analyser.red.per_s) == (0.0, 0.0)


def _share_and_shift(rgb: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[float, float]:
    linear = linear_light(np.array([rgb, other], np.uint8))
    uv = chromaticity(linear)
    return float(linear[0, 0] / linear[0].sum()), float(np.hypot(*(uv[0] - uv[1])))


def _red_with_share(share: float) -> tuple[int, int, int]:
    other = grey((1.0 - share) / share / 2.0)
    return 255, other, other


@pytest.mark.parametrize(("share", "flashes"), [(0.79, 0.0), (0.81, 5.0)])
def test_red_is_saturated_from_eighty_per_cent(show: Show, share: float, flashes: float) -> None:
    red, green = _red_with_share(share), (0, 110, 0)
    found_share, shift = _share_and_shift(red, green)
    assert found_share == pytest.approx(share, abs=0.006)
    assert shift > 0.2
    assert show(blinking(5.0, green, red)).red.per_s == flashes


@pytest.mark.parametrize(("shift", "flashes"), [(0.19, 0.0), (0.21, 5.0)])
def test_red_counts_when_its_colour_moves_by_more_than_a_fifth(show: Show, shift: float, flashes: float) -> None:
    red = (255, 0, 0)
    paler = min(((200, code, code) for code in range(256)), key=lambda rgb: abs(_share_and_shift(red, rgb)[1] - shift))
    assert _share_and_shift(red, paler)[1] == pytest.approx(shift, abs=0.005)
    assert show(blinking(5.0, paler, red)).red.per_s == flashes


def test_red_flashes_of_equal_light_are_no_general_flashes(show: Show) -> None:
    analyser = show(blinking(3.1, (255, 0, 0), (0, grey(0.2126 / 0.7152), 0)))
    assert analyser.general.per_s == 0.0
    assert analyser.red.per_s == 3.5


def test_saturated_red_against_black_counts_and_a_red_tinge_in_the_dark_does_not(show: Show) -> None:
    assert show(blinking(5.0, (0, 0, 0), (200, 0, 0))).red.per_s == 5.0
    assert show(blinking(5.0, (0, 0, 0), (40, 0, 0))).red.per_s == 0.0


def test_the_whole_picture_covers_what_its_field_of_view_does(fields: Fields) -> None:
    half = math.radians(FOV_DEG / 2.0)
    assert fields.solid_angles_sr.sum() == pytest.approx(4.0 * math.asin(math.sin(half) ** 2), rel=1e-9)
    whole = fields.areas_sr(np.ones(SIDE_PX * SIDE_PX, bool))
    cone = 2.0 * math.pi * (1.0 - math.cos(math.radians(5.0)))
    assert whole.max() == pytest.approx(cone, rel=0.06)
    assert cone / 4.0 == pytest.approx(LEAST_AREA_SR, rel=0.01)


def test_what_is_kept_does_not_grow_with_the_sequence(fields: Fields) -> None:
    pixels = len(fields.solid_angles_sr)
    second, all_of_them = _Second(pixels), np.ones(pixels, bool)
    for index in range(400):
        second.add(index / 60.0, all_of_them)
    assert len(second._kept) == 60
    assert second.counts.tolist() == [60] * pixels
