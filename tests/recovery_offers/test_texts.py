"""The shipped texts, and what is refused of others."""

import re
from dataclasses import replace

import pytest

from feedbackhub import Refused
from feedbackhub_plugins.recovery.piping import fill, named
from feedbackhub_plugins.recovery.reviews import speaks_of_withdrawing
from feedbackhub_plugins.recovery.sms_size import parts_of
from feedbackhub_plugins.recovery.texts import GIFT, LANGUAGES, SAMPLE, Text, Words, checked, shipped

SORRY = re.compile(r"sorry|apolog|maaf|क्षमा|खेद|माफ|نعتذر|اعتذار|آسف|نأسف", re.IGNORECASE)
PROMISE = re.compile(r"promis|janji|वादा|نعد|will do better|akan lebih baik", re.IGNORECASE)
GOOD = Words("Sorry", "Dear {{ customer.name }}", "Sorry")
TEXT = Text("own", "Own", "apology", "plain", {"en": GOOD})


@pytest.mark.parametrize("text", shipped().values(), ids=lambda text: text.name)
def test_a_shipped_text_is_sound_and_complete_in_every_language(text: Text) -> None:
    assert checked(text) == text
    assert tuple(text.languages) == LANGUAGES


@pytest.mark.parametrize("text", shipped().values(), ids=lambda text: text.name)
def test_only_apologies_say_sorry_and_only_the_promise_promises(text: Text) -> None:
    for words in text.languages.values():
        said = f"{words.subject} {words.words} {words.short}"
        assert bool(SORRY.search(said)) == text.apologises
        assert bool(PROMISE.search(said)) == (text.manner == "promise")


@pytest.mark.parametrize("text", shipped().values(), ids=lambda text: text.name)
def test_a_shipped_text_speaks_alike_in_every_language(text: Text) -> None:
    assert len({named(f"{w.subject}{w.words}") - {"agent.name"} for w in text.languages.values()}) == 1
    assert len({named(w.short) - {"agent.name"} for w in text.languages.values()}) == 1
    for words in text.languages.values():
        assert "{" not in fill(words.words, SAMPLE)
        assert (text.gives or text.apologises) == bool(named(words.words) & GIFT)


def problems_of(text: Text, **more: int) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        checked(text, **more)  # type: ignore[arg-type]
    return [(each.field, each.reason) for each in refused.value.problems]


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (replace(TEXT, name="Own Text"), "name", "must be small letters, digits and hyphens, at most 40"),
        (replace(TEXT, name="new"), "name", "must be small letters, digits and hyphens, at most 40"),
        (replace(TEXT, title=" "), "title", "must not be empty"),
        (replace(TEXT, kind="bribe"), "kind", "must be apology, compensation, both, follow_up or call"),
        (replace(TEXT, manner=""), "manner", "an apology is plain, or with an explanation, or with a promise"),
        (replace(TEXT, kind="call"), "manner", "must be empty: this text is no apology"),
        (replace(TEXT, languages={}), "languages", "at least one language is needed"),
        (replace(TEXT, languages={"id": Words("a", "", "c")}), "languages.id.words", "must not be empty"),
        (replace(TEXT, languages={"english please": GOOD}), "languages.english please",
         "languages are named as in en or pt-br"),
        (replace(TEXT, languages={"en": replace(GOOD, subject="a\nb")}), "languages.en.subject", "must be one line"),
        (replace(TEXT, languages={"hi": replace(GOOD, short="क" * 202)}), "languages.hi.short",
         "takes 4 parts as a short message once it is filled in; at most 3 are sent"),
        (replace(TEXT, kind="both"), "languages.en.words", "must say what is given: {{ compensation.what }}"),
        (Text("own", "Own", "call", "", {"en": replace(GOOD, short="{{ compensation.what }}")}), "languages.en.short",
         "speaks of a compensation, but this kind of text gives none"),
        (Text("own", "Own", "compensation", "", {"en": Words(
            "a", "{{ compensation.what }} if you would consider withdrawing your evaluation", "{{ compensation.what }}"
        )}), "languages.en.words", "asks to withdraw or change a review: never for anything that is given"),
        (replace(TEXT, languages={"en": replace(
            GOOD, words="{% if compensation.what %}Take {{ compensation.what }} and delete your review{% endif %}"
        )}), "languages.en.words", "asks to withdraw or change a review: never for anything that is given"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text_is_said_with_its_field(wrong: Text, field: str, reason: str) -> None:
    assert (field, reason) in problems_of(wrong)


def test_a_title_may_be_in_any_script() -> None:
    text = replace(TEXT, title="क्\u200dषमा\u00a0👨\u200d👩\u200d👧")
    assert checked(text).title == text.title.replace("\u00a0", " ")


def test_a_customer_gets_the_nearest_language_there_is() -> None:
    text = replace(TEXT, languages={"id": GOOD, "en": GOOD, "pt": GOOD})
    assert [text.language_for(each) for each in ("pt-BR", "ID", "fr", "")] == ["pt", "id", "en", "en"]
    assert replace(TEXT, languages={"id": GOOD}).language_for("fr") == "id"


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (True, "As a goodwill gesture, we can offer you EUR 5 if you would consider withdrawing your evaluation."),
        (True, "Mohon hapus ulasan Anda."), (True, "Silakan ubah bintang Anda"), (True, "कृपया अपनी रेटिंग बदल दें"),
        (True, "نرجو منك حذف تقييمك"), (True, "Please take down your review"),
        (False, "We changed our courier. Your review was read."), (False, "Kami sudah membaca ulasan Anda."),
        (False, "It is yours whatever you say or write about us."), (False, "شكرًا على تقييمك"),
        (False, "chang" * 2000),  # seen at once, too
    ],
)  # fmt: skip
def test_a_wish_for_the_withdrawal_of_a_review_is_seen(asks: bool, said: str) -> None:
    assert speaks_of_withdrawing(said) is asks


def test_short_messages_are_counted_as_carriers_do() -> None:
    texts = ("a" * 160, "a" * 161, "€" * 80, "€" * 81, "क" * 70, "क" * 71, "😀" * 35, "😀" * 36)
    assert [parts_of(each) for each in texts] == [1, 2, 1, 2, 1, 2, 1, 2]
