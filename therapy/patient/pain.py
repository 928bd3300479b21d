"""Pain of a virtual patient: the same throughout, felt less while a play holds the attention.

Full attention takes 40 to 45 % away in the mean, as children's worst pain in burn care fell from 8.52 to 5.10 of 10
(Hoffman et al. 2019, Frontiers in Human Neuroscience 13: 262).  Times of attention are engineering choices.
"""

from __future__ import annotations

from math import exp

from therapy.patient.traits import Traits

ATTENTION_LASTS_S = 30.0
"""How long a hit holds the attention, by 1/e."""

HELD_BY_PER_MIN = 3.0
"""So many hits a minute hold 63 % of the attention."""


class Pain:
    """The pain of one patient; times never go back."""

    def __init__(self, traits: Traits) -> None:
        self._traits = traits
        self._t_s: float | None = None
        self._hits: int | None = None
        self._hits_per_min = 0.0
        self._played_s = 0.0
        self._felt_s = 0.0

    @property
    def attention_0to1(self) -> float:
        """How far the play holds the attention now."""
        return 1.0 - exp(-self._hits_per_min / HELD_BY_PER_MIN)

    @property
    def now_0to10(self) -> float:
        """The pain felt now."""
        return self._traits.pain_0to10 * (1.0 - self._traits.pain_relief_0to1 * self.attention_0to1)

    @property
    def told_0to10(self) -> float:
        """What the patient tells when asked: the mean while they played, or, who has not played yet, the pain now."""
        return self._felt_s / self._played_s if self._played_s > 0.0 else self.now_0to10

    def play(self, t_s: float, hits: int) -> None:
        """At `t_s` the play has counted so many hits; the first count is where it begins."""
        if self._t_s is not None and self._hits is not None and t_s > self._t_s:
            passed_s = t_s - self._t_s
            before = self.now_0to10
            self._hits_per_min *= exp(-passed_s / ATTENTION_LASTS_S)
            self._hits_per_min += max(hits - self._hits, 0) * 60.0 / ATTENTION_LASTS_S
            self._played_s += passed_s
            self._felt_s += passed_s * (before + self.now_0to10) / 2.0
        self._t_s, self._hits = t_s, hits

    def rest(self) -> None:
        """The play is out of sight: the attention goes back to the pain, what was felt so far is remembered."""
        self._t_s, self._hits, self._hits_per_min = None, None, 0.0
