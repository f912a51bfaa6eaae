"""Write records as CSV, JSON lines, XLSX and Parquet."""

from __future__ import annotations

from feedbackhub import About, Export, Hub, hookimpl

from .csv import Csv
from .jsonl import JsonLines
from .parquet import Parquet
from .settings import Settings
from .xlsx import Xlsx

__all__ = ["Csv", "JsonLines", "Parquet", "Settings", "Xlsx", "about", "feedbackhub_exports"]

about = About(title="Files", description="Records as CSV, JSON lines, XLSX and Parquet.")


@hookimpl
def feedbackhub_exports(hub: Hub) -> list[Export]:
    """Bring the exports `csv`, `jsonl`, `xlsx` and `parquet`."""
    return [Csv(hub.settings(Settings)), JsonLines(), Xlsx(), Parquet()]
