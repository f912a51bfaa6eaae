"""A company whose bad answers open cases, with an outbox for its letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from feedbackhub.testing.instance import Instance
from tests.recovery_offers.company import Company

MakeCompany = Callable[..., Company]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[MakeCompany]:
    """Make a company: ``company(offers={…}, reask={…})``."""
    opened: list[Instance] = []

    def make(**options: Any) -> Company:
        instance = Instance(tmp_path, {}, options={"recovery": options})
        opened.append(instance)
        return Company(instance)

    yield make
    for each in opened:
        each.close()
