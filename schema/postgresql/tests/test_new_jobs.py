"""New rows of queue: what is refused and with which message, on both engines."""

import pytest

import bad_rows
from contract import Contract

SKIP = "ON CONFLICT DO NOTHING"


def values(endpoint, column, value):
    return {"endpoint": endpoint, "product": bad_rows.GOOD[endpoint], column: value}


def test_a_bad_row_is_refused_with_its_message(contract):
    for endpoint, column, value, message in bad_rows.ALL:
        row = values(endpoint, column, value)
        for more in ["", SKIP]:
            assert contract.insert("queue", row, more) == message, (endpoint, column, value)
    assert contract.rows("SELECT * FROM queue") == []


def test_sqlite_refuses_the_same_rows_with_the_same_messages(lite):
    for endpoint, column, value, message in bad_rows.ALL:
        assert lite.insert("queue", values(endpoint, column, value)) == message, (endpoint, column, value)


def test_every_column_but_the_id_has_a_bad_value_in_the_table(contract):
    columns = contract.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = 'queue'"
    )
    assert {row[1] for row in bad_rows.ALL} == set(columns) - {"id"}


def test_values_at_the_limits_are_taken(contract, lite):
    for engine in [contract, lite]:
        for endpoint, column, value in bad_rows.TAKEN:
            row = values(endpoint, column, value)
            assert engine.insert("queue", row) is None, (endpoint, column, value)
            engine.run("DELETE FROM queue")


def test_a_bad_row_carries_the_state_of_a_check_violation_and_its_table(contract):
    error = contract.error("INSERT INTO queue (endpoint, product) VALUES ('images', 'oops')")
    assert (error.sqlstate, error.diag.schema_name, error.diag.table_name) == ("23514", "asinqd", "queue")


@pytest.mark.parametrize(
    "column, value, state",
    [
        ("priority", "soon", "22P02"), ("priority", "2.5", "22P02"), ("priority", 2**63 - 1, "22003"),
        ("pages", 2**40, "22003"), ("not_before", 2**63, "22003"), ("not_before", "today", "22P02"),
        ("then_lookup", b"\x05", "42804"), ("product", b"B0086FFHLS", "23514"),
        # An id is the database's.
        ("id", 7, "428C9"),
    ],
)
def test_a_value_that_the_type_cannot_hold_is_the_servers_own_error(contract, column, value, state):
    row = values("images", column, value)
    sql = f"INSERT INTO queue ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    assert contract.error(sql, *row.values()).sqlstate == state


def test_text_that_is_not_utf8_or_has_a_nul_never_reaches_the_rules(contract):
    for text, state in [("'Fr\\xfch'", "22021"), ("'a\\x00b'", "22021"), ("'\\xeda080'", "22021")]:
        error = contract.error(f"INSERT INTO queue (endpoint, product, label) VALUES ('images', 'B0086FFHLS', E{text})")
        assert error.sqlstate == state


def test_a_missing_column_has_its_default_and_the_arrival_is_now(contract):
    contract.run("INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')")
    assert contract.rows(
        "SELECT account, state, priority, label, not_before, failures, snoozes, batch_limit, call_id,"
        " finished_at, error, pages, pages_done, page_offset, then_lookup,"
        " (abs(enqueued_at - now_ms()) < 60000)::integer FROM queue"
    ) == ["|available|5||0|0|0|100||||2|0|0||1"]


def test_an_insert_without_any_column_reports_the_endpoint(contract):
    assert contract.refusal("INSERT INTO queue DEFAULT VALUES") == bad_rows.ENDPOINT


def test_a_second_job_for_an_open_one_is_an_error_or_is_skipped(contract):
    again = "INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')"
    for state in ["available", "running"]:
        contract.run("UPDATE queue SET state = 'completed', finished_at = 1 WHERE state = 'running'")
        contract.run("DELETE FROM queue")
        contract.add_job(state=state)
        error = contract.error(again)
        assert (error.sqlstate, error.diag.constraint_name) == ("23505", "queue_open")
        assert contract.changes(f"{again} {SKIP}") == 0
        assert contract.rows("SELECT state FROM queue") == [state]


