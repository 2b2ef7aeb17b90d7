"""The two engines of the contract, with the same questions: PostgreSQL's as `Contract`, SQLite's as `Lite`."""

import decimal, pathlib, sqlite3

import psycopg
from psycopg.types.string import TextLoader

STATES = ["available", "running", "completed", "discarded", "cancelled"]
QUEUE = "endpoint, product, account, priority, label, not_before, pages, then_lookup"


def columns_in(state):
    """The columns that a state requires: the SET of an UPDATE to it."""
    is_final = state in ["completed", "discarded", "cancelled"]
    return (
        f"state = '{state}', call_id = 1, finished_at = {7 if is_final else 'NULL'},"
        f" error = {chr(39) + 'timeout' + chr(39) if state == 'discarded' else 'NULL'}"
    )


def asin(number):
    return f"B{number:09}"


def code(number):
    """The EAN-13 that begins with `number`."""
    stem = f"{number:012}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return stem + str(-total % 10)


def cell(value):
    """A value as the sqlite3 shell writes it."""
    if value is None:
        return ""
    if isinstance(value, (decimal.Decimal, float)):
        number = decimal.Decimal(str(value)).normalize()
        return f"{number:f}"
    return str(value)


class Engine:
    FACTS = """
        INSERT INTO endpoint (name, provider, product_form, has_pages, leads_to) VALUES
            ('images', 'asinscope', 'asin', 0, NULL), ('barcodes', 'asinscope', 'asin', 0, 'lookup'),
            ('lookup', 'upcitemdb', 'code', 0, NULL), ('search', 'upcitemdb', 'query', 1, NULL);
        INSERT INTO account (name, provider, is_shared) VALUES
            ('asinscope', 'asinscope', 1), ('second', 'asinscope', 0), ('upcitemdb', 'upcitemdb', 1);
        """

    def add_job(self, product="B0086FFHLS", endpoint="images", state="available"):
        """Adds a job and takes it to `state` by permitted changes."""
        self.run("INSERT INTO queue (endpoint, product) VALUES (%s, %s)", endpoint, product)
        steps = {"available": [], "completed": ["running"], "discarded": ["running"]}.get(state, [])
        for step in steps + ([state] if state != "available" else []):
            self.run(
                f"UPDATE queue SET {columns_in(step)} WHERE endpoint = %s AND product = %s"
                " AND state IN ('available', 'running')",
                endpoint, product,
            )

    def open_call(self, endpoint="images", account="asinscope", slot=0, products='["B0086FFHLS"]'):
        self.run(
            "INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at, lease_until)"
            " VALUES (%s, %s, %s, %s, 10, 1000, 2000)",
            account, endpoint, slot, products,
        )

    def add_result(self, product="B0086FFHLS", endpoint="images", body=None, found=1, fetched_at=5, call_id=1):
        self.run(
            "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            endpoint, product, found, body, fetched_at, call_id,
        )

    def insert(self, table, values, more=""):
        """An INSERT of the named values; the message with which it is refused, or None."""
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        return self.refusal(f"INSERT INTO {table} ({names}) VALUES ({marks}) {more}", *values.values())


class Contract(Engine):
    def __init__(self, connection):
        self.connection = connection
        connection.execute("SET search_path = asinqd")
        connection.adapters.register_loader("json", TextLoader)

    def run(self, sql, *values):
        return self.connection.execute(sql, values or None)

    def error(self, sql, *values):
        """The error with which a statement is refused; None if it is not. The transaction continues."""
        try:
            with self.connection.transaction():
                self.run(sql, *values)
            return None
        except psycopg.Error as error:
            return error

    def refusal(self, sql, *values):
        """The message with which a statement is refused; None if it is not. A constraint's message is its name."""
        error = self.error(sql, *values)
        if error is None:
            return None
        name = error.diag.constraint_name
        return name if name and " " in name else error.diag.message_primary or str(error)

    def rows(self, sql, *values):
        """Each row as one text."""
        return ["|".join(cell(value) for value in row) for row in self.run(sql, *values).fetchall()]

    def changes(self, sql, *values):
        return self.run(sql, *values).rowcount

    def enqueue(self, endpoint, products, **options):
        """The verdicts of asinqd.enqueue, each as one text."""
        named = "".join(f", {name} => %s" for name in options)
        rows = self.run(f"SELECT * FROM asinqd.enqueue(%s, %s::text[]{named})", endpoint, products, *options.values())
        return ["|".join(cell(value) for value in row) for row in rows.fetchall()]


class Lite(Engine):
    def __init__(self):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        path = pathlib.Path(__file__).resolve().parents[2] / "sqlite" / "current.sql"
        self.connection.executescript(path.read_text())
        self.connection.executescript(self.FACTS)

    def run(self, sql, *values):
        return self.connection.execute(sql.replace("%s", "?"), values)

    def refusal(self, sql, *values):
        try:
            self.run(sql, *values)
            return None
        except sqlite3.Error as error:
            return str(error)

    def rows(self, sql, *values):
        return ["|".join(cell(value) for value in row) for row in self.run(sql, *values).fetchall()]
