"""What every exported column means, and its unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """The unit of a column (empty for none) and what it says."""

    unit: str
    words: str


MEANINGS = {
    "table": Meaning("", "Table of the package."),
    "column": Meaning("", "Column of the table."),
    "unit": Meaning("", "Unit of the column; empty for none."),
    "meaning": Meaning("", "What the column says."),
    "session_id": Meaning("", "The session's id; in research data a random one."),
    "patient_code": Meaning("", "The patient's code; in research data a replaced one."),
    "age_band": Meaning("years", "Age in bands of ten years; * where too few people would share it."),
    "protocol_name": Meaning("", "The protocol's name; * where too few people would share it."),
    "protocol_sha256": Meaning("", "SHA-256 of the protocol's text, in hexadecimal."),
    "started": Meaning("ISO 8601", "Start of the session; in research data shifted by whole weeks for each patient."),
    "ended": Meaning("ISO 8601", "End of the session."),
    "duration_s": Meaning("s", "Last recorded second of the session."),
    "outcome": Meaning("", "How the session ended."),
    "simulated": Meaning("", "Parts of the session that were not real."),
    "software": Meaning("", "The software that recorded the session."),
    "sensor_kind": Meaning("", "The kind of heart-rate sensor."),
    "seq": Meaning("", "Number of the journal entry that caused the row."),
    "part": Meaning("", "Place of the row among what that entry caused."),
    "t_s": Meaning("s", "Session time."),
    "hr10_bpm": Meaning("1/min", "Median heart rate of the last 10 s."),
    "hr5_bpm": Meaning("1/min", "Median heart rate of the last 5 s."),
    "delta_bpm": Meaning("1/min", "Heart rate above the personal baseline."),
    "quality_0to1": Meaning("0-1", "Quality of the heart signal."),
    "age_s": Meaning("s", "Age of the newest heart rate."),
    "target_0to1": Meaning("0-1", "Intensity the session asked for."),
    "shown_0to1": Meaning("0-1", "Intensity the display showed."),
    "scene": Meaning("", "The scene shown."),
    "scene_time_s": Meaning("s", "Time of the scene."),
    "suds": Meaning("0-100", "Newest rating of distress."),
    "beat_t_s": Meaning("s", "Session time of the beat."),
    "rr_ms": Meaning("ms", "Interval since the beat before."),
    "accepted": Meaning("", "Whether the interval counts."),
    "after_gap": Meaning("", "Whether it is the first after a gap."),
    "scale": Meaning("", "The scale of the rating."),
    "answer": Meaning("", "The answer on that scale."),
    "prompted": Meaning("", "Whether the patient was asked."),
    "intensity_0to1": Meaning("0-1", "Intensity when the answer was given."),
    "rule": Meaning("", "The rule that decided."),
    "reasons": Meaning("", "Its reasons."),
    "limiting": Meaning("", "The limit that bound, if one did."),
    "before_0to1": Meaning("0-1", "Intensity before the decision."),
    "proposed_0to1": Meaning("0-1", "Intensity the policy proposed."),
    "applied_0to1": Meaning("0-1", "Intensity applied."),
    "suggested_0to1": Meaning("0-1", "Intensity left to the therapist as a suggestion."),
    "ramp_s": Meaning("s", "Time of the change."),
    "calm": Meaning("", "Whether the calm scene was shown."),
    "latched": Meaning("", "Whether only the therapist could go on."),
    "policy_rule": Meaning("", "The policy's own rule."),
    "pace_per_min": Meaning("1/min", "Breathing pace."),
    "kind": Meaning("", "The kind of event."),
    "payload_json": Meaning("JSON", "All of the event."),
    "frames": Meaning("1/s", "Frames drawn in the second."),
    "late_frames": Meaning("1/s", "Frames that came late."),
    "median_ms": Meaning("ms", "Median time of a frame."),
    "p99_ms": Meaning("ms", "99th percentile of the time of a frame."),
    "yaw_deg": Meaning("deg", "Head turned to the left."),
    "pitch_deg": Meaning("deg", "Head raised."),
    "roll_deg": Meaning("deg", "Head tilted."),
    "x_m": Meaning("m", "Head to the right."),
    "y_m": Meaning("m", "Head up."),
    "z_m": Meaning("m", "Head backwards."),
}
