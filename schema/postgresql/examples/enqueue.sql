-- Enqueue a list, then read jobs and results: psql postgresql://HOST/DATABASE -f enqueue.sql
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned
\pset fieldsep ' '
SET search_path = asinqd;

SELECT * FROM enqueue('images', ARRAY['B0086FFHLS', 'B00NNUMI86', 'B0086FFHLS', 'b00-oops'], label => 'spring');
SELECT * FROM enqueue('lookup', ARRAY['631102001550'], label => 'spring');
SELECT * FROM enqueue('search', ARRAY['monster vent'], pages => 5, label => 'spring');
SELECT * FROM enqueue('barcodes', ARRAY['B0086FFHLS'], then_lookup => '30 days', label => 'spring');
-- A program that inserts row by row uses the inbox, which sets the malformed product aside.
INSERT INTO inbox (endpoint, product, label) VALUES ('images', 'b0086ffhls', 'spring'), ('images', 'b00-oops', 'spring');

SELECT product, 'rejected:', reason FROM rejected ORDER BY id;
SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id;
SELECT asin, position, url FROM queue JOIN image ON asin = product
WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position;
SELECT merchant, price, currency FROM offer
WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position;
SELECT asin, code, merchant, price, currency FROM chain
WHERE asin = 'B0086FFHLS' ORDER BY position;
