"""Takes samples of the server's state, some ten times a second."""

import threading, time

import psycopg

from samples import Samples

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
        self.samples = Samples()
        # Why it ended before it was stopped.
        self.failure = None

    def run(self):
        while not self.must_end.is_set():
            try:
                with self.server.connect(connect_timeout=5) as connection:
                    while not self.must_end.is_set():
                        self.samples.note(connection.execute(SAMPLE).fetchone())
                        time.sleep(0.08)
            except psycopg.OperationalError:
                time.sleep(0.1)
            except Exception as error:
                self.failure = error
                return

    def stop(self):
        self.must_end.set()
        self.join(10)
