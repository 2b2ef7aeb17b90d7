"""Results, their revisions, and the views on them, compared with SQLite's."""

import json

import pytest

from contract import Contract, asin, code

VIEWS = ["image", "barcode", "code", "item", "offer", "chain"]
ATTRIBUTES = [
    "ean", "title", "upc", "gtin", "elid", "description", "brand", "model", "color", "size", "dimension", "weight",
    "category", "currency", "lowest_recorded_price", "highest_recorded_price", "images", "user_data",
]
PEN = {
    "ean": "4006381333931", "title": "Pen", "brand": "Stabilo", "model": "M1", "category": "Office",
    "offers": [
        {"merchant": "Abt", "domain": "abt.com", "title": "A pen", "currency": "", "list_price": "", "price": 9.99,
         "shipping": "Free Shipping", "condition": "New", "availability": "", "link": "https://a",
         "updated_t": 1500000000},
        {"merchant": "Bcd", "list_price": 12, "price": 7.5, "condition": "Used", "availability": "Out of Stock"},
        7, None, [], "x", {"price": "12.50", "list_price": "n/a", "updated_t": "1500000000.7"},
        {"price": "1,000", "list_price": {}, "updated_t": "soon"}, {"price": "5 USD", "list_price": 1e3},
    ],
}


def compact(value):
    return value if isinstance(value, str) or value is None else json.dumps(value, separators=(",", ":"))


def expect_the_same(contract, lite, results):
    """Every view has the same rows on both engines for results of (product, endpoint, body, found)."""
    for product, endpoint, body, found in results:
        for engine in [contract, lite]:
            engine.add_result(product, endpoint, compact(body), found)
    for view in VIEWS:
        lines = [sorted(engine.rows(f"SELECT * FROM {view}")) for engine in [contract, lite]]
        assert lines[0] == lines[1], view


@pytest.mark.parametrize(
    "body, expected",
    [
        ('{"title":"T","images":["u","v"]}', ["T|1|u", "T|2|v"]), ('{"title":"T","images":[]}', ["T||"]),
        ('{"title":"T","images":null}', ["T||"]), ('{"title":"T"}', ["T||"]),
        ('{"title":null,"images":["u"]}', ["|1|u"]), ('{"images":["u"]}', ["|1|u"]),
        ('{"title":"T","images":["u",null,7,"v"]}', ["T|1|u", "T|4|v"]),
        ('{"new":{"deep":[1]},"images":["u"],"title":"T"}', ["T|1|u"]),
        ("{}", ["||"]), ("[]", ["||"]), ('"x"', ["||"]), ("null", ["||"]),
    ],
)
def test_an_image_row_is_an_image_and_a_product_without_any_has_one_row(contract, body, expected):
    contract.add_result(body=body)
    assert contract.rows("SELECT title, position, url FROM image ORDER BY position") == expected
    assert contract.rows("SELECT DISTINCT asin FROM image") == ["B0086FFHLS"]


@pytest.mark.parametrize(
    "body, expected",
    [
        ('{"title":"T","upc":"1","ean":"2","upcList":["1","3"],"eanList":["2"]}', 'T|1|2|["1","3"]|["2"]'),
        ('{"title":"T","upc":null,"ean":null,"upcList":["1"],"eanList":[]}', 'T|||["1"]|[]'),
        ('{"title":"T","upc":"1","upcList":null,"eanList":null}', "T|1|||"),
        ('{"title":"T","gtin":"9","upc":"012345678905"}', "T|012345678905|||"), ("{}", "||||"), ("[]", "||||"),
    ],
)
def test_a_barcode_row_is_a_product_its_lists_as_json(contract, body, expected):
    contract.add_result(endpoint="barcodes", body=body)
    assert contract.rows("SELECT title, upc, ean, upc_list, ean_list FROM barcode") == [expected]


def test_an_item_has_every_attribute_of_the_providers_page(contract, lite):
    body = {name: f"the {name}" for name in ATTRIBUTES}
    body |= {"lowest_recorded_price": 7.25, "highest_recorded_price": 12, "images": ["u", "v"]}
    expect_the_same(contract, lite, [
        ("4006381333931", "lookup", body, 1), ("pen", "search", [{}, body, 7, "x", None, [], {"ean": "3"}], 1)])
    (row,) = contract.rows(f"SELECT position, {', '.join(ATTRIBUTES)} FROM item WHERE endpoint = 'lookup'")
    assert row == "1|" + "|".join(compact(value) if isinstance(value, list) else str(value) for value in body.values())


