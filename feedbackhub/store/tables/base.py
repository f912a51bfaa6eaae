"""What the tables share: names of constraints, and columns that come again and again."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, MetaData, String, text

from ..types import RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def row_id() -> Column[int]:
    """Return the primary key column."""
    return Column("id", RowId, primary_key=True, autoincrement=True)


def public_id() -> Column[str]:
    """Return the column of the id that outsiders may see."""
    return Column("public_id", String(12), nullable=False, unique=True)


def word(name: str) -> Column[str]:
    """Return a column for one line of text, empty by default."""
    return Column(name, String(200), nullable=False, default="", server_default="")


def flag(name: str) -> Column[bool]:
    """Return a column that is false by default."""
    return Column(name, Boolean, nullable=False, default=False, server_default=text("false"))


def refers(name: str, table: str, *, nullable: bool = True, index: bool = False) -> Column[int]:
    """Return a column that names a row of another table."""
    return Column(name, RowId, ForeignKey(f"{table}.id"), nullable=nullable, index=index)


#: What is frozen on contact and invitation and never read live later.
DIMENSIONS = ("channel", "team", "topic", "product", "brand", "language", "segment", "country")


def dimensions() -> list[Column[str]]:
    """Return the columns of the frozen dimensions."""
    return [word(name) for name in DIMENSIONS]
