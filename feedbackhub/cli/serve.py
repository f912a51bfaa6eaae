"""`feedbackhub serve`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..app import create_app
from ..contract.errors import FeedbackhubError
from ..loop.core import Core
from ..loop.engine import Engine
from ..machinery.logs import set_up_logging
from ..machinery.one_at_a_time import TakenAlready, held
from .failures import Failure
from .instance import opened_core
from .server import Server, stopped_by_signals
from .where import Where

__all__ = ["AlreadyServing", "run_server", "serve"]

LOCK_FILE = "serve.lock"


class AlreadyServing(FeedbackhubError):
    """SQLite has one serving process; the text says what to do for several."""


@click.command()
@click.pass_obj
def serve(where: Where) -> None:
    """Run the server and send what is due, until Ctrl-C or SIGTERM."""
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
            server.run()


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
