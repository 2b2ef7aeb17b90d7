"""The ledger, its tally, and the tables of lanes and limits."""

import pytest

SETTLEMENT = (
    "settled_at = 1500, outcome = 'succeeded', charged = 10, http_status = 200, daily_left = 990,"
    " daily_reset_at = 9000, drift = -3, retry_at = 1600, message = 'fine', full_at = 1700,"
    " daily_pool = 'images', server_at = 2000, sent_at = 1100"
)
ONCE = "a ledger entry is settled once"
IDENTITY_COLUMNS = {
    "id": "DEFAULT", "account": "'second'", "endpoint": "'barcodes'", "slot": "1", "products": "'[2]'",
    "reserved": "999", "started_at": "999", "lease_until": "9999", "host_id": "7",
}
# By column, values that must not replace those of SETTLEMENT.
CHANGES = {
    "settled_at": ["1501", "NULL", "9223372036854775807"],
    "outcome": ["'failed'", "'rate_limited'", "NULL"],
    "charged": ["9", "11", "0", "NULL"],
    "http_status": ["429", "NULL"],
    "daily_left": ["989", "991", "NULL"],
    "daily_reset_at": ["9001", "NULL"],
    "drift": ["0", "3", "NULL"],
    "retry_at": ["1601", "NULL"],
    "message": ["'Fine'", "''", "NULL"],
    "full_at": ["1701", "NULL"],
    "daily_pool": ["'barcodes'", "NULL"],
    "server_at": ["1000", "3000", "NULL"],
    "sent_at": ["1099", "1101", "NULL"],
}


@pytest.mark.parametrize(
    "column, value",
    [
        ("account", "NULL"), ("account", "''"), ("endpoint", "''"), ("endpoint", "NULL"), ("slot", "-1"),
        ("slot", "64"), ("slot", "NULL"), ("products", "NULL"), ("products", "'\"B0086FFHLS\"'"),
        ("products", "'{}'"), ("products", "'[]'"), ("products", f"'[{'1,' * 100}1]'"), ("reserved", "0"),
        ("reserved", "-1"), ("reserved", "NULL"), ("started_at", "NULL"), ("lease_until", "1000"),
        ("lease_until", "NULL"), ("outcome", "'failed'"), ("charged", "1"), ("http_status", "200"),
        ("daily_left", "1"), ("daily_reset_at", "1"), ("drift", "0"), ("retry_at", "1"), ("message", "''"),
        ("full_at", "1"), ("daily_pool", "'images'"), ("server_at", "1000"), ("server_at", "-1"),
        ("server_at", "253402300800000"), ("sent_at", "1100"), ("sent_at", "-1"), ("sent_at", "253402300800000"),
    ],
)
def test_an_impossible_call_is_not_opened_and_the_error_names_its_column(contract, column, value):
    columns = {"account": "'second'", "endpoint": "'images'", "products": "'[1]'", "reserved": "1",
               "started_at": "1000", "lease_until": "2000", column: value}
    error = contract.error(f"INSERT INTO ledger ({', '.join(columns)}) VALUES ({', '.join(columns.values())})")
    assert error.sqlstate in ["23514", "23502"]
    # One sentence is about all columns that a settlement sets.
    named = error.diag.column_name or error.diag.constraint_name
    assert column in named or "an open ledger entry has no" in named


def test_what_is_no_json_is_refused_by_its_type(contract):
    contract.open_call()
    for products in ["B0086FFHLS", "[", ""]:
        error = contract.error(
            "INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)"
            " VALUES ('second', 'images', %s, 1, 1, 2)", products)
        assert error.sqlstate == "22P02"


def test_a_call_is_written_before_it_is_settled_never_with_its_end(contract):
    assert contract.refusal(
        "INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until, settled_at, outcome,"
        " charged) VALUES ('second', 'images', '[1]', 1, 1000, 2000, 1500, 'failed', 1)"
    ) == "a ledger entry is written before its call, and settled after it"


def test_one_call_is_open_in_a_lane_and_the_next_one_opens_when_it_is_settled(contract):
    contract.open_call()
    contract.open_call(slot=63)
    contract.open_call(account="second")
    contract.open_call(endpoint="barcodes")
    for row in contract.rows("SELECT id FROM ledger"):
        error = contract.error(
            "INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at, lease_until)"
            " SELECT account, endpoint, slot, products, reserved, started_at, lease_until FROM ledger WHERE id = %s",
            int(row))
        assert (error.sqlstate, error.diag.constraint_name) == ("23505", "ledger_open")
    contract.run(f"UPDATE ledger SET {SETTLEMENT} WHERE endpoint = 'images'")
    contract.open_call()
    assert contract.rows("SELECT endpoint FROM ledger WHERE settled_at IS NULL ORDER BY id") == ["barcodes", "images"]


