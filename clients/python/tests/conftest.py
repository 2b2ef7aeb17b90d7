"""Real programs and real files: the daemon, the sandbox and the web service, started by the tests."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import threading
import time
import typing

import pytest

import asinqd

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def binary() -> str:
    path = os.environ.get("ASINQD", "")
    if not os.access(path, os.X_OK):
        pytest.exit("ASINQD names no program. Try: run make build, then ASINQD=… pytest", 1)
    return path


class Program:
    """A program of asinqd that a test starts, and that ends with the test."""

    def __init__(
        self, arguments: typing.Sequence[str], folder: pathlib.Path, **environment: str
    ) -> None:
        # Not a pipe: a full one would stop the program.
        with open(folder / f"{arguments[0]}.log", "ab") as log:
            self.process = subprocess.Popen(
                [binary(), *arguments],
                cwd=folder,
                env={"HOME": str(folder), "PATH": "/usr/bin:/bin", **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, f"{self.process.args} ended with {self.process.wait(10)}"
        return line

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Bench:
    """A folder with a database, and the programs that use it."""

    def __init__(self, folder: pathlib.Path, template: pathlib.Path) -> None:
        self.folder = folder
        self.path = folder / "asinqd.sqlite"
        self.path.write_bytes(template.read_bytes())
        self.programs: typing.List[Program] = []
        self.url = ""

    @contextlib.contextmanager
    def sql(self) -> typing.Iterator[sqlite3.Connection]:
        """As another program: the contract's pragmas, and a commit of its own for each statement."""
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=20)
        try:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            yield connection
        finally:
            connection.close()

    def rows(self, sql: str) -> typing.List[typing.Tuple[typing.Any, ...]]:
        with self.sql() as connection:
            return connection.execute(sql).fetchall()

    def store(
        self,
        products: typing.Iterable[str],
        endpoint: str = "images",
        body: typing.Optional[object] = None,
        age_s: float = 0,
    ) -> None:
        """Writes results as asinqd does, one after the other."""
        at = int((time.time() - age_s) * 1_000)
        text = None if body is None else json.dumps(body)
        with self.sql() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)"
                " VALUES (?, ?, ?, ?, ?, 1)",
                [(endpoint, product, body is not None, text, at) for product in products],
            )
            connection.execute("COMMIT")

    def start(self, *arguments: str, **environment: str) -> Program:
        program = Program([*arguments, "--database", str(self.path)], self.folder, **environment)
        self.programs.append(program)
        return program

    def serve(self, port: int = 0, *arguments: str) -> Program:
        """The web service; `url` is its address with the token, once it accepts connections."""
        program = self.start("serve", "--listen", f"127.0.0.1:{port}", *arguments)
        self.url = program.line()
        return program

    @property
    def address(self) -> str:
        return self.url.split("?")[0].rstrip("/")

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])

    @property
    def token(self) -> str:
        return (self.folder / "web-token").read_text().strip()

    def end(self) -> None:
        for program in reversed(self.programs):
            program.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """An empty database. All of it is in the one file, because no other connection is open."""
    folder = tmp_path_factory.mktemp("template")
    command = [binary(), "run", "--until-empty", "--database", str(folder / "asinqd.sqlite")]
    environment = {"HOME": str(folder), "ASINQD_ASINSCOPE_API_KEY": "sandbox"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder / "asinqd.sqlite"


@pytest.fixture
def bench(tmp_path: pathlib.Path, template: pathlib.Path) -> typing.Iterator[Bench]:
    bench = Bench(tmp_path, template)
    yield bench
    bench.end()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> typing.Iterator[typing.Dict[str, str]]:
    """The environment of a daemon whose providers are the sandbox."""
    faults = ["--faults", "reject=B0REJECTED"]
    bursts = ["--upcitemdb-lookup-bursts", "1000/1", "--upcitemdb-search-bursts", "1000/1"]
    program = Program(["sandbox", *faults, *bursts], tmp_path_factory.mktemp("sandbox"))
    yield {
        "ASINQD_ASINSCOPE_URL": program.line(),
        "ASINQD_UPCITEMDB_URL": program.line(),
        "ASINQD_ASINSCOPE_API_KEY": "sandbox",
        "ASINQD_UPCITEMDB_LOOKUP_BURST": "1000",
        "ASINQD_UPCITEMDB_SEARCH_BURST": "1000",
        "ASINQD_UPCITEMDB_SECONDS_BETWEEN_CALLS": "0",
    }
    program.stop(signal.SIGKILL)


@pytest.fixture(params=["database", "service"])
def place(bench: Bench, request: pytest.FixtureRequest) -> typing.Dict[str, str]:
    """The arguments of `open` for each kind of backend."""
    if request.param == "database":
        return {"path_or_url": str(bench.path)}
    bench.serve()
    return {"path_or_url": bench.address, "token": bench.token}


@pytest.fixture
def client(place: typing.Dict[str, str]) -> typing.Iterator[asinqd.Client]:
    with asinqd.open(**place) as client:
        yield client


def soon(action: typing.Callable[[], object]) -> threading.Thread:
    """Runs an action while the test waits for its effect."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread


def asins(count: int, prefix: str = "B0") -> typing.List[str]:
    return [f"{prefix}{number:0{10 - len(prefix)}d}" for number in range(count)]
