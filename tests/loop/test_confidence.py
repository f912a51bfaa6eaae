"""Signs of a machine: one strong or two weak ones make an answer suspect."""

from datetime import timedelta

import pytest

from feedbackhub.loop.confidence import Evidence, is_suspect, signs

PERSON = {"accept-language": "en"}
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def seen(
    headers: dict[str, str] | None = None, honeypot: str = "", proof_age: timedelta | None = MINUTE,
    since_send: timedelta | None = HOUR, recent_ratings: int = 1,
) -> tuple[str, ...]:  # fmt: skip
    """Return the signs of an answer, a person's unless told otherwise."""
    return signs(Evidence(PERSON if headers is None else headers, honeypot, proof_age, since_send, recent_ratings))


def test_a_person_shows_no_sign() -> None:
    assert seen() == ()
    assert seen(since_send=None) == ()
    assert not is_suspect(())


@pytest.mark.parametrize(
    ("found", "sign"),
    [
        (seen(honeypot="x"), "honeypot"),
        (seen({**PERSON, "sec-purpose": "prefetch;anonymous-client-ip"}), "prefetch"),
        (seen({**PERSON, "purpose": "Prefetch"}), "prefetch"),
        (seen({**PERSON, "x-moz": "prefetch"}), "prefetch"),
    ],
)
def test_one_strong_sign_is_enough(found: tuple[str, ...], sign: str) -> None:
    assert found == (sign,)
    assert is_suspect(found)


@pytest.mark.parametrize(
    ("found", "sign"),
    [
        (seen(proof_age=None), "no_page"),
        (seen(proof_age=24 * HOUR + SECOND), "old_page"),
        (seen(proof_age=SECOND * 0.9), "too_fast"),
        (seen(since_send=9 * SECOND), "right_after_sending"),
        (seen({}), "no_language"),
        (seen(recent_ratings=3), "many_ratings"),
    ],
)
def test_one_weak_sign_is_not_enough(found: tuple[str, ...], sign: str) -> None:
    assert found == (sign,)
    assert not is_suspect(found)


def test_two_weak_signs_are() -> None:
    assert is_suspect(seen({}, proof_age=None))
    assert is_suspect(seen(proof_age=SECOND / 2, since_send=SECOND))


def test_the_limits_belong_to_people() -> None:
    assert seen(proof_age=24 * HOUR, since_send=10 * SECOND, recent_ratings=2) == ()
    assert seen(proof_age=SECOND) == ()
