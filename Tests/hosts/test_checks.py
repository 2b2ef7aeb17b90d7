"""The checks of the jobs, the audit, the hosts and the observer find what breaks their rules. Each check has such tests."""

import json, subprocess, unittest
from unittest import mock

import checks, faults, sound_run, test_ledger_checks, test_request_checks


class JobsAreComplete(sound_run.CheckCase):
    check = checks.jobs_are_complete

    def test_finds_an_open_job(self):
        for state in ("available", "running"):
            self.facts.jobs[0].state = state
            self.assert_problems(f"job 1 (images B000000001) is still {state}")

    def test_finds_a_dead_letter_without_a_reason(self):
        self.facts.jobs[2].error = ""
        self.assert_problems("the dead letter 3 has no reason")

    def test_finds_a_completed_job_without_a_result(self):
        self.facts.results.remove(("images", "B000000001"))
        self.assert_problems("job 1 (images B000000001) is completed without a result")

    def test_finds_a_lost_job(self):
        del self.facts.jobs[3]
        self.assert_problems("images B000000004 was committed by a program and is not in the queue")

    def test_finds_an_invented_job(self):
        self.facts.committed.remove(("images", "B000000001"))
        self.assert_problems("images B000000001 is in the queue, and no program has inserted it")

    def test_allows_a_job_in_doubt_in_the_queue_or_not(self):
        self.facts.committed.remove(("images", "B000000001"))
        self.facts.in_doubt |= {("images", "B000000001"), ("images", "B000000009")}
        self.assert_problems()


class AnswersEqualJobs(sound_run.CheckCase):
    check = checks.answers_equal_jobs

    def test_finds_a_product_that_was_asked_twice(self):
        self.facts.answered("images", "B000000001", at=5000)
        self.assert_problems("images B000000001 has 2 answered calls, and its jobs explain 1")

    def test_finds_a_page_that_was_asked_twice(self):
        self.facts.answered("search", "brush", at=5000)
        self.assert_problems("search brush has 3 answered calls, and its jobs explain 2")

    def test_finds_an_answer_without_a_job(self):
        self.facts.answered("images", "B000000009", at=5000)
        self.assert_problems("images B000000009 has 1 answered calls, and its jobs explain 0")

    def test_finds_a_completed_job_without_an_answer(self):
        self.facts.entries[0].outcome = "failed"
        self.assert_problems("images B000000001 has 0 answered calls", "images B000000002 has 0 answered calls")

    def test_allows_a_second_job_of_a_product(self):
        self.facts.answered("images", "B000000001", at=5000)
        self.facts.job("images", "B000000001")
        self.assert_problems()

    def test_allows_a_page_of_a_cancelled_job(self):
        self.facts.answered("search", "comb", at=5000)
        self.facts.job("search", "comb", state="cancelled", pages_done=1)
        self.assert_problems()


class AuditHasNoProblem(sound_run.CheckCase):
    check = checks.audit_has_no_problem

    def setUp(self):
        super().setUp()
        self.answer(0, [])
        patch = mock.patch.object(checks.subprocess, "run", lambda *arguments, **options: self.done)
        patch.start()
        self.addCleanup(patch.stop)

    def answer(self, problems, findings):
        text = json.dumps({"problems": problems, "findings": findings})
        self.done = subprocess.CompletedProcess([], min(problems, 1), text, "")

    def test_finds_each_problem(self):
        self.answer(2, [{"code": code, "severity": "problem"} for code in ("overspent", "unexplained")])
        self.assert_problems("overspent", "unexplained")

    def test_finds_problems_that_are_not_listed(self):
        self.answer(3, [{"code": "lost_reply", "severity": "note"}])
        self.assert_problems("audit counts 3 problems")

    def test_finds_an_audit_that_fails(self):
        for output in ("", "Segmentation fault", "{}"):
            self.done = subprocess.CompletedProcess([], 139, output, "the server is away")
            self.assert_problems("audit ended with 139: the server is away")

    def test_allows_a_note(self):
        self.answer(0, [{"code": "lost_reply", "severity": "note"}])
        self.assert_problems()


class TakeoversAreFast(sound_run.CheckCase):
    check = checks.takeovers_are_fast

    def test_finds_a_missing_takeover(self):
        self.facts.takeovers[0].leading_at = None
        self.assert_problems("no takeover after: kill host1")

    def test_finds_a_slow_takeover(self):
        self.facts.takeovers[0].leading_at = 1000 + faults.TAKEOVER_SECONDS_MAX + 0.1
        self.assert_problems("takeover took 19.1 s after: kill host1")

    def test_allows_a_takeover_at_the_last_moment(self):
        self.facts.takeovers[0].leading_at = 1000 + faults.TAKEOVER_SECONDS_MAX
        self.assert_problems()


class NothingUnexpectedWasLogged(sound_run.CheckCase):
    check = checks.nothing_unexpected_was_logged

    def test_finds_a_line_that_must_not_be_there(self):
        for event, text in (("", "Fatal error: Index out of range"), ("not_written", "level=error event=not_written"),
                            ("halted", "level=error event=halted"), ("lead_lost", "level=critical event=lead_lost")):
            with self.subTest(text):
                self.setUp()
                self.facts.log(self.facts.hosts[0], event, text)
                self.assert_problems(f"host1 run 1: {text}")

    def test_allows_an_error_that_faults_cause(self):
        self.facts.log(self.facts.hosts[0], "store_failed", "level=error event=store_failed work=claim")
        self.assert_problems()


class ObserverSawNothing(sound_run.CheckCase):
    check = checks.observer_saw_nothing

    def test_finds_what_the_samples_show(self):
        self.facts.samples.note((1, 2, True, "host1", [], []))
        self.assert_problems("epoch 2 belongs to hosts 2 and 1")

    def test_finds_an_observer_that_ended(self):
        self.facts.observer_failure = TypeError("the table leader is empty")
        self.assert_problems("the observer ended: TypeError('the table leader is empty')")

    def test_finds_an_observer_without_a_sample(self):
        self.facts.samples.count = 0
        self.assert_problems("the observer has no sample")


class EveryCheck(unittest.TestCase):
    def test_has_a_test_that_breaks_its_rule(self):
        modules = globals(), vars(test_ledger_checks), vars(test_request_checks)
        cases = [case for module in modules for case in module.values()
                 if isinstance(case, type) and issubclass(case, sound_run.CheckCase)]
        broken = {case.check for case in cases if any(name.startswith("test_finds_") for name in vars(case))}
        self.assertEqual([check.__name__ for check in checks.ALL if check not in broken], [])


if __name__ == "__main__":
    unittest.main()
