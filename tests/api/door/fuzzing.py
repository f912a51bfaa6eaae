"""Runs schemathesis, all phases and all checks, against the application behind its own server."""

import re
import threading
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import schemathesis
from flask import Flask
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, HookContext, Response, engine
from schemathesis.config import GenerationConfig, OperationConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events
from schemathesis.filters import FilterSet
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

from feedbackhub.cli.server import Server

#: Reasons for refusing what the document allows, since no JSON schema can say them.
BEYOND_SCHEMAS = (
    "is not a valid e-mail address",
    "is not a phone number",
    "is not a valid number in",
    "is no known time zone",
    "holds control characters",
    "lies more than a day in the future",
    "ended_at lies before started_at",
    "must lie between the years",
    "there is no survey named",
    "no contact of that source names such an agent yet",
)
#: Whether a survey is one is told by its own checker, not by a JSON schema.
SURVEYS = "/api/v1/surveys"
#: Deleting an open link takes it back; it is still shown, since it can be restored.
TAKEN_BACK = "/api/v1/open-links/{id}"
#: Deleting what was entered for an assumption lets its default hold again, which is shown.
DEFAULTS = ("/assumptions/{name}",)
#: What the bundled plugin `webhooks` refuses beyond its models: addresses, credentials, and templates that must fit.
BUNDLED = "/x/webhooks/"
#: What other bundled plugins refuse beyond their models: by path, what a reason is like.
BEYOND_MODELS: Mapping[str, str] = {
    "/reports/": r"must not lie after the last day|must lie within \d+ days of the last day"
    r"|must look like name=value,other=value|(?s:.{0,40}) is no option of this analysis",
    "/x/causes/themes": r"must be one line of text|is the name of another theme|there are 60 themes already"
    r"|at least one word is needed|(?s:.{0,40}): (has a \* that is not at a word's end"
    r"|needs at least two letters before \*|holds no word|must not begin or end with \.\.\.|has more than six words)",
    "/x/digest/digests": r"must be a line of at most (80|200) characters|Line \d+ is not a valid e-mail address\."
    r"|Name at least one address\.|(?s:there is no report .*)|There are 200 digests already\.",
    # One body for all of them: some are words, some have no likeliest value, and some narrower bounds.
    "/assumptions/{name}": r"must be a currency's code of three letters, such as EUR or IDR|must be given"
    r"|must lie between 0 and 100 %|must be 1 or more|must not be (above|below) the (likely|lowest) one"
    r"|has no place here|is a number and takes no word|must be one line of 1 to 100 characters",
    # Which languages a survey has.
    "/open-links": r"must be one of .*",
    # What a text must say depends on its kind, and how long it gets on its placeholders.
    "/x/recovery/text": r"must not be empty|must be one line( of at most 80 characters)?|line \d+: (?s:.*placeholder.*)"
    r"|must be small letters, digits and hyphens, at most 40|is the (title|name) of another text"
    r"|languages are named as in en or pt-br|takes \d+ parts as a short message once it is filled in; at most 3 .*"
    r"|must say what is given: \{\{ compensation\.what \}\}|asks to withdraw or change a review: .*"
    r"|speaks of a compensation, but this kind of text gives none|there are 100 texts already",
    "/x/recovery/cases/{id}/letters": r"there is no such text|this text is not there in that language"
    r"|The customer cannot be reached by this channel, .*|a cost needs its currency, like EUR|This text .*"
    r"|Nobody knows who gave this answer, .*|There are 50 letters to this customer already\.",
    "/x/recovery/letters/{id}": r"must not be empty|must be one line of at most 200 characters|holds a placeholder .*"
    r"|asks to withdraw or change a review: .*|The customer cannot be reached by this channel, .*",
    "/x/recovery/cases/{id}/ask-again": r"is over already|lies more than a year ahead"
    r"|The customer was asked again already: .*"
    r"|Nobody knows who gave this answer, .*",
    # How long a case may wait depends on the clock; who is to remind of it must be named.
    "/x/recovery/cases/{id}/wait": r"is over already|a case may wait for 30 days at most",
    # Comes behind the longer paths: who may own a case are staff.
    "/x/recovery/cases/{id}": r"is nobody's address here: .*",
    "/x/apology/planner": r"baseline and effect together must stay below 1",
    # All that stands against a start is said at once, some of it of an arm or a survey by its name.
    "/x/apology/experiments/{id}/start": r"(?s:.{1,200}: )?(two arms have the same name|in these arms the same is done"
    r"|named twice|no such survey is published|the survey of the second ask is not published)"
    r"|all costs must be in one currency|must be given, as letters cost something"
    r"|answers to the second ask cannot let customers in|baseline and effect together must stay below 100 %"
    r"|no bad answer of the last eight weeks .*|at your volume this would take more than two years: .*",
}


