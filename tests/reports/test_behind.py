"""The answers behind the numbers: as many as the report says, and filtered alike, on both databases."""

from pathlib import Path
from urllib.parse import quote_plus

import pytest
from flask import Flask

from feedbackhub.contract.errors import Refused
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.answer_query import read_answer_filter
from feedbackhub.testing import Instance
from tests.app_fixtures import MakeClient
from tests.reports.looking import api, ready
from tests.reports.voters import FRONT, agent_of, all_vote, count, links, listed, settings_of_voters


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked whether they would recommend the company."""
    return settings_of_voters(settings)


def test_behind_each_number_are_as_many_answers_as_it_says(
    app: Flask, core: Core, clock: SetClock, client_of: MakeClient
) -> None:
    all_vote(core, clock)
    manager_client = client_of("manager")
    for query in ("by=team", f"by=channel&team={quote_plus(FRONT)}", "basis=contact&from=2026-03-02&to=2026-03-02"):
        ways = links(ready(manager_client, f"/reports/nps?{query}").text)
        numbers = {each["label"]: each for each in api(app, core)(f"/reports/nps?{same(query)}").get_json()["figures"]}
        parts = {"Promoters (9–10)", "Passives (7–8)", "Detractors (0–6)", "Net promoter score"}
        checked = 0
        for name, href in ways.items():
            label = name.partition(", ")[2]
            if label not in parts:
                continue
            whole = numbers[label]["n"]
            share = 1 if label == "Net promoter score" else numbers[label]["value"]
            page = manager_client.get(href).text
            assert (query, label, count(page)) == (query, label, round(share * whole)), href
            assert len(listed(page)) == count(page)
            checked += 1
        assert checked
    rows = links(ready(manager_client, "/reports/nps?by=team").text)
    assert [count(manager_client.get(rows[team]).text) for team in ("Billing", FRONT)] == [25, 14]
    found = api(app, core)("/reports/nps?by=team&team=Billing").get_json()
    href = found["figures"][0]["href"].removeprefix(core.settings.public_url)
    assert count(manager_client.get(href).text) == found["figures"][0]["n"] == 25
    (groups,) = (table for table in found["tables"] if table["title"] == "Groups")
    assert [bool(href) for href in groups["hrefs"]] == [True]
    expected = {
        "question=recommend&score=10": 6, "question=recommend&score=0-0": 6, "question=reason": 0,
        "question=reason,recommend&score=7-8": 15, "channel=phone": 14, f"team={quote_plus(FRONT)}": 14,
        f"agent={agent_of(core)[1]}": 14, "low=yes": 10, "comment=1": 0, "solved=yes": 0,
        "basis=answer&to=2026-03-02": 25, "to=2026-03-02": 11, "from=2026-03-06&to=2026-03-06": 14,
        "basis=contact&from=2026-03-03": 14, "survey=nps": 39, "survey=other": 0,
    }  # fmt: skip
    found = {query: count(manager_client.get(f"/answers?counted=yes&{query}").text) for query in expected}
    assert found == expected


def test_second_answers_are_behind_no_number_but_their_own_surveys(tmp_path: Path) -> None:
    here = Instance(tmp_path, {})
    try:
        bad = here.answer(here.ask(customer={"email": "ann@example.org"}), 1, "Nobody rang", solved="no")
        here.hub("outbox").ask("re-ask", after=bad.public_id)
        here.answer_again(bad, 5, "All well now", solved="yes")
        expected = {"low=yes": 1, "solved=no": 1, "solved=yes": 0, "comment=yes": 1, "survey=re-ask": 1, "": 1}
        browser = here.browser("manager")
        assert {query: count(browser.get(f"/answers?counted=yes&{query}").text) for query in expected} == expected
    finally:
        here.close()


def same(query: str) -> str:
    """Return a query of a page as the API takes it."""
    return query.replace("from=", "since=").replace("to=", "until=")


@pytest.mark.parametrize(("texts", "field"), [
    ({"basis": "both"}, "basis"), ({"from": "2026-03-09", "to": "2026-03-08"}, "from"), ({"to": "9999-01-01"}, "to"),
    ({"low": "no"}, "low"), ({"counted": "2"}, "counted"), ({"solved": "1"}, "solved"), ({"state": "new"}, "state"),
    ({"score": "5"}, "score"), ({"question": "q", "score": "6-0"}, "score"), ({"question": "a b"}, "question"),
    ({"question": "q", "score": "0-999999"}, "score"), ({"agent": "7"}, "agent"), ({"team": "a\tb"}, "team"),
    ({"team": "x" * 201}, "team"), ({"question": "q," * 30}, "question"),
])  # fmt: skip
def test_what_a_filter_must_not_be(texts: dict[str, str], field: str, clock: SetClock) -> None:
    zone = clock.now().tzinfo
    assert zone is not None
    with pytest.raises(Refused) as refused:
        read_answer_filter(texts, zone)
    assert [each.field for each in refused.value.problems] == [field]
