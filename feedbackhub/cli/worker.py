"""`feedbackhub worker`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from ..machinery.logs import set_up_logging
from .alone import require_postgres
from .engines import sending
from .instance import opened_core, settings_of
from .where import Where

__all__ = ["worker"]


@click.command()
@click.pass_obj
def worker(where: Where) -> None:
    """Send what is due, beside a server and other workers, until Ctrl-C or SIGTERM.

    With `runner = "celery"` it hands the work to Celery workers instead of doing it.
    """
    require_postgres(settings_of(where), "a worker")
    with opened_core(where) as core:
        set_up_logging(core.settings.log_level)
        with _ended_by_signals() as over, sending(core) as engine:
            click.echo(f"feedbackhub works ({core.settings.engine.runner})")
            while engine.running and not over.wait(1.0):
                continue


@contextmanager
def _ended_by_signals() -> Iterator[threading.Event]:
    """Give what SIGTERM and Ctrl-C set; a second one ends the process as usual."""
    over = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        over.set()

    for number in before:
        signal.signal(number, end)
    try:
        yield over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
