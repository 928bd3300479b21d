"""What a therapist could not see while steering a virtual patient, and what became of each suggestion.

Only a model can know what was felt.  Window and limit are those of the CLINICAL basis, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from therapy.control.decision import Decision, Rule
from therapy.control.limits import TINY
from therapy.session.events import Decided, NoticeCode, Noticed, Output, Phase, PhaseChanged, Rated, SampleTaken

WINDOW = (40.0, 75.0)
TOO_MUCH = 85.0
TOO_LITTLE = 20.0
FOLLOWED_WITHIN_S = 60.0
LONGEST_SAMPLE_S = 2.5
"""Two seconds further apart than this leave a gap that counts as nothing."""


class Feeling(Protocol):
    """A patient whose fear can be known."""

    @property
    def fear_0to100(self) -> float:
        """Fear at this moment, 0-100."""
        ...


@dataclass(frozen=True, slots=True)
class Felt:
    """Fear at one second, and the intensity then."""

    t_s: float
    fear_0to100: float
    intensity_0to1: float


@dataclass(frozen=True, slots=True)
class RatedFear:
    """What the patient said, and what the model felt when saying it."""

    t_s: float
    rated: int
    fear_0to100: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: up or down to a level, why, until when it stood, and how soon it was followed, if it was."""

    t_s: float
    way: str
    level: str
    why: str
    stood_until_s: float
    followed_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Debrief:
    """Everything a debriefing tells; the seconds are those of the exposure."""

    felt: tuple[Felt, ...]
    ratings: tuple[RatedFear, ...]
    suggestions: tuple[Suggestion, ...]
    own_steps: int

    @property
    def exposure_s(self) -> float:
        """How long the exposure lasted, gaps left out."""
        return self._seconds(0.0, 100.0)

    @property
    def window_s(self) -> float:
        """Seconds of fear in the working window."""
        return self._seconds(*WINDOW)

    @property
    def too_much_s(self) -> float:
        """Seconds of fear above 85."""
        return self._seconds(TOO_MUCH + TINY, 100.0)

    @property
    def too_little_s(self) -> float:
        """Seconds of fear below 20."""
        return self._seconds(0.0, TOO_LITTLE - TINY)

    @property
    def followed(self) -> tuple[Suggestion, ...]:
        """The suggestions that were followed."""
        return tuple(one for one in self.suggestions if one.followed_after_s is not None)

    def _seconds(self, least: float, most: float) -> float:
        spans = ((one, after.t_s - one.t_s) for one, after in pairwise(self.felt))
        return sum(span_s for one, span_s in spans if span_s <= LONGEST_SAMPLE_S and least <= one.fear_0to100 <= most)


class PracticeLog:
    """Hears a session's outputs beside a patient whose fear it can read."""

    def __init__(self) -> None:
        self.patient: Feeling | None = None
        self._exposed = False
        self._felt: list[Felt] = []
        self._ratings: list[RatedFear] = []
        self._suggestions: list[Suggestion] = []
        self._own_steps = 0

    def hear(self, t_s: float, output: Output) -> None:
        """Take one output in."""
        match output:
            case PhaseChanged():
                self._exposed = output.after is Phase.EXPOSURE
            case SampleTaken() if self.patient is not None and self._exposed:
                self._felt.append(Felt(t_s, self.patient.fear_0to100, output.target_0to1))
            case Rated() if self.patient is not None and output.scale == "suds":
                self._ratings.append(RatedFear(t_s, output.answer, self.patient.fear_0to100))
            case Noticed() if output.code is NoticeCode.SUGGESTED:
                way, level, why = (*output.detail.split(maxsplit=2), "")[:3]
                self._suggestions.append(Suggestion(t_s, way, level, why, t_s))
            case Decided():
                self._decided(t_s, output.decision)
            case _:
                pass

    def debrief(self) -> Debrief:
        """What has been heard so far."""
        return Debrief(tuple(self._felt), tuple(self._ratings), tuple(self._suggestions), self._own_steps)

    def _decided(self, t_s: float, decision: Decision) -> None:
        last = self._suggestions[-1] if self._suggestions else None
        if last is not None and decision.suggested_0to1 is not None:
            self._suggestions[-1] = replace(last, stood_until_s=t_s)
        change_0to1 = decision.applied_0to1 - decision.before_0to1
        if decision.policy_rule not in (Rule.THERAPIST_UP, Rule.THERAPIST_DOWN) or abs(change_0to1) <= TINY:
            return
        way = "up" if change_0to1 > 0.0 else "down"
        if last is not None and _answers(last, way, t_s):
            self._suggestions[-1] = replace(last, followed_after_s=t_s - last.t_s)
        else:
            self._own_steps += 1


def _answers(suggestion: Suggestion, way: str, t_s: float) -> bool:
    """Whether a step follows a suggestion: the same way, while it stood or shortly after, and only once."""
    in_time = t_s - suggestion.stood_until_s <= FOLLOWED_WITHIN_S
    return suggestion.followed_after_s is None and suggestion.way == way and in_time
