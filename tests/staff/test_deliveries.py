"""The page of deliveries: what is stuck, sending again, calling off, and what came back."""

from datetime import timedelta

import pytest

from feedbackhub import Identifier, PermanentFailure, Returned, TemporaryFailure
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.returned import store_returned
from feedbackhub.office import audit
from feedbackhub.office.dispatch import DeliveryFilter, DeliveryLine, list_deliveries
from feedbackhub.office.lists import Place
from tests.app_fixtures import StaffClient
from tests.staff.conftest import World


def only(world: World, state: str = "") -> DeliveryLine:
    """Return the one delivery in a state."""
    [found] = list_deliveries(world.core, DeliveryFilter(state), Place()).lines
    return found


def states(world: World) -> list[str]:
    """Return the states of all deliveries, the newest first."""
    return [each.state for each in list_deliveries(world.core, DeliveryFilter(), Place()).lines]


def test_an_empty_list_says_what_to_expect(manager_client: StaffClient) -> None:
    assert "Nothing was sent yet" in manager_client.get("/deliveries").text


def test_the_queue_is_shown_with_what_is_overdue(world: World, manager_client: StaffClient) -> None:
    world.contact(1)
    world.clock.move(timedelta(hours=2))
    html = manager_client.get("/deliveries?state=due").text
    assert '<li class="warn"><strong>1</strong> overdue now</li>' in html
    assert "Overdue</span>" in html


def test_what_is_due_first_is_listed_first(world: World, manager_client: StaffClient) -> None:
    for number in (1, 2):
        world.contact(number)
        world.clock.move(timedelta(minutes=10))
    html = manager_client.get("/deliveries?state=due").text
    assert html.index("Customer 1") < html.index("Customer 2")


def test_a_parked_message_is_sent_again(
    world: World, manager_client: StaffClient, busy: TemporaryFailure
) -> None:
    world.post.failure = busy
    world.asked(1)
    stuck = only(world, "parked")
    assert (stuck.state, stuck.error) == ("failed", "421 busy")
    assert "421 busy" in manager_client.get("/deliveries?state=parked").text
    world.post.failure = None
    form = {"only": stuck.id, "back": "/deliveries?state=parked"}
    assert manager_client.submit("/deliveries/retry", form).headers["Location"] == "/deliveries?state=parked"
    Engine(world.core).drain()
    assert [message.to.value for message in world.post.sent] == ["c1@example.org"]
    assert only(world, "sent").id == stuck.id
    [entry] = audit.entries(world.core.store, f"delivery:{stuck.id}")
    assert (entry.actor, entry.action) == ("manager@example.com", "delivery.retried")


def test_a_refused_message_is_sent_again_although_its_ask_was_given_up(
    world: World, manager_client: StaffClient, refused: PermanentFailure
) -> None:
    world.post.failure = refused
    recorded = world.asked(1)
    world.post.failure = None
    manager_client.submit("/deliveries/retry", {"ids": [only(world, "failed").id]})
    Engine(world.core).drain()
    assert len(world.post.sent) == 1
    assert "Asked, no answer yet" in manager_client.get(f"/contacts/{recorded.contact.id}").text


def test_a_message_is_sent_again_long_after_its_task_was_removed(
    world: World, manager_client: StaffClient, refused: PermanentFailure
) -> None:
    world.post.failure = refused
    world.asked(1)
    world.clock.move(timedelta(days=8))
    Engine(world.core).drain()
    world.post.failure = None
    world.clock.move(timedelta(days=-8))
    manager_client.submit("/deliveries/retry", {"only": only(world, "failed").id})
    Engine(world.core).drain()
    assert len(world.post.sent) == 1


def test_what_was_answered_or_sent_is_not_sent_again(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1)
    world.answer(recorded, satisfaction="5")
    form = {"ids": [each.id for each in list_deliveries(world.core, DeliveryFilter(), Place()).lines]}
    manager_client.submit("/deliveries/retry", form)
    assert "2 left as it was: did not fail." in manager_client.get("/deliveries").text
    assert len(world.post.sent) == 1


def test_a_waiting_message_is_called_off_with_its_ask(world: World, manager_client: StaffClient) -> None:
    recorded = world.contact(1)
    manager_client.submit("/deliveries/cancel", {"only": only(world).id})
    assert states(world) == ["cancelled"]
    html = manager_client.get(f"/contacts/{recorded.contact.id}").text
    assert "Staff called it off." in html
    world.run(timedelta(hours=2))
    assert world.post.sent == []


def test_calling_a_reminder_off_leaves_the_ask_open(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1)
    manager_client.submit("/deliveries/cancel", {"only": only(world, "due").id})
    assert states(world) == ["cancelled", "sent"]
    assert world.answer(recorded, satisfaction="5").stored


def test_several_are_called_off_at_once(world: World, manager_client: StaffClient) -> None:
    for number in range(3):
        world.contact(number)
    ids = [each.id for each in list_deliveries(world.core, DeliveryFilter(), Place()).lines]
    manager_client.submit("/deliveries/cancel", {"ids": ids[:2]})
    assert "2 messages are called off." in manager_client.get("/deliveries").text
    assert states(world) == ["cancelled", "cancelled", "due"]


@pytest.mark.parametrize("deed", ["retry", "cancel"])
def test_nothing_ticked_and_nothing_known_change_nothing(manager_client: StaffClient, deed: str) -> None:
    manager_client.submit(f"/deliveries/{deed}", {})
    assert "Tick the messages first" in manager_client.get("/deliveries").text
    assert manager_client.submit(f"/deliveries/{deed}", {"only": "abcdefghijkl"}).status_code == 404


def test_bounces_and_replies_are_listed_with_their_contact(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1)
    message = world.post.sent[0]
    address = Identifier("email", "c1@example.org")
    for number, kind in enumerate(("bounce", "reply")):
        detail = {"bounce": "550 no such mailbox", "reply": "Re: How did we do?"}[kind]
        item = Returned(kind, f"mail:{number}", message.id, address, detail, b"raw")  # type: ignore[arg-type]
        store_returned(world.core, "post", item)
    html = manager_client.get("/deliveries/returned").text
    assert html.count(f'href="/contacts/{recorded.contact.id}"') == 2
    assert html.index("Re: How did we do?") < html.index("550 no such mailbox")
    assert "550 no such mailbox" not in manager_client.get("/deliveries/returned?kind=reply").text
    assert only(world, "bounced").may_retry is False
