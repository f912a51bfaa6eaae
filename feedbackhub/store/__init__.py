"""The database: tables, queries, migrations and the one door through which everything is written."""
