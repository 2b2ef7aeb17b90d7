-- Add articles and their jobs together, or neither: psql postgresql://HOST/DATABASE -f own_transaction.sql
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned
\pset fieldsep ' '
SET client_min_messages = warning;

BEGIN;
CREATE TABLE IF NOT EXISTS article (asin text PRIMARY KEY, name text, problem text);
INSERT INTO article (asin, name) VALUES ('B0086FFHLS', 'Notebook'), ('B00NNUMI86', 'Pen'), ('b00-oops', 'Mug')
ON CONFLICT (asin) DO NOTHING;
-- A refused product is a row, not an error, so the transaction continues.
WITH verdict AS (
    SELECT * FROM asinqd.enqueue('images', ARRAY(SELECT asin FROM article ORDER BY asin), label => 'articles',
                                 max_age => '30 days')
)
UPDATE article SET problem = verdict.message FROM verdict WHERE article.asin = verdict.product;
COMMIT;

SELECT asin, name, coalesce(problem, 'no problem') FROM article ORDER BY asin;
