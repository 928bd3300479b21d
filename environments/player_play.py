"""Play in the player: aiming by gaze, throwing by a button or by looking alone, the score.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from environments.interact.dwell import Dwell, look
from environments.interact.geometry import Direction, angle_between_deg
from environments.play import KEPT_THROWS, Aim, Game, Moment, Throw

AIM_DEG = 3.0
"""Looking within this angle of a target is aiming at it."""

KEEPS_DEG = 4.5
"""A target that is aimed at stays so until the gaze is this far off, so that a moving one is not lost."""

PLAY_DWELL_S = 1.0
"""Looking for this long throws: shorter than an answer takes, for a throw in vain costs nothing."""

SCORE_AT = Direction(-25.0, -15.0)
SCORE_DEG = 2.6
"""Where the score stands, and how near the gaze has to be; looking at it as long as for an answer hides or shows it."""

REST_S = 0.6
"""Scene seconds between two throws."""


@dataclass(frozen=True, slots=True)
class Play:
    """What was thrown in the scene that is shown, what is aimed at now, and whether the patient sees the score."""

    throws: tuple[Throw, ...] = ()
    aims: tuple[Aim, ...] = ()
    aimed: Aim | None = None
    dwell: Dwell = field(default_factory=lambda: Dwell(armed=True))
    earlier_hits: int = 0
    earlier_throws: int = 0
    shows_score: bool = True
    score_dwell: Dwell = field(default_factory=Dwell)

    @property
    def thrown(self) -> int:
        """How many snowballs were thrown since the player began."""
        return self.earlier_throws + len(self.throws)

    def hits(self, time_s: float) -> int:
        """How many of them have hit something by a scene time."""
        landed = sum(one.target is not None and one.lands_s <= time_s for one in self.throws)
        return self.earlier_hits + landed


def looked(play: Play, game: Game, moment: Moment, gaze: Direction, dt_s: float) -> Play:
    """The next moment of looking round; a target that was looked at long enough is thrown at."""
    aims = game.aims(moment)
    aimed = _aimed(play.aimed, aims, gaze)
    dwell, chosen = look(play.dwell, None if aimed is None else aimed.target, dt_s, PLAY_DWELL_S)
    play = replace(play, aims=aims, aimed=aimed, dwell=dwell)
    return play if chosen is None else threw(play, game, moment, gaze)


def threw(play: Play, game: Game, moment: Moment, gaze: Direction) -> Play:
    """Throw at what is aimed at, or where the gaze goes; too soon after the last throw nothing happens."""
    if play.throws and moment.time_s - play.throws[-1].at_s < REST_S:
        return play
    target = None if play.aimed is None else play.aimed.target
    throws = (*play.throws, game.throw(moment, gaze, target))
    play = replace(play, throws=throws, aimed=None, dwell=Dwell(armed=True))
    return _shortened(play) if len(throws) > KEPT_THROWS else play


def left(play: Play) -> Play:
    """Another place is shown: what was thrown is counted and gone."""
    if not play.throws and not play.aims:
        return play
    return replace(_forgotten(play, len(play.throws)), aims=(), aimed=None, dwell=Dwell(armed=True))


def _shortened(play: Play) -> Play:
    return _forgotten(play, len(play.throws) - KEPT_THROWS // 2)


def _forgotten(play: Play, count: int) -> Play:
    """Without the oldest throws, which stay counted."""
    gone = play.throws[:count]
    return replace(
        play,
        throws=play.throws[count:],
        earlier_hits=play.earlier_hits + sum(one.target is not None for one in gone),
        earlier_throws=play.earlier_throws + len(gone),
    )


def _aimed(before: Aim | None, aims: Sequence[Aim], gaze: Direction) -> Aim | None:
    """What is aimed at: the same as before while the gaze is near it, else what is nearest to the gaze."""
    if before is not None:
        still = next((one for one in aims if one.target == before.target), None)
        if still is not None and angle_between_deg(still.at, gaze) <= KEEPS_DEG:
            return still
    nearest = min(aims, key=lambda one: angle_between_deg(one.at, gaze), default=None)
    return nearest if nearest is not None and angle_between_deg(nearest.at, gaze) <= AIM_DEG else None
