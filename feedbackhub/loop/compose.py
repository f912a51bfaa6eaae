"""Writes the message for one delivery, complete in the customer's language and ready for any channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import css_inline

from ..contract.records import Brand, Identifier, Message
from ..machinery.i18n import direction, format_date
from ..machinery.rendering import Renderer
from ..surveys import ShownSurvey, Survey, show
from ..surveys.piping import Names
from .link_kit import choices, safe_color, stylesheet
from .short_texts import ShortParts, short_texts

__all__ = ["Facts", "Parts", "compose", "names_for", "shown_name"]

LONGEST_SUBJECT = 150
LONGEST_NAME = 80
# A name that a mail program would turn into a link is somebody using our mails to send an address of his own.
LINKED = re.compile(r"://|www\.|@|\w\.\w{2,}/|\.(?:com|net|org|info|ru|cn|xyz|top|io)\b", re.IGNORECASE)


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
    survey = show(parts.survey, language, names)
    context = {**words(parts, survey, names), "choices": choices(survey, parts.link)}
    return Message(
        id=parts.message_id, kind=parts.kind, to=parts.to, name=line(parts.customer_name, LONGEST_NAME),
        language=language, direction=direction(language), subject=line(survey.subject, LONGEST_SUBJECT),
        text=renderer.render("mail/ask.txt", language, "customer", **context),
        html=html(renderer, language, parts.brand, context), link=parts.link, stop_link=parts.stop_link,
        choices=choices(survey, parts.link), brand=parts.brand, test=parts.test, in_reply_to=parts.in_reply_to,
        short=short(parts, survey, names, renderer),
    )  # fmt: skip


def short(parts: Parts, survey: ShownSurvey, names: Names, renderer: Renderer) -> tuple[str, ...]:
    """Return the ask in a line or two, in several wordings."""
    brand, name = line(parts.brand.name, LONGEST_NAME), str(names["customer"]["name"])
    again = parts.kind == "reminder"
    made_of = ShortParts(parts.survey, survey, parts.link, brand, name, again, parts.takes_answers)
    return short_texts(made_of, renderer.i18n.translator("customer", survey.language))


def words(parts: Parts, survey: ShownSurvey, names: Names) -> dict[str, object]:
    """Return what the templates of a message say."""
    return {
        "lang": survey.language, "dir": direction(survey.language), "timezone": parts.facts.timezone,
        "subject": survey.subject, "intro": survey.intro, "question": survey.questions[0].text,
        "name": names["customer"]["name"], "topic": names["contact"]["topic"],
        "brand": parts.brand, "kind": parts.kind, "link": parts.link, "stop_link": parts.stop_link,
        "ended_at": parts.facts.ended_at, "expires_at": parts.expires_at,
    }  # fmt: skip


def html(renderer: Renderer, language: str, brand: Brand, context: Mapping[str, object]) -> str:
    """Return the HTML twin; what cannot be inlined, such as dark mode, stays in the head."""
    sheet = stylesheet(renderer, language, brand.color)
    page = renderer.render("mail/ask.html", language, "customer", **context, sheet=sheet, color=safe_color(brand.color))
    return INLINER.inline(page)


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
    shown = line(text, LONGEST_NAME)
    return "" if LINKED.search(shown) else shown


def line(text: str, longest: int) -> str:
    """Return a text on one printable line, cut, fit for a header."""
    kept = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"
