"""What listeners hear. A last notification of the test's own shows that no other one is on its way."""

import pytest

from contract import Contract, asin, columns_in


@pytest.fixture
def heard(connect):
    """Runs statements in one transaction each, and returns the channels that were notified meanwhile."""
    listener, program = connect(), Contract(connect())
    for channel in ["asinqd_queue", "asinqd_result", "asinqd_leader", "done"]:
        listener.execute(f"LISTEN {channel}")

    def heard(*statements):
        for statement in statements:
            program.run(statement)
        program.run("NOTIFY done")
        channels = []
        for notification in listener.notifies(timeout=30):
            if notification.channel == "done":
                break
            channels.append(notification.channel)
        else:
            raise AssertionError("no notification")
        return channels

    return heard


def test_an_insert_of_a_thousand_rows_is_one_notification(heard):
    insert = "INSERT INTO queue (endpoint, product) SELECT 'images', 'B' || lpad(n::text, 9, '0') FROM generate_series"
    assert heard(f"{insert}(1, 1000) AS n") == ["asinqd_queue"]
    assert heard(f"{insert}(1001, 1001) AS n", f"{insert}(1002, 1002) AS n") == ["asinqd_queue"] * 2


def test_enqueue_is_one_notification(heard):
    assert heard("SELECT * FROM enqueue('images', ARRAY['B0086FFHLS', 'B00NNUMI86', 'oops'])") == ["asinqd_queue"]
    assert heard("SELECT * FROM enqueue('images', ARRAY['B0086FFHLS', 'B00NNUMI86'], priority => 0)") == ["asinqd_queue"]


def test_a_rolled_back_insert_is_none(heard):
    assert heard("BEGIN", "INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')", "ROLLBACK") == []


def test_a_program_may_turn_them_off_for_a_transaction(heard):
    insert = "INSERT INTO queue (endpoint, product) VALUES ('images', 'B00000000{}')"
    assert heard("BEGIN", "SET LOCAL asinqd.notify = off", insert.format(1), "COMMIT") == []
    assert heard(insert.format(2)) == ["asinqd_queue"]


def test_a_job_that_becomes_due_or_more_urgent_and_a_resumed_lane_are_heard_and_a_state_is_not(heard):
    heard("INSERT INTO queue (endpoint, product, not_before) VALUES ('images', 'B0086FFHLS', 253402300799999)")
    assert heard("UPDATE queue SET not_before = 0") == ["asinqd_queue"]
    assert heard("UPDATE queue SET priority = 0") == ["asinqd_queue"]
    assert heard("INSERT INTO lane (account, endpoint) VALUES ('asinscope', 'images')") == ["asinqd_queue"]
    assert heard(f"UPDATE queue SET {columns_in('running')}", f"UPDATE queue SET {columns_in('completed')}") == []


def test_a_schedule_that_is_added_or_changed_is_heard_and_the_daemons_cursor_is_not(heard):
    assert heard("INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'x', 3600000)") == ["asinqd_queue"]
    for change in ["every_ms = 7200000", "priority = 1", "is_paused = 0"]:
        assert heard(f"UPDATE schedule SET {change}") == ["asinqd_queue"]
    insert = (
        "INSERT INTO schedule_product (schedule_id, product)"
        " SELECT id, 'B' || lpad(n::text, 9, '0') FROM schedule, generate_series(1, 100) AS n"
    )
    assert heard(insert) == ["asinqd_queue"]
    assert heard("UPDATE schedule_product SET due_at = 7") == ["asinqd_queue"]
    assert heard("UPDATE schedule SET last_revision = 7", "DELETE FROM schedule") == []


def test_a_stored_result_is_heard_by_those_who_wait_for_results(heard):
    insert = (
        "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)"
        " SELECT 'images', 'B' || lpad(n::text, 9, '0'), 1, '{}', 1, 1 FROM generate_series(1, 100) AS n"
        " ON CONFLICT (endpoint, product) DO UPDATE SET body = excluded.body"
    )
    assert heard(insert) == ["asinqd_result"]
    assert heard(insert) == ["asinqd_result"]


def test_a_leader_that_resigns_is_heard(heard):
    heard("INSERT INTO host (name) VALUES ('one')")
    assert heard("SELECT attend(1, 60000)", "SELECT resign(1)") == ["asinqd_leader"]