def test_offers_and_the_chain_from_the_asin_to_each_of_them_are_those_of_sqlite(contract, lite):
    expect_the_same(contract, lite, [
        ("B000000001", "barcodes", None, 0), ("B000000002", "barcodes", {"title": "No code"}, 1),
        ("B000000003", "barcodes", {"title": "New", "ean": "96385074"}, 1),
        ("B000000004", "barcodes", {"title": "Odd", "upc": "631102001550"}, 1),
        ("0631102001550", "lookup", {"title": "no"}, 0),
        ("B000000005", "barcodes", {"title": "Dear", "ean": "9780306406157"}, 1),
        ("9780306406157", "lookup", {"ean": "9780306406157", "offers": []}, 1),
        ("B000000006", "barcodes", {"title": "Pen", "ean": "4006381333931"}, 1),
        ("4006381333931", "lookup", PEN, 1), ("pen", "search", [{}, PEN], 1),
        ("B000000007", "barcodes", {"title": "x", "ean": "4006381333931"}, 0),
    ])
    assert len(contract.rows("SELECT * FROM chain")) == 11


def test_the_code_that_barcodes_lead_to_is_that_of_sqlite(contract, lite):
    right, wrong = "4006381333931", "4006381333932"
    texts = ["0885909456017", "885909456017", "96385074", "20008236914225", "00885909456017", "04006381333931",
             "885909456010", "12345", "", "B0086FFHLS", " 885909456017", "00000000", "٨٨٥٩٠٩٤٥٦٠١٧", right, wrong]
    bodies = [{"ean": text} for text in texts] + [{"upc": text} for text in texts]
    bodies += [{"ean": wrong, "upc": text} for text in texts]
    bodies += [{"eanList": [wrong, 7, None, [right], text]} for text in texts]
    bodies += [{"upcList": ["885909456017"], "eanList": [text, right]} for text in texts]
    bodies += [{"ean": 4006381333931}, {"ean": [right]}, {"eanList": right}, {"eanList": {"0": right}},
               {"x": {"ean": right}}, {"eanList": [], "upcList": ["x", right]}, [], '"x"', 7]
    bodies += ['{"ean" : "\\u0034006381333931"}', '{ "eanList" :\n["x","96385074"] }']
    expect_the_same(contract, lite, [(asin(number), "barcodes", body, 1) for number, body in enumerate(bodies)])
    assert len(contract.rows("SELECT * FROM code")) > 30


@pytest.mark.parametrize(
    "value",
    ["null", "7", "-1.5", "true", "[]", "{}", '""', '"12.50"', '"abc"', "[[1]]", '{"a":[1]}', '[null,7,"x",[],{}]',
     '[{"merchant":{"a":1},"price":"free","updated_t":"soon"}]', "1e999", "1e-999", "1e99999", "9" * 5000,
     '"99999999999999999999999999999999999999999999999999"', '"\\u0000"', '"\\ud83d"', '"\\ude00 \\ud83d\\ude00"',
     '"a\\\\u0000 \\\\\\u0000"', '"\\\\ud83d\\ude00"'],
)
def test_a_field_of_another_type_or_none_makes_no_view_fail(contract, value):
    fields = ", ".join(f'"{name}" : {value}' for name in ATTRIBUTES + ["offers", "eanList", "upcList"])
    thing = "{" + fields + "}"
    for number, body in enumerate([value, thing, f"[{value}]", f"[{thing},{value}]", f'{{"items":{value}}}',
                                   f'{{"offers":[{{"price":{value},"updated_t":{value},"merchant":{value}}}]}}']):
        for endpoint, product in [("images", "i"), ("lookup", "l"), ("search", "s"), ("barcodes", "b")]:
            contract.add_result(f"{product}{number}", endpoint, body)
    # A code that leads to an odd lookup.
    contract.add_result("B000000001", "barcodes", '{"ean":"4006381333931"}')
    contract.add_result("4006381333931", "lookup", thing)
    for view in VIEWS:
        contract.rows(f"SELECT * FROM {view}")
        columns = contract.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'asinqd' AND table_name = %s", view)
        for column in columns:
            contract.rows(f"SELECT count(*) FROM {view} WHERE {column}::text = '1' OR {column} IS NULL")


def test_a_nul_and_half_a_surrogate_pair_become_a_replacement_character_in_views_alone(contract):
    body = r'{"title":"a\u0000\u0000b \\u0000 \\\u0000 \ud83d\ude00 \ud83d \ude00 \\ud83d\ude00 \uD83DX","images":["\u0000u"]}'
    contract.add_result(body=body)
    bad = "\ufffd"
    assert contract.rows("SELECT title, url FROM image") == [
        f"a{bad}{bad}b \\u0000 \\{bad} \U0001f600 {bad} {bad} \\ud83d{bad} {bad}X|{bad}u"]
    assert contract.rows("SELECT body FROM result") == [body]


