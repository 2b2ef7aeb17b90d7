"""Enqueue the rows of a table with pandas: python3 pandas_inbox.py DATABASE"""

import pathlib
import sqlite3
import sys

import pandas

# mode=rw: a missing file is an error, not a new one.
uri = pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=rw"
db = sqlite3.connect(uri, uri=True)
db.execute("PRAGMA busy_timeout = 5000")
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("PRAGMA synchronous = FULL")

asins = pandas.DataFrame({"product": ["B0086FFHLS", "b00nnumi86", "B0086FFHLS", "b00-oops"]})
asins["endpoint"] = "images"
asins["label"] = "spring"

# Codes that are read as numbers lose their zeros, and the gap makes all of them REAL.
codes = pandas.DataFrame({"product": [631102001550, None, 36000291452], "priority": [1, 1, None]})
codes["endpoint"] = "lookup"

(last,) = db.execute("SELECT ifnull(max(id), 0) FROM rejected").fetchone()
for rows in (asins, codes):
    rows.to_sql("inbox", db, if_exists="append", index=False)

print(pandas.read_sql("SELECT endpoint, product, priority, label FROM queue", db).to_csv(index=False))
print(pandas.read_sql(f"SELECT product, reason FROM rejected WHERE id > {last}", db).to_csv(index=False))
