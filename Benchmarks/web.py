#!/usr/bin/env python3
"""What the web service costs: prints each figure next to what it is compared with.

    Benchmarks/web.py .build/release/asinqd [ROWS]

ROWS, otherwise a million, are in the queue while viewers look at it. Needs Python 3.9 alone.
"""

import contextlib
import http.client
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
VIEWERS = 50
STREAMS = 200
SECONDS = 30


class Service:
    """`asinqd serve` on a database, with what the system says of its process."""

    def __init__(self, binary, folder):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASINQD_")}
        environment["ASINQD_DATABASE"] = os.path.join(folder, "queue.sqlite")
        self.environment = environment
        self.binary = binary
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0"], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = self.process.stdout.readline().strip()
        host, self.token = address.removeprefix("http://").split("/?token=")
        self.host = host

    def get(self, path):
        connection = http.client.HTTPConnection(self.host, timeout=120)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - began
        connection.close()
        assert response.status == 200, (path, response.status, body[:200])
        return took, body

    def stream(self):
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(
            "GET", "/api/v1/events", headers={"Authorization": f"Bearer {self.token}"})
        return connection, connection.getresponse()

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def asins(count, seed=1):
    draw = random.Random(seed)
    return ["B0" + "".join(draw.choices(LETTERS, k=8)) for _ in range(count)]


def fill(binary, folder, rows):
    """Jobs by the fastest way into the queue."""
    path = os.path.join(folder, "queue.sqlite")
    subprocess.run(
        [binary, "enqueue", "--images", "--database", path, "-"], input="B000000001\n", text=True,
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = sqlite3.connect(path, timeout=60)
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("PRAGMA cache_size = -400000")
    batch = 100_000
    for start in range(0, rows, batch):
        names = sorted(asins(min(batch, rows - start), seed=start + 7))
        with database:
            database.executemany(
                "INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', ?, ?)",
                ((name, "batch %d" % (start // batch)) for name in names))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def first_pages(service):
    for path in ["/", "/jobs", "/jobs?state=ready&endpoint=images", "/ledger", "/labels"]:
        first, _ = service.get(path)
        again = statistics.median(service.get(path)[0] for _ in range(9))
        print(f"page {path:34} first {first * 1000:7.0f} ms   then {again * 1000:7.1f} ms")


@contextlib.contextmanager
def viewers(service):
    """Each follows the first page, and takes its content anew on each event."""
    stop = threading.Event()

    def view():
        connection, response = service.stream()
        while not stop.is_set():
            # A ping comes when nothing changes.
            if response.readline().startswith(b"event: status") and not stop.is_set():
                service.get("/")
        connection.close()

    threads = [threading.Thread(target=view, daemon=True) for _ in range(VIEWERS)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    yield
    stop.set()
    for thread in threads:
        thread.join()


def watched(service, folder):
    """The share of a core while viewers follow the page and the queue changes every second."""
    with viewers(service):
        share = share_of_core(service, folder)
    print(f"{VIEWERS} viewers, a change a second: {share * 100:.1f} % of a core")


def share_of_core(service, folder):
    writer = sqlite3.connect(os.path.join(folder, "queue.sqlite"), timeout=60)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    began, used = time.perf_counter(), service.cpu_seconds()
    names = iter(asins(SECONDS * 2, seed=99))
    while time.perf_counter() - began < SECONDS:
        with writer:
            writer.execute(
                "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', ?)", (next(names),))
        time.sleep(1)
    return (service.cpu_seconds() - used) / (time.perf_counter() - began)


def calls(binary, service, folder):
    """How many calls a daemon makes without limits, with viewers and without: three pairs."""
    path = os.path.join(folder, "queue.sqlite")
    limits = ["--images-burst", "1000000", "--images-per-minute", "1000000"]
    sandbox = subprocess.Popen(
        [binary, "sandbox", "--daily-tokens", "1000000", *limits], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    address = next(
        word for line in sandbox.stdout for word in line.split() if word.endswith("/circana"))
    environment = {
        **service.environment, "ASINQD_ASINSCOPE_URL": address,
        "ASINQD_ASINSCOPE_API_KEY": "sandbox", "ASINQD_ASINSCOPE_DAILY_TOKENS": "1000000",
        "ASINQD_ASINSCOPE_IMAGES_BURST": "1000000",
        "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE": "1000000",
        "ASINQD_ASINSCOPE_LINGER_MILLISECONDS": "0"}
    daemon = subprocess.Popen(
        [binary, "run"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    reader = sqlite3.connect(path, timeout=60)

    def rate():
        def settled():
            return reader.execute("SELECT coalesce(sum(calls), 0) FROM tally").fetchone()[0]

        began, before = time.perf_counter(), settled()
        time.sleep(10)
        return (settled() - before) / (time.perf_counter() - began)

    time.sleep(5)
    ratios = []
    for _ in range(3):
        alone = rate()
        with viewers(service):
            seen = rate()
        ratios.append(seen / alone)
        print(f"calls a second: {alone:.1f} alone, {seen:.1f} with {VIEWERS} viewers; "
              f"ratio {seen / alone:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}")
    for process in (daemon, sandbox):
        process.terminate()
        process.wait(60)


def streams(service):
    before = service.descriptors()
    base = service.memory_mib()
    opened = [service.stream() for _ in range(STREAMS)]
    for _, response in opened:
        response.readline()
    print(f"{STREAMS} event streams: {service.memory_mib():.0f} MiB in all, {base:.0f} before")
    for connection, response in opened:
        response.close()
        connection.close()
    until = time.time() + 60
    while service.descriptors() > before + 4 and time.time() < until:
        time.sleep(0.5)
    print(f"descriptors: {before} before, {service.descriptors()} after they were closed")


def enqueue_rates(binary, lines):
    """A list by POST /jobs/stream against the same list by the command line, three pairs."""
    ratios = []
    for turn in range(3):
        text = ("\n".join(asins(lines, seed=1000 + turn)) + "\n").encode()
        with tempfile.TemporaryDirectory() as folder:
            service = Service(binary, folder)
            connection = http.client.HTTPConnection(service.host, timeout=600)
            began = time.perf_counter()
            connection.request(
                "POST", "/api/v1/jobs/stream?endpoint=images", body=text,
                headers={"Authorization": f"Bearer {service.token}", "Content-Type": "text/plain"})
            response = connection.getresponse()
            response.read()
            web = time.perf_counter() - began
            assert response.status == 200
            memory = service.memory_mib()
            service.stop()
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            subprocess.run(
                [binary, "enqueue", "--images", "--database", folder + "/queue.sqlite", "-"],
                input=text, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            shell = time.perf_counter() - began
        ratios.append(shell / web)
        print(
            f"{lines:,} lines: API {lines / web:,.0f} a second, {memory:.0f} MiB; "
            f"command line {lines / shell:,.0f} a second; ratio {shell / web:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}")


def main():
    binary = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    enqueue_rates(binary, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        fill(binary, folder, rows)
        print(f"{rows:,} jobs in the queue, after {time.perf_counter() - began:.0f} s")
        service = Service(binary, folder)
        try:
            first_pages(service)
            streams(service)
            watched(service, folder)
            calls(binary, service, folder)
        finally:
            service.stop()


if __name__ == "__main__":
    main()
