"""What holds for every template of a page, whoever wrote it."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from feedbackhub.machinery.i18n import I18n
from feedbackhub.machinery.rendering import Renderer

FOLDER = Path(str(files("feedbackhub_templates").joinpath("")))
# Mails carry their styles in the text: they are no pages, and no policy of ours stands in their way.
ALL = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PAGES = [name for name in ALL if not name.startswith("mail/")]
FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\".*?</form>", re.DOTALL | re.IGNORECASE)
# The same card stands in the staff area, where its forms carry the token.
FOR_STAFF = re.compile(r"\{% if card_csrf %\}.*?\{% endif %\}", re.DOTALL)
PROVEN_BY_LINK = ("survey/", "card/")


def source(name: str) -> str:
    """Return a template's text without its comments."""
    return re.sub(r"\{#.*?#\}", "", (FOLDER / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_it_is_free_of_mistakes(name: str) -> None:
    Renderer(I18n()).environment.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_it_holds_nothing_that_the_content_policy_forbids(name: str) -> None:
    text = source(name)
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag]
    loose = re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|\shx-on|\shx-vals=\"js:", text)
    assert (scripts, loose) == ([], [])


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(PROVEN_BY_LINK)])
def test_its_forms_carry_the_token(name: str) -> None:
    bare = [form for form in FORM.findall(source(name)) if "csrf_field()" not in form]
    assert bare == []


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith(PROVEN_BY_LINK)])
def test_pages_behind_a_link_ask_for_nothing_that_needs_a_cookie(name: str) -> None:
    text = FOR_STAFF.sub("", source(name))
    assert re.findall(r"csrf_(?:field|token)|flashes\(|\buser\(\)|navigation\(", text) == []


@pytest.mark.parametrize("name", PAGES)
def test_it_marks_nothing_as_safe_that_came_from_outside(name: str) -> None:
    trusted = {"staff/icons.html"}  # shapes written there
    assert name in trusted or re.findall(r"\|\s*safe\b|autoescape\s+false|Markup\(", source(name)) == []
