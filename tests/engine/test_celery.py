"""Celery: real workers and a real broker, which goes away, comes back and forgets; nothing is lost, nothing parked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SystemClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings_load import load_settings
from tests.engine.hands import add, tasks, wait_for
from tests.services.brokers import Broker
from tests.services.databases import PostgresDatabases

CELERY = str(Path(sys.executable).with_name("celery"))
SETTINGS = """\
database = "{database}"
data_dir = "."
log_level = "warning"
safe_mode = true
[engine]
runner = "celery"
broker = "{broker}"
lease_seconds = 5
tick_seconds = 0.05
"""


def celery(config: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a command of Celery's own."""
    environment = {**os.environ, "FEEDBACKHUB_CONFIG": str(config), "C_FORCE_ROOT": "1"}
    return subprocess.Popen(
        [CELERY, "-A", "feedbackhub.celery_app", *words], cwd=config.parent, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@contextmanager
def worker(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with one process until the block ends."""
    process = celery(config, "worker", "--concurrency", "1", "--loglevel", "warning")
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=20)


@pytest.fixture
def config(tmp_path: Path, postgres_databases: PostgresDatabases, redis: Broker, filled: Any) -> Iterator[Path]:
    """The settings file of an instance with both runners' needs."""
    write_key(tmp_path / KEY_FILE)
    url = postgres_databases.new(filled)
    path = tmp_path / "feedbackhub.toml"
    path.write_text(SETTINGS.format(database=url, broker=redis.url), encoding="utf-8")
    yield path
    postgres_databases.drop(url)


def test_the_broker_goes_away_comes_back_and_forgets_and_everything_is_done_once(config: Path, redis: Broker) -> None:
    core = open_core(load_settings(config, {}), SystemClock())
    engine = Engine(core)

    def ours() -> list[Any]:
        return [row for row in tasks(core) if row.kind == "settle"]

    def states() -> set[str]:
        return {row.state for row in ours()}

    redis.stop()
    add(core, "core", 6)
    engine.start()
    try:
        wait_for(lambda: sum(row.base for row in ours()) > 0)
        assert engine.running, "it waits for the broker"
        redis.start()
        with worker(config) as process:
            wait_for(lambda: states() == {"done"})
            assert {row.attempt - row.base for row in ours()} == {1}, "what the broker did not take was no attempt"
            os.killpg(process.pid, signal.SIGSTOP)
            add(core, "core", 6)
            wait_for(lambda: "claimed" in states() and "due" not in states())
            redis.flush()
            os.killpg(process.pid, signal.SIGCONT)
            wait_for(lambda: states() == {"done"})
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    finally:
        engine.stop()
        core.close()
    assert len(ours_ended := [row for row in ours() if row.state == "done"]) == 12
    assert {(row.deaths, row.attempt - row.base) for row in ours_ended} == {(0, 1)}


def test_sqlite_has_no_celery_workers(tmp_path: Path) -> None:
    write_key(tmp_path / KEY_FILE)
    path = tmp_path / "feedbackhub.toml"
    path.write_text('data_dir = "."\n', encoding="utf-8")
    process = celery(path, "worker", "--concurrency", "1")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.decode().strip().splitlines()[-1] == (
        "SQLite takes one process: for Celery workers, set database to a PostgreSQL address"
    )
