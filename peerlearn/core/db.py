"""The database: base model, names of constraints, UTC time, SQLite's settings and a fair write lock.

SQLite lets one transaction write at a time. A deferred transaction that turns from reading to writing fails at once
when another wrote in between, and SQLite's own waiting is unfair. So a transaction that means to write says so when it
begins (`BEGIN IMMEDIATE`) and waits for its turn in a queue of this process. PostgreSQL needs none of this.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Executable, Float, Integer, MetaData, String, Table, event, literal_column
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, NullType, TypeDecorator, TypeEngine

from peerlearn.core.errors import TooBusy

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_WORD = re.compile(r"[a-z]+(?:[-_][a-z]+)*")
_COMPARED = (operators.eq, operators.ne, operators.in_op, operators.not_in_op)


class _Word(String):
    """The type of a `Word`."""

    class comparator_factory(String.Comparator[str]):
        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            others = map(_as_it_stands, other) if op in _COMPARED else other
            return super().operate(op, *others, **kwargs)


Word = Annotated[str, "word"]
"""One of few words that say what a row is: its state, its kind.

Compared with a column, it stands in the statement as it is and not as a parameter. Where an index is only for rows with
such a word, SQLite would otherwise plan the statement anew each time, because a plan may depend on the parameter; and
no database would be sure that the index will do.
"""


def _as_it_stands(value: Any) -> Any:
    if isinstance(value, str) and _WORD.fullmatch(value):
        return literal_column(f"'{value}'", String)
    if isinstance(value, list | tuple | set | frozenset):
        words = [_as_it_stands(each) for each in sorted(each for each in value if isinstance(each, str))]
        return words if len(words) == len(value) else value
    return value


class Base(DeclarativeBase):
    """The base of all tables."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UTCDateTime(), dict[str, Any]: JSON(), list[Any]: JSON(), Word: _Word()},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


class _Compiled(dict[Any, Any]):
    """What one statement was compiled to, as SQLAlchemy's cache, whose keys begin with a dialect and the statement.

    A statement is a key of hundreds of parts, and finding it in the cache of all statements hashes every one of them.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        dialect, _statement, *rest = key
        return super().get((dialect, *rest), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        dialect, _statement, *rest = key
        super().__setitem__((dialect, *rest), compiled)


_asked: WeakKeyDictionary[Executable, _Compiled] = WeakKeyDictionary()


def ask(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] = ()) -> Any:
    """Plain rows of the running transaction: no objects are made of them and none that changed is stored before.

    With statements that are made once and filled in when they run this costs a third of asking the session. What such
    a statement is compiled to is kept with it from the second time on.
    """
    compiled = _asked.get(statement)
    if compiled is None:
        _asked[statement] = _Compiled()
        return db.session.connection().execute(statement, values or None)
    options = {"compiled_cache": compiled}
    return db.session.connection().execute(statement, values or None, execution_options=options)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that write plain rows."""
    return cast(Table, model.__table__)


def database() -> str:
    """Which database it is: statements that only one of them understands are made once for each."""
    return db.engine.dialect.name


class least(FunctionElement[Any]):
    """The smaller of two values, null when one is. Its type is that of the first.

    It is `min(a, b)` on SQLite; PostgreSQL's `least` leaves nulls out, so they are asked about.
    """

    name = "least"
    inherit_cache = True
    type: TypeEngine[Any] = NullType()

    def __init__(self, *clauses: Any) -> None:
        super().__init__(*clauses)
        self.type = next(iter(self.clauses)).type


@compiles(least)
def _least(element: least, compiler: Any, **kw: Any) -> str:
    one, other = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(case when {one} is null or {other} is null then null else least({one}, {other}) end)"


@compiles(least, "sqlite")
def _least_sqlite(element: least, compiler: Any, **kw: Any) -> str:
    return f"min({compiler.process(element.clauses, **kw)})"


class days_between(FunctionElement[float]):
    """How many days lie between two moments, with their parts."""

    name = "days_between"
    inherit_cache = True
    type = Float()


@compiles(days_between)
def _days_between(element: days_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(extract(epoch from ({later} - {earlier})) / 86400.0)"


@compiles(days_between, "sqlite")
def _days_between_sqlite(element: days_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


class dates_between(FunctionElement[int]):
    """How many days lie between two dates."""

    name = "dates_between"
    inherit_cache = True
    type = Integer()


@compiles(dates_between)
def _dates_between(element: dates_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({later} - {earlier})"


@compiles(dates_between, "sqlite")
def _dates_between_sqlite(element: dates_between, compiler: Any, **kw: Any) -> str:
    earlier, later = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


class exp2(FunctionElement[float]):
    """Two to the power of a number."""

    name = "exp2"
    inherit_cache = True
    type = Float()


@compiles(exp2)
def _exp2(element: exp2, compiler: Any, **kw: Any) -> str:
    return f"power(2.0::float8, ({compiler.process(element.clauses, **kw)})::float8)"


@compiles(exp2, "sqlite")
def _exp2_sqlite(element: exp2, compiler: Any, **kw: Any) -> str:
    return f"exp2({compiler.process(element.clauses, **kw)})"


class FairLock:
    """A lock whose waiters are served in the order in which they came."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False
        self.waited = 0.0  # seconds, of all that had to

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the turn; whether it came."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        began = time.perf_counter()
        came = turn.wait(timeout)
        with self._mutex:
            self.waited += time.perf_counter() - began
            if came:
                return True
            if turn.is_set():
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Give the turn to the one who has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


WRITE_WAIT = 10.0
_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read; they take no lock. Everything else is taken to write."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def set_reading(value: bool) -> None:
    """Say for the rest of this context whether new transactions only read."""
    _reading.set(value)


def start_writing(*, keep: bool = False) -> None:
    """End the reading part of a request whose slow work is done; the next statement begins a write transaction.

    Objects loaded before are expired and load again when used. `keep` leaves them as they were read: right only where
    all that is changed has a version number, so that whoever was quicker is noticed.
    """
    if not _reading.get():
        return
    if keep:
        db.session.commit()  # nothing is stored: a reading transaction has changed nothing
    else:
        db.session.rollback()
    _reading.set(False)


def prepare_engine(engine: Engine) -> FairLock | None:
    """Attach SQLite's settings and the write lock to an engine; other databases are left alone."""
    if engine.dialect.name != "sqlite":
        return None
    lock = FairLock()

    @event.listens_for(engine, "connect")
    def settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("ln", 1, math.log, deterministic=True)  # not every SQLite has these
        connection.create_function("exp2", 1, math.exp2, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _reading.get():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("holds_write_lock"):
            if not lock.acquire(WRITE_WAIT):
                raise TooBusy()
            connection.info["holds_write_lock"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, record: Any) -> None:
        if record.info.pop("holds_write_lock", False):
            lock.release()

    return lock


PATIENCE = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}


def insist_on_answers(engine: Engine, patience: Mapping[str, str] = PATIENCE) -> None:
    """Let PostgreSQL give up what takes a page too long: a statement, a wait, a transaction that does nothing.

    For web servers, whose people are told to try again; commands and workers may take their time.
    """
    if engine.dialect.name != "postgresql":
        return

    @event.listens_for(engine, "connect")
    def settings(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            for name, value in patience.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.commit()
