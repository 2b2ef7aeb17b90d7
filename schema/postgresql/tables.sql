-- Tables and indexes of asinqd in PostgreSQL 15 or later. The contract for other programs is README.md next to
-- this file. Load tables.sql, rules.sql, enqueue.sql, views.sql, hosts.sql, engine.sql and roles.sql in this order, in
-- one transaction: `cat ... | psql -1 -v ON_ERROR_STOP=1`.
--
-- Instants are whole milliseconds since 1970, UTC. Texts are compared byte by byte (COLLATE "C"), as in SQLite:
-- the order of products and labels does not depend on the server's locale, and no update of a locale can damage
-- an index. The name of a constraint is the sentence that its error shows, at most 63 bytes long.

DO $$
BEGIN
    IF current_setting('server_version_num')::integer < 150000 THEN
        RAISE EXCEPTION 'This is PostgreSQL %. Try: use PostgreSQL 15 or later', current_setting('server_version');
    END IF;
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'The encoding of the database % is %. Try: use a database whose encoding is UTF8',
            current_database(), current_setting('server_encoding');
    END IF;
    -- "asnq" in ASCII. Two programs do not install at once: the second one waits, and then finds the schema.
    PERFORM pg_advisory_xact_lock(1634954865);
END $$;

CREATE SCHEMA asinqd;
COMMENT ON SCHEMA asinqd IS 'The queue and the ledger of asinqd, version 7. SELECT version FROM asinqd.schema_version';

-- The version of the contract. A program that finds a later one than it knows does not write.
CREATE TABLE asinqd.schema_version (
    is_only_row boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (is_only_row),
    version     integer NOT NULL CHECK (version >= 7)
);
INSERT INTO asinqd.schema_version (version) VALUES (7);

-- The present instant. Not the start of the transaction: that may be minutes ago.
CREATE FUNCTION asinqd.now_ms() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- The program's catalog of endpoints. asinqd fills it when it opens the database for writing.
CREATE TABLE asinqd.endpoint (
    name         text    COLLATE "C" NOT NULL PRIMARY KEY
                 CONSTRAINT "endpoint.name must have 1 to 64 characters" CHECK (length(name) BETWEEN 1 AND 64),
    provider     text    COLLATE "C" NOT NULL
                 CONSTRAINT "endpoint.provider must have 1 to 64 characters"
                 CHECK (length(provider) BETWEEN 1 AND 64),
    product_form text    COLLATE "C" NOT NULL
                 CONSTRAINT "endpoint.product_form must have 1 to 64 characters"
                 CHECK (length(product_form) BETWEEN 1 AND 64),
    -- A pattern of SQLite's GLOB, see asinqd.glob_regex. NULL for the three forms whose rules are in
    -- asinqd.product_refusal.
    product_pattern text COLLATE "C"
                 CONSTRAINT "endpoint.product_pattern must have 1 to 1,000 characters"
                 CHECK (length(product_pattern) BETWEEN 1 AND 1000),
    -- 1: an answer comes in pages, each with a call of its own.
    has_pages    integer NOT NULL DEFAULT 0
                 CONSTRAINT "endpoint.has_pages must be 0 or 1" CHECK (has_pages IN (0, 1)),
    -- The endpoint that looks up the code that an answer here leads to.
    leads_to     text    COLLATE "C"
                 CONSTRAINT "endpoint.leads_to must be another endpoint" CHECK (leads_to <> name),
    CONSTRAINT "endpoint.product_pattern belongs to another product_form"
        CHECK ((product_form IN ('asin', 'code', 'query')) = (product_pattern IS NULL))
);

