"""The card's words: every key and code that the card may hold, said to staff in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..contract.gestures import Apologies
from ..loop.card_parts import Caution, Opening, Trend
from ..machinery.i18n import N_, Translator

__all__ = [
    "call_time",
    "channel_name",
    "gesture_name",
    "identifier_name",
    "manner_name",
    "nth_gesture",
    "one_more_apology",
    "opening_text",
    "trend_text",
    "warning_text",
]

Facts = Mapping[str, str | int]


def call_waiting(t: Translator, facts: Facts) -> str:
    """Say for how long somebody has been waiting for a call."""
    return t.plural("Has been waiting for a call for {n} day.", "Has been waiting for a call for {n} days.",
                    int(facts["days"]))  # fmt: skip


def low_again(t: Translator, facts: Facts) -> str:
    """Say how many recent answers were unhappy ones."""
    return t.plural("{n} unhappy answer in the last 90 days.", "{n} unhappy answers in the last 90 days.",
                    int(facts["n"]))  # fmt: skip


def apologies(t: Translator, facts: Facts) -> str:
    """Say how many apologies there were lately."""
    return t.plural(
        "{n} apology within {days} days: research says that one more may hurt; a solution helps.",
        "{n} apologies within {days} days: research says that one more may hurt; a solution helps.",
        int(facts["n"]), days=facts["days"],
    )  # fmt: skip


WARNINGS: Mapping[str, str | Callable[[Translator, Facts], str]] = {
    "call_waiting": call_waiting,
    "low_again": low_again,
    "low_last": N_("The last answer was an unhappy one."),
    "not_solved": N_("The last issue was not solved."),
    "reopened_often": N_("Had to come back about the same issue, more than once."),
    "apologies": apologies,
}

OPENINGS: Mapping[str, str] = {
    "call_wish": N_("“You asked us to call you. Is now a good moment?”"),
    "unhappy_topic": N_("“I am sorry about your last contact with us about {topic}. I would like to put it right.”"),
    "unhappy": N_("“I am sorry about your last contact with us. I would like to put it right.”"),
    "solved_now_topic": N_("“Last time, {topic} was not solved. Is it solved by now?”"),
    "solved_now": N_("“Last time your issue was not solved. Is it solved by now?”"),
    "after_gesture": N_("“Last time something went wrong, and we came back to you about it. Is it all right now?”"),
    "thank_words": N_("“Thank you for what you wrote to us last time. We have read it.”"),
    "thank_topic": N_("“Thank you for your kind answer after your contact about {topic}.”"),
    "thank": N_("“Thank you for your kind answer last time.”"),
    "last_topic": N_("“You contacted us about {topic} recently. Is it about that again?”"),
    "last_contact": N_("“You contacted us recently. Is it about that again?”"),
}

TRENDS: Mapping[Trend, str] = {
    "up": N_("The ratings are going up."),
    "down": N_("The ratings are going down."),
    "steady": N_("The ratings stay about the same."),
    "too_few": N_("Too few ratings for a trend."),
}

GESTURES: Mapping[str, str] = {
    "apology": N_("Apology"),
    "compensation": N_("Compensation"),
    "call_back": N_("Call"),
}

MANNERS: Mapping[str, str] = {
    "plain": N_("in plain words"),
    "explanation": N_("with an explanation"),
    "promise": N_("with a promise"),
}

CHANNELS: Mapping[str, str] = {
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "chat": N_("Chat"),
    "social": N_("Social media"),
    "web_form": N_("Web form"),
    "forum": N_("Forum"),
    "counter": N_("Counter"),
    "app": N_("App"),
    "sms": N_("SMS"),
    "whatsapp": "WhatsApp",
    "other": N_("Other channel"),
}

CALL_TIMES: Mapping[str, str] = {
    "morning": N_("in the morning"),
    "afternoon": N_("in the afternoon"),
    "evening": N_("in the evening"),
    "any": N_("at any time"),
}


def warning_text(t: Translator, warning: Caution) -> str:
    """Say why care is due; an unknown reason is shown by its key rather than not at all."""
    known = WARNINGS.get(warning.key, warning.key)
    return t(known) if isinstance(known, str) else known(t, warning.facts)


def opening_text(t: Translator, opening: Opening) -> str:
    """Say the one line worth saying first."""
    known = OPENINGS.get(opening.key)
    return t(known, **opening.facts) if known else opening.key


def trend_text(t: Translator, trend: Trend) -> str:
    """Say where the ratings go."""
    return t(TRENDS[trend])


def gesture_name(t: Translator, kind: str, own: Mapping[str, str]) -> str:
    """Return the name of a kind of gesture.

    Args:
        t: The texts of the viewer.
        kind: The kind.
        own: Names of the kinds that the settings add.
    """
    return t(GESTURES[kind]) if kind in GESTURES else own.get(kind, kind)


def manner_name(t: Translator, manner: str) -> str:
    """Say how somebody apologised."""
    return t(MANNERS[manner]) if manner in MANNERS else manner


def one_more_apology(t: Translator, apologies: Apologies) -> str:
    """Say what speaks against one more apology, nothing when there is nothing."""
    if not apologies.too_many:
        return ""
    return t(
        "This would be apology number {n} within {days} days: research says it may hurt. A solution helps.",
        n=apologies.n + 1, days=apologies.days,
    )  # fmt: skip


def nth_gesture(t: Translator, nth: int) -> str:
    """Say the how-manieth gesture of its kind it was; nothing for the first."""
    return t("number {n}", n=nth) if nth > 1 else ""


def channel_name(t: Translator, channel: str) -> str:
    """Return the name of a channel; a company's own one is shown as its sources write it."""
    return t(CHANNELS[channel]) if channel in CHANNELS else channel


def call_time(t: Translator, time: str) -> str:
    """Say when somebody wants to be called."""
    return t(CALL_TIMES[time]) if time in CALL_TIMES else time


def identifier_name(t: Translator, kind: str) -> str:
    """Return the name of a kind of identifier: the other system's name for an id in it."""
    return channel_name(t, kind) if kind in ("email", "phone") else kind.removeprefix("id:")
