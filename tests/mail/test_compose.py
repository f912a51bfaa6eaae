"""What a customer reads: complete, in one language, with one address per option."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub import Brand, Identifier, Message, is_line
from feedbackhub.loop.compose import Facts, Parts, compose
from feedbackhub.machinery.i18n import I18n
from feedbackhub.machinery.rendering import Renderer
from feedbackhub.surveys import bundled, parse_survey
from feedbackhub_plugins.email.mime import written
from tests.mail.messages import LINK

SURVEYS = {name: parse_survey(text) for name, text in bundled().items()}
RENDERER = Renderer(I18n())
LANGUAGES = ["en", "id", "hi", "ar"]
PARTS = Parts(
    message_id="AbCdEfGhIjKl.1@feedback.example.org", kind="first", to=Identifier("email", "siti@example.org"),
    customer_name="Siti", language="en", brand=Brand("default", "Acme", "#1f5f8b"), survey=SURVEYS["post-contact"],
    facts=Facts(datetime(2026, 3, 1, 20, 0, tzinfo=UTC), "Asia/Jakarta", topic="Refund"), link=LINK,
    stop_link=f"{LINK}/stop", expires_at=datetime(2026, 3, 16, 9, 30, tzinfo=UTC),
)  # fmt: skip


class Page(HTMLParser):
    """The links and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def composed(**changes: object) -> Message:
    return compose(replace(PARTS, **changes), RENDERER)  # type: ignore[arg-type]


def with_survey(text: str, **changes: object) -> Message:
    return composed(survey=parse_survey(text), **changes)


def test_what_the_delivery_knows_is_passed_on() -> None:
    message = composed(kind="reminder", in_reply_to="first@example.org", test=True)
    assert (message.id, message.kind, message.to, message.name) == (PARTS.message_id, "reminder", PARTS.to, "Siti")
    assert (message.in_reply_to, message.test, message.link, message.stop_link) == (
        "first@example.org", True, LINK, f"{LINK}/stop",
    )  # fmt: skip


INTRO = "Your answer takes less than a minute, and the person who helps you next time will know it."


def test_the_plain_text_says_everything() -> None:
    lines = [line for line in composed().text.splitlines() if line]
    assert lines == [
        "Hello Siti,",
        f"Thank you for contacting Acme. {INTRO}",
        "How satisfied are you with the service you received?",
        f"1 – Very dissatisfied: {LINK}?a=1",
        f"2 – Dissatisfied: {LINK}?a=2",
        f"3 – Neither one nor the other: {LINK}?a=3",
        f"4 – Satisfied: {LINK}?a=4",
        f"5 – Very satisfied: {LINK}?a=5",
        "One click opens the page with your choice; nothing is sent before you confirm it there.",
        f"Open the questions without choosing: {LINK}",
        "-- ",
        "You receive this message because you contacted Acme on March 2, 2026.",
        "It was about: Refund",
        "You can answer until March 16, 2026.",
        f"Do not ask me again: {LINK}/stop",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("survey", sorted(SURVEYS))
@pytest.mark.parametrize("kind", ["first", "reminder", "fallback"])
def test_every_survey_in_every_language_offers_each_option_once(survey: str, language: str, kind: str) -> None:
    message = composed(survey=SURVEYS[survey], language=language, kind=kind)
    points = SURVEYS[survey].questions[0].points
    options = [f"{LINK}?a={point}" for point in points]
    page = Page(message.html)
    assert page.links == [*options, LINK, f"{LINK}/stop"]
    assert [choice.url for choice in message.choices] == options
    assert re.findall(r"https://\S+", message.text) == [*options, LINK, f"{LINK}/stop"]
    assert page.tags[0] == ("html", {"lang": language, "dir": "rtl" if language == "ar" else "ltr"})
    assert (message.language, message.direction) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(("wanted", "spoken"), [("ar-EG", "ar"), ("in", "en"), ("fr", "en"), ("", "en"), ("ID", "id")])
def test_the_nearest_language_of_the_survey_is_spoken(wanted: str, spoken: str) -> None:
    assert composed(language=wanted).language == spoken


def test_from_the_right_everything_is_turned_round() -> None:
    html = composed(language="ar").html
    assert {tag[1]["dir"] for tag in Page(html).tags if tag[0] == "table" and "dir" in tag[1]} == {"rtl"}
    assert "text-align: left" not in html


def test_styles_are_inlined_and_only_what_cannot_be_stays_in_the_head() -> None:
    html = composed().html
    assert re.findall(r"@media \(([^)]*)\)", html) == ["max-width: 480px", "prefers-color-scheme: dark"]
    assert 'style="' in html
    assert "background: #1f5f8b" in html


@pytest.mark.parametrize(("color", "bar"), [
    ("#ffcc00", "#ffcc00"), ("", "#1f5f8b"), ("red;}body{display:none", "#1f5f8b"), ("#12345", "#1f5f8b"),
])  # fmt: skip
def test_a_brands_colour_is_used_when_it_is_one(color: str, bar: str) -> None:
    cells = [attributes for tag, attributes in Page(composed(brand=Brand("b", "B", color)).html).tags if tag == "td"]
    assert next(cell["bgcolor"] for cell in cells if "bgcolor" in cell) == bar


def test_a_logo_stands_for_the_name() -> None:
    brand = Brand("b", "Acme & Sons", logo_url="https://acme.example/logo.png")
    [(_, image)] = [each for each in Page(composed(brand=brand).html).tags if each[0] == "img"]
    assert (image["src"], image["alt"]) == ("https://acme.example/logo.png", "Acme & Sons")


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}'


