"""How listeners can hold themselves: trunk and hands as data, and the turns of all joints for a body.

Everything is in the body's space as it sits: x to its left, y up from its floor, z ahead.  Hands are given for the
left side and mirrored for the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from environments.animation.quaternions import Floats
from environments.scenes.speaking.limbs import Figure, from_matrices, limb_turns, turned

Way = tuple[float, float, float]
SEAT_HIP_M, SEAT_FEET_M = 0.515, 0.40
"""Hip joints of a sitter over the floor; how far the ankles are ahead of them."""
DESK_M = 0.725
STAND_M = 0.17
"""How far ahead of the seat somebody stands who has risen."""
PELVIS_DEG = -9.0
"""Sitters roll their pelvis back."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Where a wrist is, from `anchor` (floor, shoulder or mouth); where fingers point, the palm faces; their bend."""

    at_m: Way
    fingers: Way
    palm: Way
    anchor: str = "floor"
    curl_deg: float = 12.0
    elbow: Way = (0.55, -0.75, -0.45)


@dataclass(frozen=True, slots=True)
class Posture:
    """The trunk's bend forward, turn to the left and lean to the left (degrees), and both hands."""

    left: Hand
    right: Hand
    trunk_deg: Way = (3.0, 0.0, 0.0)
    stands: bool = False


LAP = Hand((0.115, 0.635, 0.29), (-0.35, -0.15, 0.93), (0.05, -1.0, -0.05))
DESK = Hand((0.18, 0.775, 0.43), (-0.62, -0.05, 0.78), (0.0, -1.0, 0.0))
FOLDED = Hand((0.095, 0.785, 0.45), (-0.93, -0.12, 0.35), (-0.2, -0.95, 0.0), curl_deg=28.0)
CROSSED_LOW = Hand(
    (-0.075, -0.255, 0.205), (-0.93, 0.22, -0.30), (-0.25, -0.15, -0.95), "shoulder", 25.0, (0.7, -0.7, 0.1)
)
CROSSED_HIGH = Hand(
    (-0.06, -0.215, 0.235), (-0.93, 0.20, -0.30), (-0.25, -0.10, -0.95), "shoulder", 25.0, (0.7, -0.7, 0.1)
)
PHONE = Hand((0.06, 0.865, 0.33), (-0.30, 0.55, 0.78), (-0.20, 0.72, -0.66), curl_deg=38.0)
WRITES = Hand((0.12, 0.768, 0.43), (-0.45, -0.22, 0.87), (-0.55, -0.83, 0.0), curl_deg=42.0)
CHIN = Hand((0.045, -0.145, 0.03), (-0.12, 0.97, -0.18), (-0.25, 0.12, -0.96), "mouth", 55.0)
YAWNS = Hand((0.085, -0.075, 0.065), (-0.78, 0.60, -0.05), (0.0, 0.05, -1.0), "mouth", 14.0)
COUGHS = Hand((0.075, -0.055, 0.075), (-0.85, 0.45, 0.0), (0.0, 0.0, -1.0), "mouth", 70.0)
WATCH = Hand((0.015, 0.93, 0.31), (-0.96, 0.05, 0.18), (0.0, -0.8, 0.6), curl_deg=25.0)
RAISED = Hand((0.07, 0.50, 0.10), (0.0, 1.0, 0.05), (0.0, 0.0, 1.0), "shoulder of it", 6.0, (0.8, 0.0, 0.5))
APART = Hand((0.115, -0.20, 0.31), (-0.15, 0.66, 0.72), (-1.0, 0.0, 0.0), "shoulder", 6.0)
TOGETHER = Hand((0.030, -0.20, 0.31), (-0.02, 0.66, 0.74), (-1.0, 0.0, 0.0), "shoulder", 6.0)
HANGS = Hand((0.075, -0.56, 0.03), (-0.05, -0.98, 0.15), (-1.0, 0.0, 0.0), "shoulder of it", 16.0)

POSTURES: Mapping[str, Posture] = MappingProxyType(
    {
        "lap": Posture(LAP, LAP),
        "desk": Posture(DESK, DESK, (7.0, 0.0, 0.0)),
        "folded": Posture(FOLDED, FOLDED, (8.0, 0.0, 0.0)),
        "forward": Posture(FOLDED, DESK, (17.0, 0.0, 0.0)),
        "back": Posture(LAP, LAP, (-9.0, 0.0, 0.0)),
        "crossed": Posture(CROSSED_LOW, CROSSED_HIGH, (-4.0, 0.0, 0.0)),
        "chin": Posture(FOLDED, CHIN, (13.0, 0.0, -4.0)),
        "writes": Posture(DESK, WRITES, (15.0, 0.0, 0.0)),
        "phone": Posture(LAP, PHONE, (8.0, 0.0, 0.0)),
        "yawns": Posture(LAP, YAWNS, (-7.0, 0.0, 0.0)),
        "coughs": Posture(LAP, COUGHS, (10.0, 0.0, 0.0)),
        "watch": Posture(WATCH, LAP, (4.0, 0.0, 0.0)),
        "raises": Posture(DESK, RAISED, (4.0, 0.0, 5.0)),
        "apart": Posture(APART, APART, (2.0, 0.0, 0.0)),
        "together": Posture(TOGETHER, TOGETHER, (2.0, 0.0, 0.0)),
        "whispers left": Posture(LAP, DESK, (8.0, 20.0, 13.0)),
        "whispers right": Posture(DESK, LAP, (8.0, -20.0, -13.0)),
        "stands": Posture(HANGS, HANGS, (0.0, 0.0, 0.0), stands=True),
    }
)
NAMES = tuple(POSTURES)


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Every posture of one body: turns (p, j, 4) of joints relative to their parents, the pelvis's places (p, 3)."""

    turns: Floats
    pelvis_m: Floats


