"""The audit chain with its checkpoints, what was removed by retention, safe stops, and how long things are kept.

The chain itself is begun, and its triggers are made, when all revisions are done (`therapy.store.sources.install`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From schema 3 to schema 4."""
    op.create_table(
        "chain",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("session_number", sa.Integer()),
        sa.Column("seq", sa.Integer()),
        sa.Column("part", sa.Integer()),
        sa.Column("word", sa.String()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("chain_number", sa.Integer(), nullable=False),
        sa.Column("session_number", sa.Integer()),
        sa.Column("statement", sa.Text(), nullable=False),
    )
    op.create_index("ix_checkpoint_session_number", "checkpoint", ["session_number"])
    _what_is_kept()


def _what_is_kept() -> None:
    op.create_table(
        "erasure",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_table(
        "safe_stop",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("t_s", sa.Float()),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "retention",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("sessions_days", sa.Integer(), nullable=False),
        sa.Column("backups_days", sa.Integer(), nullable=False),
        sa.Column("backups_at_least", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
