"""How plugins show questions of their types: by templates that get plain values and reach nothing else."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateSyntaxError
from markupsafe import Markup

from ..machinery.i18n import I18n
from ..machinery.rendering import Renderer
from ..surveys import QuestionType
from .core import Core

__all__ = ["Asked", "flaw_in_look", "look_of"]

log = logging.getLogger("feedbackhub.plugins")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a plugin's template sees it, under the name ``question``.

    Args:
        id: The name that its form fields must have; the first has the HTML id ``f-<id>``.
        type: The question's type.
        look: The look that the survey chose.
        text: The question itself; the core shows it above, with help and errors.
        choices: What can be picked: each a map with ``value``, ``label``, ``spoken``, ``symbol`` and ``chosen``.
        answer: What stands in a text field.
        longest: Most characters of a text.
        required: Whether an answer is needed.
        described: The HTML id of what describes the field, empty for none.
        wrong: Whether the answer was refused.
    """

    id: str
    type: str
    look: str
    text: str
    choices: Sequence[Mapping[str, Any]]
    answer: str = ""
    longest: int = 0
    required: bool = False
    described: str = ""
    wrong: bool = False


def draw(
    renderer: Renderer, i18n: I18n, plugin: str, template: str, language: str, asked: Asked, **known: object
) -> Markup:
    """Return a question drawn by a plugin's template, in a sandbox.

    Args:
        renderer: The instance's templates.
        i18n: The instance's texts.
        plugin: Whose template.
        template: Its name among the plugin's.
        language: The customer's language.
        asked: The question.
        known: What else the template knows, such as ``static``.

    Raises:
        Exception: Whatever is wrong with the template.
    """
    t = i18n.of_plugin(plugin, language, "customer")
    values = {"t": t, "gettext": t.gettext, "ngettext": t.ngettext, "lang": t.language, "dir": t.direction, **known}
    return Markup(renderer.sandbox.get_template(f"x/{plugin}/{template}").render({**values, "question": asked}))


def flaw_in_look(renderer: Renderer, i18n: I18n, kind: QuestionType) -> str:
    """Draw a question of a type once, so that a template that cannot show it is found before a customer sees it.

    Args:
        renderer: The instance's templates.
        i18n: The instance's texts.
        kind: The type.

    Returns:
        What is wrong, empty when nothing is.
    """
    asked = Asked("q1", kind.name, kind.looks[0], "?", _sample(kind), longest=kind.longest, described="e-q1")
    try:
        html = draw(renderer, i18n, kind.plugin, kind.template, "en", asked, static=lambda name: f"/{name}")
    except TemplateSyntaxError as error:
        return f"{kind.template}, line {error.lineno}: {error.message}"
    except Exception as error:  # whatever an author writes into a template
        return f"{kind.template}: {type(error).__name__}: {error}"
    lost = [each["value"] for each in asked.choices if f'value="{each["value"]}"' not in html]
    if 'name="q1"' not in html:
        return f"{kind.template} shows no field with the question's id as its name"
    return f"{kind.template} shows no field for the option {lost[0]}" if lost else ""


def look_of(core: Core, plugin: str, template: str, language: str, asked: Asked, **known: object) -> Markup:
    """Return a question drawn by a plugin; empty when the plugin is gone or its template fails, which is noted.

    Args:
        core: The instance.
        plugin: Whose template.
        template: Its name among the plugin's.
        language: The customer's language.
        asked: The question.
        known: What else the template knows, such as ``static``.
    """
    if not template or plugin not in core.plugins.brought:
        return Markup("")
    try:
        return draw(core.renderer, core.i18n, plugin, template, language, asked, **known)
    except Exception as error:  # the customer gets the core's own look
        log.warning("plugin %s cannot show a question of type %s", plugin, asked.type, exc_info=error)
        core.containment.blame(plugin, f"look {asked.type}", f"{template} raised {type(error).__name__}")
        return Markup("")


def _sample(kind: QuestionType) -> list[dict[str, Any]]:
    points = range(kind.minimum or 0, (kind.maximum or 0) + 1) if kind.value == "number" else ()
    options = [(option.value, option.symbol) for option in kind.options]
    if kind.own_options:
        options = [("one", ""), ("two", "")]
    return [
        {"value": value, "label": value, "spoken": value, "symbol": symbol, "chosen": False}
        for value, symbol in options or [(str(point), str(point)) for point in points]
    ]
