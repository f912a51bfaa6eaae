"""Routes of plugins: behind keys with scopes of their own, strict, described, and contained."""

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from flask import Flask
from pydantic import BaseModel, Field

from feedbackhub import Conflict, NotFound, Problem, Refused, Route, RouteRequest
from feedbackhub.app import create_app
from feedbackhub.contract.scalars import Moment
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.keys import SCOPES, create_key, scopes_of
from feedbackhub.web.api.shapes import Integral
from tests.api.conftest import Caller, problems
from tests.api.door.fuzzing import document_of, register_formats, run, serving
from tests.app_fixtures import StaffClient
from tests.mounts.conftest import plugin

SEEN: list[RouteRequest] = []


class Kind(Enum):
    """What an animal eats."""

    GRASS = "grass"
    MEAT = "meat"


class Cage(BaseModel):
    """Where it lives; other plugins have cages too."""

    number: Annotated[int, Field(ge=0, le=99, strict=True), Integral]


class Animal(BaseModel):
    """One animal."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Kind = Kind.GRASS
    cage: Cage | None = None
    note: str = ""
    born: Moment | None = None


class Found(BaseModel):
    """Some animals."""

    items: tuple[Animal, ...]
    at: datetime


class Asked(BaseModel):
    """Which animals."""

    kind: Literal["grass", "meat", ""] = ""


class Other(BaseModel):
    """Hard to describe."""

    thing: Any = object()


def listing(request: RouteRequest) -> Found:
    """Return the animals."""
    SEEN.append(request)
    assert isinstance(request.query, Asked)
    return Found(items=(Animal(name="ape", cage=Cage(number=7)),), at=datetime(2026, 3, 2, tzinfo=UTC))


def add(request: RouteRequest) -> Animal:
    """Keep an animal."""
    SEEN.append(request)
    assert isinstance(request.body, Animal)
    return Animal.model_validate(request.body.model_dump())


def raising(error: BaseException) -> Any:
    """Return a view that fails."""

    def view(request: RouteRequest) -> None:
        raise error

    return view


def one(request: RouteRequest) -> Animal:
    """Return an animal, unless it is not there."""
    if request.path["name"] != "ape":
        raise NotFound("no such animal")
    return Animal(name="ape")


def nothing(request: RouteRequest) -> None:
    """Do it silently."""
    SEEN.append(request)


ROUTES = [
    Route("GET", "animals", "List the animals.", "read", listing, Found, query=Asked),
    Route("POST", "animals", "Keep an animal.", "write", add, Animal, input=Animal, status=201),
    Route("GET", "named/<name>", "Return one animal.", "read", one, Animal),
    Route("DELETE", "numbered/<int:number>", "Let one go.", "write", nothing),
]
BAD = [
    Route("GET", "fails", "Fail.", "read", raising(KeyError("secret"))),
    Route("GET", "exits", "Exit.", "read", raising(SystemExit(3))),
    Route("GET", "says", "Say no.", "read", raising(Refused(Problem("name", "is too short")))),
    Route("GET", "clashes", "Clash.", "read", raising(Conflict("there is one"))),
    Route("GET", "wrong", "Return something else.", "read", lambda request: Cage(number=1), Animal),
    Route("GET", "more", "Return more than nothing.", "read", lambda request: Cage(number=1)),
]


@pytest.fixture
def modules() -> dict[str, Any]:
    """Two plugins whose models have the same names, and one that fails in every way."""
    SEEN.clear()
    other = {"Cage": type("Cage", (BaseModel,), {"__annotations__": {"size": str}})}
    ark = [Route("GET", "cage", "Return the cage.", "read", lambda request: other["Cage"](size="big"), other["Cage"])]
    return {"zoo": plugin(routes=ROUTES), "ark": plugin(routes=ark), "bad": plugin(routes=BAD)}


@pytest.fixture
def caller(app: Flask, core: Core, clock: SetClock) -> Caller:
    """A system whose key may do everything."""
    known = scopes_of(core.plugins)
    return Caller(app.test_client(), create_key(core.store, clock, "all", known, "tests", known)[1])


def test_scopes_of_plugins_stand_beside_the_core_s(core: Core, admin_client: StaffClient) -> None:
    own = ("x:ark:read", "x:bad:read", "x:zoo:read", "x:zoo:write")
    assert scopes_of(core.plugins) == (*SCOPES, *own)
    shown = admin_client.get("/keys").text
    assert [f'value="{scope}"' in shown for scope in own] == [True] * 4


def test_a_scope_of_no_plugin_is_refused(core: Core, clock: SetClock) -> None:
    with pytest.raises(Refused, match="did you mean x:zoo:read"):
        create_key(core.store, clock, "typo", ["x:zoo:reed"], "tests", scopes_of(core.plugins))


def test_a_route_is_told_everything(caller: Caller) -> None:
    assert caller.get("/x/zoo/animals?kind=meat").get_json() == {
        "items": [{"name": "ape", "kind": "grass", "cage": {"number": 7}, "note": "", "born": None}],
        "at": "2026-03-02T00:00:00Z",
    }
    assert caller.post("/x/zoo/animals", {"name": "bee", "kind": "meat"}).status_code == 201
    assert caller.delete("/x/zoo/numbered/7").status_code == 204
    assert ([each.path for each in SEEN], {each.actor for each in SEEN}) == ([{}, {}, {"number": "7"}], {"key:all"})
    assert (SEEN[0].query.kind, SEEN[1].body.kind, SEEN[2].body) == ("meat", Kind.MEAT, None)


def test_a_key_needs_the_plugin_s_scope(app: Flask, core: Core, clock: SetClock) -> None:
    secret = create_key(core.store, clock, "ark", ["x:ark:read"], "tests", scopes_of(core.plugins))[1]
    ark = Caller(app.test_client(), secret)
    assert [ark.get(f"/x/{path}").status_code for path in ("ark/cage", "zoo/animals")] == [200, 403]
    assert Caller(app.test_client(), "").get("/x/zoo/animals").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [({"name": ""}, "name"), ({"name": "ape", "wings": 2}, "wings"), ({"name": "ape", "cage": {"number": "7"}},
     "cage.number"), ({"name": "ape", "note": "\ud800"}, "")],
)  # fmt: skip
def test_bodies_are_strict(caller: Caller, body: dict[str, Any], field: str) -> None:
    answer = caller.post("/x/zoo/animals", body)
    assert (answer.status_code, [each for each, _ in problems(answer)], SEEN) == (422, [field], [])


def test_unknown_query_keys_are_refused(caller: Caller) -> None:
    assert problems(caller.get("/x/zoo/animals?knd=meat")) == [("knd", "is not a known query key")]


@pytest.mark.parametrize("path", ["fails", "exits", "wrong", "more"])
def test_a_fault_names_the_plugin_and_nothing_of_its_inside(caller: Caller, path: str) -> None:
    answer = caller.get(f"/x/bad/{path}")
    assert (answer.status_code, answer.content_type) == (502, "application/problem+json")
    assert answer.get_json()["detail"] == "The plugin bad failed; `feedbackhub plugins trace bad` says how."
    assert caller.get("/x/zoo/animals").status_code == 200


def test_a_view_may_refuse(caller: Caller) -> None:
    assert problems(caller.get("/x/bad/says")) == [("name", "is too short")]
    assert caller.get("/x/bad/clashes").status_code == 409
    assert caller.get("/x/zoo/named/bee").get_json()["detail"] == "no such animal"


def test_the_document_holds_every_model_under_a_name_of_its_own(caller: Caller) -> None:
    document = caller.get("/openapi.json").get_json()
    own = {name for name in document["components"]["schemas"] if name.startswith("x-")}
    assert {"x-zoo.Animal", "x-zoo.Animal2", "x-zoo.Found", "x-ark.Cage"} <= own
    assert document["components"]["schemas"]["x-ark.Cage"]["properties"] == {"size": {"type": "string"}}
    operation = document["paths"]["/api/v1/x/zoo/numbered/{number}"]["delete"]
    assert (operation["summary"], operation["tags"], operation["security"]) == (
        "Let one go.", ["x-zoo"], [{"key": ["x:zoo:write"]}],
    )  # fmt: skip
    assert operation["parameters"][0]["schema"] == {"type": "integer", "minimum": 0}


def test_a_model_that_cannot_be_described_takes_its_plugin_out(core: Core) -> None:
    class Odd(BaseModel):
        model_config = {"arbitrary_types_allowed": True}
        thing: SetClock

    route = Route("GET", "odd", "Odd.", "read", lambda request: None, input=Odd)
    core.plugins.brought["zoo"].objects["feedbackhub_routes"] += (route,)  # type: ignore[index]
    create_app(core)
    state = core.plugins.state("zoo")
    assert state and (state.state, state.reason) == (
        "failed", "route 'odd': Odd has no JSON schema: PydanticInvalidForJsonSchema",
    )  # fmt: skip


def test_plugins_keep_every_word_of_the_document(app: Flask, caller: Caller) -> None:
    register_formats()
    app.extensions["feedbackhub.limiter"].enabled = False
    with serving(app) as address:
        document = document_of(address, caller.secret, 10).include(path_regex="/x/(zoo|ark)/")
        outcome = run(document)
    assert outcome.failures == []
    assert sorted(outcome.calls) == [
        "DELETE /api/v1/x/zoo/numbered/{number}", "GET /api/v1/x/ark/cage", "GET /api/v1/x/zoo/animals",
        "GET /api/v1/x/zoo/named/{name}", "POST /api/v1/x/zoo/animals",
    ]  # fmt: skip
