"""A person with a browser, and what is stored of the visit."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.tables import metadata, response

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CHECKED = re.compile(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]+)"[^>]* checked>')
ASKED = re.compile(r'data-question="([^"]+)"([^>]*)>')


@dataclass(repr=False)
class Visitor:
    """Somebody who opened the link in a mail."""

    client: FlaskClient
    core: Core
    clock: SetClock
    invitation: InvitationView
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Language": "en"})
    page: str = ""

    @property
    def path(self) -> str:
        """The address of the survey page."""
        return "/s/" + self.core.links.token(self.invitation.id)

    def look(self, query: str = "") -> TestResponse:
        """Open the page."""
        answer = self.client.get(self.path + query, headers=self.headers)
        self.page = answer.text
        return answer

    def send(self, **fields: Any) -> TestResponse:
        """Fill the form on the page that was opened last and send it after a while."""
        if not self.page:
            self.look()
        self.clock.move(timedelta(seconds=20))
        answer = self.client.post(self.path, data={**self.hidden(), **fields}, headers=self.headers)
        self.page = answer.text
        return answer

    def hidden(self) -> dict[str, str]:
        """Return the hidden fields of the page, as a browser sends them."""
        return {name: value.replace("&#39;", "'").replace("&amp;", "&") for name, value in HIDDEN.findall(self.page)}

    def chosen(self) -> list[tuple[str, str]]:
        """Return what is chosen on the page."""
        return CHECKED.findall(self.page)

    def asked(self) -> list[str]:
        """Return the questions that a browser without scripts shows."""
        return [name for name, rest in ASKED.findall(self.page) if " hidden" not in rest]

    def stored(self) -> Any:
        """Return the one response of the invitation, None when there is none."""
        with self.core.store.read() as connection:
            return connection.execute(select(response)).one_or_none()


def everything(core: Core) -> dict[str, int]:
    """Return how many rows each table has."""
    with core.store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
