"""`feedbackhub tallies`: whether the counts behind the reports equal a recount, and making them so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..loop.recounting import Difference, Found, check, rebuild
from .failures import Failure
from .instance import opened_core
from .listing import Listing
from .where import Where

__all__ = ["tallies"]


@click.group(cls=Listing)
def tallies() -> None:
    """The counts that reports are made from, kept up to date from the event log."""


@tallies.command("check")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Differences to list.")
@click.pass_obj
def compare(where: Where, limit: int) -> None:
    """Count everything from the start and compare; nothing is changed, and nobody is held up.

    The status is 1 when a count differs. Events that are still to be read are no difference.
    """
    with opened_core(where) as core, _progress("Counting") as progress:
        found = check(core.store, progress)
    for each in found.differences[:limit]:
        click.echo(_line(each))
    if found.differences:
        more = len(found.differences) - limit
        if more > 0:
            click.echo(f"… and {more} more; --limit lists more of them.")
        raise Failure(f"{len(found.differences)} counts are wrong; `feedbackhub tallies rebuild` puts them right")
    click.echo(f"{found.counts} counts of {found.records} answers and sends equal a recount.{_waiting(found)}")


def _waiting(found: Found) -> str:
    return f" {found.waiting} events are still to be counted." if found.waiting else ""


def _line(wrong: Difference) -> str:
    basis, day, survey, question, dimension, value, score = wrong.cell
    by = f", {dimension} {' and '.join(value.split(chr(31)))!r}" if dimension else ""
    what = f"{question} {score}" if question else score
    return f"{survey}, {basis} day {day}, {what}{by}: {wrong.kept} instead of {wrong.right}"


@tallies.command("rebuild")
@click.pass_obj
def put_right(where: Where) -> None:
    """Make the counts equal a recount, in short steps while answers come in.

    What is right stays as it is, so that reports can be read meanwhile; stopped in the middle, it can be run again.
    """
    with opened_core(where) as core, _progress("Counting anew") as progress:
        wrong = rebuild(core.store, core.clock.now(), progress)
    click.echo(f"{wrong} were wrong and are right now." if wrong else "Everything was right.")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or 1)
