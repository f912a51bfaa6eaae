"""`feedbackhub contacts`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TextIO

import click
from pydantic import ValidationError

from ..contract.errors import Refused
from ..contract.intake import ContactEvent
from ..contract.scalars import read_moment
from ..loop.intake import get_contact, record_contact, reopen_contact
from ..loop.understand import problems_of
from ..loop.views import ContactView
from ..office.lists import ContactFilter, ContactLine, Place, list_contacts
from .by_id import ById
from .failures import Failure
from .instance import opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

__all__ = ["contacts"]

HEADINGS = ("contact", "ended", "source", "number", "channel", "team", "decision", "state")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(cls=Listing, epilog=examples(
    "contacts add contact.json",
    "contacts list --decision not_asked",
    "contacts reopen helpdesk 4711",
))
def contacts() -> None:
    """What has ended, and whether its customer was asked."""


@contacts.command("list")
@click.option("--source", default="", help="Only from this source.")
@click.option("--channel", default="", help="Only of this channel.")
@click.option("--team", default="", help="Only of this team.")
@click.option("--decision", default="", metavar="WHICH", help="asked, not_asked, or rule:NAME.")
@click.option("--after", default="", metavar="CONTACT", help="Go on behind this contact.")
@click.pass_obj
def show_all(where: Where, source: str, channel: str, team: str, decision: str, after: str) -> None:
    """List contacts, the newest first, a page at a time."""
    wanted = ContactFilter(source=source, channel=channel, team=team, decision=decision)
    with opened_core(where) as core:
        page = list_contacts(core, wanted, Place(after=after))
    show_table(HEADINGS, map(row_of, page.lines), "No contacts; feedbackhub contacts add FILE records one.")
    if page.older:
        click.echo(f"Older ones: feedbackhub contacts list --after={page.older.after}", err=True)


def row_of(line: ContactLine) -> tuple[str, ...]:
    """Return a contact's line of the table."""
    number = line.external_id if line.resolution == 1 else f"{line.external_id} ({line.resolution})"
    decided = "asked" if line.asked else f"not asked: {line.rule}"
    return line.id, moment(line.ended_at), line.source, number, line.channel, line.team, decided, line.state or "–"


@contacts.command(cls=ById)
@click.argument("contact")
@JSON
@click.pass_obj
def show(where: Where, contact: str, as_json: bool) -> None:
    """Show one CONTACT, by its id, with the decision on it."""
    with opened_core(where) as core:
        tell(get_contact(core, contact), as_json)


@contacts.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@JSON
@click.pass_obj
def add(where: Where, file: TextIO, as_json: bool) -> None:
    """Record the ended contact in FILE (- for standard input): the same JSON as POST /api/v1/contacts takes."""
    event = read_event(file)
    with opened_core(where) as core:
        done = record_contact(core, event)
    if not done.created:
        click.echo("Recorded before; nothing was changed.", err=True)
    for each in done.ignored:
        click.echo(f"{each.field} is {each.stored!r}, not {each.given!r}", err=True)
    tell(done.contact, as_json)


@contacts.command()
@click.argument("source")
@click.argument("number")
@click.option("--at", default="", metavar="TIME", help="When, like 2026-03-01T09:30:00Z; now when left out.")
@click.pass_obj
def reopen(where: Where, source: str, number: str, at: str) -> None:
    """Note that contact NUMBER of SOURCE goes on: what is not sent is called off."""
    with opened_core(where) as core:
        done = reopen_contact(core, source, number, moment_of(at))
    if not done.applied:
        click.echo("It was open already, or ended again later; nothing was changed.")
        return
    n = done.cancelled
    click.echo(f"Reopened; {n} message{'s' * (n != 1)} called off.")


def moment_of(text: str) -> datetime | None:
    """Return a moment that was typed, None for none.

    Raises:
        BadParameter: It is none.
    """
    try:
        return read_moment(text) if text else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def read_event(file: TextIO) -> ContactEvent:
    """Return the contact that a file tells of.

    Raises:
        Failure: It is no JSON.
        Refused: It is no contact; every reason is named.
    """
    try:
        return ContactEvent.model_validate(json.load(file))
    except UnicodeDecodeError:
        raise Failure(f"{file.name} is no text in UTF-8") from None
    except ValidationError as error:
        raise Refused(*problems_of(error)) from None
    except (ValueError, RecursionError) as error:
        raise Failure(f"{file.name} is no JSON: {error}") from None


def tell(contact: ContactView, as_json: bool) -> None:
    """Print a contact with its decision and its link."""
    if as_json:
        click.echo(json.dumps(asdict(contact), indent=2, default=plain, ensure_ascii=False))
        return
    first, *more = [(name, value) for name, value in lines(contact) if value]
    show_table(first, more, "")


def lines(contact: ContactView) -> Iterable[tuple[str, str]]:
    """Yield what is worth saying of a contact, each with its name."""
    yield "contact", contact.id
    yield "number", f"{contact.external_id} of {contact.source}, resolution {contact.resolution}"
    yield "ended", moment(contact.ended_at)
    yield "reopened", moment(contact.reopened_at) if contact.reopened_at else ""
    yield "customer", contact.customer or "anonymous"
    for name in ("channel", "team", "topic", "product", "brand", "language", "segment", "country", "url"):
        yield name, getattr(contact, name)
    decision = contact.decision
    yield "decision", "asked" if decision.outcome == "ask" else f"not asked, by rule {decision.rule}"
    yield "reason", decision.reason
    for name, value in decision.facts.items():
        yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if contact.invitation is not None:
        yield "survey", contact.invitation.survey
        yield "state", f"{contact.invitation.state} {contact.invitation.reason}".strip()
        yield "due", moment(contact.invitation.due_at)
        yield "link", contact.invitation.link


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
