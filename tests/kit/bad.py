"""Plugins that do one thing wrong, as their authors would have saved them, with what `check` says about each."""

from __future__ import annotations

HEAD = """
import itertools
import threading
import time
from datetime import timedelta
from feedbackhub import *

about = About(title="Bad", description="Does one thing wrong.")
NUMBERS = itertools.count()
"""


def brings(kind: str, made: str, more: str = "") -> str:
    """Return the hook of a kind."""
    return f"{more}\n@hookimpl\ndef feedbackhub_{kind}(hub):\n    return {made}\n"


def channel(body: str, before: str = "pass") -> str:
    """A channel that posts each message and then does as told."""
    return f"""{HEAD}
class Bad(Channel):
    name = "bad"
    reaches = ("email",)
    lock = threading.Lock()

    def __init__(self, http):
        self.http = http

    def deliver(self, message):
        {before}
        answer = self.http.post("https://other.example", json={{"to": message.to.value, "id": message.id}})
        {body}
        if answer.status == 429 or answer.status >= 500:
            raise TemporaryFailure("later")
        if not answer.ok:
            raise PermanentFailure("no")
        return Receipt(answer.field("id"))
{brings("channels", "[Bad(hub.http)]")}"""


def source(verify: str, parse: str) -> str:
    """A source."""
    return f"""{HEAD}
class Bad(Source):
    name = "bad"

    def __init__(self, http):
        self.http = http

    def verify(self, incoming):
        {verify}

    def parse(self, incoming):
        {parse}
{brings("sources", "[Bad(hub.http)]")}"""


def rule(body: str) -> str:
    """A rule."""
    return f"""{HEAD}
class Bad(Rule):
    name = "bad"

    def __init__(self, hub):
        self.hub = hub

    def decide(self, contact, history, ask):
        {body}
{brings("rules", "[Bad(hub)]")}"""


def analysis(body: str) -> str:
    """An analysis."""
    return f"""{HEAD}
class Bad(Analysis):
    name = "bad"
    title = "Bad"

    def report(self, query):
        {body}
{brings("analyses", "[Bad()]")}"""


def export(body: str) -> str:
    """An export."""
    return f"""{HEAD}
class Bad(Export):
    name = "bad"
    title = "Bad"
    suffix = "bad"
    media_type = "text/plain"

    def write(self, columns, batches, target):
        {body}
{brings("exports", "[Bad()]")}"""


def subscriber(body: str, more: str = "") -> str:
    """A subscriber of everything."""
    return f"""{HEAD}
class Bad(Subscriber):
    name = "bad"

    def __init__(self, hub):
        self.hub = hub

    def handle(self, events):
        {body}
{brings("subscribers", "[Bad(hub)]", more)}"""


def section(body: str) -> str:
    """A piece of the card."""
    return f"""{HEAD}
class Bad(DeskSection):
    name = "bad"
    title = "Bad"

    def show(self, seat):
        {body}
{brings("desk_sections", "[Bad()]")}"""


def question(options: str) -> str:
    """A question type."""
    return HEAD + brings("question_types", f'[Question("bad", "option", ("list",), options=({options},))]')


KEEPER = """
class Keeper(Plugin):
    data = Data(keeps=("name",))

    def erase_person(self, identifiers):
        {body}

@hookimpl
def feedbackhub_plugin(hub):
    return Keeper()
"""
WRITES = '(self.hub.folder / "names.txt").write_text("Kanarie Vogelsang"); return Effects()'
REFUSES, NOTHING = 'raise NotGenuine("no")', 'raise Refused(Problem("", "is nonsense"))'
FIGURE = 'return Report("Bad", [Figure("Share", {})])'
NO_FAULT = "no fault in the running loop"

