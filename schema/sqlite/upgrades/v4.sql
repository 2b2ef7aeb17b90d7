-- The time of the server's clock when it answered (the reply's Date, in whole seconds): it reveals a wrong
-- clock of ours, and the day resets by the server's.
ALTER TABLE ledger ADD COLUMN server_at INTEGER
    CHECK (server_at IS NULL
           OR settled_at IS NOT NULL AND server_at BETWEEN 0 AND 253402300799999);

DROP TRIGGER ledger_settled_once;

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
    OR new.drift IS NOT old.drift OR new.message IS NOT old.message)
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is settled once');
END;
