"""A private server for the tests, in a temporary folder, without a port. It touches no other server."""

import glob, itertools, os, pathlib, shutil, subprocess, tempfile

import psycopg
import pytest

from contract import Contract, Lite

FOLDER = pathlib.Path(__file__).resolve().parent.parent
FILES = ["tables.sql", "rules.sql", "enqueue.sql", "views.sql", "hosts.sql", "engine.sql", "roles.sql"]


class Server:
    """A server that is stopped and deleted at the end."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda path: int(path.split("/")[4]))
        assert found, "There is no PostgreSQL server. Try: run schema/postgresql/tests/run, which installs it"
        self.programs = os.path.dirname(found[-1])
        self.folder = tempfile.mkdtemp(prefix="asinqd-postgresql-")
        # The server refuses to run as root.
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.databases = itertools.count(1)
        self.run(
            "initdb", "--pgdata", f"{self.folder}/data", "--username", "owner", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )
        options = (
            f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
            " -c full_page_writes=off -c max_wal_size=4GB -c shared_buffers=256MB -c deadlock_timeout=100ms"
            # No warm-up in the background: the plans depend on what a test analyzed.
            " -c autovacuum=off"
        )
        self.run(
            "pg_ctl", "start", "--wait", "--pgdata", f"{self.folder}/data", "--log", f"{self.folder}/log",
            "--options", options,
        )

    def run(self, program, *arguments):
        done = subprocess.run(
            self.prefix + [f"{self.programs}/{program}", *arguments],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        assert done.returncode == 0, done.stdout

    def stop(self):
        self.run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", f"{self.folder}/data")
        shutil.rmtree(self.folder)

    def url(self, database, user="owner"):
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def connect(self, database, user="owner", **arguments):
        return psycopg.connect(self.url(database, user), autocommit=True, **arguments)

    def create(self, template="template0", **options):
        name = f"test{next(self.databases)}"
        words = " ".join(f"{key} {value}" for key, value in options.items())
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {words}")
        return name


def schema():
    return "\n".join((FOLDER / name).read_text() for name in FILES)


@pytest.fixture(scope="session")
def server():
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(server):
    """A database with the schema, the endpoints of the catalog and a second account of one provider."""
    name = server.create()
    with server.connect(name) as connection:
        with connection.transaction():
            connection.execute(schema())
        Contract(connection).run(Contract.FACTS)
    return name


@pytest.fixture
def database(server, template):
    """The name of a database of the test's own."""
    return server.create(template, strategy="file_copy")


@pytest.fixture
def connect(server, database):
    """Makes connections to the test's own database, and closes them."""
    connections = []

    def connect(user="owner", **arguments):
        connections.append(server.connect(database, user, **arguments))
        return connections[-1]

    yield connect
    for connection in connections:
        connection.close()


@pytest.fixture(scope="session")
def shared_connection(server, template):
    with server.connect(server.create(template)) as connection:
        yield connection


@pytest.fixture
def contract(shared_connection):
    """One transaction of a shared database, which is rolled back. Ids are not those of an empty database."""
    with shared_connection.transaction(force_rollback=True):
        yield Contract(shared_connection)


@pytest.fixture
def lite():
    """SQLite's schema of the same version."""
    return Lite()
