"""Adds jobs to the table `queue`."""

from __future__ import annotations

import sqlite3
import time
import typing

from ._database import all_rows, one_row
from ._errors import UsageError
from ._products import Products, normalized
from ._values import Enqueued, Options, Refusal, milliseconds

_OPEN = """SELECT 1 FROM queue WHERE endpoint = ? AND product = ? AND ifnull(account, '') = ?
           AND state IN ('available', 'running')"""


class Endpoint(typing.NamedTuple):
    """A row of the table `endpoint`."""

    name: str
    provider: str
    form: str
    has_pages: bool
    leads_to: typing.Optional[str]


def endpoint_named(connection: sqlite3.Connection, name: str) -> Endpoint:
    rows = all_rows(
        connection,
        "SELECT name, provider, product_form, has_pages, leads_to FROM endpoint ORDER BY name",
    )
    for row in rows:
        if row[0] == name:
            return Endpoint(row[0], row[1], row[2], bool(row[3]), row[4])
    raise UsageError(
        f"There is no endpoint {name!r}.", f"use one of {', '.join(row[0] for row in rows)}."
    )


def insert(
    connection: sqlite3.Connection, name: str, products: Products, options: Options
) -> Enqueued:
    """Adds a chunk within a transaction that is open."""
    endpoint = endpoint_named(connection, name)
    _require(connection, endpoint, options)
    outcome = Enqueued()
    rows = [(index, normalized(given, endpoint.form), given) for index, given in products]
    stale, fresh = _split(connection, endpoint, rows, options)
    outcome.fresh = len(fresh)
    # Ids grow in a transaction, so the jobs above the last one are the added ones.
    (last,) = one_row(connection, "SELECT ifnull(max(id), 0) FROM queue")
    outcome.refused = _run(connection, endpoint, stale, options)
    (outcome.added,) = one_row(connection, "SELECT count(*) FROM queue WHERE id > ?", [last])
    outcome.already_open = len(stale) - len(outcome.refused) - outcome.added
    if options.then_lookup and fresh:
        _follow_up(connection, endpoint, fresh, options)
    return outcome


_Rows = typing.List[typing.Tuple[int, str, str]]


def _run(
    connection: sqlite3.Connection, endpoint: Endpoint, rows: _Rows, options: Options
) -> typing.List[Refusal]:
    """Runs one statement for all rows. A row that the schema refuses undoes only itself and ends
    `executemany`, which then continues behind it: the last row that it took is the refused one."""
    sql, constants = _statement(endpoint, options)
    taken = 0

    def values() -> typing.Iterator[typing.Tuple[object, ...]]:
        nonlocal taken
        for _, product, _ in rows:
            taken += 1
            yield (product, *constants)

    rest = values()
    refused: typing.List[Refusal] = []
    while True:
        try:
            connection.cursor().executemany(sql, rest)
        except sqlite3.IntegrityError as error:
            index, _, given = rows[taken - 1]
            refused.append(Refusal(index, given[:100], str(error)))
        else:
            return refused


def _statement(
    endpoint: Endpoint, options: Options
) -> typing.Tuple[str, typing.Tuple[object, ...]]:
    """Adds a job, or raises the waiting one: the contract's "Add a product, or raise its waiting job"."""
    columns: typing.Dict[str, object] = {
        "endpoint": endpoint.name,
        "account": options.account,
        "priority": 5 if options.priority is None else options.priority,
        "label": options.label,
        "not_before": 0 if options.not_before is None else milliseconds(options.not_before),
    }
    changes = [
        "priority = min(priority, excluded.priority)",
        """not_before = iif(call_id IS NULL AND not_before < 253402300799999,
                            min(not_before, excluded.not_before), not_before)""",
    ]
    differences = [
        "excluded.priority < priority",
        """call_id IS NULL AND not_before < 253402300799999
           AND excluded.not_before < not_before""",
    ]
    if options.pages is not None:
        columns["pages"] = options.pages
        changes.append("pages = max(pages, excluded.pages)")
        differences.append("excluded.pages > pages")
    if options.then_lookup:
        columns["then_lookup"] = (options.max_age_s or 0) * 1_000
        changes.append(
            "then_lookup = min(ifnull(then_lookup, excluded.then_lookup), excluded.then_lookup)"
        )
        differences.append("ifnull(then_lookup, excluded.then_lookup + 1) > excluded.then_lookup")
    sql = f"""
        INSERT INTO queue (product, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})
        ON CONFLICT (endpoint, product, ifnull(account, '')) WHERE state IN ('available', 'running')
        DO UPDATE SET {', '.join(changes)}
        WHERE state = 'available' AND ({' OR '.join(differences)})"""
    return sql, tuple(columns.values())


def _require(connection: sqlite3.Connection, endpoint: Endpoint, options: Options) -> None:
    """Raises UsageError for options for which every row would be refused."""
    if options.pages is not None and not endpoint.has_pages:
        raise UsageError(f"Answers of {endpoint.name} have no pages.", "leave pages out.")
    if options.then_lookup and endpoint.leads_to is None:
        raise UsageError(
            f"Results of {endpoint.name} lead to no other endpoint.", "leave then_lookup out."
        )
    if options.account is None:
        return
    known = [
        row[0]
        for row in all_rows(
            connection,
            "SELECT name FROM account WHERE provider = ? ORDER BY name",
            [endpoint.provider],
        )
    ]
    if options.account not in known:
        raise UsageError(
            f"There is no account {options.account!r} for {endpoint.name}.",
            f"use one of {', '.join(known)}." if known else "leave account out.",
        )


def _split(
    connection: sqlite3.Connection, endpoint: Endpoint, rows: _Rows, options: Options
) -> typing.Tuple[_Rows, _Rows]:
    """Splits products into those to add and those with a result no older than `max_age`. Where an
    answer has pages, a result is incomplete while the job is open."""
    if options.max_age_s is None:
        return rows, []
    since = int(time.time() * 1_000) - options.max_age_s * 1_000
    stale: _Rows = []
    fresh: _Rows = []
    for row in rows:
        is_fresh = bool(
            all_rows(
                connection,
                "SELECT 1 FROM result WHERE endpoint = ? AND product = ? AND fetched_at >= ?",
                [endpoint.name, row[1], since],
            )
        )
        if is_fresh and endpoint.has_pages:
            is_fresh = not all_rows(
                connection, _OPEN, [endpoint.name, row[1], options.account or ""]
            )
        (fresh if is_fresh else stale).append(row)
    return stale, fresh


def _follow_up(
    connection: sqlite3.Connection, endpoint: Endpoint, rows: _Rows, options: Options
) -> None:
    """Enqueues the codes of fresh results at once, unless they were looked up within `max_age`."""
    since = int(time.time() * 1_000) - (options.max_age_s or 0) * 1_000
    constants = [
        endpoint.leads_to,
        5 if options.priority is None else options.priority,
        options.label,
        0 if options.not_before is None else milliseconds(options.not_before),
    ]
    connection.cursor().executemany(
        """
        INSERT OR IGNORE INTO queue (endpoint, priority, label, not_before, product)
        SELECT ?, ?, ?, ?, code FROM code
        WHERE asin = ? AND NOT EXISTS (
            SELECT 1 FROM result WHERE endpoint = ? AND product = code.code AND fetched_at >= ?)
        """,
        ((*constants, product, endpoint.leads_to, since) for _, product, _ in rows),
    )
