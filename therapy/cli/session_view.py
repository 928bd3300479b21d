"""A session on the terminal: what happens as lines, and on a terminal one status line below them."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from protocols.schema import Protocol
from therapy.app import Running
from therapy.control.decision import Decision, HeartView
from therapy.report.words import (
    PHASES,
    REASONS,
    RULES,
    SCALES,
    notice_in_words,
    outcome_in_words,
    reasons_in_words,
)
from therapy.session.events import (
    Decided,
    Noticed,
    Output,
    Phase,
    PhaseChanged,
    Rated,
    SessionEnded,
    Speak,
)

STALE_S = 3.0
GOOD, FAIR = 0.8, 0.5


class SessionView:
    """Writes to stderr; a context manager, so that the terminal is always given back as it was."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._live = Live(Text(""), console=self._console, refresh_per_second=4, transient=True)
        self._phase = Phase.FITTING
        self._suds: int | None = None

    def __enter__(self) -> SessionView:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live.is_started:
            self._live.stop()

    def say(self, words: str) -> None:
        """One line."""
        self._console.print(words, markup=False)

    def start(self, running: Running) -> None:
        """What runs, and what of it is simulated."""
        self.say(f"Session {running.session_id[:8]}: {self._protocol.title}")
        self.say(f"Shown by: {running.ready.display}, {running.ready.renderer}")
        self.say(f"Heart rate from: {running.sensor.identity.name}")
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
            self._line(t_s, f"{SCALES[rated.scale]}: {rated.answer} %")

    def _decided(self, t_s: float, decision: Decision) -> None:
        if decision.applied_0to1 != decision.before_0to1:
            before, after = decision.before_0to1 * 10, decision.applied_0to1 * 10
            why = reasons_in_words(decision.reasons)
            self._line(t_s, f"level {before:g} → {after:g}: {RULES[decision.rule]} ({why})", "cyan")
        if self._live.is_started:
            self._live.update(Text(self._status(t_s, decision)))

    def _status(self, t_s: float, decision: Decision) -> str:
        suds = "–" if self._suds is None else str(self._suds)
        why = REASONS[decision.reasons[0]] if decision.reasons else ""
        level = f"level {decision.applied_0to1 * 10:g}"
        return f"{_clock(t_s)}  {PHASES[self._phase]}  {_heart(decision.inputs.heart)}  SUDS {suds}  {level}  {why}"

    def _line(self, t_s: float, words: str, style: str = "") -> None:
        self._console.print(f"{_clock(t_s)}  {words}", style=style, markup=False)


def _clock(t_s: float) -> str:
    return f"{int(t_s) // 60:3d}:{int(t_s) % 60:02d}"


def _heart(heart: HeartView) -> str:
    """The heart rate with its quality; nothing but a dash when it is older than 3 s."""
    if heart.hr10_bpm is None or heart.age_s is None or heart.age_s > STALE_S:
        return "HR –"
    quality = "good" if heart.quality_0to1 >= GOOD else "fair" if heart.quality_0to1 >= FAIR else "poor"
    return f"HR {heart.hr10_bpm:.0f} ({quality})"
