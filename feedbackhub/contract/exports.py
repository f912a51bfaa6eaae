"""Exports: records by columns, streamed in batches to a file, and from there to another system if need be."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal

from .records import Data

ColumnKind = Literal["text", "integer", "number", "moment", "flag", "list", "json"]
RecordSet = Literal["responses", "contacts", "invitations", "decisions", "deliveries", "gestures"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a record set.

    Args:
        name: Its name, like ``answered_at``.
        kind: What its values are: ``text`` str, ``integer`` int, ``number`` float, ``moment`` aware datetime, ``flag``
            bool, ``list`` tuple of str, ``json`` a mapping; None where nothing is known.
        about: What it means, for readers of the file.
        personal: Whether it may hold personal data.
    """

    name: str
    kind: ColumnKind
    about: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records, column by column; all columns are equally long.

    Args:
        columns: Values by column name.
        cursor: Where to go on after this batch.
        length: How many records.
        texts: Some columns once more, by name, as files of text write them, so that what the database keeps as text
            need not be read and written again: moments as ISO 8601 in UTC with six decimals and ``Z``, JSON on one
            line without blanks. Which columns are there depends on the database and on what they hold.
    """

    columns: Mapping[str, Sequence[Any]]
    cursor: str
    length: int
    texts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records; an empty field asks nothing.

    Args:
        since: First moment, inclusive.
        until: Last moment, exclusive.
        basis: Which date counts for responses and invitations: ``answer`` (of an invitation: when it was sent) or
            ``contact``.
        survey, channel, team, topic, product, brand, language, segment, country: Frozen dimensions, exactly.
        agent: Public id of the agent who served.
        tests: Whether test records are included.
    """

    since: datetime | None = None
    until: datetime | None = None
    basis: Literal["answer", "contact"] = "answer"
    survey: str = ""
    channel: str = ""
    team: str = ""
    topic: str = ""
    product: str = ""
    brand: str = ""
    language: str = ""
    segment: str = ""
    country: str = ""
    agent: str = ""
    tests: bool = False


class Export(ABC):
    """A way to write records down; the core runs it as a task, with progress, schedule, download and command line."""

    name: ClassVar[str]
    title: ClassVar[str]
    suffix: ClassVar[str]
    media_type: ClassVar[str]
    data: ClassVar[Data] = Data()

    @property
    def lacks(self) -> str:
        """What has to be installed or set before it works, in words for staff; empty when it is ready."""
        return ""

    @abstractmethod
    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write all batches to a file, holding no more than one of them in memory."""

    def ship(self, file: Path, name: str) -> None:
        """Hand the finished file on to another system; does nothing by default.

        Args:
            file: The file.
            name: What it should be called there.

        Raises:
            TemporaryFailure: Trying again later may succeed.
            PermanentFailure: It cannot.
        """
