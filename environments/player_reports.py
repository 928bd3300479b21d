"""What the player tells the session by itself: its state, its frames, the head.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from environments.contract import FrameStatistics, HeadPoses, PanelChoice, PlayerState, Report
from environments.player_model import State

STATE_EVERY_S = 0.1
SUMMARY_EVERY_S = 1.0
POSE_EVERY_SCENE_S = 0.1
LARGEST_LATE_SHARE_0TO1 = 0.1
LATE_WINDOW_S = 2.0
AIMS = 4
"""So many things to hit are told."""

Pose = tuple[float, float, float, float, float, float, float]


@dataclass(slots=True)
class Reporter:
    """Collects frames and head poses and tells when a report is due; `budget_ms` is what a frame may take."""

    budget_ms: float
    _last_state: PlayerState | None = None
    _last_state_s: float = float("-inf")
    _summary_from_s: float | None = None
    _frames_ms: list[float] = field(default_factory=list)
    _late: list[tuple[float, bool]] = field(default_factory=list)
    _poses: list[Pose] = field(default_factory=list)

    @property
    def frames_in_budget(self) -> bool:
        """Whether at most a tenth of the frames of the last two seconds were late."""
        late = sum(is_late for _, is_late in self._late)
        return late <= LARGEST_LATE_SHARE_0TO1 * len(self._late)

    def frame(self, state: State, finished_s: float, took_ms: float, is_loading: bool) -> tuple[Report, ...]:
        """The reports due after a frame; frames spent loading in the dark do not count as late."""
        if not is_loading:
            self._frames_ms.append(took_ms)
            self._late.append((finished_s, took_ms > self.budget_ms))
        self._late = [entry for entry in self._late if finished_s - entry[0] <= LATE_WINDOW_S]
        self._add_pose(state)
        return (*self._state(state, finished_s), *self._summary(finished_s))

    def again(self) -> None:
        """A session has just come: tell it the state with the next frame."""
        self._last_state = None

    def _state(self, state: State, finished_s: float) -> tuple[Report, ...]:
        report = state_report(state, finished_s, self.frames_in_budget)
        is_due = finished_s - self._last_state_s >= STATE_EVERY_S
        if not is_due and self._last_state is not None and _essence(report) == _essence(self._last_state):
            return ()
        self._last_state, self._last_state_s = report, finished_s
        return (report,)

    def _summary(self, finished_s: float) -> tuple[Report, ...]:
        if self._summary_from_s is None:
            self._summary_from_s = finished_s
        if finished_s - self._summary_from_s < SUMMARY_EVERY_S:
            return ()
        self._summary_from_s = finished_s
        reports: tuple[Report, ...] = (statistics(self._frames_ms, self.budget_ms), HeadPoses(tuple(self._poses)))
        self._frames_ms, self._poses = [], []
        return reports

    def _add_pose(self, state: State) -> None:
        if self._poses and state.scene_time_s - self._poses[-1][0] < POSE_EVERY_SCENE_S:
            return
        head = state.head
        self._poses.append((state.scene_time_s, head.yaw_deg, head.pitch_deg, head.roll_deg, *head.offset_m))


def state_report(state: State, finished_s: float, frames_in_budget: bool) -> PlayerState:
    """The state that the frame finished at `finished_s` shows."""
    shown, panel, play = state.shown, state.asked.panel, state.play
    is_played = bool(play.aims) or play.thrown > 0
    return PlayerState(
        sequence=state.sequence,
        applied_monotonic_s=finished_s,
        scene=shown.target.scene,
        intensity_0to1=shown.intensity_0to1,
        parameters=dict(shown.values),
        scene_time_s=state.scene_time_s,
        fade_0to1=shown.fade_0to1,
        latch=state.latch,
        latch_id=state.latch_id,
        panel_id=None if panel is None else panel.panel_id,
        head_worn=state.head.is_worn,
        head_tracked=state.head.is_tracked,
        frames_in_budget=frames_in_budget,
        hits=play.hits(state.scene_time_s) if is_played else None,
        throws=play.thrown if is_played else None,
        aims=tuple(PanelChoice(one.target, one.at.yaw_deg, one.at.pitch_deg) for one in play.aims[:AIMS]),
    )


def statistics(frames_ms: list[float], budget_ms: float) -> FrameStatistics:
    """Count, late count, median and 99th percentile (nearest rank) of frame times."""
    ordered = sorted(frames_ms)
    late = sum(took_ms > budget_ms for took_ms in ordered)
    return FrameStatistics(len(ordered), late, _ranked(ordered, 0.5), _ranked(ordered, 0.99))


def _ranked(ordered: list[float], part_0to1: float) -> float:
    return ordered[min(int(part_0to1 * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def _essence(report: PlayerState) -> tuple[object, ...]:
    """What is told at once when it changes."""
    return (
        report.sequence,
        report.scene,
        report.latch,
        report.latch_id,
        report.panel_id,
        report.head_worn,
        report.head_tracked,
        report.frames_in_budget,
    )
