"""Many at once, too many, and tickets that become known in other ways."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.imports import Order, run_import
from tests.open_links.conftest import Come, Make, Ticket, responses
from tests.pages.visits import HIDDEN

AT_ONCE = 16


def test_one_page_sent_many_times_at_once_is_one_answer(
    app: Flask, core: Core, make: Make, come: Come, clock: SetClock
) -> None:
    passer = come(make())
    hidden = dict(HIDDEN.findall(passer.look().text))
    clock.move(timedelta(seconds=30))

    def send(number: int) -> str:
        data = {**hidden, "satisfaction": str(3 + number % 3)}
        return app.test_client().post(passer.path, data=data, headers=passer.headers).location or ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        places = set(pool.map(send, range(AT_ONCE)))
    assert len(places) == 1
    assert len(responses(core)) == 1


def test_a_ticket_and_its_claim_that_come_at_once_find_each_other(
    core: Core, make: Make, come: Come, ticket: Ticket
) -> None:
    link = make(source="zendesk")
    passers = [come(link, f"?ticket={number}") for number in range(AT_ONCE // 2)]
    for passer in passers:
        passer.look()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(passer.again, satisfaction="4") for passer in passers]
        told = [pool.submit(ticket, str(number)) for number in range(AT_ONCE // 2)]
        [each.result() for each in (*sent, *told)]
    assert [each.claimed_contact_id is not None for each in responses(core)] == [True] * (AT_ONCE // 2)


def test_who_comes_too_often_keeps_what_was_typed(
    settings: Settings, core: Core, clock: SetClock, make: Make, come: Come
) -> None:
    strict = settings.model_copy(update={"web": settings.web.model_copy(update={"survey_limit": "2/hour"})})
    again = open_core(strict, clock)
    try:
        passer = come(make())
        passer.client = create_app(again).test_client()
        passer.look()
        passer.send(satisfaction="5")
        passer.look()
        answer = passer.again(comment="Typed with care")
    finally:
        again.close()
    assert answer.status_code == 429
    assert "Typed with care" in answer.text


def test_an_imported_ticket_is_joined_too(core: Core, make: Make, come: Come, tmp_path: Path) -> None:
    come(make(source="zendesk"), "?ticket=4711").send(satisfaction="5")
    file = tmp_path / "contacts.csv"
    file.write_text("source,external_id,ended_at,team\nzendesk,4711,2026-03-01T10:00:00Z,Night shift\n")
    run_import(core, Order("contacts", file), lambda share: None)
    [answer] = responses(core)
    assert answer.claimed_contact_id is not None


@pytest.mark.parametrize("page", ["<b>{{7*7}}</b>", "'\"><script>alert(1)</script>", "x" * 201, "\u202e4711"])
def test_a_hostile_ticket_is_kept_harmless_or_not_at_all(core: Core, make: Make, come: Come, page: str) -> None:
    passer = come(make(source="zendesk"))
    looked = passer.client.get(passer.path, query_string={"ticket": page}, headers=passer.headers)
    assert looked.status_code == 200
    assert "<script>alert" not in looked.text
