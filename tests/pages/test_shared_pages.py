"""A page that was rendered for one customer never shows another one what only the first may read."""

from collections.abc import Callable

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.shelf import publish
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]
SPELLINGS = [
    "{{ customer.name }}",
    "{{customer . name}}",
    "{{ customer\\n.\\nname }}",
    "{% if customer . name %}Dear {{ customer . name or 'you' }}{% endif %}",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_customer_is_greeted_by_the_own_name(
    core: Core, clock: SetClock, ask: Ask, visit: Visit, spelling: str
) -> None:
    survey = f'''
name: post-contact
title: Hello
languages: [en]
intro: "Hello {spelling}, about {{{{ contact . topic }}}}"
questions:
  - {{id: satisfaction, type: csat, text: How was it?}}
thanks: Thank you.
'''
    core.store.write(lambda connection: publish(connection, survey, "tests", clock.now()))
    visitors = [visit(ask(name="Ann", topic="refund")), visit(ask(name="Berta", topic="invoice"))]
    pages = [visitor.look().text for visitor in visitors]
    assert [("Ann" in page, "Berta" in page, "refund" in page, "invoice" in page) for page in pages] == [
        (True, False, True, False), (False, True, False, True),
    ]  # fmt: skip


def test_each_visitor_gets_an_own_token_and_proof(ask: Ask, visit: Visit) -> None:
    one, other = visit(ask(name="Ann")), visit(ask(name="Ann"))
    one.look()
    other.look()
    assert one.path in one.page
    assert (one.path in other.page, other.path in one.page) == (False, False)
    assert one.hidden()["page-proof"] != other.hidden()["page-proof"]
