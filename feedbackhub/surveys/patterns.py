"""Regular expressions of plugins that are tried on customers' answers: none that could take for ever."""

from __future__ import annotations

import re
import warnings

__all__ = ["flaw_in"]

LONGEST_PATTERN = 500
#: More parts without an end, each beside the other, take a long text too long.
MOST_ENDLESS = 3
ENDLESS = re.compile(r"[*+]|\{\d*,\}")
REPEATED = re.compile(r"[*+?]|\{\d*(?:,\d*)?\}")
TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|P<\w+>))?|[*+?]|\{\d*(?:,\d*)?\}|\)|\||.", re.DOTALL
)


def flaw_in(pattern: str) -> str:
    """Return why a pattern may not be used, empty when it may.

    Python's matcher goes back and tries again: a repeated group that repeats inside, or has branches, can take years
    for a text of fifty letters, and nothing can stop it. Such patterns, and references back, are refused.
    """
    if len(pattern) > LONGEST_PATTERN:
        return f"is longer than {LONGEST_PATTERN} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression: {error}"
    except (FutureWarning, DeprecationWarning) as warning:
        # What it means may change with the next Python.
        return f"can be read in two ways: {warning}"
    if re.search(r"\(\?P=|\(\?\(", pattern):
        return "refers back to what was matched"
    return _endless(list(TOKEN.findall(pattern)))


def _endless(tokens: list[str]) -> str:
    groups, endless = [False], 0
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        if re.fullmatch(r"\\[1-9]", token):
            return "refers back to what was matched"
        if token.startswith("("):
            groups.append(False)
        elif token == ")" and len(groups) > 1:
            inner = groups.pop()
            if inner and REPEATED.fullmatch(following) and following != "?":
                return "repeats a group that repeats inside or has branches"
            groups[-1] |= inner
        elif token == "|" or REPEATED.fullmatch(token):
            groups[-1] = True
            endless += ENDLESS.fullmatch(token) is not None
    return f"has more than {MOST_ENDLESS} parts without an end" if endless > MOST_ENDLESS else ""

