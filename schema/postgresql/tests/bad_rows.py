"""Rows that `queue` refuses, one wrong column each, with the schema's message. Both engines get all of them."""

ENDPOINT = "queue.endpoint must be a name in the table endpoint"
ASIN = (
    "queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10"
)
CODE = (
    "queue.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8"
)
CHECK_DIGIT = "queue.product has a wrong check digit, its last one: look for a mistyped digit"
QUERY = "queue.product must be a query: 1 to 256 characters, no blank first or last, no control characters"
PATTERN = "queue.product must match the product_pattern of its endpoint, see the table endpoint"
ACCOUNT = (
    "queue.account must be NULL or the name of an account of the endpoint's provider, see the table account"
)
STATE = "queue.state of a new row must be 'available': leave the column out"
PRIORITY = "queue.priority must be a whole number from 0 (first) to 9"
LABEL = "queue.label must be NULL or a text of 1 to 100 characters"
ENQUEUED_AT = (
    "queue.enqueued_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out"
)
NOT_BEFORE = "queue.not_before must be in milliseconds since 1970, up to 253402300799999, or 0 for at once"
BATCH_LIMIT = "queue.batch_limit must be a whole number from 1 to 100"
PAGES = "queue.pages must be a whole number from 1 to 100"
PAGES_ELSEWHERE = "queue.pages is only for an endpoint that has pages: leave the column out"
THEN_LOOKUP = "queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999"
THEN_LOOKUP_ELSEWHERE = (
    "queue.then_lookup is only for an endpoint that leads to another: leave the column out"
)
THEN_LOOKUP_CLOSED = (
    "queue.then_lookup can change only while the job is open, at an endpoint that leads to another"
)
FOREIGN = "queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out"
PAGES_DONE = "queue.pages_done and page_offset belong to asinqd: leave them out"
PAGES_DONE_CHANGED = "queue.pages_done and page_offset change only with a page that has come"
IDENTITY = "queue.id, endpoint, product and account never change: cancel the job and insert another"
STATE_CHANGED = (
    "queue.state cannot change in this way: only an available job can be cancelled, a completed one is final"
)
RUNNING_DELETED = "a running job cannot be deleted: its call is in progress"

GOOD = {"images": "B0086FFHLS", "barcodes": "B0086FFHLS", "lookup": "4006381333931", "search": "red shoes"}


def rows(column, message, *values, at="images"):
    return [(at, column, value, message) for value in values]


