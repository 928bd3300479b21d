"""Scenes heard as the patient hears them: levels, waves that breathe, events, fades, mute, another scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from environments.contract import VoiceMode
from environments.sound.loudness import loudness_lufs, peak_db
from environments.sound.messages import Moment, Set
from environments.sound.review import Review
from tests.sound.measures import band_db, envelope_db, level_db

Open = Callable[..., Review]


@pytest.mark.parametrize(("scene", "intensity_0to1"), [("shore", 0.0), ("heights", 0.0), ("heights", 1.0)])
def test_a_place_is_heard_at_a_calm_level_and_never_above_the_limit(
    review: Open, scene: str, intensity_0to1: float
) -> None:
    heard = review(scene, intensity_0to1).hear(3.0)
    assert peak_db(heard) <= -12.0
    assert -40.0 <= loudness_lufs(heard[48_000:]) <= -26.0
    assert not heard[:480].any()


def test_the_waves_follow_the_pace_of_the_breath(review: Open) -> None:
    for pace_per_min in (6.0, 12.0):
        heard = review("shore", 0.0, {"pace_per_min": pace_per_min}).hear(60.0 / pace_per_min + 1.0)[48_000:]
        loudness = envelope_db(_rush(heard[:, 0]), 0.1)
        period = round(600.0 / pace_per_min)
        # The rush of water up the sand is loudest where the breath goes from in to out, at 0.4 of each cycle.
        smooth = np.convolve(10.0 ** (loudness[:period] / 10.0), np.ones(9), "same")
        assert (np.argmax(smooth) + 10.0) / period % 1.0 == pytest.approx(0.34, abs=0.1)
        assert loudness.max() - loudness.min() >= 6.0


def test_higher_waves_are_louder(review: Open) -> None:
    levels = [loudness_lufs(review("shore", 0.0, {"swell_0to1": swell}).hear(3.0)[48_000:]) for swell in (0.1, 0.9)]
    assert levels[1] - levels[0] >= 5.0


def test_more_music_is_louder_and_none_is_only_wind_and_sledge(review: Open) -> None:
    music = [level_db(review("snow", 0.0, {"music_0to1": amount}).hear(6.0)[96_000:]) for amount in (0.0, 0.5, 1.0)]
    assert music[1] - music[0] >= 1.0
    assert music[2] - music[1] >= 2.0


def test_at_the_top_of_the_tower_there_is_less_of_the_square_and_more_wind(review: Open) -> None:
    low, high = (review("heights", level, seed=4).hear(3.0)[48_000:, 0] for level in (0.0, 1.0))
    assert band_db(low, 2000.0, 6000.0) - band_db(low, 80.0, 400.0) > (
        band_db(high, 2000.0, 6000.0) - band_db(high, 80.0, 400.0) + 6.0
    )


def test_an_event_is_heard_when_it_happens(review: Open) -> None:
    def fired(passed_s: float, moment: Moment) -> Moment:
        return replace(moment, event_ages_s={"gust": passed_s - 1.0} if passed_s >= 1.0 else {})

    with_gust = review("heights", 0.5, seed=2).hear(5.0, fired)
    without = review("heights", 0.5, seed=2).hear(5.0)
    assert np.array_equal(with_gust[:47_000], without[:47_000])
    assert level_db(with_gust[4 * 48_000 :]) - level_db(without[4 * 48_000 :]) >= 2.0


def test_the_lifts_motor_runs_while_the_height_changes(review: Open) -> None:
    def riding(passed_s: float, moment: Moment) -> Moment:
        height = 14.0 + 1.2 * min(max(passed_s - 1.0, 0.0), 2.0)
        return replace(moment, values={**moment.values, "height_m": height})

    opened = review("heights", 0.3)
    gear = [_band_of(opened.hear(1.0, riding)[:, 0]) for _ in range(5)]
    assert gear[2] - gear[4] >= 6.0


def test_the_sound_fades_with_the_picture_and_comes_back(review: Open) -> None:
    opened = review("shore")
    opened.hear(2.0)
    out = opened.hear(1.0, lambda passed_s, moment: replace(moment, fade_0to1=min((passed_s - 2.0) / 0.5, 1.0)))
    assert out[4_800].any()
    assert not out[round(0.7 * 48_000) :].any()
    assert np.abs(np.diff(out[:, 0])).max() <= 0.02
    back = opened.hear(1.0)
    assert level_db(back[-24_000:]) > -50.0


def test_another_scene_takes_over_only_in_the_dark(review: Open) -> None:
    opened = review("shore")
    opened.hear(1.0)
    manifest_values = review("heights").moment

    def moved(_: float, moment: Moment) -> Moment:
        return replace(manifest_values, time_s=moment.time_s, sent_s=moment.sent_s)

    heard = opened.hear(1.5, moved)
    blocks = envelope_db(heard[:, 0], 0.01)
    assert blocks.min() < -110.0
    assert np.abs(np.diff(heard[:, 0])).max() <= 0.02


def test_a_picture_that_stands_still_and_one_that_runs_too_fast_are_silent(review: Open) -> None:
    still = review("shore").hear(4.0, lambda _, moment: replace(moment, time_s=0.0, sent_s=0.0))
    assert level_db(still[48_000:72_000]) > -50.0
    assert not still[-24_000:].any()
    assert not review("shore").hear(1.0, lambda _, moment: replace(moment, speed=20.0)).any()


def test_mute_and_mono_are_what_they_say(review: Open) -> None:
    assert not review("shore", sound=Set(1.0, is_muted=True, is_mono=False, voice=VoiceMode.OFF)).hear(1.0).any()
    mono = review("heights", sound=Set(1.0, is_muted=False, is_mono=True, voice=VoiceMode.OFF)).hear(2.0)[48_000:]
    assert np.array_equal(mono[:, 0], mono[:, 1])
    assert mono.any()


def test_a_hit_in_the_play_is_heard_on_its_side(review: Open) -> None:
    def hitting(passed_s: float, moment: Moment) -> Moment:
        ages_s = {"play:hit": passed_s - 1.0} if passed_s >= 1.0 else {}
        return replace(moment, event_ages_s=ages_s, event_places_m={"play:hit": (8.0, 1.2, -1.0)})

    values: dict[str, float | str] = {"music_0to1": 0.0, "pace_0to1": 0.0}
    heard, still = review("snow", 0.0, values).hear(2.0, hitting), review("snow", 0.0, values).hear(2.0)
    hit = (heard - still)[48_000:]
    assert band_db(hit[:, 1], 800.0, 8000.0) - band_db(hit[:, 0], 800.0, 8000.0) >= 5.0


def _rush(samples: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(len(samples), 1.0 / 48_000)
    return np.fft.irfft(np.where((hz > 2500.0) & (hz < 6500.0), spectrum, 0.0), len(samples))


def _band_of(samples: np.ndarray) -> float:
    return band_db(samples, 335.0, 365.0)
