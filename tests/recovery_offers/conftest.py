"""A company whose bad answers open cases, with an outbox for its letters."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from feedbackhub.testing.instance import Instance
from tests.recovery_offers.company import Company
from tests.web.live import live

__all__ = ["live"]

MakeCompany = Callable[..., Company]


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance whose tables are made, for copying: that takes most of an instance's time."""
    folder = tmp_path_factory.mktemp("ready")
    Instance(folder, {}).close()
    return folder


@pytest.fixture
def company(tmp_path: Path, ready: Path) -> Iterator[MakeCompany]:
    """Make a company: ``company(offers={…}, reask={…})``."""
    opened: list[Instance] = []

    def make(settings: dict[str, Any] | None = None, **options: Any) -> Company:
        folder = tmp_path / "instance"
        shutil.copytree(ready, folder)
        instance = Instance(folder, {}, options={"recovery": options}, settings=settings)
        opened.append(instance)
        return Company(instance)

    yield make
    for each in opened:
        each.close()
