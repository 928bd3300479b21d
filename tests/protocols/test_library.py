from pathlib import Path

import pytest

from protocols.loader import library_names, load_protocol

NAMES = library_names()


def test_the_library_has_its_protocols():
    assert set(NAMES) >= {
        "heights-first",
        "heights-standard",
        "calm-breathing",
        "lake-breathing",
        "resonance-breathing",
    }


@pytest.mark.parametrize("name", NAMES)
def test_library_protocols_fit_the_scenes_that_ship(name: str):
    assert load_protocol(name).warnings == ()


@pytest.mark.parametrize("name", NAMES)
def test_library_protocols_name_works_and_their_year(name: str):
    sources = load_protocol(name).protocol.sources
    assert any("19" in source or "20" in source for source in sources)


@pytest.mark.parametrize("name", NAMES)
def test_library_protocols_rehearse_the_stop_in_words(name: str):
    protocol = load_protocol(name).protocol
    assert protocol.stop_rehearsal
    assert "stop" in protocol.lines.rehearsal


def test_the_first_heights_session_takes_about_half_an_hour_and_stays_low(scenes: Path):
    protocol = load_protocol("heights-first").protocol
    assert 28 * 60 <= protocol.planned_s <= 30 * 60
    assert (protocol.levels.start, protocol.levels.ceiling) == (0, 4)


def test_resonance_breathing_has_time_for_every_pace(scenes: Path):
    protocol = load_protocol("resonance-breathing").protocol
    assert protocol.exposure.duration_s >= 5 * (protocol.breathing.trial_s + 20.0) + 120.0


def test_calm_breathing_is_locked_in_the_calm_scene(scenes: Path):
    protocol = load_protocol("calm-breathing").protocol
    assert protocol.scene == protocol.calm.scene
    assert protocol.levels.top_0to1 == 1.0
    assert protocol.levels.ceiling_0to1 == 0.0
    assert protocol.calm.override_pairs == (("pace_per_min", 6.0),)
