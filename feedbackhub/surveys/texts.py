"""Words shown to a customer, in one or several languages."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    field_validator,
    model_serializer,
    model_validator,
)

ANY_LANGUAGE = "*"
LONGEST_TEXT = 4_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def _filled(parts: tuple[object, ...]) -> tuple[object, ...]:
    if not parts:
        raise ValueError("should not be empty")
    return parts


# Unlike `min_length`, which also counts the parts that were refused, this speaks only of a list left empty.
FILLED = AfterValidator(_filled)


class Frozen(BaseModel):
    """A strict, closed, unchangeable model: the base of every part of a survey."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, serialize_by_alias=True)


class Text(RootModel[dict[str, str]]):
    """A text by language; a plain string in the definition serves every language and is kept under `*`."""

    model_config = ConfigDict(strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _plain_string_for_all(cls, value: object) -> object:
        if isinstance(value, str):
            return {ANY_LANGUAGE: value}
        if not isinstance(value, dict | Text):
            raise ValueError("should be a text, or a map from language to text")
        return value

    @field_validator("root")
    @classmethod
    def _said_in_languages(cls, texts: dict[str, str]) -> dict[str, str]:
        if not texts:
            raise ValueError("should hold at least one language")
        for language, text in texts.items():
            if language != ANY_LANGUAGE and not LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a language code such as en or pt-BR")
            if not text.strip():
                raise ValueError(f"the text in {language!r} is empty")
            if len(text) > LONGEST_TEXT:
                raise ValueError(f"the text in {language!r} is longer than {LONGEST_TEXT} characters")
        return texts

    @model_serializer
    def _as_written(self) -> str | dict[str, str]:
        return self.root[ANY_LANGUAGE] if list(self.root) == [ANY_LANGUAGE] else self.root

    def has(self, language: str) -> bool:
        """Tell whether the text is said in this language, in its base language or for all."""
        return not self.root.keys().isdisjoint((language, language.partition("-")[0], ANY_LANGUAGE))

    def in_language(self, language: str, fallback: str = "en") -> str:
        """Return the text in the language, else in its base language, for all, in `fallback`, or in its first."""
        for wanted in (language, language.partition("-")[0], ANY_LANGUAGE, fallback):
            if wanted in self.root:
                return self.root[wanted]
        return next(iter(self.root.values()))


class Option(Frozen):
    """One thing to pick: a stable value that is stored, its words, what it is worth (0 to 100) if it is a score, and a
    picture beside the words."""

    value: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$")]
    text: Text
    score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    symbol: Annotated[str, Field(max_length=16)] = ""

    @field_validator("value", mode="before")
    @classmethod
    def _number_as_written(cls, value: object) -> object:
        # An author who writes `value: 1` means the word.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
