"""Card: what the next agent sees of a customer, at one glance and from one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ..contract.gestures import Apologies
from ..contract.records import History, Identifier, PastAsk
from ..store.queries.cards import card_rows
from ..store.types import AnyRow
from ..surveys import Question, Survey, answer_with_role, option_worth
from ..surveys.piping import fill
from .card_parts import Caution, Earlier, Opening, PastContact, PastGesture, Rating, Trend, Wish
from .careful import apologies_in, careful, opening, trend
from .core import Core
from .decide import throttle_for
from .guards import next_possible


@dataclass(frozen=True, slots=True)
class Card:
    """What the next agent sees; `state` says whether there is anything to see.

    Args:
        state: ``history``, ``no_history`` (known, nothing happened yet) or ``unknown``.
        customer: The customer's public id.
        name: The customer's name.
        segment: The customer's segment.
        language: The customer's language.
        country: The customer's country.
        timezone: The customer's time zone.
        identifiers: How the customer is known.
        attributes: What else the sources say.
        ratings: Earlier answers, newest first.
        wishes: Open wishes.
        contacts: Earlier contacts, newest first.
        gestures: Gestures received, newest first.
        apologies: How often the customer was apologised to of late, and how often is thought to be enough.
        trend: Whether the scores go up or down, ``too_few`` to say.
        careful: Reasons to take care, the weightiest first; none is good news.
        opening: One thing worth saying first.
        last_asked_at: When the customer was last asked.
        next_ask_at: From when on the customer may be asked again, None for at once.
        stopped: Why the customer is not asked any more: ``opt_out``, ``complaint`` or ``staff``; empty: is asked.
        shared_by: How many persons use the looked-up identifier.
    """

    state: Literal["history", "no_history", "unknown"]
    customer: str = ""
    name: str = ""
    segment: str = ""
    language: str = ""
    country: str = ""
    timezone: str = ""
    identifiers: tuple[Identifier, ...] = ()
    attributes: Mapping[str, str] | None = None
    ratings: tuple[Rating, ...] = ()
    wishes: tuple[Wish, ...] = ()
    contacts: tuple[PastContact, ...] = ()
    gestures: tuple[PastGesture, ...] = ()
    apologies: Apologies = Apologies(0, 0, 0)
    trend: Trend = "too_few"
    careful: tuple[Caution, ...] = ()
    opening: Opening | None = None
    last_asked_at: datetime | None = None
    next_ask_at: datetime | None = None
    stopped: str = ""
    shared_by: int = 1


def read_card(core: Core, identifiers: Sequence[Identifier] = (), customer: str = "", language: str = "") -> Card:
    """Return the card of whoever has one of these identifiers, or of a customer by public id.

    Args:
        core: The instance.
        identifiers: Exact, normalised identifiers.
        customer: The customer's public id, instead.
        language: What questions and options are read in where a survey has it; empty: its own first one.
    """
    if not identifiers and not customer:
        return Card("unknown")
    with core.store.glance() as connection:
        rows = card_rows(connection, identifiers, customer)
    parts: dict[str, list[AnyRow]] = {}
    for row in rows:
        parts.setdefault(row.what, []).append(row)
    if "customer" not in parts:
        return Card("unknown")
    return _card(core, parts, customer, language)


def _card(core: Core, parts: Mapping[str, list[AnyRow]], asked_for: str, language: str) -> Card:
    now = core.clock.now()
    people = sorted(parts["customer"], key=lambda row: row.other_at, reverse=True)
    named = core.settings.web.show_agent_names
    ratings = _with_earlier(tuple(_rating(core, row, named, language) for row in _newest(parts, "rating")))
    gestures = tuple(_gesture(row, named) for row in _newest(parts, "gesture"))
    contacts = tuple(_contact(row, named) for row in _newest(parts, "contact"))
    wishes = tuple(_wish(core, row) for row in _newest(parts, "wish"))
    asks = _newest(parts, "ask")
    apologies = apologies_in(gestures, core.settings.gestures.most_apologies, core.settings.gestures.days, now)
    attributes = {key: value for row in reversed(people) for key, value in row.value.items()}
    return Card(
        state="history" if ratings or contacts or gestures else "no_history",
        customer=asked_for or people[0].id,
        name=_first(row.label for row in people),
        segment=_first(row.detail for row in people),
        language=_first(row.channel for row in people),
        country=_first(row.team for row in people),
        timezone=_first(row.words for row in people),
        identifiers=tuple(dict.fromkeys(Identifier(row.label, row.detail) for row in parts.get("identifier", []))),
        attributes=attributes,
        ratings=ratings,
        wishes=wishes,
        contacts=contacts,
        gestures=gestures,
        apologies=apologies,
        trend=trend(ratings),
        careful=careful(ratings, apologies, wishes, contacts, now),
        opening=opening(ratings, gestures, wishes, contacts, now),
        last_asked_at=next((ask.at for ask in asks if ask.detail != "due"), None),
        next_ask_at=_next_ask(core, asks, now),
        shared_by=1 + len({row.version for row in parts.get("namesake", [])}),
    )


def _newest(parts: Mapping[str, list[AnyRow]], what: str) -> list[AnyRow]:
    return sorted(parts.get(what, []), key=lambda row: row.at, reverse=True)


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _next_ask(core: Core, asks: Sequence[AnyRow], now: datetime) -> datetime | None:
    """Return from when on no survey type's clock speaks against asking, None for now."""
    history = History(now, tuple(PastAsk(a.label, a.at, a.detail == "answered") for a in asks if a.flag))
    types = sorted({ask.survey_type for ask in history.asks})
    times = [next_possible(history, throttle_for(core.settings, each), each) for each in types]
    return max((time for time in times if time is not None), default=None)


