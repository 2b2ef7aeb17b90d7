"""A small run of the crash test in which every rule holds. A test of a check changes one fact of it."""

import dataclasses, json, re, types, unittest

import checks, gateway, host
from samples import Samples

# In milliseconds since 1970, as in the ledger. The gateway's times are in seconds.
START = 1_800_000_000_000
PATHS = {"images": "/circana/images", "barcodes": "/circana/barcodes",
         "lookup": "/prod/v1/lookup", "search": "/prod/v1/search"}


@dataclasses.dataclass
class Job:
    id: int
    endpoint: str
    product: str
    state: str
    error: str | None
    pages_done: int
    call_id: int | None


class SoundRun:
    """The times `at` are in milliseconds since the start. A call takes 110 ms."""

    def __init__(self):
        self.entries, self.jobs, self.calls, self.requests = [], [], [], []
        self.results, self.committed, self.in_doubt = set(), set(), set()
        self.takeovers = []
        self.samples, self.observer_failure = Samples(), None
        self.hosts = [types.SimpleNamespace(name=f"host{number}", settings={}, lines=[]) for number in (1, 2)]
        self._images_and_barcodes()
        self._codes_and_queries()
        self.takeovers.append(types.SimpleNamespace(fault="kill", host=self.hosts[0], at=1000.0, leading_at=1015.0))
        self.log(self.hosts[1], "leading", "level=notice event=leading epoch=2")
        self.samples.note((1, 1, True, "host1", [["ASINScope", "images", 0, 1, 1]], []))
        self.samples.note((2, 2, True, "host2", [], []))

    def _images_and_barcodes(self):
        self.answered("images", "B000000001", "B000000002", at=0)
        self.job("images", "B000000001")
        self.job("images", "B000000002")
        self.ended("barcodes", "B000000003", at=0, outcome="rejected", message="Not an ASIN.")
        self.job("barcodes", "B000000003", state="discarded", error="Not an ASIN.")
        self.job("images", "B000000004", state="cancelled")

    def _codes_and_queries(self):
        self.answered("lookup", "4000000000006", at=0)
        self.answered("lookup", "4000000000013", at=5, slot=1)
        self.job("lookup", "4000000000006")
        self.job("lookup", "4000000000013")
        for page in (0, 1):
            self.answered("search", "brush", at=1000 * page)
        self.job("search", "brush", pages_done=1)
        # Host 1 died during the call.
        entry, request = self.ended("lookup", "4000000000020", at=3000, outcome="expired")
        entry.settled_at, request.replied_at = START + 35_000, None
        self.charge("lookup", "4000000000020", at=3020)
        self.answered("lookup", "4000000000020", at=36_000)
        self.job("lookup", "4000000000020")

    # MARK: Facts

    def job(self, endpoint, product, state="completed", error=None, pages_done=0):
        self.jobs.append(Job(len(self.jobs) + 1, endpoint, product, state, error, pages_done, None))
        self.committed.add((endpoint, product))
        if state == "completed":
            self.results.add((endpoint, product))

    def ended(self, endpoint, *products, at, outcome, slot=0, message=None):
        """Adds a call that the provider did not charge. Returns its entry and its request."""
        entry = checks.Entry(len(self.entries) + 1, "main", endpoint, slot, products, 1, START + at, START + at + 32_000,
                             START + at + 110, outcome, 0, 1, message)
        name = {"lookup": "upc", "search": "s"}.get(endpoint, "asins")
        body = json.dumps({name: list(products) if name == "asins" else products[0]})
        request = gateway.Request("10.0.0.11", PATHS[endpoint], body, (START + at + 10) / 1000, (START + at + 100) / 1000)
        self.entries.append(entry)
        self.requests.append(request)
        return entry, request

    def charge(self, endpoint, *products, at, tokens=1):
        """Adds a call to the provider's list."""
        self.calls.append(checks.Call(endpoint, products, tokens, START + at))
        return self.calls[-1]

    def answered(self, endpoint, *products, at, slot=0):
        entry, request = self.ended(endpoint, *products, at=at, outcome="succeeded", slot=slot)
        entry.charged = len(products)
        return entry, request, self.charge(endpoint, *products, at=at + 20, tokens=len(products))

    def log(self, host_, event, text):
        host_.lines.append(host.Line(1000.0, 1, event, text))

    def evidence(self):
        """Read from doubles of the server, the provider, the programs and the observer."""
        tables = {"ledger": [[*dataclasses.astuple(entry)[:-1]] for entry in self.entries],
                  "queue": [dataclasses.astuple(job) for job in self.jobs], "result": list(self.results)}
        for row in tables["ledger"]:
            row[4] = list(row[4])
        calls = [{"path": PATHS[call.endpoint], "products": list(call.products), "tokens": call.tokens,
                  "chargedAtMilliseconds": call.at} for call in self.calls]
        return checks.Evidence(types.SimpleNamespace(
            binary="asinqd", hosts=self.hosts, takeovers=self.takeovers,
            server=types.SimpleNamespace(query=lambda sql: tables[re.search(r"FROM (\w+)", sql)[1]], url=lambda: "url"),
            provider=types.SimpleNamespace(calls=lambda: calls, counts=dict,
                                           gateway=types.SimpleNamespace(requests=self.requests)),
            producers=[types.SimpleNamespace(committed=self.committed, in_doubt=self.in_doubt)],
            observer=types.SimpleNamespace(samples=self.samples, failure=self.observer_failure)))


class CheckCase(unittest.TestCase):
    """The tests of one check. Those named test_finds_… break its rule, those named test_allows_… do not."""

    check = None

    def setUp(self):
        self.facts = SoundRun()

    def assert_problems(self, *texts):
        problems = list(type(self).check(self.facts.evidence()))
        self.assertEqual(len(problems), len(texts), problems)
        for problem, text in zip(problems, texts):
            self.assertIn(text, problem)

    def test_a_sound_run_has_no_problem(self):
        self.assert_problems()
