"""Prepared statements: compiled once for each database, then run on the driver's own cursor.

SQLAlchemy builds, caches and looks up a statement each time it is executed, and wraps every row. On the paths that
every customer walks that costs more than the database itself, so their statements are written in SQLAlchemy Core as
usual and prepared here.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CompoundSelect, Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from .later import Later, kept_back
from .types import AnyRow

__all__ = ["Prepared"]

_Process = Callable[[Any], Any]
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete


@dataclass(frozen=True)
class _Plan:
    """A statement as one database takes it.

    Args:
        sql: Its text.
        order: Names of the parameters in their order, None where the driver takes them by name.
        fixed: Values that the statement brings itself.
        before: What prepares a parameter's value for the driver.
        after: What makes a column's value of what the driver gave, by its place.
        row: Makes a row.
    """

    sql: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, Any]
    before: Mapping[str, _Process]
    after: tuple[tuple[int, _Process], ...]
    row: Callable[[Iterable[Any]], Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them."""
        values = {**self.fixed, **given}
        for name, process in self.before.items():
            values[name] = process(values[name])
        return values if self.order is None else tuple([values[name] for name in self.order])

    def shaped(self, found: Iterable[Any]) -> AnyRow:
        """Return a row of the driver with names and Python's types."""
        values = list(found)
        for place, process in self.after:
            values[place] = process(values[place])
        return cast(AnyRow, self.row(values))


class Prepared:
    """A statement that is compiled once for each database.

    Its parameters are those of `sqlalchemy.bindparam`; lists of any length (``expanding``) are not taken.

    Args:
        statement: What to run; its columns need names that differ.
        **others: Statements for databases that need one of their own, by the dialect's name.
    """

    def __init__(self, statement: Statement, **others: Statement) -> None:
        self._statement, self._others = statement, others
        self._plans: dict[str, _Plan] = {}

    def all(self, connection: Connection, **params: Any) -> list[AnyRow]:
        """Run it and return all rows.

        Raises:
            sqlalchemy.exc.DBAPIError: As SQLAlchemy would.
        """
        plan, cursor = self._run(connection, params)
        found = cursor.fetchall()
        cursor.close()
        return [plan.shaped(row) for row in found]

    def first(self, connection: Connection, **params: Any) -> AnyRow | None:
        """Run it and return the first row, None when there is none; errors as in `all`."""
        plan, cursor = self._run(connection, params)
        found = cursor.fetchone()
        cursor.close()
        return None if found is None else plan.shaped(found)

    def run(self, connection: Connection, **params: Any) -> int:
        """Run it and return how many rows it changed; errors as in `all`."""
        _, cursor = self._run(connection, params)
        count = int(cursor.rowcount)
        cursor.close()
        return count

    def number(self, connection: Connection, **params: Any) -> int:
        """Run an insertion and return the new row's number, the one it returns or SQLite's own; errors as in `all`.

        On SQLite, returning makes an insertion ready to look at every table that refers to its own.
        """
        _, cursor = self._run(connection, params)
        found = cursor.fetchone() if cursor.description is not None else (cursor.lastrowid,)
        cursor.close()
        return int(found[0])

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row of parameters; errors as in `all`."""
        if not rows:
            return
        plan, cursor = self._plan(connection), _cursor(connection)
        self._called(connection, plan, cursor, [plan.values(row) for row in rows], many=True)
        cursor.close()

    def later(self, connection: Connection, **params: Any) -> None:
        """Run it at once or together with others, in any case before what comes after it; errors as in `all`.

        For changes whose outcome nobody looks at: inside a write on PostgreSQL they share a round trip with the next
        question or the commit, and it is there that an error shows.
        """
        plan = self._plan(connection)
        later = _kept_back(connection, plan)
        if later is None:
            self.run(connection, **params)
            return
        values = plan.values(params)
        _seen(connection, None, plan, values)
        later.add(plan.sql, values)

    def later_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it as `later` for each row of parameters."""
        plan = self._plan(connection)
        later = _kept_back(connection, plan)
        if later is None:
            self.many(connection, rows)
        elif rows:
            values = [plan.values(row) for row in rows]
            _seen(connection, None, plan, values, many=True)
            later.add(plan.sql, values, many=True)

    def _run(self, connection: Connection, params: Mapping[str, Any]) -> tuple[_Plan, Any]:
        plan = self._plan(connection)
        later = _kept_back(connection, plan)
        if later is not None:
            values = plan.values(params)
            _seen(connection, None, plan, values)
            return plan, later.ask(plan.sql, values)
        cursor = _cursor(connection)
        self._called(connection, plan, cursor, plan.values(params))
        return plan, cursor

    @staticmethod
    def _called(connection: Connection, plan: _Plan, cursor: Any, values: Any, many: bool = False) -> None:
        dialect = connection.dialect
        known = dialect.loaded_dbapi.Error
        _seen(connection, cursor, plan, values, many)
        execute = cursor.executemany if many else cursor.execute
        try:
            execute(plan.sql, values)
        except known as error:
            gone = dialect.is_disconnect(error, cast(Any, connection.connection.dbapi_connection), None)
            if gone:
                connection.invalidate(error)
            # Without the values, which are personal.
            raise DBAPIError.instance(
                plan.sql, None, error, known, hide_parameters=True, connection_invalidated=gone, dialect=dialect
            ) from error

    def _plan(self, connection: Connection) -> _Plan:
        name = connection.dialect.name
        plan = self._plans.get(name)
        if plan is None:
            plan = self._plans[name] = _planned(self._others.get(name, self._statement), connection.dialect)
        return plan


