"""`feedbackhub serve`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..app import create_app
from ..contract.errors import FeedbackhubError
from ..loop.core import Core
from ..loop.engine import Engine
from ..machinery.logs import set_up_logging
from ..machinery.one_at_a_time import TakenAlready, held
from .developing import environment_of, is_child, run_again_on_change
from .failures import Failure
from .instance import opened_core
from .server import Server, stopped_by_signals
from .where import Where

__all__ = ["AlreadyServing", "run_server", "serve"]

LOCK_FILE = "serve.lock"


class AlreadyServing(FeedbackhubError):
    """SQLite has one serving process; the text says what to do for several."""


@click.command()
@click.option(
    "--plugin", "plugin_files", type=click.Path(exists=True, path_type=Path), multiple=True,
    help="Load this file (or folder) as a plugin, too.",
)  # fmt: skip
@click.option("--dev", is_flag=True, help="For authors: start again whenever a file given by --plugin is saved.")
@click.option("--safe-mode", is_flag=True, help="Load the bundled plugins only.")
@click.pass_obj
def serve(where: Where, plugin_files: tuple[Path, ...], dev: bool, safe_mode: bool) -> None:
    """Run the server and send what is due, until Ctrl-C or SIGTERM."""
    if dev and not is_child():
        raise SystemExit(run_again_on_change([each.resolve() for each in plugin_files]))
    for name, value in environment_of(plugin_files, safe_mode).items():
        os.environ[name] = value
    with opened_core(where) as core:
        set_up_logging(core.settings.log_level)
        run_server(core)


def run_server(core: Core, welcome: str = "") -> None:
    """Serve an instance until a signal; requests that have begun are finished.

    Args:
        core: The opened instance.
        welcome: What to say once it serves; the address unless given.

    Raises:
        AlreadyServing: Another process serves the same SQLite database.
        Failure: The address is taken.
    """
    host, port = core.settings.listen_at
    with _alone(core), _sending(core) as engine:
        core.shelf.warm()
        app = create_app(core, lambda: engine.running)
        try:
            server = Server(app, host, port, core.settings.web.max_body_kb * 1024)
        except OSError as error:
            raise Failure(f"cannot listen at {core.settings.listen}: {error.strerror}") from error
        with stopped_by_signals(server):
            click.echo(welcome or f"feedbackhub serves {core.settings.public_url} at {core.settings.listen}")
            server.run(leaving=core.analyst.close)


@contextmanager
def _alone(core: Core) -> Iterator[None]:
    if not core.store.is_sqlite:
        yield
        return
    try:
        with held(core.settings.data_dir / LOCK_FILE):
            yield
    except TakenAlready as taken:
        raise AlreadyServing(
            f"process {taken.holder} serves this instance already, and SQLite takes only one; "
            "for several, set database to a PostgreSQL address"
        ) from None


@contextmanager
def _sending(core: Core) -> Iterator[Engine]:
    engine = Engine(core)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
