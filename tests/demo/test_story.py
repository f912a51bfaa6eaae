"""The story is lifelike, the same for the same dice, and leaves an instance as real use would."""

from datetime import timedelta

from sqlalchemy import func, select

from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.demo import DEMO_ADMIN, Size, fill
from feedbackhub.office.replay import replay
from feedbackhub.office.users import list_users
from feedbackhub.store.queries.tallies import whole_tally
from feedbackhub.store.tables import contact, customer, decision, gesture, invitation, response
from feedbackhub_plugins.recovery.tables import step
from tests.app_fixtures import START

SMALL = Size(days=6, customers=25, contacts_a_day=9, seed=3)


def counts(core: Core) -> dict[str, int]:
    """Return how many rows some tables have."""
    with core.store.read() as connection:
        tables = (contact, customer, decision, invitation, response, gesture)
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}


def story_core(core: Core) -> Core:
    """Return the instance with the ladder that reaches everybody."""
    ask = tuple(entry.model_copy(update={"channels": ("mailbox",)}) for entry in core.settings.ask)
    object.__setattr__(core, "settings", core.settings.model_copy(update={"ask": ask}))
    return core


def test_a_story_ends_now_and_its_counts_equal_a_recount(core: Core, clock: SetClock) -> None:
    heard: list[float] = []
    fill(story_core(core), clock, SMALL, START, heard.append)
    assert clock.now() == START
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    with core.store.read() as connection:
        assert whole_tally(connection) == dict(tallies.recount(connection))
        latest = connection.execute(select(func.max(contact.c.ended_at, type_=contact.c.ended_at.type))).scalar_one()
        languages = set(connection.scalars(select(invitation.c.language).distinct()))
    assert START - timedelta(days=2) < latest < START
    assert languages == {"en", "id", "hi", "ar"}
    found = counts(core)
    assert found["decision"] == found["contact"]
    assert found["response"] > 3


def test_the_same_dice_play_the_same_story(core: Core, clock: SetClock) -> None:
    fill(story_core(core), clock, SMALL, START, lambda done: None)
    with core.store.read() as connection:
        once = connection.execute(select(contact.c.external_id, contact.c.ended_at).order_by(contact.c.id)).all()
    assert len(once) == counts(core)["contact"]
    assert once[0].external_id.startswith("T-")
    assert [row.ended_at for row in once] == sorted(row.ended_at for row in once)


def test_replaying_a_story_through_its_own_policy_decides_the_same(core: Core, clock: SetClock) -> None:
    fill(story_core(core), clock, SMALL, START, lambda done: None)
    found = replay(core, core.settings, core.plugins, timedelta(days=30))
    assert found.contacts == counts(core)["contact"]
    assert found.before == found.after


def test_the_demo_has_an_admin_a_lead_and_agents(core: Core, clock: SetClock) -> None:
    fill(story_core(core), clock, Size(days=2, customers=3, contacts_a_day=1), START, lambda done: None)
    users = {user.email: user.role for user in list_users(core.store)}
    assert users == {
        DEMO_ADMIN: "admin",
        "lead@demo.example": "manager",
        "billing-1@demo.example": "agent",
        "billing-2@demo.example": "agent",
    }


def test_cases_are_taken_on_and_closed_and_some_customers_answer_again(core: Core, clock: SetClock) -> None:
    fill(story_core(core), clock, Size(days=10, customers=20, contacts_a_day=6, seed=2), START, lambda done: None)
    with core.store.read() as connection:
        again = connection.execute(
            select(func.count()).select_from(invitation).where(invitation.c.after_response_id.is_not(None))
        ).scalar_one()
        kinds = {row.kind: row.n for row in connection.execute(
            select(step.c.kind, func.count().label("n")).group_by(step.c.kind)
        )}  # fmt: skip
    assert again > 0
    assert kinds["opened"] >= kinds["acknowledged"] >= kinds["closed"] > 0
    assert kinds["answered_again"] > 0
