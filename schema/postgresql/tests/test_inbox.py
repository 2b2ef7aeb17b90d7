"""The view inbox, compared with SQLite's row by row: what is taken, how it is spelled, and what is set aside."""

import random

import pytest

import bad_rows
from contract import QUEUE, Contract

QUEUED = f"SELECT {QUEUE} FROM queue ORDER BY id"
FILED = "SELECT endpoint, product, reason FROM rejected ORDER BY id"


def expect_the_same(contract, lite, rows):
    """Inserts rows of (endpoint, product, more columns) into both inboxes."""
    for row in rows:
        assert lite.insert("inbox", row) is None, row
        assert contract.insert("inbox", row) is None, row
        for question in [QUEUED, FILED]:
            assert contract.rows(question) == lite.rows(question), row
        for engine in [contract, lite]:
            engine.run("DELETE FROM rejected")
            engine.run("DELETE FROM queue")


def test_its_columns_are_those_that_a_program_may_insert(contract):
    columns = contract.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = 'inbox'"
        " ORDER BY ordinal_position"
    )
    assert ", ".join(columns) == QUEUE


def test_a_row_that_queue_refuses_is_converted_or_filed_as_in_sqlite(contract, lite):
    names = QUEUE.split(", ")
    expect_the_same(contract, lite, [
        {"endpoint": endpoint, "product": bad_rows.GOOD[endpoint], column: value}
        for endpoint, column, value, _ in bad_rows.ALL if column in names
    ])


def test_a_row_that_queue_takes_is_taken_as_in_sqlite(contract, lite):
    names = QUEUE.split(", ")
    expect_the_same(contract, lite, [
        {"endpoint": endpoint, "product": bad_rows.GOOD[endpoint], column: value}
        for endpoint, column, value in bad_rows.TAKEN if column in names
    ])


@pytest.mark.parametrize(
    "endpoint, given, expected",
    [
        ("images", "b0086ffhls", "B0086FFHLS"), ("images", "\t\u00a0B0086FFHLS ", "B0086FFHLS"),
        ("images", "bt00llinki\r\n", "BT00LLINKI"),
        # ISBN-10: 0-306-40615-2, 0-8044-2957-X and 0-00-735078-3.
        ("images", 306406152, "0306406152"), ("images", 306406152.0, "0306406152"),
        ("barcodes", "306406152", "0306406152"), ("images", "80442957x", "080442957X"),
        ("images", 7350783, "0007350783"), ("images", "0306406152", "0306406152"),
        ("images", 1234567890, "1234567890"),
        ("lookup", 4006381333931, "4006381333931"), ("lookup", 4006381333931.0, "4006381333931"),
        ("lookup", 631102001550, "0631102001550"), ("lookup", "631102001550", "0631102001550"),
        ("lookup", 36000291452, "0036000291452"), ("lookup", "36000291452", "0036000291452"),
        ("lookup", 36000291452.0, "0036000291452"), ("lookup", 1234567000, "0001234567000"),
        ("lookup", 96385074, "96385074"), ("lookup", 1234565, "01234565"),
        ("lookup", "04006381333931", "4006381333931"), ("lookup", 20008236914225, "20008236914225"),
        ("search", "  red shoes\n", "red shoes"), ("search", 42, "42"), ("search", 42.0, "42"),
        ("search", "Red", "Red"),
        # No zero is added unless the check digit proves it.
        ("images", 306406153, None), ("images", "80442957", None), ("images", 306406, None),
        ("images", "30640615 2", None), ("images", 8044296, None), ("lookup", 36000291453, None),
        ("lookup", 631102001551, None), ("lookup", 96385075, None), ("lookup", 123456, None),
        ("lookup", 1234566, None), ("lookup", 0, None), ("lookup", -36000291452, None),
        # Right as an ISBN-10 too, which is another product: 1-234-56797-0.
        ("lookup", 1234567970, None), ("lookup", 100000061, None), ("lookup", 4006381333931.5, None),
    ],
)
def test_a_product_loses_its_blanks_gets_capitals_and_regains_its_lost_zeros(
    contract, lite, endpoint, given, expected
):
    row = {"endpoint": endpoint, "product": given}
    expect_the_same(contract, lite, [row])
    contract.insert("inbox", row)
    assert contract.rows("SELECT product FROM queue") == ([] if expected is None else [expected])
    assert len(contract.rows(FILED)) == (1 if expected is None else 0)


def test_a_number_with_an_exponent_is_filed_as_the_server_writes_it(contract):
    contract.insert("inbox", {"endpoint": "lookup", "product": 4e30})
    assert contract.rows(FILED) == [f"lookup|4e+30|{bad_rows.CODE}"]


def test_a_number_of_postgresqls_own_type_regains_its_zeros_too(contract):
    contract.run("INSERT INTO inbox (endpoint, product, priority) VALUES ('images', 306406152.0, 3.00)")
    assert contract.rows("SELECT product, priority FROM queue") == ["0306406152|3"]


