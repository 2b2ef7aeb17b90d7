"""Enqueue the rows of another database's table in one statement: python3 insert_select.py DATABASE OTHER"""

import pathlib
import sqlite3
import sys

asinqd, other = (pathlib.Path(path).absolute().as_uri() for path in sys.argv[1:])
db = sqlite3.connect(asinqd + "?mode=rw", uri=True, isolation_level=None)
db.execute("PRAGMA busy_timeout = 5000")
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("PRAGMA synchronous = FULL")
db.execute("ATTACH ? AS other", (other + "?mode=ro",))

(last,) = db.execute("SELECT ifnull(max(id), 0) FROM rejected").fetchone()
db.execute(
    "INSERT INTO inbox (endpoint, product, label)"
    " SELECT 'barcodes', asin, 'stock' FROM other.stock ORDER BY rowid"
)

for row in db.execute("SELECT endpoint, product, label FROM queue ORDER BY id"):
    print(*row)
for row in db.execute("SELECT product, reason FROM rejected WHERE id > ? ORDER BY id", (last,)):
    print(*row)
