"""Rows that `schedule` and `schedule_product` refuse, one wrong column each, with the schema's message."""

import bad_rows

ENDPOINT = "schedule.endpoint must be a name in the table endpoint"
LABEL = "schedule.label must be a text of 1 to 100 characters"
ACCOUNT = (
    "schedule.account must be NULL or the name of an account of the endpoint's provider, see the table account"
)
EVERY_MS = "schedule.every_ms must be in milliseconds, from 3600000 (an hour) to 315360000000 (ten years)"
PRIORITY = "schedule.priority must be a whole number from 0 (first) to 9"
FLAGS = "schedule.is_all_known and is_paused must be 0 or 1"
CREATED_AT = (
    "schedule.created_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out"
)
LAST_REVISION = "schedule.last_revision belongs to asinqd: leave it out"
IDENTITY = (
    "schedule.id, endpoint, label, account and is_all_known never change: delete the schedule and insert another"
)
SCHEDULE_ID = "schedule_product.schedule_id must be the id of a row in schedule"
SCHEDULE_DELETED = "schedule_product.schedule_id must be the id of a schedule"
DUE_AT = "schedule_product.due_at must be in milliseconds since 1970, up to 253402300799999, or 0 for at once"
PRODUCT_IDENTITY = "schedule_product.schedule_id and product never change: delete the row and insert another"

SCHEDULE = {"endpoint": "images", "label": "catalog", "every_ms": 3600000}


def of_product(message):
    """The message of a rule for products, for a product of a schedule."""
    return message.replace("queue.product ", "schedule_product.product ")


def rows(column, message, *values, at="images"):
    return [({**SCHEDULE, "endpoint": at, column: value}, column, message) for value in values]


SCHEDULES = (
    rows("endpoint", ENDPOINT, None, "", "lookups", "Images", "images ", "іmages", 1)
    + rows("label", LABEL, None, "", "x" * 101, "é" * 101)
    + rows("account", ACCOUNT, "", "Second", "third", "upcitemdb", "second ")
    + rows("account", ACCOUNT, "second", "asinscope", at="search")
    + rows("every_ms", EVERY_MS, None, -1, 0, 3599999, 315360000001, 2**63 - 1, "3599999")
    + rows("priority", PRIORITY, None, -1, 10, "-1", 2**31 - 1)
    + rows("is_all_known", FLAGS, None, -1, 2)
    + rows("is_paused", FLAGS, None, -1, 2)
    + rows("created_at", CREATED_AT, None, -1, 253402300800000, 2**63 - 1)
    + rows("last_revision", LAST_REVISION, None, -1, 1)
)

SCHEDULES_TAKEN = [
    {**SCHEDULE, **values}
    for values in [
        {}, {"endpoint": "search"}, {"label": "x"}, {"label": "x" * 100}, {"label": "é" * 100}, {"label": 5},
        {"label": "\ufffe\U0010ffff"}, {"label": " x\n"}, {"account": None}, {"account": "second"},
        {"endpoint": "lookup", "account": "upcitemdb"}, {"every_ms": 315360000000}, {"every_ms": "3600000"},
        {"priority": 0}, {"priority": 9}, {"priority": "3"}, {"is_all_known": 1}, {"is_paused": 1},
        {"is_all_known": 1, "is_paused": 1}, {"created_at": 0}, {"created_at": 253402300799999},
        {"last_revision": 0},
    ]
]

# The endpoint, the column, its value, the message. Products are those of `queue`.
PRODUCTS = [
    (at, column, value, of_product(message))
    for at, column, value, message in bad_rows.ALL if column == "product"
] + [
    ("images", "due_at", value, DUE_AT) for value in [None, -1, "-1", 253402300800000, 2**63 - 1]
] + [
    ("images", "schedule_id", value, SCHEDULE_ID) for value in [None, 0, -1, 2**63 - 1]
]

PRODUCTS_TAKEN = [row for row in bad_rows.TAKEN if row[1] == "product"] + [
    ("images", "due_at", value) for value in [0, 1, "7", 253402300799999]
] + [("images", "job_id", value) for value in [None, 1]]
