"""Letters, secrets, words and re-asks of plugins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from feedbackhub import (
    Channel,
    Fact,
    Identifier,
    Letter,
    Message,
    NotFound,
    PermanentFailure,
    Receipt,
    Refused,
    Suppressed,
    TemporaryFailure,
)  # fmt: skip
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from tests.loop.story import answer, asked, ended, rows, run
from tests.loop.suppressing import suppress_address
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest
from tests.plugin_data.work import retry, waiting

ANN = Identifier("email", "ann@example.org")


class Post(Channel):
    """A channel that notes what it is handed and fails as it was told to."""

    name = "post"
    reaches = ("email",)

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.plan: list[BaseException] = []

    def deliver(self, message: Message) -> Receipt:
        """Note the message."""
        self.messages.append(message)
        if self.plan:
            raise self.plan.pop(0)
        return Receipt("1")


@pytest.fixture
def post() -> Post:
    """The channel."""
    return Post()


@pytest.fixture
def guest() -> Guest:
    """A plugin that writes letters."""
    return Guest("writer", tasks=lambda hub: [])


@pytest.fixture
def core(open_with: OpenWith, guest: Guest, post: Post) -> Core:
    """An instance with both."""
    return open_with(guest, Guest("posts", channels=lambda hub: [post]))


def letter(**more: Any) -> Letter:
    """Return a letter to Ann."""
    return Letter(**{"channel": "post", "to": ANN, "subject": "Sorry", "text": "We are sorry.", **more})


def test_a_letter_goes_through_its_channel(core: Core, guest: Guest, post: Post, clock: SetClock) -> None:
    guest.hub.send(letter(html="<p>Sorry</p>", language="ar", to=Identifier("email", "Ann@Example.org")))
    run(core, clock)
    [message] = post.messages
    assert (message.to, message.subject, message.text, message.html) == (ANN, "Sorry", "We are sorry.", "<p>Sorry</p>")
    assert (message.kind, message.direction, message.link, message.stop_link) == ("letter", "rtl", "", "")
    assert message.brand.key == "default"
    [row] = rows(core, tables.task, kind="letter")
    assert (row.state, row.payload, "ann" in row.reference) == ("done", None, False)


def test_a_retry_carries_the_same_message_id_and_ends_parked(
    core: Core, guest: Guest, post: Post, clock: SetClock
) -> None:
    most = core.settings.engine.max_attempts
    post.plan = [TemporaryFailure("busy") for _ in range(most)]
    guest.hub.send(letter())
    for _ in range(most + 2):
        run(core, clock, timedelta(hours=3))
    assert len(post.messages) == most
    assert len({message.id for message in post.messages}) == 1
    [line] = waiting(core)
    assert (line.plugin, line.kind, line.lane, line.state, line.error) == ("writer", "letter", "post", "parked", "busy")
    retry(core, line)
    run(core, clock)
    assert len({message.id for message in post.messages}) == 1
    assert waiting(core) == []


def test_a_key_is_sent_once_ever(core: Core, guest: Guest, post: Post, clock: SetClock) -> None:
    for _ in range(2):
        guest.hub.send(letter(key="case-1"))
        run(core, clock, timedelta(days=9))
    assert len(post.messages) == 1


def test_who_opted_out_gets_no_letter_but_staff_does(core: Core, guest: Guest, post: Post, clock: SetClock) -> None:
    suppress_address(core, "email", "ann@example.org", "opt_out", "tests")
    guest.hub.send(letter())
    run(core, clock)
    assert post.messages == []
    assert [row.state for row in rows(core, tables.task, kind="letter")] == ["cancelled"]
    guest.hub.send(letter(to_staff=True))
    run(core, clock)
    assert len(post.messages) == 1


def test_who_opted_out_under_another_address_gets_none_either(
    core: Core, guest: Guest, post: Post, clock: SetClock
) -> None:
    ended(core, "1", {"email": "ann@example.org", "phone": "+493055512345"})
    suppress_address(core, "phone", "+493055512345", "opt_out", "tests")
    guest.hub.send(letter())
    run(core, clock)
    assert post.messages == []


def test_a_letter_refused_for_good_is_parked(core: Core, guest: Guest, post: Post, clock: SetClock) -> None:
    post.plan = [PermanentFailure("no such box"), Suppressed("stop")]
    guest.hub.send(letter())
    guest.hub.send(letter())
    run(core, clock)
    states = {(row.state, row.last_error) for row in rows(core, tables.task, kind="letter")}
    assert states == {("parked", "no such box"), ("cancelled", "")}


def test_a_wrong_letter_is_refused(core: Core, guest: Guest) -> None:
    wrong: Iterable[Any] = (
        "a text", letter(to="ann@example.org"), letter(to=Identifier("phone", "+493055512345")),
        letter(to=Identifier("email", "nobody")), letter(text=None), letter(text="x" * 1_000_000),
        letter(key="x" * 2000),
    )  # fmt: skip
    for each in wrong:
        with pytest.raises(Refused):
            guest.hub.send(each)
    with pytest.raises(NotFound):
        guest.hub.send(letter(channel="pigeon"))
    assert rows(core, tables.task, kind="letter") == []


def test_a_person_is_asked_again_after_an_answer(core: Core, guest: Guest, clock: SetClock) -> None:
    invitation = asked(core)
    answer(core, invitation)
    [response] = guest.hub.read.responses_of(guest.hub.read.invitation(invitation).customer)
    id_ = guest.hub.ask("re-ask", after=response.public_id)
    assert guest.hub.read.invitation(id_).after_response == response.public_id
    with pytest.raises(Refused, match="asked about again already"):
        guest.hub.ask("re-ask", after=response.public_id)
    with pytest.raises(NotFound):
        guest.hub.ask("re-ask", after="AAAAAAAAAAAA")


def test_a_secret_is_each_plugins_own_and_stays(open_with: OpenWith, guest: Guest) -> None:
    other, again = Guest("other", tasks=lambda hub: []), Guest("writer", tasks=lambda hub: [])
    open_with(guest, other)
    open_with(again)
    secret = guest.hub.secret("signing")
    assert (len(secret), again.hub.secret("signing")) == (32, secret)
    assert len({secret, guest.hub.secret("other"), other.hub.secret("signing"), guest.hub.secret("")}) == 4


def test_a_fact_is_published_under_the_plugins_name(core: Core, guest: Guest) -> None:
    guest.hub.publish("writer.wrote", {"letter": 1})
    assert [row.payload for row in rows(core, tables.event, type="writer.wrote")] == [{"letter": 1}]
    assert Fact("writer.wrote").payload == {}


def test_words_and_templates_are_the_plugins_own(open_with: OpenWith, tmp_path: Path) -> None:
    class Worded(Guest):
        """A plugin that is a package with templates and a catalogue."""

    guest = Worded("worded", tasks=lambda hub: [])
    guest.__path__ = [str(tmp_path)]
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "sorry.html").write_text("<p>{{ t('Sorry') }}, {{ name }}</p>")
    folder = tmp_path / "locale" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "worded.mo").write_bytes(catalogue({"Sorry": "Maaf"}))
    open_with(guest)
    assert guest.hub.translate("Sorry", "id") == "Maaf"
    assert (guest.hub.translate("Sorry", "hi"), guest.hub.translate("Unknown", "id")) == ("Sorry", "Unknown")
    assert guest.hub.render("sorry.html", "id", name="<b>Ann</b>") == "<p>Maaf, &lt;b&gt;Ann&lt;/b&gt;</p>"


def catalogue(texts: dict[str, str]) -> bytes:
    """Return a compiled catalogue."""
    catalog = Catalog(locale="id")
    for text, translated in texts.items():
        catalog.add(text, translated)
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()
