"""`feedbackhub import`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..office.import_mapping import PlannedMapping
from ..office.imports import Imported, Order, run_import
from .failures import Failure
from .instance import opened_core
from .listing import Listing, examples
from .where import Where

__all__ = ["imports"]

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Listing, epilog=examples(
    "import contacts old.csv --map external_id=ticket --map customer.email=mail --set source=old-desk --dry-run",
    "import responses old.csv --mapping old-desk.toml",
))
def imports() -> None:
    """Bring history from CSV or JSON lines. Nobody is asked unless --ask is given."""


def _options(command: F) -> F:
    for option in reversed(
        (
            click.argument("file", type=_FILE),
            click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column says what."),
            click.option("--mapping", type=_FILE, help="The same as a TOML file: [map], [set], [values], [dates]."),
            click.option("--set", "fixed", multiple=True, metavar="FIELD=VALUE", help="Value where a cell is empty."),
            click.option(
                "--date-format", "formats", multiple=True, metavar="FORMAT",
                help="Such as %d/%m/%Y %H:%M, or FIELD=FORMAT for one field; give several.",
            ),
            click.option("--timezone", default="", help="Zone of dates that name none; left out: the company's."),
            click.option("--empty", multiple=True, help="Word that stands for an empty cell; left out: None, NULL …"),
            click.option("--encoding", default="", help="Of the file; left out: by its first bytes, or UTF-8."),
            click.option("--delimiter", default="", help="Between cells; left out: by the header."),
            click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where errors go."),
            click.option("--dry-run", is_flag=True, help="Check every row and store nothing."),
            click.option("--again", is_flag=True, help="Go through a file that was imported before."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


@imports.command()
@_options
@click.option("--survey", default="post-contact", show_default=True, help="Survey of the answers in the file.")
@click.option("--ask", is_flag=True, help="Take contacts as if they had just ended, and ask.")
@click.pass_obj
def contacts(where: Where, /, **said: Any) -> None:
    """Contacts, with their answers when columns are mapped to rating.QUESTION or answer.QUESTION."""
    _import(where, "contacts", said)


@imports.command()
@_options
@click.option("--survey", default="post-contact", show_default=True, help="Survey of the answers in the file.")
@click.pass_obj
def responses(where: Where, /, **said: Any) -> None:
    """Answers, each with its contact; map columns to rating.QUESTION or answer.QUESTION."""
    _import(where, "responses", said)


@imports.command()
@_options
@click.pass_obj
def gestures(where: Where, /, **said: Any) -> None:
    """Apologies, compensations and calls; map columns to kind, at, customer.email …"""
    _import(where, "gestures", said)


def _import(where: Where, kind: str, said: dict[str, Any]) -> None:
    order = _order(kind, said)
    with opened_core(where) as core, _progress() as progress:
        task = progress.add_task(f"{order.path.name}", total=1.0)
        done = run_import(core, order, lambda share: progress.update(task, completed=share))
    _show(order, done)


def _order(kind: str, said: dict[str, Any]) -> Order:
    mapping = PlannedMapping.read(said["mapping"]) if said["mapping"] else PlannedMapping()
    mapping = mapping.more(_pairs("--map", said["columns"]), _pairs("--set", said["fixed"]), said["formats"])
    mapping = mapping.elsewhere(said["timezone"], said["empty"])
    return Order(
        kind=kind,
        path=said["file"],
        mapping=mapping,
        survey=said.get("survey", ""),
        errors=said["errors"],
        encoding=said["encoding"],
        delimiter=said["delimiter"].replace("\\t", "\t"),
        dry_run=said["dry_run"],
        ask=said.get("ask", False),
        again=said["again"],
    )


def _pairs(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    wrong = [name for name, sign, _ in pairs if not (name and sign)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} must be written as FIELD=…", param_hint=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _show(order: Order, done: Imported) -> None:
    counts = done.counts
    if done.finished_before:
        click.echo(f"{order.path.name} was imported before, {done.rows} rows; --again goes through it once more.")
        return
    if done.resumed_after:
        click.echo(f"Went on after row {done.resumed_after}.")
    done_too = f"{counts['gestures']} gestures, " if counts.get("gestures") else ""
    would = "would be " if order.dry_run else ""
    click.echo(
        f"{done.rows} rows: {counts.get('created', 0)} {would}new, {counts.get('known', 0)} known before, "
        f"{counts.get('answers', 0)} answers, {done_too}{counts.get('asked', 0)} asked, "
        f"{counts.get('errors', 0)} with errors."
    )
    if done.unused:
        click.echo(f"Columns not used: {', '.join(done.unused)}")
    if done.errors:
        raise Failure(f"{counts.get('errors', 0)} rows could not be used; see {done.errors}")
