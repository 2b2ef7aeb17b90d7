"""The SQLite file as a backend."""

from __future__ import annotations

import json
import os
import sqlite3
import time
import typing

from ._backend import Progress, Reader
from ._database import Connections, all_rows, one_row, prepare, transaction, translated
from ._errors import ForecastUnavailable, UsageError
from ._insertion import endpoint_named, insert
from ._products import CHUNK_ROWS, Products, normalized
from ._values import Enqueued, Forecast, Options, Result, instant

_POLL_S = 0.02
# Pause after a full chunk, as a part of the time that its transaction took. SQLite does not queue writers: they
# poll, at last every 100 ms, so each poll finds the lock free one time in five.
_PAUSE_RATIO = 0.25
_PAGE_ROWS = 500
# How many results of all endpoints are looked through for those of one, in one read transaction.
_SCAN_ROWS = 20_000
# How many revisions of a label are kept, because finding them reads all of its jobs.
_LABEL_ROWS = 100_000
_COLUMNS = "endpoint, product, found, body, fetched_at, revision, call_id"


class SQLiteBackend:
    def __init__(self, path: typing.Union[str, os.PathLike[str]], timeout_s: float) -> None:
        self.connections = Connections(path, timeout_s)
        with self.connections.one():
            pass

    def __repr__(self) -> str:
        return repr(str(self.connections.path))

    def add(self, endpoint: str, products: Products, options: Options) -> Enqueued:
        with self.connections.one() as connection:
            with transaction(connection):
                began = time.monotonic()
                outcome = insert(connection, endpoint, products, options)
            held_s = time.monotonic() - began
        if len(products) == CHUNK_ROWS:
            time.sleep(held_s * _PAUSE_RATIO)
        return outcome

    def add_within(
        self, connection: sqlite3.Connection, endpoint: str, products: Products, options: Options
    ) -> Enqueued:
        """Adds in the transaction of a caller's connection, which the caller commits."""
        if not connection.in_transaction:
            raise UsageError(
                "The connection has no open transaction.",
                'run connection.execute("BEGIN IMMEDIATE") before, and commit after.',
            )
        with translated("the given connection"):
            prepare(connection, "the database of the given connection")
            return insert(connection, endpoint, products, options)

    def reader(
        self, endpoint: typing.Optional[str], label: typing.Optional[str], after: int
    ) -> Reader:
        if endpoint is not None:
            with self.connections.one() as connection:
                endpoint_named(connection, endpoint)
        return _SQLiteReader(self.connections, endpoint, label, after)

    def progress(
        self, endpoint: str, product: str, before: typing.Optional[Progress], wait_s: float
    ) -> typing.Optional[Progress]:
        with self.connections.one() as connection:
            product = normalized(product, endpoint_named(connection, endpoint).form)

            def look() -> typing.Optional[Progress]:
                return _progress(connection, endpoint, product, before)

            return until_changed(
                self.connections, connection, look, lambda now: now is None or not now.is_open, wait_s
            )

    def forecast(self, label: str) -> Forecast:
        raise ForecastUnavailable(
            f"The database {self.connections.path} alone has no forecast: asinqd calculates it.",
            "open the HTTP API of `asinqd serve` instead, or run `asinqd plan --json`.",
        )

    def close(self) -> None:
        self.connections.close()


_Value = typing.TypeVar("_Value")


def until_changed(
    connections: Connections,
    connection: sqlite3.Connection,
    look: typing.Callable[[], _Value],
    is_enough: typing.Callable[[_Value], bool],
    wait_s: float,
) -> _Value:
    """Looks again after each commit of another connection, until it is enough or `wait_s` is over.

    `PRAGMA data_version` reads no table, so it may be polled often.
    """
    until = time.monotonic() + wait_s
    seen = None
    while True:
        version = one_row(connection, "PRAGMA data_version")
        if version != seen:
            seen = version
            value = look()
            if is_enough(value):
                return value
        rest_s = until - time.monotonic()
        if rest_s <= 0 or connections.closed.is_set():
            return value
        time.sleep(min(_POLL_S, rest_s))


