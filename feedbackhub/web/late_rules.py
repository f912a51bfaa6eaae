"""Addresses of the application, whose counterparts for links are compiled when somebody first asks for a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

__all__ = ["LateRule"]


class LateRule(Rule):
    """A rule that is matched at once, and compiles what builds addresses of it at its first use.

    An application has hundreds of rules, of which a process builds links to some; compiling two functions for each took
    more than half of the time in which the application was put together.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, **values)

        return build
