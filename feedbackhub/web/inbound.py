"""The door for other systems: helpdesks tell of ended contacts, gateways of receipts and replies."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ..contract.errors import NotGenuine
from ..contract.inbound import Incoming
from ..loop.accept import accept
from ..loop.core import Core
from ..loop.receivers import NotActive, find_called, incoming_url
from .current import core
from .errors import problem, retry_after
from .limits import limited
from .permission import permission

__all__ = ["blueprint"]


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/in/<name>``."""
    pages = Blueprint("inbound", __name__, url_prefix="/in")
    pages.get("/<name>")(ready)
    pages.post("/<name>")(receive)
    return pages


@permission("unseen")
def ready(name: str) -> ResponseReturnValue:
    """Tell helpdesks, which try an address before they take it, that somebody is here."""
    try:
        find_called(core(), name)
    except NotActive as error:
        return not_active(error)
    return Response("ready\n", content_type="text/plain; charset=utf-8")


@permission("unseen")
@limited("inbound_limit")
def receive(name: str) -> ResponseReturnValue:
    """Verify a request, keep it as it came, and acknowledge it; it is read later."""
    here = core()
    try:
        accepted = accept(here, name, incoming(here, name))
    except NotGenuine:
        refused = problem(401, "This request could not be verified; nothing of it was kept.")
        refused.headers["WWW-Authenticate"] = "Signature"
        return refused
    except NotActive as error:
        return not_active(error)
    if accepted.media_type:
        return Response(accepted.body, 200, content_type=accepted.media_type)
    return Response(json.dumps({"id": accepted.id}) + "\n", 202, content_type="application/json")


def incoming(here: Core, name: str) -> Incoming:
    """Return the running request as its receiver sees it."""
    query = request.query_string.decode("latin-1")
    return Incoming(
        body=request.get_data(cache=False, parse_form_data=False),
        received_at=here.clock.now(),
        headers={key.lower(): ", ".join(request.headers.getlist(key)) for key in dict(request.headers)},
        query=request.args.to_dict(),
        url=incoming_url(here, name, query),
        method=request.method,
    )


def not_active(error: NotActive) -> Response:
    """Ask the caller to try again later."""
    return retry_after(problem(503, str(error)), error.retry_after.total_seconds())
