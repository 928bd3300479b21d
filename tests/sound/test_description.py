"""`sound.toml`: the scenes' own are right, and a wrong one says in a sentence what is wrong."""

from __future__ import annotations

from itertools import pairwise

import pytest

from environments.scenes.manifest import SCENES_DIR, load_manifest, scene_names
from environments.sound import following
from environments.sound.description import Follow, Part, SoundFileError, load_description, parse_description
from environments.sound.following import Now
from environments.sound.messages import PLAYED

DESCRIBED = sorted(path.parent.name for path in SCENES_DIR.glob("*/sound.toml"))


@pytest.mark.parametrize("name", [name for name in DESCRIBED if name in scene_names()])
def test_the_scenes_descriptions_fit_their_manifests(name: str) -> None:
    described = load_description(load_manifest(name))
    assert described.beds
    assert {part.event for part in described.on_events} <= {*load_manifest(name).events, *PLAYED}


def test_shore_and_heights_are_described() -> None:
    assert {"shore", "heights"} <= set(DESCRIBED)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[beds.a]\nsound = 'sea'", "there is no sound 'sea'"),
        ("[beds.a]\nsound = 'gull'", "gull does not loop"),
        ("[beds.a]\nsound = 'surf'\ngain_db = 20", "beds.a.gain_db"),
        ("[beds.a]\nsound = 'surf'\nvolume = 2", "beds.a.volume"),
        ("[beds.a]\nsound = 'surf'\nplaces_m = [[1, 2]]", "places_m"),
        ("[beds.a]\nsound = 'surf'\nfollow = [{ by = 'height_m', points = [[0, 0]] }]", "nothing is called 'height_m'"),
        ("[beds.a]\nsound = 'surf'\nfollow = [{ by = 'breath', points = [[0, 0], [0, 1]] }]", "do not ascend"),
        ("[beds.a]\nsound = 'surf'\nfollow = [{ by = 'breath' }]", "either points or choices"),
        ("[beds.a]\nsound = 'surf'\nfollow = [{ by = 'event:storm', points = [[0, 0]] }]", "no event 'storm'"),
        ("[sometimes.a]\nsound = 'gull'\nevery_s = [9, 3]", "every_s"),
        ("[sometimes.a]\nsound = 'car'\nevery_s = [3, 9]", "needs lasts_s"),
        ("[[events.storm]]\nsound = 'gust'", "no event 'storm'"),
        ("[[events.gulls]]\nsound = 'gull'\nto_m = [1, 1, 1]", "one place, to_m and lasts_s"),
        ("[listener]\nup = 'height_m'", "no parameter 'height_m'"),
        ("beds = 3", "beds"),
        ("[beds", "table declaration"),
        ("[beds.a]\nsound = 'surf'\nplaces_m = [" + "[0, 0, 1], " * 33 + "]", "33 places"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(SoundFileError) as caught:
        parse_description(text, load_manifest("shore"))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def _now(time_s: float = 0.0, **values: float | str) -> Now:
    return Now(values, time_s, {}, {})


def test_the_breath_of_the_sound_is_the_breath_of_the_scene() -> None:
    here = _now(25.0, pace_per_min=6.0, breath_phase_cycles=0.3)
    assert here.breath_0to1 == pytest.approx(0.8)


def test_gains_add_up_along_tables_and_the_lowest_value_is_silence() -> None:
    wind = Follow("wind", ((0.0, -60.0), (0.5, -20.0), (1.0, 0.0)))
    part = Part("a", "wind", -6.0, follow=(wind, Follow("wind", ((0.0, 3.0), (1.0, 3.0)))))
    assert following.gain(part, _now(wind=0.75)) == pytest.approx(10.0 ** ((-6.0 - 10.0 + 3.0) / 20.0))
    assert following.gain(part, _now(wind=7.0)) == pytest.approx(10.0 ** (-3.0 / 20.0))
    assert following.gain(part, _now(wind=0.0)) == 0.0


def test_events_rates_and_choices_can_be_followed() -> None:
    lift = Follow("event:lift", ((0.0, -60.0), (1.0, 0.0), (2.0, -60.0)))
    assert following.read(lift, Now({}, 0.0, {"lift": 0.5}, {})) == pytest.approx(-30.0)
    assert following.read(lift, Now({}, 0.0, {}, {})) == -60.0
    assert following.read(Follow("rate:h", ((0.0, -60.0), (1.5, 0.0))), Now({}, 0.0, {}, {"h": -1.5})) == 0.0
    assert following.read(Follow("floor", choices=(("stone", -60.0), ("glass", -8.0))), _now(floor="glass")) == -8.0


def test_what_comes_now_and_then_comes_in_its_time_for_every_seed() -> None:
    part = Part("pigeon", "pigeon", places_m=((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)), every_s=(10.0, 30.0))
    for seed in range(5):
        times = [following.turn(part, slot, seed)[0] for slot in range(40)]
        gaps = [after - before for before, after in pairwise(times)]
        assert min(gaps) >= 10.0
        assert max(gaps) <= 30.0
        assert times == [following.turn(part, slot, seed)[0] for slot in range(40)]
    assert following.turn(part, 3, 1) != following.turn(part, 3, 2)


def test_a_sound_that_moves_is_at_both_its_ends_in_time() -> None:
    part = Part("car", "car", places_m=((-10.0, 0.0, 0.0),), to_m=(30.0, 0.0, 0.0), lasts_s=8.0)
    assert following.place(part, 0, 0.0, (0.0, 5.0, 0.0))[0] == (-10.0, 0.0, 0.0)
    assert following.place(part, 0, 4.0, (0.0, 5.0, 0.0)) == ((10.0, 0.0, 0.0), (5.0, 0.0, 0.0))
    assert following.edge(part, 0.0) == pytest.approx(0.0)
    assert following.edge(part, 4.0) == pytest.approx(1.0)
    assert following.edge(part, 8.0) == pytest.approx(0.0)
