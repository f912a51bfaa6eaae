"""The bodies of the API's operations on letters, texts and asking again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from .case import Case
from .drafting import LONGEST, MOST_CENTS, Wish
from .letters import LONGEST_SUBJECT, LONGEST_WORDS
from .offers import Offer
from .text_book import Held
from .texts import LANGUAGE, LONGEST_SHORT, LONGEST_TITLE, MOST_LANGUAGES, NAME, Text, Words
from .texts import LONGEST_SUBJECT as LONGEST_TEXT_SUBJECT
from .texts import LONGEST_WORDS as LONGEST_TEXT_WORDS

__all__ = [
    "AskAgainIn", "AskAgainOut", "LetterChange", "LetterDeed", "LetterIn", "LetterList", "LetterOut", "PreviewOut",
    "TextIn", "TextList", "TextNew", "TextOut",
]  # fmt: skip

#: Control characters; a pattern also refuses halves of character pairs.
_ODD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_WORDS, _LINE = f"^[^{_ODD}]*$", r"^[^\x00-\x1f\x7f-\x9f]*$"


def _integral(value: object) -> object:
    """Take 5.0 for 5, as JSON does, which knows one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Flag = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(pattern=f"^{NAME.pattern}$", max_length=40)]
Version = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_integral)]
Cents = Annotated[int, Field(strict=True, ge=0, le=MOST_CENTS), BeforeValidator(_integral)]
Language = Annotated[str, Field(json_schema_extra={"pattern": f"^{LANGUAGE.pattern}$"}, max_length=20)]
Channel = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9_-]*)?$", max_length=64)]
Kind = Literal["apology", "compensation", "both", "follow_up", "call"]
Manner = Literal["", "plain", "explanation", "promise"]
SEEN = "Its `version` as you saw it: refused with 409 when it was changed since."


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LetterIn(_In):
    """A letter to be drafted."""

    text: Name = Field(description="Name of the text it is made of.", examples=["apology"])
    language: Annotated[str, Field(pattern=f"^({LANGUAGE.pattern})?$", max_length=20)] = Field(
        "", description="Language of the letter; the customer's when empty."
    )
    channel: Channel = Field("", description="The channel; the usual one when empty.")
    explanation: str = Field(
        "", max_length=LONGEST["explanation"], pattern=_WORDS, description="Why it happened, for the customer to read."
    )
    done: str = Field(
        "", max_length=LONGEST["done"], pattern=_WORDS, description="What was done, for the customer to read."
    )
    when: str = Field("", max_length=LONGEST["when"], pattern=_LINE, description="When you will call, in words.")
    gift: str = Field(
        "", max_length=LONGEST["gift"], pattern=_WORDS,
        description="What is given, in words for the customer: without any condition, and never for the withdrawal "
        "or the change of a review.",
    )  # fmt: skip
    value: str = Field("", max_length=LONGEST["value"], pattern=_LINE, description="What it is worth, for the records.")
    cost_cents: Cents | None = Field(None, description="What it costs the company, in hundredths of the currency.")
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$", max_length=3)] = Field("", description="Like `EUR`.")
    owed: Flag = Field(False, description="Whether it is owed anyway: then a trial does not hold it back.")

    def wish(self) -> Wish:
        """Return what is asked for."""
        return Wish(**self.model_dump())


class LetterChange(_In):
    """What of a draft is to change; what is left out stays."""

    subject: str | None = Field(None, max_length=LONGEST_SUBJECT, pattern=_LINE)
    words: str | None = Field(None, max_length=LONGEST_WORDS, pattern=_WORDS)
    channel: Channel | None = Field(None)
    version: Version | None = Field(None, description=SEEN)


class LetterDeed(_In):
    """Something done with a letter."""

    version: Version | None = Field(None, description=SEEN)
    despite: Flag = Field(
        False, description="For approving: that you know how often the customer was apologised to, and send it."
    )


class LetterOut(BaseModel):
    """A letter."""

    id: str
    case: str
    kind: Kind
    manner: Manner
    state: Literal["draft", "approved", "sent", "failed", "dropped", "withdrawn", "taken_back"]
    reason: str = Field(description="Why it failed or ended, empty for no reason.")
    text: str = Field(description="Name of the text it was made of.")
    text_version: int
    language: str
    channel: str
    subject: str
    words: str = Field(description="What is sent, to the letter.")
    gift: str
    value: str
    cost_cents: int | None
    currency: str
    owed: bool
    automatic: bool
    trial: str = Field(description="The experiment whose arm it gives, empty for none.")
    created_at: datetime
    created_by: str
    approved_at: datetime | None
    approved_by: str
    leaves_at: datetime | None = Field(description="When an approved one leaves; until then it can be taken back.")
    sent_at: datetime | None
    gestures: list[str] = Field(description="Ids of the gestures that it was recorded as.")
    warning: str = Field(description="What to know before approving it: one apology too many; else empty.")
    version: int

    @classmethod
    def of(cls, offer: Offer, warning: str = "") -> LetterOut:
        """Return a letter as the API shows it."""
        named = {name: getattr(offer, name) for name in cls.model_fields if hasattr(offer, name)}
        more = {"text_version": offer.text_number, "gestures": list(offer.gestures), "warning": warning}
        return cls(**{**named, **more})


