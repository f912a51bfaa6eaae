"""Open links as staff make, list, take back and give back; every step is audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field, ValidationError
from sqlalchemy import Connection

from ..contract.errors import NotFound, Problem, Refused
from ..contract.intake import Strict
from ..contract.scalars import Line, Slug
from ..loop.core import Core
from ..loop.open_kit import shown_for
from ..loop.open_links import open_address
from ..machinery.links import new_public_id
from ..store.queries import open_links as rows
from ..store.queries import people
from ..store.types import AnyRow
from ..surveys import ShownSurvey
from .audit import record

__all__ = [
    "NewLink",
    "OpenLink",
    "create_link",
    "find_link",
    "list_links",
    "restore_link",
    "revoke_link",
    "shown_survey",
    "wanted",
]


class NewLink(Strict):
    """What is fixed in an open link: whoever answers by it says nothing of this."""

    title: Line = Field("", max_length=200, description="What it is for; for colleagues.")
    survey: Line = Field("post-contact", description="Survey to ask; its newest version at the time of answering.")
    brand: Slug = Field("default", description="Brand to show.")
    channel: Slug = Field("other", description="How contacts run that this link is for: email, counter, chat …")
    team: Line = Field("", max_length=200, description="Who is responsible.")
    language: Line = Field("", description="Language to ask in; empty: the visitor's own.")
    agent_source: Line = Field("", description="The source that knows the agent.")
    agent: Line = Field("", description="The agent's id in that source.")
    source: Slug | None = Field(None, description="Source of the tickets that a macro's address names.")


@dataclass(frozen=True, slots=True)
class OpenLink:
    """An open link as it may be shown.

    Args:
        id: Its public id.
        link: Its address.
        title: What it is for.
        survey: The survey asked.
        brand: The brand shown.
        channel: How contacts run that it is for.
        team: Who is responsible.
        language: Language to ask in; empty: the visitor's own.
        agent: Public id of the agent.
        agent_name: How the agent is called.
        source: Source of the tickets that a macro's address names.
        answers: How many answers came by it.
        created_at: When it was made.
        created_by: Who made it.
        revoked_at: Since when it takes no answers any more.
    """

    id: str
    link: str
    title: str
    survey: str
    brand: str
    channel: str
    team: str
    language: str
    agent: str | None
    agent_name: str
    source: str
    answers: int
    created_at: datetime
    created_by: str
    revoked_at: datetime | None


def wanted(**values: str) -> NewLink:
    """Return what a form or a command says of a new link; what is empty is left out.

    Raises:
        Refused: A value cannot be used; every one of them is named.
    """
    try:
        return NewLink.model_validate({name: value for name, value in values.items() if value.strip()})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        problems = [Problem(str(each["loc"][0]), each["msg"].removeprefix("Value error, ")) for each in found]
        raise Refused(*problems) from None


def create_link(core: Core, new: NewLink, by: str) -> OpenLink:
    """Make an open link.

    Args:
        core: The instance.
        new: What is fixed in it.
        by: Who makes it, for the audit log.

    Raises:
        Refused: There is no such survey, brand, language or agent; every one of them is named.
    """
    now = core.clock.now()

    def run(connection: Connection) -> OpenLink:
        agent_id = _checked(connection, core, new)
        public_id = new_public_id()
        rows.add_link(connection, {
            "public_id": public_id, "title": new.title, "survey": new.survey, "brand": new.brand,
            "channel": new.channel, "team": new.team, "language": new.language, "agent_id": agent_id,
            "source": new.source or "", "created_at": now, "created_by": by,
        })  # fmt: skip
        record(connection, now, by, "open_link.created", f"open_link:{public_id}", {"survey": new.survey})
        return _shown(connection, core, _found(connection, public_id))

    return core.store.write(run)


def _checked(connection: Connection, core: Core, new: NewLink) -> int | None:
    """Return the agent's row number once everything that a link names is there."""
    problems = []
    version = core.shelf.newest(connection, new.survey)
    if version is None:
        problems.append(Problem("survey", f"there is no survey named {new.survey}"))
    elif new.language and new.language not in version.survey.languages:
        problems.append(Problem("language", f"must be one of {', '.join(version.survey.languages)}"))
    if new.brand not in core.settings.brands:
        problems.append(Problem("brand", f"must be one of {', '.join(core.settings.brands)}"))
    agent = people.agent_by_key(connection, new.agent_source, new.agent) if new.agent else None
    if new.agent and agent is None:
        problems.append(Problem("agent", "no contact of that source names such an agent yet"))
    if problems:
        raise Refused(*problems)
    return agent.id if agent is not None else None


def list_links(core: Core) -> list[OpenLink]:
    """Return all open links in the order they were made, those taken back included."""
    with core.store.read() as connection:
        return [_link(core, row, row.answers) for row in rows.all_links(connection)]


def find_link(core: Core, public_id: str) -> OpenLink:
    """Return one open link.

    Raises:
        NotFound: There is no such link.
    """
    with core.store.read() as connection:
        return _shown(connection, core, _found(connection, public_id))


def shown_survey(core: Core, link: OpenLink) -> ShownSurvey:
    """Return a link's survey as its visitors see it, in the link's language or in the instance's own.

    Raises:
        NotFound: The survey is not there any more.
    """
    with core.store.read() as connection:
        version = core.shelf.newest(connection, link.survey)
    if version is None:
        raise NotFound("the survey is not there any more")
    return shown_for(core, version.survey, link.language, link.brand)


def revoke_link(core: Core, public_id: str, by: str) -> OpenLink:
    """Let a link take no answers any more; those that came stay, and doing so again changes nothing.

    Raises:
        NotFound: There is no such link.
    """
    return _mark(core, public_id, core.clock.now(), by, "open_link.revoked")


def restore_link(core: Core, public_id: str, by: str) -> OpenLink:
    """Let a link that was taken back take answers again.

    Raises:
        NotFound: There is no such link.
    """
    return _mark(core, public_id, None, by, "open_link.restored")


def _mark(core: Core, public_id: str, at: datetime | None, by: str, deed: str) -> OpenLink:
    now = core.clock.now()

    def run(connection: Connection) -> OpenLink:
        row = _found(connection, public_id)
        if (row.revoked_at is None) != (at is None):
            rows.mark_revoked(connection, row.id, at)
            record(connection, now, by, deed, f"open_link:{public_id}")
        return _shown(connection, core, _found(connection, public_id))

    return core.store.write(run)


def _found(connection: Connection, public_id: str) -> AnyRow:
    row = rows.by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such open link")
    return row


def _shown(connection: Connection, core: Core, row: AnyRow) -> OpenLink:
    return _link(core, row, rows.count_answers(connection, row.id))


def _link(core: Core, row: AnyRow, answers: int) -> OpenLink:
    return OpenLink(
        id=row.public_id,
        link=open_address(core, row.public_id, row.brand),
        title=row.title,
        survey=row.survey,
        brand=row.brand,
        channel=row.channel,
        team=row.team,
        language=row.language,
        agent=row.agent_public_id,
        agent_name=row.agent_name or row.agent_external_id or "",
        source=row.source,
        answers=answers,
        created_at=row.created_at,
        created_by=row.created_by,
        revoked_at=row.revoked_at,
    )