@pytest.mark.parametrize(
    "change",
    [
        "settled_at = 1500", "outcome = 'failed'", "charged = 1", "settled_at = 1500, outcome = 'failed'",
        "settled_at = 1500, charged = 1", "outcome = 'failed', charged = 1", "http_status = 200", "retry_at = 1",
        "full_at = 1", "settled_at = 1, outcome = 'done', charged = 1",
        "settled_at = 1, outcome = 'failed', charged = -1",
        "settled_at = 1, outcome = 'failed', charged = 1, http_status = 99",
        "settled_at = 1, outcome = 'failed', charged = 1, http_status = 1000",
        "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 5",
        "settled_at = 1, outcome = 'failed', charged = 1, daily_reset_at = 5",
        "settled_at = 1, outcome = 'failed', charged = 1, daily_left = -1, daily_reset_at = 5",
        "daily_pool = 'images'", "settled_at = 1, outcome = 'failed', charged = 1, daily_pool = 'images'",
        "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 1, daily_reset_at = 5, daily_pool = 'barcodes'",
        "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 1, daily_reset_at = 5, daily_pool = ''",
    ],
)
def test_a_settlement_is_complete(contract, change):
    contract.open_call()
    assert contract.error(f"UPDATE ledger SET {change}").sqlstate == "23514"
    assert contract.rows("SELECT count(settled_at) FROM ledger") == ["0"]
    assert contract.rows("SELECT * FROM tally") == []


@pytest.mark.parametrize(
    "outcome",
    ["succeeded", "rate_limited", "rejected", "unauthorized", "misdirected", "failed", "unsent", "expired"],
)
def test_each_outcome_settles_a_call_once(contract, outcome):
    contract.open_call()
    settle = "UPDATE ledger SET settled_at = 1500, outcome = %s, charged = 0 WHERE settled_at IS NULL"
    assert contract.changes(settle, outcome) == 1
    assert contract.changes(settle, outcome) == 0


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_calls_request_never_changes(contract, is_settled):
    contract.open_call()
    if is_settled:
        contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    for column, value in IDENTITY_COLUMNS.items():
        assert contract.refusal(f"UPDATE ledger SET {column} = {value}") == "a ledger entry's call never changes"


def test_an_open_entry_cannot_be_deleted_and_a_settled_one_can(contract):
    contract.open_call()
    message = "an open ledger entry cannot be deleted: its call is in progress"
    assert contract.refusal("DELETE FROM ledger") == message
    assert contract.refusal("TRUNCATE ledger") == message
    contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    (before,) = contract.rows("SELECT id FROM ledger")
    contract.run("DELETE FROM ledger")
    contract.open_call()
    assert int(contract.rows("SELECT id FROM ledger")[0]) > int(before)


@pytest.mark.parametrize("column", CHANGES)
def test_a_settled_entry_keeps_each_column(contract, column):
    contract.open_call()
    contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    before = contract.rows("SELECT * FROM ledger")
    for value in CHANGES[column]:
        assert contract.refusal(f"UPDATE ledger SET {column} = {value}") == ONCE, value
    assert contract.rows("SELECT * FROM ledger") == before


def test_every_column_of_a_settlement_is_in_the_table(contract):
    columns = contract.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = 'ledger'")
    assert set(columns) - set(IDENTITY_COLUMNS) == set(CHANGES)


def test_a_settled_entry_cannot_be_opened_again(contract):
    contract.open_call()
    contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    assert contract.refusal("UPDATE ledger SET " + ", ".join(f"{column} = NULL" for column in CHANGES)) == ONCE
    assert contract.changes(f"UPDATE ledger SET {SETTLEMENT}") == 1


def test_its_instants_may_move_back_for_a_clock_that_was_set_back(contract):
    contract.open_call()
    contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    for column in ["settled_at", "retry_at", "full_at", "daily_reset_at"]:
        contract.run(f"UPDATE ledger SET {column} = {column} - 100")
        assert contract.refusal(f"UPDATE ledger SET {column} = {column} + 1") == ONCE
    move = "UPDATE ledger SET settled_at = 500, retry_at = 600, full_at = 700, daily_reset_at = 8000"
    contract.run(move)
    assert contract.refusal(f"{move}, charged = 0") == ONCE


def test_an_empty_column_stays_empty(contract):
    contract.open_call()
    contract.run("UPDATE ledger SET settled_at = 1500, outcome = 'expired', charged = 10")
    for column in ["http_status", "drift", "retry_at", "message", "full_at", "daily_left"]:
        assert contract.refusal(f"UPDATE ledger SET {column} = 200") == ONCE


