"""From a digest to mails on a real SMTP server: what is in them, when they go, and that they go once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from sqlalchemy import update

from feedbackhub import Identifier, NotFound, Unavailable
from feedbackhub.machinery.artist import Artist
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.erasing import erase_person
from feedbackhub.store import tables as core_tables
from feedbackhub_plugins.digest.tables import digest as digests
from feedbackhub_plugins.digest.wanted import Wanted
from tests.digest.conftest import STAFF, Here, MakeHere
from tests.loop.story import answer, asked, rows

PNG = b"\x89PNG\r\n\x1a\n"
TEAM, FAMILY = "शिक्\u200dषा\u00a0दल", "👨\u200d👩\u200d👧"
BAD = "Nobody rang back <script>alert(1)</script> write to siti@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Charts become pictures without the time that drawing takes; which and in which language is noted."""
    noted: list[str] = []

    def draw(self: Artist, chart: object, media_type: str, language: str) -> bytes:
        noted.append(f"{getattr(chart, 'title', '')} {getattr(chart, 'spec', {})['background']} {language}")
        return PNG + b"\0" * 999

    monkeypatch.setattr(Artist, "draw", draw)
    return noted


def texts(mail: EmailMessage) -> tuple[str, str]:
    """Return the plain text and the HTML of a mail."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert isinstance(plain, EmailMessage) and isinstance(html, EmailMessage)
    return plain.get_content(), html.get_content()


def tags_of(html: str) -> set[str]:
    """Return the elements that a browser makes of HTML."""
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            found.add(tag)

    Reader().feed(html)
    return found


def complain(here: Here, number: str = "1", comment: str = BAD, **contact: str) -> None:
    """Let a customer answer badly, in words."""
    customer = {"email": f"c{number}@example.org"}
    answer(here.core, asked(here.core, number, customer, **contact), {"satisfaction": "1", "comment": comment})


def test_the_mail_says_what_changed_quotes_and_shows_pictures(here: Here, drawn: list[str]) -> None:
    complain(here, topic="delivery <b>", team=TEAM)
    where = {"channel": "chat", "team": TEAM}
    found = here.digest("moved", "fell", "same", "tiny", title=f"Shipping <u> {FAMILY}", charts=True, filters=where)
    here.run(DAY)
    assert sorted(here.receivers) == list(STAFF)
    mail = here.mails[0]
    text, html = texts(mail)
    assert mail["Subject"] == f"Shipping <u> {FAMILY}: what customers said, Mar 2, 2026 – Mar 2, 2026"
    assert "- Moved: 32 (20 to 40). Higher than in the days before by 12 (3 to 21)\n" in text.replace("\r", "")
    assert "- Fell: 12 (20 to 40). Lower than in the days before by 9 (2 to 15)\n" in text.replace("\r", "")
    assert "No difference shown: Same" in text
    assert "Too few to say: Tiny" in text
    assert "- Moved: 32 (20 to 40), 1234 answers" in text
    assert "“Nobody rang back <script>alert(1)</script> write to •••” – delivery <b>" in text
    assert "Nobody rang back &lt;script&gt;" in html
    assert {"script", "i", "u", "b"} & tags_of(html) == set()
    link = f"{here.hub.public_url}reports/moved?from=2026-03-02&to=2026-03-02&channel=chat&team={quote(TEAM)}"
    assert link in text and link.replace("&", "&amp;") in html
    assert re.findall(r'src="(?!cid:)', html) == []
    shown = re.findall(r'src="cid:([^"]+)"', html)
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert [part["Content-ID"] for part in pictures] == [f"<{name}>" for name in shown]
    assert {part.get_content()[:8] for part in pictures} == {PNG}
    assert drawn[0] == "Moved over time #ffffff en"
    query = here.told["moved"].asked[0]
    assert (query.since, query.until, query.where, query.role) == (
        date(2026, 3, 2), date(2026, 3, 2), where, "manager",
    )  # fmt: skip
    [edition] = here.service.history.sent(found.id)
    assert (edition.state, edition.letters, edition.problems, edition.content) == ("made", 2, (), None)


def test_without_pictures_the_tables_say_the_same(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(self: Artist, chart: object, media_type: str, language: str) -> bytes:
        raise Unavailable("install the extra")

    monkeypatch.setattr(Artist, "draw", draw)
    found = here.digest("moved", charts=True)
    here.run(DAY)
    _, html = texts(here.mails[0])
    assert "cid:" not in html
    assert "Moved over time" in html and "2026-02" in html
    [edition] = here.service.history.sent(found.id)
    assert [each.text.format(**each.values) for each in edition.problems] == [
        "Charts are shown as tables: install the extra"
    ]


SPOKEN = {
    "hi": ("ltr", "क्या बदला", "पिछले दिनों से 12 (3 से 21) अधिक"),
    "ar": ("rtl", "ما الذي تغيّر", "أعلى من الأيام السابقة بمقدار 12 (3 إلى 21)"),
    "id": ("ltr", "Yang berubah", "Lebih tinggi daripada hari-hari sebelumnya sebesar 12 (3 sampai 21)"),
}


def test_the_mail_speaks_the_digests_language(here: Here) -> None:
    said = "मेरा सामान टूटा हुआ आया और किसी ने जवाब नहीं दिया"
    complain(here, comment=said)
    for language in SPOKEN:
        here.digest("moved", title="वितरण", language=language, addresses=["ann@acme.example"], charts=language == "hi")
    here.run(DAY)
    mails = {str(mail["Content-Language"]): mail for mail in here.mails}
    for language, (direction, heading, higher) in SPOKEN.items():
        text, html = texts(mails[language])
        assert str(mails[language]["Subject"]).startswith("वितरण: ")
        assert heading in text and heading in html
        assert higher in text and higher in html
        assert said in text and said in html
        assert f'dir="{direction}"' in html
    assert {query.language for query in here.told["moved"].asked} == set(SPOKEN)
    [picture] = [part.get_content() for part in mails["hi"].walk() if part.get_content_type() == "image/png"]
    # Drawn indeed: the file's header says how wide it is.
    assert (picture[:8], int.from_bytes(picture[16:20], "big") > 1000) == (PNG, True)


def test_a_report_that_fails_is_waited_for_once_and_then_named(here: Here) -> None:
    found = here.digest("broken", "moved")
    here.run(DAY)
    assert here.mails == []
    here.run(HOUR)
    text, _ = texts(here.mails[0])
    assert len(here.told["broken"].asked) == 2
    assert "Told <i>by</i> a test: it could not be made this time" in text
    assert "Moved: 32" in text
    [edition] = here.service.history.sent(found.id)
    assert [each.values["why"] for each in edition.problems] == ["it could not be made this time"]
    assert len(here.mails) == 2


def test_a_report_that_is_gone_is_named(make_here: MakeHere) -> None:
    here = make_here()
    found = here.digest("moved")
    here.hub.tables.write(update(digests).where(digests.c.id == found.id).values(reports=["moved", "gone"]))
    here.run(DAY)
    assert "gone: there is no such report any more" in texts(here.mails[0])[0]


def test_each_day_has_one_mail_however_often_and_late_it_is_looked_for(make_here: MakeHere, clock: SetClock) -> None:
    here = make_here()
    first, second = here.digest("moved"), here.digest("same", title="Web", every="weekly", weekday=4, hour=7)
    here.run(timedelta(days=3))
    for _ in range(3):
        here.run()
    days = [edition.day for edition in here.service.history.sent(first.id)]
    assert days == ["2026-03-05"]
    assert here.service.history.sent(second.id) == []
    # A machine that died between queuing the mail and noting that.
    here.hub.tables.write(update(digests).values(last_day=""))
    here.run(timedelta(minutes=10))
    assert len(here.server.taken) == 2
    here.run(timedelta(days=1))
    assert [edition.day for edition in here.service.history.sent(second.id)] == ["2026-03-06"]
    assert len(here.server.taken) == 6


def test_clocks_that_are_set_back_send_nothing_twice(make_here: MakeHere, clock: SetClock) -> None:
    here = make_here(timezone="Europe/Berlin")
    clock.move(datetime(2026, 10, 24, 12, tzinfo=UTC) - clock.now())
    found = here.digest("moved", hour=2, addresses=["ann@acme.example"])
    for hours in (12, 1, 1, 2):
        here.run(timedelta(hours=hours))
    [edition] = here.service.history.sent(found.id)
    assert (edition.day, edition.since) == ("2026-10-25", "2026-10-24")
    assert len(here.server.taken) == 1


def test_a_paused_digest_is_not_sent_and_nothing_is_made_up_for(here: Here) -> None:
    found = here.digest("moved")
    here.service.book.switch(found.id, False)
    here.run(2 * DAY)
    here.service.book.switch(found.id, True)
    here.run(timedelta(minutes=10))
    assert here.mails == []
    here.run(DAY)
    assert len(here.mails) == 2
    here.service.book.remove(found.id)
    here.run(DAY)
    assert len(here.mails) == 2
    with pytest.raises(NotFound):
        here.service.book.get(found.id)
    here.service.book.restore(found.id)
    here.run(DAY)
    assert len(here.mails) == 4
    here.service.book.remove(found.id)
    here.run(31 * DAY)
    assert here.service.book.all(deleted=True) == []


def test_an_hour_that_is_set_later_on_the_same_day_sends_nothing_twice(here: Here) -> None:
    found = here.digest("moved", hour=10)
    here.run(timedelta(hours=2))
    assert len(here.mails) == 2
    later = Wanted(found.title, every="daily", hour=13, reports=found.reports, charts=False, addresses=STAFF)
    here.service.change(found.id, later)
    here.run(timedelta(hours=4))
    assert len(here.mails) == 2
    assert here.service.book.next_at(here.service.book.get(found.id)) == datetime(2026, 3, 3, 13, tzinfo=UTC)


def test_without_the_channel_the_task_is_set_aside_for_staff(make_here: MakeHere) -> None:
    here = make_here(mail=False)
    found = here.digest("moved")
    assert here.service.can_send is False
    here.run(DAY)
    [edition] = here.service.history.sent(found.id)
    assert (edition.state, edition.letters) == ("failed", 0)
    assert [row.state for row in rows(here.core, core_tables.task, reference="digest:make")] == ["parked"]


def test_an_erased_address_is_gone_from_lists_letters_and_previews(here: Here) -> None:
    found = here.digest("moved")
    complain(here)
    preview = here.service.preview(found.id)
    here.run()
    made = here.service.history.find(preview.id)
    assert made is not None and made.content is not None
    erase_person(here.core, [Identifier("email", "Ann@acme.example")], "tests")
    assert [each.address for each in here.service.recipients.of(found.id)] == ["bob@acme.example"]
    made = here.service.history.find(preview.id)
    assert made is not None and made.content is None
    here.run(DAY)
    assert here.receivers == ["bob@acme.example"]


def test_quotes_can_be_left_out_and_old_previews_go(make_here: MakeHere) -> None:
    here = make_here(digest={"quotes": False})
    complain(here)
    found = here.digest("moved")
    preview = here.service.preview(found.id)
    here.run()
    made = here.service.history.find(preview.id)
    assert made is not None and made.content is not None
    assert "Nobody rang back" not in str(made.content)
    here.run(DAY)
    assert "Nobody rang back" not in texts(here.mails[0])[0]
    assert here.service.history.find(preview.id) is None
