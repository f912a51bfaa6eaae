"""Which installed fonts can write a language, as fontconfig knows them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache

__all__ = ["SCRIPTS", "can_tell", "family_for", "with_families"]

#: Languages whose letters a font for Latin seldom has, each with the letters of its script.
SCRIPTS: Mapping[str, str] = {
    "ar": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", "bn": "\u0980-\u09ff", "gu": "\u0a80-\u0aff",
    "he": "\u0590-\u05ff", "hi": "\u0900-\u097f", "ja": "\u3040-\u30ff", "ko": "\uac00-\ud7af", "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f", "th": "\u0e00-\u0e7f", "zh": "\u3400-\u9fff",
}  # fmt: skip
SECONDS = 10.0
TEXT = re.compile(r"(<text\b[^>]*>)([^<]*)(</text>)")


def can_tell() -> bool:
    """Tell whether fontconfig is there to be asked."""
    return shutil.which("fc-match") is not None


@cache
def family_for(language: str) -> str:
    """Return the font that writes a language best, empty when none is installed or it cannot be told.

    Args:
        language: Its two letters.
    """
    if not can_tell():
        return ""
    plain = f"sans-serif:lang={language}"
    known = answers("fc-list", f":lang={language}", "family")
    best = answers("fc-match", "--format=%{family[0]}", plain)
    # fontconfig always names a font, also one that lacks the letters.
    fits = best and any(best[0] in line.split(",") for line in known)
    return best[0] if fits else min((line.split(",")[0] for line in known), default="")


def answers(*command: str) -> list[str]:
    """Return what fontconfig says, line by line; nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    return [line.strip() for line in done.stdout.splitlines() if line.strip()] if done.returncode == 0 else []


def with_families(svg: str, languages: Iterable[str] = SCRIPTS) -> str:
    """Return a drawing in which runs of other scripts than Latin name the installed font that has their letters.

    Args:
        svg: The drawing.
        languages: Those of `SCRIPTS` to look for.
    """
    runs = [(language, run_of(language)) for language in languages]
    found = [(run, family_for(language)) for language, run in runs if run.search(svg)]

    def named(text: re.Match[str]) -> str:
        inner = text[2]
        for run, family in found:
            if family:
                inner = run.sub(lambda letters, name=family: f'<tspan font-family="{name}">{letters[0]}</tspan>', inner)
        return f"{text[1]}{inner}{text[3]}"

    return TEXT.sub(named, svg) if found else svg


@cache
def run_of(language: str) -> re.Pattern[str]:
    """Return what matches words of a script, with the blanks between them."""
    letters = SCRIPTS[language]
    return re.compile(f"[{letters}]+(?:[\\s\u200c\u200d]+[{letters}]+)*")