-- One row for each key of a provider in the settings. The key itself is stored nowhere.
CREATE TABLE asinqd.account (
    name      text    COLLATE "C" NOT NULL PRIMARY KEY
              CONSTRAINT "account.name must be 1 to 64 of a-z 0-9 _ -, a letter first"
              CHECK (name ~ '^[a-z][a-z0-9_-]{0,63}$'),
    provider  text    COLLATE "C" NOT NULL
              CONSTRAINT "account.provider must have 1 to 64 characters"
              CHECK (length(provider) BETWEEN 1 AND 64),
    -- 1: it also takes jobs that name no account.
    is_shared integer NOT NULL DEFAULT 1
              CONSTRAINT "account.is_shared must be 0 or 1" CHECK (is_shared IN (0, 1))
);

-- The limits that the daemon works with, and its earlier ones.
CREATE TABLE asinqd.limit_setting (
    account text   COLLATE "C" NOT NULL,
    since   bigint NOT NULL
            CONSTRAINT "limit_setting.since must be in milliseconds since 1970"
            CHECK (since BETWEEN 0 AND 253402300799999),
    figures json   NOT NULL
            CONSTRAINT "limit_setting.figures must be a JSON object" CHECK (json_typeof(figures) = 'object'),
    PRIMARY KEY (account, since)
);