def _kept_back(connection: Connection, plan: _Plan) -> Later | None:
    # SQLite's parameters go by their order; there nothing is kept back, and nobody should pay for asking.
    return kept_back(connection) if plan.order is None else None


def _seen(connection: Connection, cursor: Any, plan: _Plan, values: Any, many: bool = False) -> None:
    """Let whoever counts or explains statements see this one too."""
    for look in connection.dispatch.before_cursor_execute:
        look(connection, cursor, plan.sql, values, None, many)


def _cursor(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()  # as SQLAlchemy does by itself before its first statement
    return connection.connection.cursor()


def _planned(statement: Statement, dialect: Dialect) -> _Plan:
    if isinstance(statement, Insert) and not statement._returning:
        statement = statement.inline()  # nobody waits for the row's number
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{type(statement).__name__} cannot be prepared")
    if compiled.post_compile_params:
        raise TypeError("a list of any length cannot be prepared")
    types = {compiled.bind_names[bind]: bind.type for bind in compiled.bind_names}
    fixed = {name: value for name, value in compiled.construct_params(_check=False).items() if value is not None}
    fixed |= _defaults(compiled)
    before = {name: process for name, type_ in types.items() if (process := _binder(type_, dialect))}
    answers = bool(compiled.returning) or isinstance(statement, Select | CompoundSelect)
    columns = list(statement.exported_columns) if answers else []
    readers = [(place, _reader(column.type, dialect)) for place, column in enumerate(columns)]
    names = [str(column.name) for column in columns]
    return _Plan(
        compiled.string,
        tuple(compiled.positiontup) if compiled.positional and compiled.positiontup is not None else None,
        fixed,
        before,
        tuple((place, process) for place, process in readers if process is not None),
        _row_of(names),
    )


def _row_of(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    row = namedtuple("row", names)  # type: ignore[misc]  # the names are known only now
    row._mapping = property(row._asdict)  # type: ignore[attr-defined]  # as rows of SQLAlchemy have it
    return row._make


def _defaults(compiled: SQLCompiler) -> dict[str, Any]:
    """Return what columns hold that the statement leaves out, as their tables say."""
    found = {}
    for column in (*compiled.insert_prefetch, *compiled.update_prefetch):
        if column.default is None or not column.default.is_scalar:
            raise TypeError(f"the default of {column} cannot be prepared")
        found[str(column.key)] = cast(Any, column.default).arg
    return found


def _binder(type_: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
