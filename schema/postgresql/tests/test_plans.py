"""The plans of the statements that run for each call and each report, with a million jobs.

PostgreSQL has no INDEXED BY. A partial index is used if its condition stands in the statement, so these are the
shapes in which the engine writes its statements. Each is explained as a generic plan, which does not know its
arguments.
"""

import pytest

from contract import Contract

LINE = "endpoint = $1 AND coalesce(account, '') = $2"
READY = f"{LINE} AND state = 'available' AND not_before = 0 AND failures = 0"
RETRY = f"{LINE} AND state = 'available' AND not_before = 0 AND failures > 0"
SCHEDULED = f"{LINE} AND state = 'available' AND not_before > 0"

# The statement, the types of its arguments, the arguments, the indexes that it uses, and whether it may sort.
STATEMENTS = {
    "claim: the jobs that are ready": (
        f"SELECT id, product FROM queue WHERE {READY} ORDER BY priority, id LIMIT 200 FOR UPDATE SKIP LOCKED",
        "text, text", "'images', ''", ["queue_ready"], False),
    "claim: the jobs that failed before": (
        f"SELECT id, product FROM queue WHERE {RETRY} ORDER BY priority, id LIMIT 200 FOR UPDATE SKIP LOCKED",
        "text, text", "'images', ''", ["queue_retry"], False),
    "claim: when the next job becomes due": (
        "SELECT min(due.at) FROM generate_series(0, 9) AS each, LATERAL (SELECT min(not_before) AS at FROM queue"
        f" WHERE {SCHEDULED} AND priority = each AND not_before < 253402300799999) AS due",
        "text, text", "'images', ''", ["queue_scheduled"], False),
    "claim: promoting jobs that are due": (
        f"UPDATE queue SET not_before = 0 WHERE id = ANY (ARRAY(SELECT id FROM queue WHERE {SCHEDULED}"
        " AND priority = $3 AND not_before <= $4 ORDER BY not_before LIMIT $5 FOR UPDATE SKIP LOCKED))",
        "text, text, integer, bigint, bigint", "'images', '', 5, 1800000000000, 1000", ["queue_scheduled", "queue_pkey"], False),
    "claim: the other lanes' jobs up to a number": (
        f"SELECT count(*) FROM (SELECT 1 FROM queue WHERE {READY} AND priority = $3 LIMIT $4) AS job",
        "text, text, integer, bigint", "'images', '', 5, 1000", ["queue_ready"], False),
    "claim: taking the jobs": (
        "UPDATE queue SET state = 'running', call_id = $1 WHERE id = ANY ($2) AND state = 'available'",
        "bigint, bigint[]", "1, ARRAY[1, 2, 3]", ["queue_pkey"], False),
    "claim: the calls that count for the limits": (
        "SELECT * FROM ledger WHERE account = $1 AND endpoint = $2 AND settled_at >= $3",
        "text, text, bigint", "'asinscope', 'images', 1799999990000", ["ledger_settled"], False),
    "claim: the open call": (
        "SELECT * FROM ledger WHERE account = $1 AND endpoint = $2 AND settled_at IS NULL",
        "text, text", "'asinscope', 'images'", ["ledger_open"], False),
    # With IS NOT DISTINCT FROM, PostgreSQL expects one row and reads the whole table.
    "claim: the last balance of the shared pool": (
        "SELECT * FROM ledger WHERE account = $1 AND endpoint = $2 AND daily_left IS NOT NULL"
        " AND coalesce(daily_pool, '') = coalesce($3, '') AND settled_at <= $4 ORDER BY settled_at DESC, id DESC LIMIT 1",
        "text, text, text, bigint", "'asinscope', 'images', NULL, 253402300799999", ["ledger_balance"], False),
    # Without the condition, PostgreSQL has the open calls first: their settled_at is NULL.
    "claim: the last calls": (
        "SELECT * FROM ledger WHERE account = $1 AND endpoint = $2 AND settled_at IS NOT NULL"
        " ORDER BY settled_at DESC, id DESC LIMIT 10",
        "text, text", "'asinscope', 'images'", ["ledger_settled"], False),
    # As a range: with `account = $1 AND endpoint = $2 ORDER BY id` PostgreSQL reads the primary key backwards, past the
    # calls of all other endpoints.
    "progress: the last calls by id": (
        "SELECT settled_at, started_at FROM ledger WHERE (account, endpoint, id) > ($1, $2, 0)"
        " AND (account, endpoint, id) < ($1, $2, 9223372036854775807)"
        " ORDER BY account DESC, endpoint DESC, id DESC LIMIT 64",
        "text, text", "'asinscope', 'images'", ["ledger_calls"], False),
    "settle: the call's jobs": (
        "SELECT id, product FROM queue WHERE call_id = $1 AND state = 'running' ORDER BY id",
        "bigint", "1", ["queue_running"], False),
    "settle: finishing jobs": (
        "UPDATE queue SET state = 'completed', finished_at = $1 WHERE id = ANY ($2) AND call_id = $3 AND state = 'running'",
        "bigint, bigint[], bigint", "1, ARRAY[1, 2, 3], 1", ["queue_running"], False),
    "settle: the ledger's entry": (
        "UPDATE ledger SET settled_at = $1, outcome = 'expired', charged = 0 WHERE id = $2 AND settled_at IS NULL",
        "bigint, bigint", "1, 1", ["ledger_open"], False),
    "settle: whether a follow-up is fresh": (
        "SELECT fetched_at FROM result WHERE endpoint = $1 AND product = $2",
        "text, text", "'images', 'B000000001'", ["result_product"], False),
    "new results": (
        "SELECT revision, endpoint, product, found, body FROM result WHERE revision > $1 ORDER BY revision LIMIT 100",
        "bigint", "99900", ["result_pkey"], False),
    "counts: ready": (
        "SELECT endpoint, count(*) FROM queue WHERE state = 'available' AND not_before = 0 AND failures = 0 GROUP BY endpoint",
        "", "", ["Index Only Scan using queue_ready"], None),
    "counts: retry": (
        "SELECT endpoint, count(*) FROM queue WHERE state = 'available' AND not_before = 0 AND failures > 0 GROUP BY endpoint",
        "", "", ["Index Only Scan using queue_retry"], None),
    "counts: scheduled": (
        "SELECT endpoint, not_before > $1, not_before = 253402300799999, count(*) FROM queue"
        " WHERE state = 'available' AND not_before > 0 GROUP BY 1, 2, 3",
        "bigint", "1800000000000", ["Index Only Scan using queue_scheduled"], None),
    "counts: running": (
        "SELECT endpoint, count(*) FROM queue WHERE state = 'running' GROUP BY endpoint", "", "", ["queue_running"], None),
    "counts: finished": (
        "SELECT endpoint, state, count(*) FROM queue WHERE finished_at IS NOT NULL GROUP BY endpoint, state",
        "", "", ["Index Only Scan using queue_finished"], None),
    "dead letters": (
        "SELECT product, error, finished_at FROM queue WHERE endpoint = $1 AND state = 'discarded'"
        " AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 100",
        "text", "'images'", ["queue_finished"], False),
    "whether a product is open": (
        "SELECT 1 FROM queue WHERE endpoint = $1 AND product = $2 AND coalesce(account, '') = $3"
        " AND state IN ('available', 'running')",
        "text, text, text", "'images', 'B000000001', ''", ["queue_open"], False),
    "pausing the jobs with a label": (
        "UPDATE queue SET not_before = 253402300799999 WHERE label = $1 AND endpoint = $2 AND state = 'available'",
        "text, text", "'label 7', 'images'", ["queue_label"], None),
    "the place of a label": (
        f"SELECT max(id) FROM queue WHERE label = $3 AND label IS NOT NULL AND {LINE} AND state = 'available'"
        " AND priority = $4 AND not_before = 0",
        "text, text, text, integer", "'images', '', 'label 7', 5", ["queue_label_waiting"], None),
    "jobs that lead to a lookup": (
        f"SELECT count(*) FROM queue WHERE {LINE} AND then_lookup IS NOT NULL AND state = 'available' AND priority = $3",
        "text, text, integer", "'barcodes', '', 5", ["queue_leading"], None),
    "schedules: the products that are due": (
        "SELECT product, job_id FROM schedule_product WHERE schedule_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3",
        "bigint, bigint, bigint", "1, 1700000000000, 20", ["schedule_due"], False),
    "schedules: the product that is due first": (
        "SELECT due_at FROM schedule_product WHERE schedule_id = $1 ORDER BY due_at LIMIT 1",
        "bigint", "1", ["Index Only Scan using schedule_due"], False),
    "schedules: the product that is due last": (
        "SELECT due_at FROM schedule_product WHERE schedule_id = $1 ORDER BY due_at DESC LIMIT 1",
        "bigint", "1", ["Index Only Scan Backward using schedule_due"], False),
    "schedules: the number of due products": (
        "SELECT count(*) FROM schedule_product WHERE schedule_id = $1 AND due_at <= $2",
        "bigint, bigint", "1, 1700000000000", ["Index Only Scan using schedule_due"], False),
    "schedules: when a product is examined next": (
        "UPDATE schedule_product SET due_at = $1, job_id = $2 WHERE schedule_id = $3 AND product = $4",
        "bigint, bigint, bigint, text", "1, 1, 1, 'B000000001'", ["schedule_product_pkey"], False),
    "schedules: the open job of a product": (
        "SELECT id FROM queue WHERE endpoint = $1 AND product = $2 AND state IN ('available', 'running') LIMIT 1",
        "text, text", "'images', 'B000000001'", ["queue_open"], False),
    "schedules: results that were not examined": (
        "SELECT revision, CASE WHEN endpoint = $1 THEN fetched_at END FROM result"
        " WHERE revision > (SELECT last_revision FROM schedule WHERE endpoint = $1 AND label = $2) ORDER BY revision",
        "text, text", "'images', 'catalog 7'", ["result_pkey", "schedule_label"], False),
    "pruning": (
        "DELETE FROM queue WHERE id = ANY (ARRAY(SELECT id FROM queue WHERE endpoint = $1 AND state = 'completed'"
        " AND finished_at IS NOT NULL AND finished_at < $2 ORDER BY finished_at LIMIT 1000))",
        "text, bigint", "'images', 1700000000000", ["queue_finished", "queue_pkey"], False),
}


