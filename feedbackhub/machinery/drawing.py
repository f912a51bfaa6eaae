"""The process in which charts are drawn: reads one question a line, answers each with one line.

When its input ends, because the server ended in whatever way, it ends too.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import Any

__all__ = ["answer_to", "main"]

#: The Vega-Lite that browsers draw with is the same; `templates/static/vendor/VENDOR.json` has its number.
VERSION = "6.4"
#: Pictures for mails are drawn twice as fine as they are shown.
SCALE = 2


def main() -> None:
    """Serve one parent until it is gone."""
    # Third-party and large, and loaded here alone; without it nobody starts this process.
    import vl_convert

    draw: dict[str, Callable[[Any], bytes]] = {
        "image/svg+xml": lambda spec: str(vl_convert.vegalite_to_svg(spec, VERSION, allowed_base_urls=[])).encode(),
        "image/png": lambda spec: bytes(vl_convert.vegalite_to_png(spec, VERSION, SCALE, allowed_base_urls=[])),
    }
    sys.stdin.buffer.readline()
    tell({"ready": True})
    for line in sys.stdin.buffer:
        tell(answer_to(json.loads(line), draw))


def answer_to(question: dict[str, Any], draw: dict[str, Callable[[Any], bytes]]) -> dict[str, str]:
    """Return the picture asked for in base64, or why there is none."""
    try:
        picture = draw[question["media_type"]](question["spec"])
    except ValueError as error:
        return {"failed": " ".join(str(error).split())[:200]}
    return {"picture": b64encode(picture).decode("ascii")}


def tell(answer: dict[str, Any]) -> None:
    """Write one answer."""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
