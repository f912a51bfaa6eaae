"""An instance whose channel reaches everybody, and a way to import a small file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from feedbackhub.loop.core import Core
from feedbackhub.office.import_mapping import PlannedMapping
from feedbackhub.office.imports import Imported, Order, run_import

Import = Callable[..., Imported]
Count = Callable[[Table], int]


@pytest.fixture
def core(core: Core) -> Core:
    """The instance, asking through the mailbox."""
    ask = tuple(entry.model_copy(update={"channels": ("mailbox",)}) for entry in core.settings.ask)
    return replace(core, settings=core.settings.model_copy(update={"ask": ask}))


@pytest.fixture
def bring(core: Core, tmp_path: Path) -> Import:
    """Import a text: ``bring("contacts", text, map={…}, set={…}, formats=[…], …)``."""

    def run(
        kind: str,
        text: str,
        name: str = "old.csv",
        map: Mapping[str, str] | None = None,
        set: Mapping[str, str] | None = None,
        formats: Sequence[str] = (),
        timezone: str = "",
        empty: Sequence[str] = (),
        values: Mapping[str, Mapping[str, str]] | None = None,
        **options: Any,
    ) -> Imported:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        mapping = PlannedMapping(values=values or {}).more(map or {}, set or {}, formats).elsewhere(timezone, empty)
        return run_import(core, Order(kind, path, mapping, **options), lambda share: None)

    return run


@pytest.fixture
def count(core: Core) -> Count:
    """Tell how many rows a table has."""

    def rows(table: Table) -> int:
        with core.store.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return rows
