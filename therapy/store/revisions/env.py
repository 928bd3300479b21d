"""What Alembic runs: the steps on the connection, and in the transaction, that it was handed."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import therapy.store.tables  # noqa: F401 - so that the metadata knows the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
