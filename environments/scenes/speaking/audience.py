"""The bodies of the audience at a moment: postures mixed, breath and small movements, heads and eyes, all at once.

All bodies have the same tree of joints, so they are worked out together, whoever they are.  They are split into
batches whose joints are worked out at grids of times of their own and mixed in between, so that no picture pays for
everybody; a grid follows from scene time alone, so a moment always looks the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from environments.animation import gaze, living
from environments.animation.quaternions import Floats, about_y_then_x, from_turns, matrices, product
from environments.animation.rig import Rig
from environments.animation.traits import traits_of, wandering
from environments.render.model import Float32, Poses
from environments.scenes.speaking import cast, happenings, seats
from environments.scenes.speaking.behaviours import DOING_OF, DOINGS, NUMBERS, POSTURE_OF, SIGHT_OF, Sight
from environments.scenes.speaking.limbs import Figure
from environments.scenes.speaking.postures import NAMES, bank_of
from environments.scenes.speaking.sights import away_m, sight_points_m
from environments.scenes.speaking.timetable import Acts, Numbers, State, Timetable

GRID_S, BATCHES = 0.16, 6
"""An applauding hand takes one step of the grid from open to closed: three claps a second."""
HEAD_PART, HEAD_MOST_RAD, HEAD_LEAST_RAD = 0.82, np.radians([62.0, 32.0]), np.radians([-62.0, -24.0])
JOINTS = ("spine_01", "spine_03", "neck_01", "head", "lowerarm_r")
_APPLAUDS, _APART = NUMBERS["applauds"], NAMES.index("apart")
_SMILE, _FROWN, _MOUTH, _LIDS, _NODS, _SHAKES, _WRITES, _JERKS, _PHONE, _DROOPS = range(len(DOINGS))


@dataclass(frozen=True, slots=True, eq=False)
class Tick:
    """People at a step of their grid: joints (n, j, 3, 4), how strongly they do what (n, d)."""

    joints: Float32
    hands: Float32
    doing: Float32

    def flat(self) -> Float32:
        """Everything of each person in a row."""
        return np.concatenate([part.reshape(len(part), -1) for part in (self.joints, self.hands, self.doing)], 1)


@dataclass(frozen=True, slots=True)
class Present:
    """The first `count` people and who came `late`, without who is `absent` from the seat."""

    count: int
    late: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()


class Audience:
    """The people of a seed: 60 and the latecomer."""

    def __init__(self, seed: int) -> None:
        self.timetable = Timetable(seed)
        self.places_m = seats.seat_places_m()[self.timetable.seats]
        self.count = len(self.places_m)
        self.who = cast.casting(self.places_m)
        figures = {name: Figure(Rig(cast.body_of(name).skeleton)) for name in cast.BODIES}
        self._figures = [figures[cast.WHO[number][0]] for number in self.who]
        banks = {name: bank_of(figure) for name, figure in figures.items()}
        own = [banks[cast.WHO[number][0]] for number in self.who]
        self._turns = np.stack([one.turns for one in own])
        self._pelvis_m = np.stack([one.pelvis_m for one in own])
        self.rest_m = np.stack([figure.rest_m for figure in self._figures])
        self._offsets_m = np.stack([figure.offsets_m for figure in self._figures])
        self.figure = self._figures[0]
        self._traits = traits_of(seed * 97, self.count)
        self.frames = np.tile(np.eye(4, dtype=np.float32), (self.count, 1, 1))
        self.frames[:, :3, 3] = self.places_m
        self._joint = [self.figure.joint[name] for name in JOINTS]
        self._eye_joints = [self.figure.joint["eye_l"], self.figure.joint["eye_r"]]
        # Those with the same character lie side by side, the first comers first.
        self._row_of = np.argsort(np.argsort(self.who * self.count + np.arange(self.count)))
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(self.who, minlength=cast.PEOPLE))])
        self.rows = np.argsort(self._row_of)
        self.frames = self.frames[self.rows]
        self._batches = [np.arange(self.count)[batch::BATCHES] for batch in range(BATCHES)]
        self._batch_of = self.rows % BATCHES
        self._known: list[dict[tuple[int, State], Tick]] = [{} for _ in range(BATCHES)]
        self._shown: list[tuple[int, State] | None] = [None] * BATCHES
        joints, width = self.rest_m.shape[1], 12 * self.rest_m.shape[1] + 12 + len(DOINGS)
        self._before, self._more = (np.zeros((self.count, width), np.float32) for _ in range(2))
        self._present: dict[Present, Sequence[tuple[int, slice | Numbers]]] = {}
        self._shape = (self.count, joints, 3, 4)

    def at(self, time_s: float, state: State) -> Tick:
        """Everybody (61) at a moment, in `rows`."""
        parts = np.empty(BATCHES, np.float32)
        for batch in range(BATCHES):
            at = time_s / GRID_S + batch / BATCHES
            number = int(np.floor(at))
            parts[batch] = at - number
            if self._shown[batch] != (number, state):
                self._show(batch, number, state)
        now = self._more * parts[self._batch_of][:, None]
        now += self._before
        joints = 12 * self._shape[1]
        hands = now[:, joints : joints + 12].reshape(-1, 3, 4)
        return Tick(now[:, :joints].reshape(self._shape), hands, now[:, joints + 12 :])

    def _show(self, batch: int, number: int, state: State) -> None:
        """Make a step of a batch's grid and the next one those that are mixed."""
        kept = self._known[batch]
        wanted = [(one, state.before(self._at_s(batch, one))) for one in (number, number + 1)]
        before, after = (kept[one] if one in kept else self._tick(batch, one) for one in wanted)
        self._known[batch], self._shown[batch] = {wanted[0]: before, wanted[1]: after}, (number, state)
        rows = self._row_of[self._batches[batch]]
        self._before[rows], last = before.flat(), after.flat()
        self._more[rows] = last - self._before[rows]

    def present(self, here: Present) -> Sequence[tuple[int, slice | Numbers]]:
        """Where in `rows` the people who are `here` stand, character by character."""
        if here not in self._present:
            is_here = np.zeros(self.count, bool)
            is_here[: here.count] = True
            is_here[list(here.late)] = True
            is_here[list(here.absent)] = False
            self._present = {here: tuple(self._present_rows(is_here[self.rows]))}
        return self._present[here]

    def _present_rows(self, is_here: NDArray[np.bool_]) -> Iterator[tuple[int, slice | Numbers]]:
        for number in range(cast.PEOPLE):
            own = np.flatnonzero(is_here[self._starts[number] : self._starts[number + 1]]) + self._starts[number]
            if len(own):
                is_whole = int(own[-1] - own[0]) == len(own) - 1
                yield number, slice(int(own[0]), int(own[-1]) + 1) if is_whole else own

    def morphs(self, time_s: float, doing: Float32) -> Float32:
        """How far (61, 5) faces move: both blinks, frown, open mouth, smile, as the bodies name them; in `rows`."""
        lids = np.maximum(living.blink_0to1(self._traits, time_s)[self.rows], doing[:, _LIDS])
        talk = 0.5 + 0.5 * np.sin(2.0 * np.pi * (2.1 * time_s + self._traits.late_0to1[self.rows]))
        mouth = doing[:, _MOUTH] * np.where(doing[:, _MOUTH] < 0.45, talk, 1.0)
        return np.stack([lids, lids, doing[:, _FROWN], mouth, doing[:, _SMILE]], -1).astype(np.float32)

    @staticmethod
    def _at_s(batch: int, number: int) -> float:
        return (number - batch / BATCHES) * GRID_S

    def _tick(self, batch: int, wanted: tuple[int, State]) -> Tick:
        number, state = wanted
        time_s = self._at_s(batch, number)
        who = self._batches[batch]
        acts = self.timetable.acts(who, state, time_s)
        return self.posed(who, acts, state, time_s, number)

    def posed(self, who: Numbers, acts: Acts, state: State, time_s: float, step: int = 0) -> Tick:
        """The people `who` (n,) in what they do at a moment."""
        doing = _mixed(DOING_OF, acts)
        turns, pelvis_m = self._held(who, acts, step)
        self._stir(turns, who, doing, time_s)
        eyes_m, heads_m = self._looked_at(who, acts, state, time_s)
        self._turn_heads(turns, who, heads_m)
        linear, places = self._globals(turns, who, pelvis_m)
        self._turn_eyes(linear, places, who, (eyes_m, time_s))
        joints = np.empty((*linear.shape[:2], 3, 4), np.float32)
        joints[..., :3] = linear
        joints[..., 3] = places - np.einsum("njab,njb->nja", linear, self.rest_m[who])
        hand = self.figure.joint["hand_r"]
        hands = np.concatenate([linear[:, hand], places[:, hand, :, None]], -1).astype(np.float32)
        return Tick(joints, hands, doing.astype(np.float32))

    def _held(self, who: Numbers, acts: Acts, step: int) -> tuple[Floats, Floats]:
        """Postures mixed: turns (n, j, 4) and the pelvis's places (n, 3)."""
        over = POSTURE_OF[acts.over]
        # Hands are together at every other step of the grid, and of neighbours at different ones.
        over = np.where((acts.over == _APPLAUDS) & ((step + who) % 2 == 0), _APART, over)
        first, second = POSTURE_OF[acts.before], POSTURE_OF[acts.after]
        turns = _nlerp(self._turns[who, first], self._turns[who, second], acts.part)
        pelvis = self._pelvis_m[who, first]
        pelvis = pelvis + (self._pelvis_m[who, second] - pelvis) * acts.part[:, None]
        if acts.over_part.max(initial=0.0) > 0.0:
            turns = _nlerp(turns, self._turns[who, over], acts.over_part)
            pelvis = pelvis + (self._pelvis_m[who, over] - pelvis) * acts.over_part[:, None]
        return turns, pelvis

    def _stir(self, turns: Floats, who: Numbers, doing: Floats, time_s: float) -> None:
        """Breath, small wanderings, nods, shakes, coughs, and the hand that writes, in place."""
        breath = living.breath_0to1(self._traits, time_s)[who] - 0.5
        wander = wandering(self._traits, time_s)[who]
        phase = 2.0 * np.pi * self._traits.late_0to1[who]
        bout = np.maximum(np.sin(2.0 * np.pi * time_s / 4.3 + phase), 0.0)
        turn = np.zeros((len(who), len(JOINTS), 3))
        turn[:, 0] = np.radians(0.7) * wander[:, 2:5]
        turn[:, 1, 0] = -np.radians(2.4) * breath
        turn[:, 1, 0] += np.radians(5.0) * doing[:, _JERKS] * np.sin(2.0 * np.pi * 1.55 * time_s + phase)
        turn[:, 2, 0] = np.radians(1.8) * breath + np.radians(20.0) * doing[:, _DROOPS]
        turn[:, 3] = np.radians(1.1) * wander[:, 5:8]
        turn[:, 3, 0] += np.radians(8.0) * doing[:, _NODS] * bout * np.sin(2.0 * np.pi * 1.1 * time_s + phase)
        turn[:, 3, 0] += np.radians(14.0) * doing[:, _DROOPS]
        turn[:, 3, 1] += np.radians(11.0) * doing[:, _SHAKES] * np.sin(2.0 * np.pi * 0.75 * time_s + phase)
        hand = np.sin(2.0 * np.pi * 1.4 * time_s + phase) + 1.5 * np.sin(2.0 * np.pi * 0.13 * time_s + phase)
        turn[:, 4, 1] = np.radians(2.2) * doing[:, _WRITES] * hand
        turns[:, self._joint] = product(from_turns(turn), turns[:, self._joint])

    def _looked_at(self, who: Numbers, acts: Acts, state: State, time_s: float) -> tuple[Floats, Floats]:
        """What the eyes and what the heads of n people are turned to (n, 3), on their way from one to the next."""
        other_m = happenings.point_looked_at(self.timetable, state, time_s)
        keys, places_m, rows = self.timetable.keys[who], self.places_m[who], np.arange(len(who))
        points_m = sight_points_m(places_m, keys, state.eye_m, other_m)
        seen = []
        for behaviours, slots in zip((acts.before, acts.after, acts.over), (*acts.slots, 0.0 * acts.part), strict=True):
            points_m[:, Sight.AWAY] = away_m(places_m, keys, slots)
            seen.append(points_m[rows, SIGHT_OF[behaviours]])
        first, second, over = seen
        found = []
        # Eyes are there long before the head has followed.
        for faster in (2.5, 1.3):
            part, over_part = (np.clip(faster * one - 0.2 * faster, 0.0, 1.0) for one in (acts.part, acts.over_part))
            mixed = first + (second - first) * part[:, None]
            found.append(mixed + (over - mixed) * over_part[:, None])
        return found[0], found[1]

    def _turn_heads(self, turns: Floats, who: Numbers, points_m: Floats) -> None:
        """Neck and head towards what is looked at, in place."""
        away = points_m - (self.places_m[who] + (0.0, 1.2, 0.06))
        yaw, pitch = gaze.angles_to(away)
        way = np.stack([yaw, pitch], -1) * HEAD_PART
        way = np.clip(way, HEAD_LEAST_RAD, HEAD_MOST_RAD)
        neck, head = self._joint[2], self._joint[3]
        half = np.zeros((len(who), 2, 3))
        half[:, :, 1], half[:, :, 0] = way[:, :1] * (0.4, 0.6), way[:, 1:] * (0.4, 0.6)
        turns[:, [neck, head]] = product(from_turns(half), turns[:, [neck, head]])

    def _globals(self, turns: Floats, who: Numbers, pelvis_m: Floats) -> tuple[Floats, Floats]:
        """All joints in the bodies' own space: how they are turned (n, j, 3, 3), where they are (n, j, 3)."""
        local, linear = matrices(turns), np.empty((*turns.shape[:2], 3, 3))
        places, offsets = np.empty((*turns.shape[:2], 3)), self._offsets_m[who]
        pelvis = self.figure.joint["pelvis"]
        for joints, parents in self.figure.rig.levels:
            if parents[0] < 0:
                linear[:, joints], places[:, joints] = local[:, joints], 0.0
                continue
            above = linear[:, parents]
            linear[:, joints] = above @ local[:, joints]
            places[:, joints] = places[:, parents] + (above @ offsets[:, joints, :, None])[..., 0]
            if pelvis in joints:
                places[:, pelvis] = pelvis_m
        return linear, places

    def _turn_eyes(self, linear: Floats, places: Floats, who: Numbers, seen: tuple[Floats, float]) -> None:
        """Eyes onto what is looked at, as far as they turn, and small jumps over it, in place."""
        points_m, time_s = seen
        head = linear[:, self._joint[3]]
        away = (points_m - self.places_m[who])[:, None] - places[:, self._eye_joints]
        inside = away @ head
        yaw, pitch = gaze.angles_to(inside)
        jumps = gaze.scanning(self._traits, time_s)[who]
        yaw = np.clip(yaw + jumps[:, :1], -np.radians(gaze.EYE_YAW_DEG), np.radians(gaze.EYE_YAW_DEG))
        pitch = np.clip(pitch + jumps[:, 1:], -np.radians(gaze.EYE_UP_DEG), np.radians(gaze.EYE_DOWN_DEG))
        linear[:, self._eye_joints] = head[:, None] @ about_y_then_x(yaw, pitch)


