"""Events: who takes part and what they do at its age.  All begin gently, without a startle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from environments.animation.easing import chance, eased
from environments.animation.quaternions import Floats
from environments.scenes.speaking import seats
from environments.scenes.speaking.behaviours import NUMBERS

if TYPE_CHECKING:
    from environments.scenes.speaking.timetable import Numbers, State, Timetable

ARRIVES_S = 9.7
"""How long a latecomer's way takes (a test holds it to the way itself)."""
RISES_S, LEAVES_AFTER_S, WALK_M_PER_S = 1.4, 1.7, 1.2
QUESTION_UP_S, QUESTION_STANDS_S, QUESTION_ENDS_S = 3.2, 4.4, 12.0
APPLAUSE_S, LAUGH_S, FEEDBACK_S, COUGH_S, PHONE_S, WHISPER_S = 7.0, 4.5, 2.6, 2.2, 7.0, 8.0
DIM_TAKES_S, DIM_STAYS_S, DIM_TO = 2.5, 12.0, 0.42
LAUGHING, WINCING = 0.8, 0.75
"""Shares of an audience that take part."""
NEAR_M = 2.2
"""Who sits so near to somebody who stands up or whose telephone rings looks round."""
Over = tuple["Numbers", Floats]
Told = tuple["Timetable", "State"]


def there_and_back(age_s: Floats | float, takes_s: float, stays_s: Floats | float) -> Floats:
    """From 0 to 1, a while there, and back."""
    age = np.asarray(age_s, np.float64)
    return np.asarray(eased(age / takes_s) - eased((age - takes_s - stays_s) / takes_s))


def light_left(ages_s: Mapping[str, float]) -> float:
    """What the events leave of the house's light."""
    age_s = ages_s.get("lights_dim", -1.0)
    return 1.0 - (1.0 - DIM_TO) * float(there_and_back(age_s, DIM_TAKES_S, DIM_STAYS_S))


def person_for(event: str, timetable: Timetable, count: int) -> int:
    """Whom an event is about: somebody present who can be seen well; -1 where nobody is there."""
    if count <= 0:
        return -1
    at_m = seats.seat_places_m()[timetable.seats[:count]]
    if event == "leaves":
        return _free_to_leave(timetable, count)
    if event == "whisper":
        paired = timetable.in_pairs(count)[:count]
        return int(np.argmin(np.where(paired, -at_m[:, 2], np.inf))) if paired.any() else -1
    wanted_x_m = {"question": 1.2, "cough": -1.6, "phone": 2.0}[event]
    return int(np.argmin(np.abs(at_m[:, 0] - wanted_x_m) - 0.6 * at_m[:, 2]))


def _free_to_leave(timetable: Timetable, count: int) -> int:
    """The first comer with nobody between the seat and an aisle."""
    rows, columns = np.divmod(timetable.seats[:count], seats.IN_ROW)
    for person in range(count):
        own = columns[rows == rows[person]]
        if columns[person] in (own.min(), own.max()):
            return person
    return -1


def overriding(who: Numbers, over: Over, told: Told, time_s: float) -> None:
    """Put what events ask of the people `who` over what they do, in place."""
    for event, began_s in told[1].began_s:
        age_s = time_s - began_s
        if age_s > 0.0 and event in _DONE:
            _DONE[event](who, over, told, age_s)


def _put(over: Over, chosen: NDArray[np.bool_], behaviour: str | Numbers, part: Floats | float) -> None:
    """Where `chosen`, and stronger than what is there already."""
    strong = np.where(chosen, part, 0.0)
    takes = strong > over[1]
    over[0][takes] = NUMBERS[behaviour] if isinstance(behaviour, str) else behaviour[takes]
    over[1][takes] = strong[takes]


def _one(event: str, behaviour: str, lasts_s: float) -> Callable[[Numbers, Over, Told, float], None]:
    def happens(who: Numbers, over: Over, told: Told, age_s: float) -> None:
        person = person_for(event, told[0], told[1].count)
        _put(over, np.asarray(who == person), behaviour, float(there_and_back(age_s, 0.7, lasts_s)))

    return happens


