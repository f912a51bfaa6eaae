"""Hostile texts on their way into the database and out again."""

import pytest

from tests.api.conftest import Caller


def test_direction_overrides_are_taken_out_of_what_is_shown(caller: Caller) -> None:
    contact = caller.contact(topic="invoice \u202egpj.exe")["contact"]
    assert contact["topic"] == "invoice gpj.exe"


def test_controls_and_overrides_are_taken_out_of_comments(caller: Caller) -> None:
    response = caller.answer("1", satisfaction=1, comment="a\x00b\u202ec\r\nd")
    assert caller.get(f"/responses/{response}").get_json()["comment"] == "abc\nd"


@pytest.mark.parametrize(
    "path", ["/contacts/' OR 1=1", "/contacts/AAAAAAAAAAA%00", "/surveys/%ff", "/surveys/..%2f", "/%"]
)
def test_a_hostile_path_is_not_found(caller: Caller, path: str) -> None:
    assert caller.get(path).status_code == 404


def test_a_text_that_grows_when_composed_still_fits(caller: Caller) -> None:
    contact = caller.contact("1", topic="\U0001d160" * 66)["contact"]
    assert len(contact["topic"]) == 198


@pytest.mark.parametrize(
    "text", ["𝔘𝔫𝔦", "क्षत्रिय", "שלום", "e\u0301", "👩‍👩‍👧", "\u200d", "'; DROP TABLE contact; --", "%", "\\"]
)
def test_every_script_comes_back_as_it_was_sent(caller: Caller, text: str) -> None:
    contact = caller.contact("1", team=text, tags=[text])["contact"]
    assert contact["team"] == contact["tags"][0] == text.replace("e\u0301", "\xe9")
