-- How other programs add jobs: the function enqueue, and the view inbox.

-- The spelling of a product in the queue: blanks at its ends are removed, an ASIN gets capitals, and a code or an
-- ISBN-10 regains the zeros that it lost as a number, if its check digit is right. Other texts stay as they are.
CREATE FUNCTION asinqd.canonical_product(product_form text, given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    product text COLLATE "C" := asinqd.trimmed(given);
    isbn text COLLATE "C";
    is_isbn boolean := false;
BEGIN
    IF product_form IN ('asin', 'code') AND length(product) BETWEEN 7 AND 10 THEN
        isbn := right('000' || upper(product), 10);
        IF isbn ~ '^[0-9]{9}[0-9X]$' THEN
            -- ISBN Users' Manual: the weights are 10 to 1 from the left, and the sum is a multiple of 11.
            SELECT sum((11 - i) * CASE substr(isbn, i, 1) WHEN 'X' THEN 10 ELSE substr(isbn, i, 1)::integer END)
                   % 11 = 0
            INTO is_isbn FROM generate_series(1, 10) AS i;
        END IF;
    END IF;
    RETURN CASE
        WHEN product_form = 'asin' THEN CASE WHEN is_isbn THEN isbn ELSE upper(product) END
        WHEN product_form <> 'code' OR product !~ '^[0-9]+$' THEN product
        WHEN length(product) = 14 AND left(product, 1) = '0' THEN substr(product, 2)
        -- A code that is also an ISBN-10 is another number.
        WHEN length(product) IN (7, 9, 10, 11, 12) AND NOT is_isbn AND asinqd.has_check_digit(product)
        THEN CASE WHEN length(product) = 7 THEN '0' || product ELSE right('0000' || product, 13) END
        ELSE product
    END;
END $$;

-- Milliseconds, cut to what is just outside of the range from 0 to the end of the year 9999.
CREATE FUNCTION asinqd.milliseconds(seconds numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN seconds IS NOT NULL THEN floor(least(greatest(seconds * 1000, -1), 253402300800000))::bigint END;

-- Adds a job for each product, in the order of the list, and returns one row for each:
--
--   added    a job was added
--   open     a job for it is open, or the list has it twice. If the job waits, it gets the more urgent priority,
--            the earlier time, the larger number of pages and the smaller age of its lookup. A paused job stays
--            paused, and one that was called before keeps its time
--   fresh    its result is not older than max_age
--   refused  the message says why
--
-- The value of an argument is never an error, so it does not abort the caller's transaction. `product` is spelled
-- as in the queue, and as it was given if it is refused.
--
-- Inserts in the order of products, so that two calls with the same products do not deadlock. A caller with
-- several calls in one transaction makes them in the same order everywhere, or retries after deadlock_detected.
CREATE FUNCTION asinqd.enqueue(
    endpoint    text,
    products    text[],
    label       text        DEFAULT NULL,
    priority    bigint      DEFAULT 5,
    account     text        DEFAULT NULL,
    -- NULL: at once. 'infinity': paused.
    not_before  timestamptz DEFAULT NULL,
    -- NULL: a job is added even if there is a result.
    max_age     interval    DEFAULT NULL,
    pages       bigint      DEFAULT 2,
    then_lookup interval    DEFAULT NULL
) RETURNS TABLE (product text, outcome text, message text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    latest CONSTANT bigint := 253402300799999;
    now_ms CONSTANT bigint := asinqd.now_ms();
    fresh_since CONSTANT bigint := now_ms - asinqd.milliseconds(extract(epoch FROM max_age));
    facts asinqd.endpoint;
    job asinqd.queue;
    job_refusal text;
    spelled text[];
    refusals text[];
    open_id bigint;
BEGIN
    SELECT * INTO facts FROM asinqd.endpoint WHERE name = asinqd.trimmed(enqueue.endpoint);
    -- A number that is out of its range becomes -1, which is out of each range and fits the column.
    job.endpoint := facts.name;
    job.account := nullif(asinqd.trimmed(enqueue.account), '');
    job.state := 'available';
    job.priority := CASE WHEN coalesce(enqueue.priority, 5) BETWEEN 0 AND 9 THEN coalesce(enqueue.priority, 5) ELSE -1 END;
    job.label := nullif(asinqd.trimmed(enqueue.label), '');
    job.enqueued_at := now_ms;
    job.not_before := CASE WHEN enqueue.not_before = 'infinity' THEN latest
                           ELSE coalesce(asinqd.milliseconds(extract(epoch FROM enqueue.not_before)), 0) END;
    job.failures := 0;
    job.snoozes := 0;
    job.batch_limit := 100;
    job.pages := CASE WHEN coalesce(enqueue.pages, 2) BETWEEN 1 AND 100 THEN coalesce(enqueue.pages, 2) ELSE -1 END;
    job.pages_done := 0;
    job.page_offset := 0;
    job.then_lookup := asinqd.milliseconds(extract(epoch FROM enqueue.then_lookup));
    job_refusal := CASE WHEN facts.name IS NULL THEN 'queue.endpoint must be a name in the table endpoint'
                        ELSE asinqd.job_refusal(facts, job) END;

    SELECT array_agg(spelling ORDER BY place),
           array_agg(coalesce(CASE WHEN facts.name IS NOT NULL THEN asinqd.product_refusal(
               facts.product_form, facts.product_pattern, spelling) END, job_refusal) ORDER BY place)
    INTO spelled, refusals
    FROM (SELECT place, asinqd.canonical_product(facts.product_form, item) AS spelling
          FROM unnest(enqueue.products) WITH ORDINALITY AS list (item, place) OFFSET 0) AS list;

    -- No part of this depends on an estimate: subqueries with LIMIT seek once for each product, and windows sort.
    -- The planner does not know how long the list is, and a nested loop over 20,000 products takes a minute.
    RETURN QUERY
    WITH judged AS MATERIALIZED (
        SELECT given, spelling, refusal, place,
               row_number() OVER (PARTITION BY spelling, refusal IS NULL ORDER BY place) = 1 AS is_first,
               (SELECT true FROM asinqd.queue
                WHERE endpoint = job.endpoint AND product = spelling
                  AND coalesce(account, '') = coalesce(job.account, '')
                  AND state IN ('available', 'running') LIMIT 1) IS TRUE AS is_open,
               (SELECT fetched_at FROM asinqd.result
                WHERE endpoint = job.endpoint AND product = spelling LIMIT 1) >= fresh_since IS TRUE AS is_fresh
        FROM unnest(enqueue.products, spelled, refusals) WITH ORDINALITY AS list (given, spelling, refusal, place)
    ), numbered AS MATERIALIZED (
        -- First in, first out: ids are drawn in the list's order.
        SELECT spelling, nextval('asinqd.queue_id_seq') AS id
        FROM (SELECT spelling FROM judged
              WHERE refusal IS NULL AND is_first AND NOT is_open AND NOT is_fresh
              ORDER BY place OFFSET 0) AS ordered
    ), added AS (
        INSERT INTO asinqd.queue (id, endpoint, product, account, priority, label, enqueued_at, not_before,
                                  pages, then_lookup)
        OVERRIDING SYSTEM VALUE
        SELECT id, job.endpoint, spelling, job.account, job.priority, job.label, job.enqueued_at,
               job.not_before, job.pages, job.then_lookup
        FROM numbered ORDER BY spelling COLLATE "C"
        ON CONFLICT (endpoint, product, coalesce(account, '')) WHERE state IN ('available', 'running')
        DO NOTHING
        RETURNING product
    ), verdicts AS (
        SELECT *, bool_or(place IS NULL) OVER (PARTITION BY spelling) AS was_added
        FROM (SELECT * FROM judged
              UNION ALL SELECT NULL, product, NULL, NULL, NULL, NULL, NULL FROM added) AS lines
    )
    SELECT CASE WHEN refusal IS NULL THEN spelling ELSE given END,
           CASE WHEN refusal IS NOT NULL THEN 'refused'
                -- While further pages of a result are fetched, it is incomplete.
                WHEN is_fresh AND NOT (is_open AND facts.has_pages = 1) THEN 'fresh'
                WHEN was_added AND is_first THEN 'added'
                ELSE 'open' END,
           refusal
    FROM verdicts WHERE place IS NOT NULL ORDER BY place;

    IF job_refusal IS NOT NULL THEN RETURN; END IF;

    -- A job that a claim or another caller has locked is skipped, so this waits for no other transaction. A
    -- running job stays as it is: its settlement would have to wait for the caller's commit.
    FOR open_id IN
        SELECT (SELECT id FROM asinqd.queue
                WHERE endpoint = job.endpoint AND product = spelling
                  AND coalesce(account, '') = coalesce(job.account, '')
                  AND state IN ('available', 'running') AND state = 'available'
                  AND (priority > job.priority
                       OR call_id IS NULL AND not_before > now_ms AND not_before < latest
                          AND not_before > job.not_before
                       OR pages < job.pages
                       OR job.then_lookup < coalesce(then_lookup, latest + 1))
                  AND (facts.has_pages = 1
                       OR (SELECT fetched_at FROM asinqd.result
                           WHERE result.endpoint = queue.endpoint AND result.product = queue.product LIMIT 1)
                          >= fresh_since IS NOT TRUE)
                LIMIT 1 FOR UPDATE SKIP LOCKED)
        FROM unnest(spelled) AS list (spelling)
    LOOP
        CONTINUE WHEN open_id IS NULL;
        UPDATE asinqd.queue SET
            priority = least(priority, job.priority),
            not_before = CASE WHEN call_id IS NULL AND not_before > now_ms AND not_before < latest
                              THEN least(not_before, job.not_before) ELSE not_before END,
            pages = greatest(pages, job.pages),
            -- The smaller one; the other one if either is NULL.
            then_lookup = least(then_lookup, job.then_lookup)
        WHERE id = open_id;
    END LOOP;

    -- A fresh result that leads to another endpoint: the lookup that is to follow is added at once.
    IF job.then_lookup IS NOT NULL AND fresh_since IS NOT NULL THEN
        INSERT INTO asinqd.queue (endpoint, product, account, priority, label, enqueued_at, not_before)
        SELECT next.name, leads.code,
               (SELECT name FROM asinqd.account WHERE name = job.account AND provider = next.provider),
               job.priority, job.label, job.enqueued_at, job.not_before
        FROM asinqd.endpoint AS next, (
            SELECT DISTINCT (SELECT code.code FROM asinqd.code WHERE code.asin = spelling LIMIT 1) AS code
            FROM unnest(spelled) AS spelling
            WHERE (SELECT fetched_at FROM asinqd.result
                   WHERE endpoint = job.endpoint AND product = spelling LIMIT 1) >= fresh_since) AS leads
        WHERE next.name = facts.leads_to AND leads.code IS NOT NULL
          AND (SELECT fetched_at FROM asinqd.result
               WHERE result.endpoint = next.name AND result.product = leads.code LIMIT 1)
              >= now_ms - job.then_lookup IS NOT TRUE
        ORDER BY leads.code
        ON CONFLICT (endpoint, product, coalesce(account, '')) WHERE state IN ('available', 'running')
        DO NOTHING;
    END IF;
END $$;
COMMENT ON FUNCTION asinqd.enqueue IS
    'Add jobs. Returns a verdict for each product: added, open, fresh, or refused with a message.';

-- For programs that cannot handle a rejection for each row. An INSERT here never fails because of a row: an
-- open product is skipped, and a bad row is filed in rejected. A SELECT shows the waiting jobs. All columns are
-- texts, because a column of another type would refuse a value before the rules see it.
CREATE VIEW asinqd.inbox (endpoint, product, account, priority, label, not_before, pages, then_lookup) AS
SELECT endpoint, product, account, priority::text, label, not_before::text, pages::text, then_lookup::text
FROM asinqd.queue WHERE state = 'available';

-- A text as a whole number from 0 to 253402300799999; -1 if it is none.
CREATE FUNCTION asinqd.whole_number(given text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN asinqd.trimmed(given) ~ '^[0-9]{1,15}(?:\.0+)?$'
            THEN split_part(asinqd.trimmed(given), '.', 1)::bigint ELSE -1 END;

CREATE FUNCTION asinqd.inbox_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    facts asinqd.endpoint;
    job asinqd.queue;
    reason text;
BEGIN
    SELECT * INTO facts FROM asinqd.endpoint WHERE name = asinqd.trimmed(new.endpoint);
    -- numeric writes a whole number as 306406152.0.
    job.product := asinqd.canonical_product(facts.product_form, CASE
        WHEN facts.product_form = 'query' THEN new.product
        ELSE regexp_replace(new.product, '^([0-9]+)\.0+$', '\1') END);
    job.account := nullif(asinqd.trimmed(new.account), '');
    job.state := 'available';
    job.priority := CASE WHEN new.priority IS NULL THEN 5
                         WHEN asinqd.whole_number(new.priority) <= 9 THEN asinqd.whole_number(new.priority) ELSE -1 END;
    job.label := nullif(asinqd.trimmed(new.label), '');
    job.enqueued_at := asinqd.now_ms();
    job.not_before := coalesce(CASE WHEN new.not_before IS NOT NULL THEN asinqd.whole_number(new.not_before) END, 0);
    job.failures := 0;
    job.snoozes := 0;
    job.batch_limit := 100;
    job.pages := CASE WHEN new.pages IS NULL THEN 2
                      WHEN asinqd.whole_number(new.pages) <= 100 THEN asinqd.whole_number(new.pages) ELSE -1 END;
    job.pages_done := 0;
    job.page_offset := 0;
    job.then_lookup := CASE WHEN new.then_lookup IS NOT NULL THEN asinqd.whole_number(new.then_lookup) END;
    reason := CASE WHEN facts.name IS NULL THEN 'queue.endpoint must be a name in the table endpoint'
                   ELSE coalesce(asinqd.product_refusal(facts.product_form, facts.product_pattern, job.product),
                                 asinqd.job_refusal(facts, job)) END;
    IF reason IS NOT NULL THEN
        INSERT INTO asinqd.rejected (endpoint, product, reason)
        VALUES (left(new.endpoint, 256), left(new.product, 256), reason);
    ELSE
        INSERT INTO asinqd.queue (endpoint, product, account, priority, label, not_before, pages, then_lookup)
        VALUES (facts.name, job.product, job.account, job.priority, job.label, job.not_before, job.pages,
                job.then_lookup)
        ON CONFLICT (endpoint, product, coalesce(account, '')) WHERE state IN ('available', 'running')
        DO NOTHING;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER inbox_insert INSTEAD OF INSERT ON asinqd.inbox FOR EACH ROW EXECUTE FUNCTION asinqd.inbox_insert();

-- Without it, a DELETE here would delete jobs: PostgreSQL passes it on to the table of a simple view.
CREATE TRIGGER inbox_change INSTEAD OF UPDATE OR DELETE ON asinqd.inbox FOR EACH ROW
    EXECUTE FUNCTION asinqd.refuse('cannot modify inbox because it is a view');
