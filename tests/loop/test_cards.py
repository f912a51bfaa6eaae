"""The card: a person's whole history from one statement, whatever is in it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event

from feedbackhub import Identifier
from feedbackhub.loop.card import Card, read_card
from feedbackhub.loop.card_parts import Earlier
from feedbackhub.loop.core import Core
from feedbackhub.loop.gestures import GestureNote, record_gesture
from feedbackhub.loop.intake import reopen_contact
from feedbackhub.loop.judge import judge
from feedbackhub.loop.merging import decide_link
from feedbackhub.loop.reask import reask
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, AskMatch, Throttle, Web
from feedbackhub.store import tables
from tests.app_fixtures import START
from tests.loop.story import ANN, DAY, HOUR, answer, answer_by_machine, asked, ended, rows, run, with_settings

EMAIL, PHONE = Identifier("email", "ann@example.org"), Identifier("phone", "+14155552671")
WISH = {"satisfaction": "1", "solved": "no", "call_back": "yes", "call_back_phone": "+14155550000",
        "call_back_time": "evening", "comment": "Twice!"}  # fmt: skip


def often(core: Core) -> Core:
    """Return the instance without a throttle."""
    return with_settings(core, ask=(core.settings.ask[0].model_copy(update={"throttle": timedelta(0)}),))


def test_nobody_and_nothing_yet_are_states_of_their_own(core: Core) -> None:
    assert read_card(core) == read_card(core, [EMAIL]) == read_card(core, customer="A" * 12) == Card("unknown")
    ended(core, "1", test=True)
    card = read_card(core, [EMAIL])
    assert (card.state, card.name, card.contacts, card.ratings) == ("no_history", "Ann", (), ())


def test_the_card_shows_who_this_is_and_what_happened(core: Core, clock: SetClock) -> None:
    core = often(core)
    customer = {**ANN, "segment": "gold", "language": "id", "country": "id", "timezone": "Asia/Jakarta",
                "attributes": {"plan": "b"}}  # fmt: skip
    more: dict[str, Any] = {"team": "Billing", "agent": {"id": "7", "name": "Bo"}, "url": "https://desk.example/1"}
    answer(core, asked(core, "1", customer, channel="phone", **more), WISH)
    clock.move(HOUR)
    answer_by_machine(core, asked(core, "2", customer), {"satisfaction": "5"})
    reopen_contact(core, "helpdesk", "2", clock.now())
    ended(core, "3", customer, test=True)
    card = read_card(core, [EMAIL])
    assert (card.state, card.name, card.segment, card.language, card.country, card.timezone, card.attributes) == (
        "history", "Ann", "gold", "id", "ID", "Asia/Jakarta", {"plan": "b"},
    )  # fmt: skip
    assert (card.identifiers, card.shared_by, card.trend) == ((EMAIL,), 1, "too_few")
    (rating,) = card.ratings
    assert rating.question == "How satisfied are you with the service you received?"
    assert (rating.at, rating.contact_at, rating.channel, rating.team, rating.topic, rating.agent) == (
        START, START, "phone", "Billing", "invoice", "",
    )  # fmt: skip
    assert (rating.value, rating.maximum, rating.score, rating.low, rating.solved, rating.comment) == (
        1, 5, 0, True, False, "Twice!",
    )  # fmt: skip
    (wish,) = card.wishes
    assert (wish.at, wish.phone, wish.time) == (START, "+14155550000", "evening")
    assert [(each.reference, each.reopened, each.agent, each.url) for each in card.contacts] == [
        ("2", True, "", ""), ("1", False, "", "https://desk.example/1"),
    ]  # fmt: skip
    assert card.opening is not None
    assert card.opening.key == "call_wish"
    assert read_card(core, customer=card.customer) == card


def test_agents_are_named_only_when_that_is_switched_on(core: Core) -> None:
    answer(core, asked(core, "1", agent={"id": "7", "name": "Bo"}))
    customer = read_card(core, [EMAIL]).customer
    record_gesture(core, GestureNote("apology", customer, "Cleo"))
    hidden = read_card(core, [EMAIL])
    assert (hidden.ratings[0].agent, hidden.contacts[0].agent, hidden.gestures[0].by) == ("", "", "")
    shown = read_card(with_settings(core, web=Web(show_agent_names=True)), [EMAIL])
    assert (shown.ratings[0].agent, shown.contacts[0].agent, shown.gestures[0].by) == ("Bo", "Bo", "Cleo")


def test_suspects_count_on_the_card_only_when_accepted(core: Core) -> None:
    done = answer_by_machine(core, asked(core, "1"), {"satisfaction": "5"})
    assert read_card(core, [EMAIL]).ratings == ()
    judge(core, done.response, "accepted")
    assert len(read_card(core, [EMAIL]).ratings) == 1
    judge(core, done.response, "discarded")
    assert read_card(core, [EMAIL]).ratings == ()


def test_a_merged_person_has_one_card_and_separated_ones_two(core: Core, clock: SetClock) -> None:
    answer(core, asked(core, "1", {"email": EMAIL.value, "name": "Ann"}))
    clock.move(DAY)
    ended(core, "2", {"phone": PHONE.value, "segment": "gold"}, ask=False)
    ended(core, "3", {"email": EMAIL.value, "phone": PHONE.value}, ask=False)
    both = read_card(core, [PHONE])
    assert (both.name, both.segment, both.shared_by, len(both.contacts), len(both.ratings)) == ("Ann", "gold", 1, 3, 1)
    assert set(both.identifiers) == {EMAIL, PHONE}
    assert read_card(core, [EMAIL]).contacts == both.contacts
    decide_link(core, rows(core, tables.person_link)[0].id, accept=False, by="Bo")
    alone = read_card(core, [PHONE])
    # The third contact named both, and belongs to the customer with the mail address.
    assert ([each.reference for each in alone.contacts], alone.ratings, alone.shared_by) == (["2"], (), 1)


def test_an_id_is_stronger_than_a_shared_address(core: Core) -> None:
    ended(core, "1", {"email": EMAIL.value, "name": "Ann", "ids": {"crm": "1"}}, ask=False)
    ended(core, "2", {"email": EMAIL.value, "name": "Eve", "ids": {"crm": "2"}}, ask=False)
    card = read_card(core, [EMAIL, Identifier("id:crm", "2")])
    assert (card.name, card.shared_by) == ("Eve", 2)
    assert (read_card(core, [EMAIL]).name, read_card(core, [EMAIL]).shared_by) == ("Ann", 2)


def test_the_card_says_when_the_customer_was_asked_and_may_be_again(core: Core, clock: SetClock) -> None:
    nps = AskEntry(name="nps", survey="nps", channels=("mail",), match=AskMatch(topic=("renewal",)))
    core = with_settings(core, ask=(nps, *core.settings.ask), throttle=Throttle(surveys={"nps": 90}))
    assert asked(core, "1")
    planned = read_card(core, [EMAIL])
    assert (planned.last_asked_at, planned.next_ask_at) == (None, START + HOUR + 30 * DAY)
    run(core, clock, HOUR)
    assert read_card(core, [EMAIL]).last_asked_at == START + HOUR
    asked(core, "2", topic="renewal")
    run(core, clock, HOUR)
    assert read_card(core, [EMAIL]).next_ask_at == START + 2 * HOUR + 90 * DAY
    clock.move(91 * DAY)
    assert read_card(core, [EMAIL]).next_ask_at is None


def test_a_question_with_a_placeholder_reads_as_a_sentence(core: Core) -> None:
    core = with_settings(core, ask=(AskEntry(name="nps", survey="nps", channels=("mail",), match=AskMatch()),))
    answer(core, asked(core, "1"), {"recommend": "3"})
    (rating,) = read_card(core, [EMAIL]).ratings
    assert rating.question == "How likely are you to recommend us to a friend or colleague?"
    (read,) = read_card(core, [EMAIL], language="id-ID").ratings
    assert read.question == "Seberapa besar kemungkinan Anda merekomendasikan kami kepada teman atau rekan kerja?"


def test_a_long_history_is_cut_and_still_one_statement(core: Core, clock: SetClock) -> None:
    core = often(core)
    customer = {"email": EMAIL.value, "phone": PHONE.value, "ids": {f"system{n}": str(n) for n in range(20)}}
    for number in range(13):
        answer(core, asked(core, str(number), customer), {"satisfaction": str(number % 5 + 1)})
        clock.move(HOUR)
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(core.store.engine, "before_cursor_execute", note)
    card = read_card(core, [EMAIL, PHONE])
    assert len([each for each in seen if not each.startswith("BEGIN")]) == 1
    newest = [START + n * HOUR for n in range(12, 2, -1)]
    assert [each.at for each in card.ratings] == [each.at for each in card.contacts] == newest
    assert len(card.identifiers) == 22
    assert card.trend == "steady"


def test_a_second_answer_says_which_one_it_follows_and_how_that_went(core: Core, clock: SetClock) -> None:
    first = answer(core, asked(core, "1"), {"satisfaction": "2"})
    clock.move(DAY)
    second = answer(core, reask(core, first.response).id, {"satisfaction": "5"})
    newest, oldest = read_card(core, [EMAIL]).ratings
    assert (newest.id, newest.value, newest.earlier) == (
        second.response, 5, Earlier(first.response, START, 2, 5, 25, low=True),
    )  # fmt: skip
    assert (oldest.value, oldest.earlier) == (2, None)
