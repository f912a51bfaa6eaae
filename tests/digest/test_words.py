"""Addresses as they are typed, what customers write, and addresses for ending a mail: whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Refused, is_line
from feedbackhub_plugins.digest.addresses import MOST, read_addresses
from feedbackhub_plugins.digest.masking import masked
from feedbackhub_plugins.digest.tokens import recipient_of, slot_id, token_of


def secret(purpose: str) -> bytes:
    return purpose.encode().ljust(32, b"x")


def reasons(lines: list[str], *domains: str) -> list[str]:
    with pytest.raises(Refused) as wrong:
        read_addresses(lines, domains)
    return [problem.reason for problem in wrong.value.problems]


def test_addresses_are_read_line_by_line_and_wrong_lines_are_named() -> None:
    lines = ["Ann@Acme.example", "", " Bob <bob@acme.example>, ", "ann@acme.example", "ü@bücher.example"]
    assert read_addresses(lines) == ["ann@acme.example", "bob@acme.example", "ü@bücher.example"]
    assert reasons(["ann@acme.example", "nobody", "", "a@b\r\nBcc: c@d.example"]) == [
        "Line 2 is not a valid e-mail address.", "Line 4 is not a valid e-mail address.",
    ]  # fmt: skip
    assert reasons(["  ", ""]) == ["Name at least one address."]
    assert reasons([f"a{n}@acme.example" for n in range(MOST + 1)]) == [f"At most {MOST} addresses."]
    assert len(reasons(["x"] * 50)) == 10


def test_addresses_outside_the_allowed_domains_are_named() -> None:
    inside = ["a@acme.example", "b@mail.acme.example"]
    assert read_addresses(inside, ["acme.example"]) == inside
    assert reasons([*inside, "c@notacme.example"], "acme.example") == [
        "Line 3 is outside the domains that digests may go to."
    ]


def test_reasons_are_told_in_the_readers_language() -> None:
    with pytest.raises(Refused) as wrong:
        read_addresses(["x", "y"])
    told = wrong.value.told(lambda text, language: text.replace("Line", "Baris"), "id", " ")
    assert told == {"recipients": "Baris 1 is not a valid e-mail address. Baris 2 is not a valid e-mail address."}


@given(st.lists(st.text(max_size=40), max_size=6))
def test_no_line_ever_makes_two_addresses(lines: list[str]) -> None:
    try:
        found = read_addresses(lines)
    except Refused:
        return
    assert all(each.count("@") == 1 and each.isprintable() and " " not in each for each in found)


@pytest.mark.parametrize(("written", "shown"), [
    ("Write to siti.rahma+x@mail.example.co.id please", "Write to ••• please"),
    ("call +62 812-3456-7890, thanks", "call •••, thanks"),
    ("मेरा नंबर ९८७६५ ४३२१० है", "मेरा नंबर ••• है"),
    ("رقمي ٠٥٠١٢٣٤٥٦٧ اتصلوا", "رقمي ••• اتصلوا"),
    ("card 4111 1111 1111 1111!", "card •••!"),
    ("waited 3 days, paid 45.000 on 2 March", "waited 3 days, paid 45.000 on 2 March"),
    ("ask me at 0812\u200b345\u200d6789", "ask me at •••"),
    ("two\nlines\tand\x00more", "two lines and more"),
    ("turned \u202earound\u202c", "turned around"),
    ("x" * 400, "x" * 279 + "…"),
])  # fmt: skip
def test_addresses_and_long_numbers_in_quotes_are_hidden(written: str, shown: str) -> None:
    assert masked(written) == shown


@given(st.text(max_size=300))
def test_a_quote_is_always_one_short_line(text: str) -> None:
    line = masked(text)
    assert len(line) <= 280
    assert is_line(line)


def test_an_address_for_ending_a_mail_is_that_of_one_recipient_only() -> None:
    token = token_of(secret, "AbCdEfGhIjKl")
    assert recipient_of(secret, token) == "AbCdEfGhIjKl"
    assert recipient_of(lambda purpose: secret("other"), token) == ""
    altered = [token[:at] + ("x" if token[at] != "x" else "y") + token[at + 1 :] for at in range(len(token))]
    assert {recipient_of(secret, each) for each in altered} == {""}
    assert slot_id(secret, "AbCdEfGhIjKl", "2026-03-02") != slot_id(secret, "AbCdEfGhIjKl", "2026-03-03")


@given(st.text(max_size=60))
def test_no_other_text_is_an_address_for_ending_a_mail(text: str) -> None:
    assert recipient_of(secret, text) == ""
