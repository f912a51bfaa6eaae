"""What Prometheus reads: every promised figure, right, without walking through tables, and nothing of a person."""

import re
import sys
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, insert

from feedbackhub import PermanentFailure, TemporaryFailure
from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.pulse import beat, metered
from feedbackhub.loop.tell import number_events
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.keys import create_key
from feedbackhub.store import tables
from tests.staff.conftest import World, core, post, settings, world

__all__ = ["core", "post", "settings", "world"]

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Scraper:
    """Reads the metrics as Prometheus does."""

    def __init__(self, app: Flask, core: Core, clock: SetClock, *scopes: str) -> None:
        _, secret = create_key(core.store, clock, "prometheus", scopes or ("metrics:read",), "tests")
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def text(self) -> str:
        """Return the page."""
        answer = self.client.get("/metrics", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    def read(self) -> Samples:
        """Return every sample by its name and labels."""
        families = text_string_to_metric_families(self.text())
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in families
            for sample in family.samples
        }


def of(samples: Samples, name: str, **labels: str) -> float | None:
    """Return one sample's value."""
    return samples.get((f"feedbackhub_{name}", tuple(sorted(labels.items()))))


def test_figures_tell_of_lanes_sends_readers_and_answers(app: Flask, core: Core, clock: SetClock, world: World) -> None:
    scrape = Scraper(app, core, clock)
    world.answer(world.asked(1), satisfaction="5")
    world.answer(world.asked(2), machine=True, satisfaction="1")
    world.post.failure = TemporaryFailure("busy")
    world.asked(3)
    world.post.failure = PermanentFailure("gone")
    world.asked(4)
    world.contact(5)
    number_events(core.store)
    clock.move(timedelta(hours=3))
    beat(core)
    found = scrape.read()
    assert (of(found, "lane_due", lane="post"), of(found, "lane_parked", lane="post")) == (1, 1)
    assert of(found, "lane_oldest_due_seconds", lane="post") == 7200
    sent = {
        outcome: of(found, "sends_total", channel="post", kind="first", outcome=outcome)
        for outcome in ("sent", "parked", "failed", "deferred")
    }
    assert sent == {"sent": 2, "parked": 1, "failed": 1, "deferred": None}
    assert of(found, "answers_total", via="page", confidence="human") == 1
    assert of(found, "answers_total", via="page", confidence="suspect") == 1
    assert (of(found, "suspects_waiting"), of(found, "engines_alive")) == (1, 1)
    with core.store.read() as connection:
        top = max(connection.scalars(tables.event.select().with_only_columns(tables.event.c.position)))
    assert of(found, "events_position") == top
    assert (of(found, "subscriber_behind_events", subscriber="webhooks:planner") or 0) > 0
    assert of(found, "subscriber_lag_seconds", subscriber="webhooks:planner") == 10_800
    assert of(found, "subscriber_parked", subscriber="webhooks:planner") == 0
    assert of(found, "plugin_state", plugin="nps", state="active") == 1


def test_requests_are_counted_by_kind_and_status_and_submissions_timed(
    app: Flask, core: Core, clock: SetClock, world: World
) -> None:
    scrape, visitor = Scraper(app, core, clock), app.test_client()
    recorded = world.asked(1)
    assert recorded.contact.invitation is not None
    path = "/" + recorded.contact.invitation.link.partition("://")[2].partition("/")[2]
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, data={"satisfaction": "5"}).status_code in (200, 303)
    assert visitor.get("/nothing/here/ann@example.org").status_code == 404
    found = scrape.read()
    assert of(found, "requests_total", kind="survey", status="200") == 1
    assert of(found, "requests_total", kind="unknown", status="404") == 1
    assert (of(found, "submission_seconds_count"), of(found, "submission_seconds_bucket", le="+Inf")) == (1, 1)
    assert (of(found, "refused_total", because="capacity"), of(found, "refused_total", because="storage")) == (0, 0)
    assert of(found, "write_queue_length") == 0


