"""Bad plugins, each as its author would have saved it in the folder of plugins."""

HEAD = """
import time
from collections.abc import Sequence
from pathlib import Path
from pydantic import BaseModel, ConfigDict
from feedbackhub import *
from sqlalchemy import Column, Integer, MetaData, Table

about = About(title="Bad", description="Does harm.")
"""


def channel(name: str, body: str) -> str:
    """A plugin with a channel that reaches mail addresses."""
    return f"""{HEAD}
class Bad(Channel):
    name = "{name}"
    reaches = ("email",)

    def deliver(self, message):
        {body}

@hookimpl
def feedbackhub_channels(hub):
    return [Bad()]
"""


def hook(name: str, body: str, before: str = "") -> str:
    """A plugin with one hook."""
    return f"{HEAD}{before}\n@hookimpl\ndef feedbackhub_{name}:\n    {body}\n"


TABLES = """
metadata = MetaData()
Table("{name}", metadata, Column("id", Integer, primary_key=True))
"""
SETTINGS = """
class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: int = 1
"""
ANALYSIS = """
class Endless(Analysis):
    name = "endless"
    title = "Endless"

    def report(self, query):
        {body}
"""
SECTION = """
class Section(DeskSection):
    name = "bad-section"
    title = "Bad section"

    def show(self, seat):
        {body}
"""

#: What goes wrong while they are loaded, with what staff read about it.
AT_START = {
    "import error": ("import no_such_module_anywhere", "No module named 'no_such_module_anywhere'"),
    "syntax error": ("def (", "SyntaxError"),
    "import hangs": ("while True: pass", "importing it takes longer than"),
    "import exits": ("import sys; sys.exit(3)", "importing it ends the process (status 3)"),
    "import kills": ("import os; os._exit(4)", "importing it ends the process (status 4)"),
    "misspelt hook": (hook("chanels(hub)", "return []"), "did you mean feedbackhub_channels?"),
    "unmarked hook": (f"{HEAD}\ndef feedbackhub_rules(hub):\n    return []", "is not marked with @hookimpl"),
    "wrong arguments": (hook("rules(hub, app)", "return []"), "'app'"),
    "duplicate name": (channel("link", "return Receipt()"),
                       "channel link is brought by plugin link and by plugin duplicate-name"),
    "wrong setting": (hook("rules(hub)", "hub.settings(Settings); return []", SETTINGS), "plugins.wrong-setting.words"),
    "newer contract": ("from feedbackhub import About\nabout = About(contract=99)", "version 99 of the contract"),
    "older contract": ("from feedbackhub import About\nabout = About(contract=0)", "version 0 of the contract"),
    "about of a wrong type": ("from feedbackhub import About\nabout = About(requires=7)", "requires a tuple of names"),
    "requires": ("from feedbackhub import About\nabout = About(requires=('gone',))", "requires the plugin gone"),
    "table": (hook("tables(hub)", "return Tables(metadata, Path('.'))", TABLES.format(name="contact")),
              "its name must begin with plugin_table_"),
    "route": (hook("routes(hub)", "return [Route('GET', '../contacts', 'x', 'read', print)]"),
              "below the plugin's prefix"),
    "page": (hook("pages(hub)", "return [Page('/desk', '', 'agent', print)]"), "below the plugin's prefix"),
    "hook raises": (hook("rules(hub)", "1 / 0"), "ZeroDivisionError"),
    "hook exits": (hook("rules(hub)", "raise SystemExit(1)"), "SystemExit"),
    "hook returns a number": (hook("rules(hub)", "return 7"), "returned int, not a list of Rule"),
    "hook returns classes": (hook("channels(hub)", "return [Channel]"), "the class Channel, which is no Channel"),
    "keeps and does not erase": (
        channel("pager", "return Receipt()").replace("reaches =", "data = Data(keeps=('address',))\n    reaches ="),
        "no feedbackhub_plugin says how to erase it",
    ),
    "reads too early": (hook("rules(hub)", "return [hub.read]"), "once all are loaded"),
}  # fmt: skip

#: What goes wrong later, with what was called.
DELIVERING = {
    "hangs": "time.sleep(600)",
    "raises": "1 / 0",
    "exits": "raise SystemExit(1)",
    "says nothing": "return None",
}
