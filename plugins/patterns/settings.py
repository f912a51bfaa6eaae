"""The table `[plugins.patterns]`."""

from __future__ import annotations

import difflib
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

#: Fields of the contact and of its customer that entries may look at, beside ``attributes.<name>``.
FIELDS = (
    "agent", "brand", "channel", "closed_by", "country", "customer", "direction", "email", "external_id", "language",
    "name", "phone", "policy", "product", "segment", "source", "survey", "tags", "team", "topic",
)  # fmt: skip
ATTRIBUTES = "attributes."


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _known(match: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if not match:
        raise ValueError("must name at least one field: an entry without any would fit every contact")
    for field in match:
        if field not in FIELDS and not (field.startswith(ATTRIBUTES) and len(field) > len(ATTRIBUTES)):
            near = difflib.get_close_matches(field, FIELDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; choose from {', '.join(FIELDS)}, attributes.<name>"
            raise ValueError(f"{field} is no field of a contact{hint}")
    return match


Pattern = Annotated[str, Field(min_length=1, max_length=200)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_several), Field(min_length=1)]


class Section(BaseModel):
    """A table that refuses unknown options and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Section):
    """One entry of `never`: every field that it names must match, each by one of its patterns."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = Field(
        description="Its name, by which decisions refer to it."
    )
    reason: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        description="Why nobody is asked, as staff read it; no personal data."
    )
    match: Annotated[dict[str, Patterns], AfterValidator(_known)] = Field(
        description='Fields with their patterns, such as `{ segment = "b2b-*", channel = ["email", "phone"] }`; '
        "`attributes.<name>` looks at an attribute."
    )


class Settings(Section):
    """Whom and what never to ask about; `*` and `?` stand for any text or letter, capitals do not matter."""

    emails: tuple[Pattern, ...] = Field((), description="E-mail addresses, such as `*@partner.example`.")
    tags: tuple[Pattern, ...] = Field((), description="Tags of the contact, such as `vip-*`.")
    topics: tuple[Pattern, ...] = Field((), description="Topics of the contact, such as `legal*`.")
    attributes: tuple[Pattern, ...] = Field(
        (), description="Attributes of contact or customer that are set to something but `no`, `false` or `0`."
    )
    never: tuple[Entry, ...] = Field((), description="Entries over several fields, each with its own reason.")

    @model_validator(mode="after")
    def _names_differ(self) -> Settings:
        names = [entry.name for entry in self.never]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two entries of never are named {name}")
        return self
