"""Reading settings: the file, over it the environment, each value with its source, each mistake with its name."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedbackhub.contract.errors import Problem, Refused
from feedbackhub.contract.hub import Unconfigured
from feedbackhub.machinery.options import ANY_NAME, nearest, options_of
from feedbackhub.machinery.settings import Origins, Settings

__all__ = ["SettingsError", "load_settings", "plugin_section", "settings_path"]

PREFIX = "FEEDBACKHUB_"
PATH_VARIABLE = "FEEDBACKHUB_CONFIG"
# Test suites choose their databases by variables of their own.
RESERVED = (PATH_VARIABLE, "FEEDBACKHUB_TEST_")
DEFAULT_PATH = Path("feedbackhub.toml")
M = TypeVar("M", bound=BaseModel)


class SettingsError(Refused):
    """Settings that cannot be used; each problem names the option, what is wrong and where it was set."""

    def __str__(self) -> str:
        return "\n".join(f"{each.field}: {each.reason}" if each.field else each.reason for each in self.problems)


def settings_path(path: Path | None, env: Mapping[str, str]) -> Path:
    """Return which settings file counts: the argument, else FEEDBACKHUB_CONFIG, else ./feedbackhub.toml."""
    return path or Path(env.get(PATH_VARIABLE) or DEFAULT_PATH)


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args: path: the file, None for the usual places, where it may be missing; env: the environment, whose
        `FEEDBACKHUB_WEB__SESSION_HOURS` goes over `[web] session_hours`.
    Returns: the settings, with the origin of each value given.
    Raises: SettingsError, with every mistake found.
    """
    chosen = settings_path(path, env)
    values = read_file(chosen, must_exist=path is not None or PATH_VARIABLE in env)
    origins = Origins((option, "file") for option in leaves(values))
    for name, option, value in from_environment(env):
        put(values, option, value, name)
        origins[".".join(option)] = f"environment {name}"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise refused(error, Settings, "", origins, chosen) from None
    folder = chosen.resolve().parent / settings.data_dir.expanduser()
    return settings.model_copy(update={"data_dir": folder}).read_from(chosen, origins)


def plugin_section(settings: Settings, name: str, model: type[M]) -> M:
    """Return the table `[plugins.<name>]` as the plugin declares it.

    Raises: Unconfigured when only required options are missing, SettingsError for an unknown or wrong one.
    """
    prefix = f"plugins.{name}."
    values = settings.plugins.get(name, {})
    try:
        return model.model_validate(values, extra="forbid")
    except ValidationError as error:
        missing = [item for item in error.errors(include_url=False) if item["type"] == "missing"]
        if len(missing) == error.error_count():
            raise Unconfigured(*(prefix + dotted(item["loc"]) for item in missing)) from None
        raise refused(error, model, prefix, settings.origins, settings.path) from None


def read_file(path: Path, must_exist: bool) -> dict[str, Any]:
    """Return what a TOML file holds; nothing for one that may be missing and is."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(Problem("", f"{path}: there is no such file")) from None
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(Problem("", f"{path}: is not TOML: {error}")) from None
    except OSError as error:
        raise SettingsError(Problem("", f"{path}: cannot be read: {error.strerror}")) from None


def from_environment(env: Mapping[str, str]) -> Iterator[tuple[str, list[str], Any]]:
    """Yield variable, option and value of everything that the environment sets."""
    lists = {option.name for option in options_of(Settings) if is_list(option.default)}
    for name in sorted(env):
        if name.startswith(PREFIX) and not name.startswith(RESERVED):
            option = name.removeprefix(PREFIX).lower().split("__")
            yield name, option, environment_value(env[name], ".".join(option) in lists, name)


def is_list(default: Any) -> bool:
    """Tell whether an option takes several values."""
    return isinstance(default, tuple)


def environment_value(text: str, several: bool, name: str) -> Any:
    """Return the value a variable means: JSON for lists and tables, a comma list where several are expected."""
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            raise SettingsError(Problem("", f"environment {name}: begins like JSON but is none")) from None
    return [part.strip() for part in text.split(",") if part.strip()] if several else text


def put(values: dict[str, Any], option: list[str], value: Any, name: str) -> None:
    """Set a nested value, making the tables above it."""
    *tables, last = option
    for table in tables:
        values = values.setdefault(table, {})
        if not isinstance(values, dict):
            raise SettingsError(Problem(".".join(option), f"{table} is not a table (in the environment, {name})"))
    values[last] = value


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every value that is not a table."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def refused(
    error: ValidationError, model: type[BaseModel], prefix: str, origins: Mapping[str, str], path: Path
) -> SettingsError:
    """Turn what pydantic found into problems that name option, reason and place."""
    problems = []
    for item in error.errors(include_url=False):
        option = prefix + dotted(item["loc"])
        origin = origins[option]
        where = f"the {origin.replace(' ', ', ')}" if origin.startswith("environment") else path.name
        problems.append(Problem(option, f"{reason_of(item, option, model, prefix)} (in {where})"))
    return SettingsError(*problems)


def reason_of(item: ErrorDetails, option: str, model: type[BaseModel], prefix: str) -> str:
    """Say what is wrong with one option, never repeating its value, which may be a secret."""
    if item["type"] == "extra_forbidden":
        guess = nearest(option, [similar_place(option, prefix + each.name) for each in options_of(model)])
        return f"unknown option; did you mean {guess}?" if guess else "unknown option"
    if item["type"] == "missing":
        return "must be given"
    if item["type"] == "string_pattern_mismatch" and (usual := usual_value(option, model, prefix)):
        return f"must be written like {usual}"
    return item["msg"].removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")


def usual_value(option: str, model: type[BaseModel], prefix: str) -> str:
    """Return the default of an option that takes a text, empty when it has none."""
    for each in options_of(model):
        if similar_place(option, prefix + each.name) == option:
            return each.default if isinstance(each.default, str) else ""
    return ""


def similar_place(option: str, name: str) -> str:
    """Write the operator's own names into a declared option: `brands.acme.colr` against `brands.acme.color`."""
    parts = name.split(".")
    given = option.split(".")
    return ".".join(given[at] if part == ANY_NAME and at < len(given) else part for at, part in enumerate(parts))


def dotted(place: tuple[int | str, ...]) -> str:
    """Write a place in the values as a dotted name."""
    return ".".join(str(part) for part in place)
