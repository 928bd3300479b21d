"""`acclimate signals`: a recording of RR intervals in figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from therapy.cli.common import AsJson, in_columns
from therapy.errors import UsageError
from therapy.signals.correction import FEWEST_INTERVALS, ArtifactKind
from therapy.signals.hrv import Analysis, Caution, analyse
from therapy.signals.quality import Quality
from therapy.signals.recording import read_recording

_NOTES = {
    Caution.TOO_MANY_ARTIFACTS: (
        "More than 5 % of the beats are artefacts or outside 300-2000 ms: SDNN, RMSSD, pNN50, LF and HF are withheld. "
        "Mean NN and mean HR are those of the whole series."
    ),
    Caution.NOT_CORRECTED: "Artefacts were left as they are; --correct mends them first.",
    Caution.ARTIFACTS_LEFT: "Some beats stand out after the correction too; they may be real.",
    Caution.SHORT: "Less than a minute: the figures are rough.",
    Caution.TOO_SHORT_FOR_BANDS: "LF and HF need two minutes.",
}
_KINDS = {
    ArtifactKind.ECTOPIC: "ectopic",
    ArtifactKind.MISSED: "missed",
    ArtifactKind.EXTRA: "extra",
    ArtifactKind.LONG_SHORT: "long or short",
}
_QUALITIES = {
    Quality.GOOD: "fit for heart rate and variability",
    Quality.FAIR: "fit for heart rate, and for variability with care",
    Quality.POOR: "fit for heart rate alone",
    Quality.UNUSABLE: "not fit for use",
}


def signals(
    file: Annotated[Path, typer.Argument(help="RR intervals in ms: text, CSV (a column named rr, nn or ibi) or .npy.")],
    correct: Annotated[bool, typer.Option("--correct", help="Mend artefacts first, then analyse.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell heart rate, its variability, artefacts and quality of a recording of RR intervals.

    Examples:
      acclimate signals rest.csv

      acclimate signals rest.csv --correct --json

    Artefacts are counted in either case; with more than 5 % of them no variability is given.
    """
    rr_ms = read_recording(file)
    if len(rr_ms) < FEWEST_INTERVALS:
        raise UsageError(
            f"The recording {file} has only {len(rr_ms)} RR interval{'s' if len(rr_ms) > 1 else ''}.",
            f"At least {FEWEST_INTERVALS} are needed, and a minute or more for figures that mean something.",
        )
    analysis = analyse(np.asarray(rr_ms), corrected=correct)
    if as_json:
        typer.echo(json.dumps(_as_json(analysis), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join([*in_columns(_table(analysis)), _sentence(analysis), *_notes(analysis)]))


def _as_json(analysis: Analysis) -> dict[str, Any]:
    """The figures as plain values; None where one may not be given."""
    variability, bands = analysis.variability, analysis.bands
    return {
        "beats": analysis.beats,
        "duration_s": _plain(analysis.duration_s),
        "mean_nn_ms": _plain(analysis.mean_nn_ms),
        "sdnn_ms": _plain(variability.sdnn_ms if variability else None),
        "rmssd_ms": _plain(variability.rmssd_ms if variability else None),
        "pnn50_pct": _plain(variability.pnn50_pct if variability else None),
        "mean_hr_bpm": _plain(analysis.mean_hr_bpm),
        "artifacts": analysis.artifact_count,
        "quality": analysis.quality.value,
        "quality_0to1": _plain(analysis.sound_0to1),
        "artifact_kinds": {kind.value: len(beats) for kind, beats in analysis.artifacts.items()},
        "artifacts_left": analysis.artifacts_left,
        "corrected": analysis.corrected,
        "lf_ms2": _plain(bands.lf_ms2 if bands else None),
        "hf_ms2": _plain(bands.hf_ms2 if bands else None),
        "lf_hf": _plain(bands.lf_hf if bands else None),
        "notes": _notes(analysis),
    }


def _plain(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)


def _table(analysis: Analysis) -> list[list[str]]:
    variability, bands = analysis.variability, analysis.bands
    return [
        ["mean NN", _shown(analysis.mean_nn_ms), "ms"],
        ["SDNN", _shown(variability.sdnn_ms if variability else None), "ms"],
        ["RMSSD", _shown(variability.rmssd_ms if variability else None), "ms"],
        ["pNN50", _shown(variability.pnn50_pct if variability else None), "%"],
        ["mean HR", _shown(analysis.mean_hr_bpm), "bpm"],
        ["LF", _shown(bands.lf_ms2 if bands else None), "ms²"],
        ["HF", _shown(bands.hf_ms2 if bands else None), "ms²"],
        ["LF/HF", _shown(bands.lf_hf if bands else None, 2), "differs from program to program"],
        ["artefacts", str(analysis.artifact_count), _kinds_in_words(analysis)],
        ["quality", analysis.quality.value, _QUALITIES[analysis.quality]],
    ]


def _shown(figure: float | None, digits: int = 1) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _kinds_in_words(analysis: Analysis) -> str:
    return ", ".join(f"{len(beats)} {_KINDS[kind]}" for kind, beats in analysis.artifacts.items() if beats)


def _sentence(analysis: Analysis) -> str:
    minutes, seconds = divmod(round(analysis.duration_s), 60)
    mended = "after correction" if analysis.corrected else "as recorded"
    sound_pct = f"{100.0 * analysis.sound_0to1:.1f} %"
    return (
        f"{analysis.beats} beats in {minutes} min {seconds} s, {mended}; {sound_pct} of the recorded beats are sound."
    )


def _notes(analysis: Analysis) -> list[str]:
    return [_NOTES[caution] for caution in analysis.cautions]
