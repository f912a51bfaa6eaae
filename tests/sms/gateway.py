"""A text message gateway that speaks as Twilio does: checks what it is sent, answers in its words, signs its calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

ACCOUNT, TOKEN = "AC" + "0a" * 16, "0123456789abcdef0123456789abcdef"
OWN = "+15005550006"
STOPS = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
STARTS = {"start", "yes", "unstop"}
#: How a call of the gateway reaches us: address, form fields, headers.
CallBack = Callable[[str, dict[str, str], dict[str, str]], int]


@dataclass
class Sms:
    """One message that the gateway took over."""

    sid: str
    to: str
    sender: str
    body: str
    callback: str


@dataclass
class Gateway:
    """What a test sees of the gateway; `say` lists answers to give instead of its own, in order."""

    url: str = ""
    sent: list[Sms] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    say: deque[tuple[int, Any, dict[str, str]]] = field(default_factory=deque)
    blocked: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    call: CallBack | None = None
    webhook: str = "https://feedback.example.org/in/sms"
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def answer(self, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, Any, dict[str, str]]:
        """Return status, JSON and headers for one request."""
        fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self.requests.append((f"{method} {path}", fields, headers))
        self.bodies.append(json.loads(body) if body.startswith("{") else fields)
        if self.say:
            return self.say.popleft()
        wanted = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if headers.get("authorization") != f"Basic {wanted}":
            return error(401, 20003, "Authenticate")
        if path == f"/2010-04-01/Accounts/{ACCOUNT}.json" and method == "GET":
            return 200, {"sid": ACCOUNT, "status": "active", "friendly_name": "Acme"}, {}
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" or method != "POST":
            return error(404, 20404, f"The requested resource {path} was not found")
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            return error(415, 20415, "Unsupported Media Type")
        return self._take(fields)

    def _take(self, fields: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        to, sender, body = fields.get("To", ""), fields.get("From", ""), fields.get("Body", "")
        if not to.startswith("+") or not 8 <= len(to) <= 16:
            return error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not sender and not fields.get("MessagingServiceSid", "").startswith("MG"):
            return error(400, 21603, "A 'From' phone number is required.")
        if sender.startswith("+") and sender != OWN:
            return error(400, 21606, f"The 'From' phone number provided ({sender}) is not message-capable.")
        if not body:
            return error(400, 21602, "Message body is required.")
        if len(body) > 1600:
            return error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if to in self.blocked:
            return error(400, 21610, "Attempt to send to unsubscribed recipient")
        if to in self.landlines:
            return error(400, 21614, f"'To' number: {to}, is not a valid mobile number")
        sms = Sms(f"SM{next(self.numbers):032x}", to, sender or fields["MessagingServiceSid"], body,
                  fields.get("StatusCallback", ""))  # fmt: skip
        self.sent.append(sms)
        return 201, {"sid": sms.sid, "status": "queued", "to": to, "body": body, "account_sid": ACCOUNT,
                     "error_code": None, "error_message": None, "direction": "outbound-api"}, {}  # fmt: skip

    def texts(self, number: str, words: str, to: str = OWN, **more: str) -> int:
        """Let a customer write to us; words for STOP and START are understood by the carrier too."""
        said = words.strip().lower()
        if said in STOPS:
            self.blocked.add(number)
        if said in STARTS:
            self.blocked.discard(number)
        sid = f"SM{next(self.numbers):032x}"
        return self._call_back(self.webhook, {
            "ToCountry": "US", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid, "SmsStatus": "received",
            "Body": words, "To": to, "NumSegments": "1", "MessageSid": sid, "AccountSid": ACCOUNT, "From": number,
            "ApiVersion": "2010-04-01", **more,
        })  # fmt: skip

    def reports(self, sms: Sms, status: str, code: int = 0) -> int:
        """Tell what became of a message, at the address given with it."""
        fields = {"SmsSid": sms.sid, "SmsStatus": status, "MessageStatus": status, "To": sms.to, "MessageSid": sms.sid,
                  "AccountSid": ACCOUNT, "From": sms.sender, "ApiVersion": "2010-04-01"}  # fmt: skip
        if code:
            fields["ErrorCode"] = str(code)
        return self._call_back(sms.callback, fields)

    def _call_back(self, url: str, fields: dict[str, str]) -> int:
        assert self.call is not None
        return self.call(url, fields, {"X-Twilio-Signature": signed(TOKEN, url, fields)})


def signed(token: str, url: str, fields: dict[str, str]) -> str:
    """Return what Twilio puts into X-Twilio-Signature."""
    text = url
    for name in sorted(fields):
        text += name + fields[name]
    return base64.b64encode(hmac.new(token.encode(), text.encode("utf-8"), hashlib.sha1).digest()).decode()


def error(status: int, code: int, message: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """Return an error as Twilio words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}, headers


class Running:
    """The gateway on a free port of the loopback address."""

    def __init__(self, gateway: Gateway) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # the body follows the head at once

            def _respond(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
                headers = {name.lower(): value for name, value in self.headers.items()}
                path = urlsplit(self.path)
                status, told, more = gateway.answer(self.command, path.path, headers, body or path.query)
                if status == 0:
                    self.close_connection = True  # the connection breaks after the message was taken over
                    return
                raw = told.encode() if isinstance(told, str) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                for name, value in more.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(raw)

            do_POST = do_GET = do_PUT = _respond

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        gateway.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Give the port back."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def form(fields: dict[str, str]) -> bytes:
    """Return fields as a form's body."""
    return urlencode(fields).encode()
