"""What producers and readers may do, and that everything else is forbidden."""

import psycopg
import pytest

import bad_rows
from conftest import FOLDER, schema
from contract import Contract

TABLES = [
    "schema_version", "endpoint", "account", "limit_setting", "queue", "ledger", "lane", "result", "tally", "rejected",
    "host", "leader", "job_tally_part", "schedule", "schedule_product",
]
VIEWS = ["image", "barcode", "code", "item", "offer", "chain", "inbox", "job_tally"]
SCHEDULES = ["schedule", "schedule_product"]
DENIED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def users(connect):
    """A connection of the owner and of a member of each role, and one of a user without any."""
    owner = connect()
    for user, role in [("producer", "asinqd_producer"), ("reader", "asinqd_reader"), ("stranger", None)]:
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user]).fetchone():
            owner.execute(f"CREATE ROLE {user} LOGIN" + (f" IN ROLE {role}" if role else ""))
    return {user: Contract(connect(user)) for user in ["owner", "producer", "reader", "stranger"]}


def forbidden_writes(allowed=()):
    """Writes, apart from additions to the tables that are allowed and deletions from them."""
    for table in TABLES + ["inbox"]:
        yield f"UPDATE {table} SET {'version = 7' if table == 'schema_version' else first_column(table) + ' = NULL'}"
        if table not in allowed:
            yield f"DELETE FROM {table}"
        yield f"DROP {'VIEW' if table == 'inbox' else 'TABLE'} {table}"
    for table in TABLES:
        yield f"TRUNCATE {table}"
    for table in set(TABLES) - {"queue", *allowed}:
        yield f"INSERT INTO {table} DEFAULT VALUES"
    yield "CREATE TABLE asinqd.mine (x integer)"
    yield "ALTER TABLE queue DISABLE TRIGGER ALL"
    yield "SELECT nextval('asinqd.queue_id_seq')"
    yield "SELECT lock_account('asinscope')"
    yield "SELECT attend(1, 1000)"
    yield "SELECT resign(1)"
    yield "CREATE OR REPLACE FUNCTION asinqd.now_ms() RETURNS bigint LANGUAGE sql RETURN 0"


def first_column(table):
    return {"queue": "label", "ledger": "message", "lane": "paused_at", "result": "body", "tally": "calls",
            "rejected": "product", "host": "name", "leader": "host_id", "endpoint": "leads_to", "account": "provider",
            "limit_setting": "figures", "inbox": "label", "job_tally_part": "jobs", "schedule": "label",
            "schedule_product": "product"}[table]


def test_a_producer_adds_jobs_in_three_ways_and_sees_the_verdicts(users):
    producer = users["producer"]
    assert producer.enqueue("images", ["B000000001", "oops"]) == ["B000000001|added|", f"oops|refused|{bad_rows.ASIN}"]
    producer.run("INSERT INTO inbox (endpoint, product, label) VALUES ('images', 'b000000002', 'x'), ('images', 'oops', 'x')")
    assert producer.rows("SELECT endpoint, product, reason FROM rejected") == [f"images|oops|{bad_rows.ASIN}"]
    insert = (
        "INSERT INTO queue (endpoint, product, account, priority, label, not_before, batch_limit, pages, then_lookup)"
        " VALUES ('images', %s, 'second', 1, 'x', 5, 7, 2, NULL) ON CONFLICT DO NOTHING"
    )
    assert producer.changes(insert, "B000000003") == 1 and producer.changes(insert, "B000000003") == 0
    assert producer.refusal(insert, "oops") == bad_rows.ASIN
    assert producer.rows("SELECT name FROM endpoint ORDER BY name") == ["barcodes", "images", "lookup", "search"]
    assert producer.rows("SELECT count(*) FROM account") == ["3"]
    assert producer.rows("SELECT version FROM schema_version") == ["7"]
    assert users["owner"].rows("SELECT product FROM queue ORDER BY id") == ["B000000001", "B000000002", "B000000003"]


def test_a_producer_raises_a_waiting_job_by_enqueue_alone(users):
    users["owner"].add_job()
    assert users["producer"].enqueue("images", ["B0086FFHLS"], priority=0) == ["B0086FFHLS|open|"]
    assert users["owner"].rows("SELECT priority FROM queue") == ["0"]


