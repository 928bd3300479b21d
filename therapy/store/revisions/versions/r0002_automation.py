"""Decisions gain their limiting reason, suggestion and pace; patients gain settings of their automation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From schema 1 to schema 2."""
    op.add_column("decision", sa.Column("limiting", sa.String()))
    op.add_column("decision", sa.Column("suggested_0to1", sa.Float()))
    op.add_column("decision", sa.Column("pace_per_min", sa.Float()))
    op.create_table(
        "automation",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("patient_code", sa.String(), sa.ForeignKey("patient.code"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("setting", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_automation_patient_code", "automation", ["patient_code"])