CREATE TABLE asinqd.queue (
    -- An id is drawn before its transaction commits, so ids may become visible out of order.
    id          bigint  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint    text    COLLATE "C" NOT NULL,
    product     text    COLLATE "C" NOT NULL
                CONSTRAINT "queue.product must have 1 to 256 characters"
                CHECK (length(product) BETWEEN 1 AND 256),
    -- NULL: any shared account of the endpoint's provider.
    account     text    COLLATE "C",
    state       text    COLLATE "C" NOT NULL DEFAULT 'available'
                CONSTRAINT "queue.state must be one of the five states"
                CHECK (state IN ('available', 'running', 'completed', 'discarded', 'cancelled')),
    priority    integer NOT NULL DEFAULT 5
                CONSTRAINT "queue.priority must be a whole number from 0 (first) to 9"
                CHECK (priority BETWEEN 0 AND 9),
    label       text    COLLATE "C"
                CONSTRAINT "queue.label must be NULL or a text of 1 to 100 characters"
                CHECK (length(label) BETWEEN 1 AND 100),
    enqueued_at bigint  NOT NULL DEFAULT asinqd.now_ms()
                CONSTRAINT "queue.enqueued_at must be in milliseconds since 1970"
                CHECK (enqueued_at BETWEEN 0 AND 253402300799999),
    -- 0: at once. The last millisecond of the year 9999: paused.
    not_before  bigint  NOT NULL DEFAULT 0
                CONSTRAINT "queue.not_before must be in milliseconds since 1970"
                CHECK (not_before BETWEEN 0 AND 253402300799999),
    failures    integer NOT NULL DEFAULT 0
                CONSTRAINT "queue.failures must not be negative" CHECK (failures >= 0),
    snoozes     integer NOT NULL DEFAULT 0
                CONSTRAINT "queue.snoozes must not be negative" CHECK (snoozes >= 0),
    batch_limit integer NOT NULL DEFAULT 100
                CONSTRAINT "queue.batch_limit must be a whole number from 1 to 100"
                CHECK (batch_limit BETWEEN 1 AND 100),
    -- The last call that took this job.
    call_id     bigint,
    finished_at bigint
                CONSTRAINT "queue.finished_at must be in milliseconds since 1970"
                CHECK (finished_at BETWEEN 0 AND 253402300799999),
    error       text    COLLATE "C"
                CONSTRAINT "queue.error must have at most 1,000 characters" CHECK (length(error) <= 1000),
    -- At an endpoint that has pages: how many to fetch at most, how many have come while there are more
    -- to fetch, and where the next one begins, in the provider's own count.
    pages       integer NOT NULL DEFAULT 2
                CONSTRAINT "queue.pages must be a whole number from 1 to 100" CHECK (pages BETWEEN 1 AND 100),
    pages_done  integer NOT NULL DEFAULT 0
                CONSTRAINT "queue.pages_done must not be negative" CHECK (pages_done >= 0),
    page_offset bigint  NOT NULL DEFAULT 0
                CONSTRAINT "queue.page_offset must not be negative" CHECK (page_offset >= 0),
    -- At an endpoint that leads to another: the code that the answer leads to is looked up, unless that
    -- was done within this many milliseconds. NULL: it is not.
    then_lookup bigint
                CONSTRAINT "queue.then_lookup must be NULL or a time in milliseconds"
                CHECK (then_lookup BETWEEN 0 AND 253402300799999),
    CONSTRAINT "queue.finished_at is set exactly in a final state"
        CHECK ((state IN ('completed', 'discarded', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT "queue.call_id is set in a running job" CHECK (state <> 'running' OR call_id IS NOT NULL),
    CONSTRAINT "queue.error is set in a discarded job" CHECK (state <> 'discarded' OR error IS NOT NULL)
)
-- A state changes with an index, so each change leaves a dead row: vacuum after each fiftieth, not each fifth.
WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05,
      autovacuum_analyze_scale_factor = 0.02);

-- A partial index is used if the statement has its condition word for word, with constants, not parameters.
-- The account is in the indexes as coalesce(account, ''), because PostgreSQL takes no order from an index behind
-- `account IS NULL`. Write `coalesce(account, '') = $1`, with '' for the jobs of any shared account.

-- One open job for each product at an endpoint, by account.
CREATE UNIQUE INDEX queue_open ON asinqd.queue (endpoint, product, coalesce(account, ''))
    WHERE state IN ('available', 'running');

-- Jobs that may run at once, in the order in which they are taken.
CREATE INDEX queue_ready ON asinqd.queue (endpoint, coalesce(account, ''), priority, id)
    WHERE state = 'available' AND not_before = 0 AND failures = 0;

-- The same for jobs that failed before: after a failure the others go first, however many there are.
CREATE INDEX queue_retry ON asinqd.queue (endpoint, coalesce(account, ''), priority, id)
    WHERE state = 'available' AND not_before = 0 AND failures > 0;

-- Jobs that wait for their time. Due jobs are promoted to those that may run at once, where the order of ids
-- applies.
CREATE INDEX queue_scheduled ON asinqd.queue (endpoint, coalesce(account, ''), priority, not_before, id)
    WHERE state = 'available' AND not_before > 0;

-- A call's jobs.
CREATE INDEX queue_running ON asinqd.queue (call_id, id) WHERE state = 'running';

-- Counts by state, and dead letters.
CREATE INDEX queue_finished ON asinqd.queue (endpoint, state, finished_at) WHERE finished_at IS NOT NULL;

-- Jobs to cancel, pause or retry.
CREATE INDEX queue_label ON asinqd.queue (label, endpoint, state) WHERE label IS NOT NULL;

-- Labels of waiting jobs, for forecasts: their number and the last of them, by line and by their time.
CREATE INDEX queue_label_waiting
    ON asinqd.queue (label, endpoint, coalesce(account, ''), priority, not_before, id)
    WHERE label IS NOT NULL AND state = 'available';

-- Jobs whose answer may lead to another endpoint, for the upper bound of forecasts. Most jobs have none.
CREATE INDEX queue_leading ON asinqd.queue (endpoint, coalesce(account, ''), priority, not_before)
    WHERE then_lookup IS NOT NULL AND state = 'available';

-- All writers of an account's entries hold its lock, see asinqd.lock_account. So within an account ids rise in
-- the order of commits.
CREATE TABLE asinqd.ledger (
    id             bigint  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account        text    COLLATE "C" NOT NULL
                   CONSTRAINT "ledger.account must have 1 to 64 characters"
                   CHECK (length(account) BETWEEN 1 AND 64),
    endpoint       text    COLLATE "C" NOT NULL
                   CONSTRAINT "ledger.endpoint must have 1 to 64 characters"
                   CHECK (length(endpoint) BETWEEN 1 AND 64),
    -- Which of the lanes of an endpoint whose calls may overlap.
    slot           integer NOT NULL DEFAULT 0
                   CONSTRAINT "ledger.slot must be from 0 to 63" CHECK (slot BETWEEN 0 AND 63),
    products       json    NOT NULL
                   CONSTRAINT "ledger.products must be a JSON array of 1 to 100 products"
                   CHECK (CASE WHEN json_typeof(products) = 'array'
                               THEN json_array_length(products) BETWEEN 1 AND 100 ELSE false END),
    reserved       bigint  NOT NULL
                   CONSTRAINT "ledger.reserved must be at least 1" CHECK (reserved >= 1),
    started_at     bigint  NOT NULL,
    lease_until    bigint  NOT NULL
                   CONSTRAINT "ledger.lease_until must be after started_at" CHECK (lease_until > started_at),
    settled_at     bigint,
    outcome        text    COLLATE "C"
                   CONSTRAINT "ledger.outcome must be one of the eight outcomes"
                   CHECK (outcome IN ('succeeded', 'rate_limited', 'rejected', 'unauthorized', 'misdirected',
                                      'failed', 'unsent', 'expired')),
    charged        bigint
                   CONSTRAINT "ledger.charged must not be negative" CHECK (charged >= 0),
    http_status    integer
                   CONSTRAINT "ledger.http_status must be from 100 to 999" CHECK (http_status BETWEEN 100 AND 999),
    daily_left     bigint
                   CONSTRAINT "ledger.daily_left must not be negative" CHECK (daily_left >= 0),
    daily_reset_at bigint,
    drift          bigint,
    retry_at       bigint,
    message        text    COLLATE "C"
                   CONSTRAINT "ledger.message must have at most 1,000 characters"
                   CHECK (length(message) <= 1000),
    -- When the endpoint's token bucket is full again; NULL where it has none.
    full_at        bigint,
    -- Which pool has the balance: the endpoint's own. NULL: the one that the account's endpoints share.
    daily_pool     text    COLLATE "C"
                   CONSTRAINT "ledger.daily_pool must be NULL or the endpoint of daily_left"
                   CHECK (daily_pool IS NULL OR daily_pool = endpoint AND daily_left IS NOT NULL),
    -- What the server's clock said when it answered (the reply's Date, in whole seconds).
    server_at      bigint
                   CONSTRAINT "ledger.server_at must be an instant of a settled call"
                   CHECK (server_at IS NULL
                          OR settled_at IS NOT NULL AND server_at BETWEEN 0 AND 253402300799999),
    -- When the request left, by the daemon's clock. NULL: no reply came.
    sent_at        bigint
                   CONSTRAINT "ledger.sent_at must be an instant of a settled call"
                   CHECK (sent_at IS NULL
                          OR settled_at IS NOT NULL AND sent_at BETWEEN 0 AND 253402300799999),
    -- The daemon that opened the call: host.id. NULL: the entry was copied from another database.
    host_id        bigint,
    CONSTRAINT "ledger.settled_at and outcome are set together"
        CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT "ledger.settled_at and charged are set together"
        CHECK ((settled_at IS NULL) = (charged IS NULL)),
    CONSTRAINT "an open ledger entry has no http_status and no other effect"
        CHECK (settled_at IS NOT NULL
               OR num_nonnulls(http_status, daily_left, daily_reset_at, drift, retry_at, message, full_at) = 0),
    CONSTRAINT "ledger.daily_left and daily_reset_at are set together"
        CHECK ((daily_left IS NULL) = (daily_reset_at IS NULL))
);

-- One call in flight for each lane, whichever host runs it.
CREATE UNIQUE INDEX ledger_open ON asinqd.ledger (account, endpoint, slot) WHERE settled_at IS NULL;

-- An endpoint's last calls.
CREATE INDEX ledger_calls ON asinqd.ledger (account, endpoint, id);

-- Calls that count for the limits.
CREATE INDEX ledger_settled ON asinqd.ledger (account, endpoint, settled_at, id);

-- The last balance of a daily pool, which may be older than many calls that stated none.
CREATE INDEX ledger_balance ON asinqd.ledger (account, endpoint, coalesce(daily_pool, ''), settled_at, id)
    WHERE daily_left IS NOT NULL;

CREATE TABLE asinqd.lane (
    account       text   COLLATE "C" NOT NULL,
    endpoint      text   COLLATE "C" NOT NULL,
    paused_at     bigint,
    -- The ledger's last id at the last `resume` or start: calls up to it hold nothing back.
    resumed_after bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account, endpoint)
);

