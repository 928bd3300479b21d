"""Which words on the record are a person's free text, and lie under the patient's own key."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from therapy.session.events import Event, Noticed, Outcome, Output, SessionEnded, Speak, Therapist, TherapistAction
from therapy.store.patient_keys import SEALED, PatientKeys

_COMMANDS = frozenset({TherapistAction.EVENT, TherapistAction.SOUND})
"""Actions whose text is a command's argument; a replay needs it."""
_NAME = re.compile(r"[a-z0-9_ -]{1,40}")
_STOPPED = Outcome.STOPPED_BY_THERAPIST.value


class Sealer:
    """Seals what is free text in what one patient's session records."""

    def __init__(self, patients: PatientKeys, code: str) -> None:
        self._patients = patients
        self._code = code
        self._worded: frozenset[int] = frozenset()

    def hear(self, seq: int, event: Event) -> None:
        """Remember which entries of the journal hold a person's own words: what they cause repeats them."""
        if is_free(event):
            self._worded |= {seq}

    def event(self, event: Event) -> Event:
        """The event as it is stored: a therapist's own words are sealed."""
        return (
            replace(event, text=self._sealed(event.text)) if isinstance(event, Therapist) and is_free(event) else event
        )

    def output(self, seq: int, output: Output) -> Output:
        """The output of the journal's entry `seq` as it is stored."""
        if isinstance(output, SessionEnded) and output.outcome is Outcome.STOPPED_BY_THERAPIST:
            return replace(output, detail=self._sealed(output.detail))
        if seq in self._worded and isinstance(output, Noticed):
            return replace(output, detail=self._sealed(output.detail))
        if seq in self._worded and isinstance(output, Speak):
            return replace(output, text=self._sealed(output.text))
        return output

    def end_detail(self, outcome: str, detail: str) -> str:
        """How a session ended, as it is stored."""
        return self._sealed(detail) if outcome == _STOPPED else detail

    def _sealed(self, text: str) -> str:
        return self._patients.seal(self._code, text)


def is_free(event: Event) -> bool:
    """Whether an event holds a therapist's own words."""
    if not isinstance(event, Therapist) or not event.text:
        return False
    return event.action not in _COMMANDS or not _NAME.fullmatch(event.text)


def unsealed(payload: str, patients: PatientKeys, code: str) -> str:
    """A payload whose sealed words are readable again, or say that they were erased."""
    if SEALED not in payload:
        return payload
    plain = json.loads(payload)
    opened = {name: patients.unseal(code, word) if isinstance(word, str) else word for name, word in plain.items()}
    return json.dumps(opened, ensure_ascii=False)
