"""What a patient's own record says about a planned session.  It advises; it never authorises anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from numpy.random import default_rng

from protocols.schema import Mode, PolicyName, Protocol
from therapy.errors import UsageError
from therapy.history import protocol_of
from therapy.patient.forecast import Forecast, predict
from therapy.patient.response import NotEnough, PastSession, ResponseModel, fit
from therapy.patient.response_heart import HEART_EVERY_S
from therapy.patient.walks import Plan
from therapy.session.events import Outcome, Rated, SampleTaken
from therapy.store.archive import Archive
from therapy.store.desk import Where
from therapy.store.people import People

SEED = 1
"""Of the draws by which model and forecast are computed: the same record gives the same prediction."""

LEAST_QUALITY_0TO1 = 0.5
ASKING_S = 20.0
"""What asking for an expectation before and after a test adds to the time on a level."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A protocol's forecast for one patient, or what is missing for one.

    `follows_ladder` is False where the protocol's policy moves otherwise than the forecast's ladder.
    """

    code: str
    protocol: Protocol
    top_level: int
    model: ResponseModel | NotEnough
    forecast: Forecast | None
    follows_ladder: bool


def predict_for(record: Where, code: str, protocol: Protocol) -> Prediction:
    """Predict a session of a patient from the sessions in the same scene; `UsageError` if unknown or not graded."""
    if not protocol.mode.is_graded:
        raise UsageError(
            f"The level does not change in {protocol.name}: there is nothing to predict.", "Name a graded protocol."
        )
    with People(record) as people:
        readiness, automation = people.readiness(code), people.automation(code)
    limit_0to1 = automation.limit_0to1
    rng = default_rng(SEED)
    model = fit(history_of(record, code, protocol.scene), protocol.steps.down_one_at, rng)
    top_level = round(min(protocol.levels.ceiling_0to1, limit_0to1) * 10)
    follows = protocol.policy is PolicyName.LADDER
    if isinstance(model, NotEnough):
        return Prediction(code, protocol, top_level, model, None, follows)
    plan = plan_of(protocol, top_level, model.tolerated_0to1, heart_brakes=not readiness.suds_only)
    return Prediction(code, protocol, top_level, model, predict(model, plan, rng), follows)


def history_of(record: Where, code: str, scene: str) -> tuple[PastSession, ...]:
    """The person's sessions in a scene, oldest first; those of a virtual patient and those under way are left out."""
    found = []
    with Archive(record) as archive:
        for session in archive.sessions(code):
            protocol = protocol_of(session)
            if session.patient_is_virtual or session.is_running or protocol.scene != scene:
                continue
            samples = [(row.t_s, row.what) for row in archive.samples(session.session_id)]
            rated = [(row.t_s, row.what) for row in archive.ratings(session.session_id)]
            completed = session.outcome == Outcome.COMPLETED
            found.append(past_session(samples, rated, scene, completed=completed))
    return tuple(one for one in found if one.course)


def past_session(
    samples: Sequence[tuple[float, SampleTaken]],
    ratings: Iterable[tuple[float, Rated]],
    scene: str,
    *,
    completed: bool,
) -> PastSession:
    """A session as the response model takes it, from what was sampled each second and rated, with their times."""
    course: list[tuple[float, float | None]] = []
    heart: list[tuple[float, float]] = []
    for t_s, sample in samples:
        intensity_0to1 = sample.target_0to1 if sample.scene == scene else None
        known = intensity_0to1 is None or isfinite(intensity_0to1)
        if known and (not course or course[-1][1] != intensity_0to1):
            course.append((t_s, intensity_0to1))
        good = sample.delta_bpm is not None and sample.quality_0to1 >= LEAST_QUALITY_0TO1
        if good and sample.delta_bpm is not None and (not heart or t_s - heart[-1][0] >= HEART_EVERY_S):
            heart.append((t_s, sample.delta_bpm))
    suds = tuple((t_s, rated.answer) for t_s, rated in ratings if rated.scale == "suds")
    return PastSession(completed, tuple(course), suds, tuple(heart))


def plan_of(protocol: Protocol, top_level: int, tolerated_0to1: float, *, heart_brakes: bool) -> Plan:
    """A protocol's exposure as the forecast's ladder takes it.

    Where expectations are tested on each level, a test is taken to violate the expectation: a level then ends after
    the test unless the rating is high.
    """
    steps, heart, prompts = protocol.steps, protocol.heart, protocol.prompts
    tested = protocol.mode is Mode.INHIBITORY_LEARNING and protocol.expectation.at_each_level
    return Plan(
        duration_s=protocol.exposure.duration_s,
        start_level=min(protocol.levels.start, round(tolerated_0to1 * 10), top_level),
        top_level=top_level,
        climbing_s=prompts.climbing_s,
        window_s=prompts.window_s,
        up_below_suds=steps.down_one_at if tested else steps.up_below_suds,
        lows_needed=1 if tested else steps.lows_needed,
        halved_from_peak=steps.halved_from_peak,
        down_one_at=steps.down_one_at,
        down_two_at=steps.down_two_at,
        calm_at=steps.calm_at,
        dwell_up_s=max(steps.dwell_up_s, protocol.expectation.test_s + ASKING_S) if tested else steps.dwell_up_s,
        dwell_down_s=steps.dwell_down_s,
        ramp_s=steps.ramp_s,
        brake_bpm=heart.brake_bpm,
        brake_s=heart.brake_s,
        veto_s=heart.veto_s,
        heart_brakes=heart_brakes,
    )
