"""The whole suite: the plugin in an instance of its own, and every check that fits what it brings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ...machinery.plugin_finding import installed, of_file
from ..instance import Instance
from .channels import check_channels
from .finding import Case, Finding, bad, good
from .other_side import OtherSide
from .results import check_analyses, check_exports, check_questions, check_sections, check_subscribers
from .sources import check_rules, check_sources
from .whole import check_erasing, check_loop, check_pages

__all__ = ["check_plugin"]

log = logging.getLogger(__name__)

CHECKS: Mapping[str, Callable[[Case], Iterator[Finding]]] = {
    "feedbackhub_channels": check_channels,
    "feedbackhub_sources": check_sources,
    "feedbackhub_rules": check_rules,
    "feedbackhub_analyses": check_analyses,
    "feedbackhub_exports": check_exports,
    "feedbackhub_subscribers": check_subscribers,
    "feedbackhub_desk_sections": check_sections,
    "feedbackhub_question_types": check_questions,
    "feedbackhub_pages": check_pages,
}


def check_plugin(
    name: str, folder: Path, options: Mapping[str, Any], file: Path | None = None
) -> Iterator[Finding]:
    """Check a plugin that is installed, or a file, against the contract.

    Args:
        name: The plugin's name.
        folder: An empty folder to work in.
        options: The plugin's settings; where one is needed and not given, the example in its declaration is taken.
        file: The file, for a plugin that is not installed.
    """
    settings = {"plugin_files": [str(file)]} if file is not None else {}
    other_side = OtherSide()
    options = {**_examples(name, file), **options}
    here = Instance(folder, {}, options={name: options} if options else {}, settings=settings, http=other_side)
    try:
        state = here.core.plugins.state(name)
        if state is None:
            yield bad("is found", f"no plugin is called {name}")
            return
        if state.state != "active":
            yield bad("is active", f"{state.state}: {state.reason}")
            return
        yield good("is active")
        described = state.about.description
        yield good("says what it does") if described else bad(
            "says what it does", "set about = About(title=…, description=…) in its module"
        )
        yield from _every(Case(name, here, other_side))
    finally:
        here.close()


def _examples(name: str, file: Path | None) -> Mapping[str, Any]:
    """Return the examples of the options that must be given, as the module's ``Settings`` declares them."""
    found = [of_file(file)] if file is not None else [each for each in installed() if each.name == name]
    try:
        model = getattr(found[0].load(), "Settings", None) if found else None
    except Exception:  # the instance loads it once more, and says what is wrong
        log.exception("%s cannot be imported", name)
        return {}
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {}
    fields = model.model_fields.items()
    return {option: each.examples[0] for option, each in fields if each.is_required() and each.examples}


def _every(case: Case) -> Iterator[Finding]:
    for hook, check in CHECKS.items():
        if case.objects(hook):
            case.other_side.answer(200, b'{"id": "1"}')
            yield from check(case)
    case.other_side.answer(200, b'{"id": "1"}')
    yield from check_loop(case)
    yield from check_erasing(case)