@dataclass
class Outcome:
    """What a run found.

    Args:
        failures: One line for each broken promise.
        calls: How many requests each operation got.
        statuses: How often each operation answered with each status.
    """

    failures: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)


def register_formats() -> None:
    """Tell schemathesis what texts of our formats look like."""
    seconds = st.integers(0, 36 * 365 * 86_400)
    moments = seconds.map(lambda after: (datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=after)).isoformat())
    schemathesis.openapi.format("date-time", moments)
    schemathesis.openapi.format("phone", st.sampled_from(["+12125550123", "+6281234567890", "(212) 555-0123"]))
    schemathesis.openapi.format("time-zone", st.sampled_from(["", "UTC", "Asia/Jakarta", "America/Sao_Paulo"]))


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine and yield its address."""
    server = Server(app, "127.0.0.1", 0, 1 << 20, threads=4)
    thread = threading.Thread(target=server.run, kwargs={"patience": 1.0}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    thread.join(5)


def document_of(address: str, secret: str, examples: int) -> BaseSchema:
    """Return the served document, to be called with a key, or with none."""
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    schema.config.update(base_url=address, headers=headers, continue_on_failure=True)
    schema.config.generation.update(max_examples=examples, deterministic=True, no_shrink=True)
    schema.hook("filter_failure")(is_broken_promise)
    # Any name may be asked for, but made-up ones are never those of reports.
    reports = {"enum": [*reports_of(address, headers), "unknown"]}
    schema.raw_schema["paths"]["/api/v1/reports/{name}"]["get"]["parameters"][0]["schema"] = reports
    digest = schema.raw_schema["components"]["schemas"].get("x-digest.DigestIn")
    if digest is not None:
        digest["properties"]["reports"]["items"] = reports
    return schema


def reports_of(address: str, headers: dict[str, str]) -> list[str]:
    """Return the names of the reports that a caller may see, none for one who may see no reports."""
    listed = httpx2.get(f"{address}/api/v1/reports", headers=headers)
    return [each["name"] for each in listed.json().get("items", [])]


def ask_less(schema: BaseSchema, labels: Container[str], examples: int) -> None:
    """Call some operations less often than the others."""
    those = FilterSet()
    those.include(lambda context: context.operation.label in labels)
    generation = GenerationConfig()
    generation.update(max_examples=examples)
    schema.config.operations.operations.append(OperationConfig(filter_set=those, generation=generation))


def is_broken_promise(_context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Tell whether a failure is one: not when a reason no schema can say led to it, or what was taken back is shown."""
    if isinstance(failure, UseAfterFree):
        return not case.path.startswith(TAKEN_BACK) and not case.path.endswith(DEFAULTS)
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    if case.path == SURVEYS or BUNDLED in case.path:
        return False
    reasons = [each["reason"] for each in response.json()["errors"]]
    models = next((words for path, words in BEYOND_MODELS.items() if path in case.path), "")
    return not all(reason.startswith(BEYOND_SCHEMAS) or re.fullmatch(models, reason) for reason in reasons)


def run(schema: BaseSchema) -> Outcome:
    """Run every phase and return what it found."""
    outcome = Outcome()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            outcome.failures.append(str(getattr(event, "value", getattr(event, "exception", event))))
        if isinstance(event, events.ScenarioFinished):
            count(event, outcome)
    return outcome


def count(event: events.ScenarioFinished, outcome: Outcome) -> None:
    """Add what one scenario found."""
    for case_id, interaction in event.recorder.interactions.items():
        label = event.recorder.cases[case_id].value.operation.label
        outcome.calls[label] += 1
        if interaction.response is not None:
            outcome.statuses[label, interaction.response.status_code] += 1
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case, failure = event.recorder.cases[case_id].value, check.failure_info.failure
                sent = f"{case.method} {case.formatted_path} {case.query} {str(case.body)[:500]}"
                outcome.failures.append(f"{check.name}: {failure.title}: {failure.message[:300]} <- {sent}")
