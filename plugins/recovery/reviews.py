"""Sees whether a text asks a customer to withdraw or change a review: nothing may ever be given for that.

The US rule on reviews (16 CFR 465, in force since 2024-10-21) and others forbid it; it would also spoil every answer.
A small list of words in four languages: it is an aid for whoever writes, no proof of innocence.
"""

from __future__ import annotations

import re

__all__ = ["speaks_of_withdrawing"]

#: For each language: what is done, and to what; both within a sentence.
WORDS = {
    "en": (
        r"(?:withdraw|remov|delet|tak(?:e|ing)\s+(?:down|back)|chang|edit|updat|revis|retract|rais|improv|correct)",
        r"\b(?:review|rating|evaluation|stars?|testimonial)s?\b",
    ),
    "id": (
        r"(?:tarik|menarik|cabut|mencabut|hapus|menghapus|ubah|mengubah|ganti|mengganti|naikkan|menaikkan|perbaiki)",
        r"\b(?:ulasan|penilaian|rating|bintang|review|testimoni)(?:nya|mu)?\b",
    ),
    "hi": (r"(?:वापस\s+ल|हटा|मिटा|बदल|डिलीट|सुधार|बढ़ा)", r"(?:समीक्षा|रिव्यू|रेटिंग|स्टार|मूल्यांकन)"),
    "ar": (
        r"(?:سحب|تسحب|اسحب|حذف|تحذف|احذف|إزالة|تزيل|أزل|تعديل|تعدّل|عدّل|تعدل|عدل|تغيير|تغيّر|غيّر|تغير|غير|رفع|ترفع)",
        r"(?:تقييم|التقييم|تقييمك|مراجعة|المراجعة|مراجعتك|نجوم|نجمة)",
    ),
}
#: Far enough for "withdraw or at least soften your review".
REACH = 60
PATTERNS = tuple(
    re.compile(f"(?:{deed}.{{0,{REACH}}}?{thing})|(?:{thing}.{{0,{REACH}}}?{deed})", re.IGNORECASE | re.DOTALL)
    for deed, thing in WORDS.values()
)


def speaks_of_withdrawing(text: str) -> bool:
    """Return whether a text seems to ask for the withdrawal or the change of a review."""
    # Sentence by sentence: "We changed the courier. Your review…" asks for nothing.
    return any(pattern.search(each) for each in re.split(r"[.!?।؟\n]", text) for pattern in PATTERNS)
