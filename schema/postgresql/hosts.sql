-- Locks, and which host leads. Only daemons call these functions.
--
-- The key space of advisory locks. All are locks of a transaction; a session's lock does not survive a pooler.
--
--   pg_advisory_xact_lock(1634954865)               installing or upgrading the schema
--   pg_advisory_xact_lock(1634954865, hash)         claiming and settling of one account: asinqd.lock_account
--   pg_advisory_xact_lock(1634954866)               storing results: the trigger result_order
--
-- 1634954865 is "asnq" in ASCII. Locks with one key and with two keys never conflict. Two accounts with the same
-- hash wait for each other, nothing else. A transaction takes an account's lock before that of the results, and
-- never the locks of two accounts.

-- The first statement of each transaction that writes to the ledger or its jobs.
--
-- Returns the present instant, read after the wait for the lock. So of two claims the later one has the later
-- instant, on whichever hosts they run.
CREATE FUNCTION asinqd.lock_account(account text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1634954865, hashtext(lock_account.account));
    RETURN asinqd.now_ms();
END $$;
COMMENT ON FUNCTION asinqd.lock_account(text) IS
    'Lock an account''s ledger until the transaction ends: pg_advisory_xact_lock(1634954865, hashtext(account)). Returns the present instant.';

-- Promotes jobs of a later time that are due to those that may run at once: at most most, the urgent ones first, at an
-- instant or now. accounts is a JSON array, in which '' means jobs of any account. What another program has locked is
-- left. Returns how many there were.
CREATE FUNCTION asinqd.promote_due(endpoint text, accounts text, most bigint, at bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    due bigint := coalesce(promote_due.at, asinqd.now_ms());
    ids bigint[];
BEGIN
    ids := ARRAY(
        SELECT job.id
        FROM generate_series(0, 9) AS each (priority)
        CROSS JOIN asinqd.json_each(promote_due.accounts) AS named
        CROSS JOIN LATERAL (
            SELECT queue.id FROM asinqd.queue
            WHERE queue.endpoint = promote_due.endpoint AND coalesce(queue.account, '') = named.value
              AND queue.priority = each.priority AND queue.state = 'available'
              AND queue.not_before > 0 AND queue.not_before <= due
            ORDER BY queue.not_before LIMIT promote_due.most FOR UPDATE SKIP LOCKED) AS job
        ORDER BY each.priority, named.key LIMIT promote_due.most);
    IF ids = '{}' THEN RETURN 0; END IF;
    UPDATE asinqd.queue SET not_before = 0 WHERE id = ANY (ids);
    RETURN cardinality(ids);
END $$;

-- Opens a call for jobs that wait, in their order: a ledger entry, and the jobs running. jobs is a JSON array of ids.
--
-- Returns the call's id, or NULL with nothing written if another program has changed or locked one of the jobs, which
-- is not waited for.
CREATE FUNCTION asinqd.open_call(account text, endpoint text, slot integer, jobs text, reserved bigint,
    started_at bigint, lease_until bigint, host_id bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT value::bigint FROM asinqd.json_each(open_call.jobs) ORDER BY key);
    locked bigint;
    call bigint;
BEGIN
    PERFORM FROM asinqd.queue
    WHERE queue.id = ANY (ids) AND queue.endpoint = open_call.endpoint AND queue.state = 'available'
    FOR UPDATE SKIP LOCKED;
    GET DIAGNOSTICS locked = ROW_COUNT;
    IF locked < cardinality(ids) THEN RETURN NULL; END IF;
    INSERT INTO asinqd.ledger (account, endpoint, slot, products, reserved, started_at, lease_until, host_id)
    VALUES (open_call.account, open_call.endpoint, open_call.slot,
            to_json(ARRAY(SELECT queue.product FROM unnest(ids) WITH ORDINALITY AS taken (id, place)
                          JOIN asinqd.queue ON queue.id = taken.id ORDER BY taken.place)),
            open_call.reserved, open_call.started_at, open_call.lease_until, open_call.host_id)
    RETURNING ledger.id INTO call;
    UPDATE asinqd.queue SET state = 'running', call_id = call WHERE queue.id = ANY (ids);
    RETURN call;
END $$;

-- Reports that a host is alive. Takes the lead if no host has it or its lease is over, and extends its own lease.
--
-- Returns the leader's row: the host leads if host_id is its own. It must stop its lanes before lease_until by a
-- clock that it started before this call.
CREATE FUNCTION asinqd.attend(host_id bigint, lease_ms bigint) RETURNS asinqd.leader
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    leader asinqd.leader;
    at bigint;
BEGIN
    UPDATE asinqd.host SET seen_at = asinqd.now_ms() WHERE id = attend.host_id AND stopped_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no running host %. Try: insert a row into asinqd.host', attend.host_id;
    END IF;
    SELECT * INTO leader FROM asinqd.leader FOR UPDATE;
    at := asinqd.now_ms();
    -- A lease that is longer than any is from before the clock was set back.
    IF leader.host_id = attend.host_id OR leader.host_id IS NULL
        OR leader.lease_until NOT BETWEEN at + 1 AND at + attend.lease_ms
    THEN
        UPDATE asinqd.leader
        SET host_id = attend.host_id, lease_until = at + attend.lease_ms,
            epoch = epoch + (host_id IS DISTINCT FROM attend.host_id)::integer
        RETURNING * INTO leader;
    END IF;
    RETURN leader;
END $$;

-- Ends a host's run, and its lead if it has it. The others are notified.
CREATE FUNCTION asinqd.resign(host_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    UPDATE asinqd.host SET stopped_at = asinqd.now_ms() WHERE id = resign.host_id AND stopped_at IS NULL;
    UPDATE asinqd.leader SET host_id = NULL, lease_until = 0 WHERE host_id = resign.host_id;
    IF FOUND THEN PERFORM pg_notify('asinqd_leader', ''); END IF;
END $$;

CREATE TRIGGER leader_epoch BEFORE UPDATE ON asinqd.leader FOR EACH ROW
    WHEN (new.epoch < old.epoch
          OR new.host_id IS DISTINCT FROM old.host_id AND new.host_id IS NOT NULL AND new.epoch <= old.epoch)
    EXECUTE FUNCTION asinqd.refuse('leader.epoch rises with each change of the host');
