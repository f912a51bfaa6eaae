"""A few acknowledgements on each database, and whether a missing fsync would be noticed."""

from pathlib import Path

import pytest

from bench.soak.fsync import judged, synced
from bench.soak.ledger import Entry

ROW = r'7 100.{0} pwrite64(9</x/feedbackhub.db-wal>, "\0said k0.\0", 4096, 32) = 4096 <0.010>'
SYNC = "7 100.{0} fdatasync(9</x/feedbackhub.db-wal> <unfinished ...>"
SYNCED = "7 100.{0} <... fdatasync resumed>) = {1} <0.010>"
ACKNOWLEDGEMENT = r"HTTP/1.1 201 CREATED\r\n\r\n{{\"response\":\"AbCdEfGhIjKl\"}}"
ANSWER = f'8 100.{{0}} sendto(12<socket:[1]>, "{ACKNOWLEDGEMENT}", 99, 0) = 99 <0.001>'


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_acknowledgement_has_an_fsync_of_its_row_before_it(kind: str) -> None:
    found = synced(kind, 20)
    assert (found.acknowledged, found.proven, found.wrong) == (20, 20, []), found.told()


@pytest.mark.parametrize(
    ("lines", "proven"),
    [
        ([ROW.format(1), SYNC.format(2), SYNCED.format(3, 0), ANSWER.format(4)], 1),
        ([ROW.format(1), ANSWER.format(2), SYNC.format(3), SYNCED.format(4, 0)], 0),
        ([ROW.format(1), SYNC.format(2), ANSWER.format(3), SYNCED.format(4, 0)], 0),
        ([SYNC.format(1), ROW.format(2), SYNCED.format(3, 0), ANSWER.format(4)], 0),
        ([ROW.format(1), SYNC.format(2), SYNCED.format(3, "-1 EIO (Input/output error)"), ANSWER.format(4)], 0),
        ([SYNC.format(2), SYNCED.format(3, 0), ANSWER.format(4)], 0),
    ],
    ids=["in order", "answered first", "answered meanwhile", "synced too early", "failed", "never written"],
)
def test_an_fsync_proves_an_acknowledgement_only_between_the_row_and_the_answer(
    tmp_path: Path, lines: list[str], proven: int
) -> None:
    trace = tmp_path / "trace"
    trace.write_text("\n".join(lines), encoding="ascii")
    entry = Entry("k0", 4, silent=False, page=False)
    assert judged("sqlite", [(entry, "AbCdEfGhIjKl")], [trace], "").proven == proven