def bank_of(figure: Figure) -> Bank:
    """All postures of a body."""
    made = [_held(figure, posture) for posture in POSTURES.values()]
    return Bank(np.stack([turns for turns, _ in made]), np.stack([pelvis for _, pelvis in made]))


def _held(figure: Figure, posture: Posture) -> tuple[Floats, Floats]:
    rest, at = figure.rest_m, figure.joint
    hip_m = rest[at["thigh_l"]]
    pelvis_m = rest[at["pelvis"]].copy()
    wide = np.eye(3)
    if posture.stands:
        pelvis_m += (0.0, 0.0, STAND_M - pelvis_m[2])
    else:
        wide = turned((np.radians(PELVIS_DEG), 0.0, 0.0))
        hips = wide @ (hip_m - rest[at["pelvis"]])
        pelvis_m = np.array([0.0, SEAT_HIP_M - hips[1], -hips[2]])
    turns = np.tile(np.eye(3), (len(rest), 1, 1))
    turns[at["pelvis"]] = wide
    bend, turn, lean = np.radians(posture.trunk_deg)
    third = turned((bend / 3.0, turn / 3.0, -lean / 3.0))
    straight = turned((-np.radians(PELVIS_DEG), 0.0, 0.0)) if not posture.stands else np.eye(3)
    turns[at["spine_01"]] = straight @ third
    turns[at["spine_02"]] = turns[at["spine_03"]] = third
    turns[at["neck_01"]] = turned((-0.55 * bend, -0.2 * turn, 0.4 * lean))
    turns[at["head"]] = turned((-0.35 * bend, -0.1 * turn, 0.3 * lean))
    places, globals_ = figure.placed(turns, pelvis_m)
    _legs(figure, turns, (places, globals_), posture)
    for side, hand in (("l", posture.left), ("r", posture.right)):
        _arm(figure, turns, (places, globals_), (side, hand))
    return from_matrices(turns), pelvis_m


def _legs(figure: Figure, turns: Floats, now: tuple[Floats, Floats], posture: Posture) -> None:
    places, globals_ = now
    for side, sign in (("l", 1.0), ("r", -1.0)):
        names = [f"{name}_{side}" for name in ("thigh", "calf", "foot")]
        ankle = figure.rest_m[figure.joint[names[2]]].copy()
        ahead = places[figure.joint["pelvis"], 2] - figure.rest_m[figure.joint["pelvis"], 2]
        end = ankle + np.array((0.0, 0.0, ahead)) if posture.stands else np.array([sign * 0.12, ankle[1], SEAT_FEET_M])
        limb_turns(
            figure, turns, globals_, names, (places[figure.joint[names[0]]], end, np.array([0.25 * sign, 0.2, 1.0]))
        )
        calf = globals_[figure.joint[names[1]]]
        turns[figure.joint[names[2]]] = calf.T


def _arm(figure: Figure, turns: Floats, now: tuple[Floats, Floats], which: tuple[str, Hand]) -> None:
    places, globals_ = now
    side, hand = which
    sign = 1.0 if side == "l" else -1.0
    mirror = np.array([sign, 1.0, 1.0])
    names = [f"{name}_{side}" for name in ("upperarm", "lowerarm", "hand")]
    shoulder = places[figure.joint[names[0]]]
    anchors = {
        "floor": np.zeros(3),
        "shoulder": 0.5 * (places[figure.joint["upperarm_l"]] + places[figure.joint["upperarm_r"]]),
        "shoulder of it": shoulder,
        "mouth": places[figure.joint["head"]] + globals_[figure.joint["head"]] @ figure.mouth_m,
    }
    end = anchors[hand.anchor] + np.array(hand.at_m) * mirror
    limb_turns(figure, turns, globals_, names, (shoulder, end, np.array(hand.elbow) * mirror))
    figure.turn_hand(turns, globals_, side, (np.array(hand.fingers) * mirror, np.array(hand.palm) * mirror))
    figure.curl(turns, side, np.radians(hand.curl_deg))
