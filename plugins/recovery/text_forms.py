"""From the fields of a form to a text as somebody wants it, and back."""

from __future__ import annotations

from collections.abc import Mapping

from .texts import LANGUAGES, Text, Words

__all__ = ["PARTS", "fields_of_text", "languages_shown", "text_of_form"]

PARTS = ("subject", "words", "short")
#: Which further language a form adds.
MORE = "more"


def languages_shown(text: Text | None, form: Mapping[str, str]) -> list[str]:
    """Return the languages that a form has fields for: the shipped ones, the text's own, and one that was added."""
    own = list(text.languages) if text else []
    typed = [name.removeprefix("words-") for name in form if name.startswith("words-")]
    added = form.get(MORE, "").strip().lower().replace("_", "-")
    return list(dict.fromkeys([*LANGUAGES, *own, *typed, *([added] if added else [])]))


def text_of_form(form: Mapping[str, str], name: str, is_on: bool = True) -> Text:
    """Return the text that a form asks for, unchecked; a language whose fields are all empty is left out.

    Args:
        form: The fields.
        name: The text's name.
        is_on: Whether it is offered.
    """
    languages = {
        each: Words(*(form.get(f"{part}-{each}", "") for part in PARTS))
        for each in languages_shown(None, form)
        if any(form.get(f"{part}-{each}", "").strip() for part in PARTS) or each == form.get(MORE, "").strip().lower()
    }
    kind = form.get("kind", "")
    manner = form.get("manner", "") if kind in ("apology", "both") else ""
    return Text(name, form.get("title", ""), kind, manner, languages, 0, is_on)


def fields_of_text(text: Text, title: str) -> dict[str, str]:
    """Return the fields that show a text.

    Args:
        text: The text.
        title: What it is called for the reader.
    """
    fields = {"title": title, "kind": text.kind, "manner": text.manner, "name": text.name}
    for language, words in text.languages.items():
        fields |= {f"{part}-{language}": getattr(words, part) for part in PARTS}
    return fields
