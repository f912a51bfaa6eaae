"""The process in which analyses run: reads settings, then questions, a line each; answers each with one line.

It opens the instance as the server does, but never writes to its database. When its input ends, because the server
ended in whatever way, it ends at once, also in the middle of an analysis.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import event

from ..contract.errors import FeedbackhubError, Refused
from ..machinery.clock import SetClock, SystemClock
from ..machinery.containment import place_of
from ..machinery.settings import Settings
from .core import Core
from .opening import open_core
from .report_json import BadReport, read_query, report_json

__all__ = ["answer_to", "main"]

log = logging.getLogger("feedbackhub.analyses")


def main() -> None:
    """Serve one parent until it is gone."""
    asked, told = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # A plugin that prints or reads must not speak in between.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    settings = Settings.model_validate_json(asked.readline())
    limit_memory(settings.reports.memory_mb)
    core = open_to_read(settings)
    tell(told, {"ready": True})
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(asked, questions), daemon=True).start()
    while True:
        tell(told, answer_to(core, json.loads(questions.get())))


def listen(asked: BinaryIO, questions: queue.SimpleQueue[bytes]) -> None:
    """Pass questions on, and end the process once there will be no more."""
    for line in asked:
        questions.put(line)
    os._exit(0)


def tell(told: BinaryIO, answer: dict[str, Any]) -> None:
    """Write one answer."""
    told.write(json.dumps(answer).encode() + b"\n")
    told.flush()


def limit_memory(megabytes: int) -> None:
    """Let Python refuse memory beyond a limit, where the system can."""
    try:
        import resource  # not there on Windows
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def open_to_read(settings: Settings) -> Core:
    """Open the instance with a clock that each question sets, and without the right to write to its database."""
    core = open_core(settings, SetClock(SystemClock().now()))
    # Reports go through far more of the database than requests do, and there are few such processes.
    on_sqlite = ("PRAGMA query_only=ON", "PRAGMA cache_size=-65536")
    said = on_sqlite if core.store.is_sqlite else ("SET default_transaction_read_only = on",)

    @event.listens_for(core.store.engine, "connect")
    def _connected(raw: Any, _record: Any) -> None:
        cursor = raw.cursor()
        for each in said:
            cursor.execute(each)
        cursor.close()
        raw.commit()  # or the end of the first transaction would take it back

    core.store.engine.dispose()
    return core


def answer_to(core: Core, question: dict[str, Any]) -> dict[str, Any]:
    """Return an analysis' report, what it refuses, or what went wrong; whatever it does, this returns.

    Args:
        core: The instance.
        question: ``name``, ``query`` as JSON, and ``now``.
    """
    assert isinstance(core.clock, SetClock)
    core.clock.moment = datetime.fromisoformat(question["now"])
    found = core.plugins.owner("feedbackhub_analyses", question["name"])
    if found is None:
        return {"failed": "is not there in the process for analyses", "outcome": "raised"}
    try:
        return {"report": report_json(found[1].report(read_query(question["query"])))}
    except Refused as refused:
        return {"refused": [[each.field, each.reason] for each in refused.problems]}
    except BadReport as bad:
        return {"failed": str(bad), "outcome": "wrong"}
    except FeedbackhubError as error:
        return {"failed": str(error), "outcome": "raised"}
    except BaseException as error:  # SystemExit included: the next question wants an answer
        log.warning("analysis %s failed", question["name"], exc_info=error)
        return {"failed": place_of(error), "outcome": "raised"}


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("the process for analyses could not start")
        sys.exit(1)
