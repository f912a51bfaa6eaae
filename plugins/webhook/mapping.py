"""From a body to what has happened: a contact ended, goes on, or nothing that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from feedbackhub import ContactEvent, Ignored, Incoming, Parsed, Problem, Refused, Reopened

from .bodies import read_body
from .conditions import any_holds, unmet
from .paths import find, found
from .placeholders import filled
from .settings import SourceSettings
from .values import fitted, mapped, tags_in

__all__ = ["Fields", "Reader"]

#: Our fields by their dotted names.
Fields = dict[str, Any]
MOST_EVENTS = 500
LONGEST_PHONE = 40
EXTENSION = re.compile(r"(ext\.?|x)\s*\d+\s*$", re.IGNORECASE)


class Reader:
    """Reads the bodies of one source.

    Args:
        name: The source's name.
        settings: How its bodies are read.
    """

    def __init__(self, name: str, settings: SourceSettings) -> None:
        self.name, self.settings = name, settings
        self.system = settings.system or name

    def read(self, incoming: Incoming) -> list[Parsed]:
        """Return what a request tells.

        Raises:
            Refused: What cannot be read, by field.
        """
        events = [self._parsed(each) for each in self.events(incoming)]
        return events or [Ignored("the body holds no event")]

    def events(self, incoming: Incoming) -> Iterator[dict[str, Any]]:
        """Yield what a body tells of, each with the request beside it for paths that need that."""
        body = read_body(incoming, self.settings.template)
        each = found(self.settings.each, body) if self.settings.each else body
        several = each if isinstance(each, list) else [] if each is None else [each]
        if len(several) > MOST_EVENTS:
            raise Refused(Problem("", f"the body holds more than {MOST_EVENTS} events"))
        headers = {name.lower().replace("-", "_"): value for name, value in incoming.headers.items()}
        beside = {"_headers": headers, "_query": dict(incoming.query), "_body": body}
        for event in several:
            yield {**event, **beside} if isinstance(event, dict) else {"_event": event, **beside}

    def _parsed(self, event: dict[str, Any]) -> Parsed:
        chosen = self.settings
        if any_holds(chosen.ignore, event):
            return Ignored("a condition of `ignore` holds")
        ended = not chosen.ended or any_holds(chosen.ended, event)
        if not ended and not any_holds(chosen.reopened, event):
            return Ignored("not ended: " + unmet(chosen.ended, event))
        fields = self.fields(event)
        if not fields.get("external_id"):
            raise Refused(Problem("external_id", "nothing lies at " + " or ".join(chosen.paths["external_id"])))
        if not ended:
            return Reopened(fields["external_id"], fields.get("reopened_at"))
        return self.contact(fields)

    def fields(self, event: dict[str, Any]) -> Fields:
        """Return our fields of one event; what is missing is left out.

        Raises:
            Refused: Values that do not fit, by field.
        """
        fields: Fields = {}
        problems = []
        for field in dict.fromkeys([*self.settings.paths, *self.settings.defaults]):
            value, path = find(self.settings.paths.get(field, ()), event)
            try:
                self.put(fields, field, value)
                if field not in fields:
                    self.put(fields, field, self.settings.defaults.get(field))
            except ValueError as error:
                problems.append(Problem(field, f"{error} (at {path or 'defaults'})"))
        if problems:
            raise Refused(*problems)
        if self.settings.do_not_ask and any_holds(self.settings.do_not_ask, event):
            fields["ask"] = False
        return fields

    def put(self, fields: Fields, field: str, value: Any) -> None:
        """Fill a field, unless the value means nothing.

        Raises:
            ValueError: The value does not fit.
        """
        meanings = self.settings.values.get(field, {})
        if field == "tags":
            tags = [mapped(each, meanings) for each in tags_in(value, self.settings.tag_separators)]
            if any(tags):
                fields[field] = list(dict.fromkeys(filter(None, tags)))
            return
        if value is None:
            return
        if meanings and not isinstance(value, dict):
            value = mapped(str(fitted("lookup.value", value, self.settings.dates)), meanings)
        fitting = fitted(field, value, self.settings.dates)
        if fitting != "":
            fields[field] = fitting

    def contact(self, fields: Fields) -> ContactEvent:
        """Return the ended contact that the fields describe.

        Raises:
            Refused: Values that do not fit, by field.
        """
        data = _nested(fields)
        data.pop("lookup", None)
        data.pop("reopened_at", None)
        data["source"] = self.name
        data["customer"] = self._customer(data.get("customer", {}))
        data["agent"] = _agent(data.get("agent", {}))
        if not data.get("url"):
            data["url"] = filled(self.settings.url, self.settings.address, fields)
        try:
            return ContactEvent.model_validate(data)
        except ValidationError as error:
            raise Refused(*(self._problem(item["loc"], item["msg"]) for item in error.errors())) from None

    def _customer(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """Return the customer, None for somebody who is known by nothing."""
        own = data.pop("id", "")
        if own:
            data["ids"] = {self.system: own, **data.get("ids", {})}
        others = data.get("email") or data.get("ids") or data.get("addresses")
        # People type anything into a field for phone numbers; beside another identifier that is no reason to stop.
        if others and not _dialled(data.get("phone", "")):
            data.pop("phone", None)
        return data if others or data.get("phone") else None

    def _problem(self, place: tuple[int | str, ...], reason: str) -> Problem:
        field = ".".join(str(part) for part in place)
        at = self.settings.paths.get("customer.id" if field == f"customer.ids.{self.system}" else field, ())
        said = reason.removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
        return Problem(field, said + (f" (from {' or '.join(at)})" if at else ""))


def _dialled(text: str) -> bool:
    """Tell whether a text can be a phone number at all."""
    if len(text) > LONGEST_PHONE or sum(letter.isdigit() for letter in text) < 5:
        return False
    return not any(letter.isalpha() for letter in EXTENSION.sub("", text))


def _agent(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the agent; one who has only a name is known by it."""
    known = data.get("id") or data.get("name")
    return {**data, "id": known} if known else None


def _nested(fields: Fields) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for dotted, value in fields.items():
        here = data
        head, *rest = dotted.split(".", 2 if dotted.startswith(("customer.ids", "customer.a")) else 1)
        for step in [head, *rest][:-1]:
            here = here.setdefault(step, {})
        here[[head, *rest][-1]] = value
    return data


