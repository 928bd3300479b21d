"""A debriefing in words: who the virtual patient was, what it felt, and which suggestions were followed."""

from __future__ import annotations

from statistics import fmean, median

from therapy.debriefing import Debrief, Felt, RatedFear, Suggestion
from therapy.patient.traits import Stratum
from therapy.report.phrases import NONE, clock, level, percent
from therapy.report.words import detail_in_words

STRATA: dict[Stratum, str] = {
    Stratum.LOW_THRESHOLD: "someone whom low levels move already",
    Stratum.TYPICAL: "a typical patient of the model",
    Stratum.TOLERANT: "someone whom low levels hardly move",
    Stratum.LOW_HR_RESPONDER: "someone whose heart rate hardly rises with fear",
    Stratum.BETA_BLOCKED: "someone on a beta blocker, whose heart rate hardly moves",
    Stratum.BLOOD_INJECTION: "someone whose heart rate falls with fear",
    Stratum.RETURN_OF_FEAR: "someone whose fear returns when the scene is entered again",
    Stratum.UNDER_REPORTER: "someone who rates less fear than they feel",
    Stratum.LATE_ANSWERER: "someone who answers late and misses questions",
}
MINUTE_S = 60.0
BAR = 20
"""Characters of a bar for a fear of 100."""


def debrief_lines(debrief: Debrief, stratum: Stratum, seed: int) -> list[str]:
    """The whole debriefing as lines."""
    lines = [
        "Debriefing. Only a model can know what was felt; a model is not a patient.",
        f"Who it was     {STRATA[stratum]} ({stratum.value}, seed {seed})",
        f"Fear           {_fear_in_words(debrief)}",
        f"Suggestions    {_suggestions_in_words(debrief)}",
    ]
    lines += [f"  {clock(one.t_s):>6}  {_suggestion(one)}" for one in debrief.suggestions]
    if debrief.felt:
        lines += ["Minute by minute in the exposure", "  from    level  fear                       rated (felt then)"]
        lines += _minutes(debrief)
    return lines


def _fear_in_words(debrief: Debrief) -> str:
    if debrief.exposure_s <= 0.0:
        return "there was no exposure"
    share = percent(debrief.window_s / debrief.exposure_s)
    return (
        f"in the window of 40-75 for {debrief.window_s:.0f} of {debrief.exposure_s:.0f} s ({share}); "
        f"above 85 for {debrief.too_much_s:.0f} s; below 20 for {debrief.too_little_s:.0f} s"
    )


def _suggestions_in_words(debrief: Debrief) -> str:
    own = f"{debrief.own_steps} {'step' if debrief.own_steps == 1 else 'steps'} of your own"
    if not debrief.suggestions:
        return f"none; {own}"
    waits_s = [one.followed_after_s for one in debrief.followed if one.followed_after_s is not None]
    after = f" (after {median(waits_s):.0f} s in the median)" if waits_s else ""
    return f"{len(debrief.suggestions)}, {len(waits_s)} followed{after}; {own}"


def _suggestion(one: Suggestion) -> str:
    became = "not followed" if one.followed_after_s is None else f"followed after {one.followed_after_s:.0f} s"
    return f"{one.way} to level {one.level}, {detail_in_words(one.why)}: {became}"


def _minutes(debrief: Debrief) -> list[str]:
    lines = []
    first_s = debrief.felt[0].t_s
    last_minute = int((debrief.felt[-1].t_s - first_s) // MINUTE_S)
    for minute in range(last_minute + 1):
        from_s = first_s + minute * MINUTE_S
        felt = [one for one in debrief.felt if from_s <= one.t_s < from_s + MINUTE_S]
        rated = [one for one in debrief.ratings if from_s <= one.t_s < from_s + MINUTE_S]
        if felt:
            lines.append(_minute(from_s, felt, rated))
    return lines


def _minute(from_s: float, felt: list[Felt], rated: list[RatedFear]) -> str:
    fear = fmean(one.fear_0to100 for one in felt)
    filled = round(fear / 100.0 * BAR)
    lowest, highest = (level(found(one.intensity_0to1 for one in felt)) for found in (min, max))
    levels = lowest if lowest == highest else f"{lowest}-{highest}"
    said = ", ".join(f"{one.rated} ({one.fear_0to100:.0f})" for one in rated) or NONE
    return f"  {clock(from_s):>6}  {levels:<5}  {'#' * filled}{'.' * (BAR - filled)} {fear:>3.0f}   {said}"
