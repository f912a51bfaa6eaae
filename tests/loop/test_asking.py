"""Whether to ask: the policy chooses, guards and rules refine or veto, and each contact has exactly one decision."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from feedbackhub import Ask, DontAsk
from feedbackhub.loop.core import Core
from feedbackhub.loop.gestures import GestureNote, record_gesture
from feedbackhub.loop.intake import reopen_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, AskMatch, Throttle
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import (
    ANN,
    DAY,
    HOUR,
    Line,
    Says,
    Watches,
    answer,
    asked,
    at_once,
    ended,
    rows,
    run,
    with_rules,
    with_settings,
)

NPS = AskEntry(name="loyalty", survey="nps", channels=("mail",), match=AskMatch(topic=("renewal",)))
REST = AskEntry(name="default", channels=("mail", "sms"))


def refused(core: Core, external_id: str = "1", customer: dict[str, Any] | None = None, **more: Any) -> tuple[str, str]:
    """Record a contact that must not be asked about; return the rule and the reason."""
    contact = ended(core, external_id, customer, **more).contact
    assert contact.invitation is None
    assert contact.decision.outcome == "dont_ask"
    return contact.decision.rule, contact.decision.reason


def test_the_source_may_say_not_to_ask(core: Core) -> None:
    assert refused(core, ask=False) == ("not_wanted", "The source said not to ask.")


def test_who_cannot_be_reached_is_not_asked(core: Core) -> None:
    rule, reason = refused(core, customer={"ids": {"crm": "7"}})
    assert (rule, reason) == ("reachable", "The customer has no address for mail or sms.")


def test_a_ladder_without_active_channels_says_so(core: Core) -> None:
    core = with_settings(core, ask=(AskEntry(name="default", channels=("pigeon",)),))
    assert refused(core) == ("reachable", "No channel of the ladder is active: pigeon.")


def test_the_ladder_keeps_the_channels_that_reach_the_customer(core: Core) -> None:
    asked(core, "1", {"phone": "+14155552671"})
    assert rows(core, tables.invitation)[0].ladder == ["sms"]
    assert rows(core, tables.delivery)[0].channel == "sms"


def test_a_policy_without_a_matching_entry_asks_nobody(core: Core) -> None:
    assert refused(with_settings(core, ask=(NPS,))) == ("policy", "No entry of the ask policy matches this contact.")


def test_a_policy_that_names_an_unknown_survey_asks_nobody(core: Core) -> None:
    core = with_settings(core, ask=(AskEntry(name="default", survey="gone", channels=("mail",)),))
    assert refused(core) == ("policy", "There is no survey named gone.")


def test_a_person_is_asked_once_in_thirty_days_over_all_channels(core: Core, clock: SetClock) -> None:
    asked(core, "1", ANN, channel="phone")
    run(core, clock, HOUR)
    rule, reason = refused(core, "2", ANN, channel="chat")
    assert (rule, reason) == (
        "throttled", "The customer was asked on 2026-03-02; post-contact is asked once in 30 days.",
    )  # fmt: skip
    clock.moment = START + HOUR + 30 * DAY - HOUR - timedelta(seconds=1)
    assert refused(core, "3")[0] == "throttled"
    clock.moment = START + 30 * DAY
    assert asked(core, "4")


def test_the_clock_runs_from_when_the_ask_went_out(core: Core, clock: SetClock, mail: Line) -> None:
    """Planned for the first day, sent by a late engine on the tenth."""
    asked(core)
    run(core, clock, 10 * DAY)
    clock.moment = START + 35 * DAY
    assert refused(core, "2")[0] == "throttled"


def test_each_survey_type_has_a_clock_of_its_own(core: Core, clock: SetClock) -> None:
    core = with_settings(core, ask=(NPS, REST), throttle=Throttle(days=30, surveys={"nps": 90}))
    asked(core, "1")
    asked(core, "2", topic="renewal")
    run(core, clock, HOUR)
    clock.move(45 * DAY)
    assert refused(core, "3", topic="renewal")[0] == "throttled"
    assert asked(core, "4")


def test_an_entry_may_have_a_throttle_of_its_own(core: Core, clock: SetClock) -> None:
    core = with_settings(core, ask=(REST.model_copy(update={"throttle": timedelta(0)}),))
    assert len({asked(core, str(n)) for n in range(3)}) == 3


def test_an_ask_that_was_cancelled_before_it_went_out_counts_for_nothing(core: Core, clock: SetClock) -> None:
    asked(core, "1")
    assert refused(core, "2")[0] == "throttled"
    clock.move(timedelta(minutes=5))
    reopen_contact(core, "helpdesk", "1")
    assert asked(core, "3")


def test_an_ask_that_never_went_out_and_expired_counts_for_nothing(core: Core, clock: SetClock, mail: Line) -> None:
    core = with_settings(core, engine=core.settings.engine.model_copy(update={"max_attempts": 1}))
    mail.fail(RuntimeError("broken"))
    asked(core, "1")
    run(core, clock, HOUR)
    assert refused(core, "2")[0] == "throttled", "somebody may still send it again"
    run(core, clock, 15 * DAY)
    assert rows(core, tables.invitation)[0].state == "expired"
    assert asked(core, "3")


def test_two_contacts_of_one_person_at_once_on_two_channels_give_one_ask(core: Core) -> None:
    asked(core, "0", {"email": "ann@example.org", "phone": "+14155552671"}, test=True)
    work = [
        lambda: ended(core, "1", {"email": "ann@example.org"}, channel="chat"),
        lambda: ended(core, "2", {"phone": "+14155552671"}, channel="phone"),
        lambda: ended(core, "3", {"email": "Ann@Example.ORG"}, channel="email"),
        lambda: ended(core, "4", {"phone": "(415) 555-2671"}, channel="phone"),
    ]
    decisions = [each.contact.decision for each in at_once(work)]
    assert sorted(each.outcome for each in decisions) == ["ask", "dont_ask", "dont_ask", "dont_ask"]
    assert {each.rule for each in decisions if each.outcome == "dont_ask"} == {"throttled"}
    assert len(rows(core, tables.invitation, test=False)) == 1


def test_persons_that_become_one_at_this_moment_are_asked_once(core: Core) -> None:
    for n in range(6):
        mail, phone = f"p{n}@example.org", f"+1415555267{n}"
        ended(core, f"{n}m", {"email": mail, "ids": {"crm": f"{n}"}}, ask=False)
        ended(core, f"{n}p", {"phone": phone, "ids": {"shop": f"{n}"}}, ask=False)
    work = []
    for n in range(6):
        both = {"email": f"p{n}@example.org", "phone": f"+1415555267{n}"}
        work.append(partial(ended, core, f"{n}both", both))
        work.append(partial(ended, core, f"{n}crm", {"ids": {"crm": f"{n}"}}))
    outcomes: dict[str, int] = {}
    for recorded in at_once(work):
        if recorded.contact.decision.outcome == "ask":
            outcomes[recorded.contact.external_id[0]] = outcomes.get(recorded.contact.external_id[0], 0) + 1
    assert outcomes == {str(n): 1 for n in range(6)}


def test_every_contact_has_exactly_one_decision(core: Core, clock: SetClock) -> None:
    ended(core, "1")
    ended(core, "2")
    ended(core, "3", {})
    ended(core, "4", ask=False)
    clock.move(HOUR)
    reopen_contact(core, "helpdesk", "1")
    clock.move(HOUR)
    ended(core, "1")
    assert [row.contact_id for row in rows(core, tables.decision)] == [row.id for row in rows(core, tables.contact)]
    asks = [row.contact_id for row in rows(core, tables.decision, outcome="ask")]
    assert asks == [row.contact_id for row in rows(core, tables.invitation)]


def test_test_contacts_neither_use_nor_move_the_clock(core: Core, clock: SetClock) -> None:
    for number in range(2):
        assert ended(core, f"test {number}", test=True).contact.invitation is not None
    asked(core, "1")
    run(core, clock, HOUR)
    assert ended(core, "test 2", test=True).contact.invitation is not None
    assert [row.ladder for row in rows(core, tables.invitation)] == [["mailbox"], ["mailbox"], ["mail"], ["mailbox"]]


def test_a_gesture_about_a_test_is_a_test(core: Core) -> None:
    contact = ended(core, "1", test=True).contact
    assert contact.customer is not None
    record_gesture(core, GestureNote("apology", contact.customer, "Bo", contact=contact.id))
    record_gesture(core, GestureNote("apology", contact.customer, "Bo"))
    assert [row.test for row in rows(core, tables.gesture)] == [True, False]


# Plugins' rules


def test_a_rule_may_veto_with_a_reason_and_facts(core: Core) -> None:
    core = with_rules(core, Says(lambda c, h, a: DontAsk("Full moon.", {"phase": 1.0})))
    decision = ended(core, "1").contact.decision
    assert (decision.outcome, decision.rule, decision.reason) == ("dont_ask", "tests.says", "Full moon.")
    assert decision.facts == {"phase": 1.0}


def test_a_rule_may_change_moment_ladder_and_survey(core: Core) -> None:
    later = START + DAY
    core = with_rules(core, Says(lambda c, h, a: replace(a, due_at=later, channels=("sms", "mail"), survey="nps")))
    asked(core, "1", {"email": "ann@example.org", "phone": "+14155552671"})
    made = rows(core, tables.invitation)[0]
    assert (made.due_at, made.ladder, made.survey, made.survey_type) == (later, ["sms", "mail"], "nps", "nps")


def test_guards_have_the_last_word_after_the_rules(core: Core, clock: SetClock) -> None:
    asked(core, "1")
    run(core, clock, HOUR)
    clock.move(40 * DAY)
    core = with_rules(core, Says(lambda c, h, a: replace(a, due_at=h.now, throttle=200 * DAY)))
    assert refused(core, "2")[0] == "throttled"
    core = with_rules(core, Says(lambda c, h, a: replace(a, channels=("pigeon",))))
    assert refused(core, "3")[0] == "reachable"


def test_a_rule_that_fails_has_no_opinion_and_is_noted(core: Core) -> None:
    core = with_rules(core, Says(lambda c, h, a: 1 / 0), Says(lambda c, h, a: replace(a, survey="no such survey")))
    contact = ended(core, "1").contact
    assert contact.invitation is not None
    assert contact.invitation.survey == "post-contact"
    failed, unknown = contact.decision.facts["failed_rules"]
    assert re.sub(r"\d+", "N", failed) == "tests.says: raised ZeroDivisionError in test_asking.py, line N"
    assert unknown == "there is no survey named no such survey"


def test_a_veto_stands_whatever_its_words_are(core: Core) -> None:
    core = with_rules(core, Says(lambda c, h, a: DontAsk("No\0 way \ud800", {"x": float("nan")}), "y" * 80))
    decision = ended(core, "1").contact.decision
    assert (decision.outcome, decision.reason, decision.facts) == ("dont_ask", "No way ?", {"facts": "{'x': nan}"})
    assert decision.rule == ("tests." + "y" * 80)[:80]


def test_rules_see_the_person_and_the_past(core: Core, clock: SetClock) -> None:
    watching = Watches()
    answer(core, asked(core, "1"))
    run(core, clock, 40 * DAY)
    core = with_rules(core, watching)
    ended(core, "2", {"email": "ann@example.org"}, tags=["vip"])
    contact, history, _ = watching.seen[0]
    assert contact.customer is not None
    assert (contact.customer.name, contact.tags, contact.topic) == ("Ann", ("vip",), "invoice")
    assert [(ask.survey_type, ask.answered) for ask in history.asks] == [("post-contact", True)]
    assert isinstance(contact.customer.identifiers, tuple)
    assert history.now == clock.now()


def test_a_planned_ask_is_an_ask(core: Core) -> None:
    """Two contacts within an hour, before the first message went out."""
    asked(core, "1")
    decision = ended(core, "2").contact.decision
    assert decision.rule == "throttled"
    assert decision.facts["asked_at"] == (START + HOUR).isoformat()


def test_an_ask_carries_the_policy_it_came_from(core: Core) -> None:
    core = with_rules(core, Says(lambda c, h, a: replace(a, policy="mine")))
    assert ended(core, "1").contact.policy == "default"


def test_the_invitation_freezes_what_the_contact_was(core: Core) -> None:
    customer = {**ANN, "segment": "gold", "country": "id", "language": "id"}
    asked(core, "1", customer, team="Billing", product="Card", channel="phone")
    ended(core, "2", {**ANN, "segment": "lost", "country": "de"}, team="Sales")
    made = rows(core, tables.invitation)[0]
    assert (made.segment, made.country, made.language, made.team, made.product, made.channel, made.topic) == (
        "gold", "ID", "id", "Billing", "Card", "phone", "invoice",
    )  # fmt: skip


def test_ask_records_are_what_rules_are_promised(core: Core) -> None:
    watching = Watches()
    ended(with_rules(core, watching), "1")
    assert [ask for _, _, ask in watching.seen] == [
        Ask(
            policy="default", survey="post-contact", survey_type="post-contact", channels=("mail",),
            due_at=START + HOUR, reminder_after=3 * DAY, reminders=1, expires_after=14 * DAY, edit_window=DAY,
            throttle=30 * DAY,
        )
    ]  # fmt: skip
