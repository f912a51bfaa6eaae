"""The themes of one instance: shipped ones, until somebody changes them; every change makes an edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, delete, exists, insert, literal, select

from feedbackhub import Conflict, Hub, NotFound, new_public_id
from feedbackhub.columns import Moment, Structured
from feedbackhub.reporting import N_

from .tables import edition
from .themes import SHIPPED, Theme, checked, shipped

__all__ = ["Book", "Edition"]

#: So many changes can be taken back.
KEPT = 50


@dataclass(frozen=True, slots=True)
class Edition:
    """The themes after a change.

    Args:
        number: From 1; 0 while nothing has been changed.
        themes: The themes.
        changed_at: When, None for the shipped ones.
        what: What was done: ``added``, ``changed``, ``removed``, ``switched`` or ``restored``.
        title: With which theme, empty for all.
    """

    number: int
    themes: Sequence[Theme]
    changed_at: datetime | None = None
    what: str = ""
    title: str = ""

    def one(self, key: str) -> Theme:
        """Return a theme; raises NotFound."""
        found = next((each for each in self.themes if each.key == key), None)
        if found is None:
            raise NotFound(N_("no such theme"))
        return found


class Book:
    """The themes of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def now(self) -> Edition:
        """Return the themes as they are."""
        found = self._hub.tables.read(select(edition).order_by(edition.c.number.desc()).limit(1))
        return _edition(found[0]) if found else Edition(0, shipped())

    def add(self, wanted: Theme) -> Theme:
        """Keep a new theme; raises Refused, and Conflict when somebody else changed the themes at the same moment."""
        before = self.now()
        key = new_public_id()
        made = checked(replace(wanted, key=key), before.themes)
        self._write(before, [*before.themes, made], "added", made.title)
        return made

    def change(self, wanted: Theme, number: int | None = None) -> Theme:
        """Change a theme.

        Args:
            wanted: The theme as it should be.
            number: The edition that whoever changes it has seen; None for any.

        Raises:
            NotFound: There is none of that key.
            Refused: It cannot be kept.
            Conflict: Somebody else changed the themes meanwhile.
        """
        before = self.now()
        old = before.one(wanted.key)
        if number is not None and number != before.number:
            raise Conflict(N_("Somebody else has changed the themes meanwhile. Look at them again."))
        made = checked(wanted, [each for each in before.themes if each.key != wanted.key])
        what = "switched" if replace(made, is_on=old.is_on) == old else "changed"
        self._write(before, [made if each.key == made.key else each for each in before.themes], what, made.title)
        return made

    def switch(self, key: str, on: bool) -> Theme:
        """Let a theme be looked for, or no more; raises NotFound, Conflict."""
        return self.change(replace(self.now().one(key), is_on=on))

    def remove(self, key: str) -> None:
        """Forget a theme; raises NotFound, Conflict."""
        before = self.now()
        gone = before.one(key)
        self._write(before, [each for each in before.themes if each.key != key], "removed", gone.title)

    def restore(self, key: str = "") -> None:
        """Bring shipped themes back as they were shipped; those of one's own stay.

        Args:
            key: One of the shipped themes, empty for all.

        Raises:
            NotFound: None of that key is shipped.
            Conflict: Somebody else changed the themes at the same moment.
        """
        if key and key not in SHIPPED:
            raise NotFound(N_("no such theme"))
        before = self.now()
        fresh = {each.key: each for each in shipped() if key in ("", each.key)}
        known = {each.key for each in before.themes}
        themes = [fresh.get(each.key, each) for each in before.themes]
        themes += [each for each in fresh.values() if each.key not in known]
        self._write(before, themes, "restored", SHIPPED.get(key, ""))

    def undo(self) -> Edition:
        """Take the last change back and return the themes as they are then; raises NotFound when there is none."""
        newest = select(edition.c.number).order_by(edition.c.number.desc()).limit(2)
        numbers = [row["number"] for row in self._hub.tables.read(newest)]
        # Before the first edition there is what was shipped; before the oldest that is kept there is nothing known.
        known = len(numbers) == 2 or numbers == [1]
        if not known or self._hub.tables.write(delete(edition).where(edition.c.number == numbers[0])) != [1]:
            raise NotFound(N_("there is nothing to take back"))
        return self.now()

    def _write(self, before: Edition, themes: Sequence[Theme], what: str, title: str) -> None:
        """Make the next edition, unless somebody else made it first."""
        number, taken = before.number + 1, exists().where(edition.c.number > before.number)
        row = select(
            literal(number, Integer), literal([each.as_json() for each in themes], Structured),
            literal(self._hub.clock.now(), Moment), literal(what, String), literal(title[:80], String),
        ).where(~taken)  # fmt: skip
        names = ["number", "themes", "changed_at", "what", "title"]
        old = delete(edition).where(edition.c.number <= number - KEPT)
        if self._hub.tables.write(insert(edition).from_select(names, row), old)[0] != 1:
            raise Conflict(N_("Somebody else has changed the themes meanwhile. Look at them again."))


def _edition(row: dict[str, Any]) -> Edition:
    themes = [_theme(each) for each in row["themes"]]
    return Edition(row["number"], themes, row["changed_at"], row["what"], row["title"])


def _theme(kept: dict[str, Any]) -> Theme:
    patterns = {name: tuple(given) for name, given in kept["patterns"].items()}
    return Theme(kept["key"], kept["title"], patterns, kept["is_on"])
