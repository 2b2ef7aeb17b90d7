-- The whole schema of version 7. The contract for other programs is schema/README.md.
-- Instants are whole milliseconds since 1970, UTC.

-- The program's catalog of endpoints. asinqd fills it when it opens the file for writing.
CREATE TABLE endpoint (
    name         TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    provider     TEXT    NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
    product_form TEXT    NOT NULL CHECK (length(product_form) BETWEEN 1 AND 64),
    -- What GLOB must match of a product. NULL for the three forms whose rules are in queue_insert.
    product_pattern TEXT CHECK (length(product_pattern) BETWEEN 1 AND 1000),
    -- 1: an answer comes in pages, each with a call of its own.
    has_pages    INTEGER NOT NULL DEFAULT 0 CHECK (has_pages IN (0, 1)),
    -- The endpoint that looks up the code that an answer here leads to.
    leads_to     TEXT    CHECK (leads_to <> name),
    CHECK ((product_form IN ('asin', 'code', 'query')) = (product_pattern IS NULL))
) STRICT, WITHOUT ROWID;

-- One row for each key of a provider in the settings. The key itself is stored nowhere.
CREATE TABLE account (
    name      TEXT    NOT NULL PRIMARY KEY
              CHECK (length(CAST(name AS BLOB)) BETWEEN 1 AND 64 AND name GLOB '[a-z]*'
                     AND name NOT GLOB '*[^a-z0-9_-]*' AND instr(name, char(0)) = 0),
    provider  TEXT    NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
    -- 1: it also takes jobs that name no account.
    is_shared INTEGER NOT NULL DEFAULT 1 CHECK (is_shared IN (0, 1))
) STRICT, WITHOUT ROWID;

