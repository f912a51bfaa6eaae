"""Charts as pictures, drawn by vl-convert (extra `charts`)."""

from __future__ import annotations

import importlib
from typing import Any

from ..contract.errors import Unavailable
from ..contract.reports import Chart, PictureType

__all__ = ["Artist"]

#: So wide are pictures, in the units that the charts' sizes are given in.
WIDTH = 640
VERSION = "6.4"


class Artist:
    """Draws charts; what it draws with is loaded with the first."""

    def draw(self, chart: Chart, media_type: PictureType, language: str) -> bytes:
        """Return a chart as a picture.

        Args:
            chart: What to draw.
            media_type: As what.
            language: Language of numbers.

        Raises:
            Unavailable: The extra `charts` is not installed, or the chart could not be drawn.
        """
        try:
            vl_convert: Any = importlib.import_module("vl_convert")
        except ImportError:
            raise Unavailable("pictures need the extra charts: pip install 'feedbackhub[charts]'") from None
        spec = {**chart.spec, "width": WIDTH}
        try:
            if media_type == "image/svg+xml":
                return bytes(vl_convert.vegalite_to_svg(spec, vl_version=VERSION).encode())
            return bytes(vl_convert.vegalite_to_png(spec, vl_version=VERSION, scale=2))
        except ValueError as error:
            raise Unavailable(f"the chart could not be drawn: {error}") from None
