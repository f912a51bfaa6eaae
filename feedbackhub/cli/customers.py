"""`feedbackhub customers`."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ..contract.errors import NotFound
from ..contract.intake import CustomerIdentifiers
from ..contract.records import Identifier
from ..contract.scalars import as_line
from ..loop.card import Card
from ..loop.identify import identifiers_in
from ..machinery.settings import Settings
from ..office.card_views import view_card
from ..office.erasing import Erased, erase_person
from ..office.rights import export_person
from ..office.whom import Whom
from ..store.purge import purge
from ..web.card_json import card_json
from .by_id import ById
from .failures import Failure
from .instance import ACTOR, opened_core, opened_store
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

__all__ = ["customers"]

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=Listing, epilog=examples(
    "customers show --email ann@example.org",
    "customers export --email ann@example.org --out ann.json",
    "customers erase --id shop=4711",
))
def customers() -> None:
    """What is known of a person: to look at, to hand out, to erase."""


def whom(command: F) -> F:
    """Let a command be told whom it is about."""
    for option in (
        click.option("--address", "addresses", multiple=True, metavar="KIND=ADDRESS", help="Of another channel."),
        click.option("--id", "ids", multiple=True, metavar="SYSTEM=ID", help="Id in another system; give several."),
        click.option("--phone", default="", help="Phone number, international or local."),
        click.option("--email", default="", help="E-mail address."),
        click.argument("customer", default=""),
    ):
        command = option(command)
    return command


def named(settings: Settings, said: Mapping[str, Any]) -> Whom:
    """Return whom a command is about.

    Raises:
        UsageError: Nobody was named, or by both ways.
        Refused: An identifier cannot be read.
    """
    customer, email, phone = said["customer"], said["email"], said["phone"]
    ids, addresses = pairs("--id", said["ids"]), pairs("--address", said["addresses"])
    if bool(customer) == bool(email or phone or ids or addresses):
        raise click.UsageError("Name a person by CUSTOMER, the id that feedbackhub gave, or by --email, --phone, --id.")
    if customer:
        return str(customer)
    found = CustomerIdentifiers.model_construct(email=email, phone=phone, ids=ids, addresses=addresses)
    return identifiers_in(found, settings.default_region, field="")


def pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """Return what was typed as NAME=VALUE.

    Raises:
        BadParameter: Some was typed otherwise.
    """
    parts = [text.partition("=") for text in texts]
    wrong = [text for text, (name, _, value) in zip(texts, parts, strict=True) if not (name and value)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} must be written as NAME=VALUE", param_hint=option)
    return {name: value for name, _, value in parts}


@customers.command(cls=ById)
@whom
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(where: Where, /, as_json: bool, **said: Any) -> None:
    """Show what the next agent would see; that somebody looked is noted."""
    with opened_core(where) as core:
        who = named(core.settings, said)
        card = view_card(core, ACTOR, who) if isinstance(who, str) else view_card(core, ACTOR, identifiers=who)
    if card.state == "unknown":
        raise NotFound("nobody is known by that")
    if as_json:
        click.echo(json.dumps(card_json(card), indent=2, ensure_ascii=False))
        return
    tell(card)


def tell(card: Card) -> None:
    """Print a card's lines."""
    facts = [("customer", card.customer), ("name", card.name), ("segment", card.segment), ("language", card.language)]
    facts += [(each.kind, each.value) for each in card.identifiers]
    facts += [("last asked", moment(card.last_asked_at)), ("may be asked from", moment(card.next_ask_at))]
    first, *more = [(name, value) for name, value in facts if value]
    show_table(first, more, "")
    ratings = [
        (moment(each.at), each.channel, f"{each.value} of {each.maximum}" if each.value is not None else "–",
         as_line(each.comment, 80))
        for each in card.ratings
    ]  # fmt: skip
    click.echo()
    show_table(("answered", "channel", "rating", "in their words"), ratings, "No answers yet.")


@customers.command(cls=ById)
@whom
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to a new FILE.")
@click.pass_obj
def export(where: Where, /, out: Path | None, **said: Any) -> None:
    """Write a copy of everything known about a person, as JSON."""
    with opened_core(where) as core:
        copy = export_person(core, named(core.settings, said), ACTOR)
    text = json.dumps(copy, indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    # For its owner only, and never over something that is there.
    with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    click.echo(f"Written to {out}.")


@customers.command(cls=ById)
@whom
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_obj
def erase(where: Where, /, yes: bool, **said: Any) -> None:
    """Erase a person: who they are and what they said. Scores stay, without them. Nothing brings it back."""
    with opened_core(where) as core:
        who = named(core.settings, said)
        if not yes:
            click.confirm("Erase this person everywhere? Nothing brings it back.", abort=True)
        done = erase_person(core, who, ACTOR)
        sqlite = core.store.is_sqlite
    report(done, sqlite)


def report(done: Erased, sqlite: bool) -> None:
    """Say what was erased, and what was not.

    Raises:
        Failure: A plugin still keeps something.
    """
    rows = [(name.replace("_", " "), str(n)) for name, n in sorted(done.counts.items()) if n]
    rows += [(f"kept by {name}", str(n)) for name, n in done.plugins.items() if n]
    show_table(("erased", "how many"), rows, "Nothing was left to erase.")
    if not done.purged:
        click.echo(
            "The database's file may still hold traces: it is large, or was being read. In a quiet hour:"
            " feedbackhub customers purge"
        )
    if not sqlite:
        click.echo("PostgreSQL removes dead rows from its files by VACUUM, its log and backups as they expire.")
    if done.failed:
        raise Failure(
            f"{', '.join(f'{name} ({why})' for name, why in done.failed.items())} could not erase; all else is"
            " erased. They are asked again by themselves; at once with:"
            f" feedbackhub customers erase {options(done.identifiers)}"
        )


def options(identifiers: Sequence[Identifier]) -> str:
    """Return identifiers as they are typed."""
    typed = []
    for each in identifiers:
        kind, _, system = each.kind.partition(":")
        if kind == "id":
            typed.append(f"--id {shlex.quote(f'{system}={each.value}')}")
        elif kind in ("email", "phone"):
            typed.append(f"--{kind} {shlex.quote(each.value)}")
        else:
            typed.append(f"--address {shlex.quote(f'{kind}={each.value}')}")
    return " ".join(typed)


@customers.command("purge")
@click.pass_obj
def purge_files(where: Where) -> None:
    """Rewrite a SQLite database so that nothing erased can be read in its files; answers wait meanwhile."""
    with opened_store(where) as (_, store):
        if not purge(store):
            raise Failure("somebody is reading the database; try again")
    click.echo("Nothing erased is left in the database's files.")