def _mixed(table: Floats, acts: Acts) -> Floats:
    """Rows of a table by behaviours, mixed as they are."""
    part, over = acts.part[:, None], acts.over_part[:, None]
    mixed = table[acts.before] + (table[acts.after] - table[acts.before]) * part
    return np.asarray(mixed + (table[acts.over] - mixed) * over)


def _nlerp(first: Floats, second: Floats, part: Floats) -> Floats:
    """Turns (n, j, 4) mixed the short way round."""
    sign = np.where(np.einsum("nji,nji->nj", first, second) < 0.0, -1.0, 1.0)
    mixed = first * (1.0 - part)[:, None, None] + second * (part[:, None] * sign)[..., None]
    return np.asarray(mixed / np.sqrt(np.einsum("nji,nji->nj", mixed, mixed))[..., None])


def poses_of(audience: Audience, time_s: float, tick: Tick, here: Present) -> dict[str, Poses]:
    """The people who are `here` as the renderer wants them, by the names of their characters."""
    morphs = audience.morphs(time_s, tick.doing)
    return {
        cast.NAMES[number]: Poses(audience.frames[rows], tick.joints[rows], morphs[rows])
        for number, rows in audience.present(here)
    }


@lru_cache(maxsize=4)
def audience_of(seed: int) -> Audience:
    """The people of a seed, made once."""
    return Audience(seed)
