"""`feedbackhub links`: open links."""

from __future__ import annotations

import click

from ..loop.open_kit import snippets
from ..office import open_links as office
from .by_id import ById
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where


@click.group(cls=Listing, epilog=examples(
    'links create "Signature of billing" --team Billing --channel email',
    "links list",
))
def links() -> None:
    """One address for everybody who sees it: in signatures, in macros, on receipts."""


@links.command("list")
@click.pass_obj
def show(where: Where) -> None:
    """List all open links, those taken back included."""
    with opened_core(where) as core:
        rows = [
            (each.title or "–", each.id, "taken back" if each.revoked_at else "in use", each.survey,
             str(each.answers), moment(each.created_at), each.link)
            for each in office.list_links(core)
        ]  # fmt: skip
    headings = ("title", "id", "state", "survey", "answers", "made", "link")
    show_table(headings, rows, "No open links yet; feedbackhub links create TITLE")


@links.command()
@click.argument("title")
@click.option("--survey", default="post-contact", show_default=True, help="Survey to ask.")
@click.option("--brand", default="", help="Brand to show.")
@click.option("--channel", default="", help="How contacts run that it is for: email, counter, chat …")
@click.option("--team", default="", help="Who is responsible.")
@click.option("--language", default="", help="Language to ask in; left out: the visitor's own.")
@click.option("--agent", default="", metavar="SOURCE:ID", help="Who served, as a source knows the agent.")
@click.option("--source", default="", help="Source of the tickets that a macro's address names.")
@click.pass_obj
def create(where: Where, /, title: str, agent: str, **fixed: str) -> None:
    """Make an open link and show its address."""
    agent_source, _, agent_id = agent.partition(":")
    new = office.wanted(title=title, agent_source=agent_source, agent=agent_id, **fixed)
    with opened_core(where) as core:
        made = office.create_link(core, new, ACTOR)
    click.echo(f"Made with the id {made.id}.", err=True)
    click.echo(made.link)


@links.command(cls=ById)
@click.argument("link")
@click.argument("name", default="link")
@click.pass_obj
def snippet(where: Where, link: str, name: str) -> None:
    """Show what to paste of a link, by its id: link, signature, or the name of a helpdesk."""
    with opened_core(where) as core:
        found = office.find_link(core, link)
        texts = {each.name: each.text for each in snippets(office.shown_survey(core, found), found.link)}
    if name not in texts:
        raise click.UsageError(f"there is no {name!r}; choose one of {', '.join(texts)}")
    click.echo(texts[name])


@links.command(cls=ById)
@click.argument("link")
@click.pass_obj
def revoke(where: Where, link: str) -> None:
    """Let a link take no more answers, by its id."""
    with opened_core(where) as core:
        office.revoke_link(core, link, ACTOR)
    click.echo(f"{link} takes no more answers.")


@links.command(cls=ById)
@click.argument("link")
@click.pass_obj
def restore(where: Where, link: str) -> None:
    """Let a link that was taken back take answers again, by its id."""
    with opened_core(where) as core:
        office.restore_link(core, link, ACTOR)
    click.echo(f"{link} takes answers again.")