#: What is wrong, the plugin, the checks that fail, and what is said about the first of them.
BAD: dict[str, tuple[str, tuple[str, ...], str]] = {
    "says nothing of itself": (brings("rules", "[]", "from feedbackhub import hookimpl"), ("says what it does",),
                               "set about = About(title=…, description=…)"),
    "is not active": (f"{HEAD}\n1 / 0", ("is active",), "failed: ZeroDivisionError"),
    "raises what it likes": (channel("pass", 'if message.id.startswith("AAAAAAAAAAAA.1@"): raise KeyError("x")'),
                             ("channel bad: deliver returns a Receipt or raises a DeliveryFailure",),
                             "raised KeyError"),
    "is another request each time": (
        channel("pass").replace('"id": message.id', '"id": next(NUMBERS)'),
        ("channel bad: the same message is the same request, so that the other side can tell",), "first [Told"),
    "gives up on a server in trouble": (
        channel('if answer.status >= 500: raise PermanentFailure("no", address_is_dead=True)'),
        ("channel bad: status 500 is a TemporaryFailure", "channel bad: status 503 is a TemporaryFailure"),
        "it was a PermanentFailure (the address is dead)"),
    "gives up on a busy server": (channel('if answer.status == 429: raise PermanentFailure("no")'),
                                  ("channel bad: status 429 is a TemporaryFailure",), "it was a PermanentFailure"),
    "gives up without an answer": (
        channel("pass").replace("answer = self.http", "try: answer = self.http")
        .replace('message.id})\n', 'message.id})\n        except Unreachable: raise PermanentFailure("gone")\n'),
        ("channel bad: no answer is a TemporaryFailure",), "it was a PermanentFailure"),
    "takes a refusal for success": (channel("if answer.status == 404: return Receipt()"),
                                    ("channel bad: status 404 is a DeliveryFailure",), "it was a Receipt"),
    "trusts the body": (channel("if answer.body == b'[]': answer.json()['id']"),
                        ("channel bad: success with the body '[]' is no surprise",), "raised TypeError"),
    "one at a time": (
        channel("time.sleep(0.02); self.lock.release()", 'if not self.lock.acquire(False): raise RuntimeError("busy")')
        .replace("post(", "post(").replace("answer = self.http", "try: answer = self.http")
        .replace("message.id})\n", "message.id})\n        except Unreachable: self.lock.release(); raise\n"),
        ("channel bad: 8 messages at the same time",), "raised RuntimeError: busy"),
    "lets strangers in": (source("pass", NOTHING), ("source bad: a request without signature or secret is refused",),
                          "anybody could report contacts"),
    "refuses strangers wrongly": (source('raise ValueError("no")', NOTHING),
                                  ("source bad: a request without signature or secret is refused",),
                                  "verify raised ValueError, not NotGenuine"),
    "crashes on nonsense": (source(REFUSES, 'return [{}["id"]]'),
                            ("source bad: nonsense is refused with a reason, not with a crash",), "raised KeyError"),
    "gives no reason": (source(REFUSES, "raise Refused()"),
                        ("source bad: nonsense is refused with a reason, not with a crash",), "without a reason"),
    "reads differently twice": (source(REFUSES, "return [Ignored(str(next(NUMBERS)))]"),
                                ("source bad: nonsense is refused with a reason, not with a crash",), "read twice"),
    "parses by calling": (source(REFUSES, 'self.http.get("https://other.example"); return []'),
                          ("source bad: parse calls no other system",), "do that in enrich"),
    "decides by calling": (rule('self.hub.http.get("https://other.example"); return ask'),
                           ("rule bad: calls no other system",), "a rule is pure"),
    "decides by chance": (rule('return ask if next(NUMBERS) % 2 else DontAsk("no luck")'),
                          ("rule bad: says the same twice about any contact",), "said DontAsk"),
    "has no opinion": (rule("return None"), ("rule bad: says the same twice about any contact", NO_FAULT),
                       "returned NoneType, not an Ask or DontAsk"),
    "writes names into the log": (rule("self.hub.log.info(f'asked {contact.customer}'); return ask"),
                                  ("no personal data in the log",), "Kanarie Vogelsang"),
    "divides by nothing": (analysis('return 1 / 0 if query.since.year == 2020 else Report("Bad")'),
                           ("analysis bad: no answers",), "raised ZeroDivisionError"),
    "is no number": (analysis(FIGURE.format("float('nan'), n=1")),
                     ("analysis bad: no answers", "analysis bad: one answer"), "Share is not finite; no data is None"),
    "counts nothing as something": (analysis(FIGURE.format("0.0, n=0")),
                                    ("analysis bad: no answers", "analysis bad: one answer"), "rests on nothing"),
    "hides how many": (analysis(FIGURE.format("0.5")),
                       ("analysis bad: no answers", "analysis bad: one answer"), "on how many answers it rests"),
    "draws without a table": (analysis('return Report("Bad", charts=[Chart("C", {}, ReportTable("C", (), ()))])'),
                              ("analysis bad: no answers", "analysis bad: one answer"), "the chart C has no table"),
    "trips over strange words": (
        export('target.write(b"x"); [str(t).encode() for b in batches for t in b.columns["text"]]'),
        ("export bad: 3000 records",), "raised UnicodeEncodeError"),
    "closes what is not its own": (export('list(batches); target.write(b"x"); target.close()'),
                                   ("export bad: 0 records", "export bad: 1 records", "export bad: 3000 records"),
                                   "it closed the file"),
    "stops early": (export('target.write(b"x"); next(iter(batches), None)'), ("export bad: 3000 records",),
                    "did not take every batch once"),
    "writes nothing": (export("list(batches)"), ("export bad: 1 records", "export bad: 3000 records"),
                       "it wrote nothing"),
    "acts on nothing": (subscriber('return Effects(events=[] if events else [Fact("bad.idle")])'),
                        ("subscriber bad: no events have no effects",), "bad.idle"),
    "has no effects to return": (subscriber("return None"), ("subscriber bad: no events have no effects", NO_FAULT),
                                 "returned NoneType, not Effects"),
    "keeps in secret": (subscriber(WRITES), ("keeps no personal data that it does not declare", "erases a person"),
                        "the file names.txt; declare it with Data(keeps=…) and bring feedbackhub_plugin"),
    "does not erase": (subscriber(WRITES, KEEPER.format(body="return 0")), ("erases a person",),
                       "the file names.txt is still there"),
    "cannot erase": (subscriber("return Effects()", KEEPER.format(body="1 / 0")), ("erases a person",),
                     "erase_person failed"),
    "needs a customer": (section("return Piece(lines=(seat.customer.name,))"), ("desk section bad: nobody",),
                         "raised AttributeError"),
    "shows text": (section('return "text"'), ("desk section bad: nobody", "desk section bad: somebody"),
                   "returned str, not a Piece or None"),
    "is not worded": (question('Offered("a", {"en": "a"}, 1), Offered("b", {"en": "b"}, 2)'),
                      ("question type bad: options",),
                      "a: word it in en, id, hi and ar"),
    "breaks a page": (HEAD + brings("pages", '[Page("", "Bad", "agent", lambda request: 1 / 0)]'),
                      ("page /x/bad/", NO_FAULT), "it answers with 502"),
    "fails at night": (HEAD + brings("tasks", '[Task("bad", lambda call: 1 / 0, every=timedelta(hours=1))]'),
                       (NO_FAULT,), "task bad: raised ZeroDivisionError"),
}  # fmt: skip
