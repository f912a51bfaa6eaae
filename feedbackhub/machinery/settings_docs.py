"""The declaration of the settings as documentation, as a first file, and as the staff's view of what holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr

from feedbackhub.machinery.durations import format_duration
from feedbackhub.machinery.options import ANY_NAME, Option, options_of
from feedbackhub.machinery.settings import Settings

__all__ = ["OptionValue", "describe", "describe_section", "example_toml", "section_reference", "settings_reference"]

MASK = "••••••"
PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")


@dataclass(frozen=True)
class OptionValue:
    """One option as it holds now, ready to be shown: secrets are masked."""

    name: str
    value: str
    source: str
    doc: str
    default: str


def describe(settings: Settings) -> list[OptionValue]:
    """Return every option with its value and source; plugins' tables are described by `describe_section`."""
    return [each for each in describe_section(settings, settings.origins) if each.name != "plugins"]


def describe_section(section: BaseModel, origins: Mapping[str, str], prefix: str = "") -> list[OptionValue]:
    """Return every option of a section (such as a plugin's, with prefix `plugins.<name>.`) as it holds now."""
    found = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        inner = list(sections_of(value))
        for key, each in inner:
            found += describe_section(each, origins, f"{prefix}{name}.{key}." if key else f"{prefix}{name}.")
        if not inner:
            option = Option(prefix + name, field)
            source = origins.get(option.name) or source_of_table(option.name, origins)
            found.append(OptionValue(option.name, shown(value), source, field.description or "", shown(option.default)))
    return found


def source_of_table(name: str, origins: Mapping[str, str]) -> str:
    """Return where the values of an option that is itself a table (`engine.rates`) came from."""
    inside = {source for option, source in origins.items() if option.startswith(f"{name}.")}
    listed = name.split(".")[0] if name.startswith("ask.") else ""
    return ", ".join(sorted(inside)) or origins.get(listed) or "default"


def sections_of(value: Any) -> Iterator[tuple[str, BaseModel]]:
    """Yield the sections in a value with their names: itself, or those of a list or a mapping."""
    if isinstance(value, BaseModel):
        yield "", value
    elif isinstance(value, Mapping):
        yield from ((key, each) for key, each in value.items() if isinstance(each, BaseModel))
    elif isinstance(value, tuple):
        yield from ((str(place), each) for place, each in enumerate(value, 1) if isinstance(each, BaseModel))


def shown(value: Any) -> str:
    """Write a value as in the settings file, a secret as dots."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, (str, Path)):
        return PASSWORD_IN_ADDRESS.sub(rf"\1:{MASK}@", str(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {shown(each)}" for key, each in value.items())
    return str(value)


def settings_reference() -> str:
    """Return all options as Markdown, one table for each table of the file, generated from the declaration."""
    return section_reference(Settings, "")


def section_reference(model: type[BaseModel], prefix: str) -> str:
    """Return the options of one section, such as a plugin's (`plugins.email.`), as Markdown, table by table."""
    tables: dict[str, list[Option]] = {}
    for option in options_of(model, prefix):
        tables.setdefault(option.name.rpartition(".")[0], []).append(option)
    return "\n".join(reference_table(heading(name), options) for name, options in tables.items())


def heading(table: str) -> str:
    """Write the name of a table as the file does."""
    if table.startswith("ask."):
        return "[[ask]]" + table.removeprefix(f"ask.{ANY_NAME}")
    return f"[{table}]" if table else "Top of the file"


def reference_table(title: str, options: list[Option]) -> str:
    """Return one Markdown table."""
    lines = [f"## {title}", "", "| option | default | meaning | environment |", "| --- | --- | --- | --- |"]
    for option in options:
        default = f"`{shown(option.default)}`" if shown(option.default) else "–"
        cells = (f"`{option.name.rpartition('.')[2]}`", default, meaning(option), variable(option.name))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def meaning(option: Option) -> str:
    """Return what an option is for, with its choices or as required."""
    doc = option.field.description or ""
    if get_origin(option.field.annotation) is Literal:
        doc += " One of " + ", ".join(f"`{choice}`" for choice in get_args(option.field.annotation)) + "."
    return doc + (" Required." if option.field.is_required() else "")


def variable(name: str) -> str:
    """Return the environment variable of an option; the ask policy as a whole is one variable in JSON."""
    if name.startswith("ask."):
        return "`FEEDBACKHUB_ASK` (JSON)"
    return "`FEEDBACKHUB_" + name.replace(ANY_NAME, "NAME").replace(".", "__").upper() + "`"


def example_toml(public_url: str = "http://127.0.0.1:8000", ask_by: str = "email", **top: str) -> str:
    """Return a first settings file: what nearly everybody sets, and the most used options as comments."""
    chosen = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in top.items())
    given = EXAMPLE.replace("{public_url}", json.dumps(public_url)).replace("{ask_by}", json.dumps(ask_by))
    return given.replace("{top}", chosen)


EXAMPLE = """\
# feedbackhub: settings. Every option is described in docs/settings.md; each can also be set in the environment,
# FEEDBACKHUB_PUBLIC_URL or FEEDBACKHUB_WEB__SESSION_HOURS.

# The address under which customers reach this server; links in messages are built from it.
public_url = {public_url}
{top}
# database = "postgresql+psycopg://feedbackhub@localhost/feedbackhub"   # default: SQLite in data_dir
# data_dir = "feedbackhub-data"
# default_language = "en"
# default_region = "US"          # country of phone numbers written without +
# timezone = "UTC"
# trusted_proxies = 1            # when a reverse proxy stands in front

[brands.default]
name = "Your company"
# sender = "Your company <feedback@example.com>"

# Whom to ask what. The first matching entry decides; without any, everybody is asked by mail after an hour.
[[ask]]
name = "default"
survey = "post-contact"
channels = [{ask_by}]             # "link": the API's answer holds the link, for your own mails, chats and receipts
delay = "1h"
reminder_after = "3d"
reminders = 1

[throttle]
days = 30                        # one person is asked at most once in so many days, whatever the channel

# Mails go out through your own server.
# [plugins.email]
# host = "smtp.example.com"
# port = 587
"""
