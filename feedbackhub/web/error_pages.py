"""Errors as pages: what happened and what to do next, in the visitor's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..contract.errors import Problem
from ..machinery.i18n import N_
from .refusal_words import refusal_text
from .rendering import page, staff_here, texts

__all__ = ["error_page", "plugin_fault_page"]

# Status: what happened, what to do next. Customers read these too.
TEXTS = {
    400: (N_("This request could not be read"), N_("Please go back, reload the page and try again.")),
    401: (N_("Please sign in"), N_("You need to sign in to see this page.")),
    403: (N_("This is not open to you"), N_("Your role does not include this page. An administrator can change that.")),
    404: (N_("There is nothing here"), N_("The address may be mistyped, or the page is no longer there.")),
    405: (N_("That does not work here"), N_("Please go back and use the buttons on the page.")),
    409: (N_("Somebody was faster"), N_("This was changed in the meantime. Please reload the page and look again.")),
    413: (N_("That is too much at once"), N_("Please shorten your text or choose a smaller file.")),
    415: (N_("This request could not be read"), N_("Please go back, reload the page and try again.")),
    422: (N_("Something needs correcting"), N_("Nothing was saved. Please go back and correct what is listed here.")),
    429: (N_("A little too fast"), N_("Please wait a minute and try again.")),
    500: (N_("Something went wrong on our side"), N_("It has been noted. Please try again in a little while.")),
    503: (N_("We cannot take this right now"), N_("Please try again in a few seconds. Nothing was lost.")),
}


def error_page(status: int, errors: Sequence[Problem] = (), number: str = "") -> str:
    """Return the page of an error, inside the staff shell for signed-in staff.

    Args:
        status: The HTTP status.
        errors: Refused fields with their reasons.
        number: Under which the log has more.
    """
    title, advice = TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    values: dict[str, Any] = {"status": status, "title": title, "advice": advice, "errors": errors, "number": number}
    # Not for our own faults: the shell may be what failed.
    if status != 500 and staff_here():
        t = texts()
        said = [Problem(each.field, refusal_text(t, each.reason)) for each in errors]
        return page("staff/error.html", **{**values, "errors": said})
    return page("error.html", domain="customer", **values)


def plugin_fault_page(plugin: str) -> str:
    """Return the page that says that a plugin failed: to staff by its name, to strangers in general words.

    Args:
        plugin: The plugin.
    """
    return page("staff/plugin_error.html", plugin=plugin) if staff_here() else error_page(502)
