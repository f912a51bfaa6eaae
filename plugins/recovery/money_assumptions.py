"""What the money report rests on beside what is measured: each with its meaning, its default and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from feedbackhub.reporting import N_

from .money_ranges import Range

__all__ = [
    "ASSUMPTIONS",
    "ATTRIBUTE",
    "CLAIM",
    "CURRENCY",
    "MARGIN",
    "STAYED",
    "WORDS",
    "WORK",
    "Assumption",
    "Kind",
]  # fmt: skip

#: ``money`` is in the currency entered, ``span`` has a lowest and a highest but no likely one; ``code`` is a currency's
#: code and ``word`` any word.
Kind = Literal["money", "span", "code", "word"]
WORDS: tuple[Kind, ...] = ("code", "word")

CURRENCY, MARGIN, WORK, CLAIM = "currency", "margin", "work", "claim"
ATTRIBUTE, STAYED = "attribute", "stayed"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that is assumed.

    Args:
        name: Its name in addresses and in the API.
        label: What it is.
        kind: What its values are.
        source: Where the default comes from, or what to enter where there is none.
        default: What holds while nobody has entered anything; None for nothing.
        word: The same of a word; empty for none.
    """

    name: str
    label: str
    kind: Kind
    source: str
    default: Range | None = None
    word: str = ""


_ALL = (
    Assumption(CURRENCY, N_("Currency"), "code", N_("There is no default, as nobody else can know it.")),
    Assumption(MARGIN, N_("Margin of one customer in a year"), "money", N_(
        "There is no default, as nobody else can know it. Enter what a customer brings in a year after costs, not the "
        "revenue."
    )),
    Assumption(WORK, N_("Cost of the work on one case"), "money", N_(
        "There is no default, as nobody else can know it. Enter what the time spent on one case costs, gestures left "
        "out: those are measured. 0 where it costs nothing."
    )),
    Assumption(ATTRIBUTE, N_("Attribute that says whether a customer stayed"), "word", N_(
        "There is no default. Where your own system tells feedbackhub who is still a customer, enter the name of that "
        "attribute, such as active. While it is empty, whoever makes contact again counts as having stayed."
    )),
    Assumption(STAYED, N_("What that attribute says of those who stayed"), "word", N_(
        "Whoever has another value has left; whoever has none is not counted."
    ), word="yes"),
    Assumption(CLAIM, N_("What complaints handled are said to earn for each unit spent"), "span", N_(
        "Quoted in articles on customer service: 2 to 5 times what it costs. No study that found it is known. It is "
        "shown beside your own result and enters no calculation."
    ), Range(2, 2, 5)),
)  # fmt: skip

ASSUMPTIONS: Mapping[str, Assumption] = {each.name: each for each in _ALL}
