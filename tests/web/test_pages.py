"""The pages of an administrator: people, keys, settings, plugins, the log."""

import re

import pytest
from flask.testing import FlaskClient

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.tracing import keep_trace
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.containment import PluginFault
from feedbackhub.machinery.plugins import Plugins, PluginState
from feedbackhub.office.keys import check_key, create_key, list_keys
from feedbackhub.office.users import find_user, invite_user, list_users
from feedbackhub.store.migrate import upgrade
from feedbackhub.store.store import Store
from tests.app_fixtures import MakeClient, StaffClient

PAGES = ("/users", "/keys", "/settings", "/plugins", "/audit", "/account")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_in_the_shell_and_marks_its_line_of_the_navigation(admin_client: StaffClient, path: str) -> None:
    text = admin_client.get(path).text
    here = re.findall(r'<a href="([^"]+)" aria-current="page"', text)
    assert here == ([path] if path != "/account" else [])


def test_nobody_is_shown_lines_that_are_not_open_to_them(client_of: MakeClient) -> None:
    menus = {role: client_of(role).get("/account").text for role in ("agent", "manager", "admin")}
    paths = ("/users", "/keys", "/audit")
    shown = {role: [path for path in paths if f'href="{path}"' in text] for role, text in menus.items()}
    assert shown == {"agent": [], "manager": [], "admin": ["/users", "/keys", "/audit"]}


def test_no_page_holds_inline_scripts_or_styles(admin_client: StaffClient) -> None:
    for path in PAGES:
        text = admin_client.get(path).text
        assert (re.findall(r"<script(?![^>]*\bsrc=)", text), re.findall(r"\sstyle=|\son\w+=", text)) == ([], []), path


def test_an_invited_person_gets_an_address_that_is_shown_once(admin_client: StaffClient, core: Core) -> None:
    answer = admin_client.submit("/users", {"email": "Dewi@Example.com", "name": "Dewi", "role": "manager"})
    secret = re.search(r'value="http://127\.0\.0\.1:8000/welcome/([^"]+)"', answer.text)
    assert secret is not None
    assert secret[1] not in admin_client.get("/users").text
    assert [(u.email, u.role, u.state) for u in list_users(core.store) if u.name == "Dewi"] == [
        ("dewi@example.com", "manager", "invited")
    ]
    assert admin_client.get(f"/welcome/{secret[1]}").status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "reason"),
    [
        ({"email": "nobody", "role": "agent"}, 422, "is not a valid e-mail address"),
        ({"email": "admin@example.com", "role": "agent"}, 409, "there is a user with this e-mail address already"),
        ({"email": "a@example.com", "role": "owner"}, 422, "must be one of agent, manager, admin"),
        ({"email": "a@example.com", "role": "agent", "name": "two\nlines"}, 422, "must be a single line"),
    ],
)
def test_a_wrong_invitation_keeps_what_was_typed(
    admin_client: StaffClient, form: dict[str, str], status: int, reason: str
) -> None:
    answer = admin_client.submit("/users", form)
    assert (answer.status_code, reason in answer.text) == (status, True)
    assert f'value="{form["email"]}"' in answer.text


def test_roles_are_changed_and_people_revoked_and_restored(
    admin_client: StaffClient, core: Core, clock: SetClock
) -> None:
    other, _ = invite_user(core.store, clock, "omar@example.com", "Omar", "agent", "tests")
    path = f"/users/{other.public_id}"
    assert admin_client.submit(f"{path}/role", {"role": "manager"}).headers["Location"] == "/users"
    assert find_user(core.store, other.public_id).role == "manager"
    admin_client.submit(f"{path}/revoke")
    assert find_user(core.store, other.public_id).state == "revoked"
    assert "omar@example.com cannot sign in any more." in admin_client.get("/users").text
    admin_client.submit(f"{path}/restore")
    assert find_user(core.store, other.public_id).state == "invited"


def test_the_last_administrator_cannot_be_lost(admin_client: StaffClient, core: Core) -> None:
    path = f"/users/{admin_client.user.public_id}"
    for verb, form in (("role", {"role": "agent"}), ("revoke", {})):
        admin_client.submit(f"{path}/{verb}", form)
        assert "This is the last administrator." in admin_client.get("/users").text
    assert find_user(core.store, admin_client.user.public_id).role == "admin"


def test_an_unknown_person_is_not_found(admin_client: StaffClient) -> None:
    assert admin_client.submit("/users/AAAAAAAAAAAA/revoke").status_code == 404


def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    admin_client: StaffClient, core: Core, clock: SetClock
) -> None:
    answer = admin_client.submit("/keys", {"name": "Helpdesk", "scopes": ["contacts:write", "contacts:read"]})
    secret = re.search(r'value="(fh_[^"]+)"', answer.text)
    assert secret is not None
    assert secret[1] not in admin_client.get("/keys").text
    key = check_key(core.store, clock.now(), secret[1])
    assert key is not None
    assert key.scopes == ("contacts:write", "contacts:read")
    admin_client.submit(f"/keys/{key.public_id}/revoke")
    assert check_key(core.store, clock.now(), secret[1]) is None


