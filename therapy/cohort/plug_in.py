"""Patients of other makers: how a class is loaded, and how what it gives is checked."""

from __future__ import annotations

import importlib
import math
import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from therapy.errors import UsageError
from therapy.patient.model import PatientAnswer, PatientModel
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.sensing.heart import HeartBeatBatch

OWN_MODEL = "therapy.patient.virtual:VirtualPatient"
MUST_HAVE = ("set_scene", "advance", "answer", "fear_0to100")
LARGEST_FIELD = 0xFFFF
HOW = "docs/virtual-patient.md says what a model has to have."
COHORT_STRATA = tuple(stratum.value for stratum in Stratum if stratum not in (Stratum.LOW_THRESHOLD, Stratum.TOLERANT))
"""The strata of a cohort unless others are asked for; the two left out are parts of `typical`."""

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A class of patients by its name `module:Class`.

    `strata` are those of a cohort unless others are asked for, `known` all that may be asked for; None: any name.
    """

    name: str
    make: Callable[[int, str], Any]
    strata: tuple[str, ...] = COHORT_STRATA
    known: tuple[str, ...] | None = None

    def patient(self, seed: int, stratum: str) -> PatientModel:
        """The patient of a seed in a stratum; `UsageError` if it cannot be made."""
        if self.known is not None and stratum not in self.known:
            raise UsageError(f"There is no stratum {stratum!r}.", f"Choose from {', '.join(self.known)}.")
        try:
            made = self.make(seed, stratum)
        except Exception as error:
            raise UsageError(f"The patient model {self.name} cannot be made: {_told(error)}.", HOW) from error
        lacking = [name for name in MUST_HAVE if not hasattr(made, name)]
        if lacking:
            raise UsageError(f"The patient model {self.name} lacks {', '.join(lacking)}.", HOW)
        return made if isinstance(made, VirtualPatient) else CheckedPatient(self.name, made)


def load_model(name: str = OWN_MODEL) -> LoadedModel:
    """The class `module:Class`; `UsageError` in one sentence if there is none.

    Its strata are its attribute `strata`, if it has one, else those of the own model.  Modules are also found in
    the current folder, for which it is put at the end of `sys.path`.
    """
    if name == OWN_MODEL:
        known = tuple(stratum.value for stratum in Stratum)
        return LoadedModel(name, lambda seed, stratum: VirtualPatient(seed, Stratum(stratum)), known=known)
    module_name, _, class_name = name.partition(":")
    if not module_name or not class_name:
        raise UsageError(f"{name!r} names no patient model.", "Write it as module:Class.")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except Exception as error:
        raise UsageError(f"The patient model {name} cannot be loaded: {_told(error)}.", HOW) from error
    if not callable(found):
        raise UsageError(f"The patient model {name} is no class.", HOW)
    strata = getattr(found, "strata", None)
    if strata is None:
        return LoadedModel(name, found)
    if not isinstance(strata, tuple | list) or not strata or not all(isinstance(one, str) for one in strata):
        raise UsageError(f"The strata of the patient model {name} are no list of names.", HOW)
    return LoadedModel(name, found, tuple(strata), known=tuple(strata))


class CheckedPatient:
    """A patient whose every answer is checked: what is no number never reaches a session."""

    def __init__(self, name: str, patient: Any) -> None:
        self._name = name
        self._patient = patient

    @property
    def fear_0to100(self) -> float:
        """The patient's fear."""
        fear = self._asked("fear_0to100", lambda: float(self._patient.fear_0to100))
        if not math.isfinite(fear):
            raise self._wrong(f"says a fear of {fear}; it has to be a number")
        return fear

    def set_scene(self, t_s: float, intensity_0to1: float | None, pace_per_min: float | None = None) -> None:
        """Show the patient a scene."""
        self._asked("set_scene", lambda: self._patient.set_scene(t_s, intensity_0to1, pace_per_min))

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The patient's beats."""
        return self._asked("advance", lambda: self._batch(self._patient.advance(t_s)))

    def answer(self, panel: str, t_s: float) -> PatientAnswer | None:
        """The patient's answer."""
        return self._asked("answer", lambda: self._answer(self._patient.answer(panel, t_s)))

    def move(self, t_s: float, speed_m_s: float) -> None:
        """Tell the patient to move, if the model knows movement."""
        if hasattr(self._patient, "move"):
            self._asked("move", lambda: self._patient.move(t_s, speed_m_s))

    def _batch(self, given: Any) -> HeartBeatBatch:
        bpm = _whole(given.bpm, LARGEST_FIELD)
        return HeartBeatBatch(bpm, tuple(_whole(ticks, LARGEST_FIELD) for ticks in given.rr_ticks), given.contact)

    def _answer(self, given: Any) -> PatientAnswer | None:
        if given is None:
            return None
        delay_s = float(given.delay_s)
        if not (math.isfinite(delay_s) and delay_s >= 0.0):
            raise ValueError(f"a delay of {delay_s} s")
        return PatientAnswer(operator.index(given.answer), delay_s)

    def _asked(self, what: str, ask: Callable[[], Given]) -> Given:
        try:
            return ask()
        except Exception as error:
            raise self._wrong(f"fails in {what}: {_told(error)}") from error

    def _wrong(self, how: str) -> UsageError:
        return UsageError(f"The patient model {self._name} {how}.", HOW)


def _whole(given: Any, most: int) -> int:
    number = operator.index(given)
    if not 0 <= number <= most:
        raise ValueError(f"{number} is outside 0 to {most}")
    return number


def _told(error: Exception) -> str:
    """An error in the words of its first line."""
    words = str(error).strip().split("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
