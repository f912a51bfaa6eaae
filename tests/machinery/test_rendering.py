"""Templates: escaping, missing values, translated words, plugins' own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jinja2 import DictLoader, TemplateNotFound, UndefinedError

from feedbackhub.machinery.i18n import I18n
from feedbackhub.machinery.rendering import Renderer

MOMENT = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)


def renderer(**templates: str) -> Renderer:
    """Return a renderer that knows templates of a plugin `p`; `__` in a name stands for the dot."""
    made = Renderer(I18n(), "Asia/Jakarta")
    made.add_plugin("p", DictLoader({name.replace("__", "."): text for name, text in templates.items()}))
    return made


def test_html_is_escaped_and_text_is_not() -> None:
    made = renderer(a__html="{{ x }}", a__txt="{{ x }}", a__svg="{{ x }}")
    assert [made.render(f"x/p/a.{kind}", "en", "staff", x="<&>") for kind in ("html", "txt", "svg")] == [
        "&lt;&amp;&gt;",
        "<&>",
        "&lt;&amp;&gt;",
    ]


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        renderer(a__html="{{ nobody_gave_this }}").render("x/p/a.html", "en", "staff")


def test_texts_are_escaped_wherever_a_value_goes_into_them() -> None:
    page = "{{ t('Hello {name}', name=x) }}|{% trans %}Hello {{ x }}, 100%{% endtrans %}|{{ t.plural('a','{n} b',2) }}"
    assert renderer(a__html=page).render("x/p/a.html", "en", "staff", x="<b>%s</b>") == (
        "Hello &lt;b&gt;%s&lt;/b&gt;|Hello &lt;b&gt;%s&lt;/b&gt;, 100%|2 b"
    )


def test_a_plural_block_counts() -> None:
    page = "{% trans n=n %}one day{% pluralize n %}{{ n }} days{% endtrans %}"
    made = renderer(a__html=page)
    assert [made.render("x/p/a.html", "en", "staff", n=n) for n in (0, 1, 2)] == ["0 days", "one day", "2 days"]


def test_a_block_may_hold_braces_and_line_breaks() -> None:
    page = "{% trans n=2 %}one {x}{% pluralize %}{{ n }}\n   {x}{% endtrans %}"
    assert renderer(a__html=page).render("x/p/a.html", "en", "staff") == "2 {x}"


def test_dates_and_numbers_speak_the_page_s_language_and_the_company_s_time_zone() -> None:
    made = renderer(a__txt="{{ m|date }}|{{ m|time }}|{{ m|datetime('short') }}|{{ 1234.5|number }}|{{ 0.5|percent }}")
    said = made.render("x/p/a.txt", "en", "customer", m=MOMENT).replace("\u202f", " ")
    assert said == "March 2, 2026|3:30 AM|3/2/26, 3:30 AM|1,234.5|50%"
    abroad = made.render("x/p/a.txt", "en", "customer", m=MOMENT, timezone="UTC").replace("\u202f", " ")
    assert abroad == "March 1, 2026|8:30 PM|3/1/26, 8:30 PM|1,234.5|50%"


def test_language_and_direction_are_known() -> None:
    assert renderer(a__txt="{{ lang }} {{ dir }}").render("x/p/a.txt", "en", "staff") == "en ltr"


def test_a_plugin_reaches_only_its_own_names() -> None:
    made = renderer(a__html="x")
    assert (made.exists("x/p/a.html"), made.exists("a.html"), made.exists("x/q/a.html")) == (True, False, False)
    for name in ("x/q/a.html", "x/p/../a.html", "nix.html"):
        with pytest.raises(TemplateNotFound):
            made.render(name, "en", "staff")


def test_a_plugin_s_templates_mean_their_own_and_what_the_core_made_for_them() -> None:
    made = renderer(
        base__html="<b>{% block content %}{% endblock %}</b>",
        a__html='{% extends "base.html" %}{% block content %}own{% endblock %}',
        b__html='{% extends "x/p/base.html" %}',
        c__html='{% import "staff/macros.html" as macros %}known',
        d__html='{% include "x/q/base.html" %}',
        e__html='{% extends "staff/base.html" %}',
    )
    assert [made.render(f"x/p/{name}.html", "en", "staff") for name in "abc"] == ["<b>own</b>", "<b></b>", "known"]
    for name in "de":
        with pytest.raises(TemplateNotFound):
            made.render(f"x/p/{name}.html", "en", "staff")


def test_two_renderers_know_nothing_of_each_other() -> None:
    renderer(a__html="first")
    other = Renderer(I18n())
    assert other.exists("x/p/a.html") is False
