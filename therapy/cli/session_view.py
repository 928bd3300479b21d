"""A session on the terminal: what happens as lines, and how things stand once a minute."""

from __future__ import annotations

from rich.console import Console

from protocols.schema import Protocol
from therapy.app import Running
from therapy.control.decision import Decision, HeartView, Reason, Rule
from therapy.report.loop_words import REASONS, RULES, reasons_in_words
from therapy.report.phrases import quality_in_words
from therapy.report.words import PHASES, SCALES, notice_in_words, outcome_in_words
from therapy.session.events import (
    Decided,
    NoticeCode,
    Noticed,
    Output,
    Phase,
    PhaseChanged,
    Rated,
    SessionEnded,
    Speak,
)

STALE_S = 3.0
STATUS_EVERY_S = 60.0
HOLD_TOLD_AFTER_S = 30.0
WITHOUT_UNIT = ("nrs-before", "nrs-after", "fms")
CURES = {
    Reason.FRAMES_LATE: "A smaller --size or a faster graphics card helps.",
    Reason.HR_MISSING: "Check the strap.",
    Reason.HR_LOST: "Check the strap.",
    Reason.CEILING: "Raising it: ceiling LEVEL REASON.",
}


class SessionView:
    """Writes to stderr, whole lines only, so that a command being typed is never written over."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._told_s = 0.0
        self._held: tuple[Reason, float] | None = None
        self._held_told: Reason | None = None
        self._phase = Phase.FITTING
        self._suds: int | None = None

    def say(self, words: str) -> None:
        """One line."""
        self._console.print(words, markup=False)

    def start(self, running: Running) -> None:
        """What runs, and what of it is simulated."""
        self.say(f"Session {running.session_id[:8]}: {self._protocol.title}")
        self.say(f"Shown by: {running.ready.display}, {running.ready.renderer}")
        self.say(f"Heart rate from: {running.sensor.identity.name}")
        self.say("Type a command and Enter at any time; help lists them.")
        if running.simulated:
            self._console.print(f"SIMULATED: {', '.join(running.simulated)}", style="bold yellow", markup=False)

    def hear(self, t_s: float, output: Output) -> None:
        """Show one output, if a therapist wants to see it."""
        match output:
            case Decided():
                self._decided(t_s, output.decision)
            case PhaseChanged():
                self._phase = output.after
                self._line(t_s, f"— {PHASES[output.after]}", "bold")
            case Rated():
                self._rated(t_s, output)
            case Noticed() if output.code is NoticeCode.SUGGESTED:
                way = output.detail.split(maxsplit=1)[0]
                words = notice_in_words(output.code, output.detail)
                self._line(t_s, f"{words}; type {way} to follow", "bold magenta")
            case Noticed():
                self._line(t_s, notice_in_words(output.code, output.detail), "yellow")
            case Speak():
                self._line(t_s, f"“{output.text}”", "dim")
            case SessionEnded():
                self._line(t_s, outcome_in_words(output.outcome, output.detail), "bold")
            case _:
                pass

    def _rated(self, t_s: float, rated: Rated) -> None:
        if rated.scale == "suds":
            self._suds = rated.answer
            self._line(t_s, f"SUDS {rated.answer} at level {rated.intensity_0to1 * 10:g}")
        else:
            unit = "" if rated.scale in WITHOUT_UNIT else " %"
            self._line(t_s, f"{SCALES[rated.scale]}: {rated.answer}{unit}")

    def _decided(self, t_s: float, decision: Decision) -> None:
        if decision.applied_0to1 != decision.before_0to1:
            before, after = decision.before_0to1 * 10, decision.applied_0to1 * 10
            why = reasons_in_words(decision.reasons)
            self._line(t_s, f"level {before:g} → {after:g}: {RULES[decision.rule]} ({why})", "cyan")
        self._tell_hold(t_s, decision)
        if t_s - self._told_s >= STATUS_EVERY_S:
            self._told_s = t_s
            self._console.print(self._status(t_s, decision), style="dim", markup=False)

    def _tell_hold(self, t_s: float, decision: Decision) -> None:
        """Say once why a step up that the policy wants does not come, when that lasts."""
        if decision.rule is not Rule.GUARD_HOLD or not decision.reasons:
            self._held = self._held_told = None
            return
        reason = decision.reasons[0]
        if self._held is None or self._held[0] is not reason:
            self._held = (reason, t_s)
        elif t_s - self._held[1] >= HOLD_TOLD_AFTER_S and self._held_told is not reason:
            self._held_told = reason
            cure = f" {CURES[reason]}" if reason in CURES else ""
            self._line(t_s, f"No step up for now: {REASONS[reason]}.{cure}", "yellow")

    def _status(self, t_s: float, decision: Decision) -> str:
        suds = "–" if self._suds is None else str(self._suds)
        why = REASONS[decision.reasons[0]] if decision.reasons else ""
        if decision.suggested_0to1 is not None:
            why = f"suggests level {decision.suggested_0to1 * 10:g}"
        level = f"level {decision.applied_0to1 * 10:g}"
        play = decision.inputs.play
        if play.hits is not None:
            rate = "" if play.hits_per_min is None else f", {play.hits_per_min:.0f} a minute"
            level = f"{play.hits} hits{rate}"
        return f"{_clock(t_s)}  {PHASES[self._phase]}  {_heart(decision.inputs.heart)}  SUDS {suds}  {level}  {why}"

    def _line(self, t_s: float, words: str, style: str = "") -> None:
        self._console.print(f"{_clock(t_s)}  {words}", style=style, markup=False)


def _clock(t_s: float) -> str:
    return f"{int(t_s) // 60:3d}:{int(t_s) % 60:02d}"


def _heart(heart: HeartView) -> str:
    """The heart rate with its quality; nothing but a dash when it is older than 3 s."""
    if heart.hr10_bpm is None or heart.age_s is None or heart.age_s > STALE_S:
        return "HR –"
    return f"HR {heart.hr10_bpm:.0f} ({quality_in_words(heart.quality_0to1)})"
