"""The checks of the ledger find what breaks their rules, and allow what the faults of the crash test explain."""

import unittest

import checks, sound_run
from sound_run import START


class LedgerEqualsProvider(sound_run.CheckCase):
    check = checks.ledger_equals_provider

    def test_finds_a_charge_without_an_entry(self):
        self.facts.charge("lookup", "4000000000099", at=0)
        self.assert_problems("the provider charged a call without an entry: Call(endpoint='lookup'")

    def test_finds_a_charge_for_other_products_or_at_another_time(self):
        for field, value in (("products", ("B000000002", "B000000001")), ("endpoint", "barcodes"), ("at", START - 2),
                             ("at", START + 112)):
            with self.subTest(field, value=value):
                self.setUp()
                setattr(self.facts.calls[0], field, value)
                self.assert_problems("the provider charged a call without an entry",
                                     "entry 1 succeeded, and the provider charged nothing")

    def test_finds_another_number_of_tokens(self):
        self.facts.entries[0].charged = 3
        self.assert_problems("entry 1 has 3 tokens, the provider charged [2]")

    def test_finds_a_charge_for_each_outcome_that_has_none(self):
        self.facts.charge("barcodes", "B000000003", at=20)
        for outcome in ("unsent", "rate_limited", "rejected", "unauthorized", "misdirected"):
            self.facts.entries[1].outcome = outcome
            self.assert_problems(f"entry 2 is {outcome} (Not an ASIN.), and the provider charged [1]")

    def test_finds_a_second_charge_without_a_lost_request(self):
        self.facts.charge("images", "B000000001", "B000000002", at=60, tokens=2)
        _, other = self.facts.ended("images", "B000000001", "B000000002", at=30, outcome="failed")
        del self.facts.entries[-1]
        other.replied_at = None
        lost = vars(other).copy()
        self.assert_problems()
        for field, value in (("replied_at", other.arrived_at + 0.01), ("path", sound_run.PATHS["barcodes"]),
                             ("body", '{"asins": ["B000000001"]}'), ("arrived_at", (START - 2) / 1000),
                             ("arrived_at", (START + 62) / 1000)):
            with self.subTest(field, value=value):
                vars(other).update(lost | {field: value})
                self.assert_problems("entry 1 (succeeded) was charged 2 times: [2, 2]")

    def test_finds_a_third_charge_with_one_lost_request(self):
        self.facts.requests[0].replied_at = None
        self.facts.charge("images", "B000000001", "B000000002", at=30, tokens=2)
        self.assert_problems()
        self.facts.charge("images", "B000000001", "B000000002", at=40, tokens=2)
        self.assert_problems("entry 1 (succeeded) was charged 3 times: [2, 2, 2]")

    def test_allows_a_late_charge_of_a_lost_call(self):
        for outcome in ("expired", "failed"):
            self.setUp()
            self.facts.ended("images", "B000000005", at=0, outcome=outcome)
            self.facts.charge("images", "B000000005", at=30_000)
            self.assert_problems()

    def test_allows_the_rounding_of_a_millisecond(self):
        for at in (-1, 111):
            self.facts.calls[0].at = START + at
            self.assert_problems()


class LanesHaveOneCall(sound_run.CheckCase):
    check = checks.lanes_have_one_call

    def test_finds_a_call_during_another(self):
        self.facts.answered("images", "B000000005", at=109)
        self.assert_problems("in the lane ('main', 'images', 0), call 9 began while call 1 was open")

    def test_finds_a_call_after_one_that_was_never_settled(self):
        self.facts.entries[0].settled_at = None
        self.facts.answered("images", "B000000005", at=9000)
        self.assert_problems("call 9 began while call 1 was open")

    def test_allows_the_next_call_at_once(self):
        self.facts.answered("images", "B000000005", at=110)
        self.assert_problems()

    def test_allows_a_call_in_another_lane(self):
        for field, value in (("slot", 1), ("account", "second"), ("endpoint", "barcodes")):
            self.setUp()
            entry, *_ = self.facts.answered("images", "B000000005", at=111 if field == "endpoint" else 50)
            setattr(entry, field, value)
            self.assert_problems()


if __name__ == "__main__":
    unittest.main()
