"""A virtual therapist: does what a session cannot go on without, and nothing else."""

from __future__ import annotations

from protocols.schema import PolicyName, Protocol
from therapy.control.decision import Reason
from therapy.session.events import NoticeCode, Noticed, Output, Phase, PhaseChanged, Rated, Therapist, TherapistAction

RESUMES_AFTER_S = 60.0
MOVES_AFTER_S = 3.0
CLOCK = "clock"


class VirtualTherapist:
    """Resumes a minute after the session stopped itself, never after a patient's stop.

    Where the strap does not fit or the baseline does not settle, ratings only is chosen.  With the policy `manual`
    the therapist goes by the ratings: up below the protocol's mark for it, down from its mark for that.
    """

    def __init__(self, protocol: Protocol) -> None:
        self._steps = protocol.steps
        self._moves = protocol.policy is PolicyName.MANUAL
        self._exposed = False

    def hear(self, output: Output) -> tuple[float, Therapist] | None:
        """The command that follows, and after how long; None for the most part."""
        match output:
            case Noticed():
                return _after_notice(output)
            case PhaseChanged():
                self._exposed = output.after is Phase.EXPOSURE
            case Rated(scale="suds") if self._moves and self._exposed:
                return self._after_rating(output.answer)
            case _:
                pass
        return None

    def _after_rating(self, suds: int) -> tuple[float, Therapist] | None:
        if suds < self._steps.up_below_suds:
            return MOVES_AFTER_S, Therapist(TherapistAction.UP)
        if suds >= self._steps.down_one_at:
            return MOVES_AFTER_S, Therapist(TherapistAction.DOWN)
        return None


def _after_notice(notice: Noticed) -> tuple[float, Therapist] | None:
    match notice.code:
        case NoticeCode.LATCHED if Reason.PATIENT_STOPPED.value not in notice.detail.split():
            return RESUMES_AFTER_S, Therapist(TherapistAction.RESUME)
        case NoticeCode.FAULT if notice.detail.startswith(CLOCK):
            return RESUMES_AFTER_S, Therapist(TherapistAction.RESUME)
        case NoticeCode.FIT_POOR | NoticeCode.BASELINE_NOT_SETTLED:
            return RESUMES_AFTER_S, Therapist(TherapistAction.SUDS_ONLY, text="no usable heart rate")
        case _:
            return None
