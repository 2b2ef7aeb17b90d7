"""The counts of finished jobs, which are those of SQLite, and transactions that end jobs at the same time."""

import concurrent.futures

from contract import STATES, Contract, asin, columns_in

COUNTS = "SELECT endpoint, state, jobs FROM job_tally ORDER BY endpoint, state"
CANCEL = "UPDATE queue SET state = 'cancelled', finished_at = 1 WHERE state = 'available'"


def test_each_job_that_ends_counts_once_by_endpoint_and_state(contract, lite):
    for engine in [contract, lite]:
        for number, state in enumerate(STATES * 3):
            engine.add_job(asin(number), ["images", "barcodes"][number % 2], state)
        # No state changes.
        engine.run("UPDATE queue SET label = 'x', finished_at = finished_at, state = state")
        engine.run("UPDATE queue SET priority = 1 WHERE false")
    assert contract.rows(COUNTS) == lite.rows(COUNTS) == [
        "barcodes|cancelled|1", "barcodes|completed|1", "barcodes|discarded|2",
        "images|cancelled|2", "images|completed|2", "images|discarded|1"]


def test_one_statement_counts_the_ends_of_several_states_and_endpoints(contract, lite):
    for engine in [contract, lite]:
        for number in range(20):
            engine.add_job(asin(number), ["images", "barcodes"][number % 2], "running" if number < 15 else "available")
        engine.run(
            "UPDATE queue SET finished_at = 7, error = 'timeout', state = CASE WHEN state = 'available' THEN 'cancelled'"
            " WHEN product < %s THEN 'completed' ELSE 'discarded' END", asin(9))
        # A dead letter that is put back in the statement that ends another job takes nothing away.
        engine.run(
            "UPDATE queue SET finished_at = NULL, error = NULL, state = 'available' WHERE state = 'discarded' AND product < %s",
            asin(12))
        engine.run(
            "UPDATE queue SET finished_at = CASE WHEN state = 'available' THEN 8 END, error = NULL,"
            " state = CASE WHEN state = 'available' THEN 'cancelled' ELSE 'available' END"
            " WHERE state IN ('available', 'discarded')")
    assert contract.rows(COUNTS) == lite.rows(COUNTS) == [
        "barcodes|cancelled|5", "barcodes|completed|4", "barcodes|discarded|3",
        "images|cancelled|3", "images|completed|5", "images|discarded|3"]


def test_a_job_that_was_put_back_and_ends_again_counts_again(contract, lite):
    for engine in [contract, lite]:
        engine.add_job(state="discarded")
        for state in ["available", "running", "discarded", "available", "running", "completed"]:
            engine.run(f"UPDATE queue SET {columns_in(state)}")
    assert contract.rows(COUNTS) == lite.rows(COUNTS) == ["images|completed|1", "images|discarded|2"]


def test_the_counts_stay_when_the_queue_is_pruned(contract, lite):
    for engine in [contract, lite]:
        engine.add_job(state="completed")
        engine.run("DELETE FROM queue")
    assert contract.rows(COUNTS) == lite.rows(COUNTS) == ["images|completed|1"]


def test_statements_one_after_the_other_add_to_one_part(contract):
    for number in range(10):
        contract.add_job(asin(number), state="completed")
    assert contract.rows("SELECT endpoint, state, jobs FROM job_tally_part") == ["images|completed|10"]


def test_a_large_statement_after_small_ones_takes_no_plan_of_theirs(contract):
    for number in range(10):
        contract.add_job(asin(number))
        contract.run(CANCEL)
    contract.run(
        "INSERT INTO queue (endpoint, product) SELECT 'images', 'C' || lpad(n::text, 9, '0') FROM generate_series(1, 50000) AS n")
    contract.run("SET LOCAL statement_timeout = '20s'")
    contract.run(CANCEL)
    assert contract.rows(COUNTS) == ["images|cancelled|50010"]


def test_programs_that_end_jobs_at_the_same_time_do_not_wait_for_each_other(connect):
    programs = [Contract(connect()) for _ in range(3)]
    for number in range(3):
        programs[0].add_job(asin(number))
    for number, program in enumerate(programs):
        program.run("BEGIN; SET LOCAL lock_timeout = '1s'")
        assert program.changes(f"{CANCEL} AND product = %s", asin(number)) == 1
    for program, end in zip(programs, ["COMMIT", "ROLLBACK", "COMMIT"]):
        program.run(end)
    assert programs[0].rows(COUNTS) == ["images|cancelled|2"]
    programs[0].run(CANCEL)
    assert programs[0].rows(COUNTS) == ["images|cancelled|3"]
    assert programs[0].rows("SELECT count(*) FROM job_tally_part") == ["2"]


def test_no_job_is_lost_that_one_of_eight_programs_ends(connect):
    owner = Contract(connect())
    owner.enqueue("images", [asin(number) for number in range(800)])

    def cancel(program):
        contract = Contract(connect())
        for number in range(program, 800, 8):
            contract.run(f"{CANCEL} AND product = %s", asin(number))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(cancel, range(8)))
    assert owner.rows(COUNTS) == ["images|cancelled|800"]
    assert int(owner.rows("SELECT count(*) FROM job_tally_part")[0]) <= 8


def test_at_repeatable_read_a_cancellation_after_another_one_is_a_serialization_failure(connect):
    first, second = Contract(connect()), Contract(connect())
    for number in range(3):
        first.add_job(asin(number))
    first.run(f"{CANCEL} AND product = %s", asin(0))
    second.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
    second.rows(COUNTS)
    first.run(f"{CANCEL} AND product = %s", asin(1))
    assert second.error(f"{CANCEL} AND product = %s", asin(2)).sqlstate == "40001"
