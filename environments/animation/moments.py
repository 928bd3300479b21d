"""What bodies live through at a moment: the time, where they are, what there is to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from environments.animation.looking import Sights
from environments.animation.quaternions import Floats, about_y
from environments.animation.routes import Routes

_AHEAD_M = np.array([0.0, 1.5, 6.0])


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What people live through at a moment.

    `places` (k, 4, 4) are body-to-world and not needed for people with routes; `targets_m` (m, 3) or (k, m, 3) are
    what they may look at in the world and `shares` (k, m), adding up to 1, how often they do; without targets they
    look ahead.  `breath_depth` multiplies how deep a breath at rest is; `faces` are weights (k,) of morph targets by
    their names, such as a smile.
    """

    time_s: float
    places: Floats | None = None
    targets_m: Floats | None = None
    shares: Floats | None = None
    breath_depth: float = 1.0
    faces: Mapping[str, Floats] = field(default_factory=dict)


def places_at(moment: Moment, routes: Routes | None, count: int) -> Floats:
    """Where bodies are (k, 4, 4): on their routes, where the moment says, or all at the origin."""
    if routes is None:
        return np.tile(np.eye(4), (count, 1, 1)) if moment.places is None else moment.places
    at = routes.at(np.full((1, count), moment.time_s))[0]
    out = np.zeros((count, 4, 4))
    out[:, :3, :3] = about_y(at[:, 2])
    out[:, 0, 3], out[:, 2, 3], out[:, 3, 3] = at[:, 0], at[:, 1], 1.0
    return out


def sights_at(moment: Moment, places: Floats) -> Sights:
    """What may be looked at, in the space of bodies at `places`."""
    count = len(places)
    if moment.targets_m is None:
        return Sights(np.broadcast_to(_AHEAD_M, (count, 1, 3)), np.ones((count, 1)))
    targets_m = np.broadcast_to(moment.targets_m, (count, *moment.targets_m.shape[-2:]))
    inside = np.einsum("kji,kmj->kmi", places[:, :3, :3], targets_m - places[:, None, :3, 3])
    even = np.full(inside.shape[:2], 1.0 / inside.shape[1])
    return Sights(inside, even if moment.shares is None else moment.shares)
