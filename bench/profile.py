"""What the application itself costs: requests handed to it in this process, without a server or a network between.

``python -m bench.profile`` prints CPU milliseconds for each path, this process's and no other's; with
``--database postgres`` on a server of its own. ``--calls submission`` prints where the time goes instead.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import itertools
import pstats
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.types import WSGIApplication

from bench.hello import hello_app
from bench.instance import contact_body
from feedbackhub.app import create_app
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.loop.views import survey_link
from feedbackhub.machinery.clock import SystemClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.keys import SCOPES, create_key
from feedbackhub.store.door import TransactionDoor
from tests.services.databases import DURABLE, postgres_programs, postgres_server

PLENTY = "1000000/second"
ANSWER = urlencode({"satisfaction": "4", "solved": "yes", "comment": "quick and kind"}).encode()
FORM = "application/x-www-form-urlencoded"
LOOKED_UP = b'{"email": "live-1@example.org", "agent": {"source": "helpdesk", "id": "7"}}'

Call = Callable[[int], None]


@dataclass(frozen=True)
class Way:
    """One path: its name, what calls it for the n-th time, and how often at most."""

    name: str
    call: Call
    most: int


def main() -> None:
    """Measure each path, or show where the time of one goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--n", type=int, default=1000, help="calls in each round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    parser.add_argument("--threads", type=int, default=1, help="callers at the same time")
    parser.add_argument("--calls", metavar="PATH", help="print the functions that a path spends its time in")
    parser.add_argument("--only", metavar="PATH", help="measure only this path")
    chosen = parser.parse_args()
    with instance(chosen.database) as core:
        paths = _paths(core, chosen.n * (1 if chosen.calls else chosen.rounds))
        if chosen.calls:
            if core.store.is_sqlite:
                core.store.door.close()  # the profiler sees only its own thread, so that has to write itself
                core.store.door = TransactionDoor(core.store.engine.execution_options(begin="IMMEDIATE"))
            print(functions(next(each for each in paths if each.name == chosen.calls), chosen.n))
            return
        print("| path | CPU-ms | milliseconds |\n| --- | --- | --- |")
        for path in paths:
            if chosen.only in (None, path.name):
                cpu, wall = measured(path, chosen.n, chosen.rounds, chosen.threads)
                print(f"| {path.name} | {cpu:.3f} | {wall:.2f} |", flush=True)


@contextmanager
def instance(kind: str) -> Iterator[Core]:
    """Open a fresh instance on SQLite, or on a PostgreSQL server started for it."""
    with tempfile.TemporaryDirectory() as name, _database(kind, Path(name)) as database:
        write_key(Path(name) / KEY_FILE)
        settings = Settings(
            public_url="http://127.0.0.1:8000", data_dir=Path(name), database=database, log_level="error",
            ask=({"name": "all", "channels": ["mailbox"], "delay": "30d"},), throttle={"days": 0},
            web={"survey_limit": PLENTY, "api_limit": PLENTY},
        )  # fmt: skip
        core = open_core(settings)
        try:
            prepare(core)
            core.shelf.warm()
            yield core
        finally:
            core.close()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/feedbackhub.db"
        return
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    with postgres_server(programs, **DURABLE) as sockets:
        yield f"postgresql+psycopg://feedbackhub@/postgres?host={sockets}"


def _paths(core: Core, most: int) -> list[Way]:
    app = create_app(core).wsgi_app
    _, key = create_key(core.store, SystemClock(), "bench", SCOPES, "bench")
    links = [_link(core, -1 - number) for number in range(most)]
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    fresh, bare = itertools.count(), hello_app().wsgi_app

    def get(query: str) -> Call:
        return lambda n: called(app, "GET", links[n % len(links)], query=query)

    def posted(path: str, body: Callable[[], bytes]) -> Call:
        return lambda n: called(app, "POST", path, body(), "application/json", **bearer)

    return [
        Way("hello", lambda n: called(bare, "GET", "/"), most),
        Way("page", get(""), most),
        Way("page with a rating", get("a=4"), most),
        Way("submission", lambda n: called(app, "POST", links[n], ANSWER, FORM, expect="303"), most),
        Way("page of an answer", get(""), most),
        Way("card lookup", posted("/api/v1/customers/lookup", lambda: LOOKED_UP), most),
        Way("contact intake", posted("/api/v1/contacts", lambda: contact_body(next(fresh))), most),
    ]


def _link(core: Core, number: int) -> str:
    invitation = record_contact(core, ContactEvent.model_validate_json(contact_body(number))).contact.invitation
    if invitation is None:
        raise RuntimeError("the bench's contact was not asked about")
    return urlsplit(survey_link(core.links, "", invitation.id)).path


def called(
    app: WSGIApplication, method: str, path: str, body: bytes = b"", media_type: str = "", *, query: str = "",
    expect: str = "20", **headers: str,
) -> None:  # fmt: skip
    """Hand one request to an application as a server would; raises RuntimeError for another status than expected."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000", "HTTP_ACCEPT_LANGUAGE": "en", "HTTP_USER_AGENT": "bench",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "wsgi.input_terminated": True, **headers,
    }  # fmt: skip
    if body:
        environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": media_type}
    answers: list[str] = []

    def start(status: str, _headers: Any, _info: Any = None) -> Callable[[bytes], object]:
        answers.append(status)
        return lambda data: None

    found = app(environ, start)
    b"".join(found)
    if (close := getattr(found, "close", None)) is not None:
        close()
    if not answers[0].startswith(expect):
        raise RuntimeError(f"{method} {path}: {answers[0]}")


def measured(path: Way, n: int, rounds: int, threads: int) -> tuple[float, float]:
    """Return the CPU milliseconds of one call, all threads of this process together, and how long it takes."""
    found = []
    for turn in range(rounds):
        numbers = iter(range(turn * n, (turn + 1) * n))
        lock = threading.Lock()

        def caller(numbers: Iterator[int] = numbers, lock: threading.Lock = lock) -> None:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                path.call(number)

        workers = [threading.Thread(target=caller) for _ in range(threads)]
        cpu, wall = time.process_time(), time.perf_counter()
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        found.append(((time.process_time() - cpu) / n * 1000, (time.perf_counter() - wall) / n * 1000 * threads))
    return median(each[0] for each in found), median(each[1] for each in found)


def functions(path: Way, n: int) -> str:
    """Return the functions that a path spends its time in, most expensive first; other threads are not seen."""
    path.call(0)
    profile = cProfile.Profile()
    profile.enable()
    for number in range(1, n):
        path.call(number)
    profile.disable()
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text)
    stats.sort_stats("tottime").print_stats(45)
    stats.sort_stats("cumtime").print_stats(70)
    return text.getvalue()


if __name__ == "__main__":
    main()
