"""Page: what a customer sees behind a link. Looking never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from ..contract.records import Brand
from ..machinery.i18n import negotiate
from ..store.queries.collecting import page_row
from ..store.types import AnyRow
from ..surveys import Survey
from ..surveys.piping import Names
from .compose import Facts, names_for
from .core import Core
from .deliver import brand_record

Kind = Literal["open", "answered", "expired", "cancelled", "stopped", "unknown", "revoked"]


@dataclass(frozen=True)
class PageView:
    """What to show behind a link.

    Args:
        kind: Which page: the survey, or one that says kindly why there is none.
        invitation: The invitation's public id, empty when there is none.
        survey: The survey asked, None when the link is unknown.
        language: In which of the survey's languages to show it.
        timezone: The customer's time zone, or the company's.
        brand: The brand to show.
        facts: What its texts may say about the contact, None when there is none.
        customer_name: The customer's name, empty for nobody or nobody known.
        values: What was answered so far.
        answered: Whether something was answered before.
        open_until: Until when the answer may be given or changed.
    """

    kind: Kind
    invitation: str
    survey: Survey | None
    language: str
    timezone: str
    brand: Brand
    facts: Facts | None
    customer_name: str
    values: Mapping[str, Any]
    answered: bool
    open_until: datetime | None

    @cached_property
    def names(self) -> Names:
        """What the survey's placeholders stand for; worked out only where a text holds one."""
        return {} if self.facts is None else names_for(self.facts, self.customer_name, self.brand, self.language)


def look_up(core: Core, token: str, chosen: str = "", accepted: str = "") -> PageView:
    """Return what is behind a link; a forged one is refused without touching the database.

    Args:
        core: The instance.
        token: The link's last part, whatever it holds.
        chosen: The language chosen on the page, which goes before the recorded one.
        accepted: The browser's Accept-Language, for customers whose language is not recorded.
    """
    public_id = core.links.read(token)
    row = None
    if public_id is not None:
        with core.store.glance() as connection:
            row = page_row(connection, public_id)
    return nothing_there(core) if row is None else page_view(core, row, chosen, accepted)


def nothing_there(core: Core) -> PageView:
    """Return what is behind a link that is none."""
    brand = brand_record(core, "default")
    return PageView("unknown", "", None, "", core.settings.timezone, brand, None, "", {}, False, None)


def page_view(core: Core, row: AnyRow, chosen: str = "", accepted: str = "") -> PageView:
    """Return the view of an invitation's row; the languages as in `look_up`."""
    brand = brand_record(core, row.brand)
    facts = facts_of(core, row)
    survey = core.shelf.version(row.survey_version_id).survey
    wish = chosen if chosen in survey.languages else row.language or negotiate(accepted, survey.languages, "")
    language = survey.language_for(wish or core.settings.default_language)
    return PageView(
        kind=kind_of(row, core.clock.now()),
        invitation=row.public_id,
        survey=survey,
        language=language,
        timezone=facts.timezone,
        brand=brand,
        facts=facts,
        customer_name=row.customer_name or "",
        values=row.answers or {},
        answered=row.response_id is not None,
        open_until=open_until(row),
    )


def facts_of(core: Core, row: AnyRow) -> Facts:
    """Return what the texts may say about an invitation's contact.

    Who came by an open link has no ticket, or only claims one: of that nothing may be told.
    """
    timezone = row.timezone or core.settings.timezone
    if row.open_link_id is not None:
        return Facts(row.contact_at, timezone)
    return Facts(
        ended_at=row.contact_at,
        timezone=timezone,
        channel=row.channel,
        topic=row.topic,
        product=row.product,
        team=row.team,
        reference=row.reference or "",
        agent_name=(row.agent_name or "") if core.settings.web.show_agent_names else "",
    )


def kind_of(row: AnyRow, now: datetime) -> Kind:
    """Return which page an invitation gets."""
    if row.response_id is None:
        if row.state == "cancelled":
            return "stopped" if row.reason == "suppressed" else "cancelled"
        return "expired" if row.expires_at <= now or row.state == "expired" else "open"
    return "open" if now < open_until(row) else "answered"


def open_until(row: AnyRow) -> datetime:
    """Return until when an answer is taken.

    A person may answer until the link expires, and change that for the edit window after answering;
    an answer that looks like a machine's closes nothing.
    """
    if row.response_id is None or (row.confidence == "suspect" and row.verdict != "accepted"):
        return row.expires_at  # type: ignore[no-any-return]
    window: datetime = row.response_created_at + timedelta(seconds=row.edit_window)
    return window
