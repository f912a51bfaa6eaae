"""The kit of an invitation: its personal link in every form that a company can hand out itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..contract.errors import NotFound
from ..contract.records import Choice
from ..store.queries import invitations
from ..surveys import ShownAsk, shown_ask
from .core import Core
from .link_kit import choices_of, paste_html
from .page import page_view
from .views import survey_link


@dataclass(frozen=True)
class Kit:
    """A personal link with its survey in the customer's language.

    Args:
        invitation: The invitation's public id.
        state: Whether it can be answered: ``open``, or why not.
        link: The personal link.
        language: Language of the texts.
        question: The first question.
        choices: One address for each option of the first question; it only pre-selects.
        expires_at: Until when the link can be answered.
        color: The brand's colour.
        ask: What a message shows of the survey in that language.
    """

    invitation: str
    state: str
    link: str
    language: str
    question: str
    choices: tuple[Choice, ...]
    expires_at: datetime | None
    color: str
    ask: ShownAsk


def link_kit(core: Core, public_id: str) -> Kit:
    """Return the kit of an invitation.

    Raises:
        NotFound: There is no such invitation.
    """
    with core.store.glance() as connection:
        row = invitations.by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such invitation")
    view = page_view(core, row)
    survey = core.shelf.version(row.survey_version_id).survey
    language = survey.language_for(view.language or core.settings.default_language)
    ask = shown_ask(survey, language, view.names)
    link = survey_link(core.links, core.settings.base_url(row.brand), public_id)
    return Kit(
        public_id, view.kind, link, language, ask.question.text, choices_of(ask.question, link), view.open_until,
        view.brand.color, ask,
    )  # fmt: skip


def kit_html(core: Core, kit: Kit) -> str:
    """Return HTML with the first question to paste into a company's own mail."""
    return paste_html(core.renderer, kit.ask, kit.link, kit.color)
