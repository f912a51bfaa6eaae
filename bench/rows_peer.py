"""Rows: what an answer costs beside django-survey-and-report, the nearest thing in Python, run here at the same time.

It is installed from PyPI into an environment of its own. Both store an answer to three questions; only the servers' own
processes count, so that the peer's PostgreSQL comes free.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import make_url

from bench.databases import postgres_url
from bench.fill import fill_open
from bench.instance import REPOSITORY, Running, free_port, made_on, served, started
from bench.load import request
from bench.rows_pages import FORM, pages, shot, submissions
from bench.table import Figure, Plan, Rounds

__all__ = ["rows"]

NEEDED = ("django-survey-and-report==1.5", "gunicorn", "psycopg[binary]")
CLIENTS, PATIENCE = 4, 300.0


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure both in turn; nothing but a message where the peer cannot be installed."""
    if plan.quick or "postgres" not in plan.databases:
        return
    with ExitStack() as stack:
        folder = plan.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            python = _installed(folder / "peer")
        except (OSError, subprocess.SubprocessError) as error:
            print(f"django-survey-and-report is left out, it cannot be installed: {error}", file=sys.stderr)
            return
        peer, path, body = _peer(stack, python)
        own, links = _own(stack, plan)
        n, seen = max(20, plan.n // 5), Rounds()
        for turn in range(-1, plan.rounds):
            mine = links[(turn + 1) * n : (turn + 2) * n]
            looked = shot(peer, [request("GET", path, headers=FORM)] * n, CLIENTS)
            other = shot(peer, [request("POST", path, body, FORM)] * n, CLIENTS, (302,))
            page, kept = shot(own, pages(mine, n), CLIENTS), shot(own, submissions(mine), CLIENTS)
            if turn >= 0:
                theirs, ours = looked.cpu + other.cpu, page.cpu + kept.cpu
                seen.note(peer=theirs, rate=other.rate, ours=ours, times=theirs / ours)
    beside = f"django-survey-and-report {seen['peer']:.0f} CPU-ms, {seen['rate']:.0f}/s; ours {seen['ours']:.1f} CPU-ms"
    name = f"page and durable submission, SQLite, {CLIENTS} clients"
    yield Figure(name, "cheaper in CPU than the peer", seen["times"], "×", 20, None, True, beside)


def _installed(place: Path) -> Path:
    """Return the interpreter of the peer's environment, which is made when it is not there."""
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        venv.create(place, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        (place / "installed").touch()
    return python


def _peer(stack: ExitStack, python: Path) -> tuple[Running, str, bytes]:
    database = make_url(stack.enter_context(postgres_url()))
    more = {
        "PEER_HOST": str(database.query["host"]), "PEER_NAME": str(database.database),
        "DJANGO_SETTINGS_MODULE": "bench.peer_django.project",
    }  # fmt: skip
    command = [str(python), "-m", "bench.peer_django.prepare"]
    environment = {**os.environ, **more}
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY, env=environment)
    survey, *questions = said.stdout.split()
    body = dict(zip(questions, ("4", "yes", "quick and kind"), strict=True))
    port = free_port()
    serve = [
        str(python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2",
        "--log-level", "error", "bench.peer_django.serving:application",
    ]  # fmt: skip
    pid = stack.enter_context(started(serve, f"http://127.0.0.1:{port}/survey/csv/0/", more, errors=True))
    fields = {f"question_{number}": answer for number, answer in body.items()}
    return Running(f"http://127.0.0.1:{port}", pid), f"/survey/{survey}/", urlencode(fields).encode()


def _own(stack: ExitStack, plan: Plan) -> tuple[Running, list[str]]:
    folder, core, _ = stack.enter_context(made_on("sqlite"))
    links = fill_open(core, max(20, plan.n // 5) * (plan.rounds + 1))
    core.close()
    return stack.enter_context(served(folder, core.settings.public_url)), links
