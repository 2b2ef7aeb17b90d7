"""Samples of the server's state, some ten times a second, which the faults wait for and the checks read."""

import threading, time

import psycopg

SAMPLE = """
    SELECT leader.host_id, leader.epoch, leader.lease_until > now_ms(), host.name,
           (SELECT coalesce(json_agg(json_build_array(account, endpoint, slot, id, host_id)), '[]'::json)
            FROM ledger WHERE settled_at IS NULL),
           (SELECT coalesce(json_agg(DISTINCT host(client_addr)), '[]'::json) FROM pg_stat_activity
            WHERE state = 'idle in transaction' AND client_addr IS NOT NULL)
    FROM leader LEFT JOIN host ON host.id = leader.host_id"""


class Observer(threading.Thread):
    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.must_end = threading.Event()
        self.epochs = {}
        # What was seen although it must not be.
        self.problems = []
        self.calls_open_max = 0

    def run(self):
        while not self.must_end.is_set():
            try:
                with self.server.connect(connect_timeout=5) as connection:
                    while not self.must_end.is_set():
                        self._note(connection.execute(SAMPLE).fetchone())
                        time.sleep(0.08)
            except psycopg.OperationalError:
                time.sleep(0.1)

    def stop(self):
        self.must_end.set()
        self.join(10)

    def _note(self, row):
        host_id, epoch, _, _, calls, _ = row
        if host_id is not None:
            known = self.epochs.setdefault(epoch, host_id)
            if known != host_id:
                self.problems.append(f"epoch {epoch} belongs to hosts {known} and {host_id}")
        self.calls_open_max = max(self.calls_open_max, len(calls))
        lanes = [tuple(call[:3]) for call in calls]
        if len(set(lanes)) != len(lanes):
            self.problems.append(f"two open calls in one lane: {calls}")
