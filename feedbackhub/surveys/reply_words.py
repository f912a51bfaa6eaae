"""Words that people use for numbers, yes and no when they reply to a short message, in any of the languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

__all__ = [
    "ADVERBS",
    "CUES",
    "HINDI_IN_LATIN",
    "NO",
    "NO_BUT_GOOD",
    "NUMBERS",
    "OF",
    "POLITE",
    "STARS",
    "UNITS",
    "YES",
    "spelt",
]


def spelt(word: str) -> str:
    """Return a word in one spelling: small letters, no ornaments of Latin and Arabic letters."""
    spread = unicodedata.normalize("NFKD", word.casefold())
    # Marks of Indian scripts are vowels and stay, all but the dot that many leave out.
    bare = "".join(
        c for c in spread if not ("\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u0655" or c in "\u0640\u093c\u0901")
    )
    return unicodedata.normalize("NFC", bare.replace("\u0902", ""))


def _numbers(*lines: str) -> dict[str, int]:
    """Return words by their number, from lines that each count from 0 to 10, spellings of one joined by a stroke."""
    spellings = ((words.split("|"), number) for line in lines for number, words in enumerate(line.split()))
    return {spelt(word): number for words, number in spellings for word in words}


def _set(words: str) -> frozenset[str]:
    return frozenset(spelt(word) for word in words.split())


NUMBERS: Mapping[str, int] = _numbers(
    "zero one two three four five six seven eight nine ten",
    "nol satu dua tiga empat|ampat lima enam tujuh delapan sembilan sepuluh",
    "शून्य एक दो तीन चार पाँच|पांच छह|छः|छे|छै|छ सात आठ नौ दस",
    "صفر واحد|واحدة اثنان|اثنين|إثنان|اتنين ثلاثة|ثلاث|تلاتة أربعة|أربع خمسة|خمس "
    "ستة|ست سبعة|سبع ثمانية|ثماني|ثمان تسعة|تسع عشرة|عشر",
)
#: In the language hi only: elsewhere some of them mean something else.
HINDI_IN_LATIN: Mapping[str, int] = _numbers(
    "shunya ek do teen|tin char|chaar paanch|panch chhe|chhah saat|sat aath|ath nau das|dus"
)

YES = _set("yes y yeah yep yup yess ya iya yaa yoi betul sudah हाँ हां हा जी haan han نعم ايوه أيوه أجل اي إي oui si sí")
NO = _set("no n nope not tidak tdk tak nggak gak enggak belum नहीं नही ना nahi nahin لا كلا لأ non nein")
#: A "no" before one of these says that all is well.
NO_BUT_GOOD = _set(
    "problem problems prob worries issue issues complaint complaints doubt masalah apa-apa apa शिकायत दिक्कत مشكلة"
)

OF = _set("of out from dari من von sur de में से")
STARS = _set("star stars bintang सितारे सितारा स्टार अंक नंबर نجوم نجمة نجمات نقاط نقطة point points pts poin")
POLITE = _set(
    "thanks thank thx ty tq please pls sir madam good great excellent ok okay nice perfect best "
    "terima terimakasih kasih makasih trims mantap bagus baik sip oke "
    "धन्यवाद शुक्रिया अच्छा बढ़िया बहुत dhanyavad shukriya شكرا شكراً ممتاز جيد جدا"
)
#: Before a number somewhere in a sentence they say that it is the rating.
CUES = _set(
    "rate rating rated score scored give giving gave grade mark nilai nilainya skor beri kasih kasi memberi rating "
    "रेटिंग अंक स्कोर दूंगा दूंगी देता देती تقييم تقييمي درجة أعطي أعطيكم أقيم answer jawaban उत्तर जवाब الإجابة"
)
#: Before a number at the end they say that it is none.
ADVERBS = _set(
    "at by after before until till since only just than within in on no number nr room line gate item option step "
    "about around almost nearly over under for last next past version level order ticket "
    "jam pukul pada hanya cuma sampai sejak dalam nomor no tiket pesanan selama बजे केवल सिर्फ़ सिर्फ बाद पहले "
    "الساعة فقط بعد قبل منذ رقم حتى"
)
#: Behind a number they say what it counts.
UNITS = _set(
    "day days week weeks wk wks month months year years yr yrs hour hours hr hrs h minute minutes min mins second "
    "seconds sec secs time times x people person persons guys agents agent staff colleagues calls call emails email "
    "mails messages message texts am pm a.m p.m oclock percent usd eur gbp rs rupees rp idr dollars dollar euro euros "
    "pounds k km kg m cm st nd rd th problem problems issue issues ticket tickets order orders parcel parcels package "
    "packages item items product products letters questions attempts tries transfers things reasons devices phones "
    "other different more days. different "
    "hari minggu bulan tahun jam menit mnt detik kali orang masalah agen petugas barang paket pesanan ribu juta rupiah "
    "दिन दिनों हफ्ते हफ्तों सप्ताह महीने महीनों साल घंटे घंटा घंटों मिनट बार लोग लोगों "
    "रुपये रुपए रुपया समस्या समस्याएं बजे din ghante baar mahine "
    "يوم أيام يوما أسبوع أسابيع شهر أشهر شهور سنة سنوات ساعة ساعات "
    "دقيقة دقائق مرة مرات أشخاص موظفين مشاكل ريال درهم جنيه"
)
