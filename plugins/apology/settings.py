"""The table `[plugins.apology]`: what experiments may do here at all."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Settings"]


class Settings(BaseModel):
    """Experiments on apologies and compensations."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    hold_out: bool = Field(
        True,
        description="Whether an arm may do nothing for a customer for a while; `false` refuses to start such plans.",
    )