ALL = (
    rows("endpoint", ENDPOINT, None, "", "lookups", "Search", "Images", "images ", "image", "іmages", 1)
    + rows("product", ASIN, None, "", "B0086FFHL", "B0086FFHLSS", "b0086ffhls", "B0086FFHLs", " B0086FFHL")
    + rows("product", ASIN, "B0086FFHLS ", "B0086-FFHL", "B0086FFHLS\n", "B0086FFHLS\ufeff", "\nB0086FFHLS")
    # Look-alikes: Cyrillic Ve, full width B, Arabic-Indic digits, E with an accent.
    + rows("product", ASIN, "В0086FFHLS", "Ｂ0086FFHLS", "B٠٠٨٦FFHLS", "B0086FFHLÉ", "B0086FFHL\u0301")
    + rows("product", ASIN, "\u200bB0086FFHL", "03064061A2", "0B08600000", "080442957x", "030640615A")
    + rows("product", ASIN, "9780306406157", "631102001550", 306406152, "[A-Z]*****", "B0086?FFHL")
    + rows("product", ASIN, "**********", "A" * 19998, "B0086FFHL.", "B0086FFHL\\")
    + rows("state", STATE, None, "", "running", "completed", "discarded", "cancelled")
    + rows("state", STATE, "Available", "available ", "done")
    + rows("priority", PRIORITY, None, -1, 10, "-1", 2**31 - 1)
    + rows("label", LABEL, "", "x" * 101, "é" * 101)
    + rows("enqueued_at", ENQUEUED_AT, None, -1, 253402300800000, 2**63 - 1)
    + rows("not_before", NOT_BEFORE, None, -1, 253402300800000, 2**63 - 1)
    + rows("batch_limit", BATCH_LIMIT, None, 0, -1, 101)
    + rows("pages", PAGES, None, 0, -1, 101)
    + rows("pages", PAGES_ELSEWHERE, 1, 3, 100, "7")
    + rows("account", ACCOUNT, "", "Second", "third", "upcitemdb", "second ")
    + rows("pages_done", PAGES_DONE, None, 1, -1)
    + rows("page_offset", PAGES_DONE, None, 1, -1, 10)
    + rows("then_lookup", THEN_LOOKUP_ELSEWHERE, 0, 1, -1)
    + rows("failures", FOREIGN, None, 1, -1)
    + rows("snoozes", FOREIGN, None, 1, -1)
    + rows("call_id", FOREIGN, 0, 1, -1)
    + rows("finished_at", FOREIGN, 0, 7)
    + rows("error", FOREIGN, "", "timeout")
    + rows("product", CODE, None, "", "B0086FFHLS", "9780306406157x", at="lookup")
    # A UPC-A without its 0, one digit too few or too many.
    + rows("product", CODE, "631102001550", 631102001550, "400638133393", "9638507", "963850748", at="lookup")
    + rows("product", CODE, "200082369142250", "04006381333931", "00000096385074", "0", at="lookup")
    + rows("product", CODE, " 4006381333931", "4006381333931 ", "-6385074", "9638.074", at="lookup")
    + rows("product", CODE, "4006381333931\n", "٩٦٣٨٥٠٧٤", "９６３８５０７٤", "9" * 30, at="lookup")
    + rows("product", CHECK_DIGIT, "4006381333932", "96385075", 96385073, "20008236914226", at="lookup")
    + rows("product", CHECK_DIGIT, "4006381339331", "04252614", at="lookup")
    # An ISBN-10 is no ISBN-13.
    + rows("product", CODE, "0306406152", at="lookup")
    + rows("product", QUERY, None, "", " ", " x", "x ", "\t", "A" * 257, at="search")
    + [
        row
        for blank in [160, 5760, 8192, 8202, 8232, 8233, 8239, 8287, 12288]
        for row in rows("product", QUERY, chr(blank) + "x", "x" + chr(blank), at="search")
    ]
    + [
        row
        for control in [1, 9, 10, 13, 31, 127, 128, 133, 159]
        for row in rows("product", QUERY, f"x{chr(control)}y", "x" + chr(control), at="search")
    ]
    + rows("then_lookup", THEN_LOOKUP, -1, 253402300800000, "-1", at="barcodes")
    + rows("then_lookup", THEN_LOOKUP_ELSEWHERE, 0, 86400000, at="lookup")
    + rows("then_lookup", THEN_LOOKUP_ELSEWHERE, 0, 86400000, at="search")
    + rows("pages", PAGES, None, 0, 101, at="search")
    + rows("pages", PAGES_ELSEWHERE, 1, at="barcodes")
    + rows("pages", PAGES_ELSEWHERE, 5, at="lookup")
    + rows("account", ACCOUNT, "second", "asinscope", at="search")
)

# Values at the limits, which are taken.
TAKEN = (
    [
        ("images", column, value)
        for column, value in [
            ("endpoint", "barcodes"), ("product", "ZZZZZZZZZZ"), ("product", "A000000000"),
            ("product", "BT00LLINKI"), ("product", "0306406152"), ("product", "080442957X"),
            ("product", 1234567890), ("state", "available"), ("priority", 0), ("priority", 9),
            ("priority", "3"), ("priority", 4.0), ("label", None), ("label", "x"), ("label", "x" * 100),
            ("label", "é" * 100), ("label", 5), ("enqueued_at", 0), ("enqueued_at", 253402300799999),
            ("not_before", 0), ("not_before", 253402300799999), ("batch_limit", 1), ("batch_limit", 100),
            ("failures", 0), ("call_id", None), ("error", None), ("pages", 2), ("account", None),
            ("account", "second"), ("account", "asinscope"), ("pages_done", 0), ("page_offset", 0),
            ("then_lookup", None), ("label", "\ufffe\U0010ffff"),
        ]
    ]
    + [("lookup", "product", value) for value in
       ["96385074", 96385074, "0631102001550", "20008236914225", "9780306406157"]]
    + [("search", "product", value) for value in
       ["x", "A" * 256, "é\u0301", "鞋" * 256, "it's \"red\", [a-z]* 100%", "a\u00a0b", 42, "\u200bx", "a\\b"]]
    + [("search", "pages", 1), ("search", "pages", 100), ("search", "pages", "7"), ("search", "account", "upcitemdb")]
    + [("barcodes", "then_lookup", value) for value in [0, None, 253402300799999, "5"]]
)