-- The limits that the daemon works with, and its earlier ones.
CREATE TABLE limit_setting (
    account TEXT    NOT NULL,
    since   INTEGER NOT NULL CHECK (since BETWEEN 0 AND 253402300799999),
    figures TEXT    NOT NULL CHECK (json_valid(figures) AND json_type(figures) = 'object'),
    PRIMARY KEY (account, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue (
    id          INTEGER PRIMARY KEY NOT NULL,
    endpoint    TEXT    NOT NULL,
    product     TEXT    NOT NULL CHECK (length(product) BETWEEN 1 AND 256),
    -- NULL: any shared account of the endpoint's provider.
    account     TEXT,
    state       TEXT    NOT NULL DEFAULT 'available'
                CHECK (state IN ('available', 'running', 'completed', 'discarded', 'cancelled')),
    priority    INTEGER NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
    label       TEXT    CHECK (length(label) BETWEEN 1 AND 100),
    enqueued_at INTEGER NOT NULL
                DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
                CHECK (enqueued_at BETWEEN 0 AND 253402300799999),
    -- 0: at once. The last millisecond of the year 9999: paused.
    not_before  INTEGER NOT NULL DEFAULT 0 CHECK (not_before BETWEEN 0 AND 253402300799999),
    failures    INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    snoozes     INTEGER NOT NULL DEFAULT 0 CHECK (snoozes >= 0),
    batch_limit INTEGER NOT NULL DEFAULT 100 CHECK (batch_limit BETWEEN 1 AND 100),
    -- The last call that took this job.
    call_id     INTEGER,
    finished_at INTEGER CHECK (finished_at BETWEEN 0 AND 253402300799999),
    error       TEXT    CHECK (length(error) <= 1000),
    -- At an endpoint that has pages: how many to fetch at most, how many have come while there are more
    -- to fetch, and where the next one begins, in the provider's own count.
    pages       INTEGER NOT NULL DEFAULT 2 CHECK (pages BETWEEN 1 AND 100),
    pages_done  INTEGER NOT NULL DEFAULT 0 CHECK (pages_done >= 0),
    page_offset INTEGER NOT NULL DEFAULT 0 CHECK (page_offset >= 0),
    -- At an endpoint that leads to another: the code that the answer leads to is looked up, unless that
    -- was done within this many milliseconds. NULL: it is not.
    then_lookup INTEGER CHECK (then_lookup BETWEEN 0 AND 253402300799999),
    CHECK ((state IN ('completed', 'discarded', 'cancelled')) = (finished_at IS NOT NULL)),
    CHECK (state <> 'running' OR call_id IS NOT NULL),
    CHECK ((state = 'discarded') <= (error IS NOT NULL))
) STRICT;

-- The two figures at an index are the duration of the statement that it serves with it and without it, over a
-- million jobs and 200,000 calls (`make benchmark`, which names the statements).

-- One open job for each product at an endpoint, by account. This also applies to raw SQL: INSERT OR IGNORE.
CREATE UNIQUE INDEX queue_open ON queue (endpoint, product, ifnull(account, ''))
    WHERE state IN ('available', 'running');

-- Jobs that may run at once, in the order in which they are taken (the id is the index's last column).
-- 0.09 ms, 213 ms.
CREATE INDEX queue_ready ON queue (endpoint, account, priority)
    WHERE state = 'available' AND not_before = 0 AND failures = 0;

-- The same for jobs that failed before: after a failure the others go first, however many there are. 0.07 ms,
-- 168 ms.
CREATE INDEX queue_retry ON queue (endpoint, account, priority)
    WHERE state = 'available' AND not_before = 0 AND failures > 0;

-- Jobs that wait for their time. Due jobs are promoted to those that may run at once, where the order of ids
-- applies. 0.03 ms, 180 ms.
CREATE INDEX queue_scheduled ON queue (endpoint, account, priority, not_before)
    WHERE state = 'available' AND not_before > 0;

-- A call's jobs. 0.04 ms, 121 ms.
CREATE INDEX queue_running ON queue (call_id) WHERE state = 'running';

-- Counts by state, and dead letters. 67 ms, 373 ms.
CREATE INDEX queue_finished ON queue (endpoint, state, finished_at) WHERE finished_at IS NOT NULL;

-- Jobs to cancel, pause or retry. 0.02 ms, 104 ms.
CREATE INDEX queue_label ON queue (label, endpoint, state) WHERE label IS NOT NULL;

-- Labels of waiting jobs, for forecasts: their number and the last of them, by line and by their time. Labels
-- whose jobs are all finished are not in it, but in queue_label. 0.02 ms, 161 ms.
CREATE INDEX queue_label_waiting ON queue (label, endpoint, account, priority, not_before)
    WHERE label IS NOT NULL AND state = 'available';

-- Jobs whose answer may lead to another endpoint, for the upper bound of forecasts. Most jobs have none.
CREATE INDEX queue_leading ON queue (endpoint, account, priority, not_before)
    WHERE then_lookup IS NOT NULL AND state = 'available';

CREATE TABLE ledger (
    id             INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account        TEXT    NOT NULL CHECK (length(account) BETWEEN 1 AND 64),
    endpoint       TEXT    NOT NULL CHECK (length(endpoint) BETWEEN 1 AND 64),
    -- Which of the lanes of an endpoint whose calls may overlap.
    slot           INTEGER NOT NULL DEFAULT 0 CHECK (slot BETWEEN 0 AND 63),
    products       TEXT    NOT NULL
                   CHECK (json_valid(products) AND json_type(products) = 'array'
                          AND json_array_length(products) BETWEEN 1 AND 100),
    reserved       INTEGER NOT NULL CHECK (reserved >= 1),
    started_at     INTEGER NOT NULL,
    lease_until    INTEGER NOT NULL CHECK (lease_until > started_at),
    settled_at     INTEGER,
    outcome        TEXT    CHECK (outcome IN ('succeeded', 'rate_limited', 'rejected', 'unauthorized',
                                              'misdirected', 'failed', 'unsent', 'expired')),
    charged        INTEGER CHECK (charged >= 0),
    http_status    INTEGER CHECK (http_status BETWEEN 100 AND 999),
    daily_left     INTEGER CHECK (daily_left >= 0),
    daily_reset_at INTEGER,
    drift          INTEGER,
    retry_at       INTEGER,
    message        TEXT    CHECK (length(message) <= 1000),
    -- When the endpoint's token bucket is full again; NULL where it has none.
    full_at        INTEGER,
    -- Which pool has the balance: the endpoint's own. NULL: the one that the account's endpoints share.
    daily_pool     TEXT    CHECK (daily_pool IS NULL
                                  OR daily_pool = endpoint AND daily_left IS NOT NULL),
    -- What the server's clock said when it answered (the reply's Date, in whole seconds).
    server_at      INTEGER CHECK (server_at IS NULL
                                  OR settled_at IS NOT NULL
                                     AND server_at BETWEEN 0 AND 253402300799999),
    -- When the request left, by our clock. NULL: no reply came.
    sent_at        INTEGER CHECK (sent_at IS NULL
                                  OR settled_at IS NOT NULL
                                     AND sent_at BETWEEN 0 AND 253402300799999),
    CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CHECK ((settled_at IS NULL) = (charged IS NULL)),
    CHECK (settled_at IS NOT NULL
           OR coalesce(http_status, daily_left, daily_reset_at, drift, retry_at, message,
                       full_at) IS NULL),
    CHECK ((daily_left IS NULL) = (daily_reset_at IS NULL))
) STRICT;

-- One call in flight for each lane.
CREATE UNIQUE INDEX ledger_open ON ledger (account, endpoint, slot) WHERE settled_at IS NULL;

-- An endpoint's last calls. 0.02 ms, 63 ms.
CREATE INDEX ledger_calls ON ledger (account, endpoint);

-- Calls that count for the limits. 0.04 ms, 35 ms.
CREATE INDEX ledger_settled ON ledger (account, endpoint, settled_at);

CREATE TABLE lane (
    account       TEXT    NOT NULL,
    endpoint      TEXT    NOT NULL,
    paused_at     INTEGER,
    -- The ledger's last id at the last `resume` or start: calls up to it hold nothing back.
    resumed_after INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, endpoint)
) STRICT;

-- Each answer that is stored or replaced gets the next revision, which is never reused.
CREATE TABLE result (
    revision   INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    endpoint   TEXT    NOT NULL CHECK (length(endpoint) BETWEEN 1 AND 64),
    product    TEXT    NOT NULL,
    found      INTEGER NOT NULL CHECK (found IN (0, 1)),
    -- json_valid(NULL) is NULL from SQLite 3.45 on, and 0 before.
    body       TEXT    CHECK (body IS NULL OR json_valid(body)),
    fetched_at INTEGER NOT NULL,
    call_id    INTEGER NOT NULL,
    CHECK (found = 0 OR body IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX result_product ON result (endpoint, product);

-- Sums of settled calls, by the hour in which they were settled. They stay when the ledger is pruned. le_N:
-- calls that took at most N milliseconds.
CREATE TABLE tally (
    account     TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    hour        INTEGER NOT NULL,
    outcome     TEXT    NOT NULL,
    calls       INTEGER NOT NULL,
    products    INTEGER NOT NULL,
    tokens      INTEGER NOT NULL,
    drift_up    INTEGER NOT NULL,
    drift_down  INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    le_100      INTEGER NOT NULL,
    le_250      INTEGER NOT NULL,
    le_500      INTEGER NOT NULL,
    le_1000     INTEGER NOT NULL,
    le_2500     INTEGER NOT NULL,
    le_5000     INTEGER NOT NULL,
    le_10000    INTEGER NOT NULL,
    le_30000    INTEGER NOT NULL,
    PRIMARY KEY (account, endpoint, hour, outcome)
) STRICT, WITHOUT ROWID;

-- Rows that were inserted into the view inbox and rejected.
CREATE TABLE rejected (
    id       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    endpoint TEXT,
    product  TEXT,
    reason   TEXT    NOT NULL,
    at       INTEGER NOT NULL
             DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;

-- Jobs that were finished, by the state in which they ended. They stay when the queue is pruned. A job that was
-- put back and ends again counts again.
CREATE TABLE job_tally (
    endpoint TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    jobs     INTEGER NOT NULL,
    PRIMARY KEY (endpoint, state)
) STRICT, WITHOUT ROWID;

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

-- CHECKs are silent under INSERT OR IGNORE, which the contract recommends to other programs. So the rules for
-- a new row are here, where a violation is an error in every case and has a message. The trigger
-- inbox_checked_insert has the same rules and messages.
--
-- Most rows have an ASIN, and the rules of other forms cost them nothing. One GLOB finds text that is all
-- printable ASCII. Any other text is compared, character by character, with SQLite's own encoding of what its
-- decoder reads: they differ for lone, missing and surplus bytes, overlong forms, surrogates, and code points
-- above U+10FFFF. The decoder also replaces U+FFFE and U+FFFF, which are valid. A text that is too long for
-- the next rule is left to that rule.
CREATE TRIGGER queue_insert BEFORE INSERT ON queue
BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM queue WHERE id = new.id)
        THEN RAISE(ABORT, 'queue.id is taken: leave the column out')
        WHEN product_form IS NULL
        THEN RAISE(ABORT, 'queue.endpoint must be a name in the table endpoint')
        -- The length in bytes, because GLOB and length() stop at a NUL.
        WHEN product_form = 'asin'
             AND (length(CAST(new.product AS BLOB)) = 10
                  AND (new.product GLOB '[A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]'
                       OR new.product GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10')
        WHEN product_form = 'code'
             AND (new.product NOT GLOB '*[^0-9]*' AND instr(new.product, char(0)) = 0
                  AND (length(new.product) IN (8, 13)
                       OR length(new.product) = 14 AND new.product NOT GLOB '0*')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8')
        -- GS1: from the right, the check digit left out, the weights are 3, 1, 3 and so on.
        WHEN product_form = 'code'
             AND (SELECT (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10
                               + n / 10000000 % 10 + n / 1000000000 % 10
                               + n / 100000000000 % 10 + n / 10000000000000)
                          + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10
                          + n / 100000000 % 10 + n / 10000000000 % 10
                          + n / 1000000000000 % 10) % 10
                  FROM (SELECT CAST(new.product AS INTEGER) AS n)) <> 0
        THEN RAISE(ABORT, 'queue.product has a wrong check digit, its last one: look for a mistyped digit')
        WHEN product_form = 'query' AND length(new.product) <= 256
             AND new.product GLOB '*[^ -~]*'
             AND EXISTS (WITH RECURSIVE part (rest) AS (
                             SELECT new.product UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                         SELECT 1 FROM part
                         WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                           AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
        THEN RAISE(ABORT, 'queue.product must be valid UTF-8')
        -- What Unicode calls White_Space, and the control characters, which end at 159.
        WHEN product_form = 'query'
             AND (length(new.product) BETWEEN 1 AND 256 AND instr(new.product, char(0)) = 0
                  AND new.product NOT GLOB '*[' || char(1) || '-' || char(31, 127) || '-' || char(159) || ']*'
                  AND trim(new.product, char(32, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
                      = new.product) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must be a query: 1 to 256 characters, no blank first or last, no control characters')
        WHEN product_pattern IS NOT NULL
             AND (length(new.product) BETWEEN 1 AND 256 AND instr(new.product, char(0)) = 0
                  AND new.product GLOB product_pattern) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must match the product_pattern of its endpoint, see the table endpoint')
        WHEN new.account IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM account
                             WHERE account.name = new.account AND account.provider = facts.provider)
        THEN RAISE(ABORT, 'queue.account must be NULL or the name of an account of the endpoint''s provider, see the table account')
        WHEN new.state IS NOT 'available'
        THEN RAISE(ABORT, 'queue.state of a new row must be ''available'': leave the column out')
        WHEN (typeof(new.priority) = 'integer' AND new.priority BETWEEN 0 AND 9) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.priority must be a whole number from 0 (first) to 9')
        WHEN new.label IS NOT NULL
             AND (instr(new.label, char(0)) > 0
                  OR length(new.label) <= 100 AND new.label GLOB '*[^ -~]*'
                     AND EXISTS (WITH RECURSIVE part (rest) AS (
                             SELECT new.label UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                         SELECT 1 FROM part
                         WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                           AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF')))
        THEN RAISE(ABORT, 'queue.label must be valid UTF-8 without NUL')
        WHEN new.label IS NOT NULL
             AND (typeof(new.label) = 'text' AND length(new.label) BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.label must be NULL or a text of 1 to 100 characters')
        WHEN (typeof(new.enqueued_at) = 'integer'
              AND new.enqueued_at BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.enqueued_at must be in milliseconds since 1970, from 0 to 253402300799999: leave the column out')
        WHEN (typeof(new.not_before) = 'integer'
              AND new.not_before BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.not_before must be in milliseconds since 1970, up to 253402300799999, or 0 for at once')
        WHEN (typeof(new.batch_limit) = 'integer'
              AND new.batch_limit BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.batch_limit must be a whole number from 1 to 100')
        WHEN (new.pages BETWEEN 1 AND 100) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.pages must be a whole number from 1 to 100')
        WHEN new.pages <> 2 AND NOT has_pages
        THEN RAISE(ABORT, 'queue.pages is only for an endpoint that has pages: leave the column out')
        WHEN new.then_lookup IS NOT NULL AND leads_to IS NULL
        THEN RAISE(ABORT, 'queue.then_lookup is only for an endpoint that leads to another: leave the column out')
        WHEN new.then_lookup NOT BETWEEN 0 AND 253402300799999
        THEN RAISE(ABORT, 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999')
        WHEN new.failures IS NOT 0 OR new.snoozes IS NOT 0 OR new.call_id IS NOT NULL
             OR new.finished_at IS NOT NULL OR new.error IS NOT NULL
        THEN RAISE(ABORT, 'queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out')
        WHEN new.pages_done IS NOT 0 OR new.page_offset IS NOT 0
        THEN RAISE(ABORT, 'queue.pages_done and page_offset belong to asinqd: leave them out')
    END
    -- One seek, and one row even where there is no such endpoint.
    FROM (SELECT 1) LEFT JOIN endpoint AS facts ON facts.name = new.endpoint;
END;

-- Not UPDATE OF: that would miss `SET rowid`.
CREATE TRIGGER queue_identity BEFORE UPDATE ON queue
WHEN new.id IS NOT old.id OR new.endpoint IS NOT old.endpoint OR new.product IS NOT old.product
     OR new.account IS NOT old.account
BEGIN
    SELECT RAISE(ABORT, 'queue.id, endpoint, product and account never change: cancel the job and insert another');
END;

CREATE TRIGGER queue_state BEFORE UPDATE OF state ON queue
WHEN new.state IS NOT old.state AND ((old.state || '>' || new.state) IN (
    'available>running', 'available>cancelled', 'running>available', 'running>completed',
    'running>discarded', 'discarded>available')) IS NOT TRUE
BEGIN
    SELECT RAISE(ABORT, 'queue.state cannot change in this way: only an available job can be cancelled, a completed one is final');
END;

CREATE TRIGGER queue_delete BEFORE DELETE ON queue WHEN old.state = 'running'
BEGIN
    SELECT RAISE(ABORT, 'a running job cannot be deleted: its call is in progress');
END;

CREATE TRIGGER queue_pages BEFORE UPDATE OF pages ON queue
WHEN new.pages IS NOT old.pages
    AND (SELECT has_pages FROM endpoint WHERE name = old.endpoint) IS NOT TRUE
BEGIN
    SELECT RAISE(ABORT, 'queue.pages is only for an endpoint that has pages: leave the column out');
END;

-- A page at a time, as its call is settled; back to the first one only if a dead letter whose pages were
-- replaced since is retried.
CREATE TRIGGER queue_pages_done BEFORE UPDATE OF pages_done, page_offset ON queue
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
BEGIN
    SELECT CASE
        WHEN old.state NOT IN ('available', 'running')
             OR (SELECT leads_to FROM endpoint WHERE name = old.endpoint) IS NULL
        THEN RAISE(ABORT, 'queue.then_lookup can change only while the job is open, at an endpoint that leads to another')
        WHEN new.then_lookup IS NOT NULL
             AND (new.then_lookup BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999')
    END;
END;

CREATE TRIGGER queue_label_text BEFORE UPDATE OF label ON queue
WHEN new.label IS NOT old.label
    AND (instr(new.label, char(0)) > 0
         OR length(new.label) <= 100 AND new.label GLOB '*[^ -~]*'
            AND EXISTS (WITH RECURSIVE part (rest) AS (
                    SELECT new.label UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                SELECT 1 FROM part
                WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                  AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF')))
BEGIN
    SELECT RAISE(ABORT, 'queue.label must be valid UTF-8 without NUL');
END;

CREATE TRIGGER queue_error_text BEFORE UPDATE OF error ON queue
WHEN new.error IS NOT old.error
    AND (instr(new.error, char(0)) > 0
         OR length(new.error) <= 1000 AND new.error GLOB '*[^ -~]*'
            AND EXISTS (WITH RECURSIVE part (rest) AS (
                    SELECT new.error UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                SELECT 1 FROM part
                WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                  AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF')))
BEGIN
    SELECT RAISE(ABORT, 'queue.error must be valid UTF-8 without NUL');
END;

CREATE TRIGGER queue_tally AFTER UPDATE OF state ON queue
WHEN new.state IN ('completed', 'discarded', 'cancelled') AND old.state IS NOT new.state
BEGIN
    INSERT INTO job_tally (endpoint, state, jobs) VALUES (new.endpoint, new.state, 1)
    ON CONFLICT (endpoint, state) DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger WHEN new.settled_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is written before its call, and settled after it');
END;

-- Settled once and for all. Only its instants may move back, when the clock was set back, except the
-- server's.
CREATE TRIGGER ledger_settled_once BEFORE UPDATE ON ledger WHEN old.settled_at IS NOT NULL AND (
    new.settled_at IS NULL OR new.settled_at > old.settled_at
    OR new.retry_at > old.retry_at OR new.full_at > old.full_at
    OR new.daily_reset_at > old.daily_reset_at
    OR (new.retry_at IS NULL) <> (old.retry_at IS NULL)
    OR (new.full_at IS NULL) <> (old.full_at IS NULL)
    OR new.outcome IS NOT old.outcome OR new.charged IS NOT old.charged
    OR new.http_status IS NOT old.http_status OR new.daily_left IS NOT old.daily_left
    OR new.daily_pool IS NOT old.daily_pool OR new.server_at IS NOT old.server_at
    OR new.sent_at IS NOT old.sent_at
    OR new.drift IS NOT old.drift OR new.message IS NOT old.message)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is settled once');
END;

CREATE TRIGGER ledger_identity BEFORE UPDATE ON ledger
WHEN new.id IS NOT old.id OR new.account IS NOT old.account OR new.endpoint IS NOT old.endpoint
     OR new.slot IS NOT old.slot OR new.products IS NOT old.products
     OR new.reserved IS NOT old.reserved OR new.started_at IS NOT old.started_at
     OR new.lease_until IS NOT old.lease_until
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry''s call never changes');
END;

CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger WHEN old.settled_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'an open ledger entry cannot be deleted: its call is in progress');
END;

-- A settlement is counted here, so that no writer can forget it.
CREATE TRIGGER ledger_tally AFTER UPDATE OF settled_at ON ledger
WHEN old.settled_at IS NULL AND new.settled_at IS NOT NULL
BEGIN
    INSERT INTO tally (account, endpoint, hour, outcome, calls, products, tokens, drift_up, drift_down,
                       duration_ms, le_100, le_250, le_500, le_1000, le_2500, le_5000, le_10000, le_30000)
    VALUES (new.account, new.endpoint, new.settled_at / 3600000, new.outcome, 1,
            json_array_length(new.products), new.charged,
            max(0, ifnull(new.drift, 0)), max(0, -ifnull(new.drift, 0)),
            max(0, new.settled_at - new.started_at),
            new.settled_at - new.started_at <= 100, new.settled_at - new.started_at <= 250,
            new.settled_at - new.started_at <= 500, new.settled_at - new.started_at <= 1000,
            new.settled_at - new.started_at <= 2500, new.settled_at - new.started_at <= 5000,
            new.settled_at - new.started_at <= 10000, new.settled_at - new.started_at <= 30000)
    ON CONFLICT (account, endpoint, hour, outcome) DO UPDATE SET
        calls = calls + 1, products = products + excluded.products, tokens = tokens + excluded.tokens,
        drift_up = drift_up + excluded.drift_up, drift_down = drift_down + excluded.drift_down,
        duration_ms = duration_ms + excluded.duration_ms,
        le_100 = le_100 + excluded.le_100, le_250 = le_250 + excluded.le_250,
        le_500 = le_500 + excluded.le_500, le_1000 = le_1000 + excluded.le_1000,
        le_2500 = le_2500 + excluded.le_2500, le_5000 = le_5000 + excluded.le_5000,
        le_10000 = le_10000 + excluded.le_10000, le_30000 = le_30000 + excluded.le_30000;
END;

-- Without a revision, SQLite's new.revision is -1 here.
CREATE TRIGGER result_insert BEFORE INSERT ON result WHEN new.revision >= 0
BEGIN
    SELECT RAISE(ABORT, 'result.revision is assigned by the database: leave the column out');
END;

-- A result that changes is stored as a new row, with a revision of its own, whatever revision its writer
-- gives.
CREATE TRIGGER result_update AFTER UPDATE ON result
BEGIN
    DELETE FROM result WHERE revision = new.revision;
    INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
    VALUES (new.endpoint, new.product, new.found, new.body, new.fetched_at, new.call_id);
END;

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

-- One row for each image; position and url are NULL for a product without any.
CREATE VIEW image (asin, title, position, url) AS
SELECT result.product, json_extract(result.body, '$.title'), picture.key + 1, picture.value
FROM result
LEFT JOIN json_each(result.body, '$.images') AS picture
    ON picture.type = 'text' AND json_type(result.body, '$.images') = 'array'
WHERE result.endpoint = 'images' AND result.found = 1;

CREATE VIEW barcode (asin, title, upc, ean, upc_list, ean_list) AS
SELECT product, json_extract(body, '$.title'), json_extract(body, '$.upc'),
       json_extract(body, '$.ean'), json_extract(body, '$.upcList'),
       json_extract(body, '$.eanList')
FROM result
WHERE endpoint = 'barcodes' AND found = 1;

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

-- For programs that cannot handle a rejection for each row. An INSERT here never fails because of a row: an
-- open product is skipped, and a bad row is filed in rejected. A SELECT shows the waiting jobs.
CREATE VIEW inbox (endpoint, product, account, priority, label, not_before, pages, then_lookup) AS
SELECT endpoint, product, account, priority, label, not_before, pages, then_lookup
FROM queue WHERE state = 'available';

-- A step within inbox: new rows, as they were given and as queue takes them. Always empty.
CREATE VIEW inbox_checked (given_endpoint, given_product, endpoint, product, account, priority, label,
                           not_before, pages, then_lookup) AS
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;

-- Converts a row into the form that queue takes: blanks at its ends are removed, an ASIN gets capitals, a
-- number that a tool stores as text or as REAL becomes one, and a code or an ISBN-10 regains the zeros that
-- it lost as a number, if its check digit is right. Other values stay as they are.
CREATE TRIGGER inbox_insert INSTEAD OF INSERT ON inbox
BEGIN
    INSERT INTO inbox_checked (given_endpoint, given_product, endpoint, product, account, priority,
                               label, not_before, pages, then_lookup)
    SELECT new.endpoint, new.product, endpoint,
           CASE
               WHEN typeof(product) <> 'text' OR product_form IS NULL OR product_form NOT IN ('asin', 'code') THEN product
               WHEN product_form = 'asin' THEN iif(is_isbn, isbn, upper(product))
               WHEN product GLOB '*[^0-9]*' OR instr(product, char(0)) > 0 THEN product
               WHEN length(product) = 14 AND product GLOB '0*' THEN substr(product, 2)
               -- As in queue_insert.
               WHEN length(product) IN (7, 9, 10, 11, 12)
                    AND (SELECT (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10
                                      + n / 10000000 % 10 + n / 1000000000 % 10
                                      + n / 100000000000 % 10)
                                 + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10
                                 + n / 100000000 % 10 + n / 10000000000 % 10) % 10
                         FROM (SELECT CAST(product AS INTEGER) AS n)) = 0
                    -- An ISBN-10 is another number.
                    AND NOT is_isbn
               THEN iif(length(product) = 7, '0' || product, substr('0000' || product, -13))
               ELSE product
           END,
           account, priority, label, not_before, pages, then_lookup
    FROM (
        -- ISBN Users' Manual: the weights are 10 to 1 from the left, and the sum is a multiple of 11.
        SELECT *, length(product) BETWEEN 7 AND 10
                  AND isbn GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]'
                  AND (10 * substr(isbn, 1, 1) + 9 * substr(isbn, 2, 1) + 8 * substr(isbn, 3, 1)
                              + 7 * substr(isbn, 4, 1) + 6 * substr(isbn, 5, 1) + 5 * substr(isbn, 6, 1)
                              + 4 * substr(isbn, 7, 1) + 3 * substr(isbn, 8, 1) + 2 * substr(isbn, 9, 1)
                              + iif(isbn GLOB '*X', 10, substr(isbn, 10))) % 11 = 0 AS is_isbn
        FROM (
            SELECT *, iif(instr(product, char(0)) > 0, '', substr('000' || upper(product), -10)) AS isbn
            FROM (
                SELECT CASE typeof(new.endpoint)
                          WHEN 'text' THEN trim(new.endpoint, blanks)
                          WHEN 'integer' THEN CAST(new.endpoint AS TEXT)
                          WHEN 'real' THEN CAST(iif(CAST(new.endpoint AS INTEGER) = new.endpoint,
                                                    CAST(new.endpoint AS INTEGER), new.endpoint) AS TEXT)
                          ELSE new.endpoint END AS endpoint,
                      CASE typeof(new.product)
                          WHEN 'text' THEN trim(new.product, blanks)
                          WHEN 'integer' THEN CAST(new.product AS TEXT)
                          WHEN 'real' THEN CAST(iif(CAST(new.product AS INTEGER) = new.product,
                                                    CAST(new.product AS INTEGER), new.product) AS TEXT)
                          ELSE new.product END AS product,
                      CASE typeof(new.account)
                          WHEN 'text' THEN nullif(trim(new.account, blanks), '')
                          WHEN 'integer' THEN CAST(new.account AS TEXT)
                          WHEN 'real' THEN CAST(iif(CAST(new.account AS INTEGER) = new.account,
                                                    CAST(new.account AS INTEGER), new.account) AS TEXT)
                          ELSE new.account END AS account,
                      CASE
                          WHEN new.priority IS NULL THEN 5
                          WHEN typeof(new.priority) = 'real' AND CAST(new.priority AS INTEGER) = new.priority
                               OR typeof(new.priority) = 'text'
                                  AND CAST(CAST(new.priority AS INTEGER) AS TEXT) = trim(new.priority, blanks)
                          THEN CAST(iif(typeof(new.priority) = 'text', trim(new.priority, blanks), new.priority) AS INTEGER)
                          ELSE new.priority END AS priority,
                      CASE typeof(new.label)
                          WHEN 'text' THEN nullif(trim(new.label, blanks), '')
                          WHEN 'integer' THEN CAST(new.label AS TEXT)
                          WHEN 'real' THEN CAST(iif(CAST(new.label AS INTEGER) = new.label,
                                                    CAST(new.label AS INTEGER), new.label) AS TEXT)
                          ELSE new.label END AS label,
                      CASE
                          WHEN new.not_before IS NULL THEN 0
                          WHEN typeof(new.not_before) = 'real' AND CAST(new.not_before AS INTEGER) = new.not_before
                               OR typeof(new.not_before) = 'text'
                                  AND CAST(CAST(new.not_before AS INTEGER) AS TEXT) = trim(new.not_before, blanks)
                          THEN CAST(iif(typeof(new.not_before) = 'text', trim(new.not_before, blanks), new.not_before) AS INTEGER)
                          ELSE new.not_before END AS not_before,
                      CASE
                          WHEN new.pages IS NULL THEN 2
                          WHEN typeof(new.pages) = 'real' AND CAST(new.pages AS INTEGER) = new.pages
                               OR typeof(new.pages) = 'text'
                                  AND CAST(CAST(new.pages AS INTEGER) AS TEXT) = trim(new.pages, blanks)
                          THEN CAST(iif(typeof(new.pages) = 'text', trim(new.pages, blanks), new.pages) AS INTEGER)
                          ELSE new.pages END AS pages,
                      CASE
                          WHEN typeof(new.then_lookup) = 'real' AND CAST(new.then_lookup AS INTEGER) = new.then_lookup
                               OR typeof(new.then_lookup) = 'text'
                                  AND CAST(CAST(new.then_lookup AS INTEGER) AS TEXT) = trim(new.then_lookup, blanks)
                          THEN CAST(iif(typeof(new.then_lookup) = 'text', trim(new.then_lookup, blanks), new.then_lookup) AS INTEGER)
                          ELSE new.then_lookup END AS then_lookup
                -- What Unicode calls White_Space.
                FROM (SELECT char(9, 10, 11, 12, 13, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288) AS blanks)
                LIMIT 1)
            LIMIT 1)
        LIMIT 1) AS given
    LEFT JOIN (SELECT name, product_form FROM endpoint) AS facts ON facts.name = given.endpoint;
END;

-- The rules and messages of queue_insert, in its order: here they are filed instead of raised.
CREATE TRIGGER inbox_checked_insert INSTEAD OF INSERT ON inbox_checked
BEGIN
    INSERT INTO rejected (endpoint, product, reason)
    SELECT CASE WHEN typeof(endpoint) = 'blob' THEN quote(substr(endpoint, 1, 256))
                WHEN endpoint GLOB '*[^ -~]*' AND EXISTS (WITH RECURSIVE part (rest) AS (
                            SELECT endpoint UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                        SELECT 1 FROM part
                        WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                          AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
                THEN quote(CAST(endpoint AS BLOB)) ELSE CAST(endpoint AS TEXT) END,
           CASE WHEN typeof(product) = 'blob' THEN quote(substr(product, 1, 256))
                WHEN product GLOB '*[^ -~]*' AND EXISTS (WITH RECURSIVE part (rest) AS (
                            SELECT product UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                        SELECT 1 FROM part
                        WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                          AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
                THEN quote(CAST(product AS BLOB)) ELSE CAST(product AS TEXT) END,
           reason
    FROM (
        -- A BLOB's substr() does not stop at a NUL.
        SELECT iif(instr(new.given_endpoint, char(0)) > 0, CAST(new.given_endpoint AS BLOB), substr(new.given_endpoint, 1, 256)) AS endpoint,
        iif(instr(new.given_product, char(0)) > 0, CAST(new.given_product AS BLOB), substr(new.given_product, 1, 256)) AS product,
        CASE
            WHEN product_form IS NULL
            THEN 'queue.endpoint must be a name in the table endpoint'
            WHEN product_form = 'asin'
                 AND (typeof(new.product) = 'text' AND length(CAST(new.product AS BLOB)) = 10
                      AND (new.product GLOB '[A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]'
                           OR new.product GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]')) IS NOT TRUE
            THEN 'queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10'
            WHEN product_form = 'code'
                 AND (typeof(new.product) = 'text' AND new.product NOT GLOB '*[^0-9]*'
                      AND instr(new.product, char(0)) = 0
                      AND (length(new.product) IN (8, 13)
                           OR length(new.product) = 14 AND new.product NOT GLOB '0*')) IS NOT TRUE
            THEN 'queue.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), 14 that do not begin with 0, or 8'
            WHEN product_form = 'code'
                 AND (SELECT (3 * (n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10
                                   + n / 10000000 % 10 + n / 1000000000 % 10
                                   + n / 100000000000 % 10 + n / 10000000000000)
                              + n % 10 + n / 100 % 10 + n / 10000 % 10 + n / 1000000 % 10
                              + n / 100000000 % 10 + n / 10000000000 % 10
                              + n / 1000000000000 % 10) % 10
                      FROM (SELECT CAST(new.product AS INTEGER) AS n)) <> 0
            THEN 'queue.product has a wrong check digit, its last one: look for a mistyped digit'
            WHEN product_form = 'query' AND typeof(new.product) = 'text' AND length(new.product) <= 256
                 AND new.product GLOB '*[^ -~]*'
                 AND EXISTS (WITH RECURSIVE part (rest) AS (
                             SELECT new.product UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                         SELECT 1 FROM part
                         WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                           AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
            THEN 'queue.product must be valid UTF-8'
            WHEN product_form = 'query'
                 AND (typeof(new.product) = 'text' AND length(new.product) BETWEEN 1 AND 256
                      AND instr(new.product, char(0)) = 0
                      AND new.product NOT GLOB '*[' || char(1) || '-' || char(31, 127) || '-' || char(159) || ']*'
                      AND trim(new.product, char(32, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288))
                          = new.product) IS NOT TRUE
            THEN 'queue.product must be a query: 1 to 256 characters, no blank first or last, no control characters'
            WHEN product_pattern IS NOT NULL
                 AND (typeof(new.product) = 'text' AND length(new.product) BETWEEN 1 AND 256
                      AND instr(new.product, char(0)) = 0
                      AND new.product GLOB product_pattern) IS NOT TRUE
            THEN 'queue.product must match the product_pattern of its endpoint, see the table endpoint'
            WHEN new.account IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM account
                                 WHERE account.name = new.account AND account.provider = facts.provider)
            THEN 'queue.account must be NULL or the name of an account of the endpoint''s provider, see the table account'
            WHEN (typeof(new.priority) = 'integer' AND new.priority BETWEEN 0 AND 9) IS NOT TRUE
            THEN 'queue.priority must be a whole number from 0 (first) to 9'
            WHEN new.label IS NOT NULL AND typeof(new.label) = 'text'
                 AND (instr(new.label, char(0)) > 0
                      OR length(new.label) <= 100 AND new.label GLOB '*[^ -~]*'
                         AND EXISTS (WITH RECURSIVE part (rest) AS (
                                     SELECT new.label UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                                 SELECT 1 FROM part
                                 WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                                   AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF')))
            THEN 'queue.label must be valid UTF-8 without NUL'
            WHEN new.label IS NOT NULL
                 AND (typeof(new.label) = 'text' AND length(new.label) BETWEEN 1 AND 100) IS NOT TRUE
            THEN 'queue.label must be NULL or a text of 1 to 100 characters'
            WHEN (typeof(new.not_before) = 'integer'
                  AND new.not_before BETWEEN 0 AND 253402300799999) IS NOT TRUE
            THEN 'queue.not_before must be in milliseconds since 1970, up to 253402300799999, or 0 for at once'
            WHEN (typeof(new.pages) = 'integer' AND new.pages BETWEEN 1 AND 100) IS NOT TRUE
            THEN 'queue.pages must be a whole number from 1 to 100'
            WHEN new.pages <> 2 AND NOT has_pages
            THEN 'queue.pages is only for an endpoint that has pages: leave the column out'
            WHEN new.then_lookup IS NOT NULL AND leads_to IS NULL
            THEN 'queue.then_lookup is only for an endpoint that leads to another: leave the column out'
            WHEN new.then_lookup IS NOT NULL
                 AND (typeof(new.then_lookup) = 'integer'
                      AND new.then_lookup BETWEEN 0 AND 253402300799999) IS NOT TRUE
            THEN 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999'
        END AS reason
        FROM (SELECT 1) LEFT JOIN endpoint AS facts ON facts.name = new.endpoint)
    WHERE reason IS NOT NULL;

    -- changes(): of the statement before. An outer INSERT OR REPLACE would also hold here, so it must not
    -- meet an open job.
    INSERT INTO queue (endpoint, product, account, priority, label, not_before, pages, then_lookup)
    SELECT new.endpoint, new.product, new.account, new.priority, new.label, new.not_before, new.pages,
           new.then_lookup
    WHERE changes() = 0
      AND NOT EXISTS (SELECT 1 FROM queue
                      WHERE endpoint = new.endpoint AND product = new.product
                        AND ifnull(account, '') = ifnull(new.account, '')
                        AND state IN ('available', 'running'));
END;
