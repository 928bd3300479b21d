"""The sounds of one scene on the mixer: what plays all the time, what comes now and then, what events bring."""

from __future__ import annotations

from dataclasses import dataclass, replace

from environments.sound import following
from environments.sound.description import Description, Part, Vector
from environments.sound.following import Now
from environments.sound.mixer import Mixer, Setting
from environments.sound.synth.catalogue import SOUNDS

LATE_S = 0.5
"""Scene seconds after which a sound that should have begun is left out."""

_SMOOTH_0TO1 = 0.35
"""How far a gain moves to where it should be in one step."""

_LOOP_SHIFT_S = 1.37
"""Seconds between the beginnings of one loop at several places, so that they are not the same sound twice."""


@dataclass(slots=True)
class _Playing:
    part: Part
    index: int
    source: int
    began_s: float
    level: float
    speed: float = 1.0


class Stage:
    """Holds the sources of a scene; `step` moves them to a moment."""

    def __init__(self, mixer: Mixer, description: Description) -> None:
        self.description = description
        self._mixer = mixer
        self._beds: dict[str, list[_Playing]] = {}
        self._once: list[_Playing] = []
        self._slots: dict[str, int] = {}
        self._turn: dict[str, tuple[int, tuple[float, int, float]]] = {}
        self._ages_s: dict[str, float] = {}
        self._time_s: float | None = None

    @property
    def playing(self) -> tuple[str, ...]:
        """The names of the parts that sound now, beds first."""
        return (*self._beds, *(one.part.name for one in self._once))

    def step(self, now: Now, base_m: Vector) -> None:
        """Move on to a moment; `base_m` is where the patient sits, in the scene's metres."""
        self._start_beds(now, base_m)
        for several in self._beds.values():
            for one in several:
                self._move(one, now, base_m)
        self._happen(now, base_m)
        self._turns(now, base_m)
        for one in tuple(self._once):
            age_s = now.time_s - one.began_s
            over = one.part.lasts_s is not None and age_s > one.part.lasts_s
            if over or not self._mixer.is_playing(one.source):
                self._mixer.stop(one.source)
                self._once.remove(one)
            else:
                self._move(one, now, base_m)
        self._time_s, self._ages_s = now.time_s, dict(now.event_ages_s)

    def close(self) -> None:
        """Take every source away; the mixer must have been faded out before."""
        for one in (*self._once, *(one for several in self._beds.values() for one in several)):
            self._mixer.stop(one.source)
        self._once, self._beds = [], {}

    def _start_beds(self, now: Now, base_m: Vector) -> None:
        for part in self.description.beds:
            if part.name in self._beds or not self._mixer.has(part.sound):
                continue
            started = []
            for index in range(max(len(part.places_m), 1)):
                one = self._begin(part, index, now, base_m, level=0.0)
                if one is not None:
                    started.append(one)
            self._beds[part.name] = started

    def _happen(self, now: Now, base_m: Vector) -> None:
        for part in self.description.on_events:
            age_s = now.event_ages_s.get(part.event or "")
            if age_s is None:
                continue
            before_s = self._ages_s.get(part.event or "", -1.0)
            before_s = before_s if before_s <= age_s else -1.0
            if before_s < part.after_s <= age_s < part.after_s + LATE_S:
                here_m = now.event_places_m.get(part.event or "")
                placed = part if here_m is None else replace(part, places_m=(here_m,), moves_along=True)
                self._once_more(placed, 0, now, base_m)

    def _turns(self, now: Now, base_m: Vector) -> None:
        if self._time_s is None or not 0.0 <= now.time_s - self._time_s <= LATE_S:
            return
        for part in self.description.sometimes:
            slot = following.slot_of(part, now.time_s)
            known = self._turn.get(part.name)
            if known is None or known[0] != slot:
                known = self._turn[part.name] = slot, following.turn(part, slot, now.seed)
            at_s, index, speed = known[1]
            if self._slots.get(part.name) == slot or now.time_s < at_s:
                continue
            self._slots[part.name] = slot
            if now.time_s - at_s <= LATE_S:
                self._once_more(part, index, now, base_m, speed)

    def _once_more(self, part: Part, index: int, now: Now, base_m: Vector, speed: float = 1.0) -> None:
        if self._mixer.has(part.sound) and following.gain(part, now) > 0.0:
            one = self._begin(part, index, now, base_m, level=following.gain(part, now), speed=speed)
            if one is not None:
                self._once.append(one)

    def _begin(
        self, part: Part, index: int, now: Now, base_m: Vector, *, level: float, speed: float = 1.0
    ) -> _Playing | None:
        loops = SOUNDS[part.sound].loops
        one = _Playing(part, index, 0, now.time_s, level, speed)
        source = self._mixer.play(
            part.sound, self._setting(one, now, base_m), loops=loops, from_s=_LOOP_SHIFT_S * index if loops else 0.0
        )
        if source is None:
            return None
        one.source = source
        return one

    def _move(self, one: _Playing, now: Now, base_m: Vector) -> None:
        one.level += (following.gain(one.part, now) - one.level) * _SMOOTH_0TO1
        self._mixer.set(one.source, self._setting(one, now, base_m))

    @staticmethod
    def _setting(one: _Playing, now: Now, base_m: Vector) -> Setting:
        part, age_s = one.part, now.time_s - one.began_s
        place_m, velocity_m_s = following.place(part, one.index, age_s, base_m)
        return Setting(
            gain=one.level * following.edge(part, age_s),
            place_m=place_m,
            velocity_m_s=velocity_m_s,
            pitch=one.speed * following.pitch(part, now),
            near_m=part.near_m if part.places_m else 0.0,
            width_m=part.width_m,
        )
