"""The question types: what can be picked, in which words, and what it is worth."""

from __future__ import annotations

from feedbackhub import Offered, Question

#: Five steps after Likert, from one end to the other; the one in the middle says nothing bad.
AGREEMENT = Question(
    name="agreement",
    value="option",
    looks=("list", "menu"),
    options=(
        Offered(
            "strongly_disagree",
            {"en": "Strongly disagree", "id": "Sangat tidak setuju", "hi": "पूरी तरह असहमत", "ar": "لا أوافق بشدة"},
            score=0,
        ),
        Offered("disagree", {"en": "Disagree", "id": "Tidak setuju", "hi": "असहमत", "ar": "لا أوافق"}, score=25),
        Offered(
            "neutral",
            {"en": "Neither agree nor disagree", "id": "Netral", "hi": "न सहमत, न असहमत", "ar": "محايد"},
            score=50,
        ),
        Offered("agree", {"en": "Agree", "id": "Setuju", "hi": "सहमत", "ar": "أوافق"}, score=75),
        Offered(
            "strongly_agree",
            {"en": "Strongly agree", "id": "Sangat setuju", "hi": "पूरी तरह सहमत", "ar": "أوافق بشدة"},
            score=100,
        ),
    ),
    spellings={
        "1": "strongly_disagree", "2": "disagree", "3": "neutral", "4": "agree", "5": "strongly_agree",
    },
    macro="agreement.html",
)  # fmt: skip

#: The shortest question there is.
THUMBS = Question(
    name="thumbs",
    value="option",
    looks=("buttons", "list"),
    role="satisfaction",
    options=(
        Offered("up", {"en": "Good", "id": "Bagus", "hi": "अच्छा", "ar": "جيد"}, score=100, symbol="👍"),
        Offered(
            "down", {"en": "Not good", "id": "Kurang bagus", "hi": "अच्छा नहीं", "ar": "ليس جيدًا"}, score=0, symbol="👎"
        ),
    ),
    spellings={"yes": "up", "1": "up", "+1": "up", "👍": "up", "no": "down", "0": "down", "-1": "down", "👎": "down"},
    macro="thumbs.html",
)
