"""The table `[plugins.fairness]`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Settings"]


class Settings(BaseModel):
    """What may be shown of single persons."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agents: bool = Field(
        False,
        description="Whether results of single agents are shown: to managers by name, to agents their own. They are "
        "personal data about how somebody works; ask the works council and the data protection officer first.",
    )