@pytest.mark.parametrize("table", [name for name in TABLES + VIEWS
                                   if name not in ["rejected", "endpoint", "account", "schema_version", *SCHEDULES]])
def test_a_producer_reads_neither_jobs_nor_results_nor_calls(users, table):
    assert isinstance(users["producer"].error(f"SELECT * FROM {table}"), DENIED)


@pytest.mark.parametrize(
    "column, value",
    [("id", 7), ("state", "running"), ("enqueued_at", 1), ("failures", 0), ("snoozes", 0), ("call_id", 1),
     ("finished_at", 1), ("error", "x"), ("pages_done", 0), ("page_offset", 0)],
)
def test_a_producer_cannot_insert_a_column_of_asinqds(users, column, value):
    error = users["producer"].error(
        f"INSERT INTO queue (endpoint, product, {column}) OVERRIDING SYSTEM VALUE"
        " VALUES ('images', 'B0086FFHLS', %s)", value)
    assert isinstance(error, DENIED)


def test_a_producer_keeps_schedules(users):
    producer = users["producer"]
    producer.run(
        "INSERT INTO schedule (endpoint, label, account, every_ms, priority, is_all_known, is_paused)"
        " VALUES ('images', 'catalog', 'second', 3600000, 7, 0, 1)")
    raise_it = (
        "INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'catalog', 7200000)"
        " ON CONFLICT (endpoint, label) DO UPDATE SET every_ms = excluded.every_ms")
    assert producer.changes(raise_it) == 1
    producer.run("UPDATE schedule SET every_ms = every_ms + 1, priority = 3, is_paused = 0 WHERE label = 'catalog'")
    assert producer.rows("SELECT endpoint, label, every_ms, priority, is_paused FROM schedule") == [
        "images|catalog|7200001|3|0"]
    insert = "INSERT INTO schedule_product (schedule_id, product, due_at) SELECT id, %s, 5 FROM schedule ON CONFLICT DO NOTHING"
    for product, added in [("B000000001", 1), ("B000000001", 0), ("B000000002", 1)]:
        assert producer.changes(insert, product) == added
    producer.run("UPDATE schedule_product SET due_at = 0 WHERE product = 'B000000001'")
    assert producer.changes("DELETE FROM schedule_product WHERE product = 'B000000002'") == 1
    assert producer.rows("SELECT product, due_at FROM schedule_product") == ["B000000001|0"]
    producer.run("DELETE FROM schedule WHERE label = 'catalog'")
    assert producer.rows("SELECT * FROM schedule_product") == []


@pytest.mark.parametrize(
    "table, column, value",
    [("schedule", "created_at", 1), ("schedule", "last_revision", 0), ("schedule_product", "job_id", 1)],
)
def test_a_producer_writes_no_column_of_a_schedule_that_is_asinqds(users, table, column, value):
    producer, owner = users["producer"], users["owner"]
    owner.run("INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'catalog', 3600000)")
    rows = {
        "schedule": {"endpoint": "images", "label": "another", "every_ms": 3600000},
        "schedule_product": {"schedule_id": owner.run("SELECT id FROM schedule").fetchone()[0], "product": "B000000001"},
    }
    names = ", ".join([*rows[table], column])
    error = producer.error(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * (len(rows[table]) + 1))})", *rows[table].values(), value)
    assert isinstance(error, DENIED)
    assert isinstance(producer.error(f"UPDATE {table} SET {column} = %s", value), DENIED)


def test_a_user_that_is_granted_cancellations_needs_no_right_for_the_tally(users):
    owner, stranger = users["owner"], users["stranger"]
    owner.add_job()
    owner.run("GRANT USAGE ON SCHEMA asinqd TO stranger; GRANT SELECT, UPDATE (state, finished_at) ON queue TO stranger")
    stranger.run("UPDATE queue SET state = 'cancelled', finished_at = 1 WHERE state = 'available'")
    assert owner.rows("SELECT * FROM job_tally") == ["images|cancelled|1"]


def test_a_producer_changes_and_deletes_nothing_else(users):
    for statement in forbidden_writes(allowed=SCHEDULES):
        assert isinstance(users["producer"].error(statement), DENIED), statement


