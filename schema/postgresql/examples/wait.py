"""Wait until no job with a label is open, then print its results: python3 wait.py postgresql://HOST/DATABASE LABEL"""

import sys

import psycopg

url, label = sys.argv[1:]
# A pooler that gives each transaction another session does not deliver notifications: connect to the server itself.
with psycopg.connect(url, autocommit=True) as db:
    db.execute("LISTEN asinqd_result")
    while True:
        (waiting,) = db.execute(
            "SELECT count(*) FROM asinqd.queue WHERE label = %s AND state IN ('available', 'running')",
            (label,),
        ).fetchone()
        print("waiting for", waiting, flush=True)
        if waiting == 0:
            break
        # Returns at the next stored result. Cancelled jobs and dead letters have none, so look each second as well.
        for _ in db.notifies(timeout=1, stop_after=1):
            pass
    for row in db.execute(
        "SELECT product, state, found, body::text FROM asinqd.queue LEFT JOIN asinqd.result USING (endpoint, product)"
        " WHERE label = %s ORDER BY queue.id",
        (label,),
    ):
        print(*row)
