"""Writes the message for one delivery, complete in the customer's language and ready for any channel."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import css_inline
from markupsafe import escape

from ..contract.records import Brand, Choice, Identifier, Message
from ..contract.scalars import as_line
from ..machinery.i18n import direction, format_date
from ..machinery.rendering import Renderer
from ..surveys import ShownAsk, Survey, shown_ask
from ..surveys.piping import Names
from .blanks import Blanked, blanked, blanks
from .link_kit import choices_of, safe_color, stylesheet
from .short_texts import ShortParts, short_texts

__all__ = ["Facts", "Parts", "compose", "names_for", "shown_name"]

LONGEST_SUBJECT = 150
LONGEST_NAME = 80
# A name that a mail program would turn into a link is somebody using our mails to send an address of his own.
LINKED = re.compile(r"://|www\.|@|\w\.\w{2,}/|\.(?:com|net|org|info|ru|cn|xyz|top|io)\b", re.IGNORECASE)
#: Signs without a width of their own, which would hide a link from the pattern.
UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the texts may say about the contact; the agent's name only when it may be shown."""

    ended_at: datetime
    timezone: str = "UTC"
    channel: str = ""
    topic: str = ""
    product: str = ""
    team: str = ""
    reference: str = ""
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a delivery knows about the message to be written.

    Args:
        message_id: Message-ID without angle brackets.
        kind: ``first``, ``reminder`` or ``fallback``.
        to: The address.
        customer_name: May be empty.
        language: The customer's language; the survey's nearest is taken.
        brand: The sender's brand.
        survey: The survey asked.
        facts: What the texts may say about the contact.
        link: The personal link, without a query.
        stop_link: Address for opting out.
        expires_at: Until when the link can be answered; unsaid when left out.
        in_reply_to: Message-ID of the first ask when this is a reminder.
        test: Whether this is a test outside all numbers.
        takes_answers: Whether the channel takes replies as answers.
    """

    message_id: str
    kind: str
    to: Identifier
    customer_name: str
    language: str
    brand: Brand
    survey: Survey
    facts: Facts
    link: str
    stop_link: str
    expires_at: datetime | None = None
    in_reply_to: str = ""
    test: bool = False
    takes_answers: bool = False


def compose(parts: Parts, renderer: Renderer) -> Message:
    """Return the message: subject, plain text, HTML with inlined styles, and one address per option.

    Args:
        parts: What the delivery knows.
        renderer: Renders the core's templates and holds their translations.

    Raises:
        SurveyError: A placeholder of the survey is not allowed; such a survey cannot be published.
    """
    language = parts.survey.language_for(parts.language)
    names = names_for(parts.facts, parts.customer_name, parts.brand, language)
    ask = shown_ask(parts.survey, language, names)
    options = choices_of(ask.question, parts.link)
    values = own_values(parts, ask, names)
    return Message(
        id=parts.message_id, kind=parts.kind, to=parts.to, name=as_line(parts.customer_name, LONGEST_NAME),
        language=language, direction=direction(language), subject=as_line(ask.subject, LONGEST_SUBJECT),
        text=mail_text(parts, ask, values, options, renderer), html=mail_html(parts, ask, values, options, renderer),
        link=parts.link, stop_link=parts.stop_link, choices=options, brand=parts.brand, test=parts.test,
        in_reply_to=parts.in_reply_to, short=short(parts, ask, names, renderer),
    )  # fmt: skip


def own_values(parts: Parts, ask: ShownAsk, names: Names) -> dict[str, str]:
    """Return what differs from message to message; all else is the same for many, and rendered once."""
    facts, zone = parts.facts, parts.facts.timezone
    return {
        "subject": ask.subject, "intro": ask.intro, "question": ask.question.text,
        "name": names["customer"]["name"], "topic": names["contact"]["topic"],
        "link": parts.link, "stop_link": parts.stop_link, "ended": format_date(facts.ended_at, ask.language, zone),
        "expires": format_date(parts.expires_at, ask.language, zone) if parts.expires_at else "",
    }  # fmt: skip


def mail_text(
    parts: Parts, ask: ShownAsk, values: Mapping[str, str], options: Sequence[Choice], renderer: Renderer
) -> str:
    """Return the plain text."""
    key = ("ask.txt", *look(parts, ask, values, options))
    form = renderer.once(key, lambda: text_form(ask, words(parts, ask, values), renderer))
    return form.filled(values)


def mail_html(
    parts: Parts, ask: ShownAsk, values: Mapping[str, str], options: Sequence[Choice], renderer: Renderer
) -> str:
    """Return the HTML twin; what cannot be inlined, such as dark mode, stays in the head."""
    key = ("ask.html", *look(parts, ask, values, options))
    form = renderer.once(key, lambda: html_form(parts, ask, words(parts, ask, values), renderer))
    return form.filled({name: str(escape(value)) for name, value in values.items()})


def look(parts: Parts, ask: ShownAsk, values: Mapping[str, str], options: Sequence[Choice]) -> tuple[Hashable, ...]:
    """Return all that the templates look at; of what is filled in afterwards only whether it is there."""
    offered = tuple((each.value, each.label, each.symbol) for each in options)
    return ask.language, parts.kind, parts.brand, offered, tuple(map(bool, values.values()))


def words(parts: Parts, ask: ShownAsk, values: Mapping[str, str]) -> dict[str, object]:
    """Return what the templates of a message say, with blanks for what differs from message to message."""
    left_open = {name: blank if values[name] else "" for name, blank in blanks(values).items()}
    return {
        "lang": ask.language, "dir": direction(ask.language), "brand": parts.brand, "kind": parts.kind, **left_open,
        "choices": choices_of(ask.question, left_open["link"]),
    }  # fmt: skip


def text_form(ask: ShownAsk, said: Mapping[str, object], renderer: Renderer) -> Blanked:
    """Return the plain text with its blanks."""
    return blanked(renderer.render("mail/ask.txt", ask.language, "customer", **said))


def html_form(parts: Parts, ask: ShownAsk, said: Mapping[str, object], renderer: Renderer) -> Blanked:
    """Return the HTML with its blanks, styles inlined."""
    color = parts.brand.color
    sheet = stylesheet(renderer, ask.language, color)
    page = renderer.render("mail/ask.html", ask.language, "customer", **said, sheet=sheet, color=safe_color(color))
    return blanked(INLINER.inline(page))


def short(parts: Parts, ask: ShownAsk, names: Names, renderer: Renderer) -> tuple[str, ...]:
    """Return the ask in a line or two, in several wordings."""
    brand, name = as_line(parts.brand.name, LONGEST_NAME), str(names["customer"]["name"])
    again = parts.kind == "reminder"
    made_of = ShortParts(parts.survey, ask, names, parts.link, brand, name, again, parts.takes_answers)
    return short_texts(made_of, renderer)


INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def names_for(facts: Facts, customer_name: str, brand: Brand, language: str) -> Names:
    """Return what the placeholders of survey texts stand for, in mails and on the page alike."""
    return {
        "customer": {"name": shown_name(customer_name)},
        "contact": {
            "topic": shown_name(facts.topic), "product": shown_name(facts.product), "channel": facts.channel,
            "team": facts.team, "reference": facts.reference,
            "date": format_date(facts.ended_at, language, facts.timezone),
        },
        "agent": {"name": facts.agent_name},
        "brand": {"name": brand.name},
    }  # fmt: skip


def shown_name(text: str) -> str:
    """Return a text that customers or other systems gave, or nothing when it would become a link in a mail."""
    shown = as_line(text, LONGEST_NAME)
    return "" if LINKED.search(UNSEEN.sub("", shown)) else shown
