"""What the ears get: direction, distance, turning the head."""

from __future__ import annotations

import math

import numpy as np
import pytest

from environments.sound.mixer import Ears, Mixer, Samples, Setting
from tests.sound.measures import level_db


def _noise() -> Samples:
    return (0.1 * np.random.default_rng(3).standard_normal(48_000)).astype(np.float32)


def _heard(mixer: Mixer, ears: Ears, azimuth_deg: float, distance_m: float = 2.0, near_m: float = 2.0) -> Samples:
    angle = math.radians(azimuth_deg)
    if not mixer.has("noise"):
        mixer.load("noise", _noise())
    with mixer.changes():
        mixer.listen(ears)
        place_m = (distance_m * math.sin(angle), 0.0, -distance_m * math.cos(angle))
        source = mixer.play("noise", Setting(1.0, place_m, near_m=near_m), loops=True)
    assert source is not None
    heard = mixer.render(24_000)[4_800:]
    mixer.stop(source)
    mixer.render(4_800)
    return heard


@pytest.mark.parametrize("azimuth_deg", [60.0, 90.0, -90.0])
def test_a_sound_at_one_side_is_at_least_10_db_louder_there(mixer: Mixer, azimuth_deg: float) -> None:
    assert mixer.has_hrtf
    heard = _heard(mixer, Ears(), azimuth_deg)
    difference_db = level_db(heard[:, 1]) - level_db(heard[:, 0])
    assert math.copysign(1.0, azimuth_deg) * difference_db >= 10.0


def test_turning_the_head_to_a_sound_puts_it_ahead(mixer: Mixer) -> None:
    turned = _heard(mixer, Ears(yaw_deg=90.0), 90.0)
    straight = _heard(mixer, Ears(), 0.0)
    assert abs(level_db(turned[:, 1]) - level_db(turned[:, 0])) < 0.5
    assert level_db(turned) == pytest.approx(level_db(straight), abs=0.5)


def test_turning_right_brings_what_was_ahead_to_the_left(mixer: Mixer) -> None:
    heard = _heard(mixer, Ears(yaw_deg=80.0), 0.0)
    assert level_db(heard[:, 0]) - level_db(heard[:, 1]) >= 10.0


def test_what_is_above_stays_above_when_the_head_is_level_and_goes_ahead_when_it_looks_up() -> None:
    assert Ears().orientation() == pytest.approx((0.0, 0.0, -1.0, 0.0, 1.0, 0.0), abs=1e-9)
    assert Ears(pitch_deg=90.0).orientation()[:3] == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    assert Ears(roll_deg=90.0).orientation()[3:] == pytest.approx((1.0, 0.0, 0.0), abs=1e-9)


def test_twice_the_distance_is_6_db_softer_and_nearer_than_near_is_no_louder(mixer: Mixer) -> None:
    levels = {distance: level_db(_heard(mixer, Ears(), 0.0, distance)) for distance in (1.0, 2.0, 4.0)}
    assert levels[2.0] - levels[4.0] == pytest.approx(6.0, abs=0.5)
    assert levels[1.0] == pytest.approx(levels[2.0], abs=0.5)


def test_more_sounds_than_sources_are_left_out_not_an_error(mixer: Mixer) -> None:
    mixer.load("noise", _noise())
    with mixer.changes():
        started = [mixer.play("noise", Setting(0.01, (0.0, 0.0, -1.0)), loops=True) for _ in range(70)]
    assert started.count(None) == 6
    assert np.isfinite(mixer.render()).all()


def test_the_same_is_rendered_every_time() -> None:
    def once() -> Samples:
        made = Mixer()
        heard = _heard(made, Ears(yaw_deg=20.0), 40.0)
        made.close()
        return heard

    assert np.array_equal(once(), once())
