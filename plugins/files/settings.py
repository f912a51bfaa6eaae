"""What an operator says about files."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """How files are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    csv_bom: bool = Field(
        False, description="Begin CSV files with a byte order mark, which tells Excel that they are UTF-8."
    )
    csv_delimiter: Literal[",", ";", "\t"] = Field(
        ",", description="What stands between the cells of CSV files; Excel expects `;` where `,` is the decimal sign."
    )
