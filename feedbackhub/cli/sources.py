"""`feedbackhub sources`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import click

from ..contract.errors import Refused
from ..contract.inbound import Ignored, Incoming, Reopened
from ..loop.core import Core
from ..loop.receivers import incoming_url
from ..loop.trying import Tried, problems_of, source_to_try, try_request
from ..office import requests
from ..office.lists import Place
from ..office.requests import InboundFilter, Request
from ..office.sources import SourceLine, list_sources
from .by_id import ById
from .failures import Failure
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(cls=Listing, epilog=examples(
    "sources list",
    "sources try zendesk body.json",
    "sources inbox --state failed",
))
def sources() -> None:
    """Who tells us of ended contacts, and what became of what they told."""


@sources.command("list")
@AS_JSON
@click.pass_obj
def show(where: Where, as_json: bool) -> None:
    """List the sources and channels that other systems call, with their addresses."""
    with opened_core(where) as core:
        found = list_sources(core)
    if as_json:
        click.echo(json.dumps([{**line(each), "address": each.address} for each in found], indent=2))
        return
    rows = [(each.name, each.plugin or "not active", each.address, moment(each.accepted_at), str(each.waiting),
             str(each.failed), str(each.refused)) for each in found]  # fmt: skip
    headings = ("name", "plugin", "address", "last call", "to be read", "failed", "refused")
    show_table(headings, rows, "No source is active; docs/sources.md says how to make one.")


def line(each: SourceLine) -> dict[str, Any]:
    """Return a source as JSON."""
    return {
        "name": each.name, "plugin": each.plugin, "kind": each.kind, "waiting": each.waiting, "failed": each.failed,
        "refused": each.refused, "accepted_at": each.accepted_at.isoformat() if each.accepted_at else None,
    }  # fmt: skip


@sources.command("try")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--headers", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="File with header fields, one `Name: value` a line.")  # fmt: skip
@click.option("--query", default="", help="Query of the address, like brand=acme.")
@click.option("--no-enrich", is_flag=True, help="Look nothing up in other systems.")
@AS_JSON
@click.pass_obj
def try_(
    where: Where, name: str, file: Path, headers: Path | None, query: str, no_enrich: bool, as_json: bool
) -> None:
    """Show what the body in FILE would become in the source or preset NAME. Stores nothing."""
    body = file.read_bytes()
    fields = {"content-type": guessed(body), **(dict(header_fields(headers)) if headers else {})}
    with opened_core(where) as core:
        plugin, source = source_to_try(core, name)
        url = incoming_url(core, source.name, query)
        incoming = Incoming(body, core.clock.now(), fields, dict(parse_qsl(query, keep_blank_values=True)), url)
        try:
            tried = try_request(core, plugin, source, incoming, not no_enrich)
        except Refused as error:
            show_table(("field", "problem"), [(each.field or "–", each.reason) for each in error.problems], "")
            raise Failure(f"{file} cannot be read by {source.name}; nothing would be lost, it would wait") from None
    if as_json:
        click.echo(json.dumps([as_facts(each) for each in tried], indent=2, ensure_ascii=False))
    else:
        tell(tried)
    if any(each.flaw for each in tried):
        raise Failure(f"{file} would wait in the inbox")


def guessed(body: bytes) -> str:
    """Return the media type that a body seems to have."""
    return "application/json" if body.lstrip()[:1] in (b"{", b"[") else "application/x-www-form-urlencoded"


def header_fields(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the header fields that a file lists.

    Raises:
        Failure: A line is no header field.
    """
    for number, each in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        field, colon, value = each.partition(":")
        if each.strip() and not (colon and field.strip()):
            raise Failure(f"{file}, line {number}: write a header field as `Name: value`")
        if each.strip():
            yield field.strip().lower(), value.strip()


def tell(tried: Sequence[Tried]) -> None:
    """Print what a request would become."""
    if not tried:
        click.echo("Nothing in it tells of a contact.")
    for number, each in enumerate(tried):
        if number:
            click.echo()
        rows = list(lines(each))
        show_table(rows[0], rows[1:], "  ".join(rows[0]))


