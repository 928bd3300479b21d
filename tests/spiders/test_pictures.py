"""What is really drawn of the spiders scene: levels that differ, and events that can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from environments.render.model import EyePose
from environments.render.opening import NoOpenGL, open_context
from environments.render.renderer import Renderer, View
from environments.scenes.manifest import ManifestError, ParameterValue, load_manifest
from environments.scenes.spiders.build import SCENE

MANIFEST = load_manifest("spiders")
SIZE_PX = (240, 150)
TRIANGLES, DRAWS = 1_500_000, 300
Picture = NDArray[np.float64]
Draw = Callable[..., Picture]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    try:
        context = open_context()
    except NoOpenGL as error:
        pytest.skip(str(error))
    made = Renderer(context, *SIZE_PX, for_stills=True)
    yield made
    made.release()
    context.release()


@pytest.fixture(scope="module")
def draw(renderer: Renderer) -> Draw:
    def draw_level(level: float, time_s: float = 8.0, count: float | None = None, **events: float) -> Picture:
        eye = EyePose(pitch_deg=-22.0, eye_height_m=1.2)
        overrides = {} if count is None else {"count": count}
        renderer.draw(View("spiders", MANIFEST.values_at(level / 10.0, overrides), 0, time_s, eye, events))
        return renderer.read_rgb().astype(np.float64)

    return draw_level


def _changed(one: Picture, two: Picture) -> float:
    """The share of pixels that differ by more than a shade."""
    return float((np.abs(one - two).max(axis=-1) > 12.0).mean())


@pytest.mark.gl
def test_every_level_looks_different_from_the_one_before(draw: Draw) -> None:
    pictures = [draw(level) for level in range(11)]
    for number, (one, two) in enumerate(pairwise(pictures)):
        assert _changed(one, two) > 0.002, f"levels {number} and {number + 1}"


@pytest.mark.gl
def test_free_spiders_cover_more_of_the_picture_level_by_level(draw: Draw) -> None:
    shares = [
        np.mean([_changed(draw(level, t), draw(level, t, count=0.0)) for t in (6.0, 30.0)]) for level in range(6, 11)
    ]
    assert all(two > one for one, two in pairwise(shares)), shares


@pytest.mark.gl
@pytest.mark.parametrize(
    ("level", "event", "age_s"),
    [
        (0, "lid_opens", 6.0),
        (5, "lid_opens", 6.0),
        (8, "lid_opens", 6.0),
        (4, "climbs_lamp", 6.0),
        (7, "climbs_lamp", 12.0),
        (8, "one_stops", 5.0),
    ],
)
def test_events_can_be_seen(draw: Draw, level: float, event: str, age_s: float) -> None:
    time_s = 20.0 + age_s
    assert _changed(draw(level, time_s, **{event: age_s}), draw(level, time_s)) > 0.0002


@pytest.mark.gl
def test_an_event_that_is_over_leaves_nothing_behind(draw: Draw) -> None:
    later = draw(7, 95.0, lid_opens=75.0, one_stops=75.0, climbs_lamp=75.0)
    assert np.array_equal(later, draw(7, 95.0))


@pytest.mark.gl
def test_the_fullest_moment_keeps_the_budget(renderer: Renderer) -> None:
    eye = EyePose(pitch_deg=-15.0, eye_height_m=1.2)
    renderer.draw_stereo(View("spiders", MANIFEST.values_at(1.0), 0, 5.0, eye, {}))
    taken = renderer.statistics()
    assert taken.triangles <= TRIANGLES
    assert taken.draws <= DRAWS


def test_levels_name_what_a_therapist_sees_and_grow() -> None:
    assert len({level.words for level in MANIFEST.levels}) == 11
    for name in ("count", "hairiness_0to1"):
        values = [float(level.parameters[name]) for level in MANIFEST.levels]
        assert values == sorted(values)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("count", 13.0), ("count", -1.0), ("size_cm", 0.5), ("size_cm", 30.0), ("distance_m", 0.05), ("motion_0to1", 1.1),
     ("hairiness_0to1", -0.1), ("containment", "box"), ("containment", 3.0), ("motion_0to1", float("nan"))],
)  # fmt: skip
def test_values_that_cannot_be_are_refused_with_what_can(name: str, wanted: float | str) -> None:
    with pytest.raises(ManifestError, match=name):
        MANIFEST.values_at(0.5, {name: wanted})


@pytest.mark.parametrize("count", [0.0, 1.4, 12.0])
@pytest.mark.parametrize("holds", ["picture", "closed jar", "open jar", "free"])
def test_every_corner_of_the_parameters_has_a_moment(count: float, holds: str) -> None:
    for size, distance in ((1.0, 4.0), (18.0, 0.1), (18.0, 4.0), (1.0, 0.1)):
        values: dict[str, ParameterValue] = {
            "count": count,
            "size_cm": size,
            "distance_m": distance,
            "motion_0to1": 1.0,
            "containment": holds,
        }
        frame = SCENE.frame(values, 0, 12.5, {"climbs_lamp": 4.0, "one_stops": 1.0, "lid_opens": 2.0})
        bodies = sum(len(poses.places) for poses in frame.poses.values())
        assert bodies == (0 if holds == "picture" else round(count) if holds == "free" else min(round(count), 1))
        assert all(np.isfinite(poses.joints).all() for poses in frame.poses.values())
