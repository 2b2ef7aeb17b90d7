#!/bin/sh
# Enqueue a list, then read jobs and results: sh enqueue.sh DATABASE
sqlite3 "file:$1?mode=rw" <<'SQL'
.timeout 5000
PRAGMA wal_autocheckpoint = 0; -- prints 0
PRAGMA synchronous = FULL;

BEGIN IMMEDIATE;
INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', 'B0086FFHLS', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', 'B00NNUMI86', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', 'B0086FFHLS', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', 'b00-oops', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, label)
VALUES ('lookup', '0631102001550', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, pages, label)
VALUES ('search', 'monster vent', 5, 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, then_lookup, label)
VALUES ('barcodes', 'B0086FFHLS', 30 * 86400000, 'spring');
COMMIT;

.separator ' '
SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id;
SELECT asin, position, url FROM queue JOIN image ON asin = product
WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position;
SELECT merchant, price, currency FROM offer
WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position;
SELECT asin, code, merchant, price, currency FROM chain
WHERE asin = 'B0086FFHLS' ORDER BY position;
SQL
