"""The table `[plugins.webhook]`: which systems send to us, and how each is read."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from .lookup_settings import Address, Credentials, Lookup, fixed_host
from .paths import compiled
from .presets import merged, preset_names
from .section import FieldTexts, Maps, Path, Paths, Section, Texts
from .verify_settings import Verify

__all__ = ["Condition", "Dates", "Settings", "SourceSettings"]

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


def _zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise ValueError('must be a time zone such as "Asia/Jakarta"')
    return value


class Condition(Section):
    """What must hold in a body; with a path alone: something lies there that is not false."""

    path: Path = Field(description="Where to look, in JMESPath.")
    one_of: Texts = Field((), description="It is one of these; capitals do not matter.")
    equals: Texts = Field((), description="It is this.")
    matches: Texts = Field((), description="It fits one of these patterns; `*` and `?` stand for any text or letter.")


class Dates(Section):
    """How dates are written."""

    formats: Texts = Field(
        ("auto",),
        min_length=1,
        description="Tried in turn: `auto` (ISO 8601, or seconds or milliseconds since 1970), `iso`, `epoch`, "
        "`epoch_ms`, or a pattern such as `%d/%m/%Y %H:%M`.",
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field("UTC", description="Time zone of dates that name none.")


class SourceSettings(Section):
    """One system that sends to us."""

    preset: str = Field("", description="Begin with a preset; everything below may be changed beside it. One of "
                        + ", ".join(f"`{name}`" for name in preset_names()) + ".")
    address: Address = Field("", description="Address of the other system, such as `https://acme.zendesk.com`; "
                             "`{address}` in the options below.")
    system: str = Field("", pattern=r"^([a-z0-9][a-z0-9_.-]{0,63})?$",
                        description="Name under which its customer ids are kept; empty: the source's own.")
    paths: Paths = Field({}, description="Where our fields lie in the body: a JMESPath expression for each, or "
                         "several of which the first with a value wins; an empty one switches a preset's off.")
    defaults: FieldTexts = Field({}, description="Values of fields that the body does not name.")
    values: Maps = Field({}, description="What the values of a field mean: a table for each field; capitals do not "
                         "matter, `*` stands for any text; the meaning `*` is the value itself, an empty one nothing.")
    each: str = Field("", description="Path to the list of events when one body holds several; a body that is a list "
                      "needs none.")
    tag_separators: str = Field(",;", description="Characters between tags that come as one text.")
    url: str = Field("", description="Link back, such as `{address}/tickets/{external_id}`.")
    ended: tuple[Condition, ...] = Field((), description="The contact has ended when one holds; none: always.")
    reopened: tuple[Condition, ...] = Field((), description="The contact goes on when one holds.")
    ignore: tuple[Condition, ...] = Field((), description="Nothing is done when one holds.")
    do_not_ask: tuple[Condition, ...] = Field((), description="Recorded, and nobody is asked, when one holds.")
    dates: Dates = Field(Dates(), description="How dates are written.")
    identifying: Texts = Field((), description="Kinds of identifiers that name one person for certain; empty: "
                               "`email`, `phone` and the system's own customer id.")
    delivery: tuple[Path, ...] = Field((), description="Paths to the sender's own id of a request, by which a "
                                       "repeated one is known; `_headers.x_delivery` is a header field.")
    template: str = Field("", description="The body as it was pasted into the other system, with its placeholders: by "
                          "it a body is read whose quotes break the JSON.")
    reply: str = Field("", description="JSON to answer requests with, for senders that show the answer, such as an app "
                       "beside a ticket; `{customer.id}` and other fields are filled in. Empty: ours.")
    verify: Verify = Field(Verify(), description="How requests show that they are genuine.")
    credentials: Credentials = Field(Credentials(), description="What look-ups sign in with.")
    lookups: dict[Name, Lookup] = Field({}, description="Calls for what the body lacks, in the order of the file.")

    @model_validator(mode="before")
    @classmethod
    def _on_preset(cls, given: Any) -> Any:
        """Lay what was given over the preset."""
        return merged(given) if isinstance(given, Mapping) else given

    @model_validator(mode="after")
    def _fits_together(self) -> SourceSettings:
        if not self.paths.get("external_id"):
            raise ValueError("paths.external_id must say where the contact's id lies")
        if self.each:
            compiled(self.each)
        for name, lookup in self.lookups.items():
            try:
                fixed_host(lookup.url)
            except ValueError as error:
                raise ValueError(f"lookups.{name}.url {error}") from None
        return self


class Settings(Section):
    """The table `[plugins.webhook]`."""

    sources: dict[Name, SourceSettings] = Field({}, description="The systems that send to us, each by a name of your "
                                                "own; they send to `/in/<name>`.")
