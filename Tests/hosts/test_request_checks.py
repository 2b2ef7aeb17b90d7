"""The checks of requests and refusals find what breaks their rules, and allow what lost and late calls explain."""

import unittest

import checks, sound_run
from sound_run import START

LANES = {"images": 1, "barcodes": 1, "lookup": 2, "search": 2}


class RequestsDoNotOverlap(sound_run.CheckCase):
    check = checks.requests_do_not_overlap

    def overlap(self, endpoint, count, at=10_000):
        """Adds calls, each 10 ms after the one before."""
        return [self.facts.answered(endpoint, f"product {number}", at=at + 10 * number, slot=number)
                for number in range(count)]

    def test_finds_one_request_more_than_lanes(self):
        for endpoint, lanes in LANES.items():
            self.setUp()
            self.overlap(endpoint, lanes)
            self.assert_problems()
            self.overlap(endpoint, lanes + 1, at=20_000)
            self.assert_problems(f"{endpoint}: {lanes + 1} requests in progress at")

    def test_finds_an_overlap_that_no_lost_call_explains(self):
        (entry, *_), _ = self.overlap("images", 2)
        entry.outcome, entry.settled_at = "failed", START + 10_020
        lost = vars(entry).copy()
        self.assert_problems()
        outcomes = ("succeeded", "rate_limited", "rejected", "unauthorized", "misdirected", None)
        for field, value in (*(("outcome", outcome) for outcome in outcomes), ("settled_at", START + 10_022),
                             ("settled_at", START - 49_991), ("started_at", START + 10_012), ("products", ("product 9",)),
                             ("endpoint", "barcodes")):
            with self.subTest(field, value=value):
                vars(entry).update(lost | {field: value})
                self.assert_problems("images: 2 requests in progress at")

    def test_finds_two_requests_next_to_a_lost_one(self):
        (entry, *_), *_ = self.overlap("images", 3)
        entry.outcome, entry.settled_at = "failed", START + 10_020
        self.assert_problems("images: 2 requests in progress at")

    def test_allows_a_late_request_of_each_lost_call(self):
        for outcome in ("expired", "failed", "unsent"):
            self.setUp()
            entry, request = self.facts.ended("images", "B000000005", at=0, outcome=outcome)
            request.arrived_at, request.replied_at = (START + 9990) / 1000, (START + 10_200) / 1000
            self.overlap("images", 1)
            self.assert_problems()

    def test_allows_a_request_without_a_reply(self):
        (_, request, _), _ = self.overlap("images", 2)
        request.replied_at = None
        self.assert_problems()

    def test_allows_the_next_request_with_the_reply(self):
        (_, first, _), (_, second, _) = self.overlap("images", 2)
        first.replied_at = second.arrived_at
        self.assert_problems()

    def test_allows_requests_at_other_endpoints(self):
        for request in [request for _, request, _ in self.overlap("images", 3)]:
            request.path = "/prod/v1/status?key=1"
        self.assert_problems()


class LimitsAreKept(sound_run.CheckCase):
    check = checks.limits_are_kept

    def setUp(self, endpoint="images"):
        """Adds a refused call, which is a problem unless a test adds what explains it."""
        super().setUp()
        message = ("Not enough capacity." if endpoint in ("images", "barcodes")
                   else "TOO_FAST: Request exceeds burst rate limit.")
        self.refused, _ = self.facts.ended(endpoint, "refused", at=100_000, outcome="rate_limited", message=message)
        self.problem = f"entry 9 ({endpoint}) was refused: {message}"

    def test_a_sound_run_has_no_problem(self):
        self.facts = sound_run.SoundRun()
        self.assert_problems()

    def late(self, endpoint, at):
        self.facts.ended(endpoint, "late", at=0, outcome="failed")
        return self.facts.charge(endpoint, "late", at=at)

    def test_finds_a_refusal_at_each_endpoint(self):
        for endpoint in LANES:
            self.setUp(endpoint)
            self.assert_problems(self.problem)

    def test_finds_a_refusal_by_the_day(self):
        for message in ("EXCEED_LIMIT: Exceed daily request limits.", "Daily limit reached.", None):
            self.refused.message = message
            self.assert_problems(f"was refused: {message}")

    def test_finds_a_refusal_that_no_late_charge_explains(self):
        for endpoint, at in (("barcodes", 99_000), ("images", 25_110), ("images", 100_111)):
            self.setUp()
            self.late(endpoint, at)
            self.assert_problems(self.problem)

    def test_finds_a_refusal_after_a_lost_call_that_the_ledger_counts(self):
        self.facts.ended("images", "lost", at=99_000, outcome="failed")
        self.facts.charge("images", "lost", at=99_020)
        self.assert_problems(self.problem)

    def test_finds_a_refusal_that_no_second_charge_explains(self):
        for endpoint, at in (("barcodes", 99_000), ("images", 25_050), ("images", 100_100)):
            self.setUp()
            self.facts.answered(endpoint, "twice", at=at)
            self.facts.charge(endpoint, "twice", at=at + 30)
            self.assert_problems(self.problem)

    def test_finds_a_refusal_while_a_call_is_open(self):
        entry, *_ = self.facts.answered("images", "open", at=99_000)
        entry.settled_at = entry.outcome = None
        self.assert_problems(self.problem)

    def test_allows_a_refusal_after_a_late_charge(self):
        for at in (25_111, 100_110):
            self.setUp()
            self.late("images", at)
            self.assert_problems()

    def test_allows_a_refusal_after_a_second_charge(self):
        for settled_at in (START + 99_110, START + 101_000, None):
            self.setUp()
            entry, *_ = self.facts.answered("images", "twice", at=99_000)
            self.facts.charge("images", "twice", at=99_050)
            entry.settled_at = settled_at
            self.assert_problems()

    def test_allows_the_fault_of_the_provider(self):
        self.refused.message = "HTTP_TOO_MANY_REQUESTS: Too many requests."
        self.assert_problems()


if __name__ == "__main__":
    unittest.main()
