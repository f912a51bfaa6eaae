"""What engines tell of themselves now and then: that they live, and what they have sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from ..types import Moment
from .base import metadata

# One line for each process that sends; it is removed some time after the process has gone.
engine_pulse = Table(
    "engine_pulse",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("runner", String(40), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
)

# Counters of all processes together; the labels are words of the program and of the settings.
meter = Table(
    "meter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("labels", String(200), primary_key=True),  # joined by \x1f
    Column("n", BigInteger, nullable=False),
)
