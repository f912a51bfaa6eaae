"""From a report to the answers behind it, to one contact and back; what a list of answers is filtered by is said."""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from tests.app_fixtures import START, MakeClient, StaffClient
from tests.reports.looking import figures, ready
from tests.reports.voters import FRONT, agent_of, all_vote, count, links, listed, settings_of_voters


@pytest.fixture(scope="module")
def voted(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[str], None]) -> Iterator[tuple[Core, SetClock]]:
    """An instance on SQLite in which customers have answered, for all tests of this module."""
    folder, clock = tmp_path_factory.mktemp("voted"), SetClock(START)
    filled(f"sqlite:///{folder / 'feedbackhub.db'}")
    write_key(folder / KEY_FILE)
    opened = open_core(settings_of_voters(Settings(data_dir=folder)), clock)
    all_vote(opened, clock)
    yield opened, clock
    opened.close()


@pytest.fixture
def core(voted: tuple[Core, SetClock]) -> Core:
    """The instance of this module."""
    return voted[0]


@pytest.fixture
def clock(voted: tuple[Core, SetClock]) -> SetClock:
    """Its clock."""
    return voted[1]


@pytest.fixture
def manager(request: pytest.FixtureRequest, client_of: MakeClient) -> StaffClient:
    """A browser in which a manager of the test is signed in."""
    return client_of("manager", f"{request.node.name}@example.com"[-60:])


def test_filters_are_shown_and_dropped_one_by_one(manager: StaffClient) -> None:
    href = "/answers?team=Billing&question=recommend&score=0-6&counted=yes&basis=answer&from=2026-03-02&after=x"
    page = manager.get(href).text
    chips = re.findall(r'<a href="([^"]*)" aria-label="Drop this filter: ([^"]*)">', page)
    drops = {html.unescape(name): html.unescape(where) for where, name in chips}
    assert list(drops) == [
        "From Mar 2, 2026", "Days of the answer, in UTC", "Team Billing", "Question recommend", "Score 0-6",
        "Only those that count in reports",
    ]  # fmt: skip
    assert drops["Team Billing"] == href.replace("team=Billing&", "").replace("&after=x", "")
    assert "score" not in drops["Question recommend"]
    assert [count(page), count(manager.get(drops["Team Billing"]).text)] == [4, 10]
    assert '<input type="hidden" name="score" value="0-6">' in page


def test_wrong_filters_are_said_and_nothing_is_listed(manager: StaffClient) -> None:
    page = manager.get("/answers?from=2026-02-30&solved=maybe&team=Billing&score=1")
    assert (page.status_code, listed(page.text)) == (422, [])
    for name in ("from", "solved"):
        assert f'aria-invalid="true" aria-describedby="e-{name}"' in page.text
        assert f'id="e-{name}"' in page.text
    assert '<option value="Billing" selected>' in page.text
    nobody = manager.get(f"/answers?agent={'A' * 12}")
    assert (nobody.status_code, "nobody&#39;s id" in nobody.text) == (422, True)


def test_an_agent_cannot_look_at_others_by_a_filter(core: Core, client_of: MakeClient) -> None:
    row_id, public_id = agent_of(core)
    other = client_of("agent", "other@example.com")
    assert "We do not know yet which agent you are" in other.get(f"/answers?agent={public_id}").text
    mine = client_of("agent", agent=row_id).get("/answers?counted=yes&agent=" + "A" * 12).text
    assert count(mine) == 14


def test_the_filters_stay_on_the_way_to_the_contact_and_back(core: Core, manager: StaffClient) -> None:
    report = f"/reports/nps?by=team&team={quote_plus(FRONT)}"
    href = links(ready(manager, report).text)[FRONT]
    page = manager.get(href).text
    assert f'<a class="via" href="{html.escape(report)}">Back to the report</a>' in page
    one = html.unescape(re.findall(r'<a href="(/answers/[^"]+)" dir="auto"', page)[0])
    answer = manager.get(one).text
    crumb, back = (html.unescape(each) for each in re.findall(r'<p class="crumbs"><a href="([^"]+)">Answers</a> <a class="via" href="([^"]+)"', answer)[0])  # noqa: E501
    assert (crumb, back) == (href, report)
    contact = html.unescape(re.findall(r'href="(/contacts/[^"]+)">The contact', answer)[0])
    returned = re.findall(r'class="via" href="([^"]+)">Back to the answer', manager.get(contact).text)
    assert html.unescape(returned[0]) == one
    judged = manager.submit("/answers/judge", {"ids": one[9:21], "verdict": "discarded", "back": one})
    assert judged.headers["Location"].endswith(one)
    assert count(manager.get(href).text) == 13
    Engine(core).drain()
    assert figures(ready(manager, report).text)[0][3] == "13 answers"
