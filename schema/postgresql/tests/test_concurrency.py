"""Several connections at once. Tests wait until the server says that a statement waits, and never sleep."""

import concurrent.futures, datetime, random, time

import psycopg
import pytest

import bad_schedules
from contract import Contract, asin

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def pool():
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        yield pool


def until_it_waits(watcher, connection):
    """Returns when the connection's statement waits for a lock."""
    end = time.monotonic() + 30
    while not watcher.execute("SELECT cardinality(pg_blocking_pids(%s))", [connection.info.backend_pid]).fetchone()[0]:
        assert time.monotonic() < end, "it does not wait"


def test_eight_programs_with_the_same_products_add_each_once_and_do_not_deadlock(connect, pool):
    products = [asin(number) for number in range(300)]

    def insert(seed):
        dice, contract = random.Random(seed), Contract(connect())
        added = []
        for _ in range(5):
            some = dice.sample(products, 200)
            verdicts = contract.enqueue("images", some, priority=dice.randint(0, 9))
            added += [verdict.split("|")[0] for verdict in verdicts if verdict.endswith("|added|")]
            assert {verdict.split("|")[1] for verdict in verdicts} <= {"added", "open"}
        return added

    added = [product for future in [pool.submit(insert, seed) for seed in range(8)] for product in future.result()]
    assert sorted(added) == products
    contract = Contract(connect())
    assert contract.rows("SELECT count(*), count(DISTINCT product) FROM queue") == ["300|300"]


def test_eight_programs_that_insert_row_by_row_add_each_product_once(connect, pool):
    def insert(seed):
        contract = Contract(connect())
        return sum(
            contract.changes("INSERT INTO queue (endpoint, product) VALUES ('images', %s) ON CONFLICT DO NOTHING", asin(number))
            for number in random.Random(seed).sample(range(100), 100))

    assert sum(future.result() for future in [pool.submit(insert, seed) for seed in range(8)]) == 100


@pytest.mark.parametrize("end, verdict", [("COMMIT", "open"), ("ROLLBACK", "added")])
def test_a_product_of_an_unfinished_transaction_has_its_verdict_when_that_ends(connect, pool, end, verdict):
    first, second, watcher = Contract(connect()), Contract(connect()), connect()
    first.run("BEGIN")
    first.enqueue("images", [asin(1)])
    future = pool.submit(second.enqueue, "images", [asin(1)])
    until_it_waits(watcher, second.connection)
    first.run(end)
    assert future.result() == [f"{asin(1)}|{verdict}|"]


def test_a_job_that_a_claim_has_locked_is_open_and_enqueue_does_not_wait(connect):
    claim, contract = Contract(connect()), Contract(connect())
    contract.enqueue("images", [asin(1), asin(2)])
    claim.run("BEGIN")
    claim.run("SELECT * FROM queue WHERE product = %s FOR UPDATE", asin(1))
    contract.run("SET lock_timeout = '1s'")
    assert contract.enqueue("images", [asin(1), asin(2)], priority=0) == [f"{asin(1)}|open|", f"{asin(2)}|open|"]
    claim.run("COMMIT")
    assert contract.rows("SELECT priority FROM queue ORDER BY product") == ["5", "0"]


def test_a_program_with_an_open_transaction_does_not_hold_back_a_settlement(connect):
    program, settle = Contract(connect()), Contract(connect())
    settle.add_job(asin(1), "barcodes", "running")
    program.run("BEGIN")
    verdicts = program.enqueue("barcodes", [asin(1), asin(2)], priority=0, then_lookup=HOUR)
    assert verdicts == [f"{asin(1)}|open|", f"{asin(2)}|added|"]
    settle.run("SET lock_timeout = '1s'")
    assert settle.changes("UPDATE queue SET state = 'completed', finished_at = 1 WHERE state = 'running'") == 1
    settle.add_result(asin(1), "barcodes", "{}")
    program.run("COMMIT")


