"""The table of question types: what each accepts and how it scores. Data only, so that a plugin can add rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from feedbackhub.surveys.texts import Option, Text

LONGEST_ANSWER = 10_000
YES, NO = "yes", "no"
OWN_ROLE_PREFIX = "x_"

ROLES = frozenset({
    "loyalty", "satisfaction", "effort", "solved", "contacts", "courtesy", "empathy", "solution", "speed", "knowledge",
    "reason", "comment", "call_back", "call_back_phone", "call_back_time", "consent",
})  # fmt: skip
"""What an answer means to the rest of the system; a company's own roles begin with `x_`."""

NOT_RATINGS = frozenset({"contacts", "reason", "comment", "call_back", "call_back_phone", "call_back_time", "consent"})
"""Roles whose answers say nothing about how good the service was, whatever their options are worth."""

Direction = Literal["higher_is_better", "lower_is_better"]
ValueKind = Literal["number", "option", "options", "text"]


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A shape that a short text has to have, and how a browser should offer to type it."""

    pattern: str
    input_type: str
    autocomplete: str
    longest: int


@dataclass(frozen=True, slots=True)
class QuestionType:
    """One row of the table: everything the core needs to ask, check and score a question of this type.

    `pattern` holds for the whole of a text; `template` shows the question while the `plugin` that brought the type is
    there.
    """

    name: str
    value: ValueKind
    looks: tuple[str, ...]
    role: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    fixed_range: bool = False
    options: tuple[Option, ...] = ()
    low_below: float = 50.0
    needed: str | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, TextFormat] = field(default_factory=dict)
    longest: int = LONGEST_ANSWER
    pattern: str = ""
    template: str = ""
    plugin: str = ""

    @property
    def own_options(self) -> bool:
        """Tell whether the survey must bring its own options."""
        return self.value in ("option", "options") and not self.options


Types = Mapping[str, QuestionType]

FORMATS: Mapping[str, TextFormat] = {
    "phone": TextFormat(r"(?=(?:\D*\d){5})[+(]?[0-9][0-9 ()./,;#extEXT-]{4,39}", "tel", "tel", 40),
    "email": TextFormat(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,189}\.[^@\s,;<>.]{2,63}", "email", "email", 254),
    "line": TextFormat(r"[^\n]*", "text", "off", 500),
}

YES_NO = (
    Option(value=YES, text=Text({"en": "Yes", "id": "Ya", "hi": "हाँ", "ar": "نعم"}), score=100),
    Option(value=NO, text=Text({"en": "No", "id": "Tidak", "hi": "नहीं", "ar": "لا"}), score=0),
)
AGREED = (
    Option(value=YES, text=Text({"en": "I agree", "id": "Saya setuju", "hi": "मैं सहमत हूँ", "ar": "أوافق"})),
    Option(value=NO, text=Text({"en": "I do not agree", "id": "Saya tidak setuju",
                                "hi": "मैं सहमत नहीं हूँ", "ar": "لا أوافق"})),
)  # fmt: skip
SPELLINGS = {"true": YES, "on": YES, "1": YES, "false": NO, "off": NO, "0": NO}

BUILTIN_TYPES: Types = {
    kind.name: kind
    for kind in (
        # Detractors are 0 to 6: 7 on a scale to 10 is worth 70.
        QuestionType("nps", "number", ("numbers",), "loyalty", 0, 10, fixed_range=True, low_below=70.0),
        QuestionType("csat", "number", ("faces", "stars", "numbers"), "satisfaction", 1, 5),
        QuestionType("ces", "number", ("numbers", "faces"), "effort", 1, 7),
        QuestionType("rating", "number", ("stars", "faces", "numbers"), None, 1, 5),
        QuestionType("yes-no", "option", ("buttons",), options=YES_NO, spellings=SPELLINGS),
        QuestionType("choice", "option", ("list", "buttons", "menu")),
        QuestionType("choices", "options", ("list",)),
        QuestionType("text", "text", ("box", "line"), formats=FORMATS),
        QuestionType("consent", "option", ("tick",), "consent", options=AGREED, needed=YES, spellings=SPELLINGS),
    )
}
