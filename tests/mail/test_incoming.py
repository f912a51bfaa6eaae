"""What a mail that came in means, for the shapes that servers and people send."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Identifier, Returned, is_line
from feedbackhub_plugins.email.incoming import meaning

FOLDER = Path(__file__).parent / "incoming"
OURS = "AbCdEfGhIjKl.1@feedback.example.org"
SITI = Identifier("email", "siti@example.org")


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def only(raw: bytes) -> Returned:
    [returned] = meaning(raw)
    return returned


@pytest.mark.parametrize(("name", "kind", "address", "detail"), [
    ("postfix", "bounce", "siti@example.org", "5.1.1 smtp; 550 5.1.1 <…>: user unknown"),
    ("exchange", "bounce", "siti@corp.example.org", "5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found"),
    ("gmail", "bounce", "siti@example.net", "5.1.1 smtp; 550-5.1.1 The email account does not exist. 550 5.1.1 Check."),
    ("expired", "soft_bounce", "siti@example.org", "4.4.1 X-Postfix; connect to mail.example.org: timed out"),
    ("full", "soft_bounce", "siti@example.org", "5.2.2 smtp; 552 5.2.2 mailbox full"),
    ("qmail", "bounce", "siti@example.org", "failure notice"),
    ("complaint", "complaint", "siti@example.net", "feedback report: abuse"),
])  # fmt: skip
def test_reports_of_servers(name: str, kind: str, address: str, detail: str) -> None:
    said = only(mail(name))
    assert (said.kind, said.message_id, said.address, said.detail) == (kind, OURS, Identifier("email", address), detail)
    assert said.raw == mail(name)


def test_a_reply_is_kept_with_the_mail_it_answers() -> None:
    said = only(mail("reply"))
    assert (said.kind, said.message_id, said.address) == ("reply", OURS, SITI)
    assert said.detail == "Re: How did we do? ✓"


@pytest.mark.parametrize("name", ["delayed", "absence"])
def test_delays_and_absence_notes_mean_nothing(name: str) -> None:
    assert meaning(mail(name)) == []


@pytest.mark.parametrize(
    "field", ["Precedence: bulk", "X-Autoreply: yes", "List-Id: <news.example.org>", "Auto-Submitted: auto-generated"]
)
def test_what_machines_write_is_no_reply(field: str) -> None:
    assert meaning(f"{field}\r\n".encode() + mail("reply")) == []


def test_a_reply_that_says_it_was_written_by_hand_is_one() -> None:
    assert only(b"Auto-Submitted: no\r\n" + mail("reply")).kind == "reply"


def test_a_bounce_that_a_person_forwards_is_a_persons_mail() -> None:
    assert only(mail("forwarded")).kind == "reply"


def test_this_is_not_spam_is_no_complaint_and_opting_out_is_no_abuse() -> None:
    assert meaning(mail("complaint").replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam")) == []
    assert only(mail("complaint").replace(b"Feedback-Type: abuse", b"Feedback-Type: opt-out")).kind == "opt_out"


def test_a_report_about_several_addresses_gives_one_item_each() -> None:
    group = b"Final-Recipient: rfc822; siti@example.org\r\nAction: failed\r\nStatus: 4.4.1\r\n\r\n"
    two = group + b"Final-Recipient: rfc822; budi@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    raw = mail("expired").replace(b"Final-Recipient", two + b"Final-Recipient", 1)
    first, second, third = meaning(raw)
    assert [each.kind for each in (first, second, third)] == ["soft_bounce", "bounce", "soft_bounce"]
    assert len({first.key, second.key, third.key}) == 3


def test_the_same_mail_by_two_ways_has_one_key() -> None:
    assert only(b"Received: from elsewhere\r\n" + mail("reply")).key == only(mail("reply")).key
    assert only(mail("reply").replace(b"beres", b"belum beres")).key != only(mail("reply")).key


def test_nothing_in_a_detail_can_leave_its_line() -> None:
    hostile = b"Status: 5.1.1 <script>alert(1)</script>\x00\x1b[2J" + "\u202e".encode() + b"x" * 5000
    said = only(mail("postfix").replace(b"Status: 5.1.1", hostile))
    assert is_line(said.detail)
    assert len(said.detail) <= 300


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))


@pytest.mark.parametrize("raw", [
    b"", b"\r\n\r\n", b"\x00" * 1000, b"From: \xff\xfe\r\n\r\n\xff", nested(3000),
    b"Content-Type: multipart/report\r\n\r\n", b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n",
    b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n",
    b"From: MAILER-DAEMON\r\nContent-Type: text/plain; charset=none\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n",
    b"Return-Path: <>\r\nContent-Type: multipart/report; boundary*0*=utf-9'%%'x\r\n\r\n--x",
])  # fmt: skip
def test_broken_mails_are_kept_and_stop_nothing(raw: bytes) -> None:
    assert all(item.key.startswith("mail:") for item in meaning(raw))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert all(isinstance(item, Returned) for item in meaning(raw))


@given(
    st.sampled_from(sorted(path.stem for path in FOLDER.iterdir())), st.integers(0), st.integers(0, 60),
    st.binary(max_size=60),
)  # fmt: skip
def test_no_damage_to_a_real_report_makes_it_raise(name: str, place: int, cut: int, inserted: bytes) -> None:
    raw = mail(name)
    place %= len(raw)
    assert all(isinstance(item, Returned) for item in meaning(raw[:place] + inserted + raw[place + cut :]))
