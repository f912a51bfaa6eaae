"""`feedbackhub tasks`: what waits, runs and is parked; have it run now, call it off."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from ..contract.errors import Conflict
from ..loop.core import Core
from ..office.task_deeds import DONE, discard_all, discard_tasks, retry_all, retry_tasks
from ..office.tasks import KINDS, STATES, TaskLine, Wanted, in_trouble_first, one_task
from .by_id import ById
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where

__all__ = ["tasks"]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
MOST = 1_000_000
View = Callable[..., Any]


def filters(view: View) -> View:
    """Let a command choose tasks by what they are."""
    for option in (
        click.option("--plugin", default="", help="Only tasks of this plugin."),
        click.option("--lane", default="", help="Only tasks of this lane: a channel, or `core`, `inbound`."),
        click.option("--kind", type=click.Choice(tuple(KINDS)), default=None, help="Only tasks of this kind."),
    ):
        view = option(view)
    return view


@click.group(cls=Listing, epilog=examples(
    "tasks list --state parked",
    "tasks retry --all --lane email",
    "tasks cancel --all --lane sms",
))
def tasks() -> None:
    """What is to be done: deliveries, letters, requests to read, plugins' work; what failed for good is parked.

    `retry` has a task run now, its tries counted anew. `discard` gives up one that is parked, `cancel` one that waits;
    either is taken back by `retry`, for as long as the task is kept.
    """


@tasks.command("list")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only tasks in this state.")
@filters
@click.option("--failing", is_flag=True, help="Only tasks that failed before.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many at most.")
@click.option("--all", "all_", is_flag=True, help="All of them, however many.")
@AS_JSON
@click.pass_obj
def show_all(
    where: Where, state: str | None, kind: str | None, lane: str, plugin: str, failing: bool, limit: int, all_: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """List tasks that have not ended: parked ones first, then those that run, then those that wait."""
    with opened_core(where) as core:
        wanted = Wanted(state or "", kind or "", lane, plugin, failing)
        found = in_trouble_first(core, wanted, MOST if all_ else limit)
    if as_json:
        for each in found:
            click.echo(json.dumps(facts(each), ensure_ascii=False))
        return
    rows = [
        (each.id, each.kind, each.lane, each.state, str(each.attempts), moment(each.due_at), each.what, each.error)
        for each in found
    ]
    show_table(("id", "kind", "lane", "state", "tries", "due", "about", "error"), rows, "Nothing is to be done.")


@tasks.command(cls=ById)
@click.argument("task_id")
@AS_JSON
@click.pass_obj
def show(where: Where, task_id: str, as_json: bool) -> None:
    """Show one task with all that is known of it."""
    with opened_core(where) as core:
        found = one_task(core, task_id)
    if as_json:
        click.echo(json.dumps(facts(found), ensure_ascii=False))
        return
    for name, value in facts(found).items():
        if value not in ("", None):
            click.echo(f"{name:<12} {value}")


@tasks.command(cls=ById)
@click.argument("task_ids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All tasks that are parked, or that wait after they failed.")
@filters
@click.pass_obj
def retry(where: Where, task_ids: tuple[str, ...], all_: bool, kind: str | None, lane: str, plugin: str) -> None:
    """Have tasks run now: those of these TASK_IDS, or --all that are in trouble.

    A delivery is sent only if the customer still may and need be asked; the rest is left as it is, with the reason.
    """
    with opened_core(where) as core:
        if one_or_all(task_ids, all_):
            fared: Mapping[str, int] = retry_tasks(core, task_ids, ACTOR)
        else:
            parked = retry_all(core, Wanted("parked", kind or "", lane, plugin), ACTOR)
            waiting = retry_all(core, Wanted("due", kind or "", lane, plugin, failing=True), ACTOR)
            fared = {said: parked.get(said, 0) + waiting.get(said, 0) for said in {**parked, **waiting}}
    tell(fared, "due now", task_ids)


@tasks.command(cls=ById)
@click.argument("task_ids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All tasks that are parked.")
@filters
@click.pass_obj
def discard(where: Where, task_ids: tuple[str, ...], all_: bool, kind: str | None, lane: str, plugin: str) -> None:
    """Give up tasks that are parked: those of these TASK_IDS, or --all."""
    with opened_core(where) as core:
        if one_or_all(task_ids, all_):
            only(core, task_ids, "parked", "it is not parked; what waits is called off by `feedbackhub tasks cancel`")
            fared = discard_tasks(core, task_ids, ACTOR)
        else:
            fared = discard_all(core, Wanted("parked", kind or "", lane, plugin), ACTOR)
    tell(fared, "discarded", task_ids)


@tasks.command(cls=ById)
@click.argument("task_ids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="All tasks that wait.")
@filters
@click.pass_obj
def cancel(where: Where, task_ids: tuple[str, ...], all_: bool, kind: str | None, lane: str, plugin: str) -> None:
    """Call tasks off that wait: those of these TASK_IDS, or --all of a lane, kind or plugin."""
    with opened_core(where) as core:
        if one_or_all(task_ids, all_):
            only(core, task_ids, "due", "it does not wait; what is parked is given up by `feedbackhub tasks discard`")
            fared = discard_tasks(core, task_ids, ACTOR)
        elif not (kind or lane or plugin):
            raise click.UsageError("Say of which lane, kind or plugin; to stop everything, stop the server.")
        else:
            fared = discard_all(core, Wanted("due", kind or "", lane, plugin), ACTOR)
    tell(fared, "called off", task_ids)


def one_or_all(task_ids: Sequence[str], all_: bool) -> bool:
    """Tell whether single tasks are named.

    Raises:
        UsageError: None are and not all are meant, or both.
    """
    if bool(task_ids) == all_:
        raise click.UsageError("Name tasks, or say --all.")
    return not all_


def only(core: Core, task_ids: Sequence[str], state: str, otherwise: str) -> None:
    """Make sure of the state of tasks.

    Raises:
        Conflict: One is in another state.
    """
    for each in task_ids:
        if one_task(core, each).state != state:
            raise Conflict(f"{each}: {otherwise}")


def tell(fared: Mapping[str, int], done: str, named: Sequence[str]) -> None:
    """Say how many tasks fared in which way.

    Raises:
        Conflict: Single tasks were named, and nothing could be done with them.
    """
    refused = {said: n for said, n in sorted(fared.items()) if said != DONE}
    if named and refused and not fared.get(DONE):
        raise Conflict("; ".join(refused))
    n = fared.get(DONE, 0)
    click.echo(f"{n} task{'s are' if n != 1 else ' is'} {done}.")
    for said, number in refused.items():
        click.echo(f"{number} left as {'they were' if number != 1 else 'it was'}: {said}.")


def facts(each: TaskLine) -> dict[str, Any]:
    """Return a task as JSON."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(each).items()
    }
