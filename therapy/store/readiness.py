"""Whether a session may start: what consent and screening say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from therapy.errors import ConsentMissing
from therapy.store.consent import CONSENT_VERSION
from therapy.store.screening import CHECKLIST, SCREENING_VALID_DAYS, YOUNGEST_YEARS, Effect
from therapy.store.tables import ConsentRow, PatientRow, ScreeningRow


class ConsentAct(StrEnum):
    """What happened to a consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ProblemKind(StrEnum):
    """Why no session may start."""

    CONSENT_MISSING = "consent-missing"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    CONSENT_OLD = "consent-old"
    SCREENING_MISSING = "screening-missing"
    SCREENING_OLD = "screening-old"
    SCREENING_BLOCKS = "screening-blocks"
    TOO_YOUNG = "too-young"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way, and what to do about it."""

    kind: ProblemKind
    words: str
    cure: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a session may start; `suds_only` forbids the loop to use heart rate for more than warnings."""

    code: str
    age_years: int
    problems: tuple[Problem, ...]
    suds_only: bool
    cautions: tuple[str, ...]

    def require(self) -> None:
        """Raise `ConsentMissing` with every problem and every cure, if there is any."""
        if self.problems:
            words, cures = [p.words for p in self.problems], [p.cure for p in self.problems]
            raise ConsentMissing(" ".join(words), " ".join(dict.fromkeys(cures)))


def assess(patient: PatientRow, consent: ConsentRow | None, screening: ScreeningRow | None, now: datetime) -> Readiness:
    """What the newest consent and the newest screening of a patient come to at the time `now`."""
    age_years = now.year - patient.birth_year
    answers: dict[str, bool] = {} if screening is None else json.loads(screening.answers)
    yes = [item for item in CHECKLIST if answers.get(item.id)]
    problems = (
        *_erased_problems(patient),
        *_consent_problems(patient.code, consent),
        *_screening_problems(patient.code, screening, answers, now),
        *_age_problems(age_years),
    )
    return Readiness(
        code=patient.code,
        age_years=age_years,
        problems=problems,
        suds_only=any(item.effect is Effect.SUDS_ONLY for item in yes),
        cautions=tuple(item.id for item in yes if item.effect is Effect.CAUTION),
    )


def _erased_problems(patient: PatientRow) -> Iterator[Problem]:
    if patient.erased is not None:
        yield Problem(ProblemKind.ERASED, f"{patient.code} was erased.", "Add the person under another code.")


def _consent_problems(code: str, consent: ConsentRow | None) -> Iterator[Problem]:
    cure = f"Read it with the patient: acclimate patients consent {code}."
    if consent is None:
        yield Problem(ProblemKind.CONSENT_MISSING, f"{code} has not consented.", cure)
    elif consent.act == ConsentAct.WITHDRAWN.value:
        yield Problem(ProblemKind.CONSENT_WITHDRAWN, f"{code} has withdrawn consent.", cure)
    elif consent.version < CONSENT_VERSION:
        yield Problem(ProblemKind.CONSENT_OLD, f"{code} consented to an older text (version {consent.version}).", cure)


def _screening_problems(
    code: str, screening: ScreeningRow | None, answers: Mapping[str, bool], now: datetime
) -> Iterator[Problem]:
    cure = f"Go through the checklist: acclimate patients screen {code}."
    if screening is None:
        yield Problem(ProblemKind.SCREENING_MISSING, f"{code} has not been screened.", cure)
        return
    age = now - datetime.fromisoformat(screening.at)
    if age > timedelta(days=SCREENING_VALID_DAYS) or any(item.id not in answers for item in CHECKLIST):
        words = f"The screening of {code} is {age.days} days old; it counts for {SCREENING_VALID_DAYS}."
        yield Problem(ProblemKind.SCREENING_OLD, words, cure)
    blocking = [item.id for item in CHECKLIST if item.effect is Effect.BLOCKS and answers.get(item.id)]
    if blocking:
        words = f"The screening of {code} rules out a session: {', '.join(blocking)}."
        yield Problem(
            ProblemKind.SCREENING_BLOCKS,
            words,
            f"Resolve it clinically; if it has changed, screen again: acclimate patients screen {code}.",
        )


def _age_problems(age_years: int) -> Iterator[Problem]:
    if age_years < YOUNGEST_YEARS:
        words = f"The patient is younger than {YOUNGEST_YEARS} years."
        yield Problem(ProblemKind.TOO_YOUNG, words, "No session is possible.")
