"""Replies that no person wrote: phones answer by themselves while their owners drive, sleep or are away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

__all__ = ["machine_signs"]

#: Nobody reads a question and says something else than its answer in so short a time.
FASTEST = timedelta(seconds=8)
#: Wherever they stand, no customer writes these about a service.
ANYWHERE = (
    r"\bi(['’]?m| am) (currently )?(out of (the )?office|driving|on (vacation|annual leave)|away from my (desk|phone))",
    r"\bauto(matic(ally)?|mated)?[- ](reply|response|generated|message)\b", r"\bautoreply\b", r"\bdriving focus\b",
    r"\bdo not disturb while driving\b", r"\bsent automatically\b", r"\bplease do not reply to this\b",
    r"\bthis (number|inbox|phone) is (not monitored|unmonitored|unattended|not in use)\b",
    r"\b(balasan|pesan|jawaban) otomatis\b", r"\bsaya sedang (mengemudi|menyetir|cuti|rapat)\b",
    r"स्वचालित (उत्तर|जवाब|संदेश)", r"मैं (अभी )?गाड़ी चला रह[ाी]", r"मैं (अभी )?कार्यालय से बाहर", r"मैं (अभी )?छुट्टी पर",
    r"رد (تلقائي|آلي)", r"رسالة (تلقائية|آلية)", r"[أا]نا [أا]قود السيارة", r"[أا]نا (حاليا )?(خارج المكتب|في إجازة)",
    r"\bautomatische antwort\b", r"\bréponse automatique\b", r"\brespuesta automática\b",
)  # fmt: skip
#: Said of somebody else in the middle of a complaint, so only at the beginning.
AT_START = (
    r"(sorry|hi|hello|hey)?[,.! ]*(i )?can['’]?t (talk|answer|take your call)( right)? now",
    r"(sorry|hi|hello|hey)?[,.! ]*i( wi|['’]?)ll (call|text|get back|be back|see your message)",
    r"out of (the )?office",
    r"sorry,? i missed your (call|message)", r"thank(s| you) for (contacting|messaging|texting)",
    r"we (have )?received your (message|request|enquiry|inquiry)", r"(maaf[, ]*)?nanti saya (hubungi|telepon|balas)",
    r"(maaf[, ]*)?saya di luar kantor", r"मैं (आपको )?बाद में (कॉल|फ़ोन|फोन)", r"س[أا]عاود الاتصال",
)  # fmt: skip
AUTOMATIC = re.compile("|".join((*ANYWHERE, *(f"^{each}" for each in AT_START))), re.IGNORECASE)


def machine_signs(text: str, since_send: timedelta | None, unclear_before: Sequence[str]) -> tuple[str, ...]:
    """Return why a reply without a clear answer looks like a machine's; each reason is enough.

    Args:
        text: The reply.
        since_send: Time since the newest message of ours went out, None when unknown.
        unclear_before: Earlier replies to the same ask that were not clear either.
    """
    said = " ".join(text.split()).casefold()
    found = {
        "automatic_words": AUTOMATIC.search(said) is not None,
        "right_after_sending": since_send is not None and since_send < FASTEST,
        "same_words_again": said in (" ".join(each.split()).casefold() for each in unclear_before),
    }
    return tuple(name for name, seen in found.items() if seen)
