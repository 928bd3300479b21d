"""The tables of the audit chain and of what belongs to it.  All are append-only."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Text
from sqlmodel import Field, SQLModel


class ChainRow(SQLModel, table=True):
    """One entry of the hash chain (`therapy.store.chain`); `source` says of which table the row is."""

    __tablename__ = "chain"
    number: int = Field(primary_key=True)
    source: int
    session_number: int | None = None
    seq: int | None = None
    part: int | None = None
    word: str | None = None
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CheckpointRow(SQLModel, table=True):
    """A signed statement of the chain's head, also written outside the database; `session_number` ended then."""

    __tablename__ = "checkpoint"
    number: int | None = Field(default=None, primary_key=True)
    chain_number: int
    session_number: int | None = Field(default=None, index=True)
    statement: str = Field(sa_type=Text)


class ErasureRow(SQLModel, table=True):
    """A session whose rows were removed, with how many of each table, when, by whom and why."""

    __tablename__ = "erasure"
    number: int | None = Field(default=None, primary_key=True)
    session_number: int
    session_id: str
    rows: str = Field(sa_type=Text)
    recorded_by: str
    reason: str = Field(sa_type=Text)
    at: str


class SafeStopRow(SQLModel, table=True):
    """An entry of the safe-stop journal, brought into the record when it could be written again."""

    __tablename__ = "safe_stop"
    number: int | None = Field(default=None, primary_key=True)
    session_id: str
    entry: int
    at: str
    t_s: float | None
    what: str
    reason: str = Field(sa_type=Text)


class RetentionRow(SQLModel, table=True):
    """One change of how long sessions and backups are kept: rows are added, never changed."""

    __tablename__ = "retention"
    number: int | None = Field(default=None, primary_key=True)
    sessions_days: int
    backups_days: int
    backups_at_least: int
    recorded_by: str
    at: str
