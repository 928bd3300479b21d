"""Levels: the limiter, fades, ducking, mono, mute, loudness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.sound.loudness import amplitude, loudness_lufs, moments_lufs, peak_db
from environments.sound.master import CEILING_DB, SILENT_BLOCK, Controls, Glide, Limiter, Master
from environments.sound.mixer import BLOCK, Samples
from tests.sound.measures import level_db


def _tone(hz: float, seconds: float, level: float) -> Samples:
    at = np.arange(round(seconds * 48_000)) / 48_000
    return np.repeat((level * np.sin(2.0 * np.pi * hz * at)).astype(np.float32)[:, None], 2, axis=1)


def _limited(samples: Samples, limiter: Limiter | None = None) -> Samples:
    limit = limiter or Limiter()
    return np.concatenate([limit(samples[at : at + BLOCK]) for at in range(0, len(samples), BLOCK)])


def _through(master: Master, place: Samples, *, scene: float = 1.0, speaking: bool = False) -> Samples:
    blocks = [place[at : at + BLOCK] for at in range(0, len(place), BLOCK)]
    return np.concatenate([master.block(block, SILENT_BLOCK, scene, is_speaking=speaking) for block in blocks])


def test_what_is_soft_passes_the_limiter_untouched_5_ms_later() -> None:
    soft = _tone(440.0, 0.5, amplitude(-14.0))
    assert np.array_equal(_limited(soft)[240:], soft[:-240])


def test_what_is_loud_comes_out_at_the_ceiling_without_being_bent() -> None:
    out = _limited(_tone(300.0, 2.0, 1.0))[48_000:, 0]
    assert peak_db(out) == pytest.approx(CEILING_DB, abs=0.2)
    power = np.abs(np.fft.rfft(out * np.hanning(len(out)))) ** 2
    within = power[298:303].sum()
    assert 10.0 * np.log10((power.sum() - within) / within) < -40.0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 47), st.floats(-8.0, 8.0)), min_size=1, max_size=6),
    st.integers(0, 2**31),
)
def test_no_sample_ever_leaves_above_the_ceiling(bursts: list[tuple[int, float]], seed: int) -> None:
    sound = (0.05 * np.random.default_rng(seed).standard_normal((48 * BLOCK, 2))).astype(np.float32)
    for block, height in bursts:
        sound[block * BLOCK + seed % BLOCK] += height
    assert np.abs(_limited(sound)).max() <= amplitude(CEILING_DB) + 1e-7


def test_the_limiter_turns_down_before_a_burst_and_comes_back_in_half_a_second() -> None:
    sound = _tone(1000.0, 3.0, amplitude(-13.0))
    sound[48_000:52_800] *= 8.0
    out = _limited(sound)[:, 0]
    steps = np.abs(np.diff(out)).max()
    assert steps <= 1.05 * 2.0 * np.pi * 1000.0 / 48_000 * amplitude(CEILING_DB)
    assert level_db(out[-48_000:]) == pytest.approx(level_db(sound[-48_000:]), abs=0.3)


def test_a_fade_takes_its_time_and_has_no_step() -> None:
    place = np.full((48_000, 2), 0.1, np.float32)
    master = Master()
    _through(master, place)
    out = _through(master, place, scene=0.0)[:, 0]
    silent_at_s = np.argmax(out == 0.0) / 48_000
    assert 0.3 <= silent_at_s <= 1.0
    assert np.abs(np.diff(out)).max() < 0.1 * 2.0 / (0.3 * 48_000)
    assert master.is_silent


def test_the_place_steps_back_while_somebody_speaks() -> None:
    place = np.full((48_000, 2), 0.1, np.float32)
    master = Master()
    before = _through(master, place)[-1, 0]
    during = _through(master, place, speaking=True)[-1, 0]
    after = _through(master, np.tile(place, (2, 1)))[-1, 0]
    assert 20.0 * np.log10(during / before) == pytest.approx(-9.0, abs=0.1)
    assert after == pytest.approx(before)


def test_mono_makes_both_ears_equal_and_mute_silence_both_by_a_ramp() -> None:
    place = np.stack([np.full(48_000, 0.1), np.full(48_000, -0.02)], axis=1).astype(np.float32)
    master = Master()
    _through(master, place)
    master.controls = Controls(is_mono=True)
    out = _through(master, place)
    assert np.array_equal(out[-1_000:, 0], out[-1_000:, 1])
    assert not np.array_equal(out[300:1_000, 0], out[300:1_000, 1])
    master.controls = Controls(is_muted=True)
    out = _through(master, place)
    assert not out[-1_000:].any()
    assert np.abs(np.diff(out[:, 0])).max() < 1e-4


def test_half_the_volume_is_12_db_softer() -> None:
    place = np.full((48_000, 2), 0.1, np.float32)
    levels = []
    for volume in (1.0, 0.5):
        master = Master(Controls(volume_0to1=volume))
        levels.append(level_db(_through(master, place)[-1_000:]))
    assert levels[0] - levels[1] == pytest.approx(12.0, abs=0.1)


def test_a_glide_arrives_exactly_and_never_faster_than_its_time() -> None:
    glide = Glide(0.0, 0.5, 0.25)
    line = np.concatenate([glide.to(1.0, BLOCK) for _ in range(30)])
    assert line[-1] == 1.0
    assert np.argmax(line == 1.0) == pytest.approx(0.25 * 48_000, abs=2)


def test_loudness_is_that_of_the_standard() -> None:
    # EBU Tech 3341, cases 1 and 2: a stereo tone of 1 kHz at -23 and -33 dBFS.
    for level in (-23.0, -33.0):
        assert loudness_lufs(_tone(1000.0, 3.0, amplitude(level))) == pytest.approx(level, abs=0.1)
    assert moments_lufs(_tone(1000.0, 1.0, 0.1)).max() == pytest.approx(-20.0, abs=0.1)
    assert loudness_lufs(np.zeros((48_000, 2), np.float32)) == -120.0
