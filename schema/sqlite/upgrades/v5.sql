-- Text that is not UTF-8, or ends early for C because of a NUL, is another text to each program that reads
-- it. The triggers reject it; rows that an earlier version accepted stay, and are read as they are.

DROP TRIGGER queue_insert;

-- As in v3.sql, and text is valid UTF-8. One GLOB finds text that is all printable ASCII: enqueueing with
-- such a label takes as long as with v3's trigger. Any other text is compared, character by character, with
-- SQLite's own encoding of what its decoder reads. They differ for lone, missing and surplus bytes, overlong
-- forms, surrogates, and code points above U+10FFFF. The decoder also replaces U+FFFE and U+FFFF, which are
-- valid. A text that is too long for the next rule is left to that rule.
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
        WHEN new.endpoint = 'search' AND length(new.product) <= 256
             AND new.product GLOB '*[^ -~]*'
             AND EXISTS (WITH RECURSIVE part (rest) AS (
                             SELECT new.product UNION ALL SELECT substr(rest, 2) FROM part WHERE rest <> '')
                         SELECT 1 FROM part
                         WHERE rest <> '' AND hex(substr(rest, 1, 1)) <> hex(char(unicode(rest)))
                           AND hex(substr(rest, 1, 1)) NOT IN ('EFBFBE', 'EFBFBF'))
        THEN RAISE(ABORT, 'queue.product of a search must be valid UTF-8')
        -- What Unicode calls White_Space, and the control characters, which end at 159.
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
        WHEN new.then_lookup IS NOT NULL AND new.endpoint <> 'barcodes'
        THEN RAISE(ABORT, 'queue.then_lookup is for barcodes jobs only: leave the column out')
        WHEN new.then_lookup NOT BETWEEN 0 AND 253402300799999
        THEN RAISE(ABORT, 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999')
        WHEN new.failures IS NOT 0 OR new.snoozes IS NOT 0 OR new.call_id IS NOT NULL
             OR new.finished_at IS NOT NULL OR new.error IS NOT NULL
        THEN RAISE(ABORT, 'queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out')
        WHEN new.pages_done IS NOT 0 OR new.page_offset IS NOT 0
        THEN RAISE(ABORT, 'queue.pages_done and page_offset belong to asinqd: leave them out')
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

DROP TRIGGER queue_then_lookup;

-- As in v3.sql, with a message for each of its two rules.
CREATE TRIGGER queue_then_lookup BEFORE UPDATE OF then_lookup ON queue
WHEN new.then_lookup IS NOT old.then_lookup
BEGIN
    SELECT CASE
        WHEN (old.endpoint = 'barcodes' AND old.state IN ('available', 'running')) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.then_lookup can be set to NULL or a time in milliseconds, and only of a barcodes job that is open')
        WHEN new.then_lookup IS NOT NULL
             AND (new.then_lookup BETWEEN 0 AND 253402300799999) IS NOT TRUE
        THEN RAISE(ABORT, 'queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999')
    END;
END;
