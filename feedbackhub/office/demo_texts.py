"""What the demo's customers write, by language and theme; all of it was written for the demo."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["SAID"]

#: Language → theme → sentences. `thanks` is praise, `so_so` is neither, all others are complaints.
SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "thanks": (
            "Quick and friendly, my question was answered in a few minutes.",
            "The agent explained every step and stayed until it worked.",
            "Very polite, and they called me back as promised.",
            "Solved at the first try. Thank you!",
            "I did not have to repeat my story, that was a relief.",
        ),
        "so_so": (
            "It was all right, but I had to ask twice.",
            "Friendly, but I am still not sure what happens next.",
            "Fine in the end, it just took long.",
        ),
        "waiting": (
            "I waited almost an hour before anybody answered.",
            "Three days without any reply is too long.",
        ),
        "billing": (
            "The invoice is still wrong, the discount is missing.",
            "I was charged twice and nobody could tell me why.",
        ),
        "refund": (
            "I am still waiting for my refund after three weeks.",
            "Every time I am told the refund is on its way, and it never comes.",
        ),
        "delivery": (
            "The parcel came five days late and the box was open.",
            "The tracking said delivered, but nothing was here.",
            "Nobody knows where my parcel is.",
        ),
        "technical": (
            "The app still crashes when I sign in.",
            "I followed all the steps and the fault came back the same evening.",
        ),
        "rude": (
            "The agent interrupted me and did not listen.",
            "I was passed on four times and had to explain everything again.",
        ),
    },
    "id": {
        "thanks": (
            "Cepat dan ramah, pertanyaan saya langsung terjawab.",
            "Petugas menjelaskan setiap langkah dengan sabar sampai berhasil.",
            "Sangat sopan dan menelepon kembali sesuai janji.",
            "Masalah selesai dalam satu kali kontak. Terima kasih!",
        ),
        "so_so": (
            "Cukup baik, tetapi saya harus bertanya dua kali.",
            "Ramah, tetapi saya belum yakin apa langkah berikutnya.",
            "Akhirnya selesai, hanya saja lama.",
        ),
        "waiting": (
            "Saya menunggu hampir satu jam sebelum dijawab.",
            "Tiga hari tanpa balasan itu terlalu lama.",
        ),
        "billing": (
            "Tagihan masih salah, potongan harganya tidak muncul.",
            "Saya ditagih dua kali dan tidak ada yang bisa menjelaskan.",
        ),
        "refund": (
            "Sudah tiga minggu uang saya belum dikembalikan.",
            "Selalu dijanjikan pengembalian dana, tetapi tidak pernah sampai.",
        ),
        "delivery": (
            "Paket terlambat lima hari dan kotaknya sudah terbuka.",
            "Status paket sudah diterima, padahal tidak ada yang datang.",
        ),
        "technical": (
            "Aplikasi masih tertutup sendiri saat saya masuk.",
            "Semua langkah sudah saya ikuti, tetapi malamnya rusak lagi.",
        ),
        "rude": (
            "Petugas memotong pembicaraan dan tidak mendengarkan.",
            "Saya dioper empat kali dan harus menjelaskan dari awal lagi.",
        ),
    },
    "hi": {
        "thanks": (
            "बहुत जल्दी और विनम्रता से मेरी समस्या हल हो गई।",
            "हर कदम धैर्य से समझाया गया, धन्यवाद।",
            "वादे के अनुसार मुझे वापस फ़ोन किया गया।",
            "पहली बार में ही काम हो गया।",
        ),
        "so_so": (
            "ठीक था, लेकिन मुझे दो बार पूछना पड़ा।",
            "आखिर में काम हो गया, बस समय बहुत लगा।",
        ),
        "waiting": (
            "जवाब मिलने में लगभग एक घंटा लग गया।",
            "तीन दिन तक कोई जवाब नहीं आया।",
        ),
        "billing": (
            "बिल अब भी गलत है, छूट नहीं जोड़ी गई।",
            "मुझसे दो बार पैसे लिए गए और कोई कारण नहीं बता पाया।",
        ),
        "refund": (
            "तीन हफ़्ते हो गए, पैसे अब तक वापस नहीं आए।",
            "हर बार कहा जाता है कि रिफ़ंड आ रहा है, पर आता नहीं।",
        ),
        "delivery": (
            "पार्सल पाँच दिन देर से आया और डिब्बा खुला हुआ था।",
            "ट्रैकिंग में डिलीवर लिखा है, पर मुझे कुछ नहीं मिला।",
        ),
        "technical": (
            "साइन इन करते ही ऐप अब भी बंद हो जाता है।",
            "सारे कदम किए, फिर भी उसी शाम खराबी वापस आ गई।",
        ),
        "rude": (
            "मेरी बात बीच में काट दी गई और ध्यान से नहीं सुनी गई।",
            "मुझे चार लोगों के पास भेजा गया और हर बार सब कुछ फिर से बताना पड़ा।",
        ),
    },
    "ar": {
        "thanks": (
            "خدمة سريعة ولطيفة، وحصلت على الجواب خلال دقائق.",
            "شرح لي الموظف كل خطوة بصبر حتى نجح الأمر.",
            "اتصلوا بي كما وعدوا، شكرًا لكم.",
            "حُلّت المشكلة من أول مرة.",
        ),
        "so_so": (
            "لا بأس، لكنني اضطررت إلى السؤال مرتين.",
            "انتهى الأمر على خير، لكنه استغرق وقتًا طويلًا.",
        ),
        "waiting": (
            "انتظرت قرابة ساعة قبل أن يجيبني أحد.",
            "ثلاثة أيام دون أي رد مدة طويلة جدًا.",
        ),
        "billing": (
            "الفاتورة ما زالت خاطئة ولم يُحتسب الخصم.",
            "خُصم المبلغ مرتين ولم يعرف أحد السبب.",
        ),
        "refund": (
            "مضت ثلاثة أسابيع ولم أسترد المبلغ بعد.",
            "في كل مرة يقولون إن المبلغ في الطريق ولا يصل.",
        ),
        "delivery": (
            "وصل الطرد متأخرًا خمسة أيام وكان الصندوق مفتوحًا.",
            "يقول التتبع إن الطرد سُلّم، لكنني لم أستلم شيئًا.",
        ),
        "technical": (
            "ما زال التطبيق يتوقف عند تسجيل الدخول.",
            "اتبعت كل الخطوات وعاد العطل في المساء نفسه.",
        ),
        "rude": (
            "قاطعني الموظف ولم يصغِ إليّ.",
            "حُوّلت أربع مرات واضطررت إلى شرح كل شيء من جديد.",
        ),
    },
}
