"""Programs that insert, cancel and change jobs, as the contract allows, and note what they have committed."""

import random, threading, time

import psycopg

LETTERS = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"
ENDPOINTS = ("images", "barcodes", "lookup", "search")
# Products of one statement at most. Together they stay below the limits.
PRODUCTS_MAX = {"images": 14, "barcodes": 14, "lookup": 3, "search": 1}


def new_product(endpoint, random):
    if endpoint in ("images", "barcodes"):
        return "B0" + "".join(random.choices(LETTERS, k=8))
    if endpoint == "search":
        return "brush " + "".join(random.choices(LETTERS, k=10))
    digits = "4" + "".join(random.choices("0123456789", k=11))
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


class Producer(threading.Thread):
    """One program. It repeats its seed's statements, however often the server is away."""

    def __init__(self, number, seed, server, pause):
        super().__init__(daemon=True)
        self.random = random.Random(f"{seed} producer {number}")
        self.server, self.pause, self.label = server, pause, f"program {number}"
        self.connection = None
        self.must_end = threading.Event()
        # Products by endpoint. In doubt: the connection was lost before the commit was confirmed.
        self.committed, self.in_doubt = set(), set()
        self.cancelled = self.changed = 0
        self.failure = None

    def run(self):
        try:
            while not self.must_end.is_set():
                self._once()
                time.sleep(self.pause * self.random.uniform(0.5, 1.5))
        except Exception as error:
            self.failure = error

    def stop(self):
        self.must_end.set()
        self.join(60)

    def _once(self):
        endpoint = self.random.choice(ENDPOINTS)
        choice = self.random.random()
        products = [new_product(endpoint, self.random)
                    for _ in range(self.random.randint(1, PRODUCTS_MAX[endpoint]))]
        priority = self.random.choice((0, 3, 5, 5, 5, 9))
        pick = self.random.random()
        if choice < 0.55:
            self._insert(endpoint, products, "SELECT count(*) FROM enqueue(%s, %s, label => %s, priority => %s)",
                         (endpoint, products + products[:1], self.label, priority))
        elif choice < 0.7:
            self._insert(endpoint, products,
                         "INSERT INTO queue (endpoint, product, label, priority) "
                         "SELECT %s, product, %s, %s FROM unnest(%s::text[]) AS product ON CONFLICT DO NOTHING",
                         (endpoint, self.label, priority, products))
        elif choice < 0.8:
            self._insert(endpoint, products,
                         "INSERT INTO inbox (endpoint, product, label) "
                         "SELECT %s, lower(product), %s FROM unnest(%s::text[]) AS product",
                         (endpoint, self.label, products))
        elif choice < 0.9:
            self.cancelled += self._write(
                "UPDATE queue SET state = 'cancelled', finished_at = now_ms() WHERE id IN ("
                "SELECT id FROM queue WHERE label = %s AND endpoint = %s AND state = 'available' LIMIT 2) "
                "AND state = 'available'", (self.label, endpoint)) or 0
        else:
            self.changed += self._write(
                "UPDATE queue SET priority = %s, not_before = CASE WHEN %s < 0.5 THEN now_ms() + 3000 ELSE 0 END "
                "WHERE label = %s AND endpoint = %s AND state = 'available'",
                (priority, pick, self.label, endpoint)) or 0

    def _insert(self, endpoint, products, sql, arguments):
        if endpoint == "search" and "inbox" in sql:
            # A query keeps its letters.
            sql = sql.replace("lower(product)", "product")
        named = {(endpoint, product) for product in products}
        if self._write(sql, arguments) is None:
            self.in_doubt |= named
        else:
            self.committed |= named

    def _write(self, sql, arguments):
        """The number of rows; None if it is unknown whether the statement was committed."""
        while not self.must_end.is_set():
            try:
                if self.connection is None:
                    self.connection = self.server.connect(connect_timeout=5)
            except psycopg.OperationalError:
                time.sleep(0.2)
                continue
            try:
                return self.connection.execute(sql, arguments).rowcount
            except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
                continue
            except psycopg.OperationalError:
                self.connection.close()
                self.connection = None
                return None
        return None
