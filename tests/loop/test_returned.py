"""What comes back to the channels: bounces, complaints, replies, and what strangers make up."""

from typing import Any

from feedbackhub import Identifier, Returned
from feedbackhub.loop.core import Core
from feedbackhub.loop.returned import store_returned
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from tests.loop.story import DAY, GOOD, HOUR, Line, answer, asked, rows, run

BOTH = {"email": "ann@example.org", "phone": "+14155552671", "name": "Ann"}


def states(core: Core) -> list[tuple[str, str, str]]:
    """Return what became of every delivery."""
    return [(row.kind, row.channel, row.state) for row in rows(core, tables.delivery)]


def asked_state(core: Core) -> str:
    """Return the state of the one invitation."""
    (row,) = rows(core, tables.invitation)
    return str(row.state)


def bounced(core: Core, key: str, message_id: str, **more: Any) -> bool:
    """Hand a bounce to the core."""
    return store_returned(core, "mail", Returned("bounce", key, message_id, **more))


def test_a_bounce_suppresses_its_address_and_takes_the_next_channel_once(
    core: Core, clock: SetClock, mail: Line, sms: Line
) -> None:
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    run(core, clock, 3 * DAY)
    first, reminder = mail.sent
    assert bounced(core, "1", first.id, detail="550 ann@example.org is gone")
    assert not bounced(core, "1", first.id), "the same report again"
    assert bounced(core, "2", first.id), "a second server's report"
    assert bounced(core, "3", reminder.id)
    run(core, clock)
    assert len(sms.sent) == 1
    assert asked_state(core) == "sent"
    (kept,) = rows(core, tables.suppression)
    assert (kept.reason, kept.detail) == ("bounce", "550 … is gone")
    assert states(core)[:2] == [("first", "mail", "bounced"), ("reminder", "mail", "bounced")]


def test_a_strangers_report_suppresses_nobody(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    run(core, clock, HOUR)
    ann = Identifier("email", "ann@example.org")
    assert bounced(core, "1", "made-up@127.0.0.1", address=ann)
    assert bounced(core, "2", "", address=ann)
    assert rows(core, tables.suppression) == []
    assert asked_state(core) == "sent"
    assert [row.invitation_id for row in rows(core, tables.inbox)] == [None, None]


def test_a_report_names_its_address_by_our_message_not_by_its_own_words(
    core: Core, clock: SetClock, mail: Line
) -> None:
    asked(core)
    run(core, clock, HOUR)
    bounced(core, "1", mail.sent[0].id, address=Identifier("email", "boss@example.org"))
    (kept,) = rows(core, tables.suppression)
    assert kept.fingerprint == core.links.fingerprint("email", "ann@example.org")


def test_a_bounce_after_the_answer_asks_nobody_again(core: Core, clock: SetClock, mail: Line, sms: Line) -> None:
    invitation = asked(core, customer=BOTH)
    run(core, clock, HOUR)
    answer(core, invitation, GOOD)
    bounced(core, "1", mail.sent[0].id)
    run(core, clock, DAY)
    assert sms.tried == []
    assert asked_state(core) == "answered"


def test_a_complaint_is_about_the_person(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core, customer=BOTH)
    run(core, clock, HOUR)
    store_returned(core, "mail", Returned("complaint", "1", mail.sent[0].id))
    assert {(row.kind, row.reason) for row in rows(core, tables.suppression)} == {
        ("email", "complaint"), ("phone", "complaint"),
    }  # fmt: skip


def test_replies_are_kept_and_change_nothing(core: Core, clock: SetClock, mail: Line) -> None:
    asked(core)
    run(core, clock, HOUR)
    mail.came_back = [
        Returned("reply", "k" * 500, mail.sent[0].id, detail="Re: \0 \ud800 thanks" + "x" * 900, raw=b"\0\xff"),
        RuntimeError("the parser fell over"),
    ]
    run(core, clock, HOUR)
    (kept,) = rows(core, tables.inbox)
    assert (kept.kind, len(kept.key), len(kept.detail), bytes(kept.raw)) == ("reply", 200, 500, b"\0\xff")
    assert rows(core, tables.suppression) == []


def test_a_channel_that_fails_to_read_stops_no_other_work(core: Core, clock: SetClock, mail: Line, sms: Line) -> None:
    asked(core)
    mail.came_back = [RuntimeError("broken")]
    sms.came_back = [Returned("reply", "1")]
    assert run(core, clock, HOUR) == 1
    assert len(rows(core, tables.inbox)) == 1


