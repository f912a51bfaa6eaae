"""Texts, plurals, dates and numbers in the reader's language; English source text where a translation is missing."""

from __future__ import annotations

import gettext
import logging
import re
import struct
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, negotiate_locale, numbers
from markupsafe import escape

from feedbackhub.contract.marking import N_

__all__ = [
    "N_",
    "I18n",
    "Translator",
    "direction",
    "format_date",
    "format_datetime",
    "format_money",
    "format_number",
    "format_percent",
    "format_time",
    "language_name",
    "negotiate",
]

log = logging.getLogger(__name__)
SOURCE_LANGUAGE = "en"
CODE = r"([A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,3})"
ACCEPTED = re.compile(CODE + r"(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)
# ISO 639 codes withdrawn in 1989 that Java systems still send.
WITHDRAWN = {"in": "id", "iw": "he", "ji": "yi"}
Width = Literal["short", "medium", "long", "full"]


class Translator:
    """The texts of one domain in one language: `t("Hello {name}", name=…)`, `t.plural("{n} day", "{n} days", n)`."""

    def __init__(self, language: str, catalog: gettext.NullTranslations) -> None:
        self.language, self.direction = language, direction(language)
        self._catalog = catalog

    def __call__(self, text: str, /, **values: object) -> str:
        """Return the text in the language with `{names}` filled in; a value that is HTML makes the whole HTML."""
        return fill(self._catalog.gettext(text) if text else text, values)

    def gettext(self, text: str) -> str:
        """Return the text in the language with nothing filled in, for `{% trans %}`."""
        return self._catalog.gettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form for a count with nothing filled in, for `{% trans %}…{% pluralize %}`."""
        return self._catalog.ngettext(singular, plural, n)

    def plural(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form of the text that the language uses for a count, which the text may name `{n}`."""
        return fill(self._catalog.ngettext(singular, plural, n), {"n": n, **values})


class I18n:
    """The catalogs: each domain (`customer`, `staff`, one per plugin) in each language, loaded once."""

    def __init__(self, default_language: str = SOURCE_LANGUAGE) -> None:
        self.default_language = default_language
        self._folders: dict[str, Path] = {}
        self._languages: dict[str, tuple[str, ...]] = {}
        self._translators: dict[tuple[str, str], Translator] = {}
        self._plugins: dict[str, Path] = {}
        self._of_plugins: dict[tuple[str, str, str], Translator] = {}
        own = Path(str(files("feedbackhub").joinpath("locale")))
        self.add("customer", own)
        self.add("staff", own)

    def add(self, domain: str, folder: Path) -> None:
        """Add a domain whose catalogs lie in `<folder>/<language>/LC_MESSAGES/<domain>.mo`."""
        if domain in self._folders:
            raise ValueError(f"the translation domain {domain!r} exists already")
        self._folders[domain] = folder

    def languages(self, domain: str) -> tuple[str, ...]:
        """Return the languages a domain is there in, the source language first."""
        if domain not in self._languages:
            self._languages[domain] = (SOURCE_LANGUAGE, *languages_in(self._folders[domain], domain))
        return self._languages[domain]

    def translator(self, domain: str, language: str) -> Translator:
        """Return the texts of a domain in a language; `pt-BR` falls back to `pt`, an unknown language to English."""
        # The key is one of the languages there are, never the text asked for: customers could fill the memory with it.
        key = (domain, negotiate(language, self.languages(domain), SOURCE_LANGUAGE))
        if key not in self._translators:
            self._translators[key] = Translator(key[1], self._catalog(*key))
        return self._translators[key]

    def negotiate(self, domain: str, *wishes: str | None) -> str:
        """Return the first language that a domain has for any wish (a code or an Accept-Language header)."""
        known = self.languages(domain)
        found = (negotiate(wish, known, "") for wish in wishes if wish)
        return next(filter(None, found), None) or negotiate(self.default_language, known, SOURCE_LANGUAGE)

    def add_plugin(self, name: str, folder: Path) -> None:
        """Take the catalogs of a plugin, which lie in `<folder>/<language>/LC_MESSAGES/<name>.mo`."""
        self._plugins[name] = folder

    def of_plugin(self, name: str, language: str, behind: str = "staff") -> Translator:
        """Return a plugin's texts in a language; what its own catalog lacks is looked for in a domain of the core.

        Args: name: the plugin, which need not have catalogs; language: as in `translator`; behind: the core's domain.
        """
        key = (name, behind, negotiate(language, self._plugin_languages(name, behind), SOURCE_LANGUAGE))
        if key not in self._of_plugins:
            self._of_plugins[key] = Translator(key[2], self._plugin_catalog(*key))
        return self._of_plugins[key]

    def _plugin_languages(self, name: str, behind: str) -> tuple[str, ...]:
        domain = f"{behind} {name}"
        if domain not in self._languages:
            own = languages_in(self._plugins[name], name) if name in self._plugins else ()
            self._languages[domain] = tuple(dict.fromkeys((*self.languages(behind), *own)))
        return self._languages[domain]

    def _plugin_catalog(self, name: str, behind: str, language: str) -> gettext.NullTranslations:
        core = catalog_in(self._folders[behind], behind, language)
        if name not in self._plugins:
            return core
        try:
            own = catalog_in(self._plugins[name], name, language)
        except (OSError, ValueError, struct.error):  # a damaged catalog must not cost the page its words
            log.exception("the catalog of plugin %s in %s cannot be read", name, language)
            return core
        own.add_fallback(core)
        return own

    def _catalog(self, domain: str, language: str) -> gettext.NullTranslations:
        return catalog_in(self._folders[domain], domain, language)


def languages_in(folder: Path, domain: str) -> tuple[str, ...]:
    """Return the languages, but for the source's, that a folder has a domain's catalogs in."""
    found = {path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{domain}.mo")}
    return tuple(sorted(name.replace("_", "-") for name in found - {SOURCE_LANGUAGE}))


def catalog_in(folder: Path, domain: str, language: str) -> gettext.NullTranslations:
    """Return a catalog of a folder, an empty one when there is none."""
    return gettext.translation(domain, folder, [language.replace("-", "_"), language], fallback=True)


def fill(text: str, values: dict[str, object]) -> str:
    """Fill `{names}` in; when a value is HTML the rest is escaped around it."""
    if not values:
        return text
    if any(hasattr(value, "__html__") for value in values.values()):
        return escape(text).format(**values)
    return text.format(**values)


def negotiate(wish: str | None, available: Sequence[str], default: str = SOURCE_LANGUAGE) -> str:
    """Return the available language that serves a wish best.

    Args: wish: a language code or an Accept-Language header; available: codes such as `en`, `pt-BR`; default: the
        answer when nothing fits.
    """
    asked = []
    for place, part in enumerate((wish or "")[:500].split(",")[:20]):
        found = ACCEPTED.fullmatch(part.strip())
        if found and float(found[2] or 1) > 0:
            asked.append((-float(found[2] or 1), place, current_code(found[1])))
    known = {code.replace("_", "-").lower(): code for code in available}
    found_code = negotiate_locale([code for _, _, code in sorted(asked)], list(known), sep="-")
    return known[found_code.lower()] if found_code else default


def current_code(code: str) -> str:
    """Return a language code with hyphens and without withdrawn names."""
    language, _, rest = code.replace("_", "-").lower().partition("-")
    return WITHDRAWN.get(language, language) + (f"-{rest}" if rest else "")


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return what Babel knows of a language; English for an unknown one."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        short = language.partition("-")[0]
        return locale_of(short) if short != language else Locale.parse(SOURCE_LANGUAGE)


def direction(language: str) -> str:
    """Return `rtl` for languages written from the right, else `ltr`."""
    return locale_of(language).text_direction


def language_name(language: str, shown_in: str | None = None) -> str:
    """Return the name of a language in itself, or in another language."""
    return locale_of(language).get_display_name(locale_of(shown_in or language)) or language


def format_date(moment: datetime | date, language: str, timezone: str = "UTC", width: Width = "long") -> str:
    """Write a date as the language does, of the day it is in the time zone."""
    day = moment.astimezone(ZoneInfo(timezone)).date() if isinstance(moment, datetime) else moment
    return _written_day(day, language, width)


@lru_cache(maxsize=512)
def _written_day(day: date, language: str, width: Width) -> str:
    return dates.format_date(day, width, locale_of(language))


def format_time(moment: datetime, language: str, timezone: str = "UTC", width: Width = "short") -> str:
    """Write a time of day as the language does, in the time zone."""
    return dates.format_time(moment, width, tzinfo=ZoneInfo(timezone), locale=locale_of(language))


def format_datetime(moment: datetime, language: str, timezone: str = "UTC", width: Width = "medium") -> str:
    """Write a date, in a width, with hours and minutes as the language does, in the time zone."""
    joined = str(dates.get_datetime_format(width, locale_of(language))).replace("'", "")
    day, time = format_date(moment, language, timezone, width), format_time(moment, language, timezone)
    return joined.replace("{0}", time).replace("{1}", day)


def format_number(value: float, language: str, form: str = "") -> str:
    """Write a number with the language's separators, at most three decimals.

    Args: form: how exact else, as Python's `format` takes it, such as `+.1f`; digits are not grouped then.
    """
    locale = locale_of(language)
    if not form:
        return numbers.format_decimal(value, locale=locale)
    point, minus = numbers.get_decimal_symbol(locale), numbers.get_minus_sign_symbol(locale)
    return format(value, form).replace(".", point).replace("-", minus)


def chart_locale(language: str) -> dict[str, Any]:
    """Return how a language writes numbers, as charts take it: its signs, and how many digits stand together."""
    locale = locale_of(language)
    first, then = locale.decimal_formats[None].grouping
    groups = [first] if first == then else [first, *[then] * 6]
    return {
        "decimal": numbers.get_decimal_symbol(locale), "thousands": numbers.get_group_symbol(locale),
        "grouping": groups, "currency": ["", ""], "minus": numbers.get_minus_sign_symbol(locale),
    }  # fmt: skip


def format_money(amount: Decimal | float, currency: str, language: str) -> str:
    """Write an amount with its currency (a code such as EUR) as the language does; without one as a number."""
    if not currency:
        return numbers.format_decimal(amount, "#,##0.00", locale=locale_of(language))
    return numbers.format_currency(amount, currency, locale=locale_of(language))


def format_percent(share: float, language: str) -> str:
    """Write a share (0.25) as whole percents of the language."""
    return numbers.format_percent(share, locale=locale_of(language))
