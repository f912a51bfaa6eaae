"""Alembic's entry for the tables of one plugin: runs its scripts on the connection that `plugin_migrate` hands over."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], **given["options"])
with context.begin_transaction():
    context.run_migrations()
