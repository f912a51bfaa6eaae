"""One spelling per address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.machinery.addresses import AddressError, normalise, read_email

KINDS = st.sampled_from(["email", "phone", "crm"])


@pytest.mark.parametrize(
    ("kind", "value", "region", "spelt"),
    [
        ("email", "  Ana@Example.COM ", "US", "ana@example.com"),
        ("email", "first.last+tag@sub.example.org", "US", "first.last+tag@sub.example.org"),
        ("email", "a@xn--bcher-kva.example.com", "US", "a@bücher.example.com"),
        ("email", "a@Bücher.example.com", "US", "a@bücher.example.com"),
        ("email", "e\u0301va@example.com", "US", "\u00e9va@example.com"),
        ("phone", "0812-3456-7890", "ID", "+6281234567890"),
        ("phone", "+62 812 3456 7890", "US", "+6281234567890"),
        ("phone", "098765 43210", "IN", "+919876543210"),
        ("phone", "050 123 4567", "SA", "+966501234567"),
        ("phone", "(415) 555-2671", "US", "+14155552671"),
        ("crm", "  C-17 ", "US", "C-17"),
        ("mattermost", "u\u0308", "US", "\u00fc"),
    ],
)
def test_an_address_gets_its_one_spelling(kind: str, value: str, region: str, spelt: str) -> None:
    assert normalise(kind, value, region) == spelt


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("email", "", "is empty"),
        ("crm", " \u00a0 ", "is empty"),
        ("crm", "x" * 201, "is longer than 200 characters"),
        ("email", "a@example.com\r\nBcc: b@example.com", "holds control characters"),
        ("email", "a\x00@example.com", "holds control characters"),
        ("crm", "a\u202eb", "holds control characters"),
        ("crm", "a\ud800b", "holds control characters"),
        ("crm", "a\u2028b", "holds control characters"),
        ("email", "a@b@example.com", "is not a valid e-mail address"),
        ("email", "Ana <ana@example.com>", "is not a valid e-mail address"),
        ("email", "a@localhost", "is not a valid e-mail address"),
        ("email", "a@[127.0.0.1]", "is not a valid e-mail address"),
        ("email", "a,b@example.com", "is not a valid e-mail address"),
        ("phone", "call me", "is not a phone number"),
        ("phone", "+1 415 555 2671 ext 5", "is not a phone number"),
        ("phone", "12", "is not a phone number"),
        ("phone", "123", "is not a valid number in US or with its country code"),
        ("phone", "+999 123 456 789", "is not a phone number"),
    ],
)
def test_a_useless_address_says_why_without_repeating_it(kind: str, value: str, reason: str) -> None:
    with pytest.raises(AddressError) as refused:
        normalise(kind, value, "US")
    assert (refused.value.field, refused.value.reason) == (kind, reason)


@given(KINDS, st.text(max_size=300))
def test_any_text_is_spelt_or_refused(kind: str, value: str) -> None:
    try:
        spelt = normalise(kind, value, "ID")
    except AddressError:
        return
    assert normalise(kind, spelt, "ID") == spelt
    assert not {"\0", "\r", "\n", "\u202e"} & set(spelt)


#: Pieces of which addresses are made that are just plain enough, or just not.
PIECES = st.sampled_from(
    ["a", "B", "0", "-", "--", ".", "..", "_", "+", "@", "xn--", "x" * 63, "x" * 64, "com", "test", "local", "invalid",
     "arpa", "onion", "org", "'", "é"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=6), st.lists(PIECES, min_size=1, max_size=8))
def test_plain_addresses_are_spelt_as_the_library_spells_them(local: list[str], domain: list[str]) -> None:
    text = "".join(local) + "@" + "".join(domain)
    try:
        by_library = read_email(text)
    except AddressError:
        by_library = ""
    try:
        found = normalise("email", text, "US") if len(text) <= 200 else by_library
    except AddressError:
        found = ""
    assert found == by_library
