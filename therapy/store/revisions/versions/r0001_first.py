"""Schema 1, as the first version made it itself: where the chain begins."""

from __future__ import annotations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to do: a record of schema 1 has its tables."""
