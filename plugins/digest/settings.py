"""The table `[plugins.digest]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["Settings"]


def _domains(value: object) -> object:
    return [value] if isinstance(value, str) else value


Domain = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]+$")]


class Settings(BaseModel):
    """How digests are sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str = Field(
        "email", pattern=r"^[a-z0-9][a-z0-9_-]*$", description="Channel that digests are sent through."
    )
    domains: Annotated[tuple[Domain, ...], BeforeValidator(_domains)] = Field(
        (), description="Domains that digests may go to, such as `acme.example`; empty: any address."
    )
    quotes: bool = Field(True, description="Whether digests may hold words of customers.")
    history_days: int = Field(365, ge=30, le=3660, description="Days that the list of sent digests is kept.")
