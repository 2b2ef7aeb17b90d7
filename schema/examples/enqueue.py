"""Enqueue a list, then read jobs and results: python3 enqueue.py DATABASE"""

import pathlib, sqlite3, sys

PRODUCTS = ["B0086FFHLS", "B00NNUMI86", "B0086FFHLS", "b00-oops"]

# mode=rw: a missing file is an error, not a new one. isolation_level=None: this program sends BEGIN itself.
uri = pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=rw"
db = sqlite3.connect(uri, uri=True, isolation_level=None)
db.execute("PRAGMA busy_timeout = 5000")
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("PRAGMA synchronous = FULL")

with db:  # COMMIT at its end, ROLLBACK if an exception leaves it
    db.execute("BEGIN IMMEDIATE")
    for product in PRODUCTS:
        try:
            added = db.execute(
                "INSERT OR IGNORE INTO queue (endpoint, product, label)"
                " VALUES ('images', ?, 'spring')",
                (product,),
            ).rowcount
            print(product, "added" if added else "already open")
        except sqlite3.IntegrityError as error:
            print(product, "refused:", error)
    db.execute(
        "INSERT OR IGNORE INTO queue (endpoint, product, label)"
        " VALUES ('lookup', '0631102001550', 'spring')"
    )
    db.execute(
        "INSERT OR IGNORE INTO queue (endpoint, product, pages, label)"
        " VALUES ('search', 'monster vent', 5, 'spring')"
    )
    db.execute(
        "INSERT OR IGNORE INTO queue (endpoint, product, then_lookup, label)"
        " VALUES ('barcodes', 'B0086FFHLS', 30 * 86400000, 'spring')"
    )

for row in db.execute("SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id"):
    print(*row)
for row in db.execute(
    "SELECT asin, position, url FROM queue JOIN image ON asin = product"
    " WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position"
):
    print(*row)
for row in db.execute(
    "SELECT merchant, price, currency FROM offer"
    " WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position"
):
    print(*row)
for row in db.execute(
    "SELECT asin, code, merchant, price, currency FROM chain"
    " WHERE asin = 'B0086FFHLS' ORDER BY position"
):
    print(*row)