def test_two_claims_take_different_jobs(connect):
    claims = [Contract(connect()), Contract(connect())]
    claims[0].enqueue("images", [asin(number) for number in range(6)])
    taken = []
    for claim in claims:
        claim.run("BEGIN")
        taken += claim.rows(
            "SELECT product FROM queue WHERE endpoint = 'images' AND coalesce(account, '') = '' AND state = 'available'"
            " AND not_before = 0 AND failures = 0 ORDER BY priority, id LIMIT 3 FOR UPDATE SKIP LOCKED")
    assert taken == [asin(number) for number in range(6)]


def test_a_claim_waits_for_the_accounts_lock_and_then_has_the_later_instant(connect, pool):
    first, second, other, watcher = [Contract(connect()) for _ in range(4)]
    for contract in [first, second, other]:
        contract.run("BEGIN")
    first.run("SELECT lock_account('asinscope')")
    # Another account's lock is free.
    other.run("SELECT lock_account('upcitemdb')")
    future = pool.submit(second.rows, "SELECT lock_account('asinscope')")
    until_it_waits(watcher.connection, second.connection)
    (released,) = first.rows("SELECT now_ms()")
    first.run("COMMIT")
    (locked,) = future.result()
    assert int(locked) >= int(released)
    second.run("ROLLBACK")
    other.run("ROLLBACK")
    assert watcher.rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == ["0"]


def test_the_lock_of_an_account_is_the_documented_key(connect):
    contract = Contract(connect())
    contract.run("BEGIN")
    contract.run("SELECT lock_account('asinscope')")
    assert contract.rows(
        "SELECT classid, objid::bigint = (hashtext('asinscope')::bigint & 4294967295), objsubid, mode FROM pg_locks"
        " WHERE locktype = 'advisory'") == [f"{0x61736E71}|True|2|ExclusiveLock"]
    contract.run("ROLLBACK")


def test_a_host_that_attends_while_another_takes_the_lead_stands_by(connect, pool):
    first, second, watcher = Contract(connect()), Contract(connect()), connect()
    first.run("INSERT INTO host (name) VALUES ('one'), ('two')")
    first.run("BEGIN")
    assert first.rows("SELECT host_id FROM attend(1, 60000)") == ["1"]
    future = pool.submit(second.rows, "SELECT host_id FROM attend(2, 60000)")
    until_it_waits(watcher, second.connection)
    first.run("COMMIT")
    assert future.result() == ["1"]


def test_without_the_lock_the_ledger_still_opens_one_call_in_a_lane(connect, pool):
    first, second, watcher = Contract(connect()), Contract(connect()), connect()
    first.run("BEGIN")
    first.open_call()
    future = pool.submit(second.error, "INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)"
                         " VALUES ('asinscope', 'images', '[1]', 1, 1, 2)")
    until_it_waits(watcher, second.connection)
    first.run("COMMIT")
    assert future.result().diag.constraint_name == "ledger_open"


@pytest.mark.parametrize("end, message", [("COMMIT", bad_schedules.SCHEDULE_DELETED), ("ROLLBACK", None)])
def test_a_product_of_a_schedule_that_is_being_deleted_is_added_only_if_the_schedule_stays(connect, pool, end, message):
    first, second, watcher = Contract(connect()), Contract(connect()), connect()
    first.run("INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'catalog', 3600000)")
    first.run("BEGIN")
    first.run("DELETE FROM schedule")
    future = pool.submit(
        second.error, "INSERT INTO schedule_product (schedule_id, product) VALUES (1, %s) ON CONFLICT DO NOTHING", asin(1))
    until_it_waits(watcher, second.connection)
    first.run(end)
    error = future.result()
    assert (error and (error.sqlstate, error.diag.constraint_name)) == (message and ("23503", message))
    assert second.rows("SELECT product FROM schedule_product") == ([] if message else [asin(1)])


