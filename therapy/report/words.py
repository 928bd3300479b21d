"""Codes of a session in words: what a phase, an outcome, a notice or a command is called to people."""

from __future__ import annotations

from therapy.report.loop_words import REASONS
from therapy.report.phrases import level
from therapy.session.events import LinkState, NoticeCode, Outcome, Phase, TherapistAction

PHASES: dict[Phase, str] = {
    Phase.FITTING: "strap fit",
    Phase.REHEARSAL: "stop rehearsal",
    Phase.BASELINE: "baseline",
    Phase.LOOK_AND_REACH: "look and reach",
    Phase.EXPECTATION: "expectation",
    Phase.EXPOSURE: "exposure",
    Phase.RECOVERY: "recovery",
    Phase.REVIEW: "review",
    Phase.ENDED: "ended",
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.COMPLETED: "completed",
    Outcome.STOPPED_BY_PATIENT: "stopped by the patient",
    Outcome.STOPPED_BY_THERAPIST: "stopped by the therapist",
    Outcome.SAFETY_STOP: "ended by a safety rule",
    Outcome.NOT_STARTED: "exposure not started",
    Outcome.INTERRUPTED: "interrupted",
}

NOTICES: dict[NoticeCode, str] = {
    NoticeCode.SIMULATED: "Simulated",
    NoticeCode.STRAP_FITTED: "Strap fits; share of good beats",
    NoticeCode.FIT_POOR: "The strap's signal stayed poor",
    NoticeCode.SUDS_ONLY: "Ratings only: heart rate no longer needed for a step up",
    NoticeCode.STOP_REHEARSED: "The patient tried the stop",
    NoticeCode.STOP_NOT_REHEARSED: "The stop was not tried",
    NoticeCode.BASELINE_SETTLED: "Baseline settled",
    NoticeCode.BASELINE_NOT_SETTLED: "No baseline could be taken",
    NoticeCode.MOVEMENT_CALIBRATED: "Movement calibrated: its part is taken out of the heart rate",
    NoticeCode.MOVEMENT_NOT_CALIBRATED: "Movement could not be calibrated: heart rate is used as it is",
    NoticeCode.PACE_FOUND: "Breathing pace (a minute)",
    NoticeCode.HEART_RATE_STALE: "No heartbeat for 3 s",
    NoticeCode.HEART_RATE_LOST: "Heart rate lost",
    NoticeCode.HEART_RATE_BACK: "Heart rate back",
    NoticeCode.BATTERY_LOW: "Strap battery low (%)",
    NoticeCode.BEATS_REPEATED: "The strap repeated a packet; it was not counted twice",
    NoticeCode.PROMPT_MISSED: "A question was not answered",
    NoticeCode.CHECK_FOR_FAINTING: "Heart rate fell far: check for fainting",
    NoticeCode.LATCHED: "Calm scene, held for the therapist",
    NoticeCode.RESUMING: "The therapist resumes; back to level",
    NoticeCode.RESUMED: "Resumed at level",
    NoticeCode.PAUSED: "Paused",
    NoticeCode.CONTINUED: "Continued",
    NoticeCode.CEILING_CHANGED: "Ceiling set to level",
    NoticeCode.EVENT_FIRED: "Event in the scene",
    NoticeCode.NOTE: "Note",
    NoticeCode.EXPECTATION: "What the patient expects",
    NoticeCode.WISH_EXPIRED: "A wished step was not possible within a minute",
    NoticeCode.SUGGESTED: "Suggests level",
    NoticeCode.SOUND: "Sound",
    NoticeCode.COMMAND_REFUSED: "A command was refused",
    NoticeCode.PLAYER_GONE: "The display's program was lost",
    NoticeCode.PLAYER_BACK: "The display's program is back",
    NoticeCode.DISPLAY_HELD: "The display holds the calm scene by itself",
    NoticeCode.STORE_FAILED: "The record could not be written",
    NoticeCode.FAULT: "Fault in the program",
}

ACTIONS: dict[TherapistAction, str] = {
    TherapistAction.UP: "asks for a level up",
    TherapistAction.DOWN: "asks for a level down",
    TherapistAction.HOLD: "holds the level",
    TherapistAction.GO_ON: "goes on",
    TherapistAction.PAUSE: "pauses",
    TherapistAction.SAFE: "calls the calm scene",
    TherapistAction.RESUME: "resumes",
    TherapistAction.STOP: "stops the session",
    TherapistAction.CEILING: "sets the ceiling",
    TherapistAction.SUDS_ONLY: "goes on with ratings only",
    TherapistAction.RECOVER: "begins the recovery",
    TherapistAction.ASK: "asks for a rating",
    TherapistAction.SICKNESS: "enters a rating of sickness",
    TherapistAction.EVENT: "fires an event",
    TherapistAction.SAY: "has a line said",
    TherapistAction.GUIDE: "sets the breathing guide",
    TherapistAction.RECENTRE: "lets the patient look straight ahead",
    TherapistAction.SOUND: "sets the sound",
    TherapistAction.NOTE: "notes",
    TherapistAction.EXPECTATION: "writes down the expectation",
}