-- Each answer that is stored or replaced gets the next revision, which is never reused. A lock makes revisions
-- rise in the order of commits, see the trigger result_order.
CREATE TABLE asinqd.result (
    revision   bigint  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint   text    COLLATE "C" NOT NULL
               CONSTRAINT "result.endpoint must have 1 to 64 characters"
               CHECK (length(endpoint) BETWEEN 1 AND 64),
    product    text    COLLATE "C" NOT NULL,
    found      integer NOT NULL CONSTRAINT "result.found must be 0 or 1" CHECK (found IN (0, 1)),
    -- json keeps the provider's text. jsonb would change it, and refuse "\u0000".
    body       json,
    fetched_at bigint  NOT NULL,
    call_id    bigint  NOT NULL,
    CONSTRAINT "result.body is set where found is 1" CHECK (found = 0 OR body IS NOT NULL)
);

CREATE UNIQUE INDEX result_product ON asinqd.result (endpoint, product);

-- Sums of settled calls, by the hour in which they were settled. They stay when the ledger is pruned. le_N:
-- calls that took at most N milliseconds.
CREATE TABLE asinqd.tally (
    account     text   COLLATE "C" NOT NULL,
    endpoint    text   COLLATE "C" NOT NULL,
    hour        bigint NOT NULL,
    outcome     text   COLLATE "C" NOT NULL,
    calls       bigint NOT NULL,
    products    bigint NOT NULL,
    tokens      bigint NOT NULL,
    drift_up    bigint NOT NULL,
    drift_down  bigint NOT NULL,
    duration_ms bigint NOT NULL,
    le_100      bigint NOT NULL,
    le_250      bigint NOT NULL,
    le_500      bigint NOT NULL,
    le_1000     bigint NOT NULL,
    le_2500     bigint NOT NULL,
    le_5000     bigint NOT NULL,
    le_10000    bigint NOT NULL,
    le_30000    bigint NOT NULL,
    PRIMARY KEY (account, endpoint, hour, outcome)
);

