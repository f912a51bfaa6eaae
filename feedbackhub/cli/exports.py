"""`feedbackhub export`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..contract.exports import Filters, RecordSet
from ..loop.core import Core
from ..office.export_out import Written, write_columns, write_export
from ..office.exports import ExportWish
from .failures import Failure
from .instance import ACTOR, opened_core
from .listing import Listing, examples
from .where import Where

__all__ = ["exports"]

F = TypeVar("F", bound=Callable[..., Any])
DIMENSIONS = ("survey", "channel", "team", "topic", "product", "brand", "language", "segment", "country")


@click.group(cls=Listing, epilog=examples(
    "export responses --out answers.csv",
    "export responses --since 2026-01-01 --team Billing --format xlsx --out billing.xlsx",
    "export decisions --format jsonl",
))
def exports() -> None:
    """Write responses, contacts, invitations, decisions, deliveries or gestures to a file; no server has to run."""


_basis = click.option("--basis", type=click.Choice(["answer", "contact"]), default="answer", help="Which date counts.")


def _options(command: F) -> F:
    for option in reversed(
        (
            click.option("--format", "format_", default="csv", show_default=True, help="csv, jsonl, xlsx, parquet."),
            click.option(
                "--out", default="-", show_default=True, metavar="FILE", help="Where to; - is the standard output."
            ),
            click.option("--since", default="", metavar="WHEN", help="From this day or moment on."),
            click.option("--until", default="", metavar="WHEN", help="Up to this day or moment, without it."),
            *(click.option(f"--{name}", default="", help=f"Only of this {name}.") for name in DIMENSIONS),
            click.option("--agent", default="", metavar="ID", help="Only what this agent served."),
            click.option("--tests", is_flag=True, help="Test records as well."),
            click.option("--after", default="", metavar="CURSOR", help="Only what was recorded after an export."),
            click.option("--columns", is_flag=True, help="Write beside FILE what its columns mean."),
        )
    ):
        command = option(command)
    return command


@exports.command()
@_options
@_basis
@click.pass_obj
def responses(where: Where, /, **said: Any) -> None:
    """What customers answered."""
    _export(where, "responses", said)


@exports.command()
@_options
@click.pass_obj
def contacts(where: Where, /, **said: Any) -> None:
    """What has ended, with the decision on each."""
    _export(where, "contacts", said)


@exports.command()
@_options
@_basis
@click.pass_obj
def invitations(where: Where, /, **said: Any) -> None:
    """Every ask, and what became of it."""
    _export(where, "invitations", said)


@exports.command()
@_options
@click.pass_obj
def decisions(where: Where, /, **said: Any) -> None:
    """Why each contact was or was not asked."""
    _export(where, "decisions", said)


@exports.command()
@_options
@click.pass_obj
def deliveries(where: Where, /, **said: Any) -> None:
    """Every message, and what became of it."""
    _export(where, "deliveries", said)


@exports.command()
@_options
@click.pass_obj
def gestures(where: Where, /, **said: Any) -> None:
    """Apologies, compensations and calls."""
    _export(where, "gestures", said)


def _export(where: Where, records: RecordSet, said: dict[str, Any]) -> None:
    to_pipe = said["out"] == "-"
    if to_pipe and said["columns"]:
        raise click.UsageError("--columns needs a file to stand beside: give --out FILE")
    with opened_core(where) as core:
        wish = _wish(core, records, said)
        with _target(said["out"]) as target:
            done = _written(core, wish, target)
        if said["columns"]:
            beside = Path(said["out"]).with_suffix(".columns." + (wish.format if wish.format == "jsonl" else "csv"))
            with _target(str(beside)) as target:
                write_columns(core, wish, target)
    click.echo(f"{done.rows} records.", err=True)
    if done.cursor:
        click.echo(f"What is recorded from now on: --after={done.cursor}", err=True)


def _wish(core: Core, records: RecordSet, said: dict[str, Any]) -> ExportWish:
    zone = ZoneInfo(core.settings.timezone)
    since, until = (_moment(f"--{name}", said[name], zone) for name in ("since", "until"))
    same = {name: said[name] for name in (*DIMENSIONS, "agent")}
    filters = Filters(since=since, until=until, basis=said.get("basis", "answer"), tests=said["tests"], **same)
    return ExportWish(records, said["format_"], filters, said["after"])


def _moment(option: str, text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)  # a day alone is its first moment
    except ValueError:
        message = f"{text!r} is neither a day like 2026-03-02 nor a moment like 2026-03-02T09:00+07:00"
        raise click.BadParameter(message, param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@contextmanager
def _target(out: str) -> Iterator[BinaryIO]:
    """Give a file that has its name only when it is whole, or the standard output."""
    if out == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(out)
    if final.is_dir():
        raise Failure(f"--out must name a file, and {out} is a folder")
    part = final.with_name(final.name + ".part")
    try:
        with part.open("w+b") as target:
            part.chmod(0o600)
            yield target
        part.replace(final)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _written(core: Core, wish: ExportWish, target: BinaryIO) -> Written:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(wish.records, total=None)
        return write_export(
            core, wish, target, ACTOR, lambda done, total: progress.update(task, completed=done, total=total or 1)
        )
