"""Test contacts: they go through everything that a real one would, and reach nobody but who tries."""

from dataclasses import replace

from feedbackhub import Identifier
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.store import tables
from tests.loop.story import ANN, HOUR, Line, ended, rows, run, with_settings

PHONE = {"phone": "+14155552671", "name": "Ann"}


def policy(core: Core, *channels: str, test_address: str = "") -> Core:
    """Return the same instance with another ladder."""
    return with_settings(core, ask=(AskEntry(name="default", channels=channels),), test_address=test_address)


def ladder(core: Core, external_id: str, customer: dict[str, str]) -> list[str]:
    """Record a test contact and return the channels on which it would be asked."""
    found = ended(core, external_id, customer, test=True).contact.decision.facts
    return list(found["channels"])


def test_a_test_at_the_counter_hands_its_link_over(core: Core, clock: SetClock) -> None:
    core = policy(core, "link")
    contact = ended(core, "1", {}, test=True).contact
    assert contact.invitation is not None
    run(core, clock)
    assert [(row.channel, row.state) for row in rows(core, tables.delivery)] == [("link", "sent")]


def test_only_channels_that_reach_people_are_replaced(core: Core) -> None:
    core = policy(core, "mail", "sms", "link")
    assert ladder(core, "1", ANN) == ["mailbox", "link"]
    assert ladder(core, "2", {}) == ["link"]


def test_a_test_goes_to_the_test_address_whatever_the_customer_is_reached_by(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    core = policy(core, "sms", test_address="qa@example.com")
    mail.name = "email"
    channels = {**core.plugins.channels, "email": mail}
    core = replace(core, plugins=core.plugins.having("feedbackhub_channels", channels.items()))
    contact = ended(core, "1", PHONE, test=True).contact
    assert contact.decision.outcome == "ask"
    run(core, clock, HOUR)
    assert (mail.sent[0].to, sms.sent) == (Identifier("email", "qa@example.com"), [])
    assert [row.kind for row in rows(core, tables.identifier)] == ["phone"]
    assert ended(core, "2", PHONE).contact.decision.facts["channels"] == ["sms"]