-- Rows that were inserted into the view inbox and rejected.
CREATE TABLE asinqd.rejected (
    id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text   COLLATE "C",
    product  text   COLLATE "C",
    reason   text   COLLATE "C" NOT NULL,
    at       bigint NOT NULL DEFAULT asinqd.now_ms()
);

-- Parts of the view job_tally, which sums them. A statement that ends jobs adds to a part that no other
-- transaction has locked, or adds a part, so transactions do not wait for each other here. There are at most as
-- many parts as there were transactions at once that ended jobs of the endpoint in the state.
CREATE TABLE asinqd.job_tally_part (
    endpoint text   COLLATE "C" NOT NULL,
    state    text   COLLATE "C" NOT NULL,
    part     bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    jobs     bigint NOT NULL,
    PRIMARY KEY (endpoint, state, part)
);

-- Standing jobs: products that asinqd looks up again at an interval, as far as the day's tokens allow. The
-- label of its jobs is its name at the endpoint.
CREATE TABLE asinqd.schedule (
    id            bigint  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint      text    COLLATE "C" NOT NULL,
    label         text    COLLATE "C" NOT NULL
                  CONSTRAINT "schedule.label must be a text of 1 to 100 characters"
                  CHECK (length(label) BETWEEN 1 AND 100),
    -- NULL: any shared account of the endpoint's provider.
    account       text    COLLATE "C",
    every_ms      bigint  NOT NULL
                  CONSTRAINT "schedule.every_ms must be in milliseconds, an hour to ten years"
                  CHECK (every_ms BETWEEN 3600000 AND 315360000000),
    priority      integer NOT NULL DEFAULT 9
                  CONSTRAINT "schedule.priority must be a whole number from 0 (first) to 9"
                  CHECK (priority BETWEEN 0 AND 9),
    -- 1: all products that have a result at the endpoint. 0: those in schedule_product.
    is_all_known  integer NOT NULL DEFAULT 0
                  CONSTRAINT "schedule.is_all_known must be 0 or 1" CHECK (is_all_known IN (0, 1)),
    is_paused     integer NOT NULL DEFAULT 0
                  CONSTRAINT "schedule.is_paused must be 0 or 1" CHECK (is_paused IN (0, 1)),
    created_at    bigint  NOT NULL DEFAULT asinqd.now_ms()
                  CONSTRAINT "schedule.created_at must be in milliseconds since 1970"
                  CHECK (created_at BETWEEN 0 AND 253402300799999),
    -- With is_all_known: results up to this revision were examined. Revisions are in the order of age.
    last_revision bigint  NOT NULL DEFAULT 0
                  CONSTRAINT "schedule.last_revision must not be negative" CHECK (last_revision >= 0)
);