def test_a_view_shows_only_what_was_found_at_its_own_endpoint(contract):
    for endpoint in ["images", "barcodes", "lookup", "search"]:
        for found in range(2):
            contract.add_result(f"{endpoint}{found}", endpoint, '{"offers":[{}],"ean":"96385074"}', found)
    for view, expected in [("image", ["images1"]), ("barcode", ["barcodes1"]), ("code", ["barcodes1"])]:
        assert contract.rows(f"SELECT asin FROM {view}") == expected
    for view in ["item", "offer"]:
        assert contract.rows(f"SELECT product FROM {view} ORDER BY 1") == ["lookup1", "search1"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_cannot_be_written_to(contract, view):
    assert contract.refusal(f"DELETE FROM {view}") == f'cannot delete from view "{view}"'


@pytest.mark.parametrize(
    "values, part",
    [
        ("'', 'B0086FFHLS', 1, '{}', 5, 1", "result.endpoint"), ("NULL, 'B0086FFHLS', 1, '{}', 5, 1", "endpoint"),
        ("'images', NULL, 1, '{}', 5, 1", "product"), ("'images', 'B0086FFHLS', 2, '{}', 5, 1", "result.found"),
        ("'images', 'B0086FFHLS', NULL, '{}', 5, 1", "found"), ("'images', 'B0086FFHLS', 1, '{', 5, 1", "json"),
        ("'images', 'B0086FFHLS', 0, '', 5, 1", "json"),
        ("'images', 'B0086FFHLS', 1, NULL, 5, 1", "result.body is set where found is 1"),
        ("'images', 'B0086FFHLS', 1, '{}', NULL, 1", "fetched_at"),
        ("'images', 'B0086FFHLS', 1, '{}', 5, NULL", "call_id"),
        ("'images', 'B0086FFHLS', 1, '{}', 'today', 1", "bigint"),
    ],
)
def test_an_impossible_result_is_refused(contract, values, part):
    refusal = contract.refusal(
        f"INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES ({values})")
    assert part in refusal


def test_a_product_has_one_result_at_an_endpoint(contract):
    contract.add_result(body="{}")
    columns = "endpoint, product, found, body, fetched_at, call_id"
    error = contract.error(f"INSERT INTO result ({columns}) SELECT {columns} FROM result")
    assert error.diag.constraint_name == "result_product"


REPLACE = (
    "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)"
    " VALUES ('images', 'B000000001', 1, '{}', 9, 9)"
)
REVISED = [
    "UPDATE result SET found = 0 WHERE product = 'B000000001'",
    "UPDATE result SET fetched_at = fetched_at WHERE product = 'B000000001'",
    "UPDATE result SET revision = DEFAULT WHERE product = 'B000000001'",
    "UPDATE result SET found = 1",
    REPLACE + " ON CONFLICT (endpoint, product) DO UPDATE SET body = excluded.body",
    "DELETE FROM result WHERE product = 'B000000001'; " + REPLACE,
]


def test_each_way_to_change_a_result_gives_it_a_revision_that_is_higher_than_all_earlier_ones(contract):
    for product in ["B000000001", "B000000002"]:
        contract.add_result(product, body="{}")
    for _ in range(2):
        for change in REVISED:
            highest = contract.run("SELECT max(revision) FROM result").fetchone()[0]
            contract.run(change)
            revisions = contract.run("SELECT revision FROM result WHERE product = 'B000000001'").fetchall()
            assert len(revisions) == 1 and revisions[0][0] > highest, change
    assert contract.rows("SELECT count(*) FROM result") == ["2"]


def test_a_writer_cannot_choose_a_revision(contract):
    contract.add_result(body="{}")
    insert = "INSERT INTO result (revision, endpoint, product, found, body, fetched_at, call_id)"
    error = contract.error(f"{insert} VALUES (99, 'images', 'B000000002', 1, '{{}}', 9, 9)")
    assert error.sqlstate == "428C9"
    assert contract.error("UPDATE result SET revision = 1").sqlstate == "428C9"


def test_a_revision_is_not_reused_after_its_row_is_deleted(contract):
    contract.add_result("B000000001", body="{}")
    highest = contract.run("DELETE FROM result RETURNING revision").fetchone()[0]
    contract.add_result("B000000002", body="{}")
    assert contract.run("SELECT revision FROM result").fetchone()[0] > highest


def test_the_body_keeps_the_providers_text(contract):
    body = '{ "b": 1.50,\n "a": "\\u00e9", "b": 2 }'
    contract.add_result(body=body)
    assert contract.rows("SELECT body FROM result") == [body]


def test_items_are_found_by_product_through_the_index(contract):
    for number in range(200):
        contract.add_result(code(number), "lookup", compact(PEN))
        contract.add_result(asin(number), "barcodes", compact({"ean": code(number)}))
    contract.run("ANALYZE result")
    for select in ["FROM item WHERE endpoint = 'lookup' AND product = '4006381333931'",
                   "FROM offer WHERE endpoint = 'lookup' AND product = '4006381333931'",
                   "FROM code WHERE asin = 'B000000001'", "FROM chain WHERE asin = 'B000000001'",
                   "FROM image WHERE asin = 'B000000001'"]:
        plan = "\n".join(contract.rows(f"EXPLAIN SELECT * {select}"))
        assert "result_product" in plan and "Seq Scan" not in plan, plan
