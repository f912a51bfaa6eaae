"""From the fields of a form to a theme as somebody wants it, and back."""

from __future__ import annotations

from collections.abc import Mapping

from .themes import LANGUAGES, Theme

__all__ = ["fields_of", "theme_of"]

#: Fields of words begin with this, then comes the language.
WORDS = "words-"
#: Words of further languages, each line beginning with its language: "es: tarde*".
MORE = "more"


def theme_of(key: str, form: Mapping[str, str], is_on: bool) -> Theme:
    """Return the theme that a form asks for, unchecked.

    Args:
        key: The theme's key, empty for a new one.
        form: The fields.
        is_on: Whether it is looked for.
    """
    patterns: dict[str, list[str]] = {name: _lines(form.get(WORDS + name, "")) for name in LANGUAGES}
    for line in _lines(form.get(MORE, "")):
        language, _, word = line.partition(":")
        patterns.setdefault(language.strip().lower(), []).append(word)
    return Theme(key, form.get("title", ""), patterns, is_on)


def _lines(text: str) -> list[str]:
    """Return what stands on lines of its own, or between commas."""
    return [line.strip() for line in text.replace("،", ",").replace(",", "\n").splitlines() if line.strip()]


def fields_of(theme: Theme, title: str) -> dict[str, str]:
    """Return the fields that show a theme.

    Args:
        theme: The theme.
        title: Its name as the reader sees it.
    """
    fields = {WORDS + name: "\n".join(theme.patterns.get(name, ())) for name in LANGUAGES}
    others = sorted(name for name in theme.patterns if name not in LANGUAGES)
    more = "\n".join(f"{name}: {each}" for name in others for each in theme.patterns[name])
    return {"title": title, **fields, MORE: more}
