"""asinqd's programs in a folder of their own, for tests that use Python's tools.

The variable ASINQD names the binary.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

DEADLINE = 60


def eventually(what, look):
    """The first true value of look()."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if value := look():
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} never came")


def asins(numbers):
    return [f"B0TE{number:06}" for number in numbers]


class Service:
    """asinqd serve as a process."""

    def __init__(self, folder, environment, *arguments, port=0):
        self.process = subprocess.Popen(
            [os.environ["ASINQD"], "serve", "--listen", f"127.0.0.1:{port}", *arguments],
            cwd=folder, env=environment, stdout=subprocess.PIPE,
            stderr=open(f"{folder}/serve.log", "ab"), text=True)
        self.address = self.process.stdout.readline().strip()
        match = re.fullmatch(r"(http://[\d.]+:(\d+))/\?token=(\S+)", self.address)
        assert match, open(f"{folder}/serve.log").read()
        self.root, self.port, self.token = match[1], int(match[2]), match[3]

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path, **headers):
        request = urllib.request.Request(self.root + path, headers=self.headers | headers)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as reply:
                return reply.read().decode(), reply.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}")

    def json(self, path):
        return json.loads(self.get(path)[0])

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(DEADLINE)


class Bench:
    """A folder with a database, and the programs that work on it."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = []
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder,
            "XDG_CONFIG_HOME": folder, "ASINQD_DATABASE": "queue.sqlite",
            "SWIFT_BACKTRACE": "enable=no",
        }

    def run(self, *arguments, input=""):
        ended = subprocess.run(
            [os.environ["ASINQD"], *arguments], cwd=self.folder, env=self.environment,
            input=input, capture_output=True, text=True, timeout=DEADLINE)
        assert ended.returncode == 0, ended
        return ended.stdout

    def start(self, *arguments, output=subprocess.PIPE):
        program = subprocess.Popen(
            [os.environ["ASINQD"], *arguments], cwd=self.folder, env=self.environment,
            stdout=output, stderr=subprocess.DEVNULL, text=True)
        self.programs.append(program)
        return program

    def serve(self, *arguments, port=0):
        service = Service(self.folder, self.environment, *arguments, port=port)
        self.programs.append(service.process)
        return service

    def daemon(self):
        return self.start("run", output=subprocess.DEVNULL)

    def sandbox(self, *arguments):
        program = self.start("sandbox", *arguments)
        self.environment["ASINQD_ASINSCOPE_URL"] = program.stdout.readline().split()[-1]
        self.environment["ASINQD_UPCITEMDB_URL"] = program.stdout.readline().split()[-1]
        self.environment["ASINQD_ASINSCOPE_API_KEY"] = "sandbox"
        self.environment["ASINQD_ASINSCOPE_LINGER_MILLISECONDS"] = "0"
        return program

    def enqueue(self, endpoint, products, *more):
        self.run("enqueue", f"--{endpoint}", *more, input="\n".join(products))

    def status(self):
        return json.loads(self.run("status", "--json"))

    def jobs(self, state):
        return sum(endpoint["jobs"][state] for endpoint in self.status()["endpoints"]
                   if endpoint["isFirst"])

    def populate(self):
        """Jobs in every state, labels, results, and calls that were refused."""
        # The server's limit for barcodes is below the one that the daemon knows of.
        self.sandbox("--faults", "reject=B0BADBAD01", "--barcodes-per-minute", "20")
        self.environment["ASINQD_ASINSCOPE_BARCODES_PER_MINUTE"] = "1000"
        self.enqueue("images", asins(range(30)) + ["B0UNKNOWN1"], "--label", "spring")
        self.enqueue("images", ["B0BADBAD01"], "--label", "rejected <b>&amp;</b>")
        self.enqueue("barcodes", asins(range(60)), "--label", "spring")
        self.enqueue("images", asins(range(100, 120)), "--label", "next week",
                     "--not-before", "+7d")
        self.enqueue("images", asins(range(200, 230)), "--label", "paused list",
                     "--not-before", "+1d")
        self.run("pause", "--label", "paused list")
        self.enqueue("images", asins(range(300, 305)), "--not-before", "+1d", "--label", "x" * 100)
        self.run("cancel", "--label", "x" * 100)
        self.enqueue("lookup", ["885909456017", "0036000291452"], "--label", "codes")
        daemon = self.daemon()
        eventually("a refused call", lambda: '"rate_limited"' in self.run("ledger", "--json"))
        # The refused jobs are deferred; these wait behind them.
        self.enqueue("barcodes", asins(range(60, 70)), "--label", "spring")
        eventually("the images", lambda: self.jobs("completed") >= 31)
        eventually("a dead letter", lambda: self.jobs("discarded") >= 1)
        self.daemon_process = daemon
        return self

    def stop_daemon(self):
        self.daemon_process.send_signal(signal.SIGTERM)
        assert self.daemon_process.wait(DEADLINE) == 0

    def end(self):
        for program in self.programs:
            if program.poll() is None:
                program.kill()
            program.wait()


@pytest.fixture
def bench():
    with tempfile.TemporaryDirectory(prefix="asinqd-web-") as folder:
        bench = Bench(folder)
        yield bench
        bench.end()


@pytest.fixture(scope="module")
def populated():
    with tempfile.TemporaryDirectory(prefix="asinqd-web-") as folder:
        bench = Bench(folder)
        try:
            yield bench.populate()
        finally:
            bench.end()
