"""Enqueue a list, then read jobs and results: python3 enqueue.py postgresql://HOST/DATABASE"""

import datetime, sys

import psycopg

PRODUCTS = ["B0086FFHLS", "B00NNUMI86", "B0086FFHLS", "b00-oops"]

with psycopg.connect(sys.argv[1]) as db:  # COMMIT at its end, ROLLBACK if an exception leaves it
    for product, outcome, message in db.execute(
        "SELECT product, outcome, message FROM asinqd.enqueue('images', %s, label => 'spring')",
        (PRODUCTS,),
    ):
        print(product, outcome, message or "")
    db.execute("SELECT asinqd.enqueue('lookup', ARRAY['631102001550'], label => 'spring')")
    db.execute("SELECT asinqd.enqueue('search', ARRAY['monster vent'], pages => 5, label => 'spring')")
    db.execute(
        "SELECT asinqd.enqueue('barcodes', ARRAY['B0086FFHLS'], then_lookup => %s, label => 'spring')",
        (datetime.timedelta(days=30),),
    )

with psycopg.connect(sys.argv[1]) as db:
    for row in db.execute("SELECT product, state FROM asinqd.queue WHERE label = 'spring' ORDER BY id"):
        print(*row)
    for row in db.execute(
        "SELECT asin, position, url FROM asinqd.queue JOIN asinqd.image ON asin = product"
        " WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position"
    ):
        print(*row)
    for row in db.execute(
        "SELECT merchant, price, currency FROM asinqd.offer"
        " WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position"
    ):
        print(*row)
    for row in db.execute(
        "SELECT asin, code, merchant, price, currency FROM asinqd.chain"
        " WHERE asin = 'B0086FFHLS' ORDER BY position"
    ):
        print(*row)
