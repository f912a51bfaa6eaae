"""The types of events that there are, and what an endpoint may ask for beside ids and dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import N_

__all__ = ["CHANGED", "INCLUDES", "NOTED", "SETTLED", "TEST", "TYPES", "fits", "wants"]

SETTLED, CHANGED, TEST = "response.settled", "response.changed", "webhooks.test"
#: What a note in a helpdesk follows from.
NOTED = (SETTLED, CHANGED)

TYPES = {
    "contact.recorded": N_("A contact has ended and was recorded; the event says whether its customer is asked."),
    "contact.reopened": N_("A contact goes on; an ask that was not sent yet is cancelled."),
    "invitation.created": N_("An ask is planned."),
    "invitation.sent": N_("The ask went out."),
    "invitation.reminded": N_("A reminder went out."),
    "invitation.undeliverable": N_("No channel could deliver the ask."),
    "invitation.expired": N_("The time to answer is over."),
    "invitation.cancelled": N_("The ask was called off."),
    "response.recorded": N_("The first answer came; more may follow in the next half hour."),
    "response.changed": N_("The answer was changed, or judged by staff."),
    "response.settled": N_("The answer is complete, or has been quiet for half an hour; once for each response."),
    "delivery.failed": N_("A message could not be delivered by one channel."),
    "delivery.parked": N_("A message waits for staff after its last attempt."),
    "delivery.retried": N_("Staff let a message be sent again."),
    "delivery.cancelled": N_("Staff called a message off."),
    "message.returned": N_("Something came back: a bounce, a complaint, a receipt, a reply."),
    "gesture.recorded": N_("An agent marked a customer or an answer."),
    "gesture.withdrawn": N_("An agent took a mark back."),
    "suppression.recorded": N_("An address must not be asked any more."),
    "suppression.lifted": N_("An address may be asked again."),
    "customer.erased": N_("A person was erased; whoever keeps copies should erase them too."),
    "webhooks.disabled": N_("One of these endpoints was disabled, because it is gone or has failed for days."),
}
INCLUDES = {
    "comment": N_("The comment, in the customer's own words."),
    "answers": N_("All answers, texts included."),
    "ticket": N_("Source, number and address of the contact in its own system."),
    "customer": N_("The customer's name and identifiers: addresses, numbers."),
}


def fits(type_: str) -> bool:
    """Tell whether a type may be asked for: a known one, any one's beginning with ``*``, or a plugin's own."""
    words = type_.removesuffix("*").rstrip(".").replace("-", "_").split(".")
    return type_ == "*" or (0 < len(type_) <= 80 and "." in type_ and all(each.isidentifier() for each in words))


def wants(types: Sequence[str], type_: str) -> bool:
    """Tell whether one of these types, some of which may end with ``*``, is this one."""
    return any(type_ == each or (each.endswith("*") and type_.startswith(each[:-1])) for each in types)
