"""The hosts, the services and the rounds."""

import random, signal, time

import psycopg

from faults import TAKEOVER_SECONDS_MAX
from host import Host
from network import Network
from observer import Observer, SAMPLE
from producers import Producer
from provider import Provider
from server import Server

# A host whose connection was cut waits for TCP's next retransmission.
REJOIN_SECONDS_MAX = 45


class Takeover:
    def __init__(self, fault, host, at):
        self.fault, self.host, self.at = fault, host, at
        self.leading_at = self.call_at = None


class CrashTest:
    def __init__(self, binary, folder, seed, daemons, url_options, everyone_leads, has_pooler):
        self.binary, self.folder, self.seed = binary, folder, seed
        self.everyone_leads = everyone_leads
        # The round's.
        self.number = 0
        self.problems, self.takeovers, self.rejoins = [], [], []
        self.hosts, self.producers = [], []
        self.provider = self.server = self.observer = None
        self.network = Network()
        try:
            self._start(daemons, url_options, has_pooler)
        except BaseException:
            self.close()
            raise

    def _start(self, daemons, url_options, has_pooler):
        network = self.network
        self.server = Server(self.folder, network.address("server"), f"{network.prefixes['server']}.0/24", has_pooler)
        self.provider = Provider(self.binary, self.folder, network.address("provider"), self.seed)
        for number in range(1, daemons + 1):
            self.hosts.append(Host(number, network, self.binary, self.server.remote_url(url_options),
                                   self.provider.settings(), self.folder))
        # The first one installs the schema.
        for host in self.hosts:
            host.start()
            self._await(lambda: host.events("leading") or host.events("standing_by"), 30, f"{host.name} starts")
        self.connection = self.server.connect()
        if self.everyone_leads:
            self.server.query(EVERYONE_LEADS)
        self.observer = Observer(self.server)
        self.observer.start()
        self.producers = [Producer(number, self.seed, self.server, 0.6) for number in range(1, 4)]
        for producer in self.producers:
            producer.start()

    # MARK: What the faults use

    def sample(self):
        """The leader's host id, epoch, whether its lease is valid, its name, open calls, addresses in a transaction."""
        while True:
            try:
                return self.connection.execute(SAMPLE).fetchone()
            except psycopg.OperationalError:
                time.sleep(0.1)
                try:
                    self.connection = self.server.connect(connect_timeout=5)
                except psycopg.OperationalError:
                    pass

    def leading_host(self, when="now"):
        """The leader, at once, while a call of it is open, or while it has a transaction open."""
        began = time.time()
        while True:
            host_id, _, is_valid, name, calls, in_transaction = self.sample()
            found = [host for host in self.hosts if host.name == name and host.is_running]
            if self.everyone_leads:
                found, host_id, is_valid = [self.hosts[self.number % len(self.hosts)]], None, True
            if found and is_valid:
                if (when == "now" or time.time() > began + 5
                        or when == "call" and any(host_id in (None, call[4]) for call in calls)
                        or when == "transaction"
                        and self.network.address("server", found[0].number) in in_transaction):
                    return found[0]
            if time.time() > began + 60:
                raise RuntimeError("no host leads")

    def standby_host(self, fraction):
        leader = self.leading_host()
        others = [host for host in self.hosts if host is not leader and host.is_running]
        return others[int(fraction * len(others))]

    def expect_takeover(self, fault, host):
        if not self.everyone_leads:
            self.takeovers.append(Takeover(fault, host, time.time()))

    def await_takeover(self):
        """Waits for another host's line and its first call."""
        if self.everyone_leads:
            return
        takeover = self.takeovers[-1]
        until = time.time() + TAKEOVER_SECONDS_MAX + 20
        while time.time() < until:
            for host in self.hosts:
                found = host.events("leading", takeover.at)
                if found and takeover.leading_at is None:
                    takeover.leading_at, takeover.successor = found[0].at, host
            if takeover.leading_at:
                first = self.server.query(
                    "SELECT min(ledger.started_at) FROM ledger JOIN host ON host.id = ledger.host_id "
                    "WHERE host.name = %s AND ledger.started_at >= %s", takeover.successor.name,
                    int(takeover.leading_at * 1000) - 500)[0][0]
                if first:
                    takeover.call_at = first / 1000
                    return
            time.sleep(0.1)
        self._report_standstill(takeover)

    def terminate(self, host):
        seconds = host.terminate(30)
        if seconds is None:
            self.problem(f"{host.name} did not end within 30 s of SIGTERM")
            host.kill()
        elif host.ends[-1][1] != 0:
            self.problem(f"{host.name} ended with {host.ends[-1][1]} after SIGTERM")
        elif self.server.query("SELECT stopped_at FROM host WHERE name = %s ORDER BY id DESC LIMIT 1", host.name) == [(None,)]:
            self.problem(f"{host.name} has not said that it stopped")

    def problem(self, text):
        print(f"  PROBLEM {text}", flush=True)
        self.problems.append(text)

    # MARK: Rounds

    def round(self, number, fault, seed):
        self.number = number
        fault(self, random.Random(seed))
        self.heal()

    def heal(self):
        """Ends the fault, starts what ended, and waits until every host reports that it is alive."""
        began = time.time()
        self.provider.set_faults("none")
        for host in self.hosts:
            self.network.heal(host.number)
            host.signal(signal.SIGCONT)
        waiting = list(self.hosts)
        while waiting and time.time() < began + REJOIN_SECONDS_MAX:
            for host in waiting:
                if not host.is_running:
                    self.problem(f"{host.name} ended by itself with {host.process.returncode}: {host.last_words()}")
                    host.start()
            alive = {row[0] for row in self.server.query(
                "SELECT name FROM host WHERE stopped_at IS NULL AND seen_at > %s", int(began * 1000))}
            waiting = [host for host in waiting if host.name not in alive]
            time.sleep(0.1)
        self.rejoins.append(time.time() - began)
        for host in waiting:
            self.problem(f"{host.name} did not report within {REJOIN_SECONDS_MAX} s after the fault was over; it is killed")
            host.kill()
            host.start()

    def drain(self, seconds=240):
        for producer in self.producers:
            producer.stop()
            if producer.failure:
                self.problem(f"{producer.label}: {producer.failure!r}")
        self.heal()
        until = time.time() + seconds
        while time.time() < until:
            left = self.server.query("SELECT (SELECT count(*) FROM queue WHERE state IN ('available', 'running')), "
                                     "(SELECT count(*) FROM ledger WHERE settled_at IS NULL)")[0]
            if left == (0, 0):
                return
            time.sleep(0.3)
        self.problem(f"after {seconds} s, {left[0]} jobs and {left[1]} calls are still open")

    def close(self):
        if self.observer:
            self.observer.stop()
        for producer in self.producers:
            producer.must_end.set()
        for host in self.hosts:
            if host.is_running:
                host.signal(signal.SIGCONT)
                host.kill()
        if self.provider:
            self.provider.stop()
        if self.server:
            self.server.stop()
        self.network.close()

    def _report_standstill(self, takeover):
        what = "takes the lead" if takeover.leading_at is None else "makes a call"
        self.problem(f"no host {what} within {TAKEOVER_SECONDS_MAX + 20} s after: {takeover.fault} {takeover.host.name}")
        for row in self.server.query(
                "SELECT host(client_addr), pid, state, wait_event, now() - state_change, left(query, 60), "
                "pg_blocking_pids(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL ORDER BY 1"):
            print("   ", *row, flush=True)

    def _await(self, condition, seconds, what):
        until = time.time() + seconds
        while not condition():
            if time.time() > until:
                raise RuntimeError(f"timeout: {what}")
            time.sleep(0.05)


# Each host is told that it leads. The ledger must keep everything safe by itself.
EVERYONE_LEADS = """
CREATE OR REPLACE FUNCTION asinqd.attend(host_id bigint, lease_ms bigint) RETURNS asinqd.leader
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    leader asinqd.leader;
BEGIN
    UPDATE asinqd.host SET seen_at = asinqd.now_ms() WHERE id = attend.host_id;
    SELECT * INTO leader FROM asinqd.leader;
    leader.host_id := attend.host_id;
    leader.lease_until := asinqd.now_ms() + lease_ms;
    RETURN leader;
END $$"""
