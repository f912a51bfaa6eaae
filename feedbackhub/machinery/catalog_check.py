"""What keeps a translation from being complete: empty, fuzzy or untranslated texts, lost placeholders, plural forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

__all__ = ["SAME_EVERYWHERE", "gaps"]

#: Texts that are rightly the same in every language: names, formats, and words of the trade.
SAME_EVERYWHERE = frozenset(
    ("API", "CSV", "E-mail", "Email", "feedbackhub", "ID", "JSON", "NPS", "QR", "SMS", "SMTP", "URL",
     "Administrator", "Forum", "Menu", "Plugin", "Widget")
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]|%[sd]")
TAG = re.compile(r"</?[a-z][a-z0-9]*")
WORD = re.compile(r"[A-Za-z]{2}")


def gaps(template: Catalog, catalog: Catalog) -> Iterator[str]:
    """Yield one sentence for each text of the template that the catalog does not translate properly."""
    for wanted in template:
        if wanted.id:
            found = catalog.get(wanted.id, wanted.context)
            name = repr(texts(wanted.id)[0])
            yield from (f"{name} {problem}" for problem in problems(found, catalog.num_plurals))


def problems(message: Message | None, plurals: int) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if message is None:
        yield "is missing"
        return
    sources, translations = texts(message.id), texts(message.string)
    if not all(each.strip() for each in translations):
        yield "is empty"
        return
    if message.fuzzy:
        yield "is fuzzy"
    if len(sources) > 1 and len(translations) != plurals:
        yield f"has {len(translations)} plural forms instead of {plurals}"
    if translations[0] == sources[0] and sources[0] not in SAME_EVERYWHERE and WORD.search(bare(sources[0])):
        yield "is the same as in English"
    yield from lost(sources, translations)


def lost(sources: tuple[str, ...], translations: tuple[str, ...]) -> Iterator[str]:
    """Yield placeholders and tags that a translation drops or invents; a plural form may leave its number out."""
    known = set(PLACEHOLDER.findall(" ".join(sources)))
    needed = set(PLACEHOLDER.findall(sources[-1])) - ({"{n}", "%(num)s"} if len(sources) > 1 else set())
    tags = sorted(TAG.findall(sources[-1]))
    for translation in translations:
        placeholders = set(PLACEHOLDER.findall(translation))
        if needed - placeholders:
            yield f"loses {', '.join(sorted(needed - placeholders))}"
        if placeholders - known:
            yield f"invents {', '.join(sorted(placeholders - known))}"
        if sorted(TAG.findall(translation)) != tags:
            yield "has other tags"


def bare(text: str) -> str:
    """Return a text without placeholders and tags."""
    return TAG.sub("", PLACEHOLDER.sub("", text))


def texts(value: object) -> tuple[str, ...]:
    """Return the one or several forms of a text."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in value) if isinstance(value, (tuple, list)) else ()
