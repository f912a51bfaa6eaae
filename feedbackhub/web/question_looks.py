"""Questions of types that plugins brought, shown their way on survey pages and in previews."""

from __future__ import annotations

from markupsafe import Markup

from ..loop.question_looks import Asked, look_of
from . import plugin_static
from .current import core
from .survey_forms import Field, Look

__all__ = ["own_look"]


def own_look(language: str) -> Look:
    """Return what draws a field as its question type's plugin does.

    Args:
        language: The customer's language.
    """

    def look(field: Field) -> Markup:
        question = field.question
        static = plugin_static.addresses(question.plugin)
        return look_of(core(), question.plugin, question.template, language, asked(field), static=static)

    return look


def asked(field: Field) -> Asked:
    """Return a field as plugins' templates see it."""
    question = field.question
    described = [f"e-{question.id}"] * bool(field.error) + [f"h-{question.id}"] * bool(question.help)
    return Asked(
        id=question.id, type=question.type, look=question.look, text=question.text,
        choices=[
            {"value": each.choice.value, "label": each.choice.label, "spoken": each.spoken,
             "symbol": each.choice.symbol, "chosen": each.chosen}
            for each in field.choices
        ],
        answer=field.text, longest=question.longest, required=question.required, described=" ".join(described),
        wrong=bool(field.error),
    )  # fmt: skip
