"""The operations of the API."""

from __future__ import annotations

from feedbackhub import Route, RouteRequest

from .ids import event_id
from .log import Delivery
from .models import (
    DeliveryList,
    DeliveryOut,
    DeliveryQuery,
    EndpointChange,
    EndpointIn,
    EndpointList,
    EndpointOut,
    ReplayIn,
    ReplayOut,
    SecretOut,
    TestIn,
    TestOut,
)
from .service import Service

__all__ = ["routes_of"]


def routes_of(service: Service) -> list[Route]:
    """Return the operations."""
    here = Operations(service)
    one = "endpoints/<id>"
    change = "Change an endpoint, switch it on or off."
    log, again = f"{one}/deliveries", f"{one}/deliveries/<delivery>/retry"
    return [
        Route("GET", "endpoints", "List the endpoints.", "read", here.every, EndpointList),
        Route("POST", "endpoints", "Make an endpoint.", "write", here.make, EndpointOut, EndpointIn, status=201),
        Route("GET", one, "Show an endpoint.", "read", here.one, EndpointOut),
        Route("PATCH", one, change, "write", here.change, EndpointOut, EndpointChange),
        Route("DELETE", one, "Delete an endpoint and its log.", "write", here.delete, status=204),
        Route("POST", f"{one}/secret", "Show the secret.", "write", here.secret, SecretOut),
        Route("POST", f"{one}/rotate", "Take a new secret into use.", "write", here.rotate, SecretOut),
        Route("POST", f"{one}/test", "Call an endpoint once.", "write", here.test, TestOut, TestIn),
        Route("GET", log, "List deliveries.", "read", here.deliveries, DeliveryList, query=DeliveryQuery),
        Route("POST", again, "Send one again.", "write", here.retry, DeliveryOut),
        Route("POST", f"{one}/replay", "Send events again, from any point.", "write", here.replay, ReplayOut, ReplayIn),
    ]


class Operations:
    """What each operation does.

    Args:
        service: What is done with endpoints.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def every(self, request: RouteRequest) -> EndpointList:
        """List the endpoints."""
        return EndpointList(endpoints=[EndpointOut.of(each) for each in self._service.book.all()])

    def make(self, request: RouteRequest) -> EndpointOut:
        """Make an endpoint."""
        return EndpointOut.of(self._service.add(request.body.wanted(), request.actor))

    def one(self, request: RouteRequest) -> EndpointOut:
        """Show an endpoint."""
        return EndpointOut.of(self._service.book.get(request.path["id"]))

    def change(self, request: RouteRequest) -> EndpointOut:
        """Change an endpoint, switch it on or off."""
        body: EndpointChange = request.body
        before = self._service.book.get(request.path["id"])
        found = before
        if body.model_dump(exclude={"on"}, exclude_none=True):
            found = self._service.change(before.id, body.wanted(before))
        if body.on is not None:
            found = self._service.switch(before.id, body.on)
        return EndpointOut.of(found)

    def delete(self, request: RouteRequest) -> None:
        """Delete an endpoint and its log."""
        self._service.book.remove(request.path["id"])

    def secret(self, request: RouteRequest) -> SecretOut:
        """Show the secret."""
        return SecretOut(secret=self._service.secret(request.path["id"]))

    def rotate(self, request: RouteRequest) -> SecretOut:
        """Take a new secret into use."""
        found = self._service.rotate(request.path["id"])
        return SecretOut(secret=self._service.secret(found.id))

    def test(self, request: RouteRequest) -> TestOut:
        """Call an endpoint once."""
        return TestOut.of(self._service.test(request.path["id"], request.body.ticket))

    def deliveries(self, request: RouteRequest) -> DeliveryList:
        """List deliveries."""
        query: DeliveryQuery = request.query
        endpoint = self._service.book.get(request.path["id"])
        found = self._service.log.page(endpoint.id, query.status, query.before, query.limit + 1)
        rows = found[: query.limit]
        before = rows[-1].position if len(found) > query.limit else None
        return DeliveryList(deliveries=[self._out(each) for each in rows], before=before)

    def retry(self, request: RouteRequest) -> DeliveryOut:
        """Send one again."""
        log, endpoint, id_ = self._service.log, request.path["id"], request.path["delivery"]
        log.retry(log.get(endpoint, id_))
        return self._out(log.get(endpoint, id_))

    def replay(self, request: RouteRequest) -> ReplayOut:
        """Send events again, from any point."""
        body: ReplayIn = request.body
        endpoint, replays = self._service.book.get(request.path["id"]), self._service.replays
        part = replays.stretch(body.after, body.since)
        events = replays.count(endpoint, part)
        if not body.preview:
            replays.begin(endpoint, part)
        return ReplayOut(events=events, until=part.until, begun=not body.preview)

    def _out(self, row: Delivery) -> DeliveryOut:
        return DeliveryOut.of(row, event_id(self._service.hub.secret, row.position))
