"""Reasons for refusing what staff typed, in their language; they arise on floors that know no language."""

from __future__ import annotations

import re

from ..machinery.i18n import N_, Translator

__all__ = ["refusal_text"]

# As they are raised, with `{names}` for what differs; a reason that is not here is shown in English.
REASONS = (
    N_("needs at least {n} characters"),
    N_("needs 1 to 200 characters"),
    N_("has more than {n} characters"),
    N_("is longer than {n} characters"),
    N_("should have at most {n} characters"),
    N_("must not be the e-mail address"),
    N_("repeats too few characters"),
    N_("is not your present password"),
    N_("name at least one scope"),
    N_("is empty"),
    N_("must be later than since"),
    N_("too many exports are waiting; try again when some are done"),
    N_("there are too many schedules already"),
    N_("holds control characters"),
    N_("holds the control character {code}"),
    N_("must be a single line"),
    N_("is not a valid e-mail address"),
    N_("is not a phone number"),
    N_("is not a valid number in {region} or with its country code"),
    N_("is no amount such as 12.50"),
    N_("is no code of three letters such as EUR"),
    N_("there is a user with this e-mail address already"),
    N_("there is a key named {name} already"),
    N_("must be a day such as 2026-03-31"),
    N_("must not lie after the last day"),
    N_("must lie within {n} days of the last day"),
    N_("lies too far away"),
    N_("must be answer or contact"),
    N_("must be yes"),
    N_("must be yes or no"),
    N_("must be one of {names}"),
    N_("must be one line of text"),
    N_("is longer than {n}"),
    N_("needs a question that it answers"),
    N_("must be one value, or a span such as 0-6"),
    N_("must be the id of a question, or several with commas between them"),
    N_("is nobody's id"),
    N_("is no option of this analysis"),
)
PATTERNS = [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(text))), text) for text in REASONS]


def refusal_text(t: Translator, reason: str) -> str:
    """Return the reason in the reader's language."""
    for pattern, text in PATTERNS:
        if found := pattern.fullmatch(reason):
            return t(text, **found.groupdict())
    return reason
