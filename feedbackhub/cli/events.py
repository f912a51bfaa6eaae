"""`feedbackhub events`: what happened, who has read it, and reading it again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from ..contract.records import Event
from ..loop.core import Core
from ..loop.lag import Lag, subscribers_lag
from ..loop.tallies import NAME
from ..office.event_log import events_after, kept, last_events, plan_replay, replay, retry
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

__all__ = ["events"]

View = Callable[..., Any]
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
TYPES = click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="Only of this type; `response.*` for all such. Repeatable."
)
_PAUSE = 0.5
_PAGE = 1000


@click.group(cls=Listing, epilog=examples(
    "events tail --follow",
    "events list --type response.recorded --since 2026-01-01",
    "events replay webhooks --from 2026-01-01",
))
def events() -> None:
    """The event log: every fact in the order in which it became durable, and who has read up to where.

    Events name records by public ids and hold no personal data. The core's `tallies` and plugins' subscribers read
    them, each at its own pace.
    """


@events.command("list")
@TYPES
@click.option("--since", default="", metavar="WHEN", help="From this day or moment on.")
@click.option("--after", default=0, type=click.IntRange(0), metavar="POSITION", help="Only behind this event.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1_000_000), help="How many at most.")
@AS_JSON
@click.pass_obj
def show_list(where: Where, types: tuple[str, ...], since: str, after: int, limit: int, as_json: bool) -> None:
    """List events, oldest first."""
    with opened_core(where) as core:
        begin = _moment(core, "--since", since) if since else None
        shown = 0
        while shown < limit:
            found = events_after(core, after, types, begin, min(_PAGE, limit - shown))
            _print(found, as_json)
            if not found:
                break
            shown, after = shown + len(found), found[-1].position
        if not shown and not as_json:
            click.echo("There are no such events.", err=True)


@events.command()
@TYPES
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0, 10_000), help="How many to begin with.")
@click.option("--follow", "-f", is_flag=True, help="Go on with those that come, until Ctrl-C.")
@AS_JSON
@click.pass_obj
def tail(where: Where, types: tuple[str, ...], limit: int, follow: bool, as_json: bool) -> None:
    """Show the newest events, and those that come."""
    with opened_core(where) as core:
        after = kept(core).last
        _print(last_events(core, types, limit) if limit else (), as_json)
        try:
            while follow:
                found = events_after(core, after, types, limit=_PAGE)
                _print(found, as_json)
                after = found[-1].position if found else after
                if len(found) < _PAGE:
                    time.sleep(_PAUSE)
        except KeyboardInterrupt:
            return


@events.command("subscribers")
@AS_JSON
@click.pass_obj
def show_subscribers(where: Where, as_json: bool) -> None:
    """Show who reads the log, up to where, and what stops those that fail."""
    with opened_core(where) as core:
        found, ends = subscribers_lag(core), kept(core)
    if as_json:
        for each in found:
            click.echo(json.dumps(_record(each)))
        return
    rows = [[each.name, str(each.position), str(each.behind), _state(each), each.error] for each in found]
    show_table(("Subscriber", "Read", "Behind", "State", "What stops it"), rows, "Nobody reads the log.")
    if ends.last:
        click.echo(f"The log holds events {ends.first} to {ends.last}.")


def _state(lag: Lag) -> str:
    if not lag.installed:
        return "plugin gone"
    if not lag.error:
        return "reading" if lag.behind else "up to date"
    where = f" at event {lag.stuck_at}" if lag.stuck_at else ""
    return f"parked{where}" if lag.parked else f"failing{where}, next try {moment(lag.retry_at)}"


def _record(lag: Lag) -> dict[str, Any]:
    return {
        "name": lag.name, "position": lag.position, "behind": lag.behind, "since": _iso(lag.since),
        "installed": lag.installed, "error": lag.error, "failures": lag.failures, "parked": lag.parked,
        "stuck_at": lag.stuck_at, "retry_at": _iso(lag.retry_at),
    }  # fmt: skip


@events.command("replay")
@click.argument("subscriber")
@click.option("--from", "start", required=True, metavar="WHERE", help="An event's position, a day or moment, or start.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_obj
def read_again(where: Where, subscriber: str, start: str, yes: bool) -> None:
    """Hand SUBSCRIBER the events from some point on once more, in order, up to the newest.

    What follows from them happens again: a plugin changes its own tables, plans its work and sends once more, unless it
    gave that work a key, which is done only once. The core's `tallies` count nothing twice. The events themselves are
    handed over by whoever runs the engine, `feedbackhub serve` or `worker`.
    """
    with opened_core(where) as core:
        wanted = plan_replay(core, subscriber, _start(core, start))
        if not yes and wanted.name != NAME:
            click.echo(f"{wanted.name} gets {wanted.events} events once more, from event {wanted.start} on.")
            click.confirm("What it did for them may happen again. Go on?", abort=True)
        replay(core, wanted, ACTOR)
    click.echo(f"{wanted.name} reads again from event {wanted.start} on: {wanted.events} events it had read before.")


@events.command("retry")
@click.argument("subscriber")
@click.pass_obj
def try_again(where: Where, subscriber: str) -> None:
    """Let SUBSCRIBER, which fails or is parked, try again now instead of later.

    A subscriber that fails rests for longer and longer. After ten failures in a row it is parked: it is then tried once
    an hour, when a server starts, and by this command. It gets the same events again; nothing is left out.
    """
    with opened_core(where) as core:
        found = retry(core, subscriber, ACTOR)
    at = f" at event {found.stuck_at}" if found.stuck_at else ""
    click.echo(f"{found.name} is tried again{at}. Before, it failed {found.failures} times: {found.error}")


def _start(core: Core, said: str) -> int | datetime | None:
    if said == "start":
        return None
    if said.isascii() and said.isdigit() and len(said) < 19:
        return int(said)
    return _moment(core, "--from", said)


def _moment(core: Core, option: str, said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)  # a day alone is its first moment
    except ValueError:
        position = "an event's position, start, " if option == "--from" else ""
        message = f"{said!r} is not {position}a day like 2026-03-02 or a moment like 2026-03-02T09:00+07:00"
        raise click.BadParameter(message, param_hint=option) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(core.settings.timezone))


def _print(found: Iterable[Event], as_json: bool) -> None:
    for each in found:
        payload = json.dumps(dict(each.payload), ensure_ascii=as_json)
        if as_json:
            said = f'"position": {each.position}, "type": {json.dumps(each.type)}, "at": {json.dumps(_iso(each.at))}'
            click.echo(f'{{{said}, "payload": {payload}}}')
        else:
            click.echo(f"{each.position:>8}  {each.at:%Y-%m-%d %H:%M:%S}  {each.type:<22}  {payload}")


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