CREATE UNIQUE INDEX schedule_label ON asinqd.schedule (endpoint, label);

-- The products of a schedule. With is_all_known: those that were enqueued and are not answered yet.
CREATE TABLE asinqd.schedule_product (
    -- The trigger schedule_product_insert also refuses a missing schedule, with its endpoint. Only the foreign key
    -- sees that another transaction deletes it at the same time.
    schedule_id bigint NOT NULL
                CONSTRAINT "schedule_product.schedule_id must be the id of a schedule"
                REFERENCES asinqd.schedule ON DELETE CASCADE,
    product     text   COLLATE "C" NOT NULL
                CONSTRAINT "schedule_product.product must have 1 to 256 characters"
                CHECK (length(product) BETWEEN 1 AND 256),
    -- When asinqd examines the product next. 0: at once.
    due_at      bigint NOT NULL DEFAULT 0
                CONSTRAINT "schedule_product.due_at must be in milliseconds since 1970"
                CHECK (due_at BETWEEN 0 AND 253402300799999),
    -- The open job that asinqd found or enqueued for it.
    job_id      bigint,
    PRIMARY KEY (schedule_id, product)
);

-- The products that are due, the oldest first.
CREATE INDEX schedule_due ON asinqd.schedule_product (schedule_id, due_at);

-- A run of the daemon on a host. A restart is another row.
CREATE TABLE asinqd.host (
    id         bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text   COLLATE "C" NOT NULL
               CONSTRAINT "host.name must have 1 to 255 characters" CHECK (length(name) BETWEEN 1 AND 255),
    started_at bigint NOT NULL DEFAULT asinqd.now_ms(),
    -- When it last called asinqd.attend, by the database's clock.
    seen_at    bigint NOT NULL DEFAULT asinqd.now_ms(),
    -- NULL: it runs, or it ended without saying so.
    stopped_at bigint
);

-- Which host runs the lanes; the others stand by. This only prevents wasted work. That no call is made twice
-- rests on the ledger: the lock of an account, the index ledger_open, the trigger ledger_settled_once, leases.
CREATE TABLE asinqd.leader (
    is_only_row boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (is_only_row),
    -- host.id; NULL: none.
    host_id     bigint,
    -- Rises by 1 with each change of the host, so that a former leader notices that it is one.
    epoch       bigint  NOT NULL DEFAULT 0,
    lease_until bigint  NOT NULL DEFAULT 0
);
INSERT INTO asinqd.leader DEFAULT VALUES;
