"""The numbers that R, scipy and statsmodels give, and when a number of ours agrees with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "science_vectors.json"


@dataclass(frozen=True)
class Vector:
    """One computation with its result."""

    name: str
    section: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: float
    relative: float | None

    def disagreements(self, found: Mapping[str, float | None]) -> dict[str, tuple[Any, Any]]:
        """Return each number that differs from ours by more than the vector allows, as (expected, found)."""
        return {
            name: (self.expected[name], value)
            for name, value in found.items()
            if not self._agrees(self.expected[name], value)
        }

    def _agrees(self, wanted: float | None, value: float | None) -> bool:
        if wanted is None or value is None:
            return wanted is value
        if abs(value - wanted) > self.tolerance:
            return False
        small = self.relative is not None and 0 < abs(wanted) < 1e-4
        return not small or abs(value / wanted - 1) <= (self.relative or 0)


@lru_cache(maxsize=2)
def required(status: str = "required") -> tuple[Vector, ...]:
    """Return every vector that must be met, or those of another status."""
    held = json.loads(FILE.read_text())["vectors"]
    return tuple(
        Vector(v["name"], v["section"], v["inputs"], v["expected"], v["tolerance"], v["rel_tolerance"])
        for v in held
        if v["status"] == status
    )


def named(prefix: str, section: str = "") -> list[Vector]:
    """Return the vectors whose name begins so, of one section when it is given."""
    return [each for each in required() if each.name.startswith(prefix) and section in ("", each.section)]


def one(name: str) -> Vector:
    """Return the vector of this name."""
    (found,) = (each for each in required() if each.name == name)
    return found


def reference(name: str) -> Vector:
    """Return the vector of this name that is for orientation only."""
    (found,) = (each for each in required("reference") if each.name == name)
    return found
