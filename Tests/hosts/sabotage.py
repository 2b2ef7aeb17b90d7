"""Faults of the program itself, which the checks must find: a check that cannot fail is worthless."""

# Claims of two hosts interleave. The unique index would still refuse the second call of a lane.
NO_LOCK = """
CREATE OR REPLACE FUNCTION asinqd.lock_account(account text) RETURNS bigint LANGUAGE sql VOLATILE
RETURN asinqd.now_ms();
"""
# And without it, both are made.
NO_INDEX = "DROP INDEX asinqd.ledger_open;"

EDITED_ROW = """
ALTER TABLE asinqd.ledger DISABLE TRIGGER USER;
UPDATE asinqd.ledger SET charged = charged + 1, outcome = 'succeeded' WHERE id = (
    SELECT max(id) FROM asinqd.ledger WHERE outcome = 'succeeded' AND endpoint = 'images');
UPDATE asinqd.ledger SET products = '["B0XXXXXXXX"]' WHERE id = (
    SELECT max(id) FROM asinqd.ledger WHERE outcome = 'succeeded' AND endpoint = 'barcodes');
ALTER TABLE asinqd.ledger ENABLE TRIGGER USER;
"""
LOST_JOB = """
ALTER TABLE asinqd.queue DISABLE TRIGGER USER;
DELETE FROM asinqd.queue WHERE id = (SELECT max(id) FROM asinqd.queue WHERE state = 'completed');
ALTER TABLE asinqd.queue ENABLE TRIGGER USER;
"""

# Before the rounds, and before the checks.
BEFORE = {"no-lock": [NO_LOCK], "no-lock-no-index": [NO_LOCK, NO_INDEX]}
AFTER = {"edited-row": [EDITED_ROW], "lost-job": [LOST_JOB]}
NAMES = sorted([*BEFORE, *AFTER])
