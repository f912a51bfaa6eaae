"""Rows: how long a person waits for the program's help, and for the first page of a server that is started."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench.fill import fill_open
from bench.instance import made
from bench.table import Figure, Plan, Rounds

__all__ = ["rows"]

PROGRAM = Path(sys.executable).with_name("feedbackhub")
LOOK, PATIENCE = 0.01, 120.0


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure both, and a Python that does nothing beside them."""
    seen = Rounds()
    with made() as (folder, core, _):
        link = fill_open(core, 1)[0]
        core.close()
        for _ in range(plan.rounds):
            seen.note(nothing=_took([sys.executable, "-c", "pass"]), help=_took([str(PROGRAM), "--help"]))
            seen.note(serve=_first_page(folder, core.settings.public_url, link))
    beside = f"Python alone {seen['nothing']:.2f} s"
    yield Figure("start", "`feedbackhub --help`", seen["help"], "s", 0.25, 0.15, False, beside)
    yield Figure("start", "`feedbackhub serve` to the first survey page", seen["serve"], "s", 2.5, 1.5, False, beside)


def _took(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _first_page(folder: Path, base: str, link: str) -> float:
    command = [str(PROGRAM), "--config", str(folder / "feedbackhub.toml"), "serve"]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ)) as process:
        try:
            while not _shows(base, link):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    raise RuntimeError("the server does not start")
                time.sleep(LOOK)
            return time.monotonic() - began
        finally:
            process.terminate()


def _shows(base: str, link: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request("GET", link)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
