"""The demo's guide through the main job: end a contact, read the mail, answer, see what the next agent sees."""

from __future__ import annotations

import secrets

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from ..contract.errors import NotFound, Problem, Refused
from ..contract.intake import ContactEvent
from ..loop.core import Core
from ..loop.intake import get_contact, record_contact
from ..loop.views import ContactView
from ..machinery.i18n import language_name
from ..machinery.links import is_public_id
from ..office.demo_entry import enter_demo, is_loopback, is_open_demo
from . import sessions
from .card_words import channel_name
from .current import core
from .permission import permission
from .redirects import go
from .rendering import page, texts

__all__ = ["blueprint"]

#: The ask policy of the demo asks at once about contacts of this source, and as often as somebody tries.
SOURCE = "tour"
KEPT = "demo_contact"
LANGUAGES = ("en", "id", "hi", "ar")
NAMES = {"en": "Emma Example", "id": "Indah Contoh", "hi": "हेमा उदाहरण", "ar": "أمل مثال"}
CHANNELS = ("email", "chat", "phone", "web_form", "social", "counter")
# A topic is said in the customer's language: the mail quotes it.
TOPICS = {
    "en": ("late parcel", "refund", "invoice", "sign-in"),
    "id": ("paket terlambat", "pengembalian dana", "tagihan", "masuk ke akun"),
    "hi": ("देर से पहुँचा पार्सल", "धनवापसी", "बिल", "साइन-इन"),
    "ar": ("تأخر الطرد", "استرداد المبلغ", "الفاتورة", "تسجيل الدخول"),
}


def blueprint(_core: Core) -> Blueprint:
    """Serve ``/demo``."""
    pages = Blueprint("demo", __name__, url_prefix="/demo")
    pages.get("")(index)
    pages.post("/start")(start)
    pages.post("/contacts")(end_contact)
    pages.get("/<string(length=12):contact>")(progress)
    return pages


@permission("public")
def index() -> ResponseReturnValue:
    """Show the guide's beginning, or where the visitor left it."""
    only_in_demo()
    if sessions.user() is None:
        return page("tour/welcome.html", may_enter=may_enter())
    kept = session.get(KEPT, "")
    if is_public_id(kept) and "new" not in request.args:
        return go(f"/demo/{kept}")
    return form()


@permission("public")
def start() -> ResponseReturnValue:
    """Let a visitor of this very machine in as the demo's administrator."""
    only_in_demo()
    if not may_enter():
        return go("/sign-in?next=/demo")
    sessions.admit(*enter_demo(core()))
    return go("/demo")


@permission("agent")
def end_contact() -> ResponseReturnValue:
    """Record the contact that the visitor has just ended."""
    only_in_demo()
    recorded = record_contact(core(), event())
    session[KEPT] = recorded.contact.id
    return go(f"/demo/{recorded.contact.id}")


@permission("agent")
def progress(contact: str) -> ResponseReturnValue:
    """Show how far the contact has come; the page looks again by itself until it is done."""
    only_in_demo()
    found = get_contact(core(), contact)
    if found.source != SOURCE:
        raise NotFound("no such contact of the guide")
    mailbox = url_for("x.mailbox_0") if "mailbox" in core().plugins.channels else ""
    return page("tour/progress.html", contact=found, state=state_of(found), mailbox=mailbox)


def only_in_demo() -> None:
    """Raise NotFound on every other instance."""
    if not core().settings.demo:
        raise NotFound("this is no demo")


def may_enter() -> bool:
    """Tell whether this visitor may enter without a password."""
    return is_open_demo(core()) and is_loopback(request.remote_addr or "")


def form() -> str:
    """Return the page on which a contact is ended."""
    t = texts()
    chosen = request.args.get("lang", "")
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    return page(
        "tour/form.html", languages=[(code, language_name(code)) for code in LANGUAGES], language=language,
        name=NAMES[language], names=NAMES, email=f"visitor-{secrets.token_hex(3)}@example.com",
        channels=[(each, channel_name(t, each)) for each in CHANNELS], topics=TOPICS[language],
    )  # fmt: skip


def event() -> ContactEvent:
    """Return the contact that the form tells of; raises Refused."""
    said = {name: request.form.get(name, "") for name in ("name", "email", "language", "channel", "topic")}
    customer = {"email": said["email"], "name": said["name"], "language": said["language"]}
    try:
        return ContactEvent.model_validate({
            "source": SOURCE, "external_id": f"tour-{secrets.token_hex(4)}", "customer": customer, "team": "Delivery",
            "agent": {"id": "tour", "name": "Sam Sample"}, "channel": said["channel"], "topic": said["topic"],
        })  # fmt: skip
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        raise Refused(*(Problem(str(each["loc"][-1]), each["msg"]) for each in wrong)) from None


def state_of(contact: ContactView) -> str:
    """Return how far a contact has come: ``silent``, ``waiting``, ``sent``, ``answered`` or ``over``."""
    if contact.invitation is None:
        return "silent"
    known = {"due": "waiting", "sent": "sent", "answered": "answered"}
    return known.get(contact.invitation.state, "over")
