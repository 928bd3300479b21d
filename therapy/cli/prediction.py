"""`acclimate patients predict`: what a session may bring, from the patient's own record.  It advises only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from therapy.cli.common import AsJson, DataFolder, PatientCode, in_columns
from therapy.cli.protocol import load_for_command
from therapy.cli.unlocking import at_record
from therapy.patient.forecast import HIGH_SUDS, Forecast
from therapy.patient.response import (
    LEVELS_NEEDED,
    RATINGS_NEEDED,
    SESSIONS_NEEDED,
    Interval,
    NotEnough,
    ResponseModel,
)
from therapy.predicting import Prediction, predict_for
from therapy.report.phrases import level, number, percent

ADVISES_ONLY = "This advises a therapist. It authorises nothing, and nothing the program does depends on it."
SHOWN_EVERY_MIN = 3


def predict(
    code: PatientCode,
    protocol: Annotated[str, typer.Argument(help="A protocol of the library, or a file.")],
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Predict ratings and heart rate of a planned session from the patient's own sessions in the same scene.

    It advises only.  With too little on the record it says what is missing.

    Examples:
      acclimate patients predict HX-014 heights-standard

      acclimate patients predict HX-014 heights-first --json
    """
    found = predict_for(at_record(data, may_found=True), code, load_for_command(protocol).protocol)
    if as_json:
        typer.echo(json.dumps(_plain(found), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_lines(found)))


def _lines(found: Prediction) -> Iterator[str]:
    yield f"{found.code}, {found.protocol.name}: what a session may bring"
    yield ADVISES_ONLY
    yield ""
    if isinstance(found.model, NotEnough):
        yield from _too_little(found.model, found.protocol.scene)
    elif found.forecast is not None:
        yield from _learnt(found.model, found.protocol.scene)
        yield from _foreseen(found.forecast)
        yield from _assumed(found)


def _too_little(found: NotEnough, scene: str) -> Iterator[str]:
    yield f"There is too little on the record of {scene} for a prediction:"
    rows = (
        ("completed sessions", found.sessions_completed, SESSIONS_NEEDED),
        ("ratings given in the scene", found.ratings, RATINGS_NEEDED),
        ("levels rated", found.levels, LEVELS_NEEDED),
    )
    yield from in_columns([(f"  {what}", f"{there} ({needed} needed)") for what, there, needed in rows])
    yield "Sessions that a virtual patient answered do not count."


def _learnt(model: ResponseModel, scene: str) -> Iterator[str]:
    sessions = "1 session" if model.sessions == 1 else f"{model.sessions} sessions"
    yield f"It rests on {sessions} in {scene} with {model.ratings} ratings. In brackets: 80 % of what is likely."
    yield ""
    rows = [
        ("ratings fade by half in", _spread(model.half_life_min, " min of full exposure")),
        ("single ratings scatter by", _spread(model.noise, " points")),
        ("highest level tolerated", level(model.tolerated_0to1)),
    ]
    if model.gain_bpm is not None:
        rows.append(("heart rate, for 10 points of rating", _spread(model.gain_bpm, " bpm", digits=1)))
    if model.returned_0to1 is not None:
        rows.append(("of what had faded, back next time", _share_spread(model.returned_0to1)))
    yield from in_columns([(f"  {what}", amount) for what, amount in rows])


def _foreseen(forecast: Forecast) -> Iterator[str]:
    yield ""
    heads = ("  LEVEL", "REACHED", "FIRST RATING THERE", "HEART RATE OVER BASELINE")
    rows = [
        (f"  {one.level}", percent(one.reached_0to1), _spread(one.suds), _spread(one.delta_bpm, " bpm"))
        for one in forecast.levels
    ]
    yield from in_columns([heads, *rows])
    yield ""
    heads = ("  MINUTE", "LEVEL", "RATING", "HEART RATE OVER BASELINE")
    shown = [one for one in forecast.moments if one.t_s % (60.0 * SHOWN_EVERY_MIN) == 0.0]
    rows = [
        (f"  {one.t_s / 60.0:.0f}", _spread(one.level), _spread(one.suds), _spread(one.delta_bpm, " bpm"))
        for one in shown
    ]
    yield from in_columns([heads, *rows])
    yield ""
    yield f"Highest level: {_spread(forecast.highest_level)}. Highest rating: {_spread(forecast.peak_suds)}."
    yield (
        f"A rating of {HIGH_SUDS} or more: {percent(forecast.high_0to1)} of such sessions; "
        f"an end in the calm scene by an extreme rating: {percent(forecast.calm_0to1)}."
    )


def _assumed(found: Prediction) -> Iterator[str]:
    yield ""
    yield (
        f"Assumed: levels up to {found.top_level}, every step of the ladder taken, every question answered, "
        "nobody steps in."
    )
    if isinstance(found.model, ResponseModel) and found.top_level > round(found.model.highest_rated_0to1 * 10):
        highest = level(found.model.highest_rated_0to1)
        yield f"Nothing above level {highest} has been rated yet: what stands there rests on the curve alone."
    if not found.follows_ladder:
        yield f"The protocol's policy is {found.protocol.policy.value}, not the ladder: its course may be another."


def _spread(found: Interval | None, unit: str = "", digits: int = 0) -> str:
    if found is None:
        return number(None)
    low, middle, high = (_signed(amount, digits) for amount in (found.low, found.middle, found.high))
    return f"{middle}{unit} ({low} to {high})"


def _signed(amount: float, digits: int) -> str:
    """A number with a true minus, and without one where it rounds to nothing."""
    return f"{round(amount, digits) + 0.0:.{digits}f}".replace("-", "−")


def _share_spread(found: Interval) -> str:
    return f"{percent(found.middle)} ({percent(found.low)} to {percent(found.high)})"


def _plain(found: Prediction) -> dict[str, Any]:
    model = found.model
    plain: dict[str, Any] = {
        "code": found.code,
        "protocol": found.protocol.name,
        "scene": found.protocol.scene,
        "advises_only": True,
        "interval_percent": 80,
    }
    if isinstance(model, NotEnough):
        needed = {"sessions_completed": SESSIONS_NEEDED, "ratings": RATINGS_NEEDED, "levels": LEVELS_NEEDED}
        return plain | {"enough": False, "found": asdict(model), "needed": needed}
    learnt = {
        "half_life_min": asdict(model.half_life_min),
        "noise_points": asdict(model.noise),
        "hr_gain_bpm_per_10_suds": asdict(model.gain_bpm) if model.gain_bpm else None,
        "returned_share_0to1": asdict(model.returned_0to1) if model.returned_0to1 else None,
        "tolerated_level": round(model.tolerated_0to1 * 10),
        "highest_rated_level": round(model.highest_rated_0to1 * 10),
        "sessions": model.sessions,
        "ratings": model.ratings,
    }
    forecast = None if found.forecast is None else asdict(found.forecast)
    assumed = {"top_level": found.top_level, "follows_ladder": found.follows_ladder}
    return plain | {"enough": True, "learnt": learnt, "forecast": forecast, "assumed": assumed}
