-- Views. Their columns are those of SQLite's schema.

-- Jobs that were finished, by the state in which they ended. They stay when the queue is pruned. A job that was
-- put back and ends again counts again.
CREATE VIEW asinqd.job_tally (endpoint, state, jobs) AS
SELECT endpoint, state, sum(jobs)::bigint FROM asinqd.job_tally_part GROUP BY endpoint, state;

-- PostgreSQL reads neither "\u0000" nor half of a surrogate pair in JSON's strings. A view that met one would
-- fail for every row, so these become U+FFFD. The body in `result` keeps them.
CREATE FUNCTION asinqd.readable(body json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN body::text ~ '\\u(?:0000|[dD][89a-fA-F])' THEN (
    -- A token is a pair, another escape, or text without any. Of these the longest is taken.
    SELECT string_agg(CASE WHEN token[1] ~ '^\\u(?:0000|[dD][89a-fA-F]..)$' THEN '\ufffd' ELSE token[1] END,
                      '' ORDER BY place)
    FROM regexp_matches(body::text,
                        '(\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]+)', 'g')
         WITH ORDINALITY AS part (token, place))::json
ELSE body END;

-- A text that begins with a digit as a number, as far as it is one; NULL for other texts.
CREATE FUNCTION asinqd.leading_number(given text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substring(given FROM '^(?:[0-9]{1,40}(?![0-9]))(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2}(?![0-9]))?')::numeric;

-- A code in the form that `queue` has for a lookup; NULL if the text is none.
CREATE FUNCTION asinqd.lookup_code(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN given ~ '^(?:[0-9]{8}|[0-9]{12,14})$' AND asinqd.has_check_digit(given)
            THEN CASE WHEN length(given) = 12 THEN '0' || given
                      WHEN length(given) = 14 AND left(given, 1) = '0' THEN substr(given, 2)
                      ELSE given END END;

-- OFFSET 0 keeps the planner from calling asinqd.readable once for each column.

-- One row for each image; position and url are NULL for a product without any.
CREATE VIEW asinqd.image (asin, title, position, url) AS
SELECT result.product, reply.body ->> 'title', picture.position, picture.value #>> '{}'
FROM asinqd.result
CROSS JOIN LATERAL (SELECT asinqd.readable(result.body) AS body OFFSET 0) AS reply
LEFT JOIN LATERAL json_array_elements(
    CASE WHEN json_typeof(reply.body -> 'images') = 'array' THEN reply.body -> 'images' ELSE '[]' END
) WITH ORDINALITY AS picture (value, position) ON json_typeof(picture.value) = 'string'
WHERE result.endpoint = 'images' AND result.found = 1;

CREATE VIEW asinqd.barcode (asin, title, upc, ean, upc_list, ean_list) AS
SELECT result.product, reply.body ->> 'title', reply.body ->> 'upc', reply.body ->> 'ean',
       reply.body ->> 'upcList', reply.body ->> 'eanList'
FROM asinqd.result
CROSS JOIN LATERAL (SELECT asinqd.readable(result.body) AS body OFFSET 0) AS reply
WHERE result.endpoint = 'barcodes' AND result.found = 1;

-- The code that an answer leads to: the primary ones, then the first valid one of the lists, EAN before UPC.
-- It has the form in `queue` for a lookup.
CREATE VIEW asinqd.code (asin, code) AS
SELECT result.product, best.code
FROM asinqd.result
CROSS JOIN LATERAL (SELECT asinqd.readable(result.body) AS body OFFSET 0) AS reply
CROSS JOIN LATERAL (
    SELECT asinqd.lookup_code(candidate.value #>> '{}') AS code
    FROM (SELECT 1 AS place, 0 AS position, reply.body -> 'ean' AS value
          UNION ALL SELECT 2, 0, reply.body -> 'upc'
          UNION ALL SELECT 3, position, value
          FROM json_array_elements(CASE WHEN json_typeof(reply.body -> 'eanList') = 'array'
                                        THEN reply.body -> 'eanList' ELSE '[]' END)
               WITH ORDINALITY AS entry (value, position)
          UNION ALL SELECT 4, position, value
          FROM json_array_elements(CASE WHEN json_typeof(reply.body -> 'upcList') = 'array'
                                        THEN reply.body -> 'upcList' ELSE '[]' END)
               WITH ORDINALITY AS entry (value, position)) AS candidate
    WHERE json_typeof(candidate.value) = 'string'
      AND asinqd.lookup_code(candidate.value #>> '{}') IS NOT NULL
    ORDER BY candidate.place, candidate.position LIMIT 1) AS best
WHERE result.endpoint = 'barcodes' AND result.found = 1;

-- Items of lookups and searches. A search has an array of them, a lookup the item itself.
CREATE VIEW asinqd.item (endpoint, product, position, ean, title, upc, gtin, elid, description, brand, model,
                         color, size, dimension, weight, category, currency, lowest_recorded_price,
                         highest_recorded_price, images, user_data) AS
SELECT result.endpoint, result.product, entry.position, thing.ean, thing.title, thing.upc, thing.gtin,
       thing.elid, thing.description, thing.brand, thing.model, thing.color, thing.size, thing.dimension,
       thing.weight, thing.category, thing.currency,
       asinqd.leading_number(thing.lowest_recorded_price), asinqd.leading_number(thing.highest_recorded_price),
       CASE WHEN json_typeof(entry.value -> 'images') = 'array' THEN thing.images END, thing.user_data
FROM asinqd.result
CROSS JOIN LATERAL (SELECT asinqd.readable(result.body) AS body OFFSET 0) AS reply
CROSS JOIN LATERAL json_array_elements(
    CASE WHEN json_typeof(reply.body) = 'array' THEN reply.body ELSE json_build_array(reply.body) END
) WITH ORDINALITY AS entry (value, position)
CROSS JOIN LATERAL json_to_record(
    CASE WHEN json_typeof(entry.value) = 'object' THEN entry.value ELSE '{}' END
) AS thing (ean text, title text, upc text, gtin text, elid text, description text, brand text, model text,
            color text, size text, dimension text, weight text, category text, currency text,
            lowest_recorded_price text, highest_recorded_price text, images text, user_data text)
WHERE result.endpoint IN ('lookup', 'search') AND result.found = 1 AND json_typeof(entry.value) = 'object';

-- Offers of these items. A price is a number, or NULL if the shop gives none.
CREATE VIEW asinqd.offer (endpoint, product, ean, item_position, position, merchant, domain, title, currency,
                          list_price, price, shipping, condition, availability, link, updated_seconds) AS
SELECT result.endpoint, result.product, entry.value ->> 'ean', entry.position, offered.position,
       deal.merchant, deal.domain, deal.title, deal.currency, asinqd.leading_number(deal.list_price),
       asinqd.leading_number(deal.price), deal.shipping, deal.condition, deal.availability, deal.link,
       CASE WHEN asinqd.leading_number(deal.updated_t) < 9223372036854775807
            THEN trunc(asinqd.leading_number(deal.updated_t))::bigint END
FROM asinqd.result
CROSS JOIN LATERAL (SELECT asinqd.readable(result.body) AS body OFFSET 0) AS reply
CROSS JOIN LATERAL json_array_elements(
    CASE WHEN json_typeof(reply.body) = 'array' THEN reply.body ELSE json_build_array(reply.body) END
) WITH ORDINALITY AS entry (value, position)
CROSS JOIN LATERAL json_array_elements(
    CASE WHEN json_typeof(entry.value) = 'object' AND json_typeof(entry.value -> 'offers') = 'array'
         THEN entry.value -> 'offers' ELSE '[]' END
) WITH ORDINALITY AS offered (value, position)
CROSS JOIN LATERAL json_to_record(
    CASE WHEN json_typeof(offered.value) = 'object' THEN offered.value ELSE '{}' END
) AS deal (merchant text, domain text, title text, currency text, list_price text, price text, shipping text,
           condition text, availability text, link text, updated_t text)
WHERE result.endpoint IN ('lookup', 'search') AND result.found = 1 AND json_typeof(offered.value) = 'object';

-- From the ASIN to the shops: one row for each offer, and one with NULLs if the path ends earlier.
CREATE VIEW asinqd.chain (asin, asin_found, title, code, code_found, ean, item_title, brand, model, category,
                          position, merchant, domain, offer_title, currency, list_price, price, shipping,
                          condition, availability, link, updated_seconds) AS
SELECT barcodes.product, barcodes.found,
       CASE WHEN barcodes.found = 1 THEN asinqd.readable(barcodes.body) ->> 'title' END, best.code,
       lookup.found, thing.ean, thing.title, thing.brand, thing.model, thing.category,
       deal.position, deal.merchant, deal.domain, deal.title, deal.currency, deal.list_price, deal.price,
       deal.shipping, deal.condition, deal.availability, deal.link, deal.updated_seconds
FROM asinqd.result AS barcodes
LEFT JOIN LATERAL (SELECT code.code FROM asinqd.code WHERE code.asin = barcodes.product) AS best ON true
LEFT JOIN asinqd.result AS lookup ON lookup.endpoint = 'lookup' AND lookup.product = best.code
LEFT JOIN LATERAL json_to_record(
    CASE WHEN lookup.found = 1 AND json_typeof(lookup.body) = 'object' THEN asinqd.readable(lookup.body)
         ELSE '{}' END
) AS thing (ean text, title text, brand text, model text, category text) ON true
LEFT JOIN LATERAL (
    SELECT * FROM asinqd.offer
    WHERE offer.endpoint = 'lookup' AND offer.product = lookup.product) AS deal ON true
WHERE barcodes.endpoint = 'barcodes';
