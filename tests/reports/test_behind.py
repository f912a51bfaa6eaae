"""The answers behind the numbers: as many as the report says, on both databases, and filters that can be dropped."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from feedbackhub.contract.errors import Refused
from feedbackhub.loop.collect import Sighting, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.answer_query import read_answer_filter
from feedbackhub.store.queries import people
from tests.app_fixtures import MakeClient, StaffClient
from tests.nps.votes import Vote, settings_for_votes
from tests.reports.looking import api, figures, ready

OTHER = {"team": "Back & Front", "channel": "phone", "agent": {"id": "7", "name": "Bo"}}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked whether they would recommend the company; the company is east of Greenwich."""
    return settings_for_votes(settings).model_copy(update={"timezone": "Asia/Jakarta"})


@pytest.fixture
def vote(core: Core, clock: SetClock) -> Vote:
    """Lets customers answer: some each day, one of them a machine and one a test, neither of whom counts."""
    vote = Vote(core, clock)
    vote.all({10: 6, 8: 3, 3: 2}, team="Billing")
    clock.move(timedelta(hours=13))  # the next day in Jakarta, not yet in UTC
    vote.all({9: 8, 0: 6}, **OTHER)
    machine, test = vote.asked(team="Billing"), vote.asked(team="Billing", test=True)
    Engine(core).drain()
    submit(core, machine, {"recommend": 0}, sighting=Sighting({}, "filled in", ""))
    submit(core, test, {"recommend": 0}, via="api")
    clock.move(timedelta(days=3))
    vote.all({6: 2, 7: 12}, team="Billing")
    return vote


def links(page: str) -> dict[str, str]:
    """Return where numbers and first cells lead, by what stands there or what they are called."""
    found = re.findall(r'<a class="way" href="([^"]*)"(?: aria-label="([^"]*)")?>([^<]*)</a>', page)
    return {html.unescape(label or text).removesuffix(": what is behind it"): html.unescape(href)
            for href, label, text in found}  # fmt: skip


def listed(page: str) -> list[str]:
    """Return the answers on a page of the list."""
    return re.findall(r'name="ids" value="([^"]{12})"', page)


def count(page: str) -> int:
    """Return how many answers there are, as the list says."""
    (found,) = re.findall(r'<p class="found-n">(\d+) answers?</p>', page)
    return int(found)


def test_behind_each_number_are_as_many_answers_as_it_says(
    app: Flask, core: Core, vote: Vote, manager_client: StaffClient
) -> None:
    for query in ("by=team", "by=channel&team=Back+%26+Front", "basis=contact&from=2026-03-02&to=2026-03-02"):
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
    assert [count(manager_client.get(rows[team]).text) for team in ("Billing", "Back & Front")] == [25, 14]


def same(query: str) -> str:
    """Return a query of a page as the API takes it."""
    return query.replace("from=", "since=").replace("to=", "until=")


def test_the_api_tells_the_same_addresses(app: Flask, core: Core, vote: Vote, manager_client: StaffClient) -> None:
    found = api(app, core)("/reports/nps?by=team&team=Billing").get_json()
    href = found["figures"][0]["href"].removeprefix(core.settings.public_url)
    assert count(manager_client.get(href).text) == found["figures"][0]["n"] == 25
    (groups,) = (table for table in found["tables"] if table["title"] == "Groups")
    assert [bool(href) for href in groups["hrefs"]] == [True]


def test_filters_are_shown_and_dropped_one_by_one(vote: Vote, manager_client: StaffClient) -> None:
    href = "/answers?team=Billing&question=recommend&score=0-6&counted=yes&basis=answer&from=2026-03-02&after=x"
    page = manager_client.get(href).text
    chips = re.findall(r'<a href="([^"]*)" aria-label="Drop this filter: ([^"]*)">', page)
    drops = {html.unescape(name): html.unescape(where) for where, name in chips}
    assert list(drops) == [
        "From Mar 2, 2026", "Days of the answer, in UTC", "Team Billing", "Question recommend", "Score 0-6",
        "Only those that count in reports",
    ]  # fmt: skip
    assert drops["Team Billing"] == href.replace("team=Billing&", "").replace("&after=x", "")
    assert "score" not in drops["Question recommend"]
    assert [count(page), count(manager_client.get(drops["Team Billing"]).text)] == [4, 10]
    assert '<input type="hidden" name="score" value="0-6">' in page