def test_no_text_of_others_becomes_markup() -> None:
    facts = replace(PARTS.facts, topic=HOSTILE, agent_name=HOSTILE)
    message = composed(customer_name=HOSTILE, brand=Brand("b", HOSTILE), facts=facts)
    assert {tag for tag, _ in Page(message.html).tags} & {"script", "img"} == set()
    assert "49" not in message.text


@pytest.mark.parametrize("name", [
    "Win a prize https://evil.example/x", "www.evil.example", "evil.com", "call@evil.example", "evil.example/x",
    "ev\u200bil.c\u200dom", "www\u2060.evil.example", "evil.c\u2061om", "evil.\u206fcom",
])  # fmt: skip
def test_a_name_that_mail_programs_would_link_is_not_repeated(name: str) -> None:
    message = composed(customer_name=name, facts=replace(PARTS.facts, topic=name))
    assert message.text.splitlines()[0] == "Hello,"
    assert name not in Page(message.html).text


@pytest.mark.parametrize("name", ["Siti", "St. John", "O'Neil-Smith", "د. سميرة", "Prof. Dr. A. B.", "श्री. राम"])
def test_an_ordinary_name_is_greeted(name: str) -> None:
    assert composed(customer_name=name).text.splitlines()[0] == f"Hello {name},"


def test_names_and_subjects_are_one_line_and_bounded() -> None:
    message = composed(customer_name="a\r\nBcc: x@example.org " + "b" * 500)
    assert message.name.startswith("a Bcc: x@example.org b")
    assert (len(message.name), is_line(message.name)) == (80, True)


SHORT = """
name: own
languages: [en]
title: Your visit
subject: "About {{ contact.topic }} on {{ contact.date }}\\nand more"
questions:
  - {id: first, QUESTION}
thanks: Thank you
"""


def test_a_subject_with_joined_letters_and_emoji_arrives_whole() -> None:
    facts = replace(PARTS.facts, topic="क्\u200dषति\u00a0👨\u200d👩\u200d👧")
    message = with_survey(SHORT.replace("QUESTION", "type: yes-no, text: Solved?"), facts=facts)
    raw = written(message, "Shop <shop@example.org>", "siti@example.org", datetime(2026, 3, 2, tzinfo=UTC))
    parsed = message_from_bytes(raw, policy=default)
    assert parsed["Subject"] == "About क्\u200dषति\u00a0👨\u200d👩\u200d👧 on March 2, 2026 and more"


def test_the_subject_is_piped_and_stays_one_line() -> None:
    message = with_survey(SHORT.replace("QUESTION", "type: yes-no, text: Solved?"))
    assert message.subject == "About Refund on March 2, 2026 and more"


def test_worded_options_stand_below_each_other() -> None:
    message = with_survey(SHORT.replace("QUESTION", "type: yes-no, text: Solved?"))
    assert [(choice.value, choice.label, choice.symbol) for choice in message.choices] == [
        ("yes", "Yes", ""), ("no", "No", ""),
    ]  # fmt: skip
    assert f"Yes: {LINK}?a=yes" in message.text.splitlines()


@pytest.mark.parametrize("question", [
    "type: text, text: How was it?", "type: choices, text: What?, options: [{value: a, text: A}, {value: b, text: B}]",
    "type: consent, text: May we?",
])  # fmt: skip
def test_what_is_not_one_click_gets_one_button(question: str) -> None:
    message = with_survey(SHORT.replace("QUESTION", question))
    assert message.choices == ()
    assert Page(message.html).links == [LINK, f"{LINK}/stop"]
    assert f"Answer now: {LINK}" in message.text.splitlines()


def test_without_a_stop_link_none_is_shown() -> None:
    message = composed(stop_link="")
    assert "Do not ask me again" not in message.text + message.html


def test_stars_and_numbers_have_their_own_look() -> None:
    stars = with_survey(SHORT.replace("QUESTION", "type: rating, text: How was it?"))
    numbers = with_survey(SHORT.replace("QUESTION", "type: nps, text: Would you?"))
    assert [choice.symbol for choice in stars.choices] == ["★"] * 5
    assert [choice.symbol for choice in numbers.choices] == [str(point) for point in range(11)]


ODD = ["", "Siti", '"><b>&amp;', "\ue000x-name\ue001", "{name}", "{{ name }}", "%s"]
NAMES = st.text(max_size=40) | st.sampled_from(ODD)


@settings(max_examples=25)
@given(name=NAMES, topic=NAMES, kind=st.sampled_from(["first", "reminder"]), language=st.sampled_from(LANGUAGES),
       expires=st.none() | st.datetimes(timezones=st.just(UTC)))  # fmt: skip
def test_what_was_rendered_for_others_leaves_no_trace(
    name: str, topic: str, kind: str, language: str, expires: datetime | None
) -> None:
    changed = {"customer_name": name, "facts": replace(PARTS.facts, topic=topic), "kind": kind, "language": language,
               "expires_at": expires, "survey": ABOUT}  # fmt: skip
    assert compose(replace(PARTS, **changed), RENDERER) == compose(replace(PARTS, **changed), Renderer(I18n()))


ABOUT = parse_survey("""
name: about
languages: [en, id, hi, ar]
title: Your visit
subject: "{{ contact.topic }} for {{ customer.name }}"
intro: "{% if customer.name %}Dear {{ customer.name }}{% endif %}"
questions:
  - {id: first, type: nps, text: "How was {{ contact.topic or 'it' }}?"}
thanks: Thank you
""")
