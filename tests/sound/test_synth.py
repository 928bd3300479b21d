"""The sounds themselves: seams, levels, and whether they have the spectrum and the rhythm of what they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from environments.sound.loudness import moments_lufs, peak_db
from environments.sound.mixer import Samples
from environments.sound.synth.catalogue import HIGHEST_PEAK_DB, LEVEL_LUFS, SOUNDS, make
from tests.sound.conftest import made_once
from tests.sound.measures import band_db, envelope_db, quantile_hz

_made = made_once
LOOPS = [name for name, sound in SOUNDS.items() if sound.loops]
ONCE = [name for name, sound in SOUNDS.items() if not sound.loops]


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_goes_round_without_a_click(name: str) -> None:
    samples = _made(name).astype(np.float64)
    # A click is a jump, or a kink, that the sound itself does not have elsewhere.
    turn = np.concatenate([samples[-200:], samples[:200]])
    assert np.abs(np.diff(turn)).max() <= np.abs(np.diff(samples)).max()
    kinks = np.abs(np.diff(samples, 2))
    assert np.abs(np.diff(turn, 2)).max() <= 1.2 * kinks.max()
    assert abs(samples.mean()) < 1e-3


@pytest.mark.parametrize("name", ONCE)
def test_a_lone_sound_begins_and_ends_in_silence(name: str) -> None:
    samples = _made(name)
    assert np.abs(samples[[0, -1]]).max() < 1e-4
    assert np.abs(samples[:24]).max() < 0.5 * np.abs(samples).max()


@pytest.mark.parametrize("name", list(SOUNDS))
def test_every_sound_has_the_same_loudness_and_no_peak_above_the_limit(name: str) -> None:
    samples = _made(name)
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()
    assert peak_db(samples) <= HIGHEST_PEAK_DB + 0.01
    loudest = moments_lufs(samples).max()
    assert loudest <= LEVEL_LUFS + 0.1
    assert loudest >= LEVEL_LUFS - 0.1 or peak_db(samples) == pytest.approx(HIGHEST_PEAK_DB, abs=0.01)


def test_a_sound_is_the_same_every_time() -> None:
    assert np.array_equal(_made("gull"), make("gull"))


@pytest.mark.parametrize(
    ("name", "low_hz", "high_hz"),
    [
        ("surf", 150, 1000),
        ("swash", 2500, 6000),
        ("backwash", 2500, 7000),
        ("wind", 80, 500),
        ("leaves", 1500, 7000),
        ("city", 80, 600),
        ("gull", 900, 3500),
        ("pigeon", 350, 500),
        ("blackbird", 1500, 3000),
        ("warbler", 2800, 5500),
        ("crickets", 4200, 4900),
        ("rain", 2500, 9000),
        ("lake", 300, 1500),
        ("murmur", 250, 1200),
        ("whisper", 1000, 4000),
        ("applause", 900, 3000),
        ("ventilation", 80, 900),
        ("whale", 150, 500),
    ],
)
def test_half_of_the_energy_lies_where_such_sounds_have_it(name: str, low_hz: float, high_hz: float) -> None:
    assert low_hz <= quantile_hz(_made(name), 0.5) <= high_hz


def test_the_citys_hum_falls_by_4_to_8_db_an_octave_above_500_hz() -> None:
    octaves = [band_db(_made("city"), hz, 2.0 * hz) - 10.0 * np.log10(hz) for hz in (500.0, 1000.0, 2000.0)]
    falls = -np.diff(octaves)
    assert ((falls >= 4.0) & (falls <= 11.0)).all()


@pytest.mark.parametrize(
    ("name", "per_s", "within"), [("steps", 1.8, 0.1), ("clock", 1.0, 0.02), ("knocks", 4.0, 0.02)]
)
def test_what_beats_beats_at_its_pace(name: str, per_s: float, within: float) -> None:
    samples = _made(name)
    level = 10.0 ** (envelope_db(samples, 0.01) / 10.0)
    level -= level.mean()
    rhythm = np.fft.irfft(np.abs(np.fft.rfft(level)) ** 2)
    low, high = round(100.0 / per_s * 0.7), round(100.0 / per_s * 1.4)
    beat_s = (low + int(np.argmax(rhythm[low:high]))) / 100.0
    assert 1.0 / beat_s == pytest.approx(per_s, rel=0.05)


def test_nobody_is_startled_a_lone_sound_takes_at_least_a_few_milliseconds_to_its_peak() -> None:
    for name in ("phone", "chime", "sparkle", "wings", "lift-door", "gust", "ice", "puff"):
        samples: Samples = np.abs(_made(name))
        first = int(np.argmax(samples > 0.5 * samples.max()))
        assert first > 0.005 * 48_000, name
