"""The texts of one instance: shipped ones, until somebody changes them; every change is kept, so any can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from feedbackhub import Conflict, Hub, NotFound, Problem, Refused
from feedbackhub.reporting import N_

from .offer_tables import text as rows
from .texts import Text, Words, checked, shipped

__all__ = ["Held", "TextBook"]

MOST_TEXTS = 100
MEANWHILE = N_("This text was changed meanwhile. Look at it again.")


@dataclass(frozen=True, slots=True)
class Held:
    """A text with its last change.

    Args:
        text: The text; None where one of one's own was removed.
        number: How often it was changed.
        changed_at: When it was changed last, None for never.
        changed_by: Who did.
    """

    text: Text | None
    number: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""


class TextBook:
    """The texts.

    Args:
        hub: The plugin's hub.
        sms_parts: The most parts that a short message may take.
    """

    def __init__(self, hub: Hub, sms_parts: int = 3) -> None:
        self._hub, self._sms_parts = hub, sms_parts

    def all(self) -> list[Held]:
        """Return every text, shipped ones first."""
        newest: dict[str, dict[str, Any]] = {}
        for row in self._hub.tables.read(select(rows).order_by(rows.c.name, rows.c.number)):
            newest[row["name"]] = row
        names = [*shipped(), *sorted(newest.keys() - shipped().keys())]
        held = (_held(name, newest.get(name)) for name in names)
        return [each for each in held if each.text is not None]

    def texts(self) -> list[Text]:
        """Return the texts without their history."""
        return [each.text for each in self.all() if each.text is not None]

    def held(self, name: str) -> Held:
        """Return a text with its last change; raises NotFound."""
        found = self._versions(name)[-1]
        if found.text is None:
            raise NotFound("no such text")
        return found

    def get(self, name: str) -> Text:
        """Return a text; raises NotFound."""
        found = self.held(name).text
        if found is None:
            raise NotFound("no such text")
        return found

    def add(self, wanted: Text, by: str) -> Text:
        """Keep a new text.

        Raises:
            Refused: Something is wrong with it, or its name is taken.
            Conflict: Somebody else added it at the same moment.
        """
        others = self.texts()
        if any(each.name == wanted.name for each in others):
            raise Refused(Problem("name", N_("is the name of another text")))
        if len(others) >= MOST_TEXTS:
            raise Refused(Problem("name", N_("there are 100 texts already")))
        sound = checked(wanted, others, self._sms_parts)
        # One that was removed begins again where it ended: its numbers were sent.
        number = self._versions(wanted.name, must_exist=False)[-1].number
        return self._write(sound, number, by)

    def change(self, wanted: Text, by: str, number: int | None = None) -> Text:
        """Change a text; nothing is written where it is the same.

        Args:
            wanted: The text as it should be.
            by: Who changes it.
            number: What number it had when they saw it; None for any.

        Raises:
            NotFound: There is no such text.
            Refused: Something is wrong with it.
            Conflict: Somebody else has changed it since.
        """
        held = self.held(wanted.name)
        if number is not None and number != held.number:
            raise Conflict(MEANWHILE)
        sound = checked(wanted, self.texts(), self._sms_parts)
        if held.text is not None and sound.as_json() == held.text.as_json():
            return held.text
        return self._write(sound, held.number, by)

    def switch(self, name: str, on: bool, by: str) -> Text:
        """Offer a text, or no more; raises NotFound, Conflict."""
        text = self.get(name)
        return text if text.is_on == on else self._write(replace(text, is_on=on), text.number, by)

    def remove(self, name: str, by: str) -> None:
        """Forget a text of one's own, or bring a shipped one back as it was shipped; raises NotFound, Conflict."""
        held = self.held(name)
        if name not in shipped() or held.text != replace(shipped()[name], number=held.number):
            self._put(name, held.number, None, by)

    def undo(self, name: str, by: str, number: int | None = None) -> Held:
        """Put back what held before the last change, a removal included.

        Args:
            name: The text.
            by: Who does it.
            number: What number it had when they saw it; None for any.

        Raises:
            NotFound: Nothing was changed.
            Conflict: Somebody else has changed it since.
        """
        versions = self._versions(name)
        if len(versions) < 2:
            raise NotFound("nothing was changed")
        now, before = versions[-1], versions[-2]
        if number is not None and number != now.number:
            raise Conflict(MEANWHILE)
        self._put(name, now.number, before.text.as_json() if before.text is not None else None, by)
        return self._versions(name)[-1]

    def _versions(self, name: str, *, must_exist: bool = True) -> list[Held]:
        """Return a text from the beginning on; raises NotFound."""
        query = select(rows).where(rows.c.name == name).order_by(rows.c.number)
        found = [_held(name, row) for row in self._hub.tables.read(query)]
        if not found and name not in shipped() and must_exist:
            raise NotFound("no such text")
        return [_held(name, None), *found]

    def _write(self, text: Text, number: int, by: str) -> Text:
        self._put(text.name, number, text.as_json(), by)
        return replace(text, number=number + 1)

    def _put(self, name: str, number: int, content: Mapping[str, Any] | None, by: str) -> None:
        row = {"name": name, "number": number + 1, "content": content, "changed_by": by[:320]}
        try:
            self._hub.tables.write(insert(rows).values({**row, "changed_at": self._hub.clock.now()}))
        except IntegrityError:
            raise Conflict(MEANWHILE) from None
        self._hub.log.info("the text %s was changed", name)


def _held(name: str, row: Mapping[str, Any] | None) -> Held:
    first = shipped().get(name)
    if row is None:
        return Held(first)
    content, number = row["content"], row["number"]
    if content is None:
        return Held(replace(first, number=number) if first else None, number, row["changed_at"], row["changed_by"])
    languages = {language: Words(**each) for language, each in content["languages"].items()}
    text = Text(name, content["title"], content["kind"], content["manner"], languages, number, content["is_on"])
    return Held(text, number, row["changed_at"], row["changed_by"])
