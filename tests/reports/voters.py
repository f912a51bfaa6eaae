"""Customers who have answered, some of whom do not count, and what staff see of it."""

import html
import re
from datetime import timedelta

from feedbackhub.loop.collect import Sighting, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.store.queries import people
from tests.nps.votes import Vote, settings_for_votes

#: With a conjunct that a joiner holds apart, and a blank that holds.
FRONT = "Back & Front\u00a0क्\u200dष"
OTHER = {"team": FRONT, "channel": "phone", "agent": {"id": "7", "name": "Bo"}}


def settings_of_voters(settings: Settings) -> Settings:
    """Everybody is asked whether they would recommend the company, which is east of Greenwich."""
    return settings_for_votes(settings).model_copy(update={"timezone": "Asia/Jakarta"})


def all_vote(core: Core, clock: SetClock) -> None:
    """Let customers answer on some days; one of them is a machine and one a test, neither of whom counts."""
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


def agent_of(core: Core) -> tuple[int, str]:
    """Return the row number and the public id of the agent who served some of them."""
    with core.store.read() as connection:
        row = people.agent_by_key(connection, "helpdesk", "7")
    assert row is not None
    return row.id, row.public_id


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
