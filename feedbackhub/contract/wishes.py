"""Words by which people say that they want no more messages, or that they want them again, in many languages.

For every channel that people may answer: a wish to be left alone must be understood whatever channel, sender and
language the message was in. Carriers know the English words only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

Wish = Literal["stop", "start", ""]

#: Mean it as the first word of any message: "stop calling me".
STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "optout", "unsub", "berhenti", "hentikan", "setop"}
    | {"रोकें", "रोको", "रुकें", "रुको", "स्टॉप", "إيقاف", "arret", "stopp", "abmelden"}
)
#: Mean it only as the whole message, for in a sentence they say something else; carriers block at the first four.
STOP_ALONE = frozenset(
    {"cancel", "end", "quit", "revoke", "opt out", "no more", "remove me", "leave me alone"}
    | {"do not text me", "dont text me", "do not contact me", "dont contact me"}
    | {"batal", "keluar", "jangan kirim lagi", "jangan hubungi saya", "tidak mau lagi"}
    | {"बंद", "बंद करो", "बंद करें", "बंद कर दो", "band karo", "मत भेजो", "मत भेजें", "मत भेजिए"}
    | {"توقف", "أوقف", "توقفوا", "أوقفوا", "أوقف الرسائل", "إلغاء", "إلغاء الاشتراك", "كفى"}
    | {"لا ترسل", "لا تراسلني", "لا ترسلوا", "لغو"}
    | {"alto", "parar", "pare", "baja", "cancelar", "sair", "arrete", "arretez", "停止", "取消", "退订"}
)
#: Mean it only as the whole message.
START = frozenset(
    {"start", "unstop", "subscribe", "optin", "opt in", "mulai", "langganan"}
    | {"शुरू", "शुरू करें", "चालू", "ابدأ", "اشتراك", "بدء"}
)


def wish_of(text: str, stop: Iterable[str] = (), start: Iterable[str] = ()) -> Wish:
    """Return what a message wishes: ``stop``, ``start``, or nothing of the kind.

    A message whose first word is a plain "stop" counts as such whatever follows, a number before it included: to go on
    asking somebody who wanted to be left alone is worse than to lose an answer.

    Args:
        text: The message as it came.
        stop: Further words or sentences that mean it as the whole message.
        start: Further words or sentences that mean the contrary.
    """
    words = _words(text)
    whole = " ".join(words)
    if whole in _said(START | frozenset(start)):
        return "start"
    if whole in _said(STOP_ALONE | frozenset(stop)):
        return "stop"
    first = words[1:2] if words and words[0].isdecimal() else words[:1]
    return "stop" if first and first[0] in _said(STOP) else ""


def _words(text: str) -> list[str]:
    """Return the words in one spelling: small letters, no accents of Latin letters, no marks around them."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    # Marks of Indian scripts are vowels; only those of Latin and Arabic letters are ornaments.
    bare = "".join(c for c in spread if not ("\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u0655" or c == "\u0640"))
    bare = re.sub(r"['\u2019\u02bc]", "", unicodedata.normalize("NFC", bare))
    return re.findall(r"[^\W_](?:[^\W_]|[\u0900-\u0903\u093a-\u094f\u0951-\u0957\u200c\u200d])*", bare)


@lru_cache(maxsize=64)
def _said(words: frozenset[str]) -> frozenset[str]:
    return frozenset(" ".join(_words(each)) for each in words)
