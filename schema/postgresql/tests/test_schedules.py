"""Schedules and their products: which rows are refused and with which message, on both engines."""

import re

import pytest

import bad_rows, bad_schedules
from bad_schedules import SCHEDULE
from conftest import FOLDER
from contract import Contract, asin

SKIP = "ON CONFLICT DO NOTHING"
ENDPOINTS = list(bad_rows.GOOD)


def add_schedule(engine, endpoint="images", label="catalog", **more):
    """Adds a schedule, and returns its id."""
    row = {**SCHEDULE, "endpoint": endpoint, "label": label, **more}
    assert engine.insert("schedule", row) is None
    found = engine.run("SELECT id FROM schedule WHERE endpoint = %s AND label = %s", endpoint, label)
    return found.fetchone()[0]


def columns(contract, table):
    return contract.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = %s", table)


@pytest.fixture
def engines(contract, lite):
    return [contract, lite]


def test_a_bad_schedule_is_refused_with_its_message(engines):
    for engine in engines:
        for row, column, message in bad_schedules.SCHEDULES:
            for more in ["", SKIP]:
                assert engine.insert("schedule", row, more) == message, (engine, column, row[column])
        assert engine.rows("SELECT * FROM schedule") == []


def test_a_bad_product_of_a_schedule_is_refused_with_its_message(engines):
    for engine in engines:
        ids = {endpoint: add_schedule(engine, endpoint) for endpoint in ENDPOINTS}
        for endpoint, column, value, message in bad_schedules.PRODUCTS:
            row = {"schedule_id": ids[endpoint], "product": bad_rows.GOOD[endpoint], column: value}
            for more in ["", SKIP]:
                assert engine.insert("schedule_product", row, more) == message, (engine, endpoint, column, value)
        assert engine.rows("SELECT * FROM schedule_product") == []


def test_every_column_but_the_ids_has_a_bad_value_in_the_tables(contract):
    assert {row[1] for row in bad_schedules.SCHEDULES} == set(columns(contract, "schedule")) - {"id"}
    assert {row[1] for row in bad_schedules.PRODUCTS} == set(columns(contract, "schedule_product")) - {"job_id"}


def test_schedules_and_products_at_the_limits_are_taken(engines):
    for engine in engines:
        for row in bad_schedules.SCHEDULES_TAKEN:
            assert engine.insert("schedule", row) is None, row
            engine.run("DELETE FROM schedule")
        ids = {endpoint: add_schedule(engine, endpoint) for endpoint in ENDPOINTS}
        for endpoint, column, value in bad_schedules.PRODUCTS_TAKEN:
            row = {"schedule_id": ids[endpoint], "product": bad_rows.GOOD[endpoint], column: value}
            assert engine.insert("schedule_product", row) is None, row
            engine.run("DELETE FROM schedule_product")


def test_a_row_with_the_required_columns_has_the_contracts_defaults(engines):
    for engine in engines:
        schedule = add_schedule(engine)
        engine.run("INSERT INTO schedule_product (schedule_id, product) VALUES (%s, 'B0086FFHLS')", schedule)
        assert engine.rows("SELECT account, every_ms, priority, is_all_known, is_paused, last_revision FROM schedule") == [
            "|3600000|9|0|0|0"]
        assert engine.rows("SELECT product, due_at, job_id FROM schedule_product") == ["B0086FFHLS|0|"]
    contract = engines[0]
    assert contract.rows("SELECT (abs(created_at - now_ms()) < 60000)::integer FROM schedule") == ["1"]


def test_a_bad_row_carries_the_state_of_a_check_violation_and_its_table(contract):
    schedule = add_schedule(contract)
    for table, sql in [
        ("schedule", "INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'x', 1)"),
        ("schedule_product", f"INSERT INTO schedule_product (schedule_id, product) VALUES ({schedule}, 'oops')"),
    ]:
        error = contract.error(sql)
        assert (error.sqlstate, error.diag.schema_name, error.diag.table_name) == ("23514", "asinqd", table)


def test_a_label_is_unique_at_its_endpoint(contract, lite):
    for engine in [contract, lite]:
        add_schedule(engine)
        add_schedule(engine, "barcodes")
        add_schedule(engine, label="Catalog")
        assert engine.insert("schedule", SCHEDULE, SKIP) is None
        assert engine.insert("schedule", SCHEDULE)
        assert engine.rows("SELECT endpoint, label FROM schedule ORDER BY endpoint, label") == [
            "barcodes|catalog", "images|Catalog", "images|catalog"]
    error = contract.error("INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'catalog', 3600000)")
    assert (error.sqlstate, error.diag.constraint_name) == ("23505", "schedule_label")


def test_an_upsert_changes_the_interval(engines):
    for engine in engines:
        schedule = add_schedule(engine)
        upsert = "ON CONFLICT (endpoint, label) DO UPDATE SET every_ms = excluded.every_ms, priority = excluded.priority"
        assert engine.insert("schedule", {**SCHEDULE, "every_ms": 7200000, "priority": 2}, upsert) is None
        assert engine.rows("SELECT id, every_ms, priority FROM schedule") == [f"{schedule}|7200000|2"]


def test_an_id_cannot_be_given(contract):
    for sql in ["INSERT INTO schedule (id, endpoint, label, every_ms) VALUES (7, 'images', 'x', 3600000)",
                "UPDATE schedule SET id = 7"]:
        assert contract.error(sql).sqlstate == "428C9"