def test_each_settlement_is_counted_once_by_account_endpoint_hour_and_outcome(contract, lite):
    def settle(engine, columns):
        engine.run(f"UPDATE ledger SET {columns} WHERE settled_at IS NULL")

    for engine in [contract, lite]:
        engine.open_call(products='["B000000001","B000000002"]')
        settle(engine, "settled_at = 1200, outcome = 'succeeded', charged = 20, drift = -3")
        engine.open_call()
        settle(engine, "settled_at = 1700, outcome = 'succeeded', charged = 10, drift = 5")
        engine.open_call()
        settle(engine, "settled_at = 3700, outcome = 'failed', charged = 0")
        engine.open_call(account="second")
        settle(engine, "settled_at = 3600000, outcome = 'succeeded', charged = 10")
        for duration in [-5, 0, 100, 101, 250, 251, 500, 501, 1000, 1001, 2500, 2501, 5000, 5001, 10000, 10001, 30000, 30001]:
            engine.open_call(account="upcitemdb", endpoint="lookup")
            settle(engine, f"settled_at = 1000 + {duration}, outcome = 'failed', charged = 0")
        engine.open_call(account="second", slot=1)
    every = "SELECT * FROM tally ORDER BY account, endpoint, hour, outcome"
    assert contract.rows(every) == lite.rows(every)
    assert contract.rows("SELECT account, hour, outcome, calls, products, tokens, drift_up, drift_down, duration_ms"
                         " FROM tally WHERE account <> 'upcitemdb' ORDER BY 1, 2, 3") == [
        "asinscope|0|failed|1|1|0|0|0|2700", "asinscope|0|succeeded|2|3|30|5|3|900",
        "second|1|succeeded|1|1|10|0|0|3599000"]


def test_the_tally_keeps_its_counts_when_the_ledger_is_pruned(contract):
    contract.open_call()
    contract.run(f"UPDATE ledger SET {SETTLEMENT}")
    before = contract.rows("SELECT * FROM tally")
    contract.run("UPDATE ledger SET settled_at = settled_at - 100")
    contract.run("DELETE FROM ledger")
    assert contract.rows("SELECT * FROM tally") == before and len(before) == 1


def test_there_is_one_row_for_an_endpoint_of_an_account_in_lane(contract):
    insert = "INSERT INTO lane (account, endpoint)"
    contract.run(f"{insert} VALUES ('second', 'images'), ('asinscope', 'images')")
    assert contract.rows("SELECT paused_at, resumed_after FROM lane") == ["|0", "|0"]
    for values in ["'second', 'images'", "'second', NULL", "NULL, 'images'"]:
        assert contract.refusal(f"{insert} VALUES ({values})")
    assert contract.refusal("UPDATE lane SET resumed_after = NULL")


@pytest.mark.parametrize(
    "table, values",
    [("endpoint", values) for values in [
        "NULL, 'p', 'asin', NULL, 0, NULL", "'', 'p', 'asin', NULL, 0, NULL", "'e', '', 'asin', NULL, 0, NULL",
        "'e', NULL, 'asin', NULL, 0, NULL", "'e', 'p', 'ASIN', NULL, 0, NULL", "'e', 'p', NULL, NULL, 0, NULL",
        "'e', 'p', 'asin', NULL, 2, NULL", "'e', 'p', 'asin', NULL, NULL, NULL", "'e', 'p', 'asin', NULL, 0, 'e'",
        "'images', 'p', 'asin', NULL, 0, NULL", "'e', 'p', '', '*', 0, NULL", "'e', 'p', 'number', '', 0, NULL",
        "'e', 'p', 'asin', '*', 0, NULL", "'e', 'p', NULL, '*', 0, NULL"]]
    + [("account", f"{name}, 'p', 1") for name in [
        "''", "NULL", "'Second'", "'2nd'", "'-a'", "'a b'", "'é'", f"'{'a' * 65}'", "'second'", "E'a\\n'"]]
    + [("account", values) for values in ["'a', NULL, 1", "'a', '', 1", "'a', 'p', 2", "'a', 'p', NULL"]]
    + [("limit_setting", values) for values in [
        "NULL, 1, '{}'", "'a', NULL, '{}'", "'a', -1, '{}'", "'a', 1, '[]'", "'a', 1, '{'", "'a', 1, NULL",
        "'a', 253402300800000, '{}'"]],
)
def test_an_impossible_endpoint_account_or_limit_is_refused(contract, table, values):
    assert contract.refusal(f"INSERT INTO {table} VALUES ({values})")


def test_possible_accounts_and_limits_are_taken(contract):
    for name in ["a", "second-key_2", "a" * 64]:
        contract.run("INSERT INTO account (name, provider) VALUES (%s, 'p')", name)
    contract.run("INSERT INTO limit_setting VALUES ('a', 0, '{}'), ('a', 5, '{\"dailyTokens\":1}')")
