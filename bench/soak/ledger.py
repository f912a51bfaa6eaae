"""What was asked of the instance and what it acknowledged: the truth that its database is compared with."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bench.soak.client import Answer, Client, NoAnswer, NotSent
from bench.soak.instance import contact

__all__ = ["Entry", "Ledger"]

_FORM = "application/x-www-form-urlencoded"


@dataclass
class Entry:
    """One contact and the answer about it.

    Args:
        number: The contact's external id.
        rating: The answer, the same however often it is sent.
        silent: Whether the customer never answers, so that a mail must go out.
        page: Whether the customer answers on the survey page; otherwise over the API.
    """

    number: str
    rating: int
    silent: bool
    page: bool
    contact: str = ""
    invitation: str = ""
    path: str = ""
    response: str = ""
    answer_sent: int = 0
    answered: bool = False

    @property
    def comment(self) -> str:
        """What stands in the answer, unlike any other."""
        return f"said {self.number}."


@dataclass
class Ledger:
    """All entries, and those whose outcome nobody knows yet; safe to use from several threads.

    Args:
        silent: Which part of the customers never answers.
        prefix: What external ids begin with.
    """

    silent: float = 0.1
    prefix: str = "k"
    entries: list[Entry] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    _unsure: deque[Entry] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(default_factory=lambda: random.Random(4))

    @property
    def answers(self) -> int:
        """How many answers were acknowledged."""
        return sum(each.answered for each in self.entries)

    @property
    def contacts(self) -> int:
        """How many contacts were acknowledged."""
        return sum(bool(each.contact) for each in self.entries)

    @property
    def unsure(self) -> int:
        """How many outcomes nobody knows."""
        return len(self._unsure)

    def next(self) -> Entry:
        """Return an entry whose outcome is unknown, else a new one."""
        with self._lock:
            if self._unsure:
                return self._unsure.popleft()
            number = f"{self.prefix}{len(self.entries)}"
            chance = self._random
            entry = Entry(number, chance.randint(3, 5), chance.random() < self.silent, chance.random() < 0.5)
            self.entries.append(entry)
            return entry

    def back(self, entry: Entry) -> None:
        """Keep an entry to be sent again, with the same content."""
        with self._lock:
            self._unsure.append(entry)

    def note(self, status: str) -> None:
        """Count an outcome."""
        with self._lock:
            self.statuses[status] += 1

    def carry_out(self, client: Client, entry: Entry) -> bool:
        """Record the contact, then answer about it; tell whether all of it is acknowledged.

        Raises:
            NoAnswer: What is not acknowledged may or may not be there; the entry is kept for another try.
        """
        try:
            done = self._recorded(client, entry) and (entry.silent or entry.answered or self._answered(client, entry))
        except NoAnswer as error:
            self.note("not sent" if isinstance(error, NotSent) else "no answer")
            self.back(entry)
            raise
        if not done:
            self.back(entry)
        return done

    def _recorded(self, client: Client, entry: Entry) -> bool:
        if entry.contact:
            return True
        answer = client.call("POST", "/api/v1/contacts", contact(entry.number))
        self.note(f"contact {answer.status}")
        if answer.status in (200, 201):
            told = json.loads(answer.body)["contact"]
            entry.invitation = told["invitation"]["id"]
            entry.path = urlsplit(told["invitation"]["link"]).path
            entry.contact = told["id"]
        return bool(entry.contact)

    def _answered(self, client: Client, entry: Entry) -> bool:
        entry.answer_sent += 1
        answer = _on_the_page(client, entry) if entry.page else _over_the_api(client, entry)
        self.note(f"answer {answer.status}")
        entry.answered = answer.status in (200, 201, 303)
        if entry.answered and not entry.page:
            entry.response = json.loads(answer.body)["response"]
        return entry.answered


def _on_the_page(client: Client, entry: Entry) -> Answer:
    form = urlencode({"satisfaction": str(entry.rating), "comment": entry.comment})
    return client.call("POST", entry.path, form.encode(), _FORM)


def _over_the_api(client: Client, entry: Entry) -> Answer:
    answers = {"satisfaction": entry.rating, "comment": entry.comment}
    body = json.dumps({"invitation": entry.invitation, "answers": answers}).encode()
    return client.call("POST", "/api/v1/responses", body)
