"""The function asinqd.enqueue: a verdict for each product, within the caller's transaction."""

import datetime

import psycopg
import pytest

import bad_rows
from contract import QUEUE, Contract, asin

HOUR = datetime.timedelta(hours=1)
QUEUED = f"SELECT {QUEUE} FROM queue ORDER BY id"


def test_each_product_of_a_list_has_a_verdict_in_the_lists_order(contract):
    contract.add_job("B00NNUMI86", state="running")
    contract.add_result("B000000001", body="{}", fetched_at=contract.run("SELECT now_ms()").fetchone()[0])
    verdicts = contract.enqueue(
        "images", ["oops", "b0086ffhls", "B00NNUMI86", "B000000001", None, "B0086FFHLS ", "306406152"],
        label="spring", max_age=HOUR)
    assert verdicts == [
        f"oops|refused|{bad_rows.ASIN}", "B0086FFHLS|added|", "B00NNUMI86|open|", "B000000001|fresh|",
        f"|refused|{bad_rows.ASIN}", "B0086FFHLS|open|", "0306406152|added|"]
    assert contract.rows("SELECT product, label, state FROM queue ORDER BY id") == [
        "B00NNUMI86||running", "B0086FFHLS|spring|available", "0306406152|spring|available"]


def test_jobs_arrive_in_the_lists_order(contract):
    products = [asin(number * 7919 % 1000) for number in range(1000)]
    contract.enqueue("images", products)
    assert contract.rows("SELECT product FROM queue ORDER BY id") == products


def test_an_empty_list_and_none_have_no_verdict(contract):
    assert contract.enqueue("images", []) == [] and contract.enqueue("images", None) == []


def test_every_option_is_in_the_job(contract):
    contract.enqueue("search", ["red"], priority=0, label=" spring ", account="upcitemdb", pages=7)
    contract.enqueue("barcodes", ["B0086FFHLS"], then_lookup=datetime.timedelta(days=30),
                     not_before=datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc))
    contract.run("SELECT * FROM asinqd.enqueue('images', ARRAY['B0086FFHLS'], not_before => 'infinity')")
    assert contract.rows(QUEUED) == [
        "search|red|upcitemdb|0|spring|0|7|", "barcodes|B0086FFHLS||5||4102444800000|2|2592000000",
        "images|B0086FFHLS||5||253402300799999|2|"]
    assert contract.rows("SELECT (abs(enqueued_at - now_ms()) < 60000)::integer FROM queue") == ["1"] * 3


def test_null_means_an_options_default(contract):
    nothing = {name: None for name in ["label", "priority", "account", "not_before", "max_age", "pages", "then_lookup"]}
    assert contract.enqueue("images", ["B0086FFHLS"], **nothing) == ["B0086FFHLS|added|"]
    assert contract.rows(QUEUED) == ["images|B0086FFHLS||5||0|2|"]


@pytest.mark.parametrize(
    "endpoint, options, message",
    [
        (None, {}, bad_rows.ENDPOINT), ("nowhere", {}, bad_rows.ENDPOINT),
        ("images", {"priority": 10}, bad_rows.PRIORITY), ("images", {"priority": -1}, bad_rows.PRIORITY),
        ("images", {"priority": 2**63 - 1}, bad_rows.PRIORITY), ("images", {"label": "x" * 101}, bad_rows.LABEL),
        ("images", {"account": "third"}, bad_rows.ACCOUNT), ("images", {"account": "upcitemdb"}, bad_rows.ACCOUNT),
        ("images", {"pages": 3}, bad_rows.PAGES_ELSEWHERE), ("images", {"pages": 2**40}, bad_rows.PAGES),
        ("images", {"then_lookup": HOUR}, bad_rows.THEN_LOOKUP_ELSEWHERE),
        ("barcodes", {"then_lookup": -HOUR}, bad_rows.THEN_LOOKUP),
        ("barcodes", {"then_lookup": "9000 years"}, bad_rows.THEN_LOOKUP),
        ("images", {"not_before": "-infinity"}, bad_rows.NOT_BEFORE),
        ("images", {"not_before": "1969-12-31T23:59:59Z"}, bad_rows.NOT_BEFORE),
        ("images", {"not_before": "12000-01-01T00:00:00Z"}, bad_rows.NOT_BEFORE),
    ],
)
def test_a_wrong_option_refuses_each_product_and_raises_nothing(contract, endpoint, options, message):
    verdicts = contract.enqueue(endpoint, ["B0086FFHLS", "B00NNUMI86"], **options)
    assert verdicts == [f"B0086FFHLS|refused|{message}", f"B00NNUMI86|refused|{message}"]
    assert contract.rows(QUEUED) == []


