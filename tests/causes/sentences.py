"""What customers might write, by theme and language; written apart from the shipped words, which must find it."""

from collections.abc import Mapping, Sequence

__all__ = ["ABOUT", "NEITHER", "NEVER_TUNED_TO"]

ABOUT: Mapping[str, Mapping[str, Sequence[str]]] = {
    "late-delivery": {
        "en": (
            "My parcel was supposed to be here on Monday and it is Friday now.",
            "The courier left my box at the neighbour's three days after the promised date.",
            "I ordered two weeks ago and nothing has come so far.",
            "The shipment has been stuck in the same depot since last week.",
        ),
        "id": (
            "Pesanan saya baru datang setelah sepuluh hari, padahal janjinya tiga hari.",
            "Sampai sekarang paketnya belum juga ada di rumah.",
            "Kurirnya bilang sudah diantarkan tetapi saya tidak menerima apa pun.",
            "Pengirimannya molor terus dari tanggal yang dijanjikan.",
        ),
        "hi": (
            "ऑर्डर किए दस दिन हो गए, सामान अब तक घर नहीं पहुँचा।",
            "कूरियर वाला तीन दिन बाद आया जबकि कल का वादा था।",
            "मेरा पार्सल रास्ते में ही अटका हुआ है।",
            "डिलीवरी की तारीख दो बार बदल दी गई।",
        ),
        "ar": (
            "طلبت المنتج قبل أسبوعين ولم يصلني شيء حتى الآن.",
            "المندوب جاء بعد ثلاثة أيام من الموعد المحدد.",
            "شحنتي عالقة في المستودع منذ أسبوع.",
            "تأخّر وصول الطرد كثيراً عما وعدتم به.",
        ),
    },
    "refund": {
        "en": (
            "You took the item back but I still have not seen my money.",
            "It has been a month since you promised to refund me.",
            "Please just reimburse what I paid.",
            "The amount was never credited to my account after the return.",
        ),
        "id": (
            "Uang saya sampai hari ini belum dikembalikan.",
            "Katanya dana akan balik dalam tujuh hari, nyatanya tidak.",
            "Saya minta ganti rugi atas kejadian ini.",
            "Kapan refund saya diproses?",
        ),
        "hi": (
            "सामान लौटा दिया पर पैसे अभी तक वापस नहीं आए।",
            "रिफंड कब मिलेगा, एक महीना हो गया।",
            "मेरी रकम वापस कर दीजिए।",
            "Saman le gaye lekin mera paisa wapas nahi kiya",
        ),
        "ar": (
            "أعدت المنتج ولم أستلم أموالي حتى اليوم.",
            "متى يتم استرداد المبلغ؟ مضى شهر كامل.",
            "أريد إرجاع المبلغ إلى حسابي فوراً.",
            "وعدتموني بالتعويض ولم يحدث شيء.",
        ),
    },
    "rude-staff": {
        "en": (
            "The man on the phone was rude and simply hung up on me.",
            "She talked to me as if I were stupid, what an arrogant person.",
            "Your colleague did not even listen and kept interrupting.",
            "I have never met such unfriendly people at a counter.",
        ),
        "id": (
            "Petugasnya bicara dengan nada kasar kepada saya.",
            "Kasirnya jutek, tidak ada senyum sama sekali.",
            "Saya malah dimarahi waktu bertanya.",
            "Agennya kurang ramah dan langsung menutup telepon.",
        ),
        "hi": (
            "फोन पर जो मैडम थीं उन्होंने बहुत रूखे ढंग से बात की।",
            "कर्मचारी ने मुझ पर चिल्लाना शुरू कर दिया।",
            "आपके आदमी का व्यवहार बहुत ख़राब था।",
            "Agent ne bahut badtameezi se baat ki",
        ),
        "ar": (
            "الموظف تكلم معي بأسلوب سيئ وأغلق الهاتف.",
            "كانت الموظفة وقحة ولم تستمع إليّ.",
            "صرخ في وجهي عندما سألته عن السبب.",
            "تعامل متعجرف ومن دون أي احترام.",
        ),
    },
    "waiting": {
        "en": (
            "Forty minutes on hold before anybody picked up.",
            "I wrote three mails and have had no reply.",
            "The queue at the counter was endless.",
            "Nobody ever called me back as promised.",
        ),
        "id": (
            "Saya harus menunggu hampir satu jam di telepon.",
            "Emailnya tidak pernah dibalas.",
            "Antreannya panjang sekali dan loket cuma satu.",
            "Responsnya lama, baru dijawab keesokan harinya.",
        ),
        "hi": (
            "चालीस मिनट तक होल्ड पर रखा गया।",
            "तीन ईमेल भेजे पर किसी ने जवाब नहीं दिया।",
            "काउंटर पर लंबी कतार थी और एक ही आदमी बैठा था।",
            "बार-बार कॉल किया, किसी ने फोन ही नहीं उठाया।",
        ),
        "ar": (
            "انتظرت على الخط أربعين دقيقة.",
            "أرسلت ثلاث رسائل ولا أحد يرد.",
            "الطابور كان طويلاً جداً أمام الشباك.",
            "قالوا سنتصل بك ولم يتصلوا أبداً.",
        ),
    },
    "faulty-product": {
        "en": (
            "The kettle was cracked when I opened the box.",
            "It stopped working after two days.",
            "I got the wrong size although I chose medium.",
            "The zip came off at once, really poor quality.",
        ),
        "id": (
            "Barang yang saya terima sudah pecah di dalam kardus.",
            "Baru dua hari dipakai lampunya mati total.",
            "Warnanya salah, saya pesan hitam.",
            "Kualitasnya jelek, jahitannya cepat sobek.",
        ),
        "hi": (
            "डिब्बा खोला तो केतली टूटी हुई निकली।",
            "दो दिन में ही मशीन बंद हो गई।",
            "मैंने लाल मंगवाया था, आपने गलत सामान भेज दिया।",
            "कपड़े की क्वालिटी बहुत घटिया है।",
        ),
        "ar": (
            "فتحت الصندوق فوجدت الغلاية مكسورة.",
            "توقف الجهاز عن العمل بعد يومين.",
            "وصلني منتج بمقاس خاطئ.",
            "الخامة رديئة جداً وتمزقت بسرعة.",
        ),
    },
    "app-website": {
        "en": (
            "The app closes itself every time I open my basket.",
            "I cannot log in, it keeps rejecting my password.",
            "Your website shows an empty page at checkout.",
            "The online form would not let me press send.",
        ),
        "id": (
            "Aplikasinya sering keluar sendiri waktu dibuka.",
            "Saya tidak bisa masuk ke akun karena kode OTP tidak datang.",
            "Situs webnya lemot sekali saat membayar.",
            "Tombol kirimnya tidak bisa ditekan.",
        ),
        "hi": (
            "ऐप खोलते ही अपने आप बंद हो जाता है।",
            "ओटीपी नहीं आता इसलिए लॉगिन नहीं हो पाता।",
            "वेबसाइट पर भुगतान का पेज खाली दिखता है।",
            "फॉर्म में भेजें वाला बटन दबता ही नहीं।",
        ),
        "ar": (
            "التطبيق يغلق من تلقاء نفسه كلما فتحته.",
            "لا أستطيع تسجيل الدخول رغم صحة كلمة المرور.",
            "صفحة الدفع في الموقع تظهر فارغة.",
            "زر الإرسال لا يستجيب.",
        ),
    },
    "explaining-again": {
        "en": (
            "I had to tell the whole story to four people.",
            "Every agent asked me the same questions from the start.",
            "I was transferred from one department to the next.",
        ),
        "id": (
            "Saya harus mengulang cerita yang sama ke empat orang.",
            "Saya dioper dari satu bagian ke bagian lain.",
            "Tiap telepon ditanya lagi dari awal.",
        ),
        "hi": (
            "हर बार नए आदमी को पूरी कहानी सुनानी पड़ी।",
            "वही सवाल बार-बार पूछे गए।",
            "मुझे एक विभाग से दूसरे विभाग भेजते रहे।",
        ),
        "ar": (
            "اضطررت لشرح القصة من البداية لأربعة موظفين.",
            "كل مرة يسألونني الأسئلة ذاتها.",
            "حولوني من قسم إلى آخر.",
        ),
    },
    "not-solved": {
        "en": (
            "After all these calls my problem is exactly where it was.",
            "They closed the ticket although nothing has been fixed.",
            "In the end you could not resolve it.",
        ),
        "id": (
            "Masalahnya sampai sekarang masih belum beres juga.",
            "Tiketnya ditutup padahal keluhan saya tidak ditangani.",
            "Ujung-ujungnya tidak ada solusi.",
        ),
        "hi": (
            "इतनी बातचीत के बाद भी समस्या वैसी की वैसी है।",
            "शिकायत बंद कर दी पर कुछ ठीक नहीं हुआ।",
            "कोई समाधान नहीं मिला।",
        ),
        "ar": (
            "بعد كل هذه المكالمات ما زالت المشكلة كما هي.",
            "أغلقتم الشكوى ولم يتم حلها.",
            "في النهاية خرجت بلا نتيجة.",
        ),
    },
}