def test_a_key_without_scopes_is_refused_and_what_was_typed_is_kept(admin_client: StaffClient, core: Core) -> None:
    answer = admin_client.submit("/keys", {"name": "Helpdesk"})
    assert (answer.status_code, "name at least one scope" in answer.text) == (422, True)
    assert 'value="Helpdesk"' in answer.text
    assert list_keys(core.store) == []


def test_a_second_key_of_a_name_is_refused(admin_client: StaffClient, core: Core, clock: SetClock) -> None:
    create_key(core.store, clock, "Helpdesk", ["contacts:read"], "tests")
    answer = admin_client.submit("/keys", {"name": "Helpdesk", "scopes": "contacts:read"})
    assert (answer.status_code, "there is a key named Helpdesk already" in answer.text) == (409, True)


def test_a_language_is_chosen_and_another_refused(admin_client: StaffClient) -> None:
    assert admin_client.submit("/account/language", {"language": "en"}).headers["Location"] == "/account"
    assert '<option value="en" selected>' in admin_client.get("/account").text
    assert admin_client.submit("/account/language", {"language": "xx"}).status_code == 422


def test_settings_are_shown_with_their_sources_and_without_passwords(core: Core, client_of: MakeClient) -> None:
    text = client_of("admin").get("/settings").text
    assert "<code>session_hours</code>" in text
    assert "Hours until staff have to sign in again." in text


def test_plugins_are_shown_with_state_and_reason(core: Core) -> None:
    states = (
        PluginState("good", "1.0", "active", hooks=("feedbackhub_rules",)),
        PluginState("bad", "0.1", "failed", "ImportError: <no such thing>"),
    )
    app = create_app(Core(**{**vars(core), "plugins": Plugins(states, warnings=("[plugins.x] is set",))}))
    with app.test_request_context("/plugins"):
        view = app.view_functions["plugins.index"]
        text = str(app.ensure_sync(view)())
    words = ("ImportError: &lt;no such thing&gt;", "[plugins.x] is set")
    assert [word for word in words if word not in text] == []


def test_the_log_is_read_back_page_by_page(admin_client: StaffClient, core: Core, clock: SetClock) -> None:
    for number in range(60):
        invite_user(core.store, clock, f"user{number}@example.com", "", "agent", "tests")
    first = admin_client.get("/audit").text
    older = re.search(r'href="(/audit\?before=\d+)" rel="next"', first)
    assert older is not None
    second = admin_client.get(older[1]).text
    assert (first.count("user.invited"), second.count("user.invited")) == (50, 11)
    assert 'rel="next"' not in second


def test_the_log_of_one_subject_is_read(admin_client: StaffClient) -> None:
    text = admin_client.get("/audit", query_string={"subject": f"user:{admin_client.user.public_id}"}).text
    assert text.count("user.invited") == 1


def test_healthz_answers_whatever_the_database_does(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_readyz_tells_what_is_degraded(core: Core) -> None:
    failed = Plugins((PluginState("sms", "1", "failed", "a reason with details"),))
    app = create_app(Core(**{**vars(core), "plugins": failed}), engine_runs=lambda: False)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (
        200, {"status": "degraded", "broken": [], "degraded": ["plugin sms failed", "messages are not being sent"]},
    )  # fmt: skip


def test_readyz_refuses_without_the_schema(core: Core, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Store(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'feedbackhub.db'}")
    client = create_app(Core(**{**vars(core), "store": empty})).test_client()
    assert client.get("/readyz").status_code == 503
    upgrade(empty)
    assert client.get("/readyz").get_json() == {"status": "ready", "broken": [], "degraded": []}
    empty.close()


def test_without_the_database_pages_say_so_and_nothing_falls_over(
    core: Core, tmp_path_factory: pytest.TempPathFactory, admin_client: StaffClient
) -> None:
    gone = Store(f"sqlite:///{tmp_path_factory.mktemp('gone') / 'no' / 'such' / 'folder.db'}")
    app = create_app(Core(**{**vars(core), "store": gone}))
    cookie = admin_client.get_cookie("feedbackhub")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie("feedbackhub", cookie.value)
    for path in ("/users", "/sign-in", "/nothing", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == (404 if path == "/nothing" else 503), path
    assert client.get("/users").headers["Retry-After"] == "2"
    gone.close()


def test_a_plugin_is_shown_with_what_it_brings_and_what_ran_in_it(core: Core, client_of: MakeClient) -> None:
    with pytest.raises(PluginFault):
        core.containment.call("asking", "decide sampling", lambda: 1 / 0)
    core.containment.call("asking", "decide sampling", lambda: None)
    keep_trace(core)
    admin = client_of("admin")
    text = admin.get("/plugins/asking").text
    words = ("<code>quiet_hours</code>", "decide sampling", "raised ZeroDivisionError", "no personal data",
             "Had faults")  # fmt: skip
    assert [word for word in words if word not in text] == []
    assert "raised ZeroDivisionError" in admin.get("/plugins").text
    assert admin.get("/plugins/nothing").status_code == 404
    assert client_of("agent").get("/plugins/asking").status_code == 403