def _progress(
    connection: sqlite3.Connection,
    endpoint: str,
    product: str,
    before: typing.Optional[Progress],
) -> typing.Optional[Progress]:
    jobs = all_rows(
        connection,
        """SELECT id, state, error FROM queue
           WHERE endpoint = ? AND product = ? AND state IN ('available', 'running')
           ORDER BY id DESC LIMIT 1""",
        [endpoint, product],
    )
    rows = all_rows(
        connection,
        f"SELECT {_COLUMNS} FROM result WHERE endpoint = ? AND product = ?",
        [endpoint, product],
    )
    result = _result(rows[0]) if rows else None
    is_open = bool(jobs)
    if not is_open and before is not None and before.job_id is not None:
        jobs = all_rows(
            connection, "SELECT id, state, error FROM queue WHERE id = ?", [before.job_id]
        )
    elif not is_open:
        # No index has the products of finished jobs. A dead letter or a cancelled job is the last one if no
        # answer came after it.
        jobs = all_rows(
            connection,
            """SELECT id, state, error FROM queue
               WHERE endpoint = ? AND state IN ('discarded', 'cancelled')
                 AND finished_at IS NOT NULL AND product = ? AND finished_at > ?
               ORDER BY id DESC LIMIT 1""",
            [endpoint, product, rows[0][4] if rows else -1],
        )
    if not jobs:
        return None if result is None else Progress(False, "completed", None, result)
    job_id, state, error = jobs[0]
    return Progress(is_open, state, error, result, job_id)


def _result(row: typing.Tuple[typing.Any, ...]) -> Result:
    endpoint, product, found, body, fetched_at, revision, call_id = row
    item = None if body is None else json.loads(body)
    return Result(endpoint, product, bool(found), item, instant(fetched_at), revision, call_id)


class _SQLiteReader:
    def __init__(
        self,
        connections: Connections,
        endpoint: typing.Optional[str],
        label: typing.Optional[str],
        after: int,
    ) -> None:
        self._connections = connections
        self._endpoint = endpoint
        self._label = label
        self._after = after
        # Revisions of the label that are not read yet, the last one first.
        self._revisions: typing.List[int] = []
        # The last revision of all results when the label had none left.
        self._scanned = -1

    @property
    def cursor(self) -> str:
        return str(self._after)

    def read(self, wait_s: float) -> typing.List[Result]:
        with self._connections.one() as connection:
            return until_changed(
                self._connections, connection, lambda: self._next(connection), bool, wait_s
            )

    def _next(self, connection: sqlite3.Connection) -> typing.List[Result]:
        if self._label is not None:
            return self._next_of_label(connection)
        while True:
            (last,) = one_row(
                connection,
                """SELECT max(revision) FROM (
                       SELECT revision FROM result WHERE revision > ? ORDER BY revision LIMIT ?)""",
                [self._after, _SCAN_ROWS],
            )
            if last is None:
                return []
            # +endpoint: an index on it would sort all results of the endpoint.
            rows = all_rows(
                connection,
                f"""SELECT {_COLUMNS} FROM result
                    WHERE revision > :after AND revision <= :last
                      AND (:endpoint IS NULL OR +endpoint = :endpoint)
                    ORDER BY revision LIMIT :rows""",
                {
                    "after": self._after,
                    "last": last,
                    "endpoint": self._endpoint,
                    "rows": _PAGE_ROWS,
                },
            )
            self._after = rows[-1][5] if len(rows) == _PAGE_ROWS else last
            if rows:
                return [_result(row) for row in rows]

    def _next_of_label(self, connection: sqlite3.Connection) -> typing.List[Result]:
        while True:
            if not self._revisions:
                (last,) = one_row(connection, "SELECT ifnull(max(revision), 0) FROM result")
                if last == self._scanned:
                    return []
                # CROSS JOIN keeps the order: the label's jobs, then the result of each.
                self._revisions = [
                    row[0]
                    for row in all_rows(
                        connection,
                        """SELECT DISTINCT result.revision FROM queue CROSS JOIN result
                               ON result.endpoint = queue.endpoint AND result.product = queue.product
                           WHERE queue.label = :label AND (:endpoint IS NULL OR queue.endpoint = :endpoint)
                             AND result.revision > :after
                           ORDER BY 1 LIMIT :rows""",
                        {
                            "label": self._label,
                            "endpoint": self._endpoint,
                            "after": self._after,
                            "rows": _LABEL_ROWS,
                        },
                    )
                ][::-1]
                if not self._revisions:
                    self._scanned = last
                    return []
            page = [self._revisions.pop() for _ in range(min(_PAGE_ROWS, len(self._revisions)))]
            places = ", ".join("?" * len(page))
            rows = all_rows(
                connection,
                f"SELECT {_COLUMNS} FROM result WHERE revision IN ({places}) ORDER BY revision",
                page,
            )
            self._after = page[-1]
            # A result that was replaced since has a later revision, and comes with it.
            if rows:
                return [_result(row) for row in rows]
