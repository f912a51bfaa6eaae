"""The process in which charts are drawn: reads one question a line, answers each with one line.

When its input ends, because the server ended in whatever way, it ends too.
"""

from __future__ import annotations

import json
import logging
import sys
from base64 import b64encode
from typing import Any

from .fonts import family_for, with_families

__all__ = ["Drawer", "main"]

#: The newest Vega-Lite that vl-convert brings; browsers draw with the same major version.
VERSION = "6.4"
#: Pictures for mails are drawn twice as fine as they are shown.
SCALE = 2
LATIN = "en"
log = logging.getLogger("feedbackhub.drawing")


class Drawer:
    """Draws with vl-convert, and makes pictures of points with resvg, which writes Indic scripts rightly."""

    def __init__(self) -> None:
        # Third-party, large, and an extra: loaded in this process alone, which nobody starts without them.
        import resvg_py
        import vl_convert  # as above

        self._vega: Any = vl_convert
        self._resvg: Any = resvg_py

    def answer_to(self, question: dict[str, Any]) -> dict[str, str]:
        """Return the picture asked for in base64, or why there is none.

        Args:
            question: ``spec`` and ``media_type``.
        """
        try:
            svg: str = self._vega.vegalite_to_svg(question["spec"], VERSION, allowed_base_urls=[])
            picture = svg.encode() if question["media_type"] == "image/svg+xml" else self.points(svg)
        except ValueError as error:
            return {"failed": " ".join(str(error).split())[:200]}
        return {"picture": b64encode(picture).decode("ascii")}

    def points(self, svg: str) -> bytes:
        """Return a drawing as PNG."""
        try:
            return self._png(with_families(svg))
        except BaseException as error:  # resvg panics on some lines that mix three scripts
            if type(error).__name__ != "PanicException":
                raise
            log.warning("a chart with several scripts in one line is drawn with whatever font is found: %s", error)
            return self._png(svg)

    def _png(self, svg: str) -> bytes:
        family = family_for(LATIN) or None
        found = self._resvg.svg_to_bytes(svg_string=svg, zoom=SCALE, font_family=family, sans_serif_family=family)
        return bytes(found)


def main() -> None:
    """Serve one parent until it is gone."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    drawer = Drawer()
    sys.stdin.buffer.readline()
    tell({"ready": True})
    for line in sys.stdin.buffer:
        tell(drawer.answer_to(json.loads(line)))


def tell(answer: dict[str, Any]) -> None:
    """Write one answer."""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
