"""How Alembic reaches our tables: on the connection it is handed (see ``hanchot.store.upgrade``)."""

from __future__ import annotations

from alembic import context

from hanchot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
