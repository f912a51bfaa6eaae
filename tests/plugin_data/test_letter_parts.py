"""Pictures and addresses for stopping in letters of plugins: carried to the channel, bounded, and gone afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from feedbackhub import Letter, Picture, Refused
from feedbackhub.loop.core import Core
from feedbackhub.loop.letter_parts import MOST_BYTES, check_pictures, check_stop_link, pictures_in
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store import tables
from tests.loop.story import rows, run
from tests.plugin_data.conftest import OpenWith
from tests.plugin_data.guests import Guest
from tests.plugin_data.test_letters import Post, letter

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 99
SHOWN = Picture("a.png", "image/png", PNG)


@pytest.fixture
def post() -> Post:
    """A channel."""
    return Post()


@pytest.fixture
def guest() -> Guest:
    """A plugin that writes letters."""
    return Guest("writer", tasks=lambda hub: [])


@pytest.fixture
def core(open_with: OpenWith, guest: Guest, post: Post) -> Core:
    """An instance with both."""
    return open_with(guest, Guest("posts", channels=lambda hub: [post]))


def with_pictures(*pictures: Any, html: str = '<img src="cid:a.png">', **more: Any) -> Letter:
    """Return a letter that shows pictures."""
    return letter(html=html, pictures=pictures, **more)


def test_pictures_and_the_address_for_stopping_reach_the_channel_and_are_kept_no_longer(
    core: Core, guest: Guest, post: Post, clock: SetClock
) -> None:
    stop = f"{core.settings.public_url}/x/writer/stop/abc"
    other = Picture("B-1.gif", "image/gif", b"GIF87a")
    guest.hub.send(with_pictures(SHOWN, other, stop_link=stop))
    run(core, clock)
    [message] = post.messages
    assert (message.pictures, message.stop_link) == ((SHOWN, other), stop)
    [row] = rows(core, tables.task, kind="letter")
    assert (row.state, row.payload) == ("done", None)


@pytest.mark.parametrize(("field", "wrong"), [
    ("pictures", {"pictures": "abc"}),
    ("pictures", {"pictures": (b"abc",)}),
    ("pictures", {"pictures": (SHOWN,), "html": ""}),
    ("pictures", {"pictures": (SHOWN, Picture("A.PNG", "image/png", PNG))}),
    ("pictures", {"pictures": [Picture(f"{n}.png", "image/png", PNG) for n in range(51)]}),
    ("pictures", {"pictures": [Picture(f"{n}", "image/png", PNG.ljust(MOST_BYTES // 2)) for n in range(3)]}),
    *(("pictures.0", {"pictures": (Picture(name, "image/png", PNG),)}) for name in
      ("", "a b", "a\r\nb", "../a", "a>", "é", "x" * 65, ".a", "a\n")),
    ("pictures.0", {"pictures": (Picture("a", "image/png", b"GIF89a"),)}),
    ("pictures.0", {"pictures": (Picture("a", "image/jpeg", PNG),)}),
    ("pictures.0", {"pictures": (Picture("a", "image/svg+xml", b"<svg/>"),)}),
    ("pictures.0", {"pictures": (Picture("a", "text/html", b"<script>"),)}),
    ("pictures.0", {"pictures": (Picture("a", "image/png", "text"),)}),  # type: ignore[arg-type]
])  # fmt: skip
def test_what_is_no_picture_is_refused_by_name(field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        check_pictures(**{"html": "<p>x</p>", **wrong})
    assert [problem.field for problem in refused.value.problems] == [field]


def test_nothing_is_queued_of_a_letter_that_is_refused(core: Core, guest: Guest) -> None:
    for wrong in ({"pictures": (SHOWN, SHOWN)}, {"stop_link": "https://elsewhere.example/"}, {"stop_link": 7}):
        with pytest.raises(Refused):
            guest.hub.send(letter(html="<p>x</p>", **wrong))
    assert rows(core, tables.task, kind="letter") == []


HERE = "https://feedback.example.com/below"


@pytest.mark.parametrize("link", [
    "https://elsewhere.example/x/writer/stop", "javascript:alert(1)", "{here}.elsewhere.example/", "{here}",
    "{here}/x/\r\nBcc: a@b.example", "{here}/x/a b", '{here}/x/"', "{here}/x/>", "{here}/../x", "{here}/x/é",
    "{here}\\@elsewhere.example/", "//elsewhere.example/", "{here}/" + "x" * 500,
])  # fmt: skip
def test_letters_are_ended_on_this_instances_own_pages_only(link: str) -> None:
    assert check_stop_link(f"{HERE}/x/writer/stop?a=1", HERE) == f"{HERE}/x/writer/stop?a=1"
    with pytest.raises(Refused) as refused:
        check_stop_link(link.replace("{here}", HERE), HERE)
    assert [problem.field for problem in refused.value.problems] == ["stop_link"]


def test_a_letter_queued_by_an_earlier_version_has_no_pictures() -> None:
    assert pictures_in({"subject": "Sorry"}) == ()
