-- The contract for other programs is schema/README.md. Instants are whole milliseconds since 1970, UTC.

CREATE TABLE queue (
    id          INTEGER PRIMARY KEY,
    endpoint    TEXT    NOT NULL
                CHECK (endpoint IN ('images', 'barcodes', 'lookup', 'search')),
    product     TEXT    NOT NULL CHECK (length(product) BETWEEN 1 AND 256),
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
    CHECK ((state IN ('completed', 'discarded', 'cancelled')) = (finished_at IS NOT NULL)),
    CHECK (state <> 'running' OR call_id IS NOT NULL),
    CHECK ((state = 'discarded') <= (error IS NOT NULL))
) STRICT;

-- The two figures at an index are the duration of the statement that it serves with it and without it, over a
-- million jobs and 200,000 calls (`make benchmark`, which names the statements).

-- One open job for each product at an endpoint. This also applies to raw SQL: INSERT OR IGNORE.
CREATE UNIQUE INDEX queue_open ON queue (endpoint, product)
    WHERE state IN ('available', 'running');

-- Jobs that may run at once, in the order in which they are taken (the id is the index's last column).
-- 0.09 ms, 213 ms.
CREATE INDEX queue_ready ON queue (endpoint, priority)
    WHERE state = 'available' AND not_before = 0 AND failures = 0;

-- The same for jobs that failed before: after a failure the others go first, however many there are. 0.07 ms,
-- 168 ms.
CREATE INDEX queue_again ON queue (endpoint, priority)
    WHERE state = 'available' AND not_before = 0 AND failures > 0;

-- Scheduled jobs. Due ones are promoted to those that may run at once, where the order of ids applies. 0.03
-- ms, 180 ms.
CREATE INDEX queue_later ON queue (endpoint, priority, not_before)
    WHERE state = 'available' AND not_before > 0;

-- A call's jobs. 0.04 ms, 121 ms.
CREATE INDEX queue_running ON queue (call_id) WHERE state = 'running';

-- Counts by state, and dead letters. 67 ms, 373 ms.
CREATE INDEX queue_finished ON queue (endpoint, state, finished_at) WHERE finished_at IS NOT NULL;

-- Jobs to cancel, pause or retry. 0.02 ms, 104 ms.
CREATE INDEX queue_label ON queue (label, endpoint, state) WHERE label IS NOT NULL;

CREATE TABLE ledger (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    endpoint       TEXT    NOT NULL
                   CHECK (endpoint IN ('images', 'barcodes', 'lookup', 'search')),
    products       TEXT    NOT NULL
                   CHECK (json_valid(products) AND json_type(products) = 'array'
                          AND json_array_length(products) BETWEEN 1 AND 100),
    reserved       INTEGER NOT NULL CHECK (reserved >= 1),
    started_at     INTEGER NOT NULL,
    lease_until    INTEGER NOT NULL CHECK (lease_until > started_at),
    settled_at     INTEGER,
    outcome        TEXT    CHECK (outcome IN ('succeeded', 'rate_limited', 'rejected',
                                              'unauthorized', 'failed', 'expired')),
    charged        INTEGER CHECK (charged >= 0),
    http_status    INTEGER CHECK (http_status BETWEEN 100 AND 999),
    daily_left     INTEGER CHECK (daily_left >= 0),
    daily_reset_at INTEGER,
    drift          INTEGER,
    retry_at       INTEGER,
    message        TEXT    CHECK (length(message) <= 1000),
    -- When the endpoint's token bucket is full again; NULL where it has none.
    full_at        INTEGER,
    CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CHECK ((settled_at IS NULL) = (charged IS NULL)),
    CHECK (settled_at IS NOT NULL
           OR coalesce(http_status, daily_left, daily_reset_at, drift, retry_at, message,
                       full_at) IS NULL),
    CHECK ((daily_left IS NULL) = (daily_reset_at IS NULL))
) STRICT;

-- One call in flight for each endpoint.
CREATE UNIQUE INDEX ledger_open ON ledger (endpoint) WHERE settled_at IS NULL;

-- An endpoint's last calls. 0.02 ms, 63 ms.
CREATE INDEX ledger_calls ON ledger (endpoint);

-- Calls that count for the limits. 0.04 ms, 35 ms.
CREATE INDEX ledger_settled ON ledger (endpoint, settled_at);

CREATE TABLE result (
    endpoint   TEXT    NOT NULL CHECK (endpoint IN ('images', 'barcodes', 'lookup', 'search')),
    product    TEXT    NOT NULL,
    found      INTEGER NOT NULL CHECK (found IN (0, 1)),
    -- json_valid(NULL) is NULL from SQLite 3.45 on, and 0 before.
    body       TEXT    CHECK (body IS NULL OR json_valid(body)),
    fetched_at INTEGER NOT NULL,
    call_id    INTEGER NOT NULL,
    PRIMARY KEY (endpoint, product),
    CHECK (found = 0 OR body IS NOT NULL)
) STRICT;

CREATE TABLE lane (
    endpoint      TEXT    PRIMARY KEY
                  CHECK (endpoint IN ('images', 'barcodes', 'lookup', 'search')),
    paused_at     INTEGER,
    -- The ledger's last id at the last `resume` or start: calls up to it hold nothing back.
    resumed_after INTEGER NOT NULL DEFAULT 0
) STRICT;

-- CHECKs are silent under INSERT OR IGNORE, which the contract recommends to other programs. So the rules for
-- a new row are here, where a violation is an error in every case and has a message.
CREATE TRIGGER queue_insert BEFORE INSERT ON queue
BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM queue WHERE id = new.id)
        THEN RAISE(ABORT, 'queue.id is taken: leave the column out')
        WHEN (new.endpoint IN ('images', 'barcodes')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.endpoint must be ''images'' or ''barcodes''')
        -- The length in bytes, because GLOB and length() stop at a NUL.
        WHEN (length(CAST(new.product AS BLOB)) = 10
              AND (new.product GLOB '[A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]'
                   OR new.product GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9X]')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, or an ISBN-10')
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
        WHEN new.failures IS NOT 0 OR new.snoozes IS NOT 0 OR new.call_id IS NOT NULL
             OR new.finished_at IS NOT NULL OR new.error IS NOT NULL
        THEN RAISE(ABORT, 'queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out')
    END;
END;

-- Not UPDATE OF: that would miss `SET rowid`.
CREATE TRIGGER queue_identity BEFORE UPDATE ON queue
WHEN new.id IS NOT old.id OR new.endpoint IS NOT old.endpoint OR new.product IS NOT old.product
BEGIN
    SELECT RAISE(ABORT, 'queue.id, endpoint and product never change: cancel the job and insert another');
END;

CREATE TRIGGER queue_state BEFORE UPDATE OF state ON queue
WHEN new.state IS NOT old.state AND ((old.state || '>' || new.state) IN (
    'available>running', 'available>cancelled', 'running>available', 'running>completed',
    'running>discarded', 'discarded>available')) IS NOT TRUE
BEGIN
    SELECT RAISE(ABORT, 'queue.state cannot change in that way: only an available job can be cancelled, a completed one is final');
END;

CREATE TRIGGER queue_delete BEFORE DELETE ON queue WHEN old.state = 'running'
BEGIN
    SELECT RAISE(ABORT, 'a running job cannot be deleted: its call is under way');
END;

CREATE TRIGGER ledger_insert BEFORE INSERT ON ledger WHEN new.settled_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is written before its call, and settled after it');
END;

-- Settled once and for all. Only its instants may move back, when the clock was set back.
CREATE TRIGGER ledger_settled_once BEFORE UPDATE ON ledger WHEN old.settled_at IS NOT NULL AND (
    new.settled_at IS NULL OR new.settled_at > old.settled_at
    OR new.retry_at > old.retry_at OR new.full_at > old.full_at
    OR new.daily_reset_at > old.daily_reset_at
    OR (new.retry_at IS NULL) <> (old.retry_at IS NULL)
    OR (new.full_at IS NULL) <> (old.full_at IS NULL)
    OR new.outcome IS NOT old.outcome OR new.charged IS NOT old.charged
    OR new.http_status IS NOT old.http_status OR new.daily_left IS NOT old.daily_left
    OR new.drift IS NOT old.drift OR new.message IS NOT old.message)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is settled once');
END;

CREATE TRIGGER ledger_identity BEFORE UPDATE ON ledger
WHEN new.id IS NOT old.id OR new.endpoint IS NOT old.endpoint OR new.products IS NOT old.products
     OR new.reserved IS NOT old.reserved OR new.started_at IS NOT old.started_at
     OR new.lease_until IS NOT old.lease_until
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry''s call never changes');
END;

CREATE TRIGGER ledger_delete BEFORE DELETE ON ledger WHEN old.settled_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'an open ledger entry cannot be deleted: its call is under way');
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
