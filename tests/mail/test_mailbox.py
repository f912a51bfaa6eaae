"""The channel that keeps what it would have sent, its pages, and erasing from it."""

import mailbox
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub import Brand, Identifier, PageRequest, PageResult, Receipt
from feedbackhub.machinery.clock import SetClock
from feedbackhub_plugins.mailbox.channel import MailboxChannel
from feedbackhub_plugins.mailbox.drawer import Drawer
from feedbackhub_plugins.mailbox.keeper import Keeper
from feedbackhub_plugins.mailbox.mail import read, written
from feedbackhub_plugins.mailbox.pages import Reading
from tests.mail.messages import LINK, message

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer(tmp_path)


@pytest.fixture
def channel(drawer: Drawer, clock: SetClock) -> MailboxChannel:
    return MailboxChannel(drawer, clock)


def asked(view: Callable[[PageRequest], PageResult], key: str = "", **query: str) -> PageResult:
    return view(PageRequest({"key": key} if key else {}, query, {}, "en", "agent"))


def test_a_message_is_kept_and_read_back(channel: MailboxChannel, drawer: Drawer, clock: SetClock) -> None:
    receipt = channel.deliver(message(name="सिति", subject="كيف كانت خدمتنا؟", kind="reminder", test=True))
    [key] = drawer.keys()
    kept = drawer.get(key)
    assert kept is not None
    assert receipt == Receipt(key, "kept in the mailbox")
    assert (kept.subject, kept.name, kept.address) == ("كيف كانت خدمتنا؟", "सिति", "siti@example.org")
    assert kept.at == clock.now()
    assert (kept.text, kept.html) == (message().text, message().html + "\n")
    assert (kept.kind, kept.test) == ("reminder", True)


def test_other_mail_programs_can_read_the_mailbox(channel: MailboxChannel, drawer: Drawer) -> None:
    channel.deliver(message())
    maildir = mailbox.Maildir(drawer.folder)
    [mail] = list(maildir)
    assert (mail["Subject"], mail["Message-ID"]) == ("How did we do?", "<AbCdEfGhIjKl.1@feedback.example.org>")
    maildir.close()


def test_a_mail_that_another_program_marked_is_still_shown(channel: MailboxChannel, drawer: Drawer) -> None:
    channel.deliver(message())
    [key] = drawer.keys()
    (drawer.folder / "new" / key).rename(drawer.folder / "cur" / f"{key}:2,S")
    assert drawer.keys() == [key]
    assert drawer.get(key) is not None


def test_the_newest_message_comes_first(channel: MailboxChannel, drawer: Drawer, clock: SetClock) -> None:
    for number in range(3):
        channel.deliver(message(subject=str(number)))
        clock.move(timedelta(seconds=number))
    assert [kept.subject for kept in drawer.some(drawer.keys())] == ["2", "1", "0"]


def test_the_list_comes_in_pages(channel: MailboxChannel, drawer: Drawer) -> None:
    for number in range(120):
        channel.deliver(message(subject=str(number)))
    reading = Reading(drawer)
    values = [asked(reading.list, page=page).values for page in ("1", "3", "99", "-1", "x", "²", "9" * 5000)]
    assert [(each["number"], len(each["mails"])) for each in values] == [
        (1, 50), (3, 20), (3, 20), (1, 50), (1, 50), (1, 50), (1, 50),
    ]  # fmt: skip
    assert (values[0]["total"], values[0]["pages"]) == (120, 3)


def test_an_empty_mailbox_has_a_page(drawer: Drawer) -> None:
    assert asked(Reading(drawer).list).values == {"mails": [], "total": 0, "number": 1, "pages": 1}


def test_links_in_the_frame_leave_the_frame(channel: MailboxChannel, drawer: Drawer) -> None:
    channel.deliver(message())
    [key] = drawer.keys()
    result = asked(Reading(drawer).html, key)
    assert result.body.decode().startswith('<!doctype html><html><head><base target="_top"><title>')
    assert f'href="{LINK}?a=5"'.encode() in result.body


@pytest.mark.parametrize(
    "key", ["x", "../../instance.key", "..", "%2e%2e", "1772443800.M000000Q000000R00000000.feedbackhub"]
)
def test_what_is_not_kept_is_not_found(drawer: Drawer, key: str) -> None:
    (drawer.folder.parent / "instance.key").write_text("secret")
    reading = Reading(drawer)
    assert [asked(view, key).status for view in (reading.mail, reading.html)] == [404, 404]


def test_erasing_a_person_leaves_no_byte_of_them(channel: MailboxChannel, drawer: Drawer, tmp_path: Path) -> None:
    for to in ("siti@example.org", "budi@example.org", "siti@example.org", "siti@example.org.example"):
        channel.deliver(message(to=Identifier("email", to), name="x"))
    channel.deliver(message(to=Identifier("phone", "+628123456789"), name="x"))
    gone = Keeper(drawer).erase_person([Identifier("email", "siti@example.org"), Identifier("phone", "+628123456789")])
    assert gone == 3
    left = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(read("", raw).address for raw in left) == ["budi@example.org", "siti@example.org.example"]


def test_a_phone_number_can_be_reached_too(channel: MailboxChannel, drawer: Drawer) -> None:
    channel.deliver(message(to=Identifier("phone", "+628123456789")))
    [kept] = drawer.some(drawer.keys())
    assert kept.address == "+628123456789"


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_no_text_adds_a_field(name: str, subject: str, brand: str, text: str) -> None:
    sent = message(name=name, subject=subject, brand=Brand("b", brand), text=text, in_reply_to="x\r\nBcc: y")
    kept = read("key", written(sent, NOW))
    assert set(kept.fields) <= {
        "X-Feedbackhub-To", "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted",
        "List-Unsubscribe", "List-Unsubscribe-Post", "X-Feedbackhub-Kind", "MIME-Version", "Content-Type",
        "Content-Language",
    }  # fmt: skip
    assert kept.address == "siti@example.org"
