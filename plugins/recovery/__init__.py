"""A bad answer opens a case, is made good, and the customer is asked again.

Cases. `rules` say whether an answer opens one and `flagging` what is no matter of goodwill; `opening` makes it, in the
words of `case`; `moves` says what becomes of it, and `book` keeps it in `tables`. What people do comes through `deeds`
(pages: `case_pages`, `case_shown`, `case_words`; API: `case_routes`, `case_models`), what happens elsewhere through
`case_events`, what time does through `watch` and `watching` (`hours`, `hours_read`; mails to staff: `telling`), and
what must be looked at again through `working_again`.

Letters, which the code also calls offers. `texts` are what they are made of (`text_book`, `text_forms`, `text_pages`,
`text_routes`, `piping`, `reviews`, `sms_size`); `drafting` makes one, `letters` is what people do with it,
`making_good` writes those of rules and trials, `holding_back` keeps a trial's promise, `offers` keeps them in
`offer_tables`, and `leaving` sends them. Doors: `offer_pages`, `offer_forms`, `offers_shown`, `offer_routes`,
`offer_models`, `step_words`.

Asking again. `asking_again` plans it, `offer_events` follows the answer, `second_answers` puts both side by side.

The report. `recoveries_analysis` asks `recoveries_found`, which rests on `recoveries_read` and works out cases
(`recoveries_cases`, `recoveries_times`), second answers (`recoveries_again`), who stayed (`recoveries_people`,
`recoveries_retention`) and money (`recoveries_money`, on `money_assumptions` with `money_routes`); it is told by
`recoveries_figures`, `recoveries_shown`, `recoveries_money_shown` and `recoveries_notes`.

For all of them: `settings` and `offer_settings` (`names` finds slips in both), `desk_section` for the card, `erasing`,
and `offer_hooks`, which puts letters and asking again together.
"""

from __future__ import annotations

from feedbackhub import (
    About,
    Analysis,
    DeskSection,
    Hub,
    Page,
    Plugin,
    Route,
    Slot,
    Subscriber,
    Tables,
    Task,
    hookimpl,
)
from feedbackhub.reporting import N_
from feedbackhub.reporting.assumptions import assumption_pages

from .case_events import CaseEvents
from .case_pages import case_pages, case_slots
from .case_routes import case_routes
from .desk_section import offer_slots
from .erasing import Keeper
from .money_assumptions import assumptions_of
from .money_routes import money_routes
from .offer_hooks import good_pages, good_routes, offer_sections, offer_subscribers, offer_tasks
from .recoveries_analysis import Recoveries
from .settings import Settings
from .tables import TABLES
from .watching import EVERY, Watch

__all__ = [
    "Settings",
    "about",
    "feedbackhub_analyses",
    "feedbackhub_desk_sections",
    "feedbackhub_pages",
    "feedbackhub_plugin",
    "feedbackhub_routes",
    "feedbackhub_slots",
    "feedbackhub_subscribers",
    "feedbackhub_tables",
    "feedbackhub_tasks",
]

about = About(
    title="Recoveries",
    description="A bad answer opens a case, is made good, and the customer is asked again.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of cases and their history, of offers, and of what money was measured."""
    return TABLES


@hookimpl
def feedbackhub_plugin(hub: Hub) -> Plugin:
    """Bring what is said about personal data."""
    return Keeper(hub)


@hookimpl
def feedbackhub_subscribers(hub: Hub) -> list[Subscriber]:
    """Bring what opens cases and follows their answers."""
    return [CaseEvents(hub, hub.settings(Settings)), *offer_subscribers(hub)]


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring what looks at cases whose time has come."""
    return [Task("watch", Watch(hub, hub.settings(Settings)).run, every=EVERY), *offer_tasks(hub)]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages of the staff area."""
    assumed = assumption_pages(hub, assumptions_of(hub), N_("Assumptions on recoveries"), report="recoveries")
    return [*case_pages(hub, hub.settings(Settings)), *good_pages(hub), *assumed]


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the operations of the API."""
    return [*case_routes(hub, hub.settings(Settings)), *good_routes(hub), *money_routes(hub)]


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the report on recoveries."""
    return [Recoveries(hub, assumptions_of(hub))]


@hookimpl
def feedbackhub_desk_sections(hub: Hub) -> list[DeskSection]:
    """Bring the cases on the card."""
    return offer_sections(hub)


@hookimpl
def feedbackhub_slots(hub: Hub) -> list[Slot]:
    """Bring the cases on the pages of answers, contacts and customers."""
    return [*offer_slots(hub), *case_slots(hub, hub.settings(Settings))]
