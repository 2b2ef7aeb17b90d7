-- Roles for other programs. A database user becomes a member: GRANT asinqd_producer TO importer;
--
--   asinqd_producer  adds jobs by enqueue, inbox and queue, sees the verdicts, and keeps schedules. It reads
--                    neither jobs nor results
--   asinqd_reader    reads every table and view, and writes nothing
--
-- The daemon uses the role that owns the schema. Roles belong to the whole server, so another database may have
-- created them. A role without CREATEROLE installs the schema without them.

REVOKE ALL ON SCHEMA asinqd FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA asinqd FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA asinqd FROM PUBLIC;

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['asinqd_producer', 'asinqd_reader'] LOOP
        BEGIN
            IF to_regrole(role) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', role); END IF;
        EXCEPTION
            -- Another database's installation has just created it.
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'The role % is missing, and % may not create it. Try: run roles.sql as a role with CREATEROLE',
                    role, current_user;
        END;
    END LOOP;

    IF to_regrole('asinqd_producer') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA asinqd TO asinqd_producer;
        GRANT EXECUTE ON FUNCTION asinqd.enqueue TO asinqd_producer;
        GRANT INSERT ON asinqd.inbox TO asinqd_producer;
        GRANT INSERT (endpoint, product, account, priority, label, not_before, batch_limit, pages, then_lookup)
            ON asinqd.queue TO asinqd_producer;
        GRANT SELECT, DELETE, INSERT (endpoint, label, account, every_ms, priority, is_all_known, is_paused),
            UPDATE (every_ms, priority, is_paused) ON asinqd.schedule TO asinqd_producer;
        GRANT SELECT, DELETE, INSERT (schedule_id, product, due_at), UPDATE (due_at)
            ON asinqd.schedule_product TO asinqd_producer;
        -- The default of a column is evaluated with the inserting role's rights.
        GRANT EXECUTE ON FUNCTION asinqd.now_ms TO asinqd_producer;
        -- The verdicts of the inbox, and the tables that messages name.
        GRANT SELECT ON asinqd.rejected, asinqd.endpoint, asinqd.account, asinqd.schema_version TO asinqd_producer;
    END IF;

    IF to_regrole('asinqd_reader') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA asinqd TO asinqd_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA asinqd TO asinqd_reader;
        -- A view calls functions with its reader's rights.
        GRANT EXECUTE ON FUNCTION asinqd.readable, asinqd.leading_number, asinqd.lookup_code,
            asinqd.has_check_digit, asinqd.check_digit_sum, asinqd.now_ms TO asinqd_reader;
        -- asinqd itself, as a reader.
        GRANT EXECUTE ON FUNCTION asinqd.iif, asinqd.min, asinqd.max, asinqd.instr, asinqd.json_valid,
            asinqd.json_array_length, asinqd.json_each(text), asinqd.json_each(json), asinqd.shown_text
            TO asinqd_reader;
    END IF;
END $$;