LINKS: dict[LinkState, str] = {
    LinkState.SEARCHING: "searching for the strap",
    LinkState.CONNECTING: "connecting",
    LinkState.CONNECTED: "strap connected",
    LinkState.LOST: "strap's connection lost",
    LinkState.CLOSED: "strap's connection closed",
}

SCALES: dict[str, str] = {
    "suds": "distress (SUDS, 0–100)",
    "nrs-before": "pain before (NRS, 0–10)",
    "nrs-after": "pain after (NRS, 0–10)",
    "fms": "sickness (FMS, 0–20)",
    "expectancy-before": "how likely the feared thing is, before (%)",
    "expectancy-after": "how likely the feared thing was, after (%)",
    "expectancy-level-before": "how likely the feared thing is on this level (%)",
    "expectancy-level-after": "how likely the feared thing was on this level (%)",
}

_DETAILS = {
    "strap-not-fitted": "the strap's signal stayed poor and nobody chose to go on without it",
    "stop-not-rehearsed": "the stop was not tried",
    "baseline-not-settled": "no baseline could be taken and nobody chose to go on without it",
    "suds": "rating of distress",
    "expectancy-before": "expectation before",
    "expectancy-after": "expectation after",
    "nrs-before": "pain before",
    "nrs-after": "pain after",
    "fms": "rating of sickness",
    "calm-disc": "by looking at the calm disc",
    "key": "with a key",
    "headset-off": "by taking the headset off",
    "window-closed": "by closing the window",
    "focus-lost": "a menu or another program of the headset's own came over the scene",
    "display-lost": "the headset or its tracking was lost",
    "scene-fault": "a scene could not be drawn",
}

SETTINGS: dict[str, str] = {
    "age_years": "age (years)",
    "suds_only": "ratings only",
    "tolerated_0to1": "highest level tolerated before",
    "stage": "stage of the automation",
    "hr_may_drive": "heart rate may drive the level",
    "patient_limit_0to1": "highest level for this patient",
    "event_names": "events in the scene",
    "speed": "speed (times life's pace)",
    "blend": "the patient's own room behind the scene",
    "stratum": "kind of virtual patient",
    "size_px": "picture (pixels)",
}
"""What is recorded of devices and set-up; an item that is not here is called by its own name."""


def detail_in_words(detail: str) -> str:
    """A detail that is a code, or several reasons, in words; anything else as it stands."""
    if detail in _DETAILS:
        return _DETAILS[detail]
    words = [REASONS.get(part) for part in detail.split()]  # type: ignore[call-overload]
    return "; ".join(words) if words and all(words) else detail


def outcome_in_words(outcome: str | None, detail: str) -> str:
    """How a session ended, with the detail of the record."""
    ending = "still being recorded" if outcome is None else OUTCOMES.get(Outcome(outcome), outcome)
    return f"{ending} ({detail_in_words(detail)})" if detail else ending


def setting_in_words(key: str, setting: object) -> str:
    """A recorded setting as people write it."""
    if isinstance(setting, bool):
        return "yes" if setting else "no"
    if key == "tolerated_0to1" and isinstance(setting, int | float):
        return level(setting) if setting > 0 else "none above 0"
    if key == "patient_limit_0to1" and isinstance(setting, int | float):
        return level(setting)
    if isinstance(setting, list):
        return (" × " if key == "size_px" else ", ").join(str(part).replace("_", " ") for part in setting)
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def notice_in_words(code: NoticeCode, detail: str) -> str:
    """A notice as one line."""
    if code is NoticeCode.RESUMED and not detail:
        return "Resumed"
    if code is NoticeCode.PAUSED and detail == "level held":
        return "Level held"
    if code is NoticeCode.STOP_REHEARSED and detail:
        return f"{NOTICES[code]} {detail_in_words(detail)}"
    if code is NoticeCode.SUGGESTED:
        _, number, why = (*detail.split(maxsplit=2), "", "", "")[:3]
        return f"{NOTICES[code]} {number}{': ' if why else ''}{detail_in_words(why)}"
    if code in {NoticeCode.CEILING_CHANGED, NoticeCode.RESUMING, NoticeCode.RESUMED} and detail:
        number, _, why = detail.partition(" ")
        return f"{NOTICES[code]} {number}{': ' if why else ''}{why}"
    if code is NoticeCode.BASELINE_SETTLED:
        return f"{NOTICES[code]}: {' ± '.join(detail.split())} beats per minute"
    return f"{NOTICES[code]}: {detail_in_words(detail)}" if detail else NOTICES[code]
