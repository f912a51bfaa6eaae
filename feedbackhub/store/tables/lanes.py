"""Lanes: how many more messages each may send now, shared by all machines."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from ..types import Moment
from .base import metadata

lane = Table(
    "lane",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("filled_at", Moment, nullable=False),
)