#: More of the same, by language and theme, to which the shipped words were never fitted.
NEVER_TUNED_TO: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "late-delivery": (
            "Still no sign of the package I paid express for.", "Delivery took an eternity, and I live next door.",
        ),
        "refund": ("Where is my refund, please?", "They refuse to give me back what I paid."),
        "rude-staff": ("He was downright impolite and sighed at every question.", "The lady shouted at my mother."),
        "waiting": ("It took ages until someone finally answered the phone.", "No response to my letter whatsoever."),
        "faulty-product": ("The screen arrived with a big scratch.", "The heater is defective and smells burnt."),
        "app-website": ("Your site crashes whenever I search.", "Resetting my password does not work."),
        "explaining-again": (
            "Why must I repeat myself to each new person?", "Third call, and again I explain everything.",
        ),
        "not-solved": ("The issue is still there.", "You answered politely, but my case remains unresolved."),
    },
    "id": {
        "late-delivery": ("Paket terlambat lima hari tanpa kabar.", "Ekspedisinya bikin kecewa, barang entah di mana."),
        "refund": ("Tolong kembalikan uang saya.", "Proses pengembalian dana dipersulit."),
        "rude-staff": ("Mbaknya judes banget waktu melayani.", "Satpamnya membentak anak saya."),
        "waiting": ("Nunggu balasan chat sampai tiga jam.", "Teleponnya tidak diangkat-angkat."),
        "faulty-product": ("Blendernya rusak waktu pertama kali dicoba.", "Bajunya robek di bagian lengan."),
        "app-website": ("Habis diperbarui, aplikasinya malah tidak bisa dibuka.", "Halaman pembayarannya error."),
        "explaining-again": ("Capek menjelaskan hal yang sama berulang kali.", "Setiap petugas bertanya dari nol."),
        "not-solved": ("Keluhan saya tidak ditindaklanjuti.", "Sudah seminggu masalah belum selesai."),
    },
    "hi": {
        "late-delivery": ("सामान बहुत देर से मिला।", "शादी के बाद पहुँचा तोहफ़ा, किस काम का।"),
        "refund": ("मेरे पैसे कब लौटाएंगे?", "Refund ke liye kitna ghumaoge"),
        "rude-staff": ("दुकानदार ने सबके सामने मेरा अपमान किया।", "बात करने की तमीज़ नहीं है इन लोगों को।"),
        "waiting": ("घंटों लाइन में खड़ा रहा।", "किसी ने पलटकर फोन नहीं किया।"),
        "faulty-product": ("जूता एक हफ़्ते में फट गया।", "चार्जर खराब निकला।"),
        "app-website": ("साइट बहुत धीरे खुलती है।", "एप में मेरा पता नहीं बदलता।"),
        "explaining-again": ("एक ही बात दस लोगों को बतानी पड़ी।", "फिर से सब कुछ शुरू से समझाना पड़ा।"),
        "not-solved": ("मेरी दिक्कत दूर नहीं हुई।", "शिकायत पर कोई कार्रवाई नहीं हुई।"),
    },
    "ar": {
        "late-delivery": ("وصلت الهدية بعد العيد بأسبوع.", "خدمة التوصيل بطيئة للغاية."),
        "refund": ("أين نقودي؟", "يرفضون إعادة المبلغ الذي دفعته."),
        "rude-staff": ("موظف الاستقبال قليل الأدب.", "عاملوني معاملة سيئة أمام الناس."),
        "waiting": ("بقيت ساعة كاملة على الهاتف بلا جواب.", "لم يرد أحد على رسالتي."),
        "faulty-product": ("السماعة معطلة من أول يوم.", "جودة القماش سيئة."),
        "app-website": ("الموقع لا يفتح من هاتفي.", "بعد التحديث صار التطبيق بطيئاً."),
        "explaining-again": ("تعبت من تكرار نفس الكلام.", "كل موظف يسألني من جديد."),
        "not-solved": ("لم تُحل مشكلتي حتى الآن.", "لا فائدة من الاتصال بكم."),
    },
}

