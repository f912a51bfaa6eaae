"""What makes a case no matter of goodwill: something owed, danger, law; told from topics, tags and the comment.

The bundled words are few and plain on purpose: what they miss a person sets by hand, and what they flag wrongly a
person clears. A flagged case enters no trial: a word too many costs a trial a case, a word too few would cost more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from feedbackhub import Contact

from .case import FLAGS
from .settings import FlagSettings, Settings

__all__ = ["LETTER", "WORDS", "flags_of", "small"]

#: Words of each language, small; `*` stands for any ending.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "owed": {
        "en": ("refund*", "money back", "reimburse*", "double charged", "charged twice", "overcharged"),
        "id": ("refund", "uang kembali", "kembalikan uang", "pengembalian dana", "tertagih dua kali"),
        "hi": ("रिफ़ंड", "रिफंड", "पैसे वापस", "पैसा वापस", "refund"),
        "ar": ("استرداد", "استرجاع المبلغ", "إعادة المبلغ", "رد المبلغ", "فلوسي"),
    },
    "safety": {
        "en": ("injur*", "unsafe", "danger*", "hospital*", "electric shock", "caught fire", "allergic"),
        "id": ("cedera", "terluka", "berbahaya", "rumah sakit", "tersetrum", "terbakar", "alergi"),
        "hi": ("चोट", "घायल", "ख़तरनाक", "खतरनाक", "अस्पताल", "करंट", "आग लग"),
        "ar": ("إصابة", "أصيب", "خطر", "خطير", "مستشفى", "صعق", "حريق", "حساسية"),
    },
    "legal": {
        "en": ("lawyer*", "attorney*", "solicitor*", "lawsuit*", "legal action", "sue you", "court", "ombudsman*"),
        "id": ("pengacara", "kuasa hukum", "gugat*", "menggugat", "somasi", "pengadilan", "jalur hukum", "polisi"),
        "hi": ("वकील", "मुक़दमा", "मुकदमा", "अदालत", "कोर्ट", "क़ानूनी", "कानूनी"),
        "ar": ("محامي", "محام", "دعوى", "قضية", "محكمة", "قانوني", "قانونية", "مقاضاة"),
    },
}
#: Letters and the vowel signs of Indian scripts: between them a word goes on.
LETTER = "\\w\u0900-\u0903\u093a-\u094f\u0951-\u0957\u200c\u200d"


def flags_of(settings: Settings, contact: Contact | None, topic: str, comment: str) -> tuple[str, ...]:
    """Return the flags of a case, in their order.

    Args:
        settings: The plugin's settings.
        contact: The contact, None for none.
        topic: Its topic, as it was frozen when the customer was asked.
        comment: What the customer wrote.
    """
    tags = contact.tags if contact is not None else ()
    chosen: dict[str, FlagSettings] = {"owed": settings.owed, "safety": settings.safety, "legal": settings.legal}
    return tuple(flag for flag in FLAGS if _holds(chosen[flag], flag, topic, tags, comment))


def _holds(wanted: FlagSettings, flag: str, topic: str, tags: Iterable[str], comment: str) -> bool:
    if small(topic) in {small(each) for each in wanted.topics} and topic:
        return True
    if {small(each) for each in tags} & {small(each) for each in wanted.tags}:
        return True
    bundled = tuple(each for words in WORDS[flag].values() for each in words) if wanted.bundled else ()
    words = (*bundled, *wanted.words)
    return bool(words) and _pattern(words).search(small(comment)) is not None


def small(text: str) -> str:
    """Return a text in one spelling: small letters, Arabic without marks, one blank between words."""
    plain = unicodedata.normalize("NFC", text).casefold()
    bare = "".join(each for each in plain if not ("\u064b" <= each <= "\u0652" or each == "\u0640"))
    return " ".join(bare.split())


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of these words as a whole; a word of Arabic may have its article before it."""
    found = []
    for each in map(small, words):
        core = re.escape(each.removesuffix("*").strip())
        found.append(core if each.endswith("*") else f"{core}(?![{LETTER}])")
    return re.compile(f"(?<![{LETTER}])(?:[\u0648\u0628\u0641]?\u0627\u0644)?(?:{'|'.join(found)})")
