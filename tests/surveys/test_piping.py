"""Names and answers in texts: looked up, never executed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import as_line
from feedbackhub.surveys import SurveyError, answer_names, check_survey, fill
from feedbackhub.surveys.piping import LONGEST_RESULT, template_problems
from tests.surveys.writing import EVERY_TYPE, HEAD, SCORE, short

PAYLOADS = [
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ customer.__class__ }}",
    "{{ customer['__class__'] }}",
    "{{ customer.name.__class__.__base__ }}",
    "{{ customer.name|attr('__class__') }}",
    "{{ customer.name.format(1) }}",
    "{{ self.__init__.__globals__ }}",
    "{{ config }}",
    "{{ request.application }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ range(1000000000) }}",
    "{% for x in range(1000000000) %}x{% endfor %}",
    "{% set x = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% macro x() %}{{ x() }}{% endmacro %}",
    "{% block x %}{% endblock %}",
    "{% extends 'x' %}",
    "{{ customer.name",
    "{% if customer.name %}",
    "{{ " + "(" * 2_000,
    "{{ " + "not " * 800 + "customer.name }}",
    "{{ " + " or ".join(["customer.name"] * 200) + " }}",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=short)
def test_a_template_that_does_more_than_look_up_is_refused_with_its_line(payload: str) -> None:
    text = HEAD.replace("Thank you", "|\n  Thank you") + f"  - {{{SCORE}}}\n"
    hostile = text.replace("  Thank you", f"  Thank you {payload}")
    assert [(problem.line, problem.path) for problem in check_survey(hostile).problems][:1] == [(4, "thanks")]


@pytest.mark.parametrize("payload", PAYLOADS, ids=short)
def test_a_refused_template_is_not_rendered_either(payload: str) -> None:
    with pytest.raises(SurveyError):
        fill(payload, {})


@pytest.mark.parametrize("payload", PAYLOADS, ids=short)
def test_a_template_inside_a_value_is_only_text(payload: str) -> None:
    said = fill("{{ customer.name }}|{{ answers.why }}", {"customer": {"name": payload}, "answers": {"why": payload}})
    assert said == "|".join([as_line(payload)] * 2)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Hello {{ customer.name }}", "Hello Ana"),
        ('Hello {{ customer.name or "you" }}', "Hello Ana"),
        ('About {{ contact.topic or "your question" }}', "About your question"),
        ("{% if agent.name %}{{ agent.name }} helped{% else %}We helped{% endif %}", "We helped"),
        ("{{ agent.name if agent.name else brand.name }}", "Acme"),
        ("You said {{ answers.score }}", "You said "),
        ("Braces { } and 100 % stay", "Braces { } and 100 % stay"),
        ("A note {# unseen #}goes", "A note goes"),
    ],
)
def test_names_are_filled_in(template: str, said: str) -> None:
    assert template_problems(template, frozenset({"score"})) == []
    assert fill(template, {"customer": {"name": "Ana"}, "brand": {"name": "Acme"}}) == said


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    assert template_problems("{{ customer.nam }}\n{{ custmer.name }}\n{{ answers.later }}") == [
        (1, "names customer.nam, which does not exist, did you mean 'name'?"),
        (2, "names 'custmer', which does not exist, did you mean 'customer'?"),
        (3, "names answers.later, which is no question asked earlier"),
    ]


def test_an_answer_is_named_only_after_it_is_asked() -> None:
    text = HEAD + f"  - {{{SCORE}}}\n  - id: why\n    type: text\n    text: Why {{{{ answers.score }}}}?\n"
    assert check_survey(text).problems == ()
    assert check_survey(text.replace("answers.score", "answers.why")).survey is None


def test_a_name_of_a_python_method_is_a_name_like_any_other() -> None:
    assert fill("{{ answers.items }}{{ answers.keys }}", {"answers": {"items": "two"}}) == "two"


def test_a_name_cannot_bring_lines_controls_or_overrides() -> None:
    assert fill("{{ customer.name }}", {"customer": {"name": "Eve\r\nBcc: all\u202e\x00"}}) == "Eve Bcc: all"


def test_answers_are_said_in_the_words_of_the_customer() -> None:
    said = answer_names(EVERY_TYPE, {"score": 2, "solved": "no", "why": ["slow", "rude"], "words": "Hm"}, "id")
    assert said == {"score": "2", "solved": "Tidak", "why": "Slow, Rude", "words": "Hm"}


@given(st.text(), st.text())
def test_what_is_filled_in_is_bounded_plain_text(name: str, topic: str) -> None:
    said = fill("{{ customer.name }}{{ contact.topic }}", {"customer": {"name": name}, "contact": {"topic": topic}})
    assert len(said) <= LONGEST_RESULT


PARTS = ["{{", "}}", "{%", "%}", " ", "customer", ".", "name", "if", "endif", "or", "(", ")", "x", "[", "1", "|"]


@given(st.lists(st.sampled_from(PARTS)))
def test_any_template_is_filled_or_refused(parts: list[str]) -> None:
    template = "".join(parts)
    if template_problems(template):
        with pytest.raises(SurveyError):
            fill(template, {})
    else:
        assert isinstance(fill(template, {"customer": {"name": "Ana"}}), str)
