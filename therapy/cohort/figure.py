"""A comparison as a picture: each policy's numbers in every stratum, with their intervals."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from therapy.cohort.rows import ALL, Row
from therapy.cohort.tables import cells
from therapy.errors import UsageError
from therapy.report.html import Markup, table, tag

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "time_in_window": "Time in window\n(share of the exposure)",
        "violation_fraction": "Patients with a violation\n(share)",
        "median_s_to_window": "Median time to window\n(s)",
        "overshoots_per_patient": "Overshoots\nper patient",
    }
)
GUARDED, BARE = "#1f5fa8", "#b5541c"
PUBLISHED = "published"
ROW_IN, HEAD_IN, COLUMN_IN = 0.17, 0.42, 2.6
LABELS_IN, TITLE_IN, FOOT_IN = 1.9, 1.35, 0.5
DPI = 130
LIMITS = "A model is not a patient: this compares rules on simulated people and says nothing of real ones."
STYLE = """
html { font: 10pt/1.4 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #1c2530; background: #fff; }
body { max-width: 1250px; margin: 2em auto; padding: 0 1em; }
img { width: 100%; }
table { border-collapse: collapse; font-size: 8.5pt; }
th, td { text-align: left; padding: 0.2em 0.8em 0.2em 0; border-bottom: 1px solid #cfd5db; white-space: nowrap; }
tbody th { font-weight: normal; }
.wide { overflow-x: auto; }
"""


def check(path: Path) -> None:
    """Refuse an ending that is neither a picture's nor a page's; `UsageError`."""
    if path.suffix not in (".png", ".html"):
        raise UsageError(f"{path.name} is neither a picture nor a page.", "Name a file that ends in .png or .html.")


def save(rows: Sequence[Row], title: str, path: Path) -> None:
    """Write the picture to a `.png`, or the picture with the whole table to a self-contained `.html`.

    Raises `UsageError` for another ending or a file that cannot be written.
    """
    check(path)
    picture = io.BytesIO()
    draw(rows, title).savefig(picture, format="png", dpi=DPI)
    written = picture.getvalue() if path.suffix == ".png" else _page(rows, title, picture.getvalue()).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Name another file with -o.") from error


def draw(rows: Sequence[Row], title: str) -> Figure:
    """A row of panels for each stratum, all patients first; a column for each number; a line for each policy."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    policies = list(dict.fromkeys(row.policy for row in rows))
    strata = sorted(dict.fromkeys(row.stratum for row in rows), key=lambda stratum: stratum != ALL)
    block_in = ROW_IN * len(policies) + HEAD_IN
    width_in, height_in = LABELS_IN + COLUMN_IN * len(COLUMNS), TITLE_IN + FOOT_IN + block_in * len(strata)
    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(strata), len(COLUMNS), sharex="col", sharey=True, squeeze=False)
    widest = {metric: _widest(rows, metric) for metric in COLUMNS}
    for stratum, line in zip(strata, panels, strict=True):
        of_stratum = {row.policy: row for row in rows if row.stratum == stratum}
        for metric, axes in zip(COLUMNS, line, strict=True):
            _draw_panel(axes, [of_stratum.get(policy) for policy in policies], metric)
            axes.set_xlim(0.0, widest[metric])
        line[0].set_yticks(range(len(policies)), policies, fontsize=7.5)
        line[0].set_title(stratum, loc="left", fontsize=9, fontweight="bold")
    for axes, words in zip(panels[0], COLUMNS.values(), strict=True):
        axes.annotate(
            words, (0.5, 1.0), (0, 24), xycoords="axes fraction", textcoords="offset points", ha="center", fontsize=9
        )
    figure.suptitle(title, x=0.02, y=1.0 - 0.1 / height_in, ha="left", va="top", fontsize=11)
    figure.text(0.02, 0.1 / height_in, LIMITS, fontsize=8, color="#4b5560")
    figure.subplots_adjust(
        left=1.25 / width_in, right=1.0 - 0.2 / width_in, top=1.0 - TITLE_IN / height_in,
        bottom=FOOT_IN / height_in, hspace=HEAD_IN / (ROW_IN * len(policies)) * 1.05, wspace=0.08,
    )  # fmt: skip
    return figure


def _draw_panel(axes: Axes, rows: Sequence[Row | None], metric: str) -> None:
    for height, row in enumerate(rows):
        number = None if row is None else row.numbers[metric]
        if row is None or number is None:
            axes.annotate(
                "never", (0.99, height), xycoords=("axes fraction", "data"), ha="right", va="center", fontsize=7
            )
            continue
        low, high = row.ci95[metric]
        ends = [
            [max(number - (number if low is None else low), 0.0)],
            [max((number if high is None else high) - number, 0.0)],
        ]
        colour = BARE if row.policy.startswith(PUBLISHED) else GUARDED
        axes.errorbar([number], [height], xerr=ends, fmt="o", ms=3.5, lw=1.2, capsize=2, color=colour)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="x", color="#dde2e7", lw=0.6)
    axes.tick_params(labelsize=7.5, length=2)
    axes.spines[["top", "right"]].set_visible(False)


def _widest(rows: Sequence[Row], metric: str) -> float:
    """How far a column has to reach for every number and interval in it."""
    ends = [end for row in rows for end in (row.numbers[metric], row.ci95[metric][1]) if end is not None]
    return 1.05 * max(ends, default=0.0) or 1.0


def _page(rows: Sequence[Row], title: str, picture: bytes) -> str:
    heading, *lines = cells(rows)
    shown = tag(
        "img", src=f"data:image/png;base64,{base64.b64encode(picture).decode()}", alt=f"{title}, as in the table"
    )
    numbers = table("All numbers, with 95 % intervals of a bootstrap over patients", heading, lines)
    body = tag("body", tag("h1", title), tag("p", LIMITS), shown, tag("div", numbers, class_="wide"))
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title), tag("style", Markup(STYLE)))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"
