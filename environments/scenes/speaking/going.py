"""Who is in a seat and who is on the way at a moment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from environments.render.model import Poses
from environments.scenes.speaking import cast, happenings, seats
from environments.scenes.speaking.audience import Audience, Present, Tick
from environments.scenes.speaking.timetable import State
from environments.scenes.speaking.walkers import Walk, Walker, walker_of

DOOR_STEPS = 40
"""A door stands at one of so many angles, so that a still one is the same in every picture."""


class Going:
    """The walks of a moment: at most one out and one in.

    `seated` are those in their seats, `doors` how far the left and the right door are open.
    """

    def __init__(self, audience: Audience, seed: int, state: State, time_s: float) -> None:
        self._audience, self._seed = audience, seed
        absent: set[int] = set()
        late: set[int] = set()
        self._walking: list[tuple[Walker, float]] = []
        doors = [0.0, 0.0]
        for walker, age_s in self._walks(state, time_s):
            person = walker.walk.person
            if walker.is_walking(age_s):
                self._walking.append((walker, age_s))
                absent.add(person)
                doors[walker.door] = max(doors[walker.door], walker.door_0to1(age_s))
            elif age_s >= walker.ends_s:
                (absent if walker.walk.is_out else late).add(person)
        left, right = (round(DOOR_STEPS * part) / DOOR_STEPS for part in doors)
        self.doors = left, right
        self.seated = Present(state.count, frozenset(late), frozenset(absent))

    def _walks(self, state: State, time_s: float) -> Iterator[tuple[Walker, float]]:
        audience = self._audience
        for event, began_s in state.began_s:
            if event == "leaves":
                person = happenings.person_for(event, audience.timetable, state.count)
            elif event == "arrives":
                person = seats.LATECOMER
            else:
                continue
            if person >= 0 and time_s > began_s:
                x, y, z = audience.places_m[person].tolist()
                walk = Walk(person, (x, y, z), event == "leaves")
                yield walker_of(self._seed, walk, int(audience.who[person])), time_s - began_s

    def with_walkers(self, seated: dict[str, Poses], tick: Tick) -> dict[str, Poses]:
        """The poses of those in seats, and of those on the way."""
        found = dict(seated)
        for walker, age_s in self._walking:
            name = cast.NAMES[walker.character]
            row = int(np.flatnonzero(self._audience.rows == walker.walk.person)[0])
            morphs = np.zeros((1, 5), np.float32)
            own = walker.poses(age_s, tick.joints[row : row + 1], morphs)
            before = found.get(name)
            if before is not None:
                pairs = zip(*((one.places, one.joints, one.morphs) for one in (before, own)), strict=True)
                own = Poses(*(np.concatenate(pair) for pair in pairs))
            found[name] = own
        return found
