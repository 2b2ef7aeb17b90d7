-- Standing jobs, and counts of finished jobs. No table is rebuilt. The only work that a large file makes longer is
-- to count finished jobs in an index: 70 ms for a million.

-- Jobs that were finished, by the state in which they ended. They stay when the queue is pruned. A job that was
-- put back and ends again counts again.
CREATE TABLE job_tally (
    endpoint TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    jobs     INTEGER NOT NULL,
    PRIMARY KEY (endpoint, state)
) STRICT, WITHOUT ROWID;

INSERT INTO job_tally (endpoint, state, jobs)
SELECT endpoint, state, count(*) FROM queue WHERE finished_at IS NOT NULL GROUP BY endpoint, state;

-- Completed jobs that were pruned are in the tally of calls where an answer has no pages.
INSERT INTO job_tally (endpoint, state, jobs)
SELECT endpoint, 'completed', sum(products) FROM tally
WHERE outcome = 'succeeded'
  AND endpoint IN (SELECT name FROM endpoint WHERE NOT has_pages)
GROUP BY endpoint
ON CONFLICT (endpoint, state) DO UPDATE SET jobs = max(jobs, excluded.jobs);

CREATE TRIGGER queue_tally AFTER UPDATE OF state ON queue
WHEN new.state IN ('completed', 'discarded', 'cancelled') AND old.state IS NOT new.state
BEGIN
    INSERT INTO job_tally (endpoint, state, jobs) VALUES (new.endpoint, new.state, 1)
    ON CONFLICT (endpoint, state) DO UPDATE SET jobs = jobs + 1;
END;

-- Standing jobs: products that asinqd looks up again at an interval, as far as the day's tokens allow. The
-- label of its jobs is its name at the endpoint.
CREATE TABLE schedule (
    id            INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    endpoint      TEXT    NOT NULL,
    label         TEXT    NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    -- NULL: any shared account of the endpoint's provider.
    account       TEXT,
    every_ms      INTEGER NOT NULL CHECK (every_ms BETWEEN 3600000 AND 315360000000),
    priority      INTEGER NOT NULL DEFAULT 9 CHECK (priority BETWEEN 0 AND 9),
    -- 1: all products that have a result at the endpoint. 0: those in schedule_product.
    is_all_known  INTEGER NOT NULL DEFAULT 0 CHECK (is_all_known IN (0, 1)),
    is_paused     INTEGER NOT NULL DEFAULT 0 CHECK (is_paused IN (0, 1)),
    created_at    INTEGER NOT NULL
                  DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
                  CHECK (created_at BETWEEN 0 AND 253402300799999),
    -- With is_all_known: results up to this revision were examined. Revisions are in the order of age.
    last_revision INTEGER NOT NULL DEFAULT 0 CHECK (last_revision >= 0)
) STRICT;

CREATE UNIQUE INDEX schedule_label ON schedule (endpoint, label);

-- The products of a schedule. With is_all_known: those that were enqueued and are not answered yet.
CREATE TABLE schedule_product (
    schedule_id INTEGER NOT NULL,
    product     TEXT    NOT NULL CHECK (length(product) BETWEEN 1 AND 256),
    -- When asinqd examines the product next. 0: at once.
    due_at      INTEGER NOT NULL DEFAULT 0 CHECK (due_at BETWEEN 0 AND 253402300799999),
    -- The open job that asinqd found or enqueued for it.
    job_id      INTEGER,
    PRIMARY KEY (schedule_id, product)
) STRICT, WITHOUT ROWID;

-- The products that are due, the oldest first. 0.07 ms, 159 ms.
CREATE INDEX schedule_due ON schedule_product (schedule_id, due_at);