@pytest.fixture(scope="module")
def million(server, template):
    """650,000 waiting jobs, 100 running ones, the rest finished; 100,000 calls and as many results."""
    with server.connect(server.create(template)) as connection:
        contract = Contract(connection)
        # Without the rules for a row, which are tested elsewhere.
        contract.run("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        indexes = contract.run(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'asinqd' AND tablename = 'queue'"
            " AND indexname <> 'queue_pkey'").fetchall()
        for name, _ in indexes:
            contract.run(f"DROP INDEX {name}")
        contract.run(
            """
            INSERT INTO queue (endpoint, product, label, state, priority, not_before, failures, call_id, finished_at,
                               error, then_lookup)
            SELECT endpoint, 'B' || lpad(n::text, 9, '0'), CASE WHEN n % 4 = 0 THEN 'label ' || n % 1000 END, state,
                   CASE WHEN n % 50 = 0 THEN n / 50 % 10 ELSE 5 END,
                   CASE WHEN state = 'available' AND n % 13 = 0 THEN 1800000000000 + n ELSE 0 END,
                   CASE WHEN state = 'available' AND n % 97 = 0 THEN 1 ELSE 0 END,
                   CASE WHEN state <> 'available' THEN n / 100 END,
                   CASE WHEN state IN ('completed', 'discarded') THEN 1700000000000 + n END,
                   CASE WHEN state = 'discarded' THEN 'timeout' END,
                   CASE WHEN endpoint = 'barcodes' AND n % 500 < 2 THEN 0 END
            FROM (SELECT n, CASE WHEN n % 3 = 0 THEN 'barcodes' ELSE 'images' END AS endpoint,
                         CASE WHEN n <= 650000 THEN 'available' WHEN n <= 650100 THEN 'running'
                              WHEN n % 20 = 0 THEN 'discarded' ELSE 'completed' END AS state
                  FROM generate_series(1, 1000000) AS n) AS job
            """)
        for _, definition in indexes:
            contract.run(definition)
        contract.run(
            """
            INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until, settled_at, outcome, charged)
            SELECT (ARRAY['asinscope', 'second', 'upcitemdb'])[1 + n % 3], (ARRAY['images', 'barcodes', 'lookup', 'search'])[1 + n % 4],
                   '["B000000001"]', 10, at, at + 1000, at + 500, 'succeeded', 10
            FROM (SELECT n, 1700000000000 + n * 1000000::bigint AS at FROM generate_series(1, 100000) AS n) AS call
            """)
        contract.run(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
            SELECT 'images', 'B' || lpad(n::text, 9, '0'), 1, '{}', 1700000000000 + n, n
            FROM generate_series(1, 100000) AS n
            """)
        contract.run(
            """
            INSERT INTO schedule (endpoint, label, every_ms) SELECT 'images', 'catalog ' || n, 3600000
            FROM generate_series(1, 1000) AS n
            """)
        contract.run(
            """
            INSERT INTO schedule_product (schedule_id, product, due_at)
            SELECT schedule.id, 'B' || lpad(n::text, 9, '0'), 1700000000000 + n
            FROM generate_series(1, 200) AS n, (SELECT id FROM schedule) AS schedule
            """)
        contract.run("RESET session_replication_role")
        contract.run("VACUUM (ANALYZE)")
        yield contract


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_uses_its_index_reads_no_table_in_order_and_does_not_sort(million, name):
    statement, types, arguments, indexes, may_sort = STATEMENTS[name]
    million.run("SET plan_cache_mode = force_generic_plan")
    million.run(f"PREPARE explained {f'({types})' if types else ''} AS {statement}")
    plan = "\n".join(million.rows(f"EXPLAIN (COSTS OFF) EXECUTE explained {f'({arguments})' if types else ''}"))
    million.run("DEALLOCATE explained")
    for index in indexes:
        assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    if may_sort is False:
        assert "Sort" not in plan, plan


def test_counts_by_state_take_less_than_a_second(million):
    million.run("SET statement_timeout = '1s'")
    total = 0
    for name, (statement, types, arguments, _, _) in STATEMENTS.items():
        if name.startswith("counts"):
            total += sum(row[-1] for row in million.run(statement.replace("$1", arguments or "0")).fetchall())
    million.run("RESET statement_timeout")
    assert total == 1_000_000


def test_enqueue_takes_no_longer_in_a_large_queue(million):
    million.run("SET statement_timeout = '10s'")
    products = [f"C{number:09}" for number in range(20_000)]
    verdicts = million.enqueue("images", products + ["B000000001"], max_age="1 hour")
    million.run("RESET statement_timeout")
    assert verdicts == [f"{product}|added|" for product in products] + ["B000000001|open|"]


def test_every_index_of_the_queue_the_ledger_and_the_schedules_serves_a_statement_here(million):
    indexes = million.rows(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid IN"
        " ('queue'::regclass, 'ledger'::regclass, 'schedule'::regclass, 'schedule_product'::regclass)")
    named = " ".join(" ".join(entry[3]) for entry in STATEMENTS.values())
    # The server chooses ledger_open for the primary key's statement: it has at most one entry for each lane.
    # A schedule's primary key is the target of a foreign key.
    assert [name for name in indexes if name not in named] == ["ledger_pkey", "schedule_pkey"]
