"""What listeners do, as data: posture, where they look, their faces, and who does it how often.

`shares` are how often a behaviour is chosen by an audience that is hostile, bored, neutral and warm.  Breath, blinks,
small wanderings of trunk and head and of the eyes come on top of each (environments/animation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from types import MappingProxyType

import numpy as np

from environments.animation.quaternions import Floats
from environments.scenes.speaking.postures import NAMES


class Sight(IntEnum):
    """What is looked at."""

    SPEAKER = 0
    DESK = 1
    PHONE = 2
    LEFT = 3
    RIGHT = 4
    AWAY = 5
    SCREEN = 6
    WATCH = 7
    OTHER = 8


@dataclass(frozen=True, slots=True)
class Doing:
    """How strongly each moves: 0 to 1.  `lids` closes the eyes, `writes` moves the hand, `jerks` shakes the trunk."""

    smile: float = 0.0
    frown: float = 0.0
    mouth: float = 0.0
    lids: float = 0.0
    nods: float = 0.0
    shakes: float = 0.0
    writes: float = 0.0
    jerks: float = 0.0
    phone: float = 0.0
    droops: float = 0.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One of them; `takes_s` 0 lasts as long as it is somebody's turn."""

    posture: str
    sight: Sight
    shares: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    takes_s: float = 0.0
    doing: Doing = Doing()


BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        "listens": Behaviour("lap", Sight.SPEAKER, (1.0, 1.5, 3.0, 2.0)),
        "listens at the desk": Behaviour("desk", Sight.SPEAKER, (0.6, 1.0, 4.0, 4.0), doing=Doing(smile=0.1)),
        "folds hands": Behaviour("folded", Sight.SPEAKER, (0.8, 1.0, 3.0, 3.0)),
        "smiles": Behaviour("desk", Sight.SPEAKER, (0.0, 0.0, 0.5, 4.0), doing=Doing(smile=0.85)),
        "nods": Behaviour("folded", Sight.SPEAKER, (0.0, 0.0, 0.8, 3.5), doing=Doing(nods=1.0, smile=0.45)),
        "leans forward": Behaviour("forward", Sight.SPEAKER, (0.4, 0.0, 0.8, 2.5), doing=Doing(smile=0.2)),
        "leans back": Behaviour("back", Sight.SPEAKER, (2.0, 2.2, 1.2, 0.4)),
        "crosses arms": Behaviour("crossed", Sight.SPEAKER, (4.5, 2.0, 0.6, 0.0), doing=Doing(frown=0.45)),
        "frowns": Behaviour("folded", Sight.SPEAKER, (4.0, 0.6, 0.1, 0.0), doing=Doing(frown=1.0)),
        "shakes the head": Behaviour("crossed", Sight.SPEAKER, (3.0, 0.3, 0.0, 0.0), 3.2, Doing(frown=0.8, shakes=1.0)),
        "props the chin": Behaviour("chin", Sight.SPEAKER, (1.2, 3.0, 0.9, 0.3), doing=Doing(droops=0.15)),
        "takes notes": Behaviour("writes", Sight.DESK, (0.2, 0.5, 2.0, 3.5), doing=Doing(writes=1.0)),
        "reads": Behaviour("desk", Sight.DESK, (0.6, 0.8, 1.2, 1.2)),
        "looks at the screen": Behaviour("folded", Sight.SCREEN, (0.4, 0.8, 2.2, 2.0)),
        "checks the phone": Behaviour("phone", Sight.PHONE, (3.0, 4.5, 0.5, 0.0), doing=Doing(phone=1.0)),
        "yawns": Behaviour("yawns", Sight.AWAY, (0.8, 2.4, 0.1, 0.0), 3.6, Doing(lids=0.9, mouth=1.0, frown=0.2)),
        "looks away": Behaviour("lap", Sight.AWAY, (2.4, 3.0, 0.6, 0.2), doing=Doing(droops=0.1)),
        "looks at the watch": Behaviour("watch", Sight.WATCH, (1.6, 1.0, 0.1, 0.0), 3.4),
        "dozes": Behaviour("folded", Sight.DESK, (0.2, 1.0, 0.0, 0.0), doing=Doing(lids=1.0, droops=1.0)),
        "coughs": Behaviour("coughs", Sight.DESK, (0.15, 0.15, 0.1, 0.1), 2.2, Doing(jerks=1.0, lids=0.5)),
        "whispers to the left": Behaviour("whispers left", Sight.LEFT, doing=Doing(mouth=0.25, smile=0.25)),
        "whispers to the right": Behaviour("whispers right", Sight.RIGHT, doing=Doing(mouth=0.25, smile=0.25)),
        "raises a hand": Behaviour("raises", Sight.SPEAKER),
        "applauds": Behaviour("together", Sight.SPEAKER, doing=Doing(smile=0.7)),
        "laughs": Behaviour("back", Sight.SPEAKER, doing=Doing(smile=1.0, mouth=0.55, lids=0.25, jerks=0.5)),
        "winces": Behaviour("back", Sight.AWAY, doing=Doing(frown=1.0, lids=0.55)),
        "looks round": Behaviour("desk", Sight.OTHER),
        "stands": Behaviour("stands", Sight.SPEAKER),
        "asks": Behaviour("stands", Sight.SPEAKER, doing=Doing(mouth=0.3)),
    }
)
"""By name.  Those without shares nobody chooses: neighbours agree on whispers, events ask for the rest."""
NUMBERS = MappingProxyType({name: number for number, name in enumerate(BEHAVIOURS)})
POSTURE_OF = np.array([NAMES.index(one.posture) for one in BEHAVIOURS.values()], np.intp)
SIGHT_OF = np.array([one.sight for one in BEHAVIOURS.values()], np.intp)
TAKES_S = np.array([one.takes_s for one in BEHAVIOURS.values()])
DOINGS = tuple(field.name for field in fields(Doing))
DOING_OF: Floats = np.array([[getattr(one.doing, name) for name in DOINGS] for one in BEHAVIOURS.values()])
_SHARES: Floats = np.array([one.shares for one in BEHAVIOURS.values()])
_GAZES: Floats = (SIGHT_OF == Sight.SPEAKER).astype(np.float64)


def ends_of(attention_0to1: float) -> Floats:
    """Where each behaviour ends (2, b) on a scale of chance from 0 to 1: of those who look elsewhere, of gazers."""
    at = min(max(attention_0to1, 0.0), 1.0) * (_SHARES.shape[1] - 1)
    below = min(int(at), _SHARES.shape[1] - 2)
    shares = _SHARES[:, below] + (_SHARES[:, below + 1] - _SHARES[:, below]) * (at - below)
    both = np.stack([shares * (1.0 - _GAZES), shares * _GAZES])
    ends = np.cumsum(both, axis=1)
    return np.asarray(ends / ends[:, -1:])
