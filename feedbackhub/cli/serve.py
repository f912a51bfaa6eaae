"""`feedbackhub serve`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from ..app import create_app
from ..loop.core import Core
from ..machinery.logs import set_up_logging
from ..web.watching import REFUSED
from .alone import alone, require_postgres
from .developing import environment_of, is_child, run_again_on_change
from .engines import noting, sending
from .failures import Failure
from .instance import opened_core, settings_of
from .server import Server, stopped_by_signals
from .where import Where

__all__ = ["run_server", "serve"]

OTHER_ADDRESS = "once: FEEDBACKHUB_LISTEN=127.0.0.1:8001"


@click.command()
@click.option(
    "--plugin", "plugin_files", type=click.Path(exists=True, path_type=Path), multiple=True,
    help="Load this file (or folder) as a plugin, too.",
)  # fmt: skip
@click.option("--dev", is_flag=True, help="For authors: start again whenever a file given by --plugin is saved.")
@click.option("--safe-mode", is_flag=True, help="Load the bundled plugins only.")
@click.option("--no-engine", is_flag=True, help="Serve pages only; `feedbackhub worker` sends (PostgreSQL).")
@click.pass_obj
def serve(where: Where, plugin_files: tuple[Path, ...], dev: bool, safe_mode: bool, no_engine: bool) -> None:
    """Run the server and send what is due, until Ctrl-C or SIGTERM.

    It listens where the setting `listen` says: 127.0.0.1:8000, or FEEDBACKHUB_LISTEN=127.0.0.1:8001 for this once.
    """
    if dev and not is_child():
        raise SystemExit(run_again_on_change([each.resolve() for each in plugin_files]))
    for name, value in environment_of(plugin_files, safe_mode).items():
        os.environ[name] = value
    if no_engine:
        require_postgres(settings_of(where), "a server without an engine")
    with opened_core(where) as core:
        set_up_logging(core.settings.log_level)
        if no_engine:
            with noting(core):
                run_pages(core)
        else:
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
    with alone(core), sending(core) as engine:
        run_pages(core, lambda: engine.running, welcome)


def run_pages(core: Core, engine_runs: Callable[[], bool] | None = None, welcome: str = "") -> None:
    """Serve an instance's pages until a signal; who sends is somebody else's.

    Args:
        core: The opened instance.
        engine_runs: Tells whether this process sends what is due; None where others do.
        welcome: What to say once it serves; the address unless given.

    Raises:
        Failure: The address is taken.
    """
    (host, port), web = core.settings.listen_at, core.settings.web
    core.shelf.warm()
    app = create_app(core, engine_runs)
    try:
        server = Server(
            app, host, port, web.max_body_kb * 1024, web.threads, web.waiting, web.waiting_seconds,
            refused=lambda: core.counts.add(REFUSED, "capacity"),
        )  # fmt: skip
    except OSError as error:
        taken = f"cannot listen at {core.settings.listen}: {error.strerror}"
        raise Failure(f"{taken}; `listen` in the settings is another address ({OTHER_ADDRESS})") from error
    with stopped_by_signals(server):
        click.echo(welcome or f"feedbackhub serves {core.settings.public_url} at {core.settings.listen}")
        server.run(leaving=core.analyst.close)
