#!/usr/bin/env python3
"""The queue in a SQLite file next to the same queue on a PostgreSQL server, in one run.

    Benchmarks/engines.py .build/release/asinqd [PART...]

PARTs: enqueue, insert, wake, calls, reports, bound, takeover. The server is a private one with Debian's defaults: each
commit waits for the disk, as in the file. Needs PostgreSQL and psycopg: `make benchmark` installs them.
"""

import contextlib
import glob
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import psycopg

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
WRITERS = 8
WRITING_SECONDS = 10
# SQLite's busy timeout in milliseconds: such a row was refused.
LOCKED_OUT = 5_000
UNLIMITED = {
    "ASINQD_ASINSCOPE_DAILY_TOKENS": "1000000000",
    "ASINQD_ASINSCOPE_BARCODES_PER_MINUTE": "1000000",
    "ASINQD_ASINSCOPE_IMAGES_BURST": "1000000",
    "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE": "1000000",
    "ASINQD_ASINSCOPE_LINGER_MILLISECONDS": "0",
}
UNLIMITED_SANDBOX = ["--daily-tokens", "1000000000", "--barcodes-per-minute", "1000000",
                     "--images-burst", "1000000", "--images-per-minute", "1000000"]


class File:
    name = "SQLite"

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def database(self):
        self.count += 1
        return f"{self.folder}/{self.count}.sqlite"

    @staticmethod
    def connect(url):
        connection = sqlite3.connect(url, isolation_level=None, timeout=60, check_same_thread=False)
        for pragma in (f"busy_timeout = {LOCKED_OUT}", "wal_autocheckpoint = 0", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @staticmethod
    def insert(connection, endpoint, product):
        connection.execute("INSERT INTO queue (endpoint, product) VALUES (?, ?)", (endpoint, product))

    def fill(self, url, first, last):
        connection = self.connect(url)
        connection.execute("PRAGMA cache_size = -400000")
        trigger = one(connection, "SELECT sql FROM sqlite_master WHERE name = 'queue_insert'")
        connection.executescript("PRAGMA synchronous = OFF; DROP TRIGGER queue_insert;")
        connection.execute(
            "WITH RECURSIVE job (id) AS (SELECT ? UNION ALL SELECT id + 1 FROM job WHERE id < ?) "
            "INSERT INTO queue (endpoint, product) "
            "SELECT iif(id % 2, 'images', 'barcodes'), printf('B%09d', id / 2 + 1) FROM job", (first, last))
        connection.execute(trigger)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


class Server:
    name = "PostgreSQL"

    def __init__(self, folder):
        programs = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        self.folder = folder
        self.program = f"{programs}/pg_ctl"
        self.count = 0
        # The server refuses to run as root.
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.prefix:
            shutil.chown(folder, "postgres", "postgres")
        self._run(f"{programs}/initdb", "--pgdata", f"{folder}/data", "--username", "owner",
                  "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8")
        self._run(self.program, "start", "--wait", "--pgdata", f"{folder}/data", "--log", f"{folder}/log",
                  "--options", f"-c listen_addresses= -c unix_socket_directories={folder}")

    def _run(self, *command):
        subprocess.run([*self.prefix, *command], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self._run(self.program, "stop", "--mode", "immediate", "--pgdata", f"{self.folder}/data")

    def url(self, name):
        return f"postgresql://owner@/{name}?host={self.folder}"

    def database(self):
        self.count += 1
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE queue{self.count}")
        return self.url(f"queue{self.count}")

    @staticmethod
    def connect(url):
        return psycopg.connect(url, autocommit=True, options="-c search_path=asinqd")

    @staticmethod
    def insert(connection, endpoint, product):
        connection.execute("INSERT INTO queue (endpoint, product) VALUES (%s, %s)", (endpoint, product))

    def fill(self, url, first, last):
        with self.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "INSERT INTO queue (endpoint, product) SELECT CASE id % 2 WHEN 1 THEN 'images' ELSE 'barcodes' END, "
                f"'B' || lpad((id / 2 + 1)::text, 9, '0') FROM generate_series({first}, {last}) AS job (id)")
            # As autovacuum does in time.
            connection.execute("VACUUM ANALYZE queue")


class Bench:
    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("ASINQD_")}

    def run(self, url, *arguments, text=None):
        """The seconds of a command."""
        began = time.perf_counter()
        subprocess.run([self.binary, *arguments], env={**self.environment, "ASINQD_DATABASE": url},
                       input=text, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began

    def new(self, engine):
        """A database with the schema and one job."""
        url = engine.database()
        self.run(url, "enqueue", "--images", "-", text="B000000000\n")
        return url

    @contextlib.contextmanager
    def sandbox(self, *options):
        process = subprocess.Popen([self.binary, "sandbox", *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, env=self.environment)
        yield next(word for line in process.stdout for word in line.split() if word.endswith("/circana"))
        end(process)

    def daemon(self, url, address, settings=None):
        log = open(f"{self.folder}/daemon.log", "a")
        return subprocess.Popen(
            [self.binary, "run"], stdout=log, stderr=log,
            env={**self.environment, "ASINQD_DATABASE": url, "ASINQD_ASINSCOPE_URL": address,
                 "ASINQD_ASINSCOPE_API_KEY": "sandbox", **(settings or {})})


    @contextlib.contextmanager
    def unlimited(self, engine, jobs=0):
        """A daemon works a new database without limits: the database's URL and a connection to it."""
        with self.sandbox(*UNLIMITED_SANDBOX) as address:
            url = self.new(engine)
            if jobs:
                engine.fill(url, 1, jobs)
            daemon = self.daemon(url, address, UNLIMITED)
            yield url, engine.connect(url)
            end(daemon)


def end(process):
    process.terminate()
    process.wait(60)


def asins(count, seed):
    draw = random.Random(seed)
    return ["B0" + "".join(draw.choices(LETTERS, k=8)) for _ in range(count)]


def one(connection, sql):
    row = connection.execute(sql).fetchone()
    return row and row[0]


def wait_until(condition, seconds=120):
    until = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < until, "it did not happen"
    return value


def spread(values, unit="ms"):
    values = sorted(values)
    return (f"median {statistics.median(values):.1f} {unit}, 99th percentile "
            f"{values[len(values) * 99 // 100]:.1f}, of {len(values):,}")


def say(part, engine, text):
    print(f"{part:10}{engine.name:12}{text}", flush=True)


def compare(part, figures):
    """Of two figures, the file's and the server's."""
    file, server = figures
    print(f"{part:10}server / file {server / file:.2f}", flush=True)


def enqueue(bench, engines):
    rates = {engine: [] for engine in engines}
    for turn in range(3):
        text = "\n".join(asins(1_000_000, seed=turn)) + "\n"
        for engine in engines:
            rates[engine].append(1_000_000 / bench.run(engine.database(), "enqueue", "--images", "-", text=text))
    for engine in engines:
        say("enqueue", engine, f"{statistics.median(rates[engine]):,.0f} rows a second, a million random ASINs "
            f"({', '.join(f'{rate:,.0f}' for rate in rates[engine])})")
    compare("enqueue", [statistics.median(rates[engine]) for engine in engines])


def insert(bench, engines):
    """Eight programs, a row in each transaction, while a daemon drains the queue."""
    rates = []
    for engine in engines:
        with bench.unlimited(engine) as (url, connection):
            writers = [
                subprocess.Popen([sys.executable, __file__, "--writer", engine.name, url, str(index)],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                for index in range(WRITERS)]
            for writer in writers:
                writer.stdout.readline()
            for writer in writers:
                writer.stdin.write("\n")
                writer.stdin.flush()
            waits = [float(word) for writer in writers for word in writer.communicate()[0].split()]
            assert not any(writer.returncode for writer in writers)
            locked_out = sum(wait >= LOCKED_OUT for wait in waits)
            done = one(connection, "SELECT count(*) FROM queue WHERE state = 'completed'")
        rates.append((len(waits) - locked_out) / WRITING_SECONDS)
        say("insert", engine, f"{rates[-1]:,.0f} rows a second of {WRITERS} programs; wait: {spread(waits)}, worst "
            f"{max(waits):.0f}, {locked_out} locked out; {done:,} jobs completed meanwhile")
    compare("insert", rates)


def write(name, url, index):
    """One of those programs: prints how long each row's commit took, in milliseconds."""
    engine = next(engine for engine in (File, Server) if engine.name == name)
    connection = engine.connect(url)
    print("ready", flush=True)
    sys.stdin.readline()
    waits, until = [], time.monotonic() + WRITING_SECONDS
    while (began := time.monotonic()) < until:
        number = int(index) * 10_000_000 + len(waits)
        # A row that is locked out took as long as SQLite waits.
        with contextlib.suppress(sqlite3.OperationalError):
            engine.insert(connection, ("images", "barcodes")[number % 2], "B%09d" % number)
        waits.append((time.monotonic() - began) * 1_000)
    print(*waits)


def wake(bench, engines):
    medians = []
    for engine in engines:
        with bench.unlimited(engine) as (_, connection):
            waits = []
            for product in asins(300, seed=4):
                engine.insert(connection, "images", product)
                began = time.monotonic()
                job = f"SELECT state FROM queue WHERE product = '{product}'"
                wait_until(lambda: one(connection, job) != "available")
                waits.append((time.monotonic() - began) * 1_000)
                wait_until(lambda: one(connection, job) == "completed")
                time.sleep(0.02)
        medians.append(statistics.median(waits))
        say("wake", engine, f"from a row's commit to its call's ledger entry: {spread(waits)}, worst {max(waits):.1f}")
    compare("wake", medians)


def calls(bench, engines):
    """Claims and settlements of a full queue: what the ledger has of them."""
    cycles = []
    for engine in engines:
        with bench.unlimited(engine, jobs=400_000) as (_, connection):
            time.sleep(20)
        claims, settlements, lane = [], [], []
        for endpoint in ("images", "barcodes"):
            rows = connection.execute(
                "SELECT started_at, sent_at, settled_at FROM ledger "
                f"WHERE endpoint = '{endpoint}' AND outcome = 'succeeded' ORDER BY id").fetchall()[20:]
            claims += [row[1] - row[0] for row in rows if row[1]]
            settlements += [after[0] - before[2] for before, after in zip(rows, rows[1:])]
            lane += [after[0] - before[0] for before, after in zip(rows, rows[1:])]
        cycles.append(statistics.median(lane))
        say("calls", engine, f"from a claim's time until the request leaves: {spread(claims)}")
        say("", engine, f"from a reply until the next claim's time, which is a settlement: {spread(settlements)}")
        say("", engine, f"from call to call of a lane: {spread(lane)}")
    compare("calls", cycles)


def reports(bench, engines):
    urls = {engine: bench.new(engine) for engine in engines}
    for first, last in ((1, 1_000_000), (1_000_001, 10_000_000)):
        medians = []
        for engine in engines:
            url = urls[engine]
            engine.fill(url, first, last)
            connection = engine.connect(url)

            def count():
                began = time.perf_counter()
                connection.execute("SELECT endpoint, priority, count(*) FROM queue GROUP BY endpoint, priority").fetchall()
                return time.perf_counter() - began

            def seconds(measure):
                return statistics.median(measure() for _ in range(5))

            plain = seconds(count)
            status = seconds(lambda: bench.run(url, "status"))
            plan = seconds(lambda: bench.run(url, "plan", "--json"))
            medians.append(status)
            say("reports", engine, f"{last:,} jobs: status {status:.2f} s, plan {plan:.2f} s; one GROUP BY {plain:.2f} s "
                f"(ratios {status / plain:.2f}, {plan / plain:.2f})")
        compare("reports", medians)


def bound(bench, engines):
    """180 images and 1,000 barcodes at the documented limits. They allow no less than 60 s."""
    for engine in engines:
        with bench.sandbox("--faults", "latency=50-300", "--seed", "3") as address:
            url = engine.database()
            names = asins(1_000, seed=3)
            bench.run(url, "enqueue", "--images", "-", text="\n".join(names[:180]) + "\n")
            bench.run(url, "enqueue", "--barcodes", "-", text="\n".join(names) + "\n")
            connection = engine.connect(url)
            began = time.monotonic()
            daemons = [bench.daemon(url, address) for _ in range(1 if engine.name == "SQLite" else 2)]

            def is_done():
                time.sleep(0.01)
                return one(connection, "SELECT count(*) FROM queue WHERE state <> 'completed'") == 0

            wait_until(is_done, seconds=300)
            took = time.monotonic() - began
            refused = one(connection, "SELECT count(*) FROM ledger WHERE outcome <> 'succeeded'")
            made = one(connection, "SELECT count(*) FROM ledger")
            for daemon in daemons:
                end(daemon)
        say("bound", engine, f"{took:.1f} s with {len(daemons)} daemons, {took / 60:.3f} of the bound; {made} calls, "
            f"{refused} refused")


def takeover(bench, engines):
    """The leader is killed, with work for both. The other one leads, and calls."""
    engine = engines[1]
    with bench.sandbox(*UNLIMITED_SANDBOX) as address:
        url = bench.new(engine)
        connection = engine.connect(url)
        daemons = {}

        def start():
            before = one(connection, "SELECT coalesce(max(id), 0) FROM host")
            process = bench.daemon(url, address, UNLIMITED)
            daemons[wait_until(lambda: one(connection, f"SELECT id FROM host WHERE id > {before}"))] = process

        start()
        start()
        leads, works = [], []
        for turn in range(8):
            engine.fill(url, turn * 20_000 + 1, turn * 20_000 + 20_000)
            engine.insert(connection, "images", "B%09d" % (900_000_000 + turn))
            wait_until(lambda: one(connection, "SELECT host_id FROM leader") in daemons)
            leader = one(connection, "SELECT host_id FROM leader")
            wait_until(lambda: one(connection, f"SELECT max(id) FROM ledger WHERE host_id = {leader}"))
            daemons[leader].send_signal(signal.SIGKILL)
            began = time.monotonic()
            daemons.pop(leader).wait()
            other = next(iter(daemons))
            wait_until(lambda: one(connection, "SELECT host_id FROM leader") == other)
            leads.append(time.monotonic() - began)
            wait_until(lambda: one(connection, f"SELECT max(id) FROM ledger WHERE host_id = {other}"))
            works.append(time.monotonic() - began)
            start()
        for daemon in daemons.values():
            end(daemon)
    say("takeover", engine, f"after SIGKILL of the leader, the other host leads after {statistics.median(leads):.1f} s (worst "
        f"{max(leads):.1f}) and calls after {statistics.median(works):.1f} s (worst {max(works):.1f}), of {len(leads)}")


PARTS = [enqueue, insert, wake, calls, reports, bound, takeover]


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--writer":
        return write(*sys.argv[2:])
    names = [part.__name__ for part in PARTS]
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(names):
        sys.exit(__doc__)
    # Not in TMPDIR: a socket's path has at most 107 bytes, and the user postgres must have access to the folder.
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="asinqd-benchmark-") as folder:
        os.chmod(folder, 0o755)
        for name in ("file", "server"):
            os.mkdir(f"{folder}/{name}")
        engines = [File(f"{folder}/file"), Server(f"{folder}/server")]
        try:
            for part in PARTS:
                if part.__name__ in (sys.argv[2:] or names):
                    part(Bench(os.path.abspath(sys.argv[1]), folder), engines)
        finally:
            engines[1].stop()


if __name__ == "__main__":
    main()
