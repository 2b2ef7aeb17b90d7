"""Changes of rows of queue: states, identity, and values that only an UPDATE can give."""

import pytest

import bad_rows
from contract import STATES, columns_in

ALLOWED = {
    "available>running", "available>cancelled", "running>available", "running>completed", "running>discarded",
    "discarded>available",
}


def test_of_all_pairs_of_states_six_are_changes_that_a_job_may_make(contract):
    for old in STATES:
        for new in STATES:
            contract.run("UPDATE queue SET state = 'completed', finished_at = 1 WHERE state = 'running'")
            contract.run("DELETE FROM queue")
            contract.add_job(state=old)
            is_allowed = old == new or f"{old}>{new}" in ALLOWED
            refusal = contract.refusal(f"UPDATE queue SET {columns_in(new)}")
            assert refusal == (None if is_allowed else bad_rows.STATE_CHANGED), (old, new)
            assert contract.rows("SELECT state FROM queue") == [new if is_allowed else old]


@pytest.mark.parametrize("old", STATES)
def test_an_unknown_state_is_refused(contract, old):
    contract.add_job(state=old)
    for value in ["'done'", "''", "'Available'", "'running '", "NULL"]:
        assert contract.refusal(f"UPDATE queue SET state = {value}") == bad_rows.STATE_CHANGED
        change = f"UPDATE queue SET state = {value}, finished_at = NULL, error = NULL"
        assert contract.refusal(change) == bad_rows.STATE_CHANGED


@pytest.mark.parametrize(
    "state, change, sentence",
    [
        ("available", "state = 'cancelled'", "queue.finished_at is set exactly in a final state"),
        ("available", "finished_at = 7", "queue.finished_at is set exactly in a final state"),
        ("available", "state = 'running'", "queue.call_id is set in a running job"),
        ("running", "call_id = NULL", "queue.call_id is set in a running job"),
        ("running", "state = 'completed'", "queue.finished_at is set exactly in a final state"),
        ("running", "state = 'discarded', finished_at = 7", "queue.error is set in a discarded job"),
        ("running", "state = 'discarded', error = 'timeout'", "queue.finished_at is set exactly in a final state"),
        ("discarded", "error = NULL", "queue.error is set in a discarded job"),
        ("discarded", "state = 'available'", "queue.finished_at is set exactly in a final state"),
        ("completed", "finished_at = NULL", "queue.finished_at is set exactly in a final state"),
    ],
)
def test_a_state_and_its_columns_change_together(contract, state, change, sentence):
    contract.add_job(state=state)
    assert contract.refusal(f"UPDATE queue SET {change}") == sentence


def test_one_update_cancels_available_jobs_and_skips_the_others(contract):
    for number, state in enumerate(STATES):
        contract.add_job(f"B{number:09}", state=state)
    cancel = "UPDATE queue SET state = 'cancelled', finished_at = 9"
    assert contract.changes(f"{cancel} WHERE state = 'available'") == 1
    assert contract.rows("SELECT state, finished_at FROM queue ORDER BY product") == [
        "cancelled|9", "running|", "completed|7", "discarded|7", "cancelled|7"]
    assert contract.refusal(f"{cancel} WHERE state = 'running'") == bad_rows.STATE_CHANGED


@pytest.mark.parametrize("state", STATES)
def test_any_job_but_a_running_one_can_be_deleted(contract, state):
    contract.add_job(state=state)
    assert contract.refusal("DELETE FROM queue") == (bad_rows.RUNNING_DELETED if state == "running" else None)
    assert contract.refusal("TRUNCATE queue") == bad_rows.RUNNING_DELETED


@pytest.mark.parametrize(
    "change",
    ["endpoint = 'barcodes'", "product = 'B00NNUMI86'", "product = NULL", "endpoint = NULL", "account = 'second'",
     "account = ''", "id = DEFAULT"],
)
def test_a_jobs_identity_never_changes(contract, change):
    contract.add_job()
    assert contract.refusal(f"UPDATE queue SET {change}") == bad_rows.IDENTITY


def test_an_id_cannot_be_set(contract):
    contract.add_job()
    assert contract.error("UPDATE queue SET id = 77").sqlstate == "428C9"


def test_writing_the_present_value_is_no_change(contract):
    contract.add_job(state="running")
    same = "endpoint = endpoint, product = product, account = account, state = state, pages = 2"
    assert contract.changes(f"UPDATE queue SET {same}") == 1


@pytest.mark.parametrize(
    "column, value",
    [("priority", 0), ("priority", 9), ("label", "spring"), ("label", None), ("not_before", 1),
     ("not_before", 253402300799999), ("pages", 1), ("pages", 100)],
)
def test_priority_not_before_label_and_pages_of_a_waiting_job_can_be_changed(contract, column, value):
    contract.add_job("red shoes", "search")
    assert contract.changes(f"UPDATE queue SET {column} = %s WHERE state = 'available'", value) == 1


