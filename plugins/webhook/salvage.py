"""A second reading of JSON that an unescaped quotation mark has broken: by the template that made it.

Safe against whoever wrote the text with the quotation mark: what stands between two placeholders of the template must
occur in the body exactly once, in order, and nothing may be left over. A text that imitates a later piece of the
template makes that piece occur twice, and then nothing is read at all.
"""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["salvaged"]

#: Liquid (`{{ticket.id}}`) and Zammad (`#{ticket.id}`).
PLACEHOLDER = re.compile(r"\{\{.{1,200}?\}\}|#\{[^{}]{1,200}\}")
MARK = "\x1f{}\x1f"
MARKED = re.compile("\x1f(\\d+)\x1f")


def salvaged(body: str, template: str) -> Any:
    """Return what a body holds, or None when it does not follow the template beyond doubt."""
    document = _skeleton(template)
    values = _values(body.strip(), PLACEHOLDER.split(template.strip()))
    if document is None or values is None:
        return None
    return _filled(document, values)


def _skeleton(template: str) -> Any:
    """Return the template as JSON with a mark for each placeholder; None when it is none."""
    count = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        bare = template[: found.start()].rstrip()[-1:] in (":", ",", "[")
        return f'"{MARK.format(count - 1)}"' if bare else MARK.format(count - 1)

    try:
        return json.loads(PLACEHOLDER.sub(mark, template), strict=False)
    except ValueError:
        return None


def _values(body: str, pieces: list[str]) -> list[str] | None:
    """Return what stands between the pieces of the template; None unless each occurs once and in order."""
    values: list[str] = []
    end = 0
    for number, piece in enumerate(pieces):
        places = _occurrences(piece, body)
        # The outermost pieces are short, such as `"}`, and bound to the body's ends instead.
        if number == 0:
            places = [place for place in places if place[0] == 0]
        elif number == len(pieces) - 1:
            places = [place for place in places if place[1] == len(body)]
        if len(places) != 1 or places[0][0] < end:
            return None
        if number:
            values.append(body[end : places[0][0]].strip())
        end = places[0][1]
    return values


def _occurrences(piece: str, body: str) -> list[tuple[int, int]]:
    """Return where a piece of the template stands in the body, however it is spaced, overlapping ones too."""
    if not piece.strip():
        return []
    pattern = r"\s*".join(_tokens(piece))
    return [found.span(1) for found in re.finditer(f"(?=({pattern}))", body)]


def _tokens(piece: str) -> list[str]:
    """Return a piece as patterns between which any spacing may stand: punctuation and quoted keys."""
    return [re.escape(token) for token in re.findall(r'[{}\[\],:]|"|[^{}\[\],:"\s]+', piece)]


def _filled(document: Any, values: list[str]) -> Any:
    if isinstance(document, dict):
        return {key: _filled(value, values) for key, value in document.items()}
    if isinstance(document, list):
        return [_filled(value, values) for value in document]
    if isinstance(document, str):
        return MARKED.sub(lambda found: values[int(found[1])], document)
    return document
