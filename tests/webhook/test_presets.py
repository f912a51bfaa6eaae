"""Each helpdesk's bodies become the right contact, with its agent and address, or what else they say."""

import pytest

from feedbackhub import Ignored, Reopened
from feedbackhub_plugins.webhook.presets import guide, preset_names
from feedbackhub_plugins.webhook.salvage import salvaged
from feedbackhub_plugins.webhook.settings import SourceSettings

from . import bodies
from .conftest import contact, one, reader, request, told

TIMES = {"started_at": "2026-03-01T11:00:00Z", "ended_at": "2026-03-01T12:00:00Z"}


def test_a_zendesk_trigger_tells_everything() -> None:
    read = reader("zendesk", preset="zendesk", address="https://acme.zendesk.com")
    assert told(contact(read.read(request(bodies.zendesk_trigger())))) == {
        "source": "zendesk",
        "external_id": "5021",
        "customer": {
            "email": "nadia@example.com",
            "ids": {"zendesk": "77001"},
            "name": "Nadia Putri",
            "language": "id",
        },
        "agent": {"id": "88002", "name": "Tom Reyes"},
        "team": "Billing",
        "channel": "email",
        "topic": "Question",
        "tags": ["refund", "vip"],
        "started_at": "2026-03-01T09:00:00Z",
        "ended_at": "2026-03-01T12:00:00Z",
        "url": "https://acme.zendesk.com/agent/tickets/5021",
        "attributes": {"brand": "Acme"},
    }


def test_a_zendesk_event_tells_ids() -> None:
    read = reader("zendesk", preset="zendesk", address="https://acme.zendesk.com")
    event = contact(read.read(request(bodies.zendesk_event())))
    assert (event.external_id, event.customer and event.customer.ids) == ("5022", {"zendesk": "77001"})
    assert (event.agent and event.agent.id, event.channel) == ("88002", "email")


@pytest.mark.parametrize("status", ["Open", "Pending", "On-hold"])
def test_a_zendesk_ticket_that_goes_on_is_reopened(status: str) -> None:
    read = reader("zendesk", preset="zendesk").read(request(bodies.zendesk_trigger(status=status)))
    found = one(read)
    assert isinstance(found, Reopened)
    assert found.external_id == "5021"


def test_zendesk_events_of_users_are_nothing_to_us() -> None:
    event = {"type": "zen:event-type:user.active_changed", "detail": {"id": "1"}, "event": {"current": False}}
    assert isinstance(one(reader(preset="zendesk").read(request(event))), Ignored)


def test_a_quotation_mark_in_a_zendesk_name_is_read_by_the_template() -> None:
    chosen = SourceSettings.model_validate({"preset": "zendesk"})
    filled = chosen.template
    for name, value in bodies.zendesk_trigger(requester_name='Nadia "Nia" Putri').items():
        lines = [line for line in filled.splitlines() if line.strip().startswith(f'"{name}":')]
        [line] = lines
        before, _, after = line.partition("{{")
        filled = filled.replace(line, before + value + after.partition("}}")[2])
    event = contact(reader("zendesk", preset="zendesk").read(request(filled.encode())))
    assert event.customer is not None
    assert (event.customer.name, event.customer.email) == ('Nadia "Nia" Putri', "nadia@example.com")


def test_a_freshdesk_rule_tells_of_the_end() -> None:
    assert told(contact(reader("fd", preset="freshdesk").read(request(bodies.freshdesk())))) == {
        "source": "fd",
        "external_id": "311",
        "customer": {"email": "nadia@example.com", "name": "Nadia Putri"},
        "agent": {"id": "tom@example.com", "name": "Tom Reyes"},
        "channel": "phone",
        "topic": "Question",
        "tags": ["refund", "vip"],
        "url": "https://acme.freshdesk.com/a/tickets/311",
    }


