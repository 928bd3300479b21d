"""Patients of other makers: the documented example, and everything that can be wrong with one."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cohort.lives import Willing
from tests.structure.tree import ROOT
from therapy.cohort.plug_in import CheckedPatient, LoadedModel, load_model
from therapy.cohort.runner import Job, run_cohort
from therapy.errors import UsageError
from therapy.patient.model import PatientAnswer
from therapy.sensing.heart import HeartBeatBatch

WILLING = "tests.cohort.lives:Willing"


def _checked(**replaced: Any) -> CheckedPatient:
    patient = Willing()
    given = {name: getattr(patient, name) for name in ("set_scene", "advance", "answer", "fear_0to100")}
    return CheckedPatient("a:B", SimpleNamespace(**{**given, **replaced}))


def _raises(*_: object) -> Any:
    raise RuntimeError("no such\nthing.")


def test_a_foreign_model_runs_a_cohort():
    results = run_cohort(Job("ladder", 4.0, 1, ("willing",), model=WILLING), 2, workers=1)
    assert [one.stratum for one in results] == ["willing"] * 2
    assert results[0].stop_latency_s == 0.0


def test_the_example_of_the_documentation_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (ROOT / "docs" / "virtual-patient.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    (tmp_path / "plain_patient_of_the_docs.py").write_text(found[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    model = load_model("plain_patient_of_the_docs:PlainPatient")
    assert model.strata == ("calm", "anxious")
    job = Job("ladder", 8.0, 1, model.strata, model=model.name)
    one, again = (run_cohort(job, 4, workers=1) for _ in range(2))
    assert one == again
    assert any(patient.time_in_window > 0.0 for patient in one)
    assert not any(patient.wrong_up_steps for patient in one)


def test_the_own_strata_leave_out_those_of_rehearsals():
    model = load_model()
    assert "low-threshold" not in model.strata
    assert {"typical", "under-reporter", "late-answerer"} < set(model.strata)
    assert model.patient(1, "low-threshold").fear_0to100 > 0.0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nonsense", "names no patient model"),
        (":Class", "names no patient model"),
        ("no.such.module:Class", "cannot be loaded: ModuleNotFoundError"),
        ("tests.cohort.lives:Nobody", "cannot be loaded: AttributeError"),
        ("tests.cohort.lives:__name__", "is no class"),
    ],
)
def test_a_model_that_is_not_there(name: str, words: str):
    with pytest.raises(UsageError, match=re.escape(words)):
        load_model(name)


def test_a_stratum_that_is_not_there():
    with pytest.raises(UsageError, match="There is no stratum 'tall'"):
        load_model().patient(1, "tall")
    with pytest.raises(UsageError, match="There is no stratum 'typical'"):
        load_model(WILLING).patient(1, "typical")


def test_a_class_that_cannot_be_made_or_lacks_something():
    with pytest.raises(UsageError, match="cannot be made: RuntimeError: no such"):
        LoadedModel("a:B", _raises).patient(1, "any")
    with pytest.raises(UsageError, match="lacks set_scene, advance, answer"):
        LoadedModel("a:B", lambda seed, stratum: SimpleNamespace(fear_0to100=1.0)).patient(1, "any")


@pytest.mark.parametrize("fear", [float("nan"), float("inf"), None, "afraid"])
def test_a_fear_that_is_no_number(fear: object):
    with pytest.raises(UsageError, match="The patient model a:B"):
        _ = _checked(fear_0to100=fear).fear_0to100


@pytest.mark.parametrize(
    "beats",
    [
        None,
        HeartBeatBatch(70.5, ()),  # type: ignore[arg-type]
        HeartBeatBatch(-1, ()),
        HeartBeatBatch(70, (0.8,)),  # type: ignore[arg-type]
        HeartBeatBatch(70, (70000,)),
        HeartBeatBatch(70, (-5,)),
    ],
)
def test_beats_that_no_strap_could_send(beats: Any):
    with pytest.raises(UsageError, match="The patient model a:B fails in advance"):
        _checked(advance=lambda t_s: beats).advance(1.0)


@pytest.mark.parametrize(
    "answer", [50, PatientAnswer(50.5, 1.0), PatientAnswer(50, float("nan")), PatientAnswer(50, -1.0)]  # type: ignore[arg-type]
)  # fmt: skip
def test_answers_that_are_none(answer: Any):
    with pytest.raises(UsageError, match="The patient model a:B fails in answer"):
        _checked(answer=lambda panel, t_s: answer).answer("suds", 1.0)


@pytest.mark.parametrize("name", ["set_scene", "advance", "answer"])
def test_a_model_that_raises_is_one_sentence(name: str):
    checked = _checked(**{name: _raises})
    arguments = {"set_scene": (0.0, None), "advance": (0.0,), "answer": ("suds", 0.0)}[name]
    with pytest.raises(UsageError) as caught:
        getattr(checked, name)(*arguments)
    assert caught.value.problem == f"The patient model a:B fails in {name}: RuntimeError: no such."


def test_a_model_without_movement_sits_still():
    _checked().move(1.0, 0.5)
    moved: list[float] = []
    _checked(move=lambda t_s, speed_m_s: moved.append(speed_m_s)).move(1.0, 0.5)
    assert moved == [0.5]
