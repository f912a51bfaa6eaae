"""Pictures inside mails: what arrives over SMTP, what a mail program finds, and what no name can smuggle in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Picture
from feedbackhub.machinery.clock import SetClock
from feedbackhub_plugins.email.mime import written
from feedbackhub_plugins.mailbox.channel import MailboxChannel
from feedbackhub_plugins.mailbox.drawer import Drawer
from tests.mail.conftest import Connect, Serve
from tests.mail.messages import message

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
HTML = '<!doctype html><html><body><p>नमस्ते</p><img src="cid:trend.png" alt="Trend"></body></html>'
TREND = Picture("trend.png", "image/png", PNG)


def parts_of(raw: bytes) -> list[EmailMessage]:
    mail = message_from_bytes(raw, policy=default)
    return list(mail.walk())


def test_a_picture_arrives_beside_the_html_that_shows_it(serve: Serve, connect: Connect) -> None:
    server = serve()
    connect(server).deliver(message(html=HTML, pictures=(TREND, Picture("b.gif", "image/gif", b"GIF89a."))))
    mail, plain, related, html, trend, other = parts_of(server.taken[0].raw)
    assert [part.get_content_type() for part in (mail, plain, related, html, trend, other)] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/gif",
    ]  # fmt: skip
    assert related.get_param("type") == "text/html"
    assert html.get_content() == HTML + "\r\n"
    assert (trend.get_content(), other.get_content()) == (PNG, b"GIF89a.")
    assert (trend["Content-ID"], trend.get_content_disposition(), trend.get_filename()) == (
        "<trend.png>", "inline", "trend.png",
    )  # fmt: skip
    assert [part.defects for part in (mail, related, trend)] == [[], [], []]


def test_without_html_and_without_pictures_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda size: "ab" * size)
    sent = message()
    plain = written(sent, "shop@example.org", sent.to.value, NOW)
    assert plain.count(b"multipart/") == 1
    shown = written(message(pictures=(TREND,)), "shop@example.org", sent.to.value, NOW)
    html = plain.partition(b"Content-Type: text/html")[2].partition(b"\r\n--=_")[0]
    assert html in shown
    bare = message(html="", pictures=(TREND,))
    assert b"multipart" not in written(bare, "shop@example.org", sent.to.value, NOW)


@pytest.mark.parametrize("name", [
    "a>\r\nBcc: x@y.example", "a\r\n\r\n<script>", "a\nb", "", "a b", "a>", '"', "é.png", "a;b", "x" * 65, ".png",
])  # fmt: skip
def test_no_name_and_no_type_begins_another_field(name: str) -> None:
    for picture in (Picture(name, "image/png", PNG), Picture("a", f"image/png{name or chr(10)}", PNG)):
        sent = message(pictures=(picture,))
        with pytest.raises(ValueError):
            written(sent, "shop@example.org", sent.to.value, NOW)


@given(body=st.binary(max_size=400), other=st.binary(max_size=99))
def test_every_picture_is_read_back_byte_for_byte(body: bytes, other: bytes) -> None:
    sent = message(html=HTML, pictures=(Picture("a", "image/png", body), Picture("b", "image/jpeg", other)))
    raw = written(sent, "shop@example.org", sent.to.value, NOW)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert [part.get_content() for part in parts_of(raw) if part.get_content_maintype() == "image"] == [body, other]


def test_the_mailbox_shows_pictures_in_their_place(tmp_path: Path, clock: SetClock) -> None:
    drawer = Drawer(tmp_path)
    html = HTML.replace("</body>", '<img src="cid:gone.png"></body>')
    MailboxChannel(drawer, clock).deliver(message(html=html, pictures=(TREND,)))
    kept = drawer.get(drawer.keys()[0])
    assert kept is not None
    assert 'src="data:image/png;base64,iVBORw0KGgoAAQID' in kept.html
    assert kept.html.count("cid:") == 1
    assert kept.text == message().text