class LetterList(BaseModel):
    """The letters of a case, the oldest first."""

    letters: list[LetterOut]


class WordsIn(_In):
    """A text in one language."""

    subject: Annotated[str, Field(max_length=LONGEST_TEXT_SUBJECT, pattern=_LINE)] = Field(
        json_schema_extra={"minLength": 1}
    )
    words: Annotated[str, Field(max_length=LONGEST_TEXT_WORDS, pattern=_WORDS)] = Field(
        description="The letter.", json_schema_extra={"minLength": 1}
    )
    short: Annotated[str, Field(max_length=LONGEST_SHORT, pattern=_WORDS)] = Field(
        description="The same as a short message.", json_schema_extra={"minLength": 1}
    )


#: Texts that apologise say how, all others do not.
_SAYS_HOW: JsonDict = {
    "anyOf": [
        {
            "properties": {"kind": {"enum": ["apology", "both"]}, "manner": {"minLength": 1}},
            "required": ["manner"],
        },
        {"properties": {"kind": {"enum": ["compensation", "follow_up", "call"]}, "manner": {"const": ""}}},
    ]
}


class TextIn(_In):
    """A text as it should be."""

    model_config = ConfigDict(json_schema_extra=_SAYS_HOW)

    title: Annotated[str, Field(max_length=LONGEST_TITLE, pattern=_LINE)] = Field(
        json_schema_extra={"minLength": 1}, examples=["Apology for a late delivery"]
    )
    kind: Kind
    manner: Manner = Field("", description="How it apologises; empty for a text that does not.")
    languages: dict[Language, WordsIn] = Field(max_length=MOST_LANGUAGES, json_schema_extra={"minProperties": 1})
    on: Flag = Field(True, description="Whether it is offered.")
    version: Version | None = Field(None, description=SEEN)

    def text(self, name: str) -> Text:
        """Return what is asked for, unchecked."""
        words = {each: Words(given.subject, given.words, given.short) for each, given in self.languages.items()}
        return Text(name, self.title, self.kind, self.manner, words, 0, self.on)


class TextNew(TextIn):
    """A new text."""

    name: Name = Field(description="What trials and programs name it by.", examples=["late-delivery"])


class WordsOut(BaseModel):
    """A text in one language."""

    subject: str
    words: str
    short: str

    @classmethod
    def of(cls, words: Words) -> WordsOut:
        """Return words as the API shows them."""
        return cls(subject=words.subject, words=words.words, short=words.short)


class TextOut(BaseModel):
    """A text."""

    name: str
    title: str
    kind: Kind
    manner: Manner
    languages: dict[str, WordsOut]
    on: bool
    version: int = Field(description="Counts the changes; 0 as it was shipped.")
    changed_at: datetime | None
    changed_by: str

    @classmethod
    def of(cls, text: Text, held: Held) -> TextOut:
        """Return a text as the API shows it."""
        words = {name: WordsOut.of(each) for name, each in text.languages.items()}
        return cls(
            name=text.name, title=text.title, kind=text.kind, manner=text.manner, languages=words, on=text.is_on,
            version=text.number, changed_at=held.changed_at, changed_by=held.changed_by,
        )  # fmt: skip


class TextList(BaseModel):
    """All texts."""

    texts: list[TextOut]


class PreviewOut(BaseModel):
    """A text as customers would read it, with invented names."""

    languages: dict[str, WordsOut]


class AskAgainIn(_In):
    """When a customer is to be asked again."""

    at: AwareDatetime | None = Field(None, description="The moment; now when left out.")


class AskAgainOut(BaseModel):
    """How asking again stands."""

    case: str
    planned_at: datetime | None
    invitation: str = Field(description="The second ask, empty while there is none.")
    response: str = Field(description="The second answer, empty while there is none.")
    score: float | None = Field(description="Its rating from 0 to 100.")
    low: bool | None = Field(description="Whether it is bad again.")
    answered_at: datetime | None

    @classmethod
    def of(cls, case: Case) -> AskAgainOut:
        """Return how it stands."""
        return cls(
            case=case.id, planned_at=case.reask_at if not case.invitation else None, invitation=case.invitation,
            response=case.again_response, score=case.again_score, low=case.again_low, answered_at=case.again_at,
        )  # fmt: skip