@pytest.mark.parametrize("column", ["priority", "not_before", "pages", "then_lookup"])
def test_a_number_may_be_a_text_and_no_number_is_filed(contract, lite, column):
    base = {"endpoint": "search", "product": "red"}
    if column == "then_lookup":
        base = {"endpoint": "barcodes", "product": "B0086FFHLS"}
    # "1e15" as a text is a text; the double is a number.
    given = [3.0, " 3", "7", 2.5, "high", "3 or 4", 1e15, 1e300, "2.0.1", "", None, "1e15", -1, "9" * 30, 1.7e12]
    expect_the_same(contract, lite, [{**base, column: value} for value in given])


def test_an_open_product_is_skipped_and_one_of_another_account_is_not(contract, lite):
    for state in ["available", "running"]:
        for engine in [contract, lite]:
            engine.add_job(f"B{state.upper():0<9.9}", state=state)
            for account in [None, "second", " second", "", "asinscope"]:
                engine.insert("inbox", {
                    "endpoint": "images", "product": f"b{state:0<9.9}", "account": account})
    assert contract.rows("SELECT endpoint, product, account, state FROM queue ORDER BY product, id") == lite.rows(
        "SELECT endpoint, product, account, state FROM queue ORDER BY product, id")
    assert contract.rows(FILED) == []


def test_a_bad_row_among_others_of_one_statement_does_not_exclude_them(contract):
    contract.run(
        "INSERT INTO inbox (endpoint, product, label) SELECT 'images', asin, 'spring'"
        " FROM (VALUES ('B0086FFHLS'), ('oops'), (NULL), ('b00nnumi86'), ('B0086FFHLS')) AS stock (asin)"
    )
    assert contract.rows("SELECT product, label FROM queue ORDER BY id") == ["B0086FFHLS|spring", "B00NNUMI86|spring"]
    assert contract.rows(FILED) == [f"images|oops|{bad_rows.ASIN}", f"images||{bad_rows.ASIN}"]


def test_a_rejected_row_is_kept_as_it_was_given_up_to_256_characters(contract, lite):
    expect_the_same(contract, lite, [
        {"endpoint": endpoint, "product": product}
        for endpoint, product in [("images", " b00-oops "), ("images", 7), ("images", "é" * 500), (None, "x"), ("é" * 300, 5)]
    ])


def test_it_shows_the_waiting_jobs_as_texts_and_cannot_be_changed(contract):
    for state in ["available", "running", "completed"]:
        contract.add_job(f"B{state.upper():0<9.9}", state=state)
    assert contract.rows("SELECT * FROM inbox") == ["images|BAVAILABLE||5||0|2|"]
    for change in ["DELETE FROM inbox", "UPDATE inbox SET label = 'x'"]:
        assert contract.refusal(change) == "cannot modify inbox because it is a view"


def test_random_rows_end_as_in_sqlite(contract, lite):
    dice = random.Random(7)
    alphabet = "0123456789" * 6 + "Xxb B\u00a0-.\té"
    products = []
    for _ in range(1500):
        length = dice.choice([1, 7, 8, 9, 9, 10, 10, 11, 12, 13, 13, 14, 15])
        products.append("".join(dice.choice(alphabet[:60] if dice.random() < 0.8 else alphabet) for _ in range(length)))
    # One in ten and one in eleven is right: so all last digits of some.
    for stem in ["3600029145", "63110200155", "123456", "30640615", "735078", "8044295", "0400638133393", "123456797"]:
        products += [stem + last for last in "0123456789X"]
    rows = [{"endpoint": dice.choice(list(bad_rows.GOOD)), "product": product} for product in products]
    for row in rows:
        for engine in [contract, lite]:
            assert engine.insert("inbox", row) is None
    key = "endpoint, product"
    assert contract.rows(f"SELECT {key} FROM queue ORDER BY {key}") == lite.rows(f"SELECT {key} FROM queue ORDER BY {key}")
    assert contract.rows(FILED) == lite.rows(FILED)
    assert len(contract.rows("SELECT * FROM queue WHERE endpoint <> 'search'")) > 100


def test_enqueue_judges_each_product_as_the_inbox_does(contract, lite):
    dice = random.Random(11)
    for endpoint in bad_rows.GOOD:
        products = [
            "".join(dice.choice("0123456789" * 3 + "bX ") for _ in range(dice.choice([8, 9, 10, 12, 13, 14])))
            for _ in range(300)
        ] + [row[2] for row in bad_rows.ALL if row[1] == "product" and not isinstance(row[2], int)]
        verdicts = contract.enqueue(endpoint, products)
        for product, verdict in zip(products, verdicts, strict=True):
            lite.run("DELETE FROM rejected")
            lite.run("DELETE FROM queue")
            assert lite.insert("inbox", {"endpoint": endpoint, "product": product}) is None
            reasons = lite.rows("SELECT reason FROM rejected")
            if reasons:
                assert verdict == f"{product or ''}|refused|{reasons[0]}"
            else:
                (spelled,) = lite.rows("SELECT product FROM queue")
                assert verdict in [f"{spelled}|added|", f"{spelled}|open|"]
