"""The table `[plugins.orders]`."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

#: What may stand in templates. What names a person by itself may stand in a body only, never in an address.
IN_URL = ("id", "email_hash", "phone_hash")
IN_BODY = ("id", "email", "phone", "email_hash", "phone_hash")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PATH = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")


def _path(value: str) -> str:
    if value and not PATH.fullmatch(value):
        raise ValueError("must be a path such as data.orders or lines.0.total")
    return value


JsonPath = Annotated[str, Field(max_length=200), AfterValidator(_path)]


class Section(BaseModel):
    """A table that refuses unknown options and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mapping(Section):
    """Where the answer holds what; paths are names and numbers with points between them."""

    orders: JsonPath = Field("", description="Path to the list of orders; empty: the answer is the list.")
    number: JsonPath = Field("number", description="Path within an order to its number.")
    date: JsonPath = Field("date", description="Path to its date: ISO 8601, or seconds since 1970.")
    amount: JsonPath = Field("amount", description="Path to its amount.")
    currency: JsonPath = Field("currency", description="Path to its currency, such as `EUR`.")
    status: JsonPath = Field("status", description="Path to its status.")


class Settings(Section):
    """Where orders are looked up, and how the answer is read."""

    url: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="Where to ask; may hold `{id}`, `{email_hash}` and `{phone_hash}`, never the address itself."
    )
    method: Literal["GET", "POST"] = Field(
        "POST", description="`POST` sends `body` as JSON; `GET` sends the address only."
    )
    body: dict[str, str] = Field(
        {"email": "{email}"},
        description="What to post; values may hold `{id}`, `{email}`, `{phone}`, `{email_hash}` and `{phone_hash}`.",
    )
    token: SecretStr | None = Field(None, description="Sent as `Authorization: Bearer …`.")
    system: str = Field("", max_length=64, description="Whose customer number `{id}` is: `crm` for `id:crm`.")
    hash_key: SecretStr | None = Field(
        None, description="Hashes are HMAC-SHA-256 with this key; without it SHA-256 of the address in small letters."
    )
    mapping: Mapping = Field(Mapping(), description="Where the answer holds what.")
    minor_units: bool = Field(False, description="Amounts are in cents.")
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = Field(
        "", description="Currency of orders that name none."
    )
    statuses: dict[str, str] = Field({}, description='Words for statuses, such as `{ shp = "Shipped" }`.')
    bad_statuses: tuple[str, ...] = Field((), description="Statuses, as they come, that an agent should notice.")
    link: str = Field("", max_length=2000, description="Address of an order in your system, with `{number}`.")
    most: int = Field(5, ge=1, le=50, description="Orders shown, the newest first.")
    keep_seconds: int = Field(60, ge=0, le=3600, description="How long an answer is kept in memory for the next look.")

    @model_validator(mode="after")
    def _templates_fit(self) -> Self:
        _check("url", self.url, IN_URL)
        for name, template in self.body.items() if self.method == "POST" else ():
            _check(f"body.{name}", template, IN_BODY)
        _check("link", self.link, ("number",))
        if "{id}" in self.used and not self.system:
            raise ValueError("system must say whose customer number {id} is")
        if not PLACEHOLDER.search(self.used):
            raise ValueError("neither url nor body says whose orders to look up")
        return self

    @property
    def used(self) -> str:
        """All templates that a look-up fills."""
        return " ".join((self.url, *(self.body.values() if self.method == "POST" else ())))


def _check(option: str, template: str, known: tuple[str, ...]) -> None:
    for name in PLACEHOLDER.findall(template):
        if name not in known:
            raise ValueError(f"{option}: {{{name}}} cannot stand here; known are {', '.join(known)}")