@pytest.mark.parametrize(
    "column, value, sentence",
    [
        ("priority", 10, bad_rows.PRIORITY), ("priority", -1, bad_rows.PRIORITY), ("label", "", bad_rows.LABEL),
        ("label", "x" * 101, bad_rows.LABEL),
        ("not_before", -1, "queue.not_before must be in milliseconds since 1970"),
        ("not_before", 253402300800000, "queue.not_before must be in milliseconds since 1970"),
        ("enqueued_at", -1, "queue.enqueued_at must be in milliseconds since 1970"),
        ("enqueued_at", 253402300800000, "queue.enqueued_at must be in milliseconds since 1970"),
        ("failures", -1, "queue.failures must not be negative"), ("snoozes", -1, "queue.snoozes must not be negative"),
        ("batch_limit", 0, bad_rows.BATCH_LIMIT), ("batch_limit", 101, bad_rows.BATCH_LIMIT),
        ("pages", 0, bad_rows.PAGES), ("pages", 101, bad_rows.PAGES),
        ("error", "x" * 1001, "queue.error must have at most 1,000 characters"),
    ],
)
def test_an_impossible_value_is_refused_and_the_constraints_name_says_why(contract, column, value, sentence):
    contract.add_job("red shoes", "search")
    assert contract.refusal(f"UPDATE queue SET {column} = %s", value) == sentence


def test_null_is_refused_in_a_column_that_needs_a_value(contract):
    contract.add_job("red shoes", "search")
    for column in ["priority", "enqueued_at", "not_before", "failures", "snoozes", "batch_limit"]:
        error = contract.error(f"UPDATE queue SET {column} = NULL")
        assert (error.sqlstate, error.diag.column_name) == ("23502", column)


def test_pages_change_only_if_an_answer_has_them(contract):
    for endpoint in ["images", "barcodes"]:
        contract.add_job(endpoint=endpoint)
    assert contract.refusal("UPDATE queue SET pages = 3") == bad_rows.PAGES_ELSEWHERE


@pytest.mark.parametrize("state", STATES)
def test_an_open_barcodes_job_may_be_given_a_lookup_to_follow_or_lose_it(contract, state):
    contract.add_job(endpoint="barcodes", state=state)
    is_open = state in ["available", "running"]
    for value in [0, 86400000, 253402300799999, None]:
        is_refused = not is_open and value is not None
        refusal = contract.refusal("UPDATE queue SET then_lookup = %s", value)
        assert refusal == (bad_rows.THEN_LOOKUP_CLOSED if is_refused else None)
    if is_open:
        for value in [-1, 253402300800000]:
            assert contract.refusal("UPDATE queue SET then_lookup = %s", value) == bad_rows.THEN_LOOKUP


def test_a_job_at_another_endpoint_may_not(contract):
    for endpoint in ["images", "lookup", "search"]:
        contract.run("DELETE FROM queue")
        contract.add_job(bad_rows.GOOD[endpoint], endpoint)
        assert contract.refusal("UPDATE queue SET then_lookup = 0") == bad_rows.THEN_LOOKUP_CLOSED
        assert contract.changes("UPDATE queue SET then_lookup = NULL") == 1


def search_at_second_page(contract, state):
    contract.add_job("red shoes", "search", "running")
    contract.run("UPDATE queue SET state = 'available', pages_done = 1, page_offset = 10")
    if state != "available":
        contract.run(f"UPDATE queue SET {columns_in('running')}")
        contract.run(f"UPDATE queue SET {columns_in(state)}")


def test_while_a_job_stays_in_its_state_its_pages_stay_as_they_are(contract):
    for number, state in enumerate(STATES):
        contract.add_job(f"red {number}", "search", state)
    for change in ["pages_done = 1", "page_offset = 10", "pages_done = 1, page_offset = 10"]:
        for state in STATES:
            refusal = contract.refusal(f"UPDATE queue SET {change} WHERE state = %s", state)
            assert refusal == bad_rows.PAGES_DONE_CHANGED


@pytest.mark.parametrize("pages_done", range(5))
@pytest.mark.parametrize("offset", [0, 9, 10, 11, 20])
def test_from_the_second_page_a_call_may_advance_only_to_the_next_one(contract, pages_done, offset):
    search_at_second_page(contract, "running")
    refusal = contract.refusal(
        "UPDATE queue SET state = 'available', pages_done = %s, page_offset = %s", pages_done, offset)
    is_allowed = pages_done == 2 and offset > 10 or (pages_done, offset) == (1, 10)
    assert refusal == (None if is_allowed else bad_rows.PAGES_DONE_CHANGED)


@pytest.mark.parametrize("pages_done, offset", [(1, 10), (0, 0), (2, 20), (0, 10), (1, 0)])
def test_a_dead_letter_continues_where_it_was_or_from_the_start(contract, pages_done, offset):
    search_at_second_page(contract, "discarded")
    refusal = contract.refusal(
        f"UPDATE queue SET {columns_in('available')}, pages_done = %s, page_offset = %s", pages_done, offset)
    is_allowed = (pages_done, offset) in [(1, 10), (0, 0)]
    assert refusal == (None if is_allowed else bad_rows.PAGES_DONE_CHANGED)
