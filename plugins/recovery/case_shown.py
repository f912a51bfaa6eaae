"""What the pages of cases show: who, what they said, what is due, and everything that happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from feedbackhub import Answer, Customer, Hub, NotFound, QuestionInfo, Response, SurveyInfo
from feedbackhub.reporting import N_, Words

from .book import Cases
from .case import FLAGS, OUTCOMES, UNFINISHED, Case, Step
from .case_words import FLAG_WORDS, OUTCOME_WORDS, REASONS_WORDS, STATE_WORDS, due_of, step_of, words_of

__all__ = ["CaseShown"]

#: Names and the like that a question's text is filled with, and what stands for them where nobody is asked.
_FILLED = re.compile(r"\{\{[^{}]*?(?:or\s*(?:'([^']*)'|\"([^\"]*)\"))?\s*\}\}")
#: Questions whose answers have a place of their own on the page, or say nothing about what was wrong.
APART = ("comment", "call_back", "call_back_phone", "call_back_time", "consent")
YES_NO = {"yes": N_("Yes"), "no": N_("No")}


class CaseShown:
    """Makes what templates show of cases, in a reader's language.

    Args:
        hub: The plugin's hub.
        language: The reader's language.
    """

    def __init__(self, hub: Hub, language: str) -> None:
        self._hub, self._language, self._t = hub, language, Words(hub, language)

    def lines(self, cases: Iterable[Case]) -> list[dict[str, Any]]:
        """Return cases as lines of a list; who the customers are is not said."""
        now = self._hub.clock.now()
        return [self._head(each, now) for each in cases]

    def whole(self, case: Case, history: Sequence[Step]) -> dict[str, Any]:
        """Return a case as its page shows it."""
        responses = {each: found for each in (case.response, *case.joined) if (found := self._response(each))}
        surveys = {each.name: each for each in self._hub.read.surveys(self._language)} if responses else {}
        first = responses.get(case.response)
        return {
            **self._head(case, self._hub.clock.now()),
            "case": case,
            "customer": self._customer(case),
            "others": self.lines(each for each in self._unfinished(case) if each.id != case.id),
            "answer": self._answer(first, surveys) if first else None,
            "call": _call(first) if first else {},
            "joined": [self._answer(each, surveys) for id_, each in responses.items() if id_ != case.response],
            "history": self._history(history),
            "can_undo": case.before is not None and case.before.get("to") == case.state,
            "outcomes": [(each, self._t(OUTCOME_WORDS[each])) for each in OUTCOMES],
            "known_flags": [(each, self._t(FLAG_WORDS[each])) for each in FLAGS],
            "staff": [(each.email, each.name or each.email) for each in self._hub.read.staff() if each.email],
        }

    def _head(self, case: Case, now: datetime) -> dict[str, Any]:
        t, (state, color) = self._t, STATE_WORDS[case.state]
        outcome = words_of(t, OUTCOME_WORDS, (case.outcome,))[0] if case.outcome else ""
        return {
            "id": case.id, "state": t(state), "color": color, "outcome": outcome, "due": due_of(case, now),
            "owner": case.owner, "team": case.team, "topic": case.dimensions.get("topic", ""), "tags": case.tags,
            "reasons": words_of(t, REASONS_WORDS, case.reasons), "flags": words_of(t, FLAG_WORDS, case.flags),
            "opened_at": case.opened_at, "score": case.score, "joined_n": len(case.joined), "level": case.level,
        }  # fmt: skip

    def _history(self, history: Sequence[Step]) -> list[dict[str, Any]]:
        """Return what happened, the last first; reminders that follow each other stand in one line."""
        lines: list[dict[str, Any]] = []
        for each in reversed(history):
            if each.kind in ("reminded", "untold") and lines and lines[-1]["kind"] == each.kind:
                lines[-1] |= {"times": lines[-1]["times"] + 1, "since": each.at}
            else:
                lines.append({**step_of(self._t, each), "kind": each.kind, "times": 1, "since": each.at})
        return lines

    def _customer(self, case: Case) -> Customer | None:
        """Return whom a case is about, None for a stranger and for an erased one."""
        try:
            return self._hub.read.customer(case.customer) if case.customer else None
        except NotFound:
            return None

    def _unfinished(self, case: Case) -> Sequence[Case]:
        """Return the unfinished cases of the same person: two, where customers turned out to be one."""
        return Cases(self._hub).of_person(case.customer, UNFINISHED)

    def _response(self, id_: str) -> Response | None:
        try:
            return self._hub.read.response(id_)
        except NotFound:
            return None

    def _answer(self, response: Response, surveys: Mapping[str, SurveyInfo]) -> dict[str, Any]:
        """Return what somebody said, question by question."""
        survey = surveys.get(response.survey)
        asked = {each.id: each for each in survey.questions} if survey is not None else {}
        lines = [
            self._line(each, asked.get(each.question)) for each in response.answers if each.role not in APART
        ]
        return {"id": response.public_id, "at": response.answered_at, "comment": response.comment, "lines": lines}

    def _line(self, answer: Answer, about: QuestionInfo | None) -> tuple[str, str, int | None]:
        """Return a question's words, what was answered, and the end of its scale."""
        if about is None:
            return answer.question, _plain(answer.value), None
        plain = {name: self._t(words) for name, words in YES_NO.items()} if about.type == "yes-no" else {}
        called = plain | dict(zip(about.options, about.labels, strict=True))
        asked = _FILLED.sub(lambda gap: gap[1] or gap[2] or "…", about.text)
        return asked, _plain(answer.value, called), about.maximum


def _call(response: Response) -> dict[str, str]:
    """Return where and when the customer asks to be called; empty for no such wish."""
    said = {each.role: _plain(each.value) for each in response.answers}
    if said.get("call_back") != "yes":
        return {}
    return {"phone": said.get("call_back_phone", ""), "time": said.get("call_back_time", "")}


def _plain(value: Any, called: Mapping[str, str] | None = None) -> str:
    """Return an answer in words; options are called what they are called."""
    parts = [str(each) for each in (value if isinstance(value, list | tuple) else [value])]
    return ", ".join((called or {}).get(each) or each for each in parts)
