"""What an operator may choose: one declaration that also makes the documentation, the template and the staff page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from feedbackhub.contract.scalars import Line
from feedbackhub.machinery.settings_sections import (
    AskEntry,
    AskMatch,
    Brand,
    Engine,
    Exports,
    Gestures,
    HttpSettings,
    Language,
    Lines,
    Name,
    Privacy,
    Reports,
    Section,
    SourceSettings,
    Throttle,
    Web,
    WebAddress,
    as_list,
    known_database,
    known_timezone,
)

__all__ = [
    "AskEntry",
    "AskMatch",
    "Brand",
    "Engine",
    "Exports",
    "Gestures",
    "HttpSettings",
    "Origins",
    "Privacy",
    "Reports",
    "Section",
    "Settings",
    "SourceSettings",
    "Throttle",
    "Web",
]


#: Where single-file plugins are looked for in the data folder.
PLUGINS_DIR = "plugins.d"


class Origins(dict[str, str]):
    """Dotted option names to where their values came from; every other option is a default."""

    def __missing__(self, _option: str) -> str:
        return "default"


class Settings(Section):
    """Everything that an operator may choose."""

    public_url: WebAddress = Field("http://127.0.0.1:8000", description="Address under which customers reach it.")
    database: Annotated[str, AfterValidator(known_database)] = Field(
        "", repr=False, description="`postgresql+psycopg://…`; empty: SQLite in the data folder."
    )
    data_dir: Path = Field(Path("feedbackhub-data"), description="Folder for the database, keys and files.")
    listen: str = Field(
        "127.0.0.1:8000",
        pattern=r"^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$",
        description="Address and port of the built-in server.",
    )
    default_language: Language = Field("en", description="Language for customers whose own is unknown.")
    default_region: str = Field(
        "US", pattern=r"^[A-Z]{2}$", description="Country of phone numbers written without a country code."
    )
    timezone: Annotated[str, AfterValidator(known_timezone)] = Field("UTC", description="Time zone of the company.")
    trusted_proxies: int = Field(0, ge=0, le=10, description="Number of reverse proxies in front of the server.")
    test_address: Line = Field(
        "", description="Mail address that asks of test contacts go to; empty: they are kept in the mailbox."
    )
    demo: bool = Field(False, description="Show the demo guide and the mailbox page.")
    plugins_disabled: Lines = Field((), description="Plugins that are installed but not to be used.")
    plugins_dir: Path | None = Field(
        None, description="Folder of single-file plugins; relative to the data folder. Empty: `plugins.d` there."
    )
    plugin_files: Annotated[tuple[Path, ...], BeforeValidator(as_list)] = Field(
        (), description="Single files that are plugins, for authors trying theirs."
    )
    plugin_trial_seconds: float = Field(
        10.0, ge=0, le=300,
        description="Seconds that importing a new plugin may take in a process of its own; 0: it is not tried there.",
    )  # fmt: skip
    safe_mode: bool = Field(False, description="Load the bundled plugins only.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    brands: dict[Name, Brand] = Field({}, description="Brands; `default` is used where a contact names none.")
    sources: dict[Name, SourceSettings] = Field({}, description="Origins of contacts that need settings of their own.")
    ask: tuple[AskEntry, ...] = Field((), description="The ask policy; the first matching entry decides.")
    throttle: Throttle = Field(Throttle(), description="How rarely one person is asked.")
    web: Web = Field(Web(), description="Pages and the API.")
    engine: Engine = Field(Engine(), description="Sending, reminding, retrying.")
    privacy: Privacy = Field(Privacy(), description="Keeping of personal data.")
    exports: Exports = Field(Exports(), description="Files with records.")
    gestures: Gestures = Field(Gestures(), description="What is done for customers.")
    http: HttpSettings = Field(HttpSettings(), description="Calls to other systems.")
    reports: Reports = Field(Reports(), description="Analyses.")
    plugins: dict[str, dict[str, Any]] = Field(
        {}, repr=False, description="A table per plugin; each plugin documents its own."
    )

    _origins: Origins = PrivateAttr(default_factory=lambda: Origins())
    _path: Path = PrivateAttr(default=Path("feedbackhub.toml"))

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        brands = values.get("brands", {})
        complete = {"brands": {"default": {}, **brands}} if isinstance(brands, dict) else {}
        return {**values, **complete, "ask": values.get("ask") or ({"name": "default"},)}

    @model_validator(mode="after")
    def _distinct_asks(self) -> Settings:
        names = [entry.name for entry in self.ask]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"ask: two entries are named {', '.join(twice)}")
        return self

    @property
    def plugins_folder(self) -> Path | None:
        """The folder of single-file plugins, None when there is none and none was named."""
        if self.plugins_dir is not None:
            return self.data_dir / self.plugins_dir
        usual = self.data_dir / PLUGINS_DIR
        return usual if usual.is_dir() else None

    @property
    def origins(self) -> Mapping[str, str]:
        """Where each option came from, by dotted name: `file`, `environment VARIABLE` or `default`."""
        return self._origins

    @property
    def path(self) -> Path:
        """The settings file, whether or not there is one."""
        return self._path

    def read_from(self, path: Path, origins: Origins) -> Settings:
        """Note which file, and which places, these settings were read from, and return them."""
        self._path, self._origins = path, origins
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the database, holding its password."""
        return self.database or f"sqlite:///{self.data_dir / 'feedbackhub.db'}"

    @property
    def listen_at(self) -> tuple[str, int]:
        """Host and port of the built-in server."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    def brand(self, name: str | None = None) -> Brand:
        """Return a brand by name, or the default brand for none and for an unknown one."""
        return self.brands.get(name or "default") or self.brands["default"]

    def base_url(self, brand: str | None = None) -> str:
        """Return the public address, without a slash at its end, under which a brand's pages are reached."""
        return self.brand(brand).public_url or self.public_url
