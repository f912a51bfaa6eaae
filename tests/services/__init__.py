"""Fixtures that start real servers for the tests: PostgreSQL, dovecot, Chromium."""
