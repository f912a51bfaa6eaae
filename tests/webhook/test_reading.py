"""Bodies of any spelling are read, and what cannot be read says where and what to do."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import ContactEvent, Ignored, Refused, Reopened
from feedbackhub.testing import make_incoming
from feedbackhub_plugins.webhook.bodies import read_body
from feedbackhub_plugins.webhook.moments import read_moment
from feedbackhub_plugins.webhook.paths import BadPath, compiled, find, found, is_nothing
from feedbackhub_plugins.webhook.salvage import salvaged

from .conftest import contact, one, reader, request, told

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
FORM = {"content-type": "application/x-www-form-urlencoded"}
TEMPLATE = """{ "id": "{{ticket.id}}", "about": {"title": "{{ticket.title}}", "n": {{ticket.count}}},
 "mail": "{{user.email}}" }"""


def body(raw: str, **headers: str) -> Any:
    """Read a body."""
    return read_body(make_incoming(raw.encode(), {name.replace("_", "-"): value for name, value in headers.items()}))


def problem(raw: str, **headers: str) -> str:
    """Return why a body is refused."""
    with pytest.raises(Refused) as refused:
        body(raw, **headers)
    return str(refused.value)


@given(JSON)
def test_json_is_read_as_it_is(document: Any) -> None:
    text = json.dumps({"document": document})
    assert body(text) == {"document": document}


@pytest.mark.parametrize("raw", ["", "hello", "<xml/>", "{", '{"a": NaN}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_body_is_refused(raw: str) -> None:
    assert problem(raw)


def test_broken_json_is_refused_with_the_place_and_what_to_do() -> None:
    said = problem('{"ticket_id": "5",\n "title": "He said "hello" to me"}')
    assert said.startswith('the JSON breaks at line 2, column 21, after the key "title"')
    assert "leave such fields out of the template there" in said
    assert len(said) <= 300
    assert "hello" not in said


def test_line_ends_within_texts_are_no_harm() -> None:
    assert body('{"a": "one\ntwo"}') == {"a": "one\ntwo"}


def test_form_fields_are_read_however_they_nest() -> None:
    raw = "ticket[id]=5&ticket[user][name]=A+B&tags[]=x&tags[]=y&n=1&n=2&odd]=z&payload=%7B%22a%22%3A1%7D&event={x:1}"
    assert body(raw, **FORM) == {
        "ticket": {"id": "5", "user": {"name": "A B"}},
        "tags": ["x", "y"],
        "n": ["1", "2"],
        "odd]": "z",
        "payload": {"a": 1},
        "event": "{x:1}",
    }


@given(st.dictionaries(st.text("abc[]x", min_size=1, max_size=9), st.text(max_size=5), max_size=8))
def test_any_form_is_read(fields: dict[str, str]) -> None:
    read = body(urlencode(fields) or "a=", **FORM)
    assert isinstance(read, dict)


def test_json_is_read_though_its_sender_calls_it_a_form() -> None:
    assert body('{"a": 1}', **FORM) == {"a": 1}


def test_other_letters_are_read_as_the_header_says() -> None:
    raw = '{"a": "é"}'.encode("latin-1")
    assert read_body(make_incoming(raw, {"Content-Type": "application/json; charset=ISO-8859-1"})) == {"a": "é"}
    with pytest.raises(Refused, match="not written in utf-8"):
        read_body(make_incoming(raw))


def test_multipart_is_refused_with_what_to_do() -> None:
    assert "let the other system send JSON" in problem("--x", content_type="multipart/form-data; boundary=x")


WORD = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=30)


@given(WORD, WORD, st.integers(0, 999), WORD)
def test_a_broken_body_is_read_by_its_template_or_not_at_all(number: str, title: str, count: int, mail: str) -> None:
    values = {"ticket.id": number, "ticket.title": title, "ticket.count": str(count), "user.email": mail}
    filled = TEMPLATE
    for name, value in values.items():
        filled = filled.replace("{{" + name + "}}", value, 1)
    read = salvaged(filled, TEMPLATE)
    about = {"title": title.strip(), "n": str(count)}
    assert read is None or read == {"id": number.strip(), "about": about, "mail": mail.strip()}


EVIL = [
    'x"}, "mail": "evil@example.com',
    'x", "n": 1}, "mail": "evil@example.com" }',
    'x"  , "n":',
    'x", "n": 1}, "mail": ',
    '"}, "mail": "',
    '", "n": ", "n": ',
]


@pytest.mark.parametrize("title", EVIL)
def test_nobody_writes_other_fields_by_what_stands_in_one(title: str) -> None:
    filled = TEMPLATE.replace("{{ticket.id}}", "5").replace("{{ticket.title}}", title)
    filled = filled.replace("{{ticket.count}}", "2").replace("{{user.email}}", "ann@example.com")
    read = salvaged(filled, TEMPLATE)
    assert read is None or read["mail"] == "ann@example.com"


@given(st.lists(st.sampled_from(['"', ",", " ", "n", ":", "}", "mail", "1", "x"]), max_size=14).map("".join))
def test_no_piece_of_the_template_within_a_text_moves_another_field(title: str) -> None:
    filled = TEMPLATE.replace("{{ticket.id}}", "5").replace("{{ticket.title}}", title)
    filled = filled.replace("{{ticket.count}}", "2").replace("{{user.email}}", "ann@example.com")
    read = salvaged(filled, TEMPLATE)
    assert read is None or (read["id"], read["about"], read["mail"]) == (
        "5", {"title": title.strip(), "n": "2"}, "ann@example.com",
    )


@given(st.text(max_size=20), JSON)
def test_any_path_finds_something_or_nothing(path: str, document: Any) -> None:
    try:
        compiled(path)
    except BadPath:
        return
    found(path, document)


@given(JSON)
def test_what_is_nothing_is_never_found(document: Any) -> None:
    value, path = find(["a", "b[?x=='1'].c", "length(a)"], {"a": document})
    assert (path == "") == (value is None)
    assert value is None or not is_nothing(value)


@pytest.mark.parametrize(("text", "formats", "zone", "moment"), [
    ("2026-03-01T12:00Z", ("auto",), "UTC", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ("2026-03-01T12:00:00.282+07:00", ("auto",), "UTC", datetime(2026, 3, 1, 5, 0, 0, 282000, tzinfo=UTC)),
    ("2026-03-01 12:00:00 UTC", ("auto",), "Asia/Jakarta", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ("2026-03-01 12:00", ("auto",), "Asia/Jakarta", datetime(2026, 3, 1, 5, tzinfo=UTC)),
    ("1772366400", ("auto",), "UTC", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    (1772366400.5, ("epoch",), "UTC", datetime(2026, 3, 1, 12, 0, 0, 500000, tzinfo=UTC)),
    (1772366400000, ("auto",), "UTC", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ("01/03/2026 12:00", ("iso", "%d/%m/%Y %H:%M"), "Asia/Jakarta", datetime(2026, 3, 1, 5, tzinfo=UTC)),
])
def test_dates_are_read(text: object, formats: tuple[str, ...], zone: str, moment: datetime) -> None:
    assert read_moment(text, formats, zone) == moment


@given(st.text() | st.integers() | st.floats())
def test_what_is_no_date_says_so(value: object) -> None:
    try:
        assert read_moment(value, ("auto", "epoch_ms"), "Asia/Jakarta").tzinfo is UTC
    except ValueError as error:
        assert "is no date in the format auto or epoch_ms" in str(error)


def test_everything_of_ours_can_be_read() -> None:
    read = reader(
        address="https://desk.example.com/",
        system="crm",
        paths={
            "external_id": ["missing", "id"],
            "customer": {
                "id": "who.id", "email": "who.mail", "name": "who.name", "language": "who.lang", "country": "who.cc",
                "timezone": "who.tz", "segment": "who.plan", "ids": {"shop": "who.shop"},
                "addresses": {"line": "who.line"}, "attributes": {"since": "who.since"},
            },
            "agent.id": "by",
            "agent": {"name": "by_name"},
            "team": "team", "channel": "via", "topic": "about", "product": "sku", "brand": "brand", "tags": "labels",
            "direction": "dir", "closed_by": "end", "started_at": "from", "ended_at": "to", "ask": "may",
            "test": "trial", "attributes.order": "order",
        },
        values={
            "channel": {"Web *": "chat"},
            "direction": {"OUT": "outbound", "*": "inbound"},
            "closed_by": {"system": "auto"},
            "customer": {"language": {"Deutsch": "de", "??_??": "*", "*": ""}},
        },
        url="{address}/t/{external_id}?by={agent.id}",
    )  # fmt: skip
    document = {
        "id": 7.0,
        "who": {
            "id": 41, "mail": "Ann <ann@example.com>", "name": " Ann\n Lee <ann@example.com>", "lang": "pt_BR",
            "cc": "BR", "tz": "America/Sao_Paulo", "plan": "gold", "shop": "s/1", "line": "U1", "since": 2019,
        },
        "by": "a&b", "by_name": "Tom", "team": "T" * 300, "via": "Web Widget", "about": ["", "refund"], "sku": "X1",
        "brand": "Acme Shop", "labels": "a, b;a", "dir": "out", "end": "System", "from": 1772362800,
        "to": "2026-03-01T12:00:00Z", "may": "no", "trial": 1, "order": 1001,
    }  # fmt: skip
    assert told(contact(read.read(request(document)))) == {
        "source": "desk",
        "external_id": "7",
        "customer": {
            "email": "ann@example.com", "ids": {"crm": "41", "shop": "s/1"}, "addresses": {"line": "U1"},
            "name": "Ann Lee", "language": "pt-BR", "country": "BR", "timezone": "America/Sao_Paulo",
            "segment": "gold", "attributes": {"since": "2019"},
        },
        "agent": {"id": "a&b", "name": "Tom"},
        "team": "T" * 199 + "…", "channel": "chat", "topic": "refund", "product": "X1", "brand": "acme-shop",
        "tags": ["a", "b"], "direction": "outbound", "closed_by": "auto", "started_at": "2026-03-01T11:00:00Z",
        "ended_at": "2026-03-01T12:00:00Z", "url": "https://desk.example.com/t/7?by=a%26b", "ask": False,
        "test": True, "attributes": {"order": "1001"},
    }  # fmt: skip


def test_empty_values_of_every_kind_are_missing() -> None:
    read = reader(paths={"customer.email": ["a", "b", "c", "d", "e"]}, defaults={"team": "Shop", "channel": "phone"})
    body = {"id": "1", "a": None, "b": {}, "c": [], "d": "  ", "e": "ann@example.com"}
    event = contact(read.read(request(body)))
    assert (event.customer and event.customer.email, event.team, event.channel) == ("ann@example.com", "Shop", "phone")


def test_a_contact_of_nobody_known_is_anonymous() -> None:
    event = contact(reader(paths={"customer.name": "name"}).read(request({"id": 1, "name": "Ann"})))
    assert (event.customer, event.agent) == (None, None)


def test_every_value_that_does_not_fit_is_named_with_its_path() -> None:
    read = reader(paths={"customer.email": "who", "ended_at": "at", "ask": "may", "agent.id": "by"})
    body = {"id": 1, "who": {"mail": 1, "name": 2}, "at": "soon", "may": "perhaps", "by": "{{ticket.assignee.id}}"}
    with pytest.raises(Refused) as refused:
        read.read(request(body))
    assert [(each.field, each.reason) for each in refused.value.problems] == [
        ("customer.email", "is an object; name one of its fields: mail, name (at who)"),
        ("ended_at", "'soon' is no date in the format auto (at at)"),
        ("ask", "is neither true nor false (at may)"),
        ("agent.id", "holds a placeholder that the other system did not fill; is it spelt as there? (at by)"),
    ]


def test_a_contact_that_breaks_our_own_rules_is_named_too() -> None:
    read = reader(paths={"closed_by": "end", "customer.email": "m", "customer.country": "cc"})
    with pytest.raises(Refused) as refused:
        read.read(request({"id": 1, "end": "agent_7", "m": "a@b.example", "cc": "Brazil"}))
    assert [each.field for each in refused.value.problems] == ["customer.country", "closed_by"]


def test_a_body_without_an_id_says_where_it_was_looked_for() -> None:
    with pytest.raises(Refused, match="external_id: nothing lies at ticket.id or number"):
        reader(paths={"external_id": ["ticket.id", "number"]}).read(request({"id": 1}))


def test_a_phone_number_that_is_none_counts_only_when_it_is_all_there_is() -> None:
    paths = {"customer.email": "m", "customer.phone": "p"}
    both = contact(reader(paths=paths).read(request({"id": 1, "m": "a@example.com", "p": "call me maybe"})))
    assert both.customer is not None
    assert both.customer.phone == ""
    alone = contact(reader(paths=paths).read(request({"id": 1, "p": "call me maybe"})))
    assert alone.customer is not None
    assert alone.customer.phone == "call me maybe"


def test_several_events_in_one_body() -> None:
    assert len(reader().read(request([{"id": 1}, {"id": 2}]))) == 2
    nested = reader(each="batch.events", paths={"team": "_body.batch.team", "topic": "_headers.x_kind"})
    body = {"batch": {"team": "Shop", "events": [{"id": 1}, {"id": 2}]}}
    events = nested.read(request(body, x_kind="closed"))
    assert [(each.external_id, each.team, each.topic) for each in events if isinstance(each, ContactEvent)] == [
        ("1", "Shop", "closed"), ("2", "Shop", "closed"),
    ]
    assert reader().read(request([])) == [Ignored("the body holds no event")]


def test_conditions_decide_what_a_body_means() -> None:
    read = reader(
        ended=[{"path": "state", "one_of": ["Closed", 5]}, {"path": "done"}],
        reopened=[{"path": "state", "matches": ["re-*"]}],
        ignore=[{"path": "kind", "equals": "comment"}],
        do_not_ask=[{"path": "tags", "one_of": ["vip"]}],
        paths={"reopened_at": "at"},
    )
    assert contact(read.read(request({"id": 1, "state": "CLOSED"}))).ask
    assert contact(read.read(request({"id": 1, "state": 5}))).ask
    assert contact(read.read(request({"id": 1, "done": True}))).ask
    assert not contact(read.read(request({"id": 1, "done": 1, "tags": ["a", "VIP"]}))).ask
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert one(read.read(request({"id": 1, "state": "Re-opened", "at": 1772366400}))) == Reopened("1", moment)
    assert one(read.read(request({"id": 1, "state": "open", "done": False}))) == Ignored(
        "not ended: state is open; done is false"
    )
    assert isinstance(one(read.read(request({"id": 1, "done": True, "kind": "Comment"}))), Ignored)


@given(JSON)
def test_any_document_is_read_or_refused(document: Any) -> None:
    read = reader(
        paths={"external_id": ["id", "a", "@"], "customer.email": "mail", "tags": "a", "ended_at": "to"},
        ended=[{"path": "a", "matches": ["*"]}, {"path": "id"}],
    )
    try:
        assert read.read(request(document if isinstance(document, list | dict) else {"id": document}))
    except Refused as error:
        assert all(each.reason for each in error.problems)
