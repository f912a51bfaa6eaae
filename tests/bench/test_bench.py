"""The measurements themselves: their modules, their load, their rows in small."""

import importlib
import os
import pkgutil
import socket
import threading

import pytest

import bench
from bench.__main__ import QUICK, ROWS, main
from bench.load import request, run
from bench.table import Figure, told


def test_every_module_of_rows_can_be_imported_and_measures() -> None:
    names = {each.name for each in pkgutil.iter_modules(bench.__path__) if each.name.startswith("rows_")}
    assert names == {f"rows_{name}" for name in ROWS}
    assert all(callable(importlib.import_module(f"bench.{name}").rows) for name in names)


def test_pages_and_submissions_are_measured_in_small(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--only", "pages"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[1] for line in lines[2:] if line.startswith("| ")] == [
        "figure", "---", "of hello behind the same server", "CPU", "of a bare group commit", "CPU", "p99 of hello's",
    ]  # fmt: skip
    assert QUICK.n * QUICK.rounds == 20


def test_a_figure_is_held_against_what_was_promised() -> None:
    kept = Figure("page", "CPU", 1.1, "ms", 1.2, 0.5)
    missed = Figure("page", "share", 30, "%", 35, 50, more=True, beside="hello 900/s")
    told_only = Figure("page", "share", 60, "%")
    assert [each.verdict for each in (kept, missed, told_only)] == ["kept", "missed", ""]
    assert list(told([kept, missed]))[2:] == [
        "| page | CPU | 1.10 ms |  | ≤ 1.20 ms | ≤ 0.50 ms | kept |",
        "| page | share | 30 % | hello 900/s | ≥ 35 % | ≥ 50 % | missed |",
    ]


def test_an_open_loop_counts_from_the_moment_that_a_request_was_due() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_late() -> None:
            for _ in range(4):
                peer, _ = listener.accept()
                with peer:
                    peer.recv(4096)
                    threading.Event().wait(0.2)
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        threading.Thread(target=answer_late, daemon=True).start()
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        seen = run(base, os.getpid(), [request("GET", "/")] * 4, clients=1, rate=1000)
    assert (seen.failed, seen.statuses) == (0, {200: 4})
    assert seen.p99 >= 790  # the fourth waits for the three before it, for whom 0.2 seconds each passed


def test_only_servers_on_this_machine_are_loaded() -> None:
    with pytest.raises(ValueError, match="only servers on this machine"):
        run("http://example.org:80", 1, [], 1)
