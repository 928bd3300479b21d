"""What a patient's earlier sessions say about the next one."""

from __future__ import annotations

from protocols.loader import parse_protocol
from protocols.schema import Protocol
from therapy.sensing.identity import Remembered
from therapy.store.archive import Archive
from therapy.store.desk import Where
from therapy.store.records import SessionRecord


def tolerated_0to1(record: Where, patient_code: str, scene: str, too_high_suds: int, *, virtual_patient: bool) -> float:
    """The highest intensity of a scene at which the patient rated below `too_high_suds`; 0 without a record.

    Ratings of a virtual patient say nothing about a person, and the other way round.
    """
    highest_0to1 = 0.0
    with Archive(record) as archive:
        for session in archive.sessions(patient_code):
            if session.patient_is_virtual is not virtual_patient or protocol_of(session).scene != scene:
                continue
            for rating in archive.ratings(session.session_id):
                if rating.what.scale == "suds" and rating.what.answer < too_high_suds:
                    highest_0to1 = max(highest_0to1, rating.what.intensity_0to1)
    return highest_0to1


def last_strap(record: Where) -> Remembered | None:
    """The strap of the newest session that used a real one."""
    with Archive(record) as archive:
        for session in archive.sessions(newest=1, sensor_kind="bluetooth"):
            sensor = session.sensor
            return Remembered(sensor["address"], sensor["name"], sensor.get("platform", ""))
    return None


def protocol_of(session: SessionRecord) -> Protocol:
    """The protocol a session was run with, whether or not its scene is installed here."""
    return parse_protocol(session.protocol_text, session.protocol_name, check_scenes=False).protocol