#: What is about none of them.
NEITHER: Mapping[str, Sequence[str]] = {
    "en": (
        "Good", "Thank you so much", "None", "n/a", "I called about my contract and everything is fine now.",
        "Best shop in town.", "I learnt something new today.", "Please open a branch in our city.", "ok", "5",
    ),
    "id": (
        "Bagus", "Terima kasih banyak", "Mantap", "Toko terbaik di kota ini.", "Semoga sukses selalu.",
        "Tolong buka cabang di kota kami.", "Saya belajar hal baru hari ini.", "tidak ada", "oke", "-",
    ),
    "hi": (
        "अच्छा", "बहुत धन्यवाद", "शहर की सबसे अच्छी दुकान।", "आज कुछ नया सीखा।", "हमारे शहर में भी शाखा खोलिए।",
        "सब बढ़िया है।", "नमस्ते", "ठीक है", "शाबाश", "जारी रखिए।",
    ),
    "ar": (
        "جيد", "شكراً جزيلاً", "أفضل متجر في المدينة.", "تعلمت اليوم شيئاً جديداً.", "افتحوا فرعاً في مدينتنا.",
        "كل شيء على ما يرام.", "مرحباً", "ممتاز", "بالتوفيق", "لا يوجد",
    ),
}  # fmt: skip