def _rating(core: Core, row: AnyRow, named: bool, wanted: str) -> Rating:
    survey = core.shelf.version(row.version).survey
    language = survey.language_for(wanted or None)
    question = survey.question(row.label) if row.label else None
    return Rating(
        id=row.id,
        at=row.at,
        contact_at=row.other_at,
        channel=row.channel,
        team=row.team,
        agent=(row.agent_name or "") if named else "",
        topic=row.detail,
        question=fill(question.text.in_language(language, survey.default_language), {}) if question else "",
        value=row.number,
        maximum=row.most,
        score=row.score,
        low=bool(row.flag),
        solved=None if row.yes is None else bool(row.yes),
        comment=row.words,
        claimed=bool(row.claimed),
        label=_label(survey, question, row, language) if question and row.number is None else "",
        earlier=Earlier(row.earlier) if row.earlier else None,
    )


def _with_earlier(ratings: tuple[Rating, ...]) -> tuple[Rating, ...]:
    """Return the ratings, each that follows another one with how that went, as far as it is among them."""
    known = {each.id: each for each in ratings}
    return tuple(replace(each, earlier=_told(each.earlier, known)) if each.earlier else each for each in ratings)


def _told(earlier: Earlier, known: Mapping[str, Rating]) -> Earlier:
    first = known.get(earlier.id)
    if first is None:
        return earlier
    return Earlier(first.id, first.at, first.value, first.maximum, first.score, first.low, first.label)


def _label(survey: Survey, question: Question, row: AnyRow, language: str) -> str:
    option = option_worth(question, row.score) if row.score is not None else None
    return option.text.in_language(language, survey.default_language) if option else ""


def _wish(core: Core, row: AnyRow) -> Wish:
    survey = core.shelf.version(row.version).survey
    phone = answer_with_role(survey, row.value, "call_back_phone") or ""
    time = answer_with_role(survey, row.value, "call_back_time") or ""
    return Wish(row.id, row.at, phone, time, bool(row.claimed))


def _contact(row: AnyRow, named: bool) -> PastContact:
    return PastContact(
        id=row.id,
        at=row.at,
        channel=row.channel,
        team=row.team,
        agent=(row.agent_name or "") if named else "",
        topic=row.label,
        reference=row.words,
        url=row.detail,
        resolution=row.number,
        reopened=row.other_at is not None,
    )


def _gesture(row: AnyRow, named: bool) -> PastGesture:
    by = row.agent_name if named else ""
    return PastGesture(row.id, row.label, row.at, row.detail, row.words, by, row.number, row.channel, row.team)
