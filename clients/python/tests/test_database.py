"""What only a database has: locks, versions, a caller's transaction, several processes."""

from __future__ import annotations

import multiprocessing
import pathlib
import sqlite3
import time
import typing

import pytest

import asinqd
from asinqd import _database
from conftest import Bench, asins


def test_a_missing_file_is_an_error_and_is_not_created(tmp_path: pathlib.Path) -> None:
    with pytest.raises(asinqd.DatabaseMissing, match="Try: check the path") as caught:
        asinqd.open(tmp_path / "missing.sqlite")
    assert isinstance(caught.value, FileNotFoundError)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content, what",
    [(b"", "not a database of asinqd"), (b"name,asin\n" * 100, "not a database of asinqd")],
)
def test_another_file_is_refused(tmp_path: pathlib.Path, content: bytes, what: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(asinqd.DatabaseUnsuitable, match=what):
        asinqd.open(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "version, hint", [(8, "upgrade the Python package"), (6, "upgrade asinqd")]
)
def test_another_version_is_refused(bench: Bench, version: int, hint: str) -> None:
    bench.rows(f"PRAGMA user_version = {version}")
    with pytest.raises(asinqd.DatabaseUnsuitable, match=f"version {version}") as caught:
        asinqd.open(bench.path)
    assert caught.value.hint is not None and hint in caught.value.hint


def test_a_token_for_a_database_is_an_error(bench: Bench) -> None:
    with pytest.raises(asinqd.UsageError):
        asinqd.open(bench.path, token="secret")


def test_a_path_with_signs_of_a_uri_opens_that_file(bench: Bench) -> None:
    path = bench.folder / "the queue?mode=ro&x#1 %41.sqlite"
    bench.path.rename(path)
    with asinqd.open(path) as client:
        assert client.enqueue("images", asins(1)).added == 1
        assert repr(client) == f"asinqd.open({str(path)!r})"


def test_each_connection_has_the_pragmas_of_the_contract(bench: Bench) -> None:
    connections = _database.Connections(bench.path, 7)
    with connections.one() as connection:
        values = [
            _database.one_row(connection, f"PRAGMA {name}")[0]
            for name in ("busy_timeout", "wal_autocheckpoint", "synchronous", "journal_mode")
        ]
    assert values == [7_000, 0, 2, "wal"]
    connections.close()


def test_a_locked_database_is_an_error_after_the_timeout_and_changes_nothing(bench: Bench) -> None:
    with bench.sql() as other, asinqd.open(bench.path, timeout=0.2) as client:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(asinqd.DatabaseBusy, match="Try: ") as caught:
            client.enqueue("images", asins(2))
        assert caught.value.enqueued == asinqd.Enqueued()
        assert list(client.results()) == []
        other.execute("COMMIT")
        assert client.enqueue("images", asins(2)).added == 2


def test_an_error_in_the_middle_has_the_counts_of_earlier_transactions(bench: Bench) -> None:
    with bench.sql() as other, asinqd.open(bench.path, timeout=0.2) as client:

        def products() -> typing.Iterator[str]:
            yield from asins(10_000)
            other.execute("BEGIN IMMEDIATE")
            yield "B0AAAAAAAA"

        with pytest.raises(asinqd.DatabaseBusy) as caught:
            client.enqueue("images", products())
        assert caught.value.enqueued is not None and caught.value.enqueued.added == 10_000
    assert bench.rows("SELECT count(*) FROM queue") == [(10_000,)]


def test_jobs_are_added_in_the_callers_own_transaction(bench: Bench) -> None:
    with asinqd.open(bench.path) as client, bench.sql() as own:
        own.row_factory = sqlite3.Row
        own.execute("CREATE TABLE mine (asin TEXT)")
        own.execute("BEGIN IMMEDIATE")
        own.execute("INSERT INTO mine VALUES ('B0086FFHLS')")
        outcome = client.enqueue("images", ["B0086FFHLS", "bad"], connection=own)
        assert (outcome.added, len(outcome.refused)) == (1, 1)
        assert own.in_transaction and bench.rows("SELECT count(*) FROM queue") == [(0,)]
        own.execute("ROLLBACK")
        assert bench.rows("SELECT count(*) FROM queue") == [(0,)]
        own.execute("BEGIN IMMEDIATE")
        own.execute("INSERT INTO mine VALUES ('B0086FFHLS')")
        assert client.enqueue("images", ["B0086FFHLS"], connection=own).added == 1
        own.execute("COMMIT")
        assert bench.rows("SELECT product, asin FROM queue, mine") == [("B0086FFHLS",) * 2]
        assert own.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0


def test_a_connection_without_a_transaction_or_of_another_file_is_an_error(bench: Bench) -> None:
    with asinqd.open(bench.path) as client, bench.sql() as own:
        with pytest.raises(asinqd.UsageError, match="BEGIN IMMEDIATE"):
            client.enqueue("images", asins(1), connection=own)
        other = sqlite3.connect(":memory:", isolation_level=None)
        other.execute("BEGIN")
        with pytest.raises(asinqd.DatabaseUnsuitable):
            client.enqueue("images", asins(1), connection=other)
        other.close()


def test_the_service_has_no_transaction_of_the_caller(bench: Bench) -> None:
    bench.serve()
    with asinqd.open(bench.url) as client, bench.sql() as own:
        own.execute("BEGIN IMMEDIATE")
        with pytest.raises(asinqd.UsageError, match="leave connection out"):
            client.enqueue("images", asins(1), connection=own)


def test_a_product_with_invalid_bytes_of_another_program_is_read_as_an_error_of_the_database(
    bench: Bench,
) -> None:
    bench.rows(
        "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)"
        " VALUES ('search', CAST(X'FF41' AS TEXT), 0, NULL, 5, 1)"
    )
    with asinqd.open(bench.path) as client:
        with pytest.raises(asinqd.DatabaseError, match="UTF-8"):
            list(client.results())


def test_enqueue_takes_at_most_three_times_as_long_as_executemany(bench: Bench) -> None:
    products = asins(40_000)
    started = time.process_time()
    with bench.sql() as own:
        own.execute("BEGIN IMMEDIATE")
        rows = [(product, "spring") for product in products]
        own.executemany(
            "INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('barcodes', ?, ?)", rows
        )
        own.execute("COMMIT")
    own_s = time.process_time() - started
    with asinqd.open(bench.path) as client:
        # A tenth is refused, each with its reason.
        given = [product if place % 10 else "bad" for place, product in enumerate(products)]
        started = time.process_time()
        outcome = client.enqueue("images", given, label="spring")
        client_s = time.process_time() - started
    assert (outcome.added, len(outcome.refused)) == (36_000, 4_000)
    assert client_s < 3 * own_s


def _enqueue(path: str, count: int, answers: typing.Any) -> None:
    with asinqd.open(path) as client:
        total = client.enqueue("images", asins(count))
        answers.put((total.added, total.already_open))


def test_two_processes_add_each_product_once(bench: Bench) -> None:
    context = multiprocessing.get_context("spawn")
    answers: typing.Any = context.Queue()
    arguments = (str(bench.path), 15_000, answers)
    processes = [context.Process(target=_enqueue, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    counts = [answers.get(timeout=50) for _ in processes]
    for process in processes:
        process.join()
    assert sum(added for added, _ in counts) == 15_000
    assert all(added + already_open == 15_000 for added, already_open in counts)
    assert bench.rows("SELECT count(*), count(DISTINCT product) FROM queue") == [(15_000, 15_000)]
