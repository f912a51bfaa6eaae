"""An answer as a private note in the ticket that it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from feedbackhub import N_, Contact, Event, Hub, NotFound, PermanentFailure, QuestionInfo, Response

from .catalogue import CHANGED
from .endpoints import Endpoint
from .filling import KNOWN, filled, filled_path
from .ids import note_digest
from .presets import PRESETS, Preset
from .settings import Credentials

__all__ = ["Note", "Nothing", "note_of", "preset_of", "test_note"]


RATED = N_("Customer feedback: {rating} on a scale of {minimum} to {maximum} ({score} of 100)")
RATED_OTHERWISE = N_("Customer feedback: {rating}")
UNRATED = N_("Customer feedback without a rating")
AMENDED = N_("The customer has changed the answer.")
TRIED = N_("This is a test: notes with customer feedback arrive here.")
SURVEY = N_("Survey: {survey}")


class Nothing(Exception):
    """There is nothing to say in the ticket; the text says why."""


@dataclass(frozen=True, slots=True)
class Note:
    """One call that leaves a note.

    Args:
        method, url, headers, body: The call, all but what it signs in with.
        digest: What it says, as a keyed hash.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any
    digest: str


def note_of(hub: Hub, endpoint: Endpoint, credentials: Credentials, event: Event, said_before: str) -> Note:
    """Return the note about an answer, as it is now.

    Args:
        hub: The plugin's hub.
        endpoint: Where to.
        credentials: Whose address is called.
        event: That the answer was settled, or changed.
        said_before: The last note's digest, empty for none.

    Raises:
        Nothing: The answer is gone, does not count, is not complete yet, or says what the last note said.
    """
    response, contact = _found(hub, endpoint, event)
    said = json.dumps([response.public_id, response.rating, response.comment], default=str)
    digest = note_digest(hub.secret, said)
    if digest == said_before:
        raise Nothing("rating and comment are what the last note says")
    return _made(endpoint, credentials, _facts(hub, endpoint, response, contact, bool(said_before)), digest)


def test_note(hub: Hub, endpoint: Endpoint, credentials: Credentials, ticket: str) -> Note:
    """Return a note for a ticket that says it is a test."""
    text = hub.translate(TRIED, _language(endpoint))
    facts = {**dict.fromkeys(KNOWN), "ticket": ticket, "note": text, "note_html": escape(text), "link": hub.public_url}
    return _made(endpoint, credentials, facts, "")


def _made(endpoint: Endpoint, credentials: Credentials, facts: Mapping[str, Any], digest: str) -> Note:
    template = preset_of(endpoint.template)
    known = {**facts, **{f"values.{name}": value for name, value in credentials.values.items()}}
    try:
        url = credentials.address + filled_path(template.path, known)
        return Note(template.method, url, template.headers, filled(template.body, known), digest)
    except KeyError as missing:
        raise PermanentFailure(f"the credentials lack {missing.args[0]}") from None


def _language(endpoint: Endpoint) -> str:
    return str(endpoint.template.get("language") or "en")


def preset_of(template: Mapping[str, Any]) -> Preset:
    """Return the call that a template stands for."""
    if template.get("preset"):
        return PRESETS[template["preset"]]
    return Preset("", template["method"], template["path"], template["body"], template.get("headers", {}))


def _found(hub: Hub, endpoint: Endpoint, event: Event) -> tuple[Response, Contact]:
    try:
        response = hub.read.response(str(event.payload.get("response", "")))
        contact = hub.read.contact(response.contact)
    except NotFound:
        raise Nothing("the answer is not there any more") from None
    source = str(endpoint.template["source"])
    if contact.source != source or not contact.external_id:
        raise Nothing(f"the contact is not from {source}")
    if event.type == CHANGED and not response.settled:
        raise Nothing("the note follows when the answer is complete")
    if not response.counted:
        raise Nothing("the answer does not count")
    return response, contact


def _facts(hub: Hub, endpoint: Endpoint, response: Response, contact: Contact, amended: bool) -> dict[str, Any]:
    question = _rated(hub, response)
    facts: dict[str, Any] = {
        "ticket": contact.external_id,
        "rating": response.rating,
        "minimum": question.minimum if question else None,
        "maximum": question.maximum if question else None,
        "score": None if response.score is None else round(response.score),
        "comment": response.comment,
        "survey": response.survey,
        "link": f"{hub.public_url}answers/{response.public_id}",
        "answered_at": response.answered_at.isoformat(),
        "response": response.public_id,
        "invitation": response.invitation,
        "contact": response.contact,
    }
    text = _text(hub, facts, _language(endpoint), amended)
    return {**facts, "note": text, "note_html": escape(text).replace("\n", "<br>")}


def _rated(hub: Hub, response: Response) -> QuestionInfo | None:
    """Return the question that the rating answers, None when that was no scale of numbers."""
    survey = next((each for each in hub.read.surveys() if each.name == response.survey), None)
    rated = next((each for each in response.answers if each.value == response.rating), None)
    if survey is None or rated is None or isinstance(response.rating, bool | str):
        return None
    found = next((each for each in survey.questions if each.id == rated.question), None)
    return found if found is not None and found.minimum is not None and found.maximum is not None else None


def _text(hub: Hub, facts: Mapping[str, Any], language: str, amended: bool) -> str:
    def t(text: str) -> str:
        # Not str.format: what a customer writes is put in, never read.
        return hub.translate(text, language)

    is_scale = facts["maximum"] is not None and facts["score"] is not None
    words = UNRATED if facts["rating"] is None else RATED if is_scale else RATED_OTHERWISE
    headline = t(words)
    for name in ("rating", "minimum", "maximum", "score"):
        headline = headline.replace(f"{{{name}}}", _plain(facts[name]))
    lines = [t(AMENDED)] if amended else []
    lines.append(headline)
    if facts["comment"]:
        lines += ["", facts["comment"], ""]
    lines += [t(SURVEY).replace("{survey}", facts["survey"]), facts["link"]]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
