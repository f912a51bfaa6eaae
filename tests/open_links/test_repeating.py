"""Who answers twice: one page is one answer, two people behind one address are two, and nothing of it lasts a day."""

from datetime import timedelta

from sqlalchemy import select

from feedbackhub.loop.core import Core
from feedbackhub.loop.housekeeping import forget
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.tables import day_salt, open_visit
from tests.open_links.conftest import Come, Make, responses
from tests.pages.visits import everything


def told(core: Core) -> list[tuple[int, str, bool]]:
    """Return rating, confidence and whether it was marked as repeated, of every answer."""
    return [(each.headline, each.confidence, each.repeated) for each in responses(core)]


def test_the_same_page_sent_twice_is_one_answer(core: Core, make: Make, come: Come) -> None:
    passer = come(make())
    first = passer.send(satisfaction="5").location
    again = passer.again(satisfaction="4").location
    assert first == again
    assert told(core) == [(4, "human", False)]


def test_two_people_behind_one_address_do_not_overwrite_each_other(core: Core, make: Make, come: Come) -> None:
    link = make()
    first = come(link).send(satisfaction="5").location
    second = come(link).send(satisfaction="3").location
    assert first != second
    assert told(core) == [(5, "human", False), (3, "suspect", True)]


def test_the_second_answer_does_not_become_trusted_by_being_changed(core: Core, make: Make, come: Come) -> None:
    link = make()
    come(link).send(satisfaction="5")
    passer = come(link)
    passer.path, passer.page = passer.send(satisfaction="3").location.partition("/thanks")[0], ""
    passer.send(satisfaction="4")
    assert told(core) == [(5, "human", False), (4, "suspect", True)]


def test_another_address_browser_link_or_ticket_is_somebody_else(core: Core, make: Make, come: Come) -> None:
    link = make()
    browser = {"Accept-Language": "en", "User-Agent": "another"}
    come(link).send(satisfaction="5")
    come(link, address="192.0.2.77").send(satisfaction="5")
    come(link, headers=browser).send(satisfaction="5")
    come(link, "?ticket=7").send(satisfaction="5")
    come(link, "?ticket=8").send(satisfaction="5")
    come(make()).send(satisfaction="5")
    assert told(core) == [(5, "human", False)] * 6


def test_on_the_next_day_nobody_is_known_again(core: Core, make: Make, come: Come, clock: SetClock) -> None:
    link = make()
    come(link).send(satisfaction="5")
    clock.move(timedelta(days=1))
    come(link).send(satisfaction="4")
    assert told(core) == [(5, "human", False), (4, "human", False)]
    with core.store.read() as connection:
        assert list(connection.scalars(select(day_salt.c.day))) == ["2026-03-03"]
        assert list(connection.scalars(select(open_visit.c.day))) == ["2026-03-03"]


def test_what_was_kept_of_a_day_is_forgotten_though_nobody_comes(
    core: Core, make: Make, come: Come, clock: SetClock
) -> None:
    come(make()).send(satisfaction="5")
    clock.move(timedelta(days=1))
    forget(core)
    counts = everything(core)
    assert (counts["day_salt"], counts["open_visit"]) == (0, 0)


def test_neither_address_nor_browser_is_stored(core: Core, make: Make, come: Come) -> None:
    come(make(), address="198.51.100.23", headers={"Accept-Language": "en", "User-Agent": "Strange/1.0"}).send(
        satisfaction="5"
    )
    if core.store.is_sqlite:
        raw = b"".join(each.read_bytes() for each in core.settings.data_dir.rglob("*") if each.is_file())
        assert (b"198.51.100.23" in raw, b"Strange/1.0" in raw) == (False, False)
