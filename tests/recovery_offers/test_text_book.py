"""Texts are kept change by change, on both databases: every change can be taken back, and none gets lost."""

from dataclasses import replace

import pytest

from feedbackhub import Conflict, NotFound, Refused
from feedbackhub.loop.core import Core
from feedbackhub_plugins.recovery.text_book import TextBook
from feedbackhub_plugins.recovery.texts import Text, Words, shipped
from tests.recovery.rows import hub_of

OWN = Text("own", "Own", "apology", "plain", {"en": Words("Sorry", "We are sorry.", "Sorry.")})


def test_a_text_goes_through_changes_and_back(core: Core) -> None:
    book = TextBook(hub_of(core))
    assert [each.name for each in book.texts()] == list(shipped())

    changed = replace(book.get("apology"), title="Ours")
    assert book.change(changed, "maya", 0).number == 1
    assert book.change(replace(changed, number=7), "maya").number == 1
    with pytest.raises(Conflict):
        book.change(replace(changed, title="Other"), "budi", 0)
    assert book.undo("apology", "maya", 1).text == replace(shipped()["apology"], number=2)
    assert book.undo("apology", "maya").text == replace(changed, number=3)
    book.remove("apology", "maya")
    assert book.get("apology") == replace(shipped()["apology"], number=4)

    assert book.add(OWN, "maya").number == 1
    with pytest.raises(Refused):
        book.add(replace(OWN, title="Another"), "maya")
    book.switch("own", False, "maya")
    book.remove("own", "maya")
    with pytest.raises(NotFound):
        book.get("own")
    assert book.undo("own", "budi").text == replace(OWN, is_on=False, number=4)
    with pytest.raises(NotFound):
        book.undo("call", "budi")
