"""What customers of the generated company write, by language and topic: pleased ones, then displeased ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["WORDS"]

WORDS: Mapping[str, Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "en": {
        "invoice": (
            ["The bill was explained well.", "Clear answer about my invoice."],
            ["I was charged twice.", "The amount on my bill is wrong again.", "Nobody can explain this fee."],
        ),
        "delivery": (
            ["The parcel came a day early.", "Fast shipping, thank you."],
            ["My parcel is a week late.", "The courier never rang the bell.", "Shipping took forever."],
        ),
        "login": (
            ["Back in my account within minutes.", "The reset mail came at once."],
            ["I am locked out of my account.", "The password link has expired again.", "The code never arrives."],
        ),
        "returns": (
            ["Sending it back was easy.", "My money was there after two days."],
            ["Still no refund after a month.", "I had to pay to send it back.", "They refused to take it back."],
        ),
        "warranty": (
            ["The repair was quick and free.", "They replaced the broken part at once."],
            ["It broke again after the repair.", "The guarantee does not cover it.", "The spare part is missing."],
        ),
    },
    "id": {
        "invoice": (
            ["Penjelasan tagihannya jelas.", "Petugas menerangkan rinciannya dengan baik."],
            ["Saya ditagih dua kali bulan ini.", "Jumlah tagihannya salah lagi.", "Biaya ini tidak dijelaskan."],
        ),
        "delivery": (
            ["Paketnya datang lebih cepat.", "Pengiriman cepat, terima kasih."],
            ["Paket saya terlambat seminggu.", "Kurir tidak pernah datang.", "Kirimannya lama sekali."],
        ),
        "login": (
            ["Akun saya langsung bisa dibuka.", "Email setel ulang langsung masuk."],
            ["Saya tidak bisa masuk ke akun.", "Tautan kata sandi sudah kedaluwarsa.", "Kodenya tidak pernah sampai."],
        ),
        "returns": (
            ["Pengembaliannya mudah.", "Uang saya kembali dalam dua hari."],
            ["Uang belum kembali setelah sebulan.", "Saya harus bayar ongkos kirim balik.", "Barang ditolak kembali."],
        ),
        "warranty": (
            ["Perbaikannya cepat dan gratis.", "Bagian yang rusak langsung diganti."],
            ["Rusak lagi setelah diperbaiki.", "Katanya garansi tidak berlaku.", "Suku cadangnya tidak ada."],
        ),
    },
    "hi": {
        "invoice": (
            ["बिल अच्छी तरह समझाया गया।"],
            ["इस महीने दो बार पैसे काटे गए।", "बिल की रकम फिर से गलत है।"],
        ),
        "delivery": (
            ["पार्सल एक दिन पहले आ गया।"],
            ["मेरा पार्सल एक हफ़्ते देर से आया।", "कूरियर वाला कभी आया ही नहीं।"],
        ),
        "login": (
            ["खाता कुछ ही मिनटों में खुल गया।"],
            ["मैं अपने खाते में नहीं जा पा रहा हूँ।", "पासवर्ड का लिंक काम नहीं करता।"],
        ),
        "returns": (
            ["वापस भेजना आसान था।"],
            ["एक महीने बाद भी पैसे वापस नहीं मिले।", "उन्होंने सामान वापस नहीं लिया।"],
        ),
        "warranty": (
            ["मरम्मत जल्दी और मुफ़्त हुई।"],
            ["मरम्मत के बाद फिर ख़राब हो गया।", "कहते हैं कि वारंटी लागू नहीं है।"],
        ),
    },
    "ar": {
        "invoice": (["شُرحت لي الفاتورة جيدًا."], ["خُصم المبلغ مرتين هذا الشهر.", "مبلغ الفاتورة خاطئ مرة أخرى."]),
        "delivery": (["وصل الطرد قبل موعده."], ["تأخر الطرد أسبوعًا كاملًا.", "لم يأت المندوب أبدًا."]),
        "login": (["عاد حسابي خلال دقائق."], ["لا أستطيع الدخول إلى حسابي.", "انتهت صلاحية رابط كلمة المرور."]),
        "returns": (["كان الإرجاع سهلًا."], ["لم أسترد مالي بعد شهر.", "رفضوا استلام البضاعة."]),
        "warranty": (["كان الإصلاح سريعًا ومجانيًا."], ["تعطل مجددًا بعد الإصلاح.", "يقولون إن الضمان لا يشمله."]),
    },
}  # fmt: skip