def test_a_later_revision_is_not_committed_before_an_earlier_one(connect, pool):
    first, second, watcher = Contract(connect()), Contract(connect()), connect()
    first.run("BEGIN")
    first.add_result(asin(1), body="{}")
    future = pool.submit(second.add_result, asin(2), body="{}")
    until_it_waits(watcher, second.connection)
    first.run("COMMIT")
    future.result()
    assert second.rows("SELECT product FROM result ORDER BY revision") == [asin(1), asin(2)]


def test_a_reader_that_keeps_the_highest_revision_misses_no_result_of_several_writers(connect, pool):
    def write(writer):
        contract = Contract(connect())
        for number in range(60):
            contract.run(
                "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES (%s, %s, 1, '{}', 1, %s)"
                " ON CONFLICT (endpoint, product) DO UPDATE SET call_id = excluded.call_id",
                "images", asin(number % 20), writer * 1000 + number)

    writers = [pool.submit(write, writer) for writer in range(4)]
    reader, cursor, seen = Contract(connect()), 0, {}
    while True:
        is_last = all(writer.done() for writer in writers)
        for revision, product, call in reader.run(
            "SELECT revision, product, call_id FROM result WHERE revision > %s ORDER BY revision", cursor
        ).fetchall():
            assert revision > cursor
            cursor, seen[product] = revision, call
        if is_last:
            break
    [writer.result() for writer in writers]
    assert seen == dict(reader.run("SELECT product, call_id FROM result").fetchall()) and len(seen) == 20


def test_statements_that_each_use_another_connection_leave_no_state_in_a_session(connect, server, database):
    """As behind a pooler that gives each transaction another session."""
    statements = [
        "SELECT * FROM asinqd.enqueue('images', ARRAY['B0086FFHLS', 'oops'])",
        "INSERT INTO asinqd.queue (endpoint, product) VALUES ('barcodes', 'B0086FFHLS') ON CONFLICT DO NOTHING",
        "INSERT INTO asinqd.inbox (endpoint, product) VALUES ('lookup', 'oops')",
        "WITH locked AS MATERIALIZED (SELECT asinqd.lock_account('asinscope') AS now)"
        " INSERT INTO asinqd.ledger (account, endpoint, products, reserved, started_at, lease_until)"
        " SELECT 'asinscope', 'images', '[\"B0086FFHLS\"]', 1, now, now + 1000 FROM locked",
        "UPDATE asinqd.queue SET state = 'running', call_id = 1 WHERE endpoint = 'images' AND state = 'available'",
        "INSERT INTO asinqd.result (endpoint, product, found, body, fetched_at, call_id)"
        " VALUES ('images', 'B0086FFHLS', 1, '{}', 1, 1)",
        "UPDATE asinqd.ledger SET settled_at = started_at + 1, outcome = 'succeeded', charged = 1",
        "UPDATE asinqd.queue SET state = 'completed', finished_at = 1 WHERE state = 'running'",
        "INSERT INTO asinqd.host (name) VALUES ('one')", "SELECT asinqd.attend(1, 1000)", "SELECT asinqd.resign(1)",
        "SELECT * FROM asinqd.chain", "SELECT * FROM asinqd.image",
    ]
    kept = []
    for statement in statements:
        connection = connect()
        connection.execute(statement)
        kept.append(connection)
    state = (
        "SELECT current_setting('search_path'), current_setting('jit'),"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),"
        " (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_listening_channels()),"
        " (SELECT count(*) FROM pg_class WHERE relpersistence = 't')"
    )
    for connection in kept:
        assert connection.execute(state).fetchone() == ('"$user", public', "on", 0, 0, 0, 0)
    contract = Contract(connect())
    assert contract.rows("SELECT endpoint, state FROM queue ORDER BY id") == ["images|completed", "barcodes|available"]
    assert contract.rows("SELECT url FROM image") == [""]
