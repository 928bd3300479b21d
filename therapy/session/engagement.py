"""How much the patient plays: hits a minute, from the counts that the player reports.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

from therapy.control.decision import PlayView

WINDOW_S = 60.0
LEAST_S = 20.0
"""Hits a minute are told after this long."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """What was hit and thrown in this session, and the counts (session s, hits) of the last minute, oldest first."""

    hits: int = 0
    throws: int = 0
    begun_hits: int | None = None
    begun_throws: int = 0
    counts: tuple[tuple[float, int], ...] = ()


def counted(play: Engagement, t_s: float, hits: int, throws: int) -> Engagement:
    """With a report of the player's counts, which run since the player began."""
    if play.begun_hits is None or hits < play.begun_hits + play.hits:
        # The first report, or a player that was started anew: go on from what was counted so far.
        return Engagement(play.hits, play.throws, hits - play.hits, throws - play.throws, ((t_s, play.hits),))
    now = hits - play.begun_hits
    kept = tuple(one for one in play.counts if t_s - one[0] <= WINDOW_S)
    return Engagement(now, throws - play.begun_throws, play.begun_hits, play.begun_throws, (*kept, (t_s, now)))


def view_of(play: Engagement) -> PlayView:
    """What the loop may see of it in a session that is played."""
    if not play.counts:
        return PlayView(None, play.hits, play.throws)
    (first_s, first), (last_s, last) = play.counts[0], play.counts[-1]
    passed_s = last_s - first_s
    rate = (last - first) / passed_s * 60.0 if passed_s >= LEAST_S else None
    return PlayView(rate, play.hits, play.throws)
