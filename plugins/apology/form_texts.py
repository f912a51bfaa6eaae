"""What the steps of a draft are called, and what is said beside a field that is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from feedbackhub.reporting import N_

__all__ = ["DESIGNS", "ENDS", "STATES", "STEP_TITLES", "STOPPING", "STRATA_TITLES", "WRONG"]

STEP_TITLES: Mapping[str, str] = {
    "question": N_("Question and customers"),
    "arms": N_("What is tried"),
    "outcome": N_("What counts"),
    "size": N_("How many"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "draft": (N_("Draft"), "plain"),
    "running": (N_("Running"), "good"),
    "stopped": (N_("Stopped"), "warn"),
    "ended": (N_("Ended"), "info"),
}
#: Reasons of an end that the plan brought about.
ENDS: Mapping[str, str] = {
    "e-process": N_("The evidence was enough, by the rule of the plan"),
    "full": N_("All planned customers were taken in, and all windows are over"),
}
STOPPING: Mapping[str, str] = {
    "e-process": N_("As soon as the evidence is enough, looking all the time"),
    "fixed": N_("Once, when all windows are over"),
}
DESIGNS: Mapping[str, str] = {
    "hash": N_("Each customer by lot (for many customers)"),
    "blocks": N_("By lot in small balanced blocks (for few customers)"),
}
STRATA_TITLES: Mapping[str, str] = {
    "severity": N_("How bad the first rating was"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "segment": N_("Segment"),
    "team": N_("Team"),
    "topic": N_("Topic"),
    "product": N_("Product"),
    "brand": N_("Brand"),
    "country": N_("Country"),
}
_LISTED = N_("must be at most 50 lines of at most 80 characters")
_SHARE = N_("must lie between 0.1 % and 99.9 %")
_SCORE = N_("must be a number from 0 to 100")
#: What is said beside a field, by its name; of an arm by the name's end.
WRONG: Mapping[str, str] = {
    "": N_("cannot be taken as it is"),
    "name": N_("must be given, at most 80 characters; an arm's of small letters, digits, points and hyphens"),
    "question": N_("must be at most 200 characters"),
    "surveys": N_("must be published surveys"),
    "score_at_most": _SCORE,
    "exclude_topics": _LISTED,
    "exclude_tags": _LISTED,
    "exclude_segments": _LISTED,
    "exclude_words": _LISTED,
    "arms": N_("must be two to six arms"),
    "apology": N_("must be the name of a text, at most 64 characters"),
    "value": N_("must say what the customer gets, at most 80 characters"),
    "cost": N_("must be an amount such as 5 or 4.50, without a thousands separator"),
    "handling": N_("must be an amount such as 5 or 4.50, without a thousands separator"),
    "weight": N_("must be a whole number from 1 to 20"),
    "currency": N_("must be a currency's code of three letters, such as EUR or IDR"),
    "survey": N_("must be a published survey"),
    "reask_days": N_("must be a whole number of days from 1 to 60"),
    "window_days": N_("must be a whole number of days from 1 to 90"),
    "checkpoints": N_("must be one to eight whole numbers of days, such as 1, 7, 30, 90"),
    "score_at_least": _SCORE,
    "baseline": _SHARE,
    "effect": _SHARE,
    "alpha": N_("must lie between 0.1 % and 20 %"),
    "power": N_("must lie between 50 % and 99 %"),
    "per_week": N_("must be a number of 0.1 or more, or empty"),
    "n_each": N_("must be a whole number from 1 to 1000000"),
    "stopping": N_("must be one of these"),
    "design": N_("must be one of these"),
    "strata": N_("must be at most three of these"),
}
