"""Links and tickets: what is accepted, and above all what is not."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.machinery.links import CardTicket, Links, Signer, is_public_id, new_public_id

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINKS = Links(b"k" * 32)
ID = "AbCdEfGhIjKl"
AGENT = "agent_agent_"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

public_ids = st.text(ALPHABET, min_size=12, max_size=12)
hostile = st.one_of(
    st.text(max_size=60),
    st.text(ALPHABET, min_size=24, max_size=24),
    st.text(ALPHABET, min_size=48, max_size=48),
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
)


@given(st.binary(max_size=64), st.binary(max_size=200))
def test_what_is_signed_is_signed_as_the_library_does(key: bytes, message: bytes) -> None:
    signer = Signer(key)
    assert [signer.sign(message) for _ in range(2)] == [hmac.digest(key, message, "sha256")] * 2


@given(public_ids)
def test_a_token_is_24_url_safe_characters_and_reads_back(public_id: str) -> None:
    token = LINKS.token(public_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", token)
    assert LINKS.read(token) == public_id
    assert LINKS.token(public_id) == token


@settings(max_examples=2000)
@given(st.data())
def test_no_mutant_of_a_token_or_ticket_is_accepted(data: st.DataObject) -> None:
    ticket = LINKS.card_ticket(ID, AGENT, NOW + timedelta(hours=1))
    proof = LINKS.page_proof(ID, NOW)
    original = data.draw(st.sampled_from([LINKS.token(ID), ticket, proof]))
    place = data.draw(st.integers(0, len(original) - 1))
    mutant = data.draw(
        st.one_of(
            st.sampled_from(ALPHABET + "=+/.\u00e9\u0660\uff21\x00\n ").map(
                lambda letter: original[:place] + letter + original[place + 1 :]
            ),
            st.sampled_from([original[:place], original[place:], original + "A", original + "=", original + "\n"]),
            st.just(original[:place] + original[place:][::-1]),
            st.just(original.swapcase()),
            st.just(original[::-1]),
            hostile,
        )
    )
    if mutant == original:
        return
    assert LINKS.read(mutant) is None
    assert LINKS.read_card_ticket(mutant, NOW) is None
    assert LINKS.proof_age(ID, mutant, NOW) is None


def test_every_changed_character_of_a_token_is_noticed() -> None:
    token = LINKS.token(ID)
    mutants = [
        token[:place] + letter + token[place + 1 :]
        for place in range(24)
        for letter in ALPHABET
        if letter != token[place]
    ]
    assert [LINKS.read(mutant) for mutant in mutants] == [None] * (24 * 63)


def test_purposes_are_not_interchangeable() -> None:
    assert LINKS.read(LINKS.token(ID, "stop")) is None
    assert LINKS.read(LINKS.token(ID), "stop") is None
    assert LINKS.read(LINKS.token(ID, "stop"), "stop") == ID
    assert LINKS.proof_age(ID, LINKS.token(ID), NOW) is None
    assert LINKS.read(LINKS.page_proof(ID, NOW)) is None


def test_another_instance_s_token_is_refused() -> None:
    assert LINKS.read(Links(b"o" * 32).token(ID)) is None


def test_a_token_of_the_previous_key_is_read_and_new_ones_use_the_new_key() -> None:
    rotated = Links(b"n" * 32, [b"k" * 32])
    assert rotated.read(LINKS.token(ID)) == ID
    assert rotated.token(ID) == Links(b"n" * 32).token(ID)
    assert Links(b"n" * 32).read(LINKS.token(ID)) is None


@pytest.mark.parametrize("public_id", ["", "short", ID + "x", "AbCdEfGhIj=l", "AbCdEfGhIjK\u00e9", ID + "\n"])
def test_only_a_public_id_gets_a_token(public_id: str) -> None:
    with pytest.raises(ValueError, match="not a public id"):
        LINKS.token(public_id)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Links(b"short")
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Links(b"k" * 32, [b""])


def test_new_public_ids_are_public_ids_and_differ() -> None:
    ids = {new_public_id() for _ in range(1000)}
    assert (len(ids), all(map(is_public_id, ids))) == (1000, True)


def test_a_page_proof_tells_the_age_to_the_millisecond() -> None:
    proof = LINKS.page_proof(ID, NOW)
    assert LINKS.proof_age(ID, proof, NOW) == timedelta(0)
    assert LINKS.proof_age(ID, proof, NOW + timedelta(milliseconds=1234)) == timedelta(milliseconds=1234)


def test_a_page_proof_of_another_page_or_from_the_future_tells_nothing() -> None:
    assert LINKS.proof_age("LkJiHgFeDcBa", LINKS.page_proof(ID, NOW), NOW) is None
    assert LINKS.proof_age(ID, LINKS.page_proof(ID, NOW), NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize("agent", [AGENT, None])
def test_a_card_ticket_names_customer_and_agent_until_it_expires(agent: str | None) -> None:
    expires = NOW + timedelta(minutes=60)
    ticket = LINKS.card_ticket(ID, agent, expires)
    assert re.fullmatch(r"[A-Za-z0-9_-]{48}", ticket)
    assert LINKS.read_card_ticket(ticket, NOW) == CardTicket(ID, agent, expires)
    assert LINKS.read_card_ticket(ticket, expires) is None


def test_derived_secrets_differ_by_purpose_and_instance() -> None:
    secrets = {LINKS.derive("a"), LINKS.derive("b"), Links(b"o" * 32).derive("a")}
    assert (len(secrets), {len(each) for each in secrets}) == (3, {32})
    assert LINKS.derive("a") == Links(b"k" * 32, [b"o" * 32]).derive("a")


def test_a_fingerprint_is_found_again_after_a_rotation() -> None:
    stored = LINKS.fingerprint("email", "a@example.com")
    rotated = Links(b"n" * 32, [b"k" * 32])
    assert re.fullmatch(r"[0-9a-f]{32}", stored)
    assert rotated.fingerprints("email", "a@example.com")[1] == stored
    assert stored not in rotated.fingerprints("phone", "a@example.com")


@given(st.text(), st.text())
def test_any_text_has_a_fingerprint(kind: str, value: str) -> None:
    assert len(LINKS.fingerprint(kind, value)) == 32
