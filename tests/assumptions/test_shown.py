"""What programs are shown of an assumption."""

from __future__ import annotations

from feedbackhub.reporting.assumptions import Assumption, Entry, Held, HeldOut, Range

LATE = Assumption("late", "Late parcels", "share", Range(0.1, 0.2, 0.3), "A guess.")
QUOTED = Assumption("quoted", "What is quoted", "span", Range(2, 2, 5), "Quoted.")
YES = Assumption("yes", "What says yes", "word", None, "Any word.", word="yes")


def test_a_default_is_shown_until_somebody_enters_their_own() -> None:
    out = HeldOut.of(Held(LATE))
    assert (out.low, out.likely, out.high, out.source, out.entered) == (0.1, 0.2, 0.3, "A guess.", False)
    out = HeldOut.of(Held(LATE, Entry(0, 0.5, 1, "", "counted"), 1, None, "ann"))
    assert (out.low, out.likely, out.high, out.source, out.entered) == (0, 0.5, 1, "counted", True)


def test_a_span_has_no_likely_end_and_a_word_no_ends() -> None:
    out = HeldOut.of(Held(QUOTED))
    assert (out.low, out.likely, out.high, out.word) == (2, None, 5, "")
    out = HeldOut.of(Held(YES))
    assert (out.low, out.likely, out.high, out.word) == (None, None, None, "yes")


def test_going_back_to_the_default_of_a_word_brings_it_back() -> None:
    assert [Held(YES).word, Held(YES, Entry(word="si", source="x"), 1).word, Held(YES, None, 2).word] == [
        "yes", "si", "yes",
    ]  # fmt: skip
