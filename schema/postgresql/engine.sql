-- Functions of SQLite that asinqd's statements use, so that the same statements run on both. Only asinqd calls
-- them: in other programs, use PostgreSQL's own.

-- A text of any form, as a column is read for people.
CREATE DOMAIN asinqd.blob AS text;

CREATE FUNCTION asinqd.iif(condition boolean, value anycompatible, other anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN condition THEN value ELSE other END $$;

CREATE FUNCTION asinqd.min(one bigint, other bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN one <= other THEN one WHEN other < one THEN other END;

CREATE FUNCTION asinqd.max(one bigint, other bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN one >= other THEN one WHEN other > one THEN other END;

CREATE FUNCTION asinqd.instr(given json, part text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN strpos(given::text, part);

-- A column of type json has nothing else.
CREATE FUNCTION asinqd.json_valid(given json) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given IS NOT NULL;

-- A value that is no array has no items.
CREATE FUNCTION asinqd.json_array_length(given json) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN json_typeof(given) = 'array' THEN pg_catalog.json_array_length(given)
            WHEN given IS NOT NULL THEN 0 END;

CREATE FUNCTION asinqd.json_each(list text, OUT key bigint, OUT value text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
AS $$
    SELECT place - 1, item FROM json_array_elements_text(list::json) WITH ORDINALITY AS items (item, place)
$$;

CREATE FUNCTION asinqd.json_each(list json, OUT key bigint, OUT value text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
AS $$
    SELECT place - 1, item FROM json_array_elements_text(list) WITH ORDINALITY AS items (item, place)
$$;

CREATE FUNCTION asinqd.shown_text(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given;

-- The last id of each table that was assigned, even if its row is gone.
CREATE VIEW asinqd.sqlite_sequence (name, seq) AS
SELECT 'ledger', last_value FROM asinqd.ledger_id_seq WHERE is_called
UNION ALL SELECT 'result', last_value FROM asinqd.result_revision_seq WHERE is_called;
