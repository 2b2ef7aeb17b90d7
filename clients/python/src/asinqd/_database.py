"""Connections to the SQLite file, prepared as its contract requires: schema/README.md."""

from __future__ import annotations

import contextlib
import os
import pathlib
import sqlite3
import threading
import typing

from ._errors import (
    AsinqdError,
    DatabaseBusy,
    DatabaseError,
    DatabaseMissing,
    DatabaseUnsuitable,
    UsageError,
)

_APPLICATION_ID = 1_634_954_865
_VERSION = 7
_SQLITE_MIN = (3, 37, 0)

# By place for `?`, by name for `:name`. Python 3.12 warns of `?1`.
Values = typing.Union[typing.Sequence[object], typing.Mapping[str, object]]


class Connections:
    """Idle connections to one file. Each call takes one, so that threads never share one."""

    def __init__(self, path: typing.Union[str, os.PathLike[str]], timeout_s: float) -> None:
        if sqlite3.sqlite_version_info < _SQLITE_MIN:
            raise DatabaseUnsuitable(
                f"Python has SQLite {sqlite3.sqlite_version}; the database needs 3.37 or later.",
                "use a Python with a newer SQLite, or the HTTP API of `asinqd serve`.",
            )
        self.path = pathlib.Path(path).absolute()
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._idle: typing.List[sqlite3.Connection] = []
        self.closed = threading.Event()

    @contextlib.contextmanager
    def one(self) -> typing.Iterator[sqlite3.Connection]:
        """A connection. After an error it is closed, and errors of SQLite become those of this package."""
        if self.closed.is_set():
            raise UsageError("The client is closed.", "open another one.")
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        with translated(str(self.path)):
            connection = connection or self._open()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
        with self._lock:
            if not self.closed.is_set():
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():
            raise DatabaseMissing(
                f"There is no database {self.path}.",
                "check the path; `asinqd enqueue` and `asinqd run` create the file.",
            )
        # mode=rw: a file that disappears now is an error, not a new file.
        connection = sqlite3.connect(
            self.path.as_uri() + "?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=self._timeout_s,
            check_same_thread=False,
        )
        try:
            prepare(connection, str(self.path))
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        with self._lock:
            self.closed.set()
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def prepare(connection: sqlite3.Connection, place: str) -> None:
    """Checks that it is a database of asinqd, and sets the contract's pragmas.

    A caller's own connection keeps a timeout that is not 0; `synchronous` cannot change within a transaction.
    """
    (application,) = one_row(connection, "PRAGMA application_id")
    (version,) = one_row(connection, "PRAGMA user_version")
    if application != _APPLICATION_ID:
        raise DatabaseUnsuitable(
            f"{place} is not a database of asinqd.", "check the path of the database."
        )
    if version > _VERSION:
        raise DatabaseUnsuitable(
            f"{place} has version {version}; this package knows version {_VERSION}.",
            "upgrade the Python package asinqd.",
        )
    if version < _VERSION:
        raise DatabaseUnsuitable(
            f"{place} has version {version}; this package needs version {_VERSION}.",
            "upgrade asinqd, whose next start upgrades the file.",
        )
    (timeout_ms,) = one_row(connection, "PRAGMA busy_timeout")
    if timeout_ms == 0:
        execute(connection, "PRAGMA busy_timeout = 5000")
    execute(connection, "PRAGMA wal_autocheckpoint = 0")
    if not connection.in_transaction:
        execute(connection, "PRAGMA synchronous = FULL")


def execute(
    connection: sqlite3.Connection, sql: str, values: Values = ()
) -> sqlite3.Cursor:
    """A statement whose rows are tuples, also on a caller's connection with another row factory."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, values)


def all_rows(
    connection: sqlite3.Connection, sql: str, values: Values = ()
) -> typing.List[typing.Tuple[typing.Any, ...]]:
    """All rows at once: a half-read SELECT would keep the log from shrinking."""
    return execute(connection, sql, values).fetchall()


def one_row(
    connection: sqlite3.Connection, sql: str, values: Values = ()
) -> typing.Tuple[typing.Any, ...]:
    rows = all_rows(connection, sql, values)
    return rows[0]


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> typing.Iterator[None]:
    """IMMEDIATE: it waits for the lock before it reads."""
    execute(connection, "BEGIN IMMEDIATE")
    try:
        yield
        execute(connection, "COMMIT")
    except BaseException:
        if connection.in_transaction:
            execute(connection, "ROLLBACK")
        raise


@contextlib.contextmanager
def translated(place: str) -> typing.Iterator[None]:
    """Turns errors of SQLite into those of this package."""
    try:
        yield
    except sqlite3.Error as error:
        raise _error(error, place) from error


def _error(error: sqlite3.Error, place: str) -> AsinqdError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return DatabaseBusy(
            f"{place} is locked by another program.",
            "end the program that keeps a transaction open, or open with a longer timeout.",
        )
    if "not a database" in text:
        return DatabaseUnsuitable(
            f"{place} is not a database of asinqd.", "check the path of the database."
        )
    if "readonly" in text or "unable to open" in text:
        return DatabaseError(
            f"{place}: {text}.",
            "give this user permission to write to the file, to -wal and -shm next to it, and to their folder.",
        )
    if "no such table" in text or "no such column" in text:
        return DatabaseUnsuitable(f"{place}: {text}.", "run `asinqd check`, which lists missing tables and columns.")
    return DatabaseError(f"{place}: {text}.", "run `asinqd check`.")
