"""An open link in the forms that a company pastes elsewhere: signatures, macros of helpdesks, receipts, posters.

The staff area, the API and the documentation show what is made here and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ..machinery.i18n import N_, direction
from ..surveys import ShownSurvey, Survey, show
from .compose import Facts, names_for
from .core import Core
from .deliver import brand_record
from .link_kit import choices

__all__ = ["HELPDESKS", "Helpdesk", "Snippet", "macro", "shown_for", "signature", "snippets"]

FONT = "font-family:Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """How a helpdesk writes the id of a ticket into a macro.

    Args:
        name: The preset of its source, and what an open link's ``source`` is usually called.
        title: How the helpdesk calls itself.
        placeholder: What the helpdesk replaces by the ticket's id.
        where: Where macros are kept there.
        hint: What else has to be known, empty for nothing.
    """

    name: str
    title: str
    placeholder: str
    where: str
    hint: str = ""


HELPDESKS = (
    Helpdesk(
        "zendesk", "Zendesk", "{{ticket.id}}",
        N_("Admin Center › Workspaces › Macros, action “Comment/description”"),
    ),
    Helpdesk("freshdesk", "Freshdesk", "{{ticket.id}}", N_("Admin › Agent Productivity › Canned Responses")),
    Helpdesk(
        "intercom", "Intercom", "{{conversation.id}}", N_("Settings › Helpdesk › Macros"),
        N_("Put the conversation's id in by the button for attributes if Intercom does not know it as it stands here."),
    ),
    Helpdesk("chatwoot", "Chatwoot", "{{conversation.id}}", N_("Settings › Canned Responses")),
    Helpdesk("zammad", "Zammad", "#{ticket.id}", N_("Admin › Manage › Text Modules")),
    Helpdesk(
        "help_scout", "Help Scout", "{%conversation.number%}", N_("Manage › Inbox › Saved Replies"),
        N_("Help Scout writes the conversation's number, not its id: the answer shows it, and is joined only when the "
           "source takes the number as the contact's id."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste.

    Args:
        name: ``link``, ``signature``, or a helpdesk's name.
        title: Where it is pasted.
        text: What is pasted.
        where: Where the place is found, empty when that is plain.
        hint: What else has to be known, empty for nothing.
    """

    name: str
    title: str
    text: str
    where: str = ""
    hint: str = ""


def snippets(survey: ShownSurvey, link: str) -> tuple[Snippet, ...]:
    """Return everything that can be pasted of an open link.

    Args:
        survey: Its survey in the language of the texts.
        link: Its address.
    """
    macros = (Snippet(each.name, each.title, macro(survey, link, each), each.where, each.hint) for each in HELPDESKS)
    return (
        Snippet("link", N_("Plain link"), link),
        Snippet("signature", N_("E-mail signature"), signature(survey, link)),
        *macros,
    )


def macro(survey: ShownSurvey, link: str, helpdesk: Helpdesk) -> str:
    """Return the text of a macro: the first question, and the link with the helpdesk's placeholder."""
    return f"{survey.questions[0].text}\n{link}?ticket={helpdesk.placeholder}"


def signature(survey: ShownSurvey, link: str) -> str:
    """Return HTML for the end of a mail: one line that Gmail and Outlook show alike; a symbol only pre-selects."""
    question = survey.questions[0].text
    picks = choices(survey, link)
    start = Markup('<p lang="{}" dir="{}" style="margin:12px 0 0;' + FONT + ';font-size:14px;color:#374151">').format(
        survey.language, direction(survey.language)
    )
    if not picks:
        return str(start + Markup('<a href="{}" style="color:#1f5f8b">{}</a></p>').format(link, question))
    size = "20px" if picks[0].symbol != picks[0].value else "15px"
    line = Markup('\n<a href="{}" title="{}" style="text-decoration:none;color:#1f5f8b;font-size:{}">{}</a>')
    lines = (line.format(each.url, each.label, size, each.symbol or each.label) for each in picks)
    return str(start + Markup("{}<br>").format(question) + Markup("&nbsp;").join(lines) + Markup("\n</p>"))


def shown_for(core: Core, survey: Survey, language: str, brand: str) -> ShownSurvey:
    """Return a survey as an open link shows it, in a language or in the instance's own."""
    said = survey.language_for(language or core.settings.default_language)
    names = names_for(Facts(core.clock.now(), core.settings.timezone), "", brand_record(core, brand), said)
    return show(survey, said, names)
