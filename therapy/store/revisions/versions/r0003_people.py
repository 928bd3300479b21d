"""Users, whose patients are whose, sealed identities, the log of who read what, and when a patient was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From schema 2 to schema 3."""
    op.add_column("patient", sa.Column("erased", sa.String()))
    op.create_table(
        "identity",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("patient_code", sa.String(), sa.ForeignKey("patient.code"), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_identity_patient_code", "identity", ["patient_code"])
    op.create_table(
        "user",
        sa.Column("user_id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("patient_code", sa.String(), sa.ForeignKey("patient.code")),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("disabled", sa.String()),
    )
    op.create_table(
        "assignment",
        sa.Column("patient_code", sa.String(), sa.ForeignKey("patient.code"), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("user.user_id"), primary_key=True),
        sa.Column("since", sa.String(), nullable=False),
    )
    op.create_table(
        "access",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("patient_code", sa.String()),
        sa.Column("session_id", sa.String()),
        sa.Column("detail", sa.String(), nullable=False),
    )
    op.create_index("ix_access_patient_code", "access", ["patient_code"])
