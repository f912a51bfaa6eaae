"""The engine with threads: begins at once what is due, stops politely, and leaves nothing half done."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from feedbackhub import Receipt
from feedbackhub.cli.group import main
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.runner_celery import CeleryRunner, NeedsPostgres
from feedbackhub.loop.runner_threads import ThreadsRunner
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.store import tables
from tests.engine.hands import add, tasks, wait_for, with_engine
from tests.loop.story import HOUR, Line, asked, rows


def test_a_polite_stop_finishes_what_is_being_sent_and_gives_the_rest_back(
    core: Core, clock: SetClock, mail: Line
) -> None:
    core = with_engine(core, threads=3, tick_seconds=0.02)
    sending, let_go = threading.Semaphore(0), threading.Event()

    def slow(_: Any) -> Receipt:
        sending.release()
        let_go.wait(20)
        return Receipt("slow")

    mail.plan += [slow] * 2
    for number in range(9):
        asked(core, str(number), {"email": f"{number}@example.org"})
    clock.move(HOUR)
    engine = Engine(core)
    engine.start()
    try:
        assert [sending.acquire(timeout=20) for _ in range(2)] == [True, True]
        wait_for(lambda: sum(row.state == "claimed" for row in tasks(core)) == 9)
        stopping = threading.Thread(target=engine.stop)
        stopping.start()
        wait_for(lambda: sum(row.state == "due" for row in tasks(core)) == 7)
    finally:
        let_go.set()
        engine.stop()
    stopping.join(20)
    assert not engine.running
    assert sorted(row.state for row in rows(core, tables.delivery) if row.kind == "first") == ["due"] * 7 + ["sent"] * 2
    firsts = [row for row in tasks(core) if row.kind == "deliver" and row.due_at <= clock.now()]
    assert {row.attempt - row.base for row in firsts if row.state == "due"} == {0}, "which costs no attempt"


def test_what_this_process_wrote_down_for_now_does_not_wait_for_the_next_look(core: Core) -> None:
    core = with_engine(core, tick_seconds=60)
    engine = Engine(core)
    engine.start()
    try:
        wait_for(lambda: engine.running)
        add(core, "core", 3)
        core.bell.ring()
        wait_for(lambda: {row.state for row in tasks(core)} == {"done"})
    finally:
        engine.stop()


def test_a_slow_channel_keeps_nobody_waiting(core: Core, clock: SetClock, mail: Line) -> None:
    core = with_engine(core, threads=2, tick_seconds=0.02)
    let_go = threading.Event()

    def hang(_: Any) -> Receipt:
        let_go.wait(20)
        return Receipt("late")

    mail.plan += [hang] * 9
    for number in range(9):
        asked(core, str(number), {"email": f"{number}@example.org"})
    clock.move(timedelta(hours=1))
    add(core, "core", 2)
    add(core, "sms", 2, priority=10)
    engine = Engine(core)
    engine.start()
    try:
        wait_for(lambda: [row.state for row in tasks(core) if row.kind == "settle"] == ["done"] * 4)
    finally:
        let_go.set()
        engine.stop()


def test_the_settings_choose_the_runner(core: Core) -> None:
    with_celery = with_engine(core, runner="celery")
    if core.store.is_sqlite:
        with pytest.raises(NeedsPostgres, match="PostgreSQL"):
            Engine(with_celery).start()
    else:
        assert CeleryRunner(with_celery).name == "celery"
    assert ThreadsRunner(core, lambda: None).name == "threads"


@pytest.mark.parametrize("words", [("worker",), ("serve", "--no-engine")], ids=" ".join)
def test_sqlite_takes_one_process_and_whoever_comes_beside_it_is_sent_to_postgresql(
    tmp_path: Any, words: tuple[str, ...]
) -> None:
    (tmp_path / "feedbackhub.toml").write_text('data_dir = "."\n', encoding="utf-8")
    write_key(tmp_path / KEY_FILE)
    refused = CliRunner().invoke(main, ["--config", str(tmp_path / "feedbackhub.toml"), *words])
    assert refused.exit_code == 1
    assert "PostgreSQL" in refused.output
    assert refused.output.count("\n") == 1
