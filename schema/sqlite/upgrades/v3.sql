-- Lookups of codes and searches at the second provider, and the path from an ASIN to them.

-- The endpoint whose own pool the balance belongs to. NULL: the one that all endpoints of the provider share,
-- as those before this version do.
ALTER TABLE ledger ADD COLUMN daily_pool TEXT
    CHECK (daily_pool IS NULL OR daily_pool = endpoint AND daily_left IS NOT NULL);

-- A search takes a call for each page: how many it may take at most, how many have arrived while there are
-- more to fetch, and the offset of the next one, in the provider's own count.
ALTER TABLE queue ADD COLUMN pages INTEGER NOT NULL DEFAULT 2 CHECK (pages BETWEEN 1 AND 100);
ALTER TABLE queue ADD COLUMN pages_done INTEGER NOT NULL DEFAULT 0 CHECK (pages_done >= 0);
ALTER TABLE queue ADD COLUMN page_offset INTEGER NOT NULL DEFAULT 0 CHECK (page_offset >= 0);

-- For a barcodes job: the code that its answer leads to is looked up, unless it was looked up within this
-- many milliseconds. NULL: it is not.
ALTER TABLE queue ADD COLUMN then_lookup INTEGER
    CHECK (then_lookup IS NULL
           OR endpoint = 'barcodes' AND then_lookup BETWEEN 0 AND 253402300799999);

DROP TRIGGER queue_insert;

