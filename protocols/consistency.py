"""What the numbers of a protocol have to say to each other: rules over more than one field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from pydantic import BaseModel

from protocols.guardrail import Guardrail, Verdict
from protocols.schema import (
    SESSION_REFUSE_S,
    SESSION_WARN_S,
    Mode,
    PolicyName,
    Protocol,
)

Place = tuple[str, ...]
_GRADED = tuple(policy for policy in PolicyName if policy.is_graded)
POLICIES: Mapping[Mode, tuple[PolicyName, ...]] = MappingProxyType(
    {
        Mode.HABITUATION: _GRADED,
        Mode.INHIBITORY_LEARNING: (PolicyName.LADDER, PolicyName.MANUAL),
        Mode.CALM: (PolicyName.LOCKED, PolicyName.BREATHING),
        Mode.DISTRACTION: (PolicyName.LOCKED, PolicyName.DISTRACTION),
    }
)
"""The policies that serve each mode, the usual one first."""

_DISMISSIVE = re.compile(
    r"\b(calm down|relax now|don'?t be (afraid|scared)|nothing to (fear|be afraid of))\b", re.IGNORECASE
)
_PACE = Guardrail(3, 4.5, 7, 12, "a minute")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a protocol: `at` is the field to point at, `involves` the other fields it rests on."""

    at: Place
    text: str
    involves: tuple[Place, ...] = field(default=())


def breaches(protocol: Protocol) -> tuple[Finding, ...]:
    """Everything that makes a protocol of valid fields unusable."""
    rules: tuple[Callable[[Protocol], Iterator[Finding]], ...] = (
        _mode_and_policy,
        _levels,
        _step_thresholds,
        _times,
        _session_length,
        _safety_words,
    )
    return tuple(finding for rule in rules for finding in rule(protocol))


def cautions(protocol: Protocol) -> tuple[Finding, ...]:
    """Everything unusual: outside the recommended bounds, too long, without a source, dismissive words."""
    found = [*_outside_recommended(protocol), *_dismissive_words(protocol)]
    if not protocol.sources:
        found.append(Finding(("sources",), "no source is given; name what the protocol rests on"))
    if SESSION_WARN_S < protocol.planned_s <= SESSION_REFUSE_S:
        text = f"{_minutes(protocol.planned_s)} in the headset; plan a break at least every 30 min"
        found.append(Finding(("exposure", "duration_s"), text))
    if protocol.mode is Mode.INHIBITORY_LEARNING and not protocol.expectation.at_each_level:
        text = "inhibitory learning tests the expectation on each level; write at_each_level: true"
        found.append(Finding(("expectation", "at_each_level"), text))
    if protocol.policy is PolicyName.FUSED:
        found.append(Finding(("policy",), "policy fused is experimental; see docs/loop.md"))
    if not protocol.mode.is_graded and "levels" in protocol.model_fields_set:
        found.append(Finding(("levels",), f"mode {protocol.mode} does not use levels"))
    pace = protocol.calm.overrides.get("pace_per_min")
    if pace is not None and _PACE.verdict(pace) is Verdict.UNUSUAL:
        place = ("calm", "overrides", "pace_per_min")
        found.append(Finding(place, f"pace_per_min {pace:g} is unusual; recommended is {_PACE.recommended_words()}"))
    return tuple(found)


def _mode_and_policy(protocol: Protocol) -> Iterator[Finding]:
    mode, policy = protocol.mode, protocol.policy
    if policy not in POLICIES[mode]:
        wanted = " or ".join(POLICIES[mode])
        yield Finding(("policy",), f"mode {mode} needs policy {wanted}, not {policy}", (("mode",),))
    if not mode.is_graded and protocol.expectation.ask:
        yield Finding(("expectation", "ask"), f"mode {mode} tests no expectation; write ask: false", (("mode",),))
    if mode == "inhibitory-learning" and not protocol.expectation.ask:
        yield Finding(("expectation", "ask"), "inhibitory learning tests an expectation; write ask: true", (("mode",),))
    if mode == "calm" and protocol.scene != protocol.calm.scene:
        text = f"mode calm practises in the calm scene; write scene: {protocol.calm.scene}"
        yield Finding(("scene",), text, (("mode",), ("calm", "scene")))
    if mode.is_graded and not protocol.stop_rehearsal:
        yield Finding(
            ("stop_rehearsal",), "exposure needs the stop to be rehearsed; write stop_rehearsal: true", (("mode",),)
        )


def _levels(protocol: Protocol) -> Iterator[Finding]:
    levels = protocol.levels
    if protocol.policy.is_graded and "levels" not in protocol.model_fields_set:
        yield Finding(
            ("levels",), f"policy {protocol.policy} needs levels: {{start: …, ceiling: …, top: …}}", (("policy",),)
        )
    if levels.start > levels.ceiling:
        yield Finding(
            ("levels", "start"), f"start {levels.start} lies above ceiling {levels.ceiling}", (("levels", "ceiling"),)
        )
    if levels.ceiling > levels.top:
        yield Finding(
            ("levels", "ceiling"), f"ceiling {levels.ceiling} lies above top {levels.top}", (("levels", "top"),)
        )


