"""What a mail looks like on the wire: every field, every part, and no field that a text smuggles in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Brand, Message
from feedbackhub_plugins.email.mime import written
from tests.mail.messages import BRAND, LINK, message
from tests.mail.slow_mime import build

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FIELDS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
          "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Language"]  # fmt: skip


def on_the_wire(sent: Message, sender: str = "Shop <shop@example.org>") -> bytes:
    return written(sent, sender, sent.to.value, NOW)


def plainly(mail: Mail, field: str) -> str:
    return str(make_header(decode_header(str(mail[field]))))


def one_address(mail: Mail, field: str) -> tuple[str, str]:
    [(phrase, address)] = getaddresses([str(mail[field])])
    return str(make_header(decode_header(phrase))), address


def test_the_fields_of_a_first_mail() -> None:
    mail = message_from_bytes(on_the_wire(message()))
    assert dict(mail.items()) | {"Content-Type": mail.get_content_type()} == {
        "From": '"Acme" <hello@acme.example>',
        "To": '"Siti" <siti@example.org>',
        "Reply-To": '"Help" <help@acme.example>',
        "Subject": "How did we do?",
        "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
        "Message-ID": "<AbCdEfGhIjKl.1@feedback.example.org>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Unsubscribe": f"<{LINK}/stop>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": "multipart/alternative",
        "Content-Language": "en",
    }


def test_our_own_names_may_be_international() -> None:
    brand = Brand("b", "Bücher", sender="hallo@bücher.example", reply_to="hilfe@bücher.example")
    mail = message_from_bytes(on_the_wire(message(brand=brand, stop_link="https://bücher.example/s/x/halt?ü=1")))
    assert one_address(mail, "From") == ("Bücher", "hallo@xn--bcher-kva.example")
    assert one_address(mail, "Reply-To") == ("Bücher", "hilfe@xn--bcher-kva.example")
    assert mail["List-Unsubscribe"] == "<https://xn--bcher-kva.example/s/x/halt?%C3%BC=1>"


def test_a_reminder_hangs_below_the_first_mail() -> None:
    reminder = message(kind="reminder", id="r@example.org", in_reply_to="first@example.org")
    mail = message_from_bytes(on_the_wire(reminder))
    assert (mail["In-Reply-To"], mail["References"]) == ("<first@example.org>", "<first@example.org>")


def test_without_a_way_to_stop_none_is_promised() -> None:
    mail = message_from_bytes(on_the_wire(message(stop_link="")))
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)


def test_a_brand_without_a_sender_uses_the_configured_one() -> None:
    mail = message_from_bytes(on_the_wire(message(brand=Brand("shop", "Toko Kita"))))
    assert (one_address(mail, "From"), mail["Reply-To"]) == (("Toko Kita", "shop@example.org"), None)


@pytest.mark.parametrize(("language", "subject", "text"), [
    ("ar", "كيف كانت خدمتنا؟ نود أن نسمع رأيك في تواصلك الأخير معنا بشأن طلبك", "مرحبًا، كيف كانت خدمتنا؟"),
    ("hi", "हमारी सेवा कैसी रही? कृपया एक मिनट में बताएँ कि आपका अनुभव कैसा रहा", "नमस्ते, हमारी सेवा कैसी रही?"),
    ("hi", "क्\u200dषमा करें\u00a0– 👨\u200d👩\u200d👧 कैसे हैं?", "क्\u200dषमा 👨\u200d👩\u200d👧"),
    ("id", "Bagaimana pelayanan kami?", "Halo, bagaimana pelayanan kami?"),
])  # fmt: skip
def test_every_language_arrives_as_it_was_written(language: str, subject: str, text: str) -> None:
    sent = message(language=language, subject=subject, name=subject[:30], text=f"{text}\n", html=f"<p>{text}</p>\n")
    raw = on_the_wire(sent)
    mail = message_from_bytes(raw, policy=default)
    plain, html = mail.iter_parts()
    assert raw.isascii()
    assert plainly(message_from_bytes(raw), "Subject") == subject
    assert one_address(message_from_bytes(raw), "To") == (subject[:30].strip(), "siti@example.org")
    assert (plain.get_content(), html.get_content()) == (f"{text}\r\n", f"<p>{text}</p>\r\n")
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


def test_a_long_address_for_stopping_stays_one_address() -> None:
    stop = f"https://feedback.a-company-with-a-long-name.example.org/below/a/path/s/{'x' * 24}/stop"
    raw = on_the_wire(message(stop_link=stop))
    assert f"\r\nList-Unsubscribe: <{stop}>\r\n".encode() in raw


@given(name=st.text(max_size=120), subject=st.text(max_size=300), brand=st.text(max_size=120), text=st.text())
def test_no_text_adds_a_field_or_an_address(name: str, subject: str, brand: str, text: str) -> None:
    sent = message(name=name, subject=subject, brand=Brand("b", brand, sender="a@b.example"), text=text)
    raw = on_the_wire(sent)
    mail = message_from_bytes(raw)
    assert [field for field in mail if field != "Reply-To"] == [f for f in FIELDS if f != "Reply-To"]
    assert one_address(mail, "To")[1] == "siti@example.org"
    assert one_address(mail, "From")[1] == "a@b.example"
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


SCRIPTS = {
    "en": "How did we do? Café – “fine”",
    "id": "Bagaimana pelayanan kami?",
    "hi": "हमारी सेवा कैसी रही? ज़रा बताएँ",
    "ar": "كيف كانت خدمتنا؟ \u200fشكرًا",
}
HOSTILE = st.sampled_from([
    "\r\nBcc: x@y.example\r\n", "\r", "\n.\n", "\0", "=?utf-8?q?=0D=0A?=", "--=_", " \n", "=", "\t", "\u2028",
    "\u202e", "\u00a0\u200b", "\u200d", "\ud800", "🙂", "<b>&amp;</b>", '"', "\\", "x" * 1200, "\x85", ".",
])  # fmt: skip
PIECES = st.one_of(st.sampled_from(list(SCRIPTS.values())), HOSTILE, st.text(max_size=30))
TEXTS = st.builds("".join, st.lists(PIECES, max_size=8))


@given(name=TEXTS, subject=TEXTS, brand=TEXTS, text=TEXTS, html=TEXTS, language=st.sampled_from(list(SCRIPTS)))
def test_our_bytes_mean_what_those_of_the_standard_library_mean(
    name: str, subject: str, brand: str, text: str, html: str, language: str
) -> None:
    sent = message(name=name, subject=subject, language=language, text=text, html=html,
                   brand=Brand("b", brand, sender="a@b.example"))  # fmt: skip
    slow = build(sent, "Shop <shop@example.org>", sent.to.value, NOW).as_bytes()
    assert understood(on_the_wire(sent)) == understood(slow)


def understood(raw: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str | None, list[str]]]]:
    """Return what a reader sees: the fields decoded, and each text with its kind."""
    mail = message_from_bytes(raw)
    seen = [(name, str(make_header(decode_header(value)))) for name, value in mail.items() if "Content-T" not in name]
    parts = [part for part in message_from_bytes(raw, policy=default).walk() if not part.is_multipart()]
    return sorted(seen), [
        (part.get_content_type(), part.get_content_charset(), part.get_content().splitlines()) for part in parts
    ]


@given(name=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=60))
def test_a_name_is_read_back_as_it_was_written(name: str) -> None:
    assert one_address(message_from_bytes(on_the_wire(message(name=name))), "To")[0] == name


@pytest.mark.parametrize("payload", [
    "Siti\r\nBcc: victim@example.org", "Siti\nBcc: victim@example.org", "Siti\r\n\r\n<script>",
    "Siti\x00\x0b\x1c\x85\u2028Bcc: x",
    '"><victim@example.org>', "Siti <victim@example.org>, x", "=?utf-8?q?Siti=0D=0ABcc:_x?=", "\udcff\ud800",
])  # fmt: skip
def test_known_injections_stay_inside_their_field(payload: str) -> None:
    sent = message(name=payload, subject=payload, brand=Brand("b", payload, sender=BRAND.sender), language=payload)
    mail = message_from_bytes(on_the_wire(sent))
    assert [field for field in mail if field != "Reply-To"] == [f for f in FIELDS if f != "Reply-To"]
    assert one_address(mail, "To")[1] == "siti@example.org"


@pytest.mark.parametrize(("field", "value"), [
    ("id", "no id"), ("id", "a@b>\r\nBcc: x"), ("in_reply_to", "<a@b>"), ("stop_link", "https://x.example/>\r\nBcc: x"),
    ("stop_link", "https://x.example/a b"),
])  # fmt: skip
def test_what_only_the_core_writes_is_checked_all_the_same(field: str, value: str) -> None:
    with pytest.raises(ValueError):
        on_the_wire(message(**{field: value}))
