"""From a session on the record to a report file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from therapy.errors import StoreError
from therapy.report.facts import SessionFacts, read_facts
from therapy.report.page import report_page
from therapy.report.pictures import Pictures, draw, moments
from therapy.store.archive import Archive
from therapy.store.desk import Where


@dataclass(frozen=True, slots=True)
class Written:
    """The report that was written; `why_missing` says why pictures are missing, if they are."""

    path: Path
    session_id: str
    pictures: int
    why_missing: str


def write_report(record: Where, id_or_prefix: str, output: Path, *, with_pictures: bool = True) -> Written:
    """Write the report on a session to `output`; `UsageError` if unknown, `StoreError` if unwritable."""
    with Archive(record) as archive:
        facts = read_facts(archive, id_or_prefix)
    pictures = _pictures(facts) if with_pictures else None
    page = report_page(facts, pictures)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"The report {output} cannot be written: {error.strerror}.", "Name another file with -o."
        ) from error
    drawn = len(pictures.drawn) if pictures else 0
    return Written(output, facts.record.session_id, drawn, pictures.why_missing if pictures else "")


def _pictures(facts: SessionFacts) -> Pictures:
    seed = facts.record.setup.get("seed", 0)
    return draw(moments(facts), seed if isinstance(seed, int) else 0)
