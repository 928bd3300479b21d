"""A cohort's rows as text: one line a row, numbers with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from therapy.cohort.rows import ALL, Row

COLUMNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "time_in_window": ("in window", ".2f"),
        "violation_fraction": ("violations", ".3f"),
        "median_s_to_window": ("s to window", ".0f"),
        "overshoots_per_patient": ("overshoots", ".2f"),
        "seconds_above_85": ("s > 85", ".1f"),
        "seconds_below_20": ("s < 20", ".0f"),
        "wrong_up_steps": ("wrong up", ".0f"),
        "reversals_per_10_min": ("reversals/10 min", ".2f"),
        "stop_latency_s": ("stop s", ".2f"),
        "suds_auc": ("SUDS x min", ".0f"),
    }
)
"""Each metric's heading and the format of its number."""

TIME = "median_s_to_window"
NEVER = "never"
WITH_INTERVAL = ("time_in_window", "violation_fraction", "median_s_to_window", "overshoots_per_patient")


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """A heading and a line of cells for each row; a stratum's name is indented, a number that is unknown is a dash."""
    heading = ["policy", "stratum", "patients", *(words for words, _ in COLUMNS.values())]
    return [heading, *(_cells_of(row) for row in rows)]


def _cells_of(row: Row) -> list[str]:
    stratum = row.stratum if row.stratum == ALL else f"  {row.stratum}"
    return [row.policy, stratum, str(row.patients), *(_cell(row, name, shape) for name, (_, shape) in COLUMNS.items())]


def _cell(row: Row, name: str, shape: str) -> str:
    number = row.numbers[name]
    low, high = row.ci95[name]
    if number is None:
        return NEVER if name == TIME else "-"
    if name not in WITH_INTERVAL:
        return format(number, shape)
    from_words, to_words = (NEVER if end is None else format(end, shape) for end in (low, high))
    return f"{number:{shape}} ({from_words} to {to_words})"