def test_a_finished_job_may_be_requested_again(contract):
    for state in ["completed", "discarded", "cancelled"]:
        contract.run("DELETE FROM queue")
        for _ in range(3):
            contract.add_job(state=state)
        contract.add_job()
        assert contract.rows("SELECT count(*) FROM queue") == ["4"]


def test_a_product_may_wait_once_for_each_account_and_once_for_any(contract):
    for account in [None, "second", "asinscope"]:
        row = {"endpoint": "images", "product": "B0086FFHLS", "account": account}
        assert contract.insert("queue", row) is None
        assert "queue_open" in contract.insert("queue", row)
    assert contract.rows("SELECT count(*) FROM queue") == ["3"]


def test_the_upsert_of_the_contract_raises_a_waiting_job(contract):
    contract.add_job()
    raise_it = (
        "INSERT INTO queue (endpoint, product, priority) VALUES ('images', 'B0086FFHLS', %s)"
        " ON CONFLICT (endpoint, product, coalesce(account, '')) WHERE state IN ('available', 'running')"
        " DO UPDATE SET priority = least(queue.priority, excluded.priority) WHERE queue.state = 'available'"
    )
    contract.run(raise_it, 1)
    contract.run(raise_it, 7)
    assert contract.rows("SELECT priority FROM queue") == ["1"]


def test_an_endpoint_that_is_added_accepts_jobs_of_its_form_at_once(contract):
    contract.run(
        "INSERT INTO endpoint VALUES ('prices', 'third', 'code', NULL, 0, NULL),"
        " ('reviews', 'third', 'asin', NULL, 1, 'prices'),"
        " ('tickets', 'third', 'number', '[0-9][0-9][0-9][0-9][0-9][0-9]', 0, NULL);"
        "INSERT INTO account VALUES ('third', 'third', 1);"
        "INSERT INTO queue (endpoint, product, pages, then_lookup, account)"
        " VALUES ('reviews', 'B0086FFHLS', 3, 0, 'third');"
        "INSERT INTO queue (endpoint, product) VALUES ('tickets', '000042')"
    )
    contract.run("INSERT INTO inbox (endpoint, product) VALUES ('tickets', 654321.0), ('tickets', ' 123456 ')")
    assert contract.rows("SELECT product FROM queue ORDER BY id") == ["B0086FFHLS", "000042", "654321", "123456"]
    for product in ["12345", "1234567", "12345x", "", None]:
        row = {"endpoint": "tickets", "product": product}
        assert contract.insert("queue", row) == bad_rows.PATTERN
        assert contract.insert("inbox", row) is None
        assert contract.enqueue("tickets", [product]) == [f"{product or ''}|refused|{bad_rows.PATTERN}"]
    assert contract.rows("SELECT DISTINCT reason FROM rejected") == [bad_rows.PATTERN]


def test_an_operator_of_the_callers_cannot_replace_one_of_the_rules(connect):
    contract = Contract(connect())
    contract.run(
        "CREATE SCHEMA evil; CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql RETURN true;"
        "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes);"
        "SET search_path = evil, pg_catalog"
    )
    assert contract.rows("SELECT ('a'::text = 'b'::text)::integer") == ["1"]
    insert = "INSERT INTO asinqd.{} (endpoint, product, account) VALUES ('images', 'B0086FFHLS', 'third')"
    assert contract.refusal(insert.format("queue")) == bad_rows.ACCOUNT
    assert contract.refusal(insert.format("inbox")) is None
    assert contract.rows("SELECT reason FROM asinqd.rejected") == [bad_rows.ACCOUNT]
    assert contract.enqueue("images", ["B0086FFHLS"], account="third") == [f"B0086FFHLS|refused|{bad_rows.ACCOUNT}"]
