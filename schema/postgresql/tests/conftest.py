"""Databases for the tests, on the private server that Tests/on-postgresql starts."""

import itertools, os, pathlib

import psycopg
import pytest

from contract import Contract, Lite

FOLDER = pathlib.Path(__file__).resolve().parent.parent
FILES = ["tables.sql", "rules.sql", "enqueue.sql", "views.sql", "hosts.sql", "engine.sql", "roles.sql"]


class Server:
    def __init__(self):
        self.template = os.environ.get("TEST_POSTGRESQL")
        assert self.template, "There is no server. Try: run schema/postgresql/tests/run, which starts one"
        self.databases = itertools.count(1)

    def url(self, database, user="owner"):
        return self.template.replace("owner@", f"{user}@").replace("DATABASE", database)

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
    return Server()


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
