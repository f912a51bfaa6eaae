"""What a company pastes into its web site; the staff area and the documentation show what is made here."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

#: Where the core serves the plugin's script.
SCRIPT = "x/widget/static/widget.js"
INLINE, CORNER = "inline", "corner"
LONGEST_DELAY = 3600


@dataclass(frozen=True)
class Wanted:
    """How the survey is to be shown.

    Args:
        link: An open link, or a personal one.
        mode: ``inline`` where it stands in the page, or ``corner`` as a pop-in.
        delay: Seconds until a pop-in comes.
        language: The language to ask in; empty: the visitor's own.
        words: What stands there as a plain link when the survey cannot be shown.
    """

    link: str
    mode: str = INLINE
    delay: int = 0
    language: str = ""
    words: str = "How did we do?"


def script(public_url: str) -> str:
    """Return the tag that brings the widget, once for each page."""
    return f'<script src="{escape(public_url)}{SCRIPT}" defer></script>'


def element(wanted: Wanted) -> str:
    """Return the element that shows the survey."""
    attributes = {"link": wanted.link}
    if wanted.mode == CORNER:
        attributes |= {"mode": CORNER, "delay": str(wanted.delay)}
    if wanted.language:
        attributes["language"] = wanted.language
    told = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    fallback = f'<a href="{escape(wanted.link)}">{escape(wanted.words)}</a>'
    return f"<feedbackhub-survey {told}>\n  {fallback}\n</feedbackhub-survey>"


def policy(public_url: str) -> str:
    """Return what a strict content security policy of the page has to allow."""
    parts = urlsplit(public_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return f"script-src {origin}; frame-src {origin}"


def after_chat(link: str) -> str:
    """Return a script that shows a survey when a chat has ended, such as with the personal link of that chat."""
    return (
        'const survey = document.createElement("feedbackhub-survey");\n'
        'survey.setAttribute("mode", "corner");\n'
        f'survey.setAttribute("link", "{link}");\n'
        "document.body.append(survey);\n"
        'survey.addEventListener("feedbackhub:answered", () => console.log("thank you"));\n'
        'survey.addEventListener("feedbackhub:closed", () => survey.remove());'
    )