@pytest.mark.parametrize(
    "table, change, message",
    [("schedule", change, bad_schedules.IDENTITY) for change in [
        "endpoint = 'barcodes'", "endpoint = NULL", "label = 'x'", "label = NULL", "account = 'second'", "account = ''",
        "is_all_known = 1", "is_all_known = NULL"]]
    + [("schedule_product", change, bad_schedules.PRODUCT_IDENTITY) for change in [
        "schedule_id = schedule_id + 1", "schedule_id = NULL", "product = 'B00NNUMI86'", "product = NULL"]],
)
def test_what_identifies_a_schedule_or_its_product_never_changes(engines, table, change, message):
    for engine in engines:
        schedule = add_schedule(engine)
        engine.run("INSERT INTO schedule_product (schedule_id, product) VALUES (%s, 'B0086FFHLS')", schedule)
        assert engine.refusal(f"UPDATE {table} SET {change}") == message


def test_the_other_columns_change_and_the_same_value_is_no_change(engines):
    for engine in engines:
        schedule = add_schedule(engine)
        engine.run("INSERT INTO schedule_product (schedule_id, product) VALUES (%s, 'B0086FFHLS')", schedule)
        engine.run("UPDATE schedule SET endpoint = endpoint, label = label, account = account, is_all_known = 0,"
                   " every_ms = 3600001, priority = 0, is_paused = 1, last_revision = 7")
        engine.run("UPDATE schedule_product SET schedule_id = schedule_id, product = product, due_at = 7, job_id = 9")
        assert engine.rows("SELECT every_ms, priority, is_paused, last_revision FROM schedule") == ["3600001|0|1|7"]
        assert engine.rows("SELECT due_at, job_id FROM schedule_product") == ["7|9"]


@pytest.mark.parametrize(
    "table, column, value, sentence",
    [
        ("schedule", "every_ms", 3599999, "schedule.every_ms must be in milliseconds, an hour to ten years"),
        ("schedule", "every_ms", 315360000001, "schedule.every_ms must be in milliseconds, an hour to ten years"),
        ("schedule", "priority", -1, bad_schedules.PRIORITY), ("schedule", "priority", 10, bad_schedules.PRIORITY),
        ("schedule", "is_paused", 2, "schedule.is_paused must be 0 or 1"),
        ("schedule", "created_at", -1, "schedule.created_at must be in milliseconds since 1970"),
        ("schedule", "created_at", 253402300800000, "schedule.created_at must be in milliseconds since 1970"),
        ("schedule", "last_revision", -1, "schedule.last_revision must not be negative"),
        ("schedule_product", "due_at", -1, "schedule_product.due_at must be in milliseconds since 1970"),
        ("schedule_product", "due_at", 253402300800000, "schedule_product.due_at must be in milliseconds since 1970"),
    ],
)
def test_an_impossible_value_is_refused_and_the_constraints_name_says_why(contract, lite, table, column, value, sentence):
    for engine in [contract, lite]:
        schedule = add_schedule(engine)
        engine.run("INSERT INTO schedule_product (schedule_id, product) VALUES (%s, 'B0086FFHLS')", schedule)
        refusal = engine.refusal(f"UPDATE {table} SET {column} = %s", value)
        assert refusal == sentence if engine is contract else refusal.startswith("CHECK constraint failed")
        assert engine.refusal(f"UPDATE {table} SET {column} = NULL")


def test_a_deleted_schedule_takes_its_products_with_it_and_leaves_its_jobs(engines):
    for engine in engines:
        for label in ["catalog", "another"]:
            schedule = add_schedule(engine, label=label)
            for number in range(3):
                row = {"schedule_id": schedule, "product": asin(number), "job_id": number}
                assert engine.insert("schedule_product", row) is None
        assert engine.insert("queue", {"endpoint": "images", "product": asin(1), "label": "catalog"}) is None
        engine.run("DELETE FROM schedule WHERE label = 'catalog'")
        assert engine.rows("SELECT schedule_id, product FROM schedule_product ORDER BY product") == [
            f"{schedule}|{asin(number)}" for number in range(3)]
        assert engine.rows("SELECT product FROM queue") == [asin(1)]


def test_an_endpoint_that_is_added_accepts_schedules_of_its_form_at_once(engines):
    for engine in engines:
        engine.run(
            "INSERT INTO endpoint (name, provider, product_form, product_pattern)"
            " VALUES ('tickets', 'third', 'number', '[0-9][0-9]')")
        schedule = add_schedule(engine, "tickets")
        assert engine.insert("schedule_product", {"schedule_id": schedule, "product": "42"}) is None
        for product in ["4", "421", "4x", "", None]:
            row = {"schedule_id": schedule, "product": product}
            assert engine.insert("schedule_product", row) == bad_schedules.of_product(bad_rows.PATTERN)


def test_an_operator_of_the_callers_cannot_replace_one_of_the_rules(connect):
    contract = Contract(connect())
    contract.run(
        "CREATE SCHEMA evil; CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql RETURN true;"
        "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes);"
        "SET search_path = evil, pg_catalog"
    )
    for endpoint, account, message in [("nowhere", None, bad_schedules.ENDPOINT), ("images", "third", bad_schedules.ACCOUNT)]:
        row = {**SCHEDULE, "endpoint": endpoint, "account": account}
        assert contract.insert("asinqd.schedule", row) == message


def test_the_statements_of_the_contract_run(contract):
    (block,) = re.findall(r"\n## schedule\n.+?```sql\n(.+?)```", (FOLDER.parent / "README.md").read_text(), re.S)
    statements = re.sub(r"INSERT OR IGNORE (.+?);", rf"INSERT \1 {SKIP};", block, flags=re.S)
    assert SKIP in statements
    contract.run(statements)
    assert contract.rows("SELECT label, every_ms, product FROM schedule JOIN schedule_product ON schedule_id = id") == [
        "catalog|604800000|B0086FFHLS"]