-- As in v1.sql. Most rows have an ASIN, and the rules for others cost them nothing: enqueueing a million
-- takes 12.0 s of processor time, and took 11.9 s with v1's trigger and columns.
CREATE TRIGGER queue_insert BEFORE INSERT ON queue
BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM queue WHERE id = new.id)
        THEN RAISE(ABORT, 'queue.id is taken: leave the column out')
        -- In pairs: of a longer list SQLite makes a table, for each row again.
        WHEN (new.endpoint IN ('images', 'barcodes') OR new.endpoint IN ('lookup', 'search')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.endpoint must be ''images'', ''barcodes'', ''lookup'' or ''search''')
        -- The length in bytes, because GLOB and length() stop at a NUL.
        WHEN new.endpoint IN ('images', 'barcodes')
             AND (length(CAST(new.product AS BLOB)) = 10
                  AND (new.product GLOB '[A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]'
                       OR new.product GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10')
        WHEN new.endpoint = 'lookup'
             AND (new.product NOT GLOB '*[^0-9]*' AND instr(new.product, char(0)) = 0
                  AND (length(new.product) IN (8, 13)
                       OR length(new.product) = 14 AND new.product NOT GLOB '0*')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product of a lookup must be 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8')
        -- GS1: from the right, the check digit left out, the weights are 3, 1, 3 and so on.
        WHEN new.endpoint = 'lookup'
             AND (SELECT (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10
                               + n / 10000000 % 10 + n / 1000000000 % 10
                               + n / 100000000000 % 10 + n / 10000000000000)
                          + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10
                          + n / 100000000 % 10 + n / 10000000000 % 10
                          + n / 1000000000000 % 10) % 10
                  FROM (SELECT CAST(new.product AS INTEGER) AS n)) <> 0
        THEN RAISE(ABORT, 'queue.product of a lookup has a wrong check digit, its last one: look for a mistyped digit')
        -- What Unicode calls White_Space, beside the control characters, which end at 159.
        WHEN new.endpoint = 'search'
             AND (length(new.product) BETWEEN 1 AND 256 AND instr(new.product, char(0)) = 0
                  AND new.product NOT GLOB '*[' || char(1) || '-' || char(31, 127) || '-' || char(159) || ']*'
                  AND trim(new.product, char(32, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
                      = new.product) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product of a search must be 1 to 256 characters, no blank first or last, no control characters')
        WHEN new.state IS NOT 'available'
        THEN RAISE(ABORT, 'queue.state of a new row must be ''available'': leave the column out')
        WHEN (typeof(new.priority) = 'integer' AND new.priority BETWEEN 0 AND 9) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.priority must be a whole number from 0 (first) to 9')
        WHEN new.label IS NOT NULL
             AND (typeof(new.label) = 'text' AND length(new.label) BETWEEN 1 AND 100
                  AND instr(new.label, char(0)) = 0) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.label must be NULL or a text of 1 to 100 characters')
        WHEN (typeof(new.enqueued_at) = 'integer'
              AND new.enqueued_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.enqueued_at must be in milliseconds since 1970: leave the column out')
        WHEN (typeof(new.not_before) = 'integer'
              AND new.not_before BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.not_before must be in milliseconds since 1970, or 0 for at once')
        WHEN (typeof(new.batch_limit) = 'integer'
              AND new.batch_limit BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.batch_limit must be a whole number from 1 to 100')
        WHEN (new.pages BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.pages must be a whole number from 1 to 100')
        WHEN new.then_lookup IS NOT NULL AND new.endpoint <> 'barcodes'
        THEN RAISE(ABORT, 'queue.then_lookup is for barcodes jobs only: leave the column out')
        WHEN new.then_lookup NOT BETWEEN 0 AND 253402300799999
        THEN RAISE(ABORT, 'queue.then_lookup must be NULL or a time in milliseconds, 0 or more')
        WHEN new.failures IS NOT 0 OR new.snoozes IS NOT 0 OR new.call_id IS NOT NULL
             OR new.finished_at IS NOT NULL OR new.error IS NOT NULL
        THEN RAISE(ABORT, 'queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out')
        WHEN new.pages_done IS NOT 0 OR new.page_offset IS NOT 0
        THEN RAISE(ABORT, 'queue.pages_done and page_offset belong to asinqd: leave them out')
    END;
END;

-- A page at a time, as its call is settled; back to the first one only if a dead letter whose pages were
-- replaced since is retried.
CREATE TRIGGER queue_pages BEFORE UPDATE OF pages_done, page_offset ON queue
WHEN (new.pages_done IS NOT old.pages_done OR new.page_offset IS NOT old.page_offset)
    AND (old.state = 'running' AND new.state = 'available'
             AND new.pages_done = old.pages_done + 1 AND new.page_offset > old.page_offset
         OR old.state = 'discarded' AND new.state = 'available'
             AND new.pages_done = 0 AND new.page_offset = 0) IS NOT TRUE
BEGIN
    SELECT RAISE(ABORT, 'queue.pages_done and page_offset change only with a page that has come');
END;

CREATE TRIGGER queue_then_lookup BEFORE UPDATE OF then_lookup ON queue
WHEN new.then_lookup IS NOT old.then_lookup
    AND (old.endpoint = 'barcodes' AND old.state IN ('available', 'running')
         AND (new.then_lookup IS NULL OR new.then_lookup BETWEEN 0 AND 253402300799999)) IS NOT TRUE
BEGIN
    SELECT RAISE(ABORT, 'queue.then_lookup can be set to NULL or a time in milliseconds, and only of a barcodes job that is open');
END;

DROP TRIGGER ledger_settled_once;

-- Settled once and for all. Only its instants may move back, when the clock was set back.
CREATE TRIGGER ledger_settled_once BEFORE UPDATE ON ledger WHEN old.settled_at IS NOT NULL AND (
    new.settled_at IS NULL OR new.settled_at > old.settled_at
    OR new.retry_at > old.retry_at OR new.full_at > old.full_at
    OR new.daily_reset_at > old.daily_reset_at
    OR (new.retry_at IS NULL) <> (old.retry_at IS NULL)
    OR (new.full_at IS NULL) <> (old.full_at IS NULL)
    OR new.outcome IS NOT old.outcome OR new.charged IS NOT old.charged
    OR new.http_status IS NOT old.http_status OR new.daily_left IS NOT old.daily_left
    OR new.daily_pool IS NOT old.daily_pool
    OR new.drift IS NOT old.drift OR new.message IS NOT old.message)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is settled once');
END;

-- SQLite may evaluate a condition of the reader's before the view's own, and then parse a value that is not
-- an object. So json_each gets nothing but arrays of objects, made here if necessary.

-- The code that an answer leads to: the primary ones, then the first valid one of the lists, EAN before UPC.
-- It has the form in `queue` for a lookup.
CREATE VIEW code (asin, code) AS
SELECT result.product, best.value
FROM result JOIN json_each((
    SELECT json_quote(code)
    FROM (SELECT CASE WHEN length(part.value) = 12 THEN '0' || part.value
                      WHEN length(part.value) = 14 AND part.value GLOB '0*' THEN substr(part.value, 2)
                      ELSE part.value END AS code,
                 CASE part.path WHEN '$.eanList' THEN 2 WHEN '$.upcList' THEN 3
                      ELSE part.key = 'upc' END AS place,
                 part.id AS id,
                 CAST(part.value AS INTEGER) AS n
          FROM json_tree(result.body) AS part
          WHERE part.type = 'text'
            AND (part.path = '$' AND part.key IN ('ean', 'upc')
                 OR part.path IN ('$.eanList', '$.upcList') AND typeof(part.key) = 'integer')
            AND length(part.value) IN (8, 12, 13, 14)
            AND part.value NOT GLOB '*[^0-9]*' AND instr(part.value, char(0)) = 0)
    WHERE (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10 + n / 10000000 % 10
                + n / 1000000000 % 10 + n / 100000000000 % 10 + n / 10000000000000)
           + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10 + n / 100000000 % 10
           + n / 10000000000 % 10 + n / 1000000000000 % 10) % 10 = 0
    ORDER BY place, id LIMIT 1)) AS best
WHERE result.endpoint = 'barcodes' AND result.found = 1;

-- Items of lookups and searches. A search has an array of them, a lookup the item itself.
CREATE VIEW item (endpoint, product, position, ean, title, upc, gtin, elid, description, brand, model,
                  color, size, dimension, weight, category, currency, lowest_recorded_price,
                  highest_recorded_price, images, user_data) AS
SELECT result.endpoint, result.product, entry.key + 1,
       json_extract(thing.value, '$.ean'), json_extract(thing.value, '$.title'),
       json_extract(thing.value, '$.upc'), json_extract(thing.value, '$.gtin'),
       json_extract(thing.value, '$.elid'), json_extract(thing.value, '$.description'),
       json_extract(thing.value, '$.brand'), json_extract(thing.value, '$.model'),
       json_extract(thing.value, '$.color'), json_extract(thing.value, '$.size'),
       json_extract(thing.value, '$.dimension'), json_extract(thing.value, '$.weight'),
       json_extract(thing.value, '$.category'), json_extract(thing.value, '$.currency'),
       iif(json_extract(thing.value, '$.lowest_recorded_price') GLOB '[0-9]*',
           json_extract(thing.value, '$.lowest_recorded_price') + 0, NULL),
       iif(json_extract(thing.value, '$.highest_recorded_price') GLOB '[0-9]*',
           json_extract(thing.value, '$.highest_recorded_price') + 0, NULL),
       iif(json_type(thing.value, '$.images') = 'array', json_extract(thing.value, '$.images'), NULL),
       json_extract(thing.value, '$.user_data')
FROM result
JOIN json_each(iif(json_type(result.body) = 'array', result.body, '[' || result.body || ']')) AS entry
JOIN json_each(iif(entry.type = 'object', '[' || entry.value || ']', '[]')) AS thing
WHERE result.endpoint IN ('lookup', 'search') AND result.found = 1;

-- Offers of these items. A price is a number, or NULL if the shop gives none.
CREATE VIEW offer (endpoint, product, ean, item_position, position, merchant, domain, title, currency,
                   list_price, price, shipping, condition, availability, link, updated_seconds) AS
SELECT result.endpoint, result.product, json_extract(thing.value, '$.ean'), entry.key + 1,
       offered.key + 1,
       json_extract(deal.value, '$.merchant'), json_extract(deal.value, '$.domain'),
       json_extract(deal.value, '$.title'), json_extract(deal.value, '$.currency'),
       iif(json_extract(deal.value, '$.list_price') GLOB '[0-9]*',
           json_extract(deal.value, '$.list_price') + 0, NULL),
       iif(json_extract(deal.value, '$.price') GLOB '[0-9]*',
           json_extract(deal.value, '$.price') + 0, NULL),
       json_extract(deal.value, '$.shipping'), json_extract(deal.value, '$.condition'),
       json_extract(deal.value, '$.availability'), json_extract(deal.value, '$.link'),
       iif(json_extract(deal.value, '$.updated_t') GLOB '[0-9]*',
           CAST(json_extract(deal.value, '$.updated_t') AS INTEGER), NULL)
FROM result
JOIN json_each(iif(json_type(result.body) = 'array', result.body, '[' || result.body || ']')) AS entry
JOIN json_each(iif(entry.type = 'object', '[' || entry.value || ']', '[]')) AS thing
JOIN json_each(iif(json_type(thing.value, '$.offers') = 'array',
                   json_extract(thing.value, '$.offers'), '[]')) AS offered
JOIN json_each(iif(offered.type = 'object', '[' || offered.value || ']', '[]')) AS deal
WHERE result.endpoint IN ('lookup', 'search') AND result.found = 1;

-- From the ASIN to the shops: one row for each offer, and one with NULLs if the path ends earlier.
CREATE VIEW chain (asin, asin_found, title, code, code_found, ean, item_title, brand, model, category,
                   position, merchant, domain, offer_title, currency, list_price, price, shipping,
                   condition, availability, link, updated_seconds) AS
SELECT barcodes.product, barcodes.found,
       json_extract(iif(barcodes.found, barcodes.body, NULL), '$.title'), best.value,
       lookup.found, json_extract(thing.value, '$.ean'), json_extract(thing.value, '$.title'),
       json_extract(thing.value, '$.brand'), json_extract(thing.value, '$.model'),
       json_extract(thing.value, '$.category'),
       json_extract(deal.value, '$[0]'), json_extract(deal.value, '$[1]'),
       json_extract(deal.value, '$[2]'), json_extract(deal.value, '$[3]'),
       json_extract(deal.value, '$[4]'), json_extract(deal.value, '$[5]'),
       json_extract(deal.value, '$[6]'), json_extract(deal.value, '$[7]'),
       json_extract(deal.value, '$[8]'), json_extract(deal.value, '$[9]'),
       json_extract(deal.value, '$[10]'), json_extract(deal.value, '$[11]')
FROM result AS barcodes
LEFT JOIN json_each((SELECT json_quote(code) FROM code WHERE asin = barcodes.product)) AS best
LEFT JOIN result AS lookup ON lookup.endpoint = 'lookup' AND lookup.product = best.value
LEFT JOIN json_each(iif(lookup.found AND json_type(lookup.body) = 'object',
                        '[' || lookup.body || ']', '[]')) AS thing
LEFT JOIN json_each((
    SELECT json_group_array(json_array(position, merchant, domain, title, currency, list_price, price,
                                       shipping, condition, availability, link, updated_seconds))
    FROM offer WHERE endpoint = 'lookup' AND product = lookup.product)) AS deal
WHERE barcodes.endpoint = 'barcodes';
