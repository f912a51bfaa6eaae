"""What Celery's own commands find: ``celery -A feedbackhub.celery_app worker`` and ``… flower``.

Settings come from where they come from for every command: ``$FEEDBACKHUB_CONFIG``, ``./feedbackhub.toml``, the
environment. Celery wants one application for each process, so there is one here, and nowhere else.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from multiprocessing.synchronize import Event
from typing import Any

from celery import Celery, signals
from sqlalchemy.engine import make_url

from .contract.errors import FeedbackhubError
from .loop.carried import Carried
from .loop.opening import open_core
from .loop.wire import WORK, configuration
from .machinery.logs import set_up_logging
from .machinery.settings import Settings
from .machinery.settings_load import load_settings

__all__ = ["app"]

#: Celery's own lines about each message.
_TALKATIVE = ("celery.app.trace", "celery.worker.strategy")

app = Celery("feedbackhub", set_as_current=True)


def _settings() -> Settings:
    return load_settings(None, os.environ)


# Asked for when the first command needs them, not when this is imported.
app.add_defaults(lambda: configuration(_settings().engine))


class _Process:
    """What a worker process holds: its own connections, made after the fork."""

    def __init__(self) -> None:
        self._leaving: Event = multiprocessing.Event()
        self._carried: Carried | None = None

    def leave(self) -> None:
        """Let all processes of this worker begin nothing more."""
        self._leaving.set()

    def open(self) -> Carried:
        """Return what does the work here."""
        if self._carried is None:
            self._carried = Carried(open_core(_settings()), self._leaving.is_set)
            self._carried.start()
        return self._carried

    def close(self) -> None:
        """Let go of it."""
        if self._carried is not None:
            self._carried.close()
            self._carried = None


_process = _Process()


@app.task(name=WORK)  # type: ignore[untyped-decorator]  # Celery has no types
def work(tasks: list[list[int]]) -> None:
    """Do claimed tasks, each given by its number and the attempt that holds it."""
    _process.open().work([(int(number), int(attempt)) for number, attempt in tasks])


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _log(**_: Any) -> None:
    set_up_logging(_settings().log_level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


@signals.celeryd_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _check(**_: Any) -> None:
    """Refuse to start where this cannot work, before anything is forked."""
    try:
        settings = _settings()
        if make_url(settings.database_url).get_backend_name() == "sqlite":
            raise SystemExit("SQLite takes one process: for Celery workers, set database to a PostgreSQL address")
    except FeedbackhubError as error:
        raise SystemExit(str(error)) from error


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _open(**_: Any) -> None:
    _process.open()


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _leave(**_: Any) -> None:
    _process.leave()


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _close(**_: Any) -> None:
    _process.close()
