"""Runs of exports: written once and whole, whatever happens on the way."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedbackhub import Conflict, NotFound, PermanentFailure, Refused, TemporaryFailure
from feedbackhub.loop import export_progress
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.export_files import export_folder, forget_exports, sweep
from feedbackhub.loop.exporting import ATTEMPTS, run_exports
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office import audit
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.exports import (
    ExportWish,
    RunView,
    ask_export,
    cancel_export,
    export_file,
    formats,
    list_exports,
    remove_export,
    show_export,
)
from feedbackhub.store import tables
from feedbackhub.store.queries import exports as rows
from tests.exports.conftest import Answered, Slow

WISH = ExportWish("responses", "slow")
DAY = timedelta(days=1)


def files(core: Core) -> list[str]:
    """Return the names of everything in the folder of exports."""
    return sorted(each.name for each in export_folder(core).iterdir())


def waited(check: Callable[[], bool]) -> bool:
    """Wait until something holds, and tell whether it does."""
    deadline = time.monotonic() + 20
    while not check() and time.monotonic() < deadline:
        time.sleep(0.02)
    return check()


def test_an_export_is_written_in_the_background_and_fetched(answered: Answered, slow: Slow) -> None:
    core = answered(30)
    asked = ask_export(core, WISH, "ann@example.com")
    assert (asked.state, asked.rows_done, asked.rows_total) == ("queued", 0, None)
    with pytest.raises(Conflict):
        export_file(core, asked.id, "tests")
    Engine(core).drain()
    done = show_export(core, asked.id)
    assert (done.state, done.rows_done, done.rows_total, done.error) == ("done", 30, 30, "")
    assert done.expires_at == core.clock.now() + timedelta(days=7)
    found = export_file(core, asked.id, "bo@example.com")
    lines = found.path.read_text().splitlines()
    assert (len(lines), lines[-1], done.bytes) == (30, done.cursor, found.path.stat().st_size)
    assert found.name == f"responses-2026-03-02-0900-{asked.id}.txt"
    assert (found.path.stat().st_mode & 0o77, export_folder(core).stat().st_mode & 0o77) == (0, 0)
    assert files(core) == [f"{asked.id}.1.txt"]
    said = [(each.actor, each.action) for each in audit.entries(core.store, f"export:{asked.id}")]
    assert said == [("bo@example.com", "export.fetched"), ("ann@example.com", "export.asked")]


def test_the_next_export_goes_on_behind_the_cursor(answered: Answered) -> None:
    core = answered(20)
    first = ask_export(core, WISH, "tests")
    run_exports(core)
    again = ask_export(core, replace(WISH, after=show_export(core, first.id).cursor), "tests")
    run_exports(core)
    done = show_export(core, again.id)
    assert (done.rows_total, done.cursor) == (0, show_export(core, first.id).cursor)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (replace(WISH, records="agents"), Refused),  # type: ignore[arg-type]
        (replace(WISH, format="pdf"), NotFound),
        (replace(WISH, after="abcdefghijkl"), NotFound),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_refused(wish: ExportWish, error: type[Exception], core: Core) -> None:
    with pytest.raises(error):
        ask_export(core, wish, "tests")
    assert list_exports(core) == []


def test_a_format_that_lacks_its_library_says_so_and_the_others_work(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    lacks = {each.name: each.lacks for each in formats(core)}
    assert lacks == {
        "csv": "", "jsonl": "", "slow": "",
        "xlsx": "xlsx: xlsxwriter is not installed: pip install 'feedbackhub[exports]'",
        "parquet": "parquet: pyarrow is not installed: pip install 'feedbackhub[exports]'",
    }  # fmt: skip
    with pytest.raises(Conflict, match="pyarrow is not installed"):
        ask_export(core, replace(WISH, format="parquet"), "tests")


def test_progress_is_seen_and_an_export_that_is_called_off_leaves_nothing(
    answered: Answered, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = answered(20)
    monkeypatch.setattr(export_progress, "REPORT", 0.0)
    monkeypatch.setattr("feedbackhub.loop.exporting.BATCH", 5)
    step = threading.Semaphore(2)
    slow.at_each = lambda: step.acquire(timeout=20)
    asked = ask_export(core, WISH, "tests")
    worker = threading.Thread(target=run_exports, args=(core,))
    worker.start()
    assert waited(lambda: show_export(core, asked.id).rows_done == 10)
    running = show_export(core, asked.id)
    assert (running.state, running.rows_total, running.percent) == ("running", 20, 50)
    assert files(core) == [f"{asked.id}.1.part"]
    cancel_export(core, asked.id, "tests")
    time.sleep(1.2)  # the supervisor looks once a second
    step.release(10)
    worker.join(20)
    assert (show_export(core, asked.id).state, files(core)) == ("cancelled", [])
    with pytest.raises(Conflict):
        cancel_export(core, asked.id, "tests")


def test_one_that_waits_can_be_called_off(core: Core) -> None:
    asked = ask_export(core, WISH, "tests")
    cancel_export(core, asked.id, "tests")
    run_exports(core)
    assert (show_export(core, asked.id).state, files(core)) == ("cancelled", [])


def test_a_run_whose_worker_died_begins_anew_when_its_lease_is_over(
    answered: Answered, clock: SetClock
) -> None:
    core = answered(10)
    asked = ask_export(core, WISH, "tests")
    now = clock.now()
    core.store.write(lambda connection: rows.claim(connection, now, now + timedelta(seconds=60)))
    half = export_folder(core) / f"{asked.id}.1.part"
    half.mkdir()
    (half / "data.txt").write_text("half a f")
    assert sweep(core) == 0
    run_exports(core)
    assert show_export(core, asked.id).state == "running"
    clock.move(timedelta(seconds=61))
    run_exports(core)
    assert (show_export(core, asked.id).state, show_export(core, asked.id).rows_done) == ("done", 10)
    assert files(core) == [f"{asked.id}.2.txt"]


def test_a_worker_that_was_given_up_changes_nothing(answered: Answered, slow: Slow, clock: SetClock) -> None:
    core = answered(10)
    asked = ask_export(core, WISH, "tests")

    def overtaken() -> None:
        slow.at_end = lambda: None
        clock.move(timedelta(seconds=61))
        run_exports(core)

    slow.at_end = overtaken
    run_exports(core)
    done = show_export(core, asked.id)
    assert (done.state, done.rows_done, files(core)) == ("done", 10, [f"{asked.id}.2.txt"])
    assert len(export_file(core, asked.id, "tests").path.read_text().splitlines()) == 10


def test_what_nobody_offers_or_writes_is_swept_away(answered: Answered) -> None:
    core = answered(10)
    done = done_run(core)
    (export_folder(core) / "AAAAAAAAAAAA.1.part").mkdir()
    (export_folder(core) / "AAAAAAAAAAAA.1.csv").write_text("left over")
    assert sweep(core) == 2
    assert files(core) == [f"{done.id}.1.txt"]


def raises(error: Exception) -> Callable[[], None]:
    """Return what raises an error."""

    def run() -> None:
        raise error

    return run


def test_an_export_that_fails_is_tried_again_and_then_given_up(
    answered: Answered, slow: Slow, clock: SetClock
) -> None:
    core = answered(10)
    slow.at_end = raises(ValueError("ann@example.org"))
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    waiting = show_export(core, asked.id)
    assert (waiting.state, waiting.error) == ("queued", waiting.error)
    assert waiting.error.startswith("raised ValueError in ")
    for _ in range(ATTEMPTS):
        clock.move(DAY)
        run_exports(core)
    failed = show_export(core, asked.id)
    assert (failed.state, files(core)) == ("failed", [])
    assert "ann@" not in failed.error


def test_one_that_fails_once_succeeds_the_next_time(answered: Answered, slow: Slow, clock: SetClock) -> None:
    core = answered(10)
    slow.at_end = raises(OSError(28, "No space left on device"))
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    slow.at_end = lambda: None
    clock.move(DAY)
    run_exports(core)
    assert (show_export(core, asked.id).state, show_export(core, asked.id).error) == ("done", "")


def test_an_export_that_hangs_is_given_up_and_holds_nobody_up(
    answered: Answered, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = answered(10)
    monkeypatch.setattr(export_progress, "STALL", 0.3)
    monkeypatch.setattr(export_progress, "CLOSING", 0.3)
    let_go = threading.Event()
    slow.at_each = lambda: let_go.wait(60)
    hung, other = ask_export(core, WISH, "tests"), ask_export(core, replace(WISH, format="csv"), "tests")
    run_exports(core)
    let_go.set()
    assert (show_export(core, hung.id).state, show_export(core, hung.id).error) == (
        "queued", "got no further for too long",
    )  # fmt: skip
    assert show_export(core, other.id).state == "done"
    assert [each.outcome for each in core.containment.trace("tests")][:1] == ["late"]


def test_a_plugin_that_is_gone_fails_its_runs_with_its_name(core: Core) -> None:
    asked = ask_export(core, WISH, "tests")
    without = [each for each in core.plugins.each("feedbackhub_exports") if each[1].name != "slow"]
    other = replace(core, plugins=core.plugins.having("feedbackhub_exports", without))
    run_exports(other)
    failed = show_export(other, asked.id)
    assert (failed.state, failed.error) == ("failed", "there is no format slow; there are csv, jsonl, xlsx, parquet")


def test_a_finished_file_is_handed_on(answered: Answered, slow: Slow) -> None:
    core = answered(10)
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    [(name, data)] = slow.shipped
    assert (name, data) == (show_export(core, asked.id).name, export_file(core, asked.id, "tests").path.read_bytes())


def test_a_file_that_cannot_be_handed_on_now_is_written_again_later(
    answered: Answered, slow: Slow, clock: SetClock
) -> None:
    core = answered(10)
    slow.on_ship = raises(TemporaryFailure("the bucket is closed", timedelta(hours=2)))
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    assert (show_export(core, asked.id).state, show_export(core, asked.id).error, files(core)) == (
        "queued", "the bucket is closed", [],
    )  # fmt: skip
    clock.move(timedelta(hours=1))
    slow.on_ship = lambda: None
    run_exports(core)
    assert slow.shipped == []
    clock.move(timedelta(hours=1, seconds=1))
    run_exports(core)
    assert (show_export(core, asked.id).state, len(slow.shipped)) == ("done", 1)


def test_a_file_that_can_never_be_handed_on_fails_at_once(answered: Answered, slow: Slow) -> None:
    core = answered(10)
    slow.on_ship = raises(PermanentFailure("no such bucket"))
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    assert (show_export(core, asked.id).state, show_export(core, asked.id).error) == ("failed", "no such bucket")


def done_run(core: Core) -> RunView:
    """Return an export that is done."""
    asked = ask_export(core, WISH, "tests")
    run_exports(core)
    return show_export(core, asked.id)


def test_files_are_removed_when_their_time_is_over(answered: Answered, clock: SetClock) -> None:
    core = answered(10)
    done = done_run(core)
    clock.move(timedelta(days=7))
    with pytest.raises(NotFound):
        export_file(core, done.id, "tests")
    forget_exports(core)
    assert (show_export(core, done.id).state, files(core)) == ("expired", [])
    clock.move(timedelta(days=90))
    forget_exports(core)
    assert list_exports(core) == []


def test_a_file_can_be_removed_at_once(answered: Answered) -> None:
    core = answered(10)
    done = done_run(core)
    remove_export(core, done.id, "tests")
    assert (show_export(core, done.id).state, files(core)) == ("expired", [])


def test_erasing_a_person_removes_every_file_that_may_hold_them(answered: Answered, slow: Slow) -> None:
    core = answered(10, "call me Ann")
    done = done_run(core)
    with core.store.read() as connection:
        [customer] = {row.public_id for row in connection.execute(select(tables.customer.c.public_id))}
    again = ask_export(core, WISH, "tests")
    erased_at: list[int] = []

    def erase() -> None:
        slow.at_end = lambda: None
        erase_person(core, customer, "tests")
        erased_at.append(len(files(core)))

    slow.at_end = erase
    run_exports(core)
    assert (show_export(core, done.id).state, show_export(core, done.id).error) == (
        "expired", "removed because a person was erased",
    )  # fmt: skip
    assert (show_export(core, again.id).state, files(core)) == ("done", [f"{again.id}.2.txt"])
    assert erased_at == [0]


def test_a_server_that_stops_leaves_the_export_to_the_next_one(answered: Answered, slow: Slow) -> None:
    core = answered(10)
    asked = ask_export(core, WISH, "tests")
    slow.at_end = core.containment.stop
    run_exports(core)
    assert (show_export(core, asked.id).state, files(core)) == ("queued", [])
    slow.at_end = lambda: None
    run_exports(core)
    assert (show_export(core, asked.id).state, files(core)) == ("done", [f"{asked.id}.2.txt"])