def test_each_filter_alone(core: Core, vote: Vote, manager_client: StaffClient) -> None:
    with core.store.read() as connection:
        row = people.agent_by_key(connection, "helpdesk", "7")
    assert row is not None
    expected = {
        "question=recommend&score=10": 6, "question=recommend&score=0-0": 6, "question=reason": 0,
        "question=reason,recommend&score=7-8": 15, "channel=phone": 14, "team=Back+%26+Front": 14,
        f"agent={row.public_id}": 14, "low=yes": 10, "comment=1": 0, "solved=yes": 0,
        "basis=answer&to=2026-03-02": 25, "to=2026-03-02": 11, "from=2026-03-06&to=2026-03-06": 14,
        "basis=contact&from=2026-03-03": 14, "survey=nps": 39, "survey=other": 0,
    }  # fmt: skip
    found = {query: count(manager_client.get(f"/answers?counted=yes&{query}").text) for query in expected}
    assert found == expected


def test_the_filters_stay_on_the_way_to_the_contact_and_back(
    core: Core, vote: Vote, manager_client: StaffClient
) -> None:
    report = "/reports/nps?by=team&team=Back+%26+Front"
    href = links(ready(manager_client, report).text)["Back & Front"]
    page = manager_client.get(href).text
    assert f'<a class="via" href="{html.escape(report)}">Back to the report</a>' in page
    one = html.unescape(re.findall(r'<a href="(/answers/[^"]+)" dir="auto"', page)[0])
    answer = manager_client.get(one).text
    crumb, back = (html.unescape(each) for each in re.findall(r'<p class="crumbs"><a href="([^"]+)">Answers</a> <a class="via" href="([^"]+)"', answer)[0])  # noqa: E501
    assert (crumb, back) == (href, report)
    contact = html.unescape(re.findall(r'href="(/contacts/[^"]+)">The contact', answer)[0])
    returned = re.findall(r'class="via" href="([^"]+)">Back to the answer', manager_client.get(contact).text)
    assert html.unescape(returned[0]) == one
    judged = manager_client.submit("/answers/judge", {"ids": one[9:21], "verdict": "discarded", "back": one})
    assert judged.headers["Location"].endswith(one)
    assert count(manager_client.get(href).text) == 13
    Engine(core).drain()
    assert figures(ready(manager_client, report).text)[0][3] == "13 answers"


def test_wrong_filters_are_said_and_nothing_is_listed(vote: Vote, manager_client: StaffClient) -> None:
    page = manager_client.get("/answers?from=2026-02-30&solved=maybe&team=Billing&score=1")
    assert (page.status_code, listed(page.text)) == (422, [])
    for name in ("from", "solved"):
        assert f'aria-invalid="true" aria-describedby="e-{name}"' in page.text
        assert f'id="e-{name}"' in page.text
    assert '<option value="Billing" selected>' in page.text
    nobody = manager_client.get(f"/answers?agent={'A' * 12}")
    assert (nobody.status_code, "nobody&#39;s id" in nobody.text) == (422, True)


def test_an_agent_cannot_look_at_others_by_a_filter(core: Core, vote: Vote, client_of: MakeClient) -> None:
    with core.store.read() as connection:
        row = people.agent_by_key(connection, "helpdesk", "7")
    assert row is not None
    other = client_of("agent", "other@example.com")
    assert "We do not know yet which agent you are" in other.get(f"/answers?agent={row.public_id}").text
    mine = client_of("agent", agent=row.id).get("/answers?counted=yes&agent=" + "A" * 12).text
    assert count(mine) == 14


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
