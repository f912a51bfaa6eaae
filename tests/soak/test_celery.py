"""The soak of Celery, with small numbers: a worker dies, the broker forgets, the database crashes."""

from bench.soak.celery import soak


def test_celery_loses_nothing_and_begins_nothing_twice() -> None:
    result = soak(tasks=60, workers=2, pumps=1, flushes=1, restarts=1, kill_every=(2.0, 3.0), slow=0.2, within=200)
    assert result.problems == []
    assert (result.flushes, result.restarts, result.kills > 0) == (1, 1, True)
    assert result.begun >= result.effects >= result.tasks