def test_no_figure_holds_anything_of_a_person(app: Flask, core: Core, clock: SetClock, world: World) -> None:
    scrape = Scraper(app, core, clock)
    recorded = world.asked(1)
    world.answer(recorded, satisfaction="1", comment="Canary words")
    app.test_client().get(f"/contacts/{recorded.contact.id}")
    app.test_client().open("/ann@example.org", method="CANARY")
    said = scrape.text()
    for canary in ("c1@example.org", "Customer", "Canary", "CANARY", "ann@", recorded.contact.id, "T-1", "Billing"):
        assert canary not in said, canary
    labels = set(re.findall(r"[{,](\w+)=", said))
    assert labels <= {
        "lane", "channel", "kind", "outcome", "subscriber", "plugin", "state", "call", "via", "confidence", "because",
        "status", "le", "version", "implementation", "major", "minor", "patchlevel",
    }  # fmt: skip


def test_only_a_key_for_it_reads_them(app: Flask, core: Core, clock: SetClock) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer fh_wrong"}).status_code == 401
    other = Scraper(app, core, clock, "contacts:read")
    refused = client.get("/metrics", headers=other.headers)
    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")


def test_without_the_library_it_says_what_to_install(
    app: Flask, core: Core, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrape = Scraper(app, core, clock)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    answer = scrape.client.get("/metrics", headers=scrape.headers)
    assert (answer.status_code, answer.json["detail"]) == (  # type: ignore[index]
        501, 'Metrics need the Prometheus client: pip install "feedbackhub[metrics]"',
    )  # fmt: skip


def test_several_applications_in_one_process_are_not_in_each_other_s_way(core: Core, clock: SetClock) -> None:
    first = Scraper(create_app(core), core, clock)
    again = create_app(core).test_client()
    assert first.text().count("# TYPE feedbackhub_lane_due gauge") == 1
    assert again.get("/metrics", headers=first.headers).text.count("# TYPE feedbackhub_lane_due gauge") == 1


def test_what_several_processes_send_is_counted_together(core: Core) -> None:
    for n in (2, 3):
        core.sends.add("sends", "email", "first", "sent", n=n)
        beat(core)
    beat(core)
    assert metered(core.store) == {("sends", ("email", "first", "sent")): 5}


#: Tables with a line for each process, subscriber, plugin, key or counter.
SMALL = {"engine_pulse", "meter", "subscriber", "api_key", "lane", "job"}


def test_no_figure_walks_through_a_table_that_grows(app: Flask, core: Core, clock: SetClock, world: World) -> None:
    scrape, seen = Scraper(app, core, clock), dict[str, Any]()
    now = clock.now()
    world.asked(1)

    def add(connection: Any) -> None:
        values = {"kind": "x", "lane": "post", "reference": "1", "due_at": now, "created_at": now, "priority": 0}
        states = {"done": 3000, "due": 300, "claimed": 3, "parked": 3}
        rows = [
            {**values, "state": state, "dedup_key": f"{state} {n}", "ended_at": now if state == "done" else None}
            for state, most in states.items()
            for n in range(most)
        ]
        connection.execute(insert(tables.task), rows)

    core.store.write(add)

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen[statement] = parameters

    scrape.text()
    event.listen(core.store.engine, "before_cursor_execute", note)
    scrape.text()
    event.remove(core.store.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if core.store.is_sqlite else "EXPLAIN"
    walks: dict[str, list[str]] = {}
    with core.store.engine.connect() as connection:
        if not core.store.is_sqlite:
            # So few rows are read through all the same, unless there is any other way: that is what is asked.
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in seen.items():
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
            lines = [str(row[3] if core.store.is_sqlite else row[0]) for row in plan]
            # What reads an index of the few rows in question is no walk.
            found = [line for line in lines if re.search(r"SCAN \w+$|Seq Scan on task", line)]
            if [line for line in found if not any(name in line for name in (*SMALL, "anon_1", "due", "step"))]:
                walks[" ".join(statement.split())] = found
    assert len(seen) > 8
    assert walks == {}


def test_a_drained_engine_leaves_no_readers_behind(app: Flask, core: Core, clock: SetClock, world: World) -> None:
    scrape = Scraper(app, core, clock)
    world.answer(world.asked(1), satisfaction="5")
    Engine(core).drain()
    assert of(scrape.read(), "subscriber_behind_events", subscriber="tallies") == 0
