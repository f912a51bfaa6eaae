"""Untouched survey pages: rendered once for all customers who read the same words, then filled in."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from ..loop.page import PageView
from ..surveys import Survey
from ..surveys.piping import used_names

__all__ = ["PROOF_MARK", "TOKEN_MARK", "PageCache", "words_key"]

#: Stand in a kept page where each visitor's own token and proof come; nobody can guess and write them.
TOKEN_MARK, PROOF_MARK = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
TOKEN_BYTES, PROOF_BYTES = TOKEN_MARK.encode(), PROOF_MARK.encode()
MOST_PAGES = 256


class PageCache:
    """Keeps the pages asked for last.

    Args:
        most: How many pages.
    """

    def __init__(self, most: int = MOST_PAGES) -> None:
        self.most = most
        self._pages: OrderedDict[Hashable, tuple[Survey, bytes]] = OrderedDict()
        self._used: dict[int, tuple[Survey, tuple[tuple[str, str], ...]]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many pages are kept."""
        return len(self._pages)

    def page(
        self, view: PageView, survey: Survey, also: Hashable, token: str, proof: str, make: Callable[[], str]
    ) -> bytes:
        """Return a page with a visitor's token and proof.

        Args:
            view: What is behind the link.
            survey: Its survey.
            also: Whatever else the page depends on.
            token: The visitor's token.
            proof: The proof that the page is shown to this visitor now.
            make: Renders the page with the marks in the places of both.
        """
        key = (id(survey), words_key(view, self.names_in(survey)), also)
        with self._lock:
            kept = self._pages.get(key)
            if kept is not None:
                self._pages.move_to_end(key)
        html = kept[1] if kept is not None else self._keep(key, survey, make().encode())
        return html.replace(TOKEN_BYTES, token.encode()).replace(PROOF_BYTES, proof.encode())

    def names_in(self, survey: Survey) -> tuple[tuple[str, str], ...]:
        """Return which names the texts of a survey put in, such as ``("brand", "name")``."""
        known = self._used.get(id(survey))
        if known is None:
            # The survey is kept beside its id, which would otherwise be given to another one after it.
            used = (used_names(text) for text in texts_in(survey.model_dump(mode="json")))
            known = survey, tuple(sorted(frozenset().union(*used)))
            self._used[id(survey)] = known
        return known[1]

    def _keep(self, key: Hashable, survey: Survey, html: bytes) -> bytes:
        with self._lock:
            self._pages[key] = survey, html
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)
        return html


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of a survey."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def words_key(view: PageView, names: tuple[tuple[str, str], ...]) -> tuple[Any, ...]:
    """Return what the words of an untouched page depend on."""
    brand = view.brand
    told = tuple(view.names.get(space, {}).get(name, "") for space, name in names)
    return view.language, brand.key, brand.name, brand.logo_url, told
