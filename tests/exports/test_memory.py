"""However many records there are, no more than a few of them are held in memory."""

from pathlib import Path

import pytest

from bench import exports as bench
from feedbackhub.loop import record_sets

RESPONSES = 20_000
MOST_MB = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance with many answers."""
    made = tmp_path_factory.mktemp("many")
    bench.made(made, RESPONSES)
    return made


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_an_export_of_many_records_takes_little_memory(name: str, folder: Path) -> None:
    seen = bench.measured(folder, name)
    assert seen["rows"] == RESPONSES
    assert seen["extra"] <= MOST_MB


def test_a_reader_gets_one_batch_at_a_time(folder: Path) -> None:
    core = bench.opened(folder)
    found = record_sets.batches(core.store, "responses", size=10**9)
    assert [next(found).length, next(found).length] == [record_sets.LARGEST] * 2
    core.close()
