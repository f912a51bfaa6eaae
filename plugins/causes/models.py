"""The bodies of the API's operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .book import Edition
from .patterns import LONGEST
from .themes import LANGUAGE, LONGEST_TITLE, MOST_LANGUAGES, MOST_PATTERNS, PLAIN, Theme

__all__ = ["TextIn", "ThemeIn", "ThemeList", "ThemeOut", "ThemesFound"]

#: What stands in `json_schema_extra` is checked with the theme itself, which says in words of its own what is wrong.
Title = Annotated[str, Field(max_length=LONGEST_TITLE, json_schema_extra={"pattern": r"\S"})]
Language = Annotated[str, Field(json_schema_extra={"pattern": f"^{LANGUAGE.pattern}$"})]
Word = Annotated[str, Field(max_length=LONGEST, json_schema_extra={"pattern": f"^{PLAIN.pattern}$"})]
Words = Annotated[list[Word], Field(max_length=MOST_PATTERNS)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ThemeIn(_In):
    """A theme as it should be."""

    title: Title = Field(description="Its name.", examples=["Parking"])
    words: dict[Language, Words] = Field(
        max_length=MOST_LANGUAGES,
        json_schema_extra={"minProperties": 1},
        examples=[{"en": ["parking", "car park*"], "id": ["parkir*"]}],
        description="By language, such as `en`: words, or words in their order. `*` at a word's end stands for any "
        "ending, `...` for up to five other words; what begins with `-` rules the theme out.",
    )
    on: bool = Field(True, strict=True, description="Whether it is looked for.")

    def theme(self, key: str) -> Theme:
        """Return what is asked for, unchecked."""
        return Theme(key, self.title, {name: tuple(given) for name, given in self.words.items()}, self.on)


class ThemeOut(BaseModel):
    """A theme."""

    key: str
    title: str
    words: dict[str, list[str]]
    on: bool

    @classmethod
    def of(cls, theme: Theme) -> ThemeOut:
        """Return a theme as the API shows it."""
        words = {name: list(given) for name, given in theme.patterns.items()}
        return cls(key=theme.key, title=theme.title, words=words, on=theme.is_on)


class ThemeList(BaseModel):
    """All themes."""

    edition: int = Field(description="Counts the changes; 0 while the themes are as they were shipped.")
    changed_at: datetime | None
    themes: list[ThemeOut]

    @classmethod
    def of(cls, edition: Edition) -> ThemeList:
        """Return themes as the API shows them."""
        themes = [ThemeOut.of(each) for each in edition.themes]
        return cls(edition=edition.number, changed_at=edition.changed_at, themes=themes)


class TextIn(_In):
    """A text to be tried."""

    text: str = Field(max_length=2000)


class ThemesFound(BaseModel):
    """What a text is about."""

    themes: list[str] = Field(description="Keys of the themes.")

    @classmethod
    def of(cls, find: Callable[[str], list[str]], text: str) -> ThemesFound:
        """Return what is found in a text."""
        return cls(themes=find(text))
