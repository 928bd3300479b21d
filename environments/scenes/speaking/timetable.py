"""Who does what when: slots of time in which chance picks a behaviour, whispers that neighbours share, events.

Everything is pure in (seed, state, time), so any moment can be asked for in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from environments.animation.easing import Keys, between, chance, eased, keys_of
from environments.animation.quaternions import Floats
from environments.scenes.speaking import happenings, seats
from environments.scenes.speaking.behaviours import NUMBERS, TAKES_S, ends_of

Numbers = NDArray[np.intp]
SLOT_S = (8.0, 15.0)
CHANGES_S = 1.1
WHISPER_EVERY_S, WHISPERS_S = (17.0, 27.0), 8.0
_PICK, _LENGTH, _LATE, _REST, _RANK, _OWN, _PAIR = 40, 41, 42, 43, 44, 45, 46
_RESTS = np.array(
    [
        [NUMBERS[name] for name in ("looks away", "reads", "looks away", "looks at the screen")],
        [NUMBERS[name] for name in ("listens", "listens at the desk", "folds hands", "listens")],
    ]
)
"""What somebody falls back to who looks elsewhere, and a gazer."""


@dataclass(frozen=True, slots=True)
class State:
    """What an audience is told: how many, how they listen, where the speaker's eyes are, when events began (s)."""

    count: int
    attention_0to1: float
    gaze_share_0to1: float
    murmur_0to1: float
    eye_m: tuple[float, float, float]
    began_s: tuple[tuple[str, float], ...] = ()

    def before(self, time_s: float) -> State:
        """The same without events that have not begun, so that a new one changes nothing that was worked out."""
        begun = tuple(one for one in self.began_s if one[1] < time_s)
        return self if len(begun) == len(self.began_s) else replace(self, began_s=begun)

    @property
    def gazers(self) -> int:
        """How many look at the speaker."""
        return round(self.count * self.gaze_share_0to1)


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """What n people do: from one behaviour (n,) to the next by a part, and over both something else by another."""

    before: Numbers
    after: Numbers
    part: Floats
    over: Numbers
    over_part: Floats
    slots: Floats
    """(2, n): in which slot of time `before` and `after` began."""


class Timetable:
    """The plan of a seed's people: 60 and the latecomer."""

    def __init__(self, seed: int) -> None:
        self.seats = seats.order(seed)
        self.keys: Keys = keys_of(seed * 7 + 3, len(self.seats))
        self._slot_s = between(*SLOT_S, chance(self.keys, _LENGTH))
        self._late = chance(self.keys, _LATE)
        self._rests = (chance(self.keys, _REST) * _RESTS.shape[1]).astype(np.intp)
        self._pairs = self.seats // 2
        self._pair_keys: Keys = keys_of(seed * 11 + 5, seats.SEATS // 2)[self._pairs]
        # Neighbours tend to be alike, so that those who look elsewhere have somebody to whisper to.
        self._ranks = chance(self._pair_keys, _RANK) + 0.02 * chance(self.keys, _OWN)
        self.whispers = np.where(self.seats % 2 == 0, NUMBERS["whispers to the left"], NUMBERS["whispers to the right"])

    def gazing(self, state: State) -> NDArray[np.bool_]:
        """Who (61,) looks at the speaker."""
        found = np.zeros(len(self.seats), bool)
        here = np.argsort(self._ranks[: state.count], kind="stable")[: state.gazers]
        found[here] = True
        found[seats.LATECOMER] = state.gaze_share_0to1 > 0.5
        return found

    def in_pairs(self, count: int) -> NDArray[np.bool_]:
        """Who (61,) of those present has a neighbour to whisper to."""
        present = np.arange(len(self.seats)) < count
        both = np.bincount(self._pairs[present], minlength=seats.SEATS // 2)[self._pairs] == 2
        return np.asarray(both & present)

    def acts(self, who: Numbers, state: State, time_s: float) -> Acts:
        """What the people `who` (n,) do at a moment."""
        gazes = self.gazing(state)
        own = gazes[who].astype(np.intp)
        cycles = time_s / self._slot_s[who] + self._late[who]
        slots = np.floor(cycles)
        age_s = (cycles - slots) * self._slot_s[who]
        ends = ends_of(state.attention_0to1)[own]
        drawn = chance(self.keys[who], _PICK, np.stack([slots - 1.0, slots]))
        last, now = ((one[:, None] >= ends).sum(axis=1).clip(0, ends.shape[1] - 1) for one in drawn)
        rest = _RESTS[own, self._rests[who]]
        last = np.where(TAKES_S[last] > 0.0, rest, last)
        is_over = (TAKES_S[now] > 0.0) & (age_s > TAKES_S[now])
        since_s = np.where(is_over, age_s - TAKES_S[now], age_s)
        before, after = np.where(is_over, now, last), np.where(is_over, rest, now)
        over, over_part = self._whispering(who, (state, gazes), time_s)
        happenings.overriding(who, (over, over_part), (self, state), time_s)
        begun = np.stack([np.where(is_over, slots, slots - 1.0), slots])
        return Acts(before, after, eased(since_s / CHANGES_S), over, over_part, begun)

    def _whispering(self, who: Numbers, now: tuple[State, NDArray[np.bool_]], time_s: float) -> tuple[Numbers, Floats]:
        """Neighbours who both look elsewhere whisper now and then, the more the hall murmurs."""
        state, gazes = now
        keys = self._pair_keys[who]
        every_s = between(*WHISPER_EVERY_S, chance(keys, _PAIR))
        cycles = time_s / every_s + chance(keys, _PAIR + 1)
        slots = np.floor(cycles)
        age_s = (cycles - slots) * every_s
        both = np.bincount(self._pairs, weights=gazes, minlength=seats.SEATS // 2)[self._pairs[who]] == 0
        wants = chance(keys, _PAIR + 2, slots) < 0.85 * state.murmur_0to1
        part = happenings.there_and_back(age_s, CHANGES_S, WHISPERS_S)
        return self.whispers[who].copy(), np.where(both & wants & self.in_pairs(state.count)[who], part, 0.0)
