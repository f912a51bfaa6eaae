"""What the reader must know of the model to read it rightly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedbackhub.reporting import Words
from feedbackhub.statistics import HIDDEN_BELOW

from .known import Known

__all__ = ["notes"]


def notes(t: Words, known: Known, most: Sequence[str]) -> Iterator[str]:
    """Yield the sentences.

    Args:
        t: The words.
        known: The inputs.
        most: Labels of the inputs by how much the result depends on them.
    """
    yield t(
        "Model, not a measurement: a calculation from the assumptions below. 90 of 100 runs, each with inputs drawn "
        "by chance from their ranges, lie between the ends shown."
    )
    if known.missing:
        labels = ", ".join(t(known.held[name].about.label) for name in known.missing)
        yield t("Nothing can be worked out before these are known: {names}.", names=labels)
        if 0 < known.measured.contacts < HIDDEN_BELOW and "contacts" in known.missing:
            yield t("Fewer than 10 inbound contacts do not say how many come in a month.")
        return
    if not known.currency:
        yield t("Enter the currency and the margin of a customer on the page of assumptions to see the cost in money.")
    if known.currency and "handling" not in known.ranges:
        yield t("Costs of handling are left out, as the cost of one contact is not entered.")
    if most:
        yield t("The result depends most on: {name}. Learn more about that before anything else.", name=most[0])
    if known.origins["silent"] == "default":
        yield t(
            "How many customers keep silent for each who complains is not known: quotations reach from none to 26, and "
            "the two ends are far apart. Count it among your own customers, then enter it."
        )
    if known.origins["solved"] == "default":
        yield t("The share of problems solved is assumed: fewer than 10 customers have answered that question.")
    yield t(
        "It does not say that problems are the cause: customers with problems differ from others, and some leave "
        "anyway. Who leaves without any problem is subtracted as far as it is entered."
    )
    yield t("Inputs are drawn apart from each other; where two go together in truth, the range would be wider.")
