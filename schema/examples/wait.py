"""Wait until no job under a label is open, then print its results: python3 wait.py DATABASE LABEL"""

import pathlib, sqlite3, sys, time

path, label = sys.argv[1:]
db = sqlite3.connect(pathlib.Path(path).absolute().as_uri() + "?mode=ro", uri=True)
db.execute("PRAGMA busy_timeout = 5000")
seen = None
while True:
    version = db.execute("PRAGMA data_version").fetchone()[0]
    if version != seen:
        seen = version
        (waiting,) = db.execute(
            "SELECT count(*) FROM queue WHERE label = ? AND state IN ('available', 'running')",
            (label,),
        ).fetchone()
        print("waiting for", waiting, flush=True)
        if waiting == 0:
            break
    time.sleep(0.05)
for product, state, found, body in db.execute(
    "SELECT product, state, found, body FROM queue LEFT JOIN result USING (endpoint, product)"
    " WHERE label = ? ORDER BY id",
    (label,),
):
    print(product, state, found, body)
