-- Rules for rows that a CHECK cannot express, because they read another table or the old row, or because their
-- sentence is longer than a constraint's name may be. The messages are those of SQLite's schema.
--
-- A function sets search_path where it runs with another role's rights or guards a table: a caller's search_path
-- could put operators of its own in place of PostgreSQL's. Functions with RETURN are bound when they are made.

-- Removes blanks at both ends: what Unicode calls White_Space.
CREATE FUNCTION asinqd.trimmed(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(given, E'\u0009\u000A\u000B\u000C\u000D\u0020\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000');

-- GS1: from the right, the check digit left out, the weights are 3, 1, 3 and so on. Text that is not all digits
-- has none.
CREATE FUNCTION asinqd.check_digit_sum(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10 + n / 10000000 % 10 + n / 1000000000 % 10
            + n / 100000000000 % 10 + n / 10000000000000)
       + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10 + n / 100000000 % 10
       + n / 10000000000 % 10 + n / 1000000000000 % 10;

CREATE FUNCTION asinqd.has_check_digit(code text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN code ~ '^[0-9]{1,14}$' THEN asinqd.check_digit_sum(code::bigint) % 10 = 0 ELSE false END;

-- The regular expression that matches the same texts as a pattern of SQLite's GLOB.
CREATE FUNCTION asinqd.glob_regex(pattern text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    nothing CONSTANT text := '(?!.)(?=.)';
    regex text := '';
    letters text[] := regexp_split_to_array(pattern, '');
    letter text;
    earlier text;
    members text;
    is_inverted boolean;
    i integer := 1;
BEGIN
    WHILE i <= cardinality(letters) LOOP
        letter := letters[i];
        i := i + 1;
        IF letter = '*' THEN
            regex := regex || '.*';
        ELSIF letter = '?' THEN
            regex := regex || '.';
        ELSIF letter <> '[' THEN
            regex := regex || format('\U%s', lpad(to_hex(ascii(letter)), 8, '0'));
        ELSE
            is_inverted := letters[i] IS NOT DISTINCT FROM '^';
            IF is_inverted THEN i := i + 1; END IF;
            members := '';
            earlier := NULL;
            -- A bracket in the first place is a member, not the end.
            IF letters[i] = ']' THEN
                members := '\U0000005d';
                i := i + 1;
            END IF;
            WHILE i <= cardinality(letters) AND letters[i] <> ']' LOOP
                letter := letters[i];
                i := i + 1;
                IF letter = '-' AND earlier IS NOT NULL AND i <= cardinality(letters) AND letters[i] <> ']' THEN
                    IF ascii(earlier) <= ascii(letters[i]) THEN
                        members := members || format('\U%s-\U%s', lpad(to_hex(ascii(earlier)), 8, '0'),
                                                     lpad(to_hex(ascii(letters[i])), 8, '0'));
                    END IF;
                    earlier := NULL;
                    i := i + 1;
                ELSE
                    members := members || format('\U%s', lpad(to_hex(ascii(letter)), 8, '0'));
                    earlier := letter;
                END IF;
            END LOOP;
            -- A class without an end matches nothing.
            IF i > cardinality(letters) THEN RETURN nothing; END IF;
            i := i + 1;
            regex := regex || CASE WHEN is_inverted THEN '[^' || members || ']' ELSE '[' || members || ']' END;
        END IF;
    END LOOP;
    RETURN '^(?:' || regex || ')$';
END $$;

-- Why a product is none of its endpoint's form; NULL if it is one.
CREATE FUNCTION asinqd.product_refusal(product_form text, product_pattern text, product text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN product_form = 'asin'
    THEN CASE WHEN product COLLATE "C" ~ '^(?:[A-Z][A-Z0-9]{9}|[0-9]{9}[0-9X])$' THEN NULL
         ELSE 'queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10' END
    WHEN product_form = 'code'
    THEN CASE
         WHEN (product COLLATE "C" ~ '^(?:[0-9]{8}|[0-9]{13}|[1-9][0-9]{13})$') IS NOT TRUE
         THEN 'queue.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8'
         WHEN NOT asinqd.has_check_digit(product)
         THEN 'queue.product has a wrong check digit, its last one: look for a mistyped digit' END
    WHEN product_form = 'query'
    THEN CASE WHEN length(product) BETWEEN 1 AND 256 AND asinqd.trimmed(product) = product
                   AND product COLLATE "C" !~ '[\u0001-\u001F\u007F-\u009F]' THEN NULL
         ELSE 'queue.product must be a query: 1 to 256 characters, no blank first or last, no control characters' END
    WHEN length(product) BETWEEN 1 AND 256 AND product COLLATE "C" ~ asinqd.glob_regex(product_pattern) THEN NULL
    ELSE 'queue.product must match the product_pattern of its endpoint, see the table endpoint'
END;

-- Which rule a new job breaks, apart from its product; NULL if it breaks none.
CREATE FUNCTION asinqd.job_refusal(facts asinqd.endpoint, job asinqd.queue) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF job.account IS NOT NULL AND NOT EXISTS (
        SELECT FROM asinqd.account WHERE name = job.account AND provider = facts.provider)
    THEN
        RETURN 'queue.account must be NULL or the name of an account of the endpoint''s provider, see the table account';
    END IF;
    RETURN CASE
        WHEN job.state IS DISTINCT FROM 'available'
        THEN 'queue.state of a new row must be ''available'': leave the column out'
        WHEN (job.priority BETWEEN 0 AND 9) IS NOT TRUE
        THEN 'queue.priority must be a whole number from 0 (first) to 9'
        WHEN length(job.label) NOT BETWEEN 1 AND 100
        THEN 'queue.label must be NULL or a text of 1 to 100 characters'
        WHEN (job.enqueued_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN 'queue.enqueued_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out'
        WHEN (job.not_before BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN 'queue.not_before must be in milliseconds since 1970, up to 253402300799999, or 0 for at once'
        WHEN (job.batch_limit BETWEEN 1 AND 100) IS NOT TRUE
        THEN 'queue.batch_limit must be a whole number from 1 to 100'
        WHEN (job.pages BETWEEN 1 AND 100) IS NOT TRUE
        THEN 'queue.pages must be a whole number from 1 to 100'
        WHEN job.pages <> 2 AND facts.has_pages = 0
        THEN 'queue.pages is only for an endpoint that has pages: leave the column out'
        WHEN job.then_lookup IS NOT NULL AND facts.leads_to IS NULL
        THEN 'queue.then_lookup is only for an endpoint that leads to another: leave the column out'
        WHEN job.then_lookup NOT BETWEEN 0 AND 253402300799999
        THEN 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999'
        WHEN job.failures IS DISTINCT FROM 0 OR job.snoozes IS DISTINCT FROM 0 OR job.call_id IS NOT NULL
             OR job.finished_at IS NOT NULL OR job.error IS NOT NULL
        THEN 'queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out'
        WHEN job.pages_done IS DISTINCT FROM 0 OR job.page_offset IS DISTINCT FROM 0
        THEN 'queue.pages_done and page_offset belong to asinqd: leave them out'
    END;
END $$;

-- Before the row's constraints are checked, and before its conflict with an open job: a bad row is an error with
-- ON CONFLICT DO NOTHING as well.
CREATE FUNCTION asinqd.queue_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    facts asinqd.endpoint;
    refusal text;
BEGIN
    SELECT * INTO facts FROM asinqd.endpoint WHERE name = new.endpoint;
    IF NOT FOUND THEN
        refusal := 'queue.endpoint must be a name in the table endpoint';
    ELSE
        refusal := asinqd.product_refusal(facts.product_form, facts.product_pattern, new.product);
        IF refusal IS NULL THEN refusal := asinqd.job_refusal(facts, new); END IF;
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = refusal, ERRCODE = 'check_violation', SCHEMA = 'asinqd', TABLE = 'queue';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER queue_insert BEFORE INSERT ON asinqd.queue FOR EACH ROW EXECUTE FUNCTION asinqd.queue_insert();

-- Refuses a change with the trigger's sentence.
CREATE FUNCTION asinqd.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = tg_argv[0], ERRCODE = 'check_violation',
        SCHEMA = tg_table_schema, TABLE = tg_table_name;
END $$;

CREATE TRIGGER queue_identity BEFORE UPDATE ON asinqd.queue FOR EACH ROW
    WHEN (new.id IS DISTINCT FROM old.id OR new.endpoint IS DISTINCT FROM old.endpoint
          OR new.product IS DISTINCT FROM old.product OR new.account IS DISTINCT FROM old.account)
    EXECUTE FUNCTION asinqd.refuse('queue.id, endpoint, product and account never change: cancel the job and insert another');

CREATE TRIGGER queue_state BEFORE UPDATE ON asinqd.queue FOR EACH ROW
    WHEN (new.state IS DISTINCT FROM old.state AND ((old.state || '>' || new.state) IN (
        'available>running', 'available>cancelled', 'running>available', 'running>completed',
        'running>discarded', 'discarded>available')) IS NOT TRUE)
    EXECUTE FUNCTION asinqd.refuse('queue.state cannot change in this way: only an available job can be cancelled, a completed one is final');

CREATE TRIGGER queue_delete BEFORE DELETE ON asinqd.queue FOR EACH ROW
    WHEN (old.state = 'running')
    EXECUTE FUNCTION asinqd.refuse('a running job cannot be deleted: its call is in progress');

-- TRUNCATE fires no trigger for a row.
CREATE TRIGGER queue_truncate BEFORE TRUNCATE ON asinqd.queue
    EXECUTE FUNCTION asinqd.refuse('a running job cannot be deleted: its call is in progress');

-- A page at a time, as its call is settled; back to the first one only if a dead letter whose pages were
-- replaced since is retried.
CREATE TRIGGER queue_pages_done BEFORE UPDATE ON asinqd.queue FOR EACH ROW
    WHEN ((new.pages_done IS DISTINCT FROM old.pages_done OR new.page_offset IS DISTINCT FROM old.page_offset)
          AND (old.state = 'running' AND new.state = 'available'
                   AND new.pages_done = old.pages_done + 1 AND new.page_offset > old.page_offset
               OR old.state = 'discarded' AND new.state = 'available'
                   AND new.pages_done = 0 AND new.page_offset = 0) IS NOT TRUE)
    EXECUTE FUNCTION asinqd.refuse('queue.pages_done and page_offset change only with a page that has come');

-- These two rules read the endpoint.
CREATE FUNCTION asinqd.queue_endpoint_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    facts asinqd.endpoint;
    refusal text;
BEGIN
    SELECT * INTO facts FROM asinqd.endpoint WHERE name = old.endpoint;
    refusal := CASE
        WHEN new.pages IS DISTINCT FROM old.pages AND (facts.has_pages = 1) IS NOT TRUE
        THEN 'queue.pages is only for an endpoint that has pages: leave the column out'
        WHEN new.then_lookup IS DISTINCT FROM old.then_lookup
             AND (old.state NOT IN ('available', 'running') OR facts.leads_to IS NULL)
        THEN 'queue.then_lookup can change only while the job is open, at an endpoint that leads to another'
        WHEN new.then_lookup NOT BETWEEN 0 AND 253402300799999
        THEN 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999'
    END;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = refusal, ERRCODE = 'check_violation', SCHEMA = 'asinqd', TABLE = 'queue';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER queue_endpoint_rules BEFORE UPDATE ON asinqd.queue FOR EACH ROW
    WHEN (new.pages IS DISTINCT FROM old.pages OR new.then_lookup IS DISTINCT FROM old.then_lookup)
    EXECUTE FUNCTION asinqd.queue_endpoint_rules();

-- Jobs that a statement ends are counted here, so that no writer can forget them. Once for each statement: a
-- counter that is updated for each row of one transaction keeps a dead version for each.
--
-- Runs with the owner's rights, so that a role that may cancel jobs needs none for the tally. The first plan of a
-- session is kept for statements with any number of rows. A nested loop would take minutes for 100,000 of them.
CREATE FUNCTION asinqd.queue_tally() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off
AS $$
DECLARE
    ended record;
    free_part bigint;
BEGIN
    FOR ended IN
        SELECT job.endpoint, job.state, count(*) AS jobs
        FROM new_jobs AS job JOIN old_jobs AS earlier ON earlier.id = job.id
        WHERE job.state IN ('completed', 'discarded', 'cancelled') AND earlier.state <> job.state
        GROUP BY job.endpoint, job.state
    LOOP
        SELECT part INTO free_part FROM asinqd.job_tally_part
        WHERE endpoint = ended.endpoint AND state = ended.state
        LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE asinqd.job_tally_part SET jobs = jobs + ended.jobs
            WHERE endpoint = ended.endpoint AND state = ended.state AND part = free_part;
        ELSE
            INSERT INTO asinqd.job_tally_part (endpoint, state, jobs)
            VALUES (ended.endpoint, ended.state, ended.jobs);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_tally AFTER UPDATE ON asinqd.queue
    REFERENCING OLD TABLE AS old_jobs NEW TABLE AS new_jobs
    EXECUTE FUNCTION asinqd.queue_tally();

CREATE TRIGGER ledger_insert BEFORE INSERT ON asinqd.ledger FOR EACH ROW
    WHEN (new.settled_at IS NOT NULL)
    EXECUTE FUNCTION asinqd.refuse('a ledger entry is written before its call, and settled after it');

-- Settled once and for all. Only its instants may move back, when the clock was set back, except the
-- server's.
CREATE TRIGGER ledger_settled_once BEFORE UPDATE ON asinqd.ledger FOR EACH ROW
    WHEN (old.settled_at IS NOT NULL AND (
        new.settled_at IS NULL OR new.settled_at > old.settled_at
        OR new.retry_at > old.retry_at OR new.full_at > old.full_at
        OR new.daily_reset_at > old.daily_reset_at
        OR (new.retry_at IS NULL) <> (old.retry_at IS NULL)
        OR (new.full_at IS NULL) <> (old.full_at IS NULL)
        OR (new.daily_reset_at IS NULL) <> (old.daily_reset_at IS NULL)
        OR new.outcome IS DISTINCT FROM old.outcome OR new.charged IS DISTINCT FROM old.charged
        OR new.http_status IS DISTINCT FROM old.http_status OR new.daily_left IS DISTINCT FROM old.daily_left
        OR new.daily_pool IS DISTINCT FROM old.daily_pool OR new.server_at IS DISTINCT FROM old.server_at
        OR new.sent_at IS DISTINCT FROM old.sent_at
        OR new.drift IS DISTINCT FROM old.drift OR new.message IS DISTINCT FROM old.message))
    EXECUTE FUNCTION asinqd.refuse('a ledger entry is settled once');

CREATE TRIGGER ledger_identity BEFORE UPDATE ON asinqd.ledger FOR EACH ROW
    WHEN (new.id IS DISTINCT FROM old.id OR new.account IS DISTINCT FROM old.account
          OR new.endpoint IS DISTINCT FROM old.endpoint OR new.slot IS DISTINCT FROM old.slot
          OR new.products::text IS DISTINCT FROM old.products::text
          OR new.reserved IS DISTINCT FROM old.reserved OR new.started_at IS DISTINCT FROM old.started_at
          OR new.lease_until IS DISTINCT FROM old.lease_until OR new.host_id IS DISTINCT FROM old.host_id)
    EXECUTE FUNCTION asinqd.refuse('a ledger entry''s call never changes');

CREATE TRIGGER ledger_delete BEFORE DELETE ON asinqd.ledger FOR EACH ROW
    WHEN (old.settled_at IS NULL)
    EXECUTE FUNCTION asinqd.refuse('an open ledger entry cannot be deleted: its call is in progress');

CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON asinqd.ledger
    EXECUTE FUNCTION asinqd.refuse('an open ledger entry cannot be deleted: its call is in progress');

-- A settlement is counted here, so that no writer can forget it.
CREATE FUNCTION asinqd.ledger_tally() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ms bigint := new.settled_at - new.started_at;
BEGIN
    INSERT INTO asinqd.tally AS kept (account, endpoint, hour, outcome, calls, products, tokens, drift_up,
                                      drift_down, duration_ms, le_100, le_250, le_500, le_1000, le_2500,
                                      le_5000, le_10000, le_30000)
    VALUES (new.account, new.endpoint, new.settled_at / 3600000, new.outcome, 1,
            json_array_length(new.products), new.charged,
            greatest(0, new.drift), greatest(0, -new.drift), greatest(0, ms),
            (ms <= 100)::integer, (ms <= 250)::integer, (ms <= 500)::integer, (ms <= 1000)::integer,
            (ms <= 2500)::integer, (ms <= 5000)::integer, (ms <= 10000)::integer, (ms <= 30000)::integer)
    ON CONFLICT (account, endpoint, hour, outcome) DO UPDATE SET
        calls = kept.calls + 1, products = kept.products + excluded.products,
        tokens = kept.tokens + excluded.tokens,
        drift_up = kept.drift_up + excluded.drift_up, drift_down = kept.drift_down + excluded.drift_down,
        duration_ms = kept.duration_ms + excluded.duration_ms,
        le_100 = kept.le_100 + excluded.le_100, le_250 = kept.le_250 + excluded.le_250,
        le_500 = kept.le_500 + excluded.le_500, le_1000 = kept.le_1000 + excluded.le_1000,
        le_2500 = kept.le_2500 + excluded.le_2500, le_5000 = kept.le_5000 + excluded.le_5000,
        le_10000 = kept.le_10000 + excluded.le_10000, le_30000 = kept.le_30000 + excluded.le_30000;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_tally AFTER UPDATE ON asinqd.ledger FOR EACH ROW
    WHEN (old.settled_at IS NULL AND new.settled_at IS NOT NULL)
    EXECUTE FUNCTION asinqd.ledger_tally();

-- Before the first revision of a statement is drawn: waits until other transactions that stored results have
-- ended. Without it, a reader that keeps the highest revision it has read would miss a lower one that is
-- committed later.
CREATE FUNCTION asinqd.result_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1634954866);
    RETURN NULL;
END $$;
CREATE TRIGGER result_order BEFORE INSERT OR UPDATE ON asinqd.result
    EXECUTE FUNCTION asinqd.result_order();

-- A result that changes gets a revision of its own.
CREATE FUNCTION asinqd.result_update() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    new.revision := nextval('asinqd.result_revision_seq');
    RETURN new;
END $$;
CREATE TRIGGER result_update BEFORE UPDATE ON asinqd.result FOR EACH ROW
    EXECUTE FUNCTION asinqd.result_update();

-- Before the row's constraints and its conflict with another row are checked, as in queue_insert.
CREATE FUNCTION asinqd.schedule_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    facts asinqd.endpoint;
    refusal text;
BEGIN
    SELECT * INTO facts FROM asinqd.endpoint WHERE name = new.endpoint;
    refusal := CASE
        WHEN facts.name IS NULL
        THEN 'schedule.endpoint must be a name in the table endpoint'
        WHEN (length(new.label) BETWEEN 1 AND 100) IS NOT TRUE
        THEN 'schedule.label must be a text of 1 to 100 characters'
        WHEN new.account IS NOT NULL AND NOT EXISTS (
            SELECT FROM asinqd.account WHERE name = new.account AND provider = facts.provider)
        THEN 'schedule.account must be NULL or the name of an account of the endpoint''s provider, see the table account'
        WHEN (new.every_ms BETWEEN 3600000 AND 315360000000) IS NOT TRUE
        THEN 'schedule.every_ms must be in milliseconds, from 3600000 (an hour) to 315360000000 (ten years)'
        WHEN (new.priority BETWEEN 0 AND 9) IS NOT TRUE
        THEN 'schedule.priority must be a whole number from 0 (first) to 9'
        WHEN (new.is_all_known IN (0, 1) AND new.is_paused IN (0, 1)) IS NOT TRUE
        THEN 'schedule.is_all_known and is_paused must be 0 or 1'
        WHEN (new.created_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN 'schedule.created_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out'
        WHEN new.last_revision IS DISTINCT FROM 0
        THEN 'schedule.last_revision belongs to asinqd: leave it out'
    END;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = refusal, ERRCODE = 'check_violation', SCHEMA = 'asinqd', TABLE = 'schedule';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER schedule_insert BEFORE INSERT ON asinqd.schedule FOR EACH ROW
    EXECUTE FUNCTION asinqd.schedule_insert();

CREATE TRIGGER schedule_identity BEFORE UPDATE ON asinqd.schedule FOR EACH ROW
    WHEN (new.id IS DISTINCT FROM old.id OR new.endpoint IS DISTINCT FROM old.endpoint
          OR new.label IS DISTINCT FROM old.label OR new.account IS DISTINCT FROM old.account
          OR new.is_all_known IS DISTINCT FROM old.is_all_known)
    EXECUTE FUNCTION asinqd.refuse('schedule.id, endpoint, label, account and is_all_known never change: delete the schedule and insert another');

CREATE FUNCTION asinqd.schedule_product_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    facts asinqd.endpoint;
    refusal text;
BEGIN
    SELECT endpoint.* INTO facts
    FROM asinqd.schedule JOIN asinqd.endpoint ON endpoint.name = schedule.endpoint
    WHERE schedule.id = new.schedule_id;
    refusal := CASE
        WHEN facts.name IS NULL
        THEN 'schedule_product.schedule_id must be the id of a row in schedule'
        -- The rules of queue for products.
        ELSE regexp_replace(asinqd.product_refusal(facts.product_form, facts.product_pattern, new.product),
                            '^queue', 'schedule_product')
    END;
    IF refusal IS NULL AND (new.due_at BETWEEN 0 AND 253402300799999) IS NOT TRUE THEN
        refusal := 'schedule_product.due_at must be in milliseconds since 1970, up to 253402300799999, or 0 for at once';
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = refusal, ERRCODE = 'check_violation', SCHEMA = 'asinqd',
            TABLE = 'schedule_product';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER schedule_product_insert BEFORE INSERT ON asinqd.schedule_product FOR EACH ROW
    EXECUTE FUNCTION asinqd.schedule_product_insert();

CREATE TRIGGER schedule_product_identity BEFORE UPDATE ON asinqd.schedule_product FOR EACH ROW
    WHEN (new.schedule_id IS DISTINCT FROM old.schedule_id OR new.product IS DISTINCT FROM old.product)
    EXECUTE FUNCTION asinqd.refuse('schedule_product.schedule_id and product never change: delete the row and insert another');

-- Notifies listeners once for each statement. A commit with a notification waits for other such commits, so a
-- program with many small transactions may turn them off: SET LOCAL asinqd.notify = off, or ALTER ROLE ... SET.
-- Daemons look once a second as well. They turn them off in claims and settlements, which would wake themselves.
CREATE FUNCTION asinqd.notify() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('asinqd.notify', true) IS DISTINCT FROM 'off' THEN
        PERFORM pg_notify(tg_argv[0], '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_notify AFTER INSERT OR UPDATE OF priority, not_before ON asinqd.queue
    EXECUTE FUNCTION asinqd.notify('asinqd_queue');
CREATE TRIGGER lane_notify AFTER INSERT OR UPDATE ON asinqd.lane
    EXECUTE FUNCTION asinqd.notify('asinqd_queue');
CREATE TRIGGER schedule_notify AFTER INSERT OR UPDATE OF every_ms, priority, is_paused ON asinqd.schedule
    EXECUTE FUNCTION asinqd.notify('asinqd_queue');
CREATE TRIGGER schedule_product_notify AFTER INSERT OR UPDATE OF due_at ON asinqd.schedule_product
    EXECUTE FUNCTION asinqd.notify('asinqd_queue');
CREATE TRIGGER result_notify AFTER INSERT OR UPDATE ON asinqd.result
    EXECUTE FUNCTION asinqd.notify('asinqd_result');
