"""The docstrings that show newcomers the way through large packages name every module, and none that is gone."""

import ast
import re
from pathlib import Path

import pytest

from tests.gates.sources import ROOT


@pytest.mark.parametrize("package", ["feedbackhub/loop", "plugins/recovery"])
def test_the_map_of_a_large_package_names_every_module_once(package: str) -> None:
    folder = Path(ROOT, package)
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert sorted(re.findall(r"`(\w+)`", said)) == sorted(modules)
