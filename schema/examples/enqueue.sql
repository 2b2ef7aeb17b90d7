-- Enqueue a list, then read jobs and results: sqlite3 'file:DATABASE?mode=rw' < enqueue.sql
.bail on
.timeout 5000
PRAGMA wal_autocheckpoint = 0; -- prints 0
PRAGMA synchronous = FULL;

BEGIN IMMEDIATE;
INSERT OR IGNORE INTO queue (endpoint, product, label)
VALUES ('images', 'B0086FFHLS', 'spring'), ('images', 'B00NNUMI86', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, label)
VALUES ('lookup', '0631102001550', 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, pages, label)
VALUES ('search', 'monster vent', 5, 'spring');
INSERT OR IGNORE INTO queue (endpoint, product, then_lookup, label)
VALUES ('barcodes', 'B0086FFHLS', 30 * 86400000, 'spring');
-- The inbox skips the repeated product, restores the leading zero of the code and sets the malformed product aside.
INSERT INTO inbox (endpoint, product, label)
VALUES ('images', 'b0086ffhls', 'spring'), ('lookup', 631102001550, 'spring'), ('images', 'b00-oops', 'spring');
COMMIT;

.separator ' '
SELECT product, 'rejected:', reason FROM rejected ORDER BY id;
SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id;
SELECT asin, position, url FROM queue JOIN image ON asin = product
WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position;
SELECT merchant, price, currency FROM offer
WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position;
SELECT asin, code, merchant, price, currency FROM chain
WHERE asin = 'B0086FFHLS' ORDER BY position;
