"""Whether a record is whole after a fault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.faults.working import missing_from
from therapy.errors import AcclimateError
from therapy.store.archive import Archive
from therapy.store.auditing import Auditor


def trouble_with(database: Path, acknowledged: dict[str, int], ended: Sequence[str]) -> list[str]:
    """Everything that is wrong with a record after a fault, in words."""
    try:
        trouble = missing_from(database, acknowledged)
        with Archive(database) as archive:
            outcomes = {record.session_id: record.outcome for record in archive.sessions()}
        if not (found := Auditor(database).verify()).is_intact:
            trouble.append(f"chain: {found.found[0].words}")
    except AcclimateError as error:
        return [f"unreadable: {error}"]
    return trouble + [f"{one[:8]} reads {outcomes.get(one)}" for one in ended if outcomes.get(one) != "completed"]
