"""The core's schema, step by step, run by Alembic from inside the program."""
