"""Staff are invited, sign in, are reset and revoked; nobody learns more than they should."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, event

from feedbackhub.contract.errors import Conflict, NotFound, Refused
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office import passwords
from feedbackhub.office.audit import entries
from feedbackhub.office.users import (
    LastAdmin,
    SignInRefused,
    User,
    change_role,
    find_user,
    invite_user,
    link_agent,
    list_users,
    reset_user,
    restore_user,
    revoke_user,
    session_user,
    set_language,
    set_password,
    sign_in,
    sign_out,
    user_by_email,
    user_of_secret,
)
from feedbackhub.store.queries import staff
from feedbackhub.store.store import Store

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least effort: what is tested here is who gets in, not how long guessing takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._hash_of_nothing.cache_clear()


def member(store: Store, clock: SetClock, email: str = "ana@example.com", role: str = "admin") -> User:
    """Somebody who has set a password."""
    _, secret = invite_user(store, clock, email, "Ana", role, "cli")
    return set_password(store, clock, secret, PASSWORD)


def test_an_invited_person_sets_a_password_and_signs_in(store: Store, clock: SetClock) -> None:
    invited, secret = invite_user(store, clock, " Ana@Example.com", "Ana", "manager", "cli")
    assert (invited.email, invited.role, invited.state) == ("ana@example.com", "manager", "invited")
    assert user_of_secret(store, clock.now(), secret) == invited
    active = set_password(store, clock, secret, PASSWORD)
    user, token = sign_in(store, clock, 12, "ANA@example.com", PASSWORD)
    assert session_user(store, clock.now(), token) == user == active == find_user(store, active.public_id)
    assert list_users(store) == [user]


def test_a_one_time_secret_works_once_and_for_seven_days(store: Store, clock: SetClock) -> None:
    _, secret = invite_user(store, clock, "ana@example.com", "", "agent", "cli")
    _, late = invite_user(store, clock, "bob@example.com", "", "agent", "cli")
    set_password(store, clock, secret, PASSWORD)
    with pytest.raises(NotFound):
        set_password(store, clock, secret, PASSWORD + "!")
    clock.move(timedelta(days=7))
    assert user_of_secret(store, clock.now(), late) is None
    with pytest.raises(NotFound):
        set_password(store, clock, late, PASSWORD)


def test_an_empty_secret_opens_nothing(store: Store, clock: SetClock) -> None:
    member(store, clock)
    assert user_of_secret(store, clock.now(), "") is None


@pytest.mark.parametrize("weak", ["short", "ana@example.com", "ANA@EXAMPLE.COM", "aaaaaaaaaaaa", "ab" * 600])
def test_a_weak_password_is_refused_and_the_secret_stays(weak: str, store: Store, clock: SetClock) -> None:
    _, secret = invite_user(store, clock, "ana@example.com", "", "agent", "cli")
    with pytest.raises(Refused) as refused:
        set_password(store, clock, secret, weak)
    assert [problem.field for problem in refused.value.problems] == ["password"]
    assert user_of_secret(store, clock.now(), secret) is not None


def test_two_users_never_share_an_address(store: Store, clock: SetClock) -> None:
    invite_user(store, clock, "ana@example.com", "", "agent", "cli")
    with pytest.raises(Conflict):
        invite_user(store, clock, "Ana@example.com", "", "admin", "cli")


@pytest.mark.parametrize(("email", "name", "role"), [
    ("no address", "", "agent"), ("a@example.com", "two\nlines", "agent"), ("a@example.com", "", "root"),
    ("a@example.com", "x" * 201, "agent"),
])  # fmt: skip
def test_an_invitation_that_makes_no_sense_is_refused(
    email: str, name: str, role: str, store: Store, clock: SetClock
) -> None:
    with pytest.raises(Refused):
        invite_user(store, clock, email, name, role, "cli")
    assert list_users(store) == []


def refusal(store: Store, clock: SetClock, email: str, password: str) -> str:
    with pytest.raises(SignInRefused) as refused:
        sign_in(store, clock, 12, email, password)
    return str(refused.value)


def test_unknown_revoked_and_invited_accounts_are_refused_in_the_same_words(store: Store, clock: SetClock) -> None:
    member(store, clock)
    gone = member(store, clock, "gone@example.com", "agent")
    revoke_user(store, clock, gone, "cli")
    invite_user(store, clock, "new@example.com", "", "agent", "cli")
    said = {
        refusal(store, clock, "ana@example.com", "wrong password"),
        refusal(store, clock, "nobody@example.com", PASSWORD),
        refusal(store, clock, "gone@example.com", PASSWORD),
        refusal(store, clock, "new@example.com", ""),
        refusal(store, clock, "not an address\ud800", "\ud800\0"),
        refusal(store, clock, "ana@example.com", PASSWORD + "x" * 2000),
    }
    assert said == {"this e-mail address and password do not belong together"}


def test_an_unknown_account_takes_as_long_as_a_wrong_password(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1))
    member(store, clock)

    def seconds(email: str) -> float:
        start = time.perf_counter()
        refusal(store, clock, email, "wrong password")
        return time.perf_counter() - start

    seconds("nobody@example.com")
    known = statistics.median(seconds("ana@example.com") for _ in range(9))
    unknown = statistics.median(seconds("nobody@example.com") for _ in range(9))
    assert 0.5 < known / unknown < 2


def test_a_session_ends_after_its_hours(store: Store, clock: SetClock) -> None:
    member(store, clock)
    _, token = sign_in(store, clock, 12, "ana@example.com", PASSWORD)
    clock.move(timedelta(hours=12) - timedelta(seconds=1))
    assert session_user(store, clock.now(), token) is not None
    clock.move(timedelta(seconds=1))
    assert session_user(store, clock.now(), token) is None


def test_signing_out_ends_this_session_only(store: Store, clock: SetClock) -> None:
    user = member(store, clock)
    _, one = sign_in(store, clock, 12, user.email, PASSWORD)
    _, other = sign_in(store, clock, 12, user.email, PASSWORD)
    sign_out(store, clock, one)
    sign_out(store, clock, one)
    assert [session_user(store, clock.now(), token) for token in (one, other)] == [None, user]


def test_the_stored_rows_open_nothing(store: Store, clock: SetClock) -> None:
    user = member(store, clock)
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    with store.read() as connection:
        stored = connection.exec_driver_sql("SELECT digest FROM staff_session").scalar_one()
        hashed = connection.exec_driver_sql("SELECT password_hash FROM staff_user").scalar_one()
    assert token not in stored
    assert session_user(store, clock.now(), stored) is None
    assert hashed.startswith("$argon2id$")


def test_who_is_signed_in_is_found_with_one_statement(store: Store, clock: SetClock) -> None:
    member(store, clock)
    _, token = sign_in(store, clock, 12, "ana@example.com", PASSWORD)
    statements: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.partition(" ")[0])

    event.listen(store.engine, "before_cursor_execute", note)
    session_user(store, clock.now(), token)
    assert [each for each in statements if each != "BEGIN"] == ["SELECT"]


@pytest.mark.parametrize("end", [revoke_user, reset_user])
def test_revoking_and_resetting_end_all_sessions_at_once(end: object, store: Store, clock: SetClock) -> None:
    member(store, clock)
    user = member(store, clock, "bob@example.com", "agent")
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    assert callable(end)
    end(store, clock, user, "cli")
    assert session_user(store, clock.now(), token) is None
    refusal(store, clock, user.email, PASSWORD)


def test_a_restored_user_signs_in_as_before_but_old_sessions_stay_ended(store: Store, clock: SetClock) -> None:
    member(store, clock)
    user = member(store, clock, "bob@example.com", "agent")
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    revoke_user(store, clock, user, "cli")
    assert find_user(store, user.public_id).state == "revoked"
    restore_user(store, clock, user, "cli")
    assert session_user(store, clock.now(), token) is None
    assert sign_in(store, clock, 12, user.email, PASSWORD)[0] == user


def test_a_reset_gives_a_new_secret_and_the_old_one_is_void(store: Store, clock: SetClock) -> None:
    user, first = invite_user(store, clock, "ana@example.com", "", "admin", "cli")
    second = reset_user(store, clock, user, "cli")
    assert user_of_secret(store, clock.now(), first) is None
    set_password(store, clock, second, PASSWORD)
    assert sign_in(store, clock, 12, user.email, PASSWORD)[0].id == user.id


def test_setting_a_password_anew_ends_the_sessions_of_before(store: Store, clock: SetClock) -> None:
    user = member(store, clock)
    secret = reset_user(store, clock, user, "cli")
    set_password(store, clock, secret, PASSWORD)
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    set_password(store, clock, reset_user(store, clock, user, "cli"), "another horse")
    assert session_user(store, clock.now(), token) is None


def test_the_last_admin_is_neither_revoked_nor_made_less(store: Store, clock: SetClock) -> None:
    ana = member(store, clock)
    invited, _ = invite_user(store, clock, "new@example.com", "", "admin", "cli")
    with pytest.raises(LastAdmin):
        revoke_user(store, clock, ana, "cli")
    with pytest.raises(LastAdmin):
        change_role(store, clock, ana, "manager", "cli")
    revoke_user(store, clock, invited, "cli")
    member(store, clock, "bob@example.com")
    revoke_user(store, clock, ana, "cli")
    assert [user.state for user in list_users(store)] == ["revoked", "active", "revoked"]


def test_two_admins_who_revoke_each_other_at_once_leave_one(store: Store, clock: SetClock) -> None:
    admins = [member(store, clock, f"{name}@example.com") for name in ("ana", "bob")]

    def revoke(user: User) -> bool:
        try:
            revoke_user(store, clock, user, "cli")
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(revoke, admins)) == [False, True]


def test_a_changed_role_holds_in_the_running_session(store: Store, clock: SetClock) -> None:
    member(store, clock)
    user = member(store, clock, "bob@example.com", "agent")
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    change_role(store, clock, user, "manager", "cli")
    found = session_user(store, clock.now(), token)
    assert found is not None
    assert found.role == "manager"
    with pytest.raises(Refused):
        change_role(store, clock, user, "root", "cli")


def test_language_and_agent_are_kept(store: Store, clock: SetClock) -> None:
    user = member(store, clock)
    set_language(store, clock, user, "id")
    link_agent(store, clock, user, None, "cli")
    found = user_by_email(store, "ANA@example.com")
    assert (found.language, found.agent_id) == ("id", None)
    with pytest.raises(NotFound):
        user_by_email(store, "nobody@example.com")


def test_a_weak_old_hash_is_renewed_at_the_next_sign_in(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = member(store, clock)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=2048, parallelism=1))
    sign_in(store, clock, 12, user.email, PASSWORD)
    with store.read() as connection:
        stored = staff.password_of(connection, user.email)
    assert stored is not None
    assert "m=2048,t=2,p=1" in stored.password_hash
    assert sign_in(store, clock, 12, user.email, PASSWORD)[0] == user


def test_a_password_is_the_same_however_its_accents_are_composed(store: Store, clock: SetClock) -> None:
    _, secret = invite_user(store, clock, "ana@example.com", "", "admin", "cli")
    set_password(store, clock, secret, "caf\u00e9 caf\u00e9 caf\u00e9")
    assert sign_in(store, clock, 12, "ana@example.com", "cafe\u0301 cafe\u0301 cafe\u0301")


def test_every_change_is_in_the_audit_log(store: Store, clock: SetClock) -> None:
    member(store, clock)
    user = member(store, clock, "bob@example.com", "agent")
    change_role(store, clock, user, "manager", "ana@example.com")
    _, token = sign_in(store, clock, 12, user.email, PASSWORD)
    sign_out(store, clock, token)
    revoke_user(store, clock, user, "ana@example.com")
    restore_user(store, clock, user, "ana@example.com")
    reset_user(store, clock, user, "ana@example.com")
    found = [(entry.actor, entry.action) for entry in entries(store, f"user:{user.public_id}")]
    assert found == [
        ("ana@example.com", "user.reset"),
        ("ana@example.com", "user.restored"),
        ("ana@example.com", "user.revoked"),
        ("bob@example.com", "user.signed_out"),
        ("bob@example.com", "user.signed_in"),
        ("ana@example.com", "user.role_changed"),
        ("bob@example.com", "user.password_set"),
        ("cli", "user.invited"),
    ]
    assert entries(store)[1].id == entries(store, before=entries(store)[0].id, limit=1)[0].id