def test_the_callers_transaction_continues_after_a_refusal_and_takes_the_jobs_with_it(connect):
    contract, other = Contract(connect()), connect()
    contract.run("CREATE TABLE public.article (asin text)")
    for end, count in [("ROLLBACK", "0"), ("COMMIT", "1")]:
        contract.run("BEGIN")
        contract.run("INSERT INTO public.article VALUES ('B0086FFHLS')")
        assert contract.enqueue("images", ["B0086FFHLS", "oops"])[1] == f"oops|refused|{bad_rows.ASIN}"
        contract.run("INSERT INTO public.article VALUES ('B00NNUMI86')")
        assert Contract(other).rows("SELECT count(*) FROM queue") == ["0"]
        contract.run(end)
        assert Contract(other).rows("SELECT count(*) FROM queue") == [count]
        assert contract.rows("SELECT count(*) FROM public.article") == [str(2 * int(count))]


def test_without_the_function_a_refused_row_aborts_the_transaction(connect):
    connection = connect()
    connection.execute("BEGIN")
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("INSERT INTO asinqd.queue (endpoint, product) VALUES ('images', 'oops')")
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        connection.execute("SELECT 1")


@pytest.mark.parametrize(
    "before, options, after",
    [
        ("priority = 5", {"priority": 3}, "3|0"), ("priority = 5", {"priority": 9}, "5|0"),
        ("not_before = FUTURE + 9", {"not_before": "FUTURE"}, "5|FUTURE"), ("not_before = FUTURE", {}, "5|0"),
        ("not_before = 7", {"not_before": "FUTURE"}, "5|7"), ("not_before = 7", {}, "5|7"),
        ("not_before = 253402300799999", {"priority": 0}, "0|253402300799999"),
        ("not_before = FUTURE, call_id = 1", {"priority": 0}, "0|FUTURE"),
    ],
)
def test_an_open_job_that_waits_becomes_as_urgent_as_asked(contract, before, options, after):
    future = 4102444800000
    contract.add_job()
    contract.run(f"UPDATE queue SET {before.replace('FUTURE', str(future))}")
    if "not_before" in options:
        options = {**options, "not_before": datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)}
    assert contract.enqueue("images", ["B0086FFHLS"], **options) == ["B0086FFHLS|open|"]
    assert contract.rows("SELECT priority, not_before FROM queue") == [after.replace("FUTURE", str(future))]


def test_an_open_job_gets_the_larger_number_of_pages_and_the_smaller_age_of_its_lookup(contract):
    for pages, expected in [(3, "3"), (2, "3"), (9, "9")]:
        contract.enqueue("search", ["red"], pages=pages)
        assert contract.rows("SELECT pages FROM queue WHERE endpoint = 'search'") == [expected]
    for age, expected in [(None, ""), (HOUR, "3600000"), (2 * HOUR, "3600000"), (0 * HOUR, "0"), (None, "0")]:
        contract.enqueue("barcodes", ["B0086FFHLS"], then_lookup=age)
        assert contract.rows("SELECT then_lookup FROM queue WHERE endpoint = 'barcodes'") == [expected]


def test_a_running_job_and_one_of_another_account_stay_as_they_are(contract):
    contract.add_job(state="running")
    contract.run("INSERT INTO queue (endpoint, product, account) VALUES ('images', 'B00NNUMI86', 'second')")
    contract.enqueue("images", ["B0086FFHLS", "B00NNUMI86"], priority=0)
    assert contract.rows("SELECT product, account, priority FROM queue ORDER BY id") == [
        "B0086FFHLS||5", "B00NNUMI86|second|5", "B00NNUMI86||0"]