def _applause(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    late_s = 0.9 * chance(told[0].keys[who], 60)
    _put(over, np.ones(len(who), np.bool_), "applauds", there_and_back(age_s - late_s, 0.7, APPLAUSE_S - late_s))


def _laugh(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    takes_part = np.asarray(chance(told[0].keys[who], 61) < LAUGHING)
    late_s = 0.6 * chance(told[0].keys[who], 62)
    _put(over, takes_part, "laughs", there_and_back(age_s - late_s, 0.6, LAUGH_S))


def _feedback(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    takes_part = np.asarray(chance(told[0].keys[who], 63) < WINCING)
    _put(over, takes_part, "winces", there_and_back(age_s, 0.5, FEEDBACK_S))


def _question(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    person = person_for("question", told[0], told[1].count)
    _look_round(who, over, told, (person, float(there_and_back(age_s - QUESTION_STANDS_S, 0.9, 5.0))))
    up = float(there_and_back(age_s, 0.9, QUESTION_UP_S))
    stands = float(there_and_back(age_s - QUESTION_STANDS_S, RISES_S, QUESTION_ENDS_S - QUESTION_STANDS_S))
    _put(over, np.asarray(who == person), "raises a hand", up)
    _put(over, np.asarray(who == person), "asks", stands)


def _phone(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    person = person_for("phone", told[0], told[1].count)
    _look_round(who, over, told, (person, float(there_and_back(age_s - 1.0, 0.9, 3.5))))
    _put(over, np.asarray(who == person), "checks the phone", float(there_and_back(age_s - 0.6, 0.9, PHONE_S)))


def _whisper(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    timetable, state = told
    person = person_for("whisper", timetable, state.count)
    if person >= 0:
        pair = np.asarray((timetable.seats[who] // 2 == timetable.seats[person] // 2) & (who < state.count))
        _put(over, pair, timetable.whispers[who], float(there_and_back(age_s, 0.9, WHISPER_S)))


def _leaves(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    person = person_for("leaves", told[0], told[1].count)
    _look_round(who, over, told, (person, float(there_and_back(age_s - 1.0, 0.9, 3.0))))
    _put(over, np.asarray(who == person), "stands", float(eased(np.asarray(age_s / RISES_S))))


def _arrives(who: Numbers, over: Over, told: Told, age_s: float) -> None:
    """The latecomer stands until the way is over, then sits down."""
    stands = 1.0 - float(eased(np.asarray((age_s - ARRIVES_S) / RISES_S)))
    _put(over, np.asarray(who == seats.LATECOMER), "stands", stands)


def _look_round(who: Numbers, over: Over, told: Told, seen: tuple[int, float]) -> None:
    """Those who sit near a person turn to them."""
    person, part = seen
    if person >= 0 and part > 0.0:
        places_m = seats.seat_places_m()[told[0].seats]
        away_m = np.linalg.norm(places_m[who] - places_m[person], axis=1)
        _put(over, np.asarray((away_m < NEAR_M) & (who != person)), "looks round", part)


def point_looked_at(timetable: Timetable, state: State, time_s: float) -> tuple[float, float, float]:
    """Where those look who look round: the face of whom the latest event is about."""
    began = [(at_s, name) for name, at_s in state.began_s if name in ("question", "phone", "leaves") and at_s < time_s]
    if began and state.count:
        event = max(began)[1]
        x, y, z = seats.seat_places_m()[timetable.seats[person_for(event, timetable, state.count)]]
        return float(x), float(y) + (1.2 if event == "phone" else 1.55), float(z)
    return 0.0, 1.6, 0.0


_DONE: Mapping[str, Callable[[Numbers, Over, Told, float], None]] = MappingProxyType(
    {
        "cough": _one("cough", "coughs", COUGH_S),
        "phone": _phone,
        "whisper": _whisper,
        "leaves": _leaves,
        "arrives": _arrives,
        "question": _question,
        "applause": _applause,
        "laughter": _laugh,
        "feedback": _feedback,
    }
)
