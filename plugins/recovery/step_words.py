"""What the words for letters and their steps are called for staff."""

from __future__ import annotations

from collections.abc import Mapping

from feedbackhub.reporting import N_

__all__ = ["KIND_WORDS", "MANNER_WORDS", "OFFER_STEPS", "REASON_WORDS", "STATE_WORDS"]

KIND_WORDS: Mapping[str, str] = {
    "apology": N_("Apology"), "compensation": N_("Compensation"), "both": N_("Apology and compensation"),
    "follow_up": N_("What was done"), "call": N_("Call"),
}  # fmt: skip
MANNER_WORDS: Mapping[str, str] = {
    "": "", "plain": N_("plain"), "explanation": N_("with an explanation"), "promise": N_("with a promise"),
}  # fmt: skip
#: The words, and the colour of their badge.
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "draft": (N_("Draft"), "info"), "approved": (N_("Approved"), "info"), "sent": (N_("Sent"), "good"),
    "failed": (N_("Failed"), "bad"), "dropped": (N_("Not wanted"), "warn"), "withdrawn": (N_("Withdrawn"), "plain"),
    "taken_back": (N_("Taken back"), "warn"),
}  # fmt: skip
REASON_WORDS: Mapping[str, str] = {
    "": "", "discarded": N_("thrown away by a person"), "trial": N_("a trial forbids it"),
    "cap": N_("one apology too many"), "not_received": N_("it did not reach the customer"),
    "erased": N_("the customer was erased"), "not_taken": N_("the channel did not take it"),
    "unwanted": N_("the customer wants no messages"), "unreachable": N_("the customer cannot be reached"),
}  # fmt: skip
#: What stands in a case's history.
OFFER_STEPS: Mapping[str, str] = {
    "drafted": N_("Letter drafted"), "edited": N_("Letter changed"), "approved": N_("Letter approved"),
    "taken_back": N_("Letter taken back"), "withdrawn": N_("Letter withdrawn"), "letter_sent": N_("Letter sent"),
    "letter_failed": N_("Letter failed"), "letter_dropped": N_("Letter not sent: the customer wants none"),
    "letter_missing": N_("No letter could be made"), "trial": N_("In a trial"),
    "trial_ended": N_("The trial has ended"),
    "reask_planned": N_("Asking again is planned"), "reask_off": N_("Asking again was called off"),
    "reask_refused": N_("The customer was not asked again"), "asked_again": N_("The customer was asked again"),
    "answered_again": N_("The customer answered again"),
}  # fmt: skip