def test_a_result_is_fresh_up_to_max_age_and_an_incomplete_search_never(contract):
    now = contract.run("SELECT now_ms()").fetchone()[0]
    contract.add_result("B000000001", body="{}", fetched_at=now - 3_500_000)
    contract.add_result("B000000002", body="{}", fetched_at=now - 3_700_000)
    contract.add_result("red", "search", "[]", fetched_at=now)
    assert contract.enqueue("images", [asin(1), asin(2)], max_age=HOUR) == ["B000000001|fresh|", "B000000002|added|"]
    assert contract.enqueue("images", [asin(1)]) == ["B000000001|added|"]
    assert contract.enqueue("search", ["red"], max_age=HOUR) == ["red|fresh|"]
    contract.add_job("red", "search")
    assert contract.enqueue("search", ["red"], max_age=HOUR, pages=5) == ["red|open|"]
    assert contract.rows("SELECT pages FROM queue WHERE endpoint = 'search'") == ["5"]


def test_an_open_job_whose_result_is_fresh_is_not_raised(contract):
    contract.add_result(body="{}", fetched_at=contract.run("SELECT now_ms()").fetchone()[0])
    contract.add_job()
    assert contract.enqueue("images", ["B0086FFHLS"], max_age=HOUR, priority=0) == ["B0086FFHLS|fresh|"]
    assert contract.rows("SELECT priority FROM queue") == ["5"]


def test_a_fresh_result_that_leads_to_a_code_adds_its_lookup_at_once(contract):
    now = contract.run("SELECT now_ms()").fetchone()[0]
    for number, ean in [(1, "4006381333931"), (2, "96385074"), (3, "none"), (4, "4006381333931")]:
        contract.add_result(asin(number), "barcodes", f'{{"ean":"{ean}"}}', fetched_at=now)
    contract.add_result("96385074", "lookup", "{}", fetched_at=now - 1000)
    products = [asin(number) for number in range(1, 6)]
    options = {"max_age": HOUR, "label": "spring", "priority": 2, "account": "second"}
    assert contract.enqueue("barcodes", products, **options, then_lookup=HOUR) == [
        f"{asin(number)}|fresh|" for number in range(1, 5)] + ["B000000005|added|"]
    assert contract.rows(f"{QUEUED.replace('ORDER', 'WHERE priority = 2 ORDER')}") == [
        "barcodes|B000000005|second|2|spring|0|2|3600000", "lookup|4006381333931||2|spring|0|2|"]
    contract.enqueue("barcodes", products, **options, then_lookup=0 * HOUR)
    assert contract.rows("SELECT product FROM queue WHERE endpoint = 'lookup' ORDER BY product") == [
        "4006381333931", "96385074"]


def test_twenty_thousand_products_take_no_longer_after_many_calls_with_one(contract):
    # From the sixth call on, PostgreSQL may use a plan that does not know how long the list is.
    for number in range(10):
        contract.enqueue("images", [asin(number)])
    contract.run("SET LOCAL statement_timeout = '10s'")
    products = [asin(number) for number in range(100, 20_100)]
    assert contract.enqueue("images", products) == [f"{product}|added|" for product in products]
    assert contract.enqueue("images", products) == [f"{product}|open|" for product in products]
    contract.enqueue("images", products, priority=1)
    assert contract.rows("SELECT count(*) FROM queue WHERE priority = 1") == ["20000"]


def test_in_a_read_only_transaction_it_fails_and_views_can_be_read(connect):
    contract = Contract(connect())
    contract.add_result(body='{"images":["u\\u0000"]}')
    contract.run("BEGIN READ ONLY")
    for view in ["image", "barcode", "code", "item", "offer", "chain", "inbox"]:
        contract.rows(f"SELECT * FROM {view}")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        contract.enqueue("images", ["B0086FFHLS"])
    contract.run("ROLLBACK")
