"""Charts as pictures, by vl-convert and resvg (extra `charts`), in a process of its own, killed when it hangs."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from ..contract.errors import Unavailable
from ..contract.reports import Chart, PictureType
from .child_process import Child, Program
from .containment import Told
from .i18n import chart_locale

__all__ = ["Artist", "localised"]

#: So wide are pictures, in the units that the charts' sizes are given in.
WIDTH = 640
SECONDS = 20.0
#: The process takes about 100 MB; it ends when nothing was drawn for so long.
IDLE_SECONDS = 120.0
MOST_BYTES = 8 << 20
MISSING = "pictures of charts need the extra charts: pip install 'feedbackhub[charts]'"
LIBRARIES = ("vl_convert", "resvg_py")
PROGRAM = Program("feedbackhub.machinery.drawing", "drawing", MOST_BYTES)


class Artist:
    """Draws charts; starts no process before the first is wanted, and one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._rest: threading.Timer | None = None
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether the extra `charts` is installed."""
        return all(find_spec(name) is not None for name in LIBRARIES)

    def draw(self, chart: Chart, media_type: PictureType, language: str) -> bytes:
        """Return a chart as a picture.

        Args:
            chart: What to draw.
            media_type: As what.
            language: Language of numbers.

        Raises:
            Unavailable: The extra `charts` is not installed, or the chart could not be drawn.
        """
        if not self.ready:
            raise Unavailable(MISSING)
        if loads(chart.spec):
            raise Unavailable("the chart could not be drawn: charts bring their data with them")
        spec = {**localised(chart.spec, language), "width": WIDTH}
        with self._lock:
            if self._closed:
                raise Unavailable("the server stops")
            try:
                answer = self._ready_child().ask({"spec": spec, "media_type": media_type}, SECONDS)
            except Told as told:
                raise Unavailable(f"the process for drawing {told.reason}") from None
            finally:
                self._rest_later()
        if "picture" not in answer:
            raise Unavailable(f"the chart could not be drawn: {answer.get('failed', 'no picture came')}")
        return b64decode(answer["picture"])

    def close(self) -> None:
        """End the process; nothing is drawn any more."""
        with self._lock:
            self._closed = True
            self._end()

    def _ready_child(self) -> Child:
        if self._child is None or not self._child.alive:
            self._end()
            self._child = Child(PROGRAM, "{}")
        return self._child

    def _rest_later(self) -> None:
        """Let the process end when nothing more is drawn for a while."""
        if self._rest is not None:
            self._rest.cancel()
        self._rest = threading.Timer(IDLE_SECONDS, self._rest_now)
        self._rest.daemon = True
        self._rest.start()

    def _rest_now(self) -> None:
        with self._lock:
            if threading.current_thread() is self._rest:
                self._end()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._child is not None:
            self._child.close()
        self._child = self._rest = None


def localised(spec: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a specification whose numbers are written as a language writes them."""
    config = {**spec.get("config", {}), "locale": {"number": chart_locale(language)}}
    return {**spec, "config": config}


def loads(part: object) -> bool:
    """Tell whether a part of a specification names an address or file to be loaded."""
    if isinstance(part, Mapping):
        return "url" in part or any(loads(inner) for inner in part.values())
    return isinstance(part, list | tuple) and any(loads(inner) for inner in part)