@pytest.mark.parametrize(("event", "status", "kind"), [
    ("{status:{from:4,to:6}}", "Waiting on Customer", "Reopened"),
    ("{status:{from:2,to:5}}", "Erledigt", "ContactEvent"),
    ("{priority:{from:1,to:2}}", "In Arbeit", "Ignored"),
])
def test_what_triggered_a_freshdesk_rule_counts_though_it_is_no_json(event: str, status: str, kind: str) -> None:
    body = bodies.freshdesk(triggered_event=event, ticket_status=status)
    assert type(one(reader(preset="freshdesk").read(request(body)))).__name__ == kind


def test_an_older_intercom_notification_tells_everything() -> None:
    assert told(contact(reader("ic", preset="intercom").read(request(bodies.intercom_old())))) == {
        "source": "ic",
        "external_id": "9000001",
        "customer": {"email": "nadia@example.com", "ids": {"ic": "5c0ffee5"}, "name": "Nadia Putri"},
        "agent": {"id": "501", "name": "Tom Reyes"},
        "channel": "chat",
        "tags": ["refund"],
        **TIMES,
        "url": "https://app.intercom.com/a/apps/abc/conversations/9000001",
    }


def test_a_newer_intercom_notification_tells_ids() -> None:
    assert told(contact(reader("ic", preset="intercom").read(request(bodies.intercom_ticket())))) == {
        "source": "ic",
        "external_id": "9000002",
        "customer": {"ids": {"ic": "5c0ffee5"}},
        "agent": {"id": "501"},
        "channel": "chat",
        "topic": "Complaints",
        **TIMES,
        "url": "https://app.intercom.com/a/apps/abc/conversations/9000002",
    }


def test_intercom_topics_that_end_nothing() -> None:
    read = reader(preset="intercom")
    assert isinstance(one(read.read(request(bodies.intercom_old("conversation.admin.opened")))), Reopened)
    assert isinstance(one(read.read(request(bodies.intercom_old("conversation.admin.noted")))), Ignored)
    assert isinstance(one(read.read(request(bodies.intercom_old("conversation.admin.single.created")))), Ignored)
    assert isinstance(one(read.read(request({"topic": "ping", "data": {"item": {"type": "ping"}}}))), Ignored)


def test_an_intercom_conversation_that_a_bot_closed_says_so() -> None:
    body = bodies.intercom_old()
    body["data"]["item"]["conversation_parts"]["conversation_parts"][1]["author"] = {"type": "bot", "id": "1"}
    assert contact(reader(preset="intercom").read(request(body))).closed_by == "bot"


def test_a_chatwoot_conversation() -> None:
    read = reader("cw", preset="chatwoot", address="https://chat.example.com")
    assert told(contact(read.read(request(bodies.chatwoot(assignee={"id": 9, "name": "Tom Reyes"}))))) == {
        "source": "cw",
        "external_id": "640",
        "customer": {
            "email": "nadia@example.com",
            "phone": "+14155550101",
            "ids": {"cw": "31"},
            "name": "Nadia Putri",
        },
        "agent": {"id": "9", "name": "Tom Reyes"},
        "team": "Billing",
        "channel": "chat",
        "tags": ["refund"],
        "started_at": "2026-03-01T11:00:00Z",
        "ended_at": "2026-03-01T12:00:00.250000Z",
        "url": "https://chat.example.com/app/accounts/4/conversations/640",
        "attributes": {"inbox": "2"},
    }


def test_a_chatwoot_conversation_nobody_was_assigned_to_has_no_agent() -> None:
    assert contact(reader(preset="chatwoot").read(request(bodies.chatwoot()))).agent is None


def test_other_chatwoot_events() -> None:
    read = reader(preset="chatwoot")
    assert isinstance(one(read.read(request(bodies.chatwoot("open")))), Reopened)
    message = {**bodies.chatwoot(), "event": "message_created"}
    assert one(read.read(request(message))) == Ignored("a condition of `ignore` holds")


