"""Checks of the plugin as a whole: its pages, its work in the running loop, and what it does with personal data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from ...contract.errors import FeedbackhubError
from ...contract.records import Identifier
from ...office.erasing import erase_person
from ..instance import Instance
from .finding import CANARIES, CANARY, COMMENT, Case, Finding, bad, good, skipped

__all__ = ["Listener", "check_erasing", "check_loop", "check_pages"]


class Listener(logging.Handler):
    """Keeps what is logged, with everything that a record carries."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.said.append(f"{record.name}: {record.getMessage()} {vars(record)}")


def check_loop(case: Case) -> Iterator[Finding]:
    """Let a customer go through the whole loop, and look at faults and logs."""
    listener, root = Listener(), logging.getLogger("feedbackhub.plugins")
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        asked = case.here.ask("kanarie-1", customer=dict(CANARY), topic="kanarie")
        case.here.answer(asked, 1, COMMENT)
        for _ in range(3):
            case.here.run(timedelta(hours=25))
    except (AssertionError, FeedbackhubError) as error:
        yield skipped("the loop runs through", str(error))
    finally:
        root.removeHandler(listener)
        root.setLevel(before)
    faults = case.here.faults(case.name)
    yield bad("no fault in the running loop", f"{faults[0].what}: {faults[0].detail}") if faults else good(
        "no fault in the running loop"
    )
    own = [said for said in listener.said if f"feedbackhub.plugins.{case.name}" in said]
    leaks = [said for said in own if any(word in said.casefold() for word in CANARIES)]
    check = "no personal data in the log"
    yield bad(check, leaks[0][:200]) if leaks else good(check)


def check_erasing(case: Case) -> Iterator[Finding]:
    """Look whether the plugin keeps personal data that it does not declare, and whether erasing removes it."""
    kept = _kept(case.here, case.name)
    declared = case.here.core.plugins.keepers.get(case.name)
    check = "keeps no personal data that it does not declare"
    if kept and declared is None:
        yield bad(check, f"{kept[0]}; declare it with Data(keeps=…) and bring feedbackhub_plugin")
    else:
        yield good(check)
    check = "erases a person"
    try:
        erased = erase_person(case.here.core, (Identifier("email", CANARY["email"]),), "check")
    except FeedbackhubError as error:
        yield skipped(check, str(error))
        return
    if case.name in erased.failed:
        yield bad(check, f"erase_person failed: {erased.failed[case.name]}")
        return
    left = _kept(case.here, case.name)
    yield bad(check, f"{left[0]} is still there") if left else good(check)


def _kept(here: Instance, name: str) -> list[str]:
    """Return where the customer's words are found in the plugin's folder and tables."""
    found = []
    folder = here.core.settings.data_dir / "plugins" / name
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and any(word.encode() in path.read_bytes().lower() for word in CANARIES):
            found.append(f"the file {path.relative_to(folder)}")
    for own in here.core.plugins.brought[name].of("feedbackhub_tables"):
        for table in own.metadata.sorted_tables:
            rows = here.hub(name).tables.read(select(table))
            if any(word in str(row).casefold() for word in CANARIES for row in rows):
                found.append(f"the table {table.name}")
    return found


def check_pages(case: Case) -> Iterator[Finding]:
    """Open every page without a variable part: it answers those who may see it and nobody else."""
    staff, stranger = case.here.browser("admin"), case.here.browser()
    for page in case.objects("feedbackhub_pages"):
        if "<" in page.rule or "GET" not in page.methods:
            continue
        path = f"/x/{case.name}/{page.rule}"
        check = f"page {path}"
        status = staff.get(path).status_code
        strange = stranger.get(path).status_code
        if status >= 500:
            yield bad(check, f"it answers with {status}")
        elif page.permission != "public" and strange == 200:
            yield bad(check, "a stranger sees it")
        else:
            yield good(check)