def lines(tried: Tried) -> Iterator[tuple[str, str]]:
    """Yield what one thing in a request would become, each part with its name."""
    item = tried.item
    if isinstance(item, Ignored):
        yield "ignored", item.reason
    elif isinstance(item, Reopened):
        yield "reopened", item.external_id
        yield "at", moment(item.at) if item.at else "when it comes"
    else:
        yield from flat(item.model_dump(mode="json", exclude_defaults=True))
    for field, reason in problems_of(tried):
        yield f"problem with {field}" if field else "problem", reason
    if tried.verdict is not None:
        asked = tried.verdict.ask
        yield "decision", "would be asked" if asked else f"would not be asked, by rule {tried.verdict.decision.rule}"
        yield "reason", tried.verdict.decision.reason
        if asked:
            yield "survey", f"{asked.survey} by {', then '.join(asked.channels)}, on {moment(asked.due_at)}"


def flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of a contact by their dotted names."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, ", ".join(map(str, value))
        elif value not in (None, ""):
            yield prefix + name, value if isinstance(value, str) else json.dumps(value)


def as_facts(tried: Tried) -> dict[str, Any]:
    """Return the same as JSON."""
    item, found = tried.item, {"problems": [{"field": f, "reason": r} for f, r in problems_of(tried)]}
    if isinstance(item, Ignored):
        return {"ignored": item.reason, **found}
    if isinstance(item, Reopened):
        return {"reopened": item.external_id, "at": item.at.isoformat() if item.at else None, **found}
    decided = tried.verdict.decision if tried.verdict else None
    decision = {"outcome": decided.outcome, "rule": decided.rule, "reason": decided.reason} if decided else None
    return {"contact": item.model_dump(mode="json", exclude_defaults=True), "decision": decision, **found}


@sources.command()
@click.option("--source", default="", help="Only requests to this source or channel.")
@click.option("--state", type=click.Choice(requests.STATES), default=None, help="Only requests in this state.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@AS_JSON
@click.pass_obj
def inbox(where: Where, source: str, state: str | None, limit: int, as_json: bool) -> None:
    """List what other systems told, newest first, and what became of it."""
    with opened_core(where) as core:
        found = requests.list_requests(core, InboundFilter(source, state or ""), Place(), limit)
    if as_json:
        click.echo(json.dumps([request_facts(each) for each in found.lines], indent=2, ensure_ascii=False))
        return
    rows = [(each.id, each.receiver, moment(each.received_at), each.state, outcome(each)) for each in found.lines]
    show_table(("id", "source", "received", "state", "what became of it"), rows, "Nothing came yet.")


def outcome(each: Request) -> str:
    """Say in one line what became of a request."""
    if each.problems:
        return "; ".join(f"{one.field}: {one.reason}" if one.field else one.reason for one in each.problems)
    told = [each.waits, *each.ignored, *(f"contact {one.contact}" for one in each.contacts)]
    return "; ".join(filter(None, told)) or ("emptied: its person was erased" if each.erased else "")


def request_facts(each: Request) -> dict[str, Any]:
    """Return a request as JSON, without its body."""
    return {
        "id": each.id, "source": each.receiver, "state": each.state, "received_at": each.received_at.isoformat(),
        "attempts": each.attempts, "problems": [{"field": p.field, "reason": p.reason} for p in each.problems],
        "ignored": list(each.ignored), "contacts": [one.contact for one in each.contacts],
    }  # fmt: skip


@sources.command(cls=ById)
@click.argument("request_id", required=False)
@click.option("--all", "all_", is_flag=True, help="Every request that failed.")
@click.option("--source", default="", help="With --all: only those of this source or channel.")
@click.pass_obj
def retry(where: Where, request_id: str | None, all_: bool, source: str) -> None:
    """Read a request again that failed, such as after its mapping was mended."""
    if bool(request_id) == all_:
        raise click.UsageError("Name one request, or say --all.")
    with opened_core(where) as core:
        n = requests.retry_failed(core, ACTOR, source) if all_ else one(core, request_id or "")
    click.echo(f"{n} request{'s' * (n != 1)} will be read again by the running server.")


def one(core: Core, request_id: str) -> int:
    """Read one request again."""
    requests.retry(core, request_id, ACTOR)
    return 1


@sources.command(cls=ById)
@click.argument("request_id")
@click.pass_obj
def discard(where: Where, request_id: str) -> None:
    """Do not read a request any more."""
    with opened_core(where) as core:
        requests.discard(core, request_id, ACTOR)
    click.echo("Discarded.")