def test_a_reader_reads_every_table_and_view(users):
    users["owner"].add_job()
    for endpoint in ["images", "barcodes", "lookup", "search"]:
        users["owner"].add_result("96385074", endpoint, '{"ean":"96385074","images":["\\u0000"],"offers":[{"price":5}]}')
    for name in TABLES + VIEWS:
        users["reader"].rows(f"SELECT * FROM {name}")
    assert users["reader"].rows("SELECT price FROM offer WHERE endpoint = 'lookup'") == ["5"]
    assert users["reader"].rows("SELECT code, price FROM chain") == ["96385074|5"]


def test_a_reader_writes_nothing(users):
    for statement in [
        *forbidden_writes(), "INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')",
        "INSERT INTO inbox (endpoint, product) VALUES ('images', 'B0086FFHLS')",
        "SELECT * FROM enqueue('images', ARRAY['B0086FFHLS'])", "SELECT * FROM queue FOR UPDATE",
    ]:
        assert isinstance(users["reader"].error(statement), DENIED), statement


def test_a_user_without_a_role_sees_nothing(users):
    for statement in ["SELECT * FROM asinqd.queue", "SELECT * FROM asinqd.image",
                      "SELECT * FROM asinqd.enqueue('images', ARRAY['B0086FFHLS'])", "SELECT asinqd.now_ms()"]:
        assert isinstance(users["stranger"].error(statement), DENIED), statement


def test_every_table_view_and_function_is_in_these_tests_or_granted_to_no_other_user(connect):
    contract = Contract(connect())
    relations = contract.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'asinqd'::regnamespace AND relkind IN ('r', 'v')")
    assert sorted(relations) == sorted(TABLES + VIEWS + ["sqlite_sequence"])
    granted = contract.rows(
        "SELECT DISTINCT proname, grantee::regrole FROM pg_proc, aclexplode(proacl)"
        " WHERE pronamespace = 'asinqd'::regnamespace AND grantee <> proowner ORDER BY 1, 2")
    readers = ["check_digit_sum", "has_check_digit", "leading_number", "lookup_code", "now_ms", "readable"]
    # asinqd itself, as a reader.
    readers += ["iif", "instr", "json_array_length", "json_each", "json_valid", "max", "min", "shown_text"]
    assert sorted(granted) == sorted(
        ["enqueue|asinqd_producer", "now_ms|asinqd_producer"] + [f"{name}|asinqd_reader" for name in readers])
    # Without an entry, PostgreSQL grants a function to everyone.
    assert contract.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'asinqd'::regnamespace AND proacl IS NULL") == []


def test_a_function_with_the_owners_rights_has_a_search_path_of_its_own(connect):
    assert Contract(connect()).rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'asinqd'::regnamespace AND prosecdef"
        " AND NOT 'search_path=pg_catalog, pg_temp' = ANY (proconfig)") == []


def test_the_roles_are_granted_again_without_an_error(connect):
    contract = Contract(connect())
    contract.run((FOLDER / "roles.sql").read_text())
    assert contract.rows("SELECT rolname, rolcanlogin, rolsuper, rolcreaterole FROM pg_roles"
                         " WHERE rolname LIKE 'asinqd%%' ORDER BY 1") == [
        "asinqd_producer|False|False|False", "asinqd_reader|False|False|False"]


def test_a_user_that_may_not_create_roles_installs_the_schema_without_them(server):
    with server.connect("postgres") as owner:
        owner.execute("CREATE ROLE plain LOGIN")
        name = server.create()
        owner.execute(f"ALTER DATABASE {name} OWNER TO plain")
        for role in ["asinqd_producer", "asinqd_reader"]:
            owner.execute(f"ALTER ROLE {role} RENAME TO {role}_away")
        try:
            with server.connect(name, "plain") as plain:
                warnings = []
                plain.add_notice_handler(lambda notice: warnings.append(notice.message_primary))
                with plain.transaction():
                    plain.execute(schema())
                contract = Contract(plain)
                contract.run(Contract.FACTS)
                assert contract.enqueue("images", ["B0086FFHLS"]) == ["B0086FFHLS|added|"]
                assert len(warnings) == 2 and all("Try: run roles.sql" in warning for warning in warnings)
        finally:
            for role in ["asinqd_producer", "asinqd_reader"]:
                owner.execute(f"ALTER ROLE {role}_away RENAME TO {role}")
