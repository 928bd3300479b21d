"""Real recordings, and the programs that signals are compared with; read from installed packages, never copied.

The packages come with `make setup` (packaging/requirements-reference.txt and -recordings.txt).  Data files are read
by path: the packages' own loaders would ask the network.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]
SPOILT = (
    40,
    60,
    220,
    510,
    740,
    850,
    1080,
    1170,
    1200,
    1300,
    1350,
    1400,
    1510,
    1520,
    1600,
    1670,
    1680,
    1710,
    1720,
    1830,
)
KINDS = {"ectopic": "ectopic", "missed": "missed", "extra": "extra", "longshort": "long-short"}


def data_file(package: str, *parts: str) -> Path:
    """A file inside an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"{package} is not installed: make setup brings it"
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], *parts)


def pyhrv_nn_ms(name: str) -> Series:
    """The sample series of pyhrv: Short (5 minutes) or Long (1 hour)."""
    series = np.load(data_file("pyhrv", "files", f"SampleNNISeries{name}.npy"), allow_pickle=False)
    return np.asarray(series, dtype=np.float64)


@cache
def systole_beats_ms() -> npt.NDArray[np.int64]:
    """Beats of one person looking at pictures for 25.6 minutes: NeuroKit2's R peaks in the ECG at 1000 Hz."""
    return _r_peaks(np.load(data_file("systole", "datasets", "Task1_ECG.npy"), allow_pickle=False))


def systole_rr_ms() -> Series:
    """RR intervals of another recording."""
    return np.loadtxt(data_file("systole", "datasets", "rr.txt"), delimiter=",", skiprows=1)[:, 1]


def peakdet_rr_ms() -> Series:
    """RR intervals of a person's 45 s."""
    return np.diff(_r_peaks(np.loadtxt(data_file("peakdet", "tests", "data", "ECG.csv")))).astype(float)


@cache
def clean_beats_ms() -> npt.NDArray[np.int64]:
    """The 25.6 minutes without artefacts, as NeuroKit2 mends them: what injected artefacts are measured against."""
    return neurokit_fixed(systole_beats_ms())[0]


def injected_ms(kind: str) -> npt.NDArray[np.int64]:
    """The clean beats with 20 artefacts: left out, set in halfway, or 30 % early and followed by a pause."""
    beats_ms, at = clean_beats_ms(), np.array(SPOILT)
    if kind == "missed":
        return np.delete(beats_ms, at)
    if kind == "extra":
        return np.sort(np.concatenate([beats_ms, (beats_ms[at] + beats_ms[at + 1]) // 2]))
    rr_ms = np.diff(beats_ms).astype(float)
    rr_ms[at] *= 0.7
    rr_ms[at + 1] *= 1.2
    return np.concatenate(([0], np.cumsum(np.round(rr_ms)))).astype(np.int64)


def neurokit_fixed(beats_ms: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], dict[str, tuple[int, ...]]]:
    """NeuroKit2's corrected beats, and the artefacts of its first pass by our names of kinds."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        _, fixed = neurokit().signal_fixpeaks(beats_ms, sampling_rate=1000, iterative=True, method="Kubios")
        once, _ = neurokit().signal_fixpeaks(beats_ms, sampling_rate=1000, iterative=False, method="Kubios")
    return np.asarray(fixed), {ours: tuple(map(int, once[theirs])) for theirs, ours in KINDS.items()}


def neurokit_figures(rr_ms: Series) -> dict[str, float]:
    """NeuroKit2's mean NN, SDNN, RMSSD, pNN50 and LF/HF."""
    series = {"RRI": rr_ms, "RRI_Time": np.cumsum(rr_ms) / 1000.0}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        time, bands = neurokit().hrv_time(series), neurokit().hrv_frequency(series)
    names = {"mean_nn_ms": "MeanNN", "sdnn_ms": "SDNN", "rmssd_ms": "RMSSD", "pnn50_pct": "pNN50"}
    return {ours: float(time[f"HRV_{theirs}"][0]) for ours, theirs in names.items()} | {
        "lf_hf": float(bands["HRV_LFHF"][0])
    }


def hrv_analysis_figures(rr_ms: Series) -> dict[str, float]:
    """The figures of hrv-analysis: mean NN, SDNN, RMSSD, and LF/HF."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        time = hrv_analysis().get_time_domain_features(rr_ms)
        bands = hrv_analysis().get_frequency_domain_features(rr_ms)
    return {
        "mean_nn_ms": float(time["mean_nni"]),
        "sdnn_ms": float(time["sdnn"]),
        "rmssd_ms": float(time["rmssd"]),
        "lf_hf": float(bands["lf_hf_ratio"]),
    }


@cache
def neurokit() -> Any:
    """The package, with what it warns of on import kept quiet."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return importlib.import_module("neurokit2")


@cache
def hrv_analysis() -> Any:
    """The package, without nolds: it is there for sample entropy alone and does not load on Python 3.11."""
    sys.modules.setdefault("nolds", ModuleType("nolds"))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return importlib.import_module("hrvanalysis")


def _r_peaks(ecg: Series) -> npt.NDArray[np.int64]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        kit = neurokit()
        _, found = kit.ecg_peaks(kit.ecg_clean(ecg, sampling_rate=1000), sampling_rate=1000)
    return np.asarray(found["ECG_R_Peaks"], dtype=np.int64)