CREATE TRIGGER schedule_insert BEFORE INSERT ON schedule
BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM schedule WHERE id = new.id)
        THEN RAISE(ABORT, 'schedule.id is taken: leave the column out')
        WHEN facts.name IS NULL
        THEN RAISE(ABORT, 'schedule.endpoint must be a name in the table endpoint')
        WHEN instr(new.label, char(0)) > 0
             OR length(new.label) <= 100 AND new.label GLOB '*[^ -~]*'
                AND EXISTS (WITH RECURSIVE part (rest) AS (
                        SELECT new.label UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                    SELECT 1 FROM part
                    WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                      AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
        THEN RAISE(ABORT, 'schedule.label must be valid UTF-8 without NUL')
        WHEN (typeof(new.label) = 'text' AND length(new.label) BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule.label must be a text of 1 to 100 characters')
        WHEN new.account IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM account
                             WHERE account.name = new.account AND account.provider = facts.provider)
        THEN RAISE(ABORT, 'schedule.account must be NULL or the name of an account of the endpoint''s provider, see the table account')
        WHEN (typeof(new.every_ms) = 'integer'
              AND new.every_ms BETWEEN 3600000 AND 315360000000) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule.every_ms must be in milliseconds, from 3600000 (an hour) to 315360000000 (ten years)')
        WHEN (typeof(new.priority) = 'integer' AND new.priority BETWEEN 0 AND 9) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule.priority must be a whole number from 0 (first) to 9')
        WHEN (typeof(new.is_all_known) = 'integer' AND new.is_all_known IN (0, 1)
              AND typeof(new.is_paused) = 'integer' AND new.is_paused IN (0, 1)) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule.is_all_known and is_paused must be 0 or 1')
        WHEN (typeof(new.created_at) = 'integer'
              AND new.created_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule.created_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out')
        WHEN new.last_revision IS NOT 0
        THEN RAISE(ABORT, 'schedule.last_revision belongs to asinqd: leave it out')
    END
    FROM (SELECT 1) LEFT JOIN endpoint AS facts ON facts.name = new.endpoint;
END;

CREATE TRIGGER schedule_identity BEFORE UPDATE ON schedule
WHEN new.id IS NOT old.id OR new.endpoint IS NOT old.endpoint OR new.label IS NOT old.label
     OR new.account IS NOT old.account OR new.is_all_known IS NOT old.is_all_known
BEGIN
    SELECT RAISE(ABORT, 'schedule.id, endpoint, label, account and is_all_known never change: delete the schedule and insert another');
END;

CREATE TRIGGER schedule_delete AFTER DELETE ON schedule
BEGIN
    DELETE FROM schedule_product WHERE schedule_id = old.id;
END;

-- The rules of queue_insert for products.
CREATE TRIGGER schedule_product_insert BEFORE INSERT ON schedule_product
BEGIN
    SELECT CASE
        WHEN product_form IS NULL
        THEN RAISE(ABORT, 'schedule_product.schedule_id must be the id of a row in schedule')
        -- The length in bytes, because GLOB and length() stop at a NUL.
        WHEN product_form = 'asin'
             AND (length(CAST(new.product AS BLOB)) = 10
                  AND (new.product GLOB '[A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]'
                       OR new.product GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]')) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule_product.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10')
        WHEN product_form = 'code'
             AND (new.product NOT GLOB '*[^0-9]*' AND instr(new.product, char(0)) = 0
                  AND (length(new.product) IN (8, 13)
                       OR length(new.product) = 14 AND new.product NOT GLOB '0*')) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule_product.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8')
        -- GS1: from the right, the check digit left out, the weights are 3, 1, 3 and so on.
        WHEN product_form = 'code'
             AND (SELECT (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10
                               + n / 10000000 % 10 + n / 1000000000 % 10
                               + n / 100000000000 % 10 + n / 10000000000000)
                          + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10
                          + n / 100000000 % 10 + n / 10000000000 % 10
                          + n / 1000000000000 % 10) % 10
                  FROM (SELECT CAST(new.product AS INTEGER) AS n)) <> 0
        THEN RAISE(ABORT, 'schedule_product.product has a wrong check digit, its last one: look for a mistyped digit')
        WHEN product_form = 'query' AND length(new.product) <= 256
             AND new.product GLOB '*[^ -~]*'
             AND EXISTS (WITH RECURSIVE part (rest) AS (
                             SELECT new.product UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                         SELECT 1 FROM part
                         WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                           AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
        THEN RAISE(ABORT, 'schedule_product.product must be valid UTF-8')
        -- What Unicode calls White_Space, and the control characters, which end at 159.
        WHEN product_form = 'query'
             AND (length(new.product) BETWEEN 1 AND 256 AND instr(new.product, char(0)) = 0
                  AND new.product NOT GLOB '*[' || char(1) || '-' || char(31, 127) || '-' || char(159) || ']*'
                  AND trim(new.product, char(32, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
                      = new.product) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule_product.product must be a query: 1 to 256 characters, no blank first or last, no control characters')
        WHEN product_pattern IS NOT NULL
             AND (length(new.product) BETWEEN 1 AND 256 AND instr(new.product, char(0)) = 0
                  AND new.product GLOB product_pattern) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule_product.product must match the product_pattern of its endpoint, see the table endpoint')
        WHEN (typeof(new.due_at) = 'integer'
              AND new.due_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'schedule_product.due_at must be in milliseconds since 1970, up to 253402300799999, or 0 for at once')
    END
    FROM (SELECT 1)
    LEFT JOIN schedule ON schedule.id = new.schedule_id
    LEFT JOIN endpoint AS facts ON facts.name = schedule.endpoint;
END;

CREATE TRIGGER schedule_product_identity BEFORE UPDATE ON schedule_product
WHEN new.schedule_id IS NOT old.schedule_id OR new.product IS NOT old.product
BEGIN
    SELECT RAISE(ABORT, 'schedule_product.schedule_id and product never change: delete the row and insert another');
END;