def test_a_zammad_ticket() -> None:
    read = reader("zammad", preset="zammad", address="https://help.example.com")
    assert told(contact(read.read(request(bodies.zammad())))) == {
        "source": "zammad",
        "external_id": "81",
        "customer": {
            "email": "nadia@example.com",
            "phone": "0031 20 555 0101",
            "ids": {"zammad": "8"},
            "name": "Nadia Putri",
            "attributes": {"organization": "Example Ltd"},
        },
        "agent": {"id": "5", "name": "Tom Reyes"},
        "team": "Billing",
        "channel": "phone",
        **TIMES,
        "url": "https://help.example.com/#ticket/zoom/81",
        "attributes": {"number": "10081"},
    }


def test_a_zammad_ticket_of_nobody_or_that_goes_on() -> None:
    read = reader(preset="zammad")
    assert contact(read.read(request(bodies.zammad(owner=1)))).agent is None
    assert isinstance(one(read.read(request(bodies.zammad("open")))), Reopened)
    assert isinstance(one(read.read(request(bodies.zammad("merged")))), Ignored)


def test_a_help_scout_conversation_with_persons() -> None:
    assert told(contact(reader("hs", preset="help_scout").read(request(bodies.help_scout_1())))) == {
        "source": "hs",
        "external_id": "7001",
        "customer": {"email": "nadia@example.com", "ids": {"hs": "31"}, "name": "Nadia Putri"},
        "agent": {"id": "12", "name": "Tom Reyes"},
        "team": "Billing",
        "channel": "email",
        "tags": ["refund", "vip"],
        **TIMES,
        "url": "https://secure.helpscout.net/conversation/7001/349",
    }


def test_a_help_scout_conversation_with_ids() -> None:
    assert told(contact(reader("hs", preset="help_scout").read(request(bodies.help_scout_2())))) == {
        "source": "hs",
        "external_id": "7002",
        "customer": {"ids": {"hs": "31"}},
        "agent": {"id": "12"},
        "channel": "chat",
        "tags": ["refund"],
        **TIMES,
        "url": "https://secure.helpscout.net/conversation/7002/350",
    }


def test_other_help_scout_events() -> None:
    read = reader(preset="help_scout")
    assert isinstance(one(read.read(request(bodies.help_scout_1("active")))), Reopened)
    assert contact(read.read(request(bodies.help_scout_1("spam")))).closed_by == "spam"
    assert isinstance(one(read.read(request({"id": 1}, x_helpscout_event="convo.deleted"))), Ignored)
    rating = {"id": 1, "customer": {"id": 31, "emails": [{"value": "nadia@example.com"}]}, "rating": "Great"}
    assert isinstance(one(read.read(request(rating, x_helpscout_event="satisfaction.ratings"))), Ignored)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_a_guide_in_both_languages_of_staff(name: str) -> None:
    said = guide(name)
    assert said.title
    assert len(said.steps["en"]) == len(said.steps["id"]) > 2


@pytest.mark.parametrize("name", ["zendesk", "freshdesk"])
def test_a_template_can_be_read_back_from_itself(name: str) -> None:
    template = SourceSettings.model_validate({"preset": name}).template
    broken = template.replace("{{ticket.requester.name}}", 'A "B" C')
    assert salvaged(broken.strip(), template)["requester_name"] == 'A "B" C'


@pytest.mark.parametrize(("name", "body"), [
    ("zendesk", bodies.zendesk_trigger(tags="vip no_survey")),
    ("freshdesk", bodies.freshdesk(ticket_tags="vip, no_survey")),
    ("chatwoot", {**bodies.chatwoot(), "labels": ["no_survey"]}),
    ("help_scout", {**bodies.help_scout_1(), "tags": ["no_survey"]}),
    ("help_scout", {**bodies.help_scout_2(), "tags": [{"tag": "no_survey"}]}),
])
def test_an_agent_keeps_a_customer_from_being_asked_by_a_tag(name: str, body: object) -> None:
    assert contact(reader(preset=name).read(request(body))).ask is False