def _step_thresholds(protocol: Protocol) -> Iterator[Finding]:
    names = ("up_below_suds", "down_one_at", "down_two_at", "calm_at")
    for low, high in pairwise(names):
        lower, higher = getattr(protocol.steps, low), getattr(protocol.steps, high)
        if lower >= higher:
            yield Finding(("steps", high), f"{high} {higher} must lie above {low} {lower}", (("steps", low),))
    steps = protocol.steps
    if steps.whole_below_suds > steps.up_below_suds and "whole_below_suds" in steps.model_fields_set:
        text = f"whole_below_suds {steps.whole_below_suds} must not lie above up_below_suds {steps.up_below_suds}"
        yield Finding(("steps", "whole_below_suds"), text, (("steps", "up_below_suds"),))
    if steps.edge_below_suds >= steps.down_one_at:
        text = f"down_one_at {steps.down_one_at} must lie above edge_below_suds {steps.edge_below_suds}"
        yield Finding(("steps", "down_one_at"), text, (("steps", "edge_below_suds"),))
    heart = protocol.heart
    if heart.veto_s > heart.brake_s:
        text = f"veto_s {heart.veto_s:g} must not be longer than brake_s {heart.brake_s:g}"
        yield Finding(("heart", "veto_s"), text, (("heart", "brake_s"),))


def _times(protocol: Protocol) -> Iterator[Finding]:
    base, fit, prompts = protocol.baseline, protocol.fitting, protocol.prompts
    if base.valid_s > base.duration_s - base.discard_s:
        room = f"duration_s {base.duration_s:g} less discard_s {base.discard_s:g}"
        text = f"valid_s {base.valid_s:g} does not fit into {room}"
        yield Finding(("baseline", "valid_s"), text, (("baseline", "duration_s"), ("baseline", "discard_s")))
    if base.at_most_s < base.duration_s:
        text = f"at_most_s {base.at_most_s:g} is shorter than duration_s {base.duration_s:g}"
        yield Finding(("baseline", "at_most_s"), text, (("baseline", "duration_s"),))
    if fit.good_for_s >= fit.at_most_s:
        text = f"good_for_s {fit.good_for_s:g} must be shorter than at_most_s {fit.at_most_s:g}"
        yield Finding(("fitting", "good_for_s"), text, (("fitting", "at_most_s"),))
    breathing, least_s = protocol.breathing, 5 * protocol.breathing.trial_s + 60.0
    if protocol.policy is PolicyName.BREATHING and breathing.search and protocol.exposure.duration_s < least_s:
        text = f"five paces of {breathing.trial_s:g} s and a minute to settle need {least_s:g} s"
        yield Finding(("exposure", "duration_s"), text, (("breathing", "trial_s"),))
    window = protocol.hr_window
    if window.low_bpm >= window.high_bpm:
        text = f"high_bpm {window.high_bpm:g} must lie above low_bpm {window.low_bpm:g}"
        yield Finding(("hr_window", "high_bpm"), text, (("hr_window", "low_bpm"),))
    if prompts.window_s < prompts.climbing_s:
        text = f"window_s {prompts.window_s:g} must not be shorter than climbing_s {prompts.climbing_s:g}"
        yield Finding(("prompts", "window_s"), text, (("prompts", "climbing_s"),))


def _session_length(protocol: Protocol) -> Iterator[Finding]:
    if protocol.planned_s > SESSION_REFUSE_S:
        text = (
            f"{_minutes(protocol.planned_s)} in the headset (baseline, exposure, recovery); at most 45 min are accepted"
        )
        involved = (("baseline", "duration_s"), ("recovery", "duration_s"))
        yield Finding(("exposure", "duration_s"), text, involved)


def _safety_words(protocol: Protocol) -> Iterator[Finding]:
    if protocol.stop_rehearsal and "stop" not in protocol.lines.rehearsal.lower():
        text = "the rehearsal line has to say how to stop"
        yield Finding(("lines", "rehearsal"), text, (("stop_rehearsal",),))
    pace = protocol.calm.overrides.get("pace_per_min")
    if pace is not None and _PACE.verdict(pace) is Verdict.REFUSED:
        place = ("calm", "overrides", "pace_per_min")
        yield Finding(place, f"pace_per_min {pace:g} is refused; it must lie in {_PACE.absolute_words()}")


def _outside_recommended(section: BaseModel, place: Place = ()) -> Iterator[Finding]:
    for name, info in type(section).model_fields.items():
        setting = getattr(section, name)
        if isinstance(setting, BaseModel):
            yield from _outside_recommended(setting, (*place, name))
        for rail in info.metadata:
            if isinstance(rail, Guardrail) and rail.verdict(setting) is Verdict.UNUSUAL:
                yield Finding(
                    (*place, name), f"{name} {setting:g} is unusual; recommended is {rail.recommended_words()}"
                )


def _dismissive_words(protocol: Protocol) -> Iterator[Finding]:
    for name in type(protocol.lines).model_fields:
        said = _DISMISSIVE.search(getattr(protocol.lines, name))
        if said:
            yield Finding(("lines", name), f"{said.group(0)!r} dismisses what the patient feels; say what they can do")


def _minutes(duration_s: float) -> str:
    return f"{duration_s / 60:.1f}".removesuffix(".0") + " min"
