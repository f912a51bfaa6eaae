"""Placeholders: only names and choices between texts; a value is never read as a template."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub_plugins.recovery.piping import fill, named, needed, problems


@pytest.mark.parametrize(
    "text",
    [
        "{{ name }}", "{{ customer.nick }}", "{{ customer.name.x }}", "{{ customer['name'] }}", "{{ 1 + 1 }}",
        "{{ customer.name | upper }}", "{% for a in customer %}{% endfor %}", "{% set a = 1 %}", "{{", "{% if %}",
        "{{ customer.__class__ }}", "{% include 'a' %}", "{{ customer.name() }}", "{{ '%s' % customer.name }}",
    ],
)  # fmt: skip
def test_anything_but_names_and_choices_is_refused(text: str) -> None:
    assert problems(text) != []


def test_a_problem_names_its_line_and_what_there_is() -> None:
    ((why, values),) = problems("Dear\n{{ customer.nick }}")
    assert why.format(**values).startswith("line 2: there is no placeholder customer.nick; there are customer.name, ")


@given(st.text(max_size=80))
def test_a_value_stands_there_as_it_is_and_is_never_a_template(value: str) -> None:
    once = fill("{{ customer.name }}", {"customer": {"name": value}})
    assert once == fill("{{ case.done }}", {"case": {"done": value}})
    assert fill("[{{ customer.name }}]", {"customer": {"name": "{{ brand.name }}"}}) == "[{{ brand.name }}]"


@given(st.text(max_size=60))
def test_any_text_is_either_refused_or_filled(text: str) -> None:
    if not problems(text):
        assert isinstance(fill(text, {}), str)


def test_a_name_that_is_not_known_leaves_no_gap() -> None:
    text = "Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\n{{ case.done }}\n\nBye"
    assert fill(text, {}) == "Hello,\n\nBye"


def test_names_that_are_asked_for_first_are_not_needed() -> None:
    text = "{{ customer.name or 'you' }} {{ case.done }}{% if call.when %}{{ call.when }}{% endif %}"
    assert (needed(text), named(text)) == ({"case.done"}, {"customer.name", "case.done", "call.when"})
