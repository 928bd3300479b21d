"""What a protocol may ask of the scenes' breath."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protocols.loader import Problem, ProtocolFileError, load_protocol, parse_protocol
from protocols.schema import PolicyName

Problems = Callable[[str], tuple[Problem, ...]]
LED = "mode: distraction\npolicy: distraction\ndistraction: {led: true, pace_per_min: 6.0}"


@pytest.fixture(name="text")
def _text(scenes: Path) -> str:
    """Calm breathing with its pace locked."""
    return load_protocol("calm-breathing").text.replace("policy: breathing", "policy: locked")


def _led(text: str) -> str:
    return text.replace("mode: calm\npolicy: locked", LED)


def _without_pace(scenes: Path) -> None:
    """Let the calm scene take no pace."""
    path = scenes / "shore" / "manifest.toml"
    path.write_text(path.read_text("utf-8").replace("[parameters.pace_per_min]", "[parameters.wind]"), "utf-8")


def test_scene_with_a_breath_can_be_paced_and_led(text: str):
    breathing = parse_protocol(text.replace("policy: locked", "policy: breathing"), "mine.yaml")
    assert breathing.protocol.policy is PolicyName.BREATHING
    assert parse_protocol(_led(text), "mine.yaml").protocol.distraction.led


def test_goal_that_the_scene_does_not_reach_is_found_where_it_is_set(text: str, problems_of: Problems):
    spoilt = _led(text).replace("led: true, pace_per_min: 6.0", "led: true, pace_per_min: 11.0")
    (problem,) = problems_of(spoilt)
    assert "11 does not fit: pace_per_min of shore lies between 4.0 and 10.0" in problem.text
    assert spoilt.splitlines()[problem.line - 1].startswith("distraction:")


def test_scene_without_a_breath_cannot_be_led(text: str, scenes: Path, problems_of: Problems):
    _without_pace(scenes)
    without = _led(text).replace("overrides: {pace_per_min: 6.0}", "overrides: {}")
    (problem,) = problems_of(without)
    assert problem.text == "scene shore takes no breathing pace; it has no parameter pace_per_min"
    assert not parse_protocol(without.replace("led: true", "led: false"), "mine.yaml").protocol.distraction.led


def test_breathing_needs_a_calm_scene_with_a_breath(text: str, scenes: Path, problems_of: Problems):
    _without_pace(scenes)
    without = text.replace("overrides: {pace_per_min: 6.0}", "overrides: {}")
    assert parse_protocol(without, "mine.yaml").protocol.policy is PolicyName.LOCKED
    (problem,) = problems_of(without.replace("policy: locked", "policy: breathing"))
    assert "takes no breathing pace" in problem.text
    assert without.splitlines()[problem.line - 1].startswith("policy:")


def test_scene_that_does_not_exist_is_told_once(text: str, problems_of: Problems):
    (problem,) = problems_of(_led(text).replace("scene: shore\nmode", "scene: lake\nmode"))
    assert "there is no scene 'lake'" in problem.text


def test_phase_that_the_player_keeps_cannot_be_set_on_the_real_shore():
    text = load_protocol("calm-breathing").text
    spoilt = text.replace("{pace_per_min: 6.0}", "{pace_per_min: 6.0, breath_phase_cycles: 0.5}")
    with pytest.raises(ProtocolFileError, match="breath_phase_cycles of shore is kept by the player"):
        parse_protocol(spoilt, "mine.yaml")
