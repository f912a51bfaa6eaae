"""Question types, declared: data only, no code of a plugin runs between an answer and its commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ValueKind = Literal["number", "option", "options", "text"]


@dataclass(frozen=True, slots=True)
class Offered:
    """One option of a question type.

    Args:
        value: What is stored.
        text: What the customer reads, by language; English at least.
        score: What it is worth from 0 to 100, None when it says nothing about quality.
        symbol: A picture beside it.
    """

    value: str
    text: Mapping[str, str]
    score: float | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question type that surveys may use by its name.

    Args:
        name: Its name in survey files.
        value: What an answer is: a ``number`` in a range, one ``option``, several ``options``, or ``text``.
        looks: Names of the ways to show it; the first is the default. The core's own: ``numbers``, ``stars``,
            ``faces``, ``list``, ``buttons``, ``menu``, ``box``, ``line``.
        role: What its answers mean unless the survey says otherwise.
        minimum: Lowest number.
        maximum: Highest number.
        options: The options, for types that bring their own.
        low_below: Scores below this are bad answers.
        pattern: For text: a regular expression that the whole answer must match.
        longest: For text: most characters.
        spellings: Other ways to write a value, by spelling.
        macro: Template of the plugin's own that shows the question, with the variable ``question``; empty for a look
            of the core's.
    """

    name: str
    value: ValueKind
    looks: tuple[str, ...] = ()
    role: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[Offered, ...] = ()
    low_below: float = 50.0
    pattern: str = ""
    longest: int = 10_000
    spellings: Mapping[str, str] = field(default_factory=dict)
    macro: str = ""
