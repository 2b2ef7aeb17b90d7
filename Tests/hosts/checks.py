"""What must be true in the end, whatever the faults were. Each check returns its problems."""

import collections, dataclasses, json, subprocess

import gateway
from faults import TAKEOVER_SECONDS_MAX

# The outcomes of calls whose reply no host has received. The request may arrive after the entry was settled.
LOST = ("expired", "failed", "unsent")
# After a cut of little more than 22 s, TCP repeats a segment at most 51 s after it sent it first.
LATE_MILLISECONDS_MAX = 60_000
# The longest window of a limit is a minute. The rest is slack.
WINDOW_MILLISECONDS_MAX = 75_000


@dataclasses.dataclass
class Entry:
    id: int
    account: str
    endpoint: str
    slot: int
    products: tuple
    reserved: int
    started_at: int
    lease_until: int
    settled_at: int | None
    outcome: str | None
    charged: int | None
    host_id: int | None
    message: str | None
    # The charged calls of the sandbox that belong to it.
    calls: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Call:
    endpoint: str
    products: tuple
    tokens: int
    at: int


class Evidence:
    """All that was written down, read once."""

    def __init__(self, test):
        self.test = test
        columns = "id, account, endpoint, slot, products, reserved, started_at, lease_until, settled_at, outcome, " \
                  "charged, host_id, message"
        self.entries = []
        for row in test.server.query(f"SELECT {columns} FROM ledger ORDER BY id"):
            row = list(row)
            row[4] = tuple(row[4])
            self.entries.append(Entry(*row))
        self.jobs = test.server.query(
            "SELECT id, endpoint, product, state, error, pages_done, call_id FROM queue ORDER BY id")
        self.results = set(test.server.query("SELECT endpoint, product FROM result"))
        self.calls = [Call(call["path"].rsplit("/", 1)[1], tuple(call["products"]), call["tokens"],
                           call["chargedAtMilliseconds"]) for call in test.provider.calls()]
        self.counts = test.provider.counts()
        self.requests = list(test.provider.gateway.requests)
        self.committed = set().union(*(producer.committed for producer in test.producers))
        self.in_doubt = set().union(*(producer.in_doubt for producer in test.producers))
        self.unmatched = match(self.entries, self.calls)

    @property
    def resent(self):
        """Charged calls beyond the first of an entry: the request was sent once more, see docs/concepts.md."""
        return sum(max(0, len(entry.calls) - 1) for entry in self.entries)

    @property
    def late(self):
        """Charged calls of entries that were settled before the provider charged."""
        return [(entry, call) for entry in self.entries for call in entry.calls
                if entry.settled_at is not None and call.at > entry.settled_at]


def match(entries, calls):
    """Gives each charged call to one entry of the same products, and returns those without one."""
    by_key = collections.defaultdict(list)
    for entry in entries:
        by_key[entry.endpoint, entry.products].append(entry)
    unmatched = []
    for call in sorted(calls, key=lambda call: call.at):
        # It left after the claim. All clocks are this machine's.
        candidates = [entry for entry in by_key[call.endpoint, call.products] if entry.started_at <= call.at + 1]
        during = [entry for entry in candidates if entry.settled_at is None or call.at <= entry.settled_at + 1]
        lost = [entry for entry in candidates if entry.outcome in LOST]
        if during:
            during[-1].calls.append(call)
        elif lost:
            min(lost, key=lambda entry: (len(entry.calls), -entry.started_at)).calls.append(call)
        else:
            unmatched.append(call)
    return unmatched


def jobs_are_complete(evidence):
    """No job is lost, and none was invented."""
    known = set()
    for id, endpoint, product, state, error, *_ in evidence.jobs:
        known.add((endpoint, product))
        if state not in ("completed", "cancelled", "discarded"):
            yield f"job {id} ({endpoint} {product}) is still {state}"
        if state == "discarded" and not error:
            yield f"the dead letter {id} has no reason"
        if state == "completed" and (endpoint, product) not in evidence.results:
            yield f"job {id} ({endpoint} {product}) is completed without a result"
    for endpoint, product in evidence.committed - known:
        yield f"{endpoint} {product} was committed by a program and is not in the queue"
    for endpoint, product in known - evidence.committed - evidence.in_doubt:
        yield f"{endpoint} {product} is in the queue, and no program has inserted it"


def answers_equal_jobs(evidence):
    """A product has one answered call for each completed job, or for each page of it: none was asked twice
    without a lost call before."""
    answered, due = collections.Counter(), collections.Counter()
    for entry in evidence.entries:
        if entry.outcome == "succeeded":
            answered.update((entry.endpoint, product) for product in entry.products)
    for _, endpoint, product, state, _, pages_done, _ in evidence.jobs:
        due[endpoint, product] += pages_done + (state == "completed")
    for key in sorted(answered.keys() | due.keys()):
        if answered[key] != due[key]:
            yield f"{key[0]} {key[1]} has {answered[key]} answered calls, and its jobs explain {due[key]}"


def ledger_equals_provider(evidence):
    for call in evidence.unmatched:
        yield f"the provider charged a call without an entry: {call}"
    for entry in evidence.entries:
        tokens = [call.tokens for call in entry.calls]
        if entry.outcome == "succeeded" and not tokens:
            yield f"entry {entry.id} succeeded, and the provider charged nothing"
        if entry.outcome == "succeeded" and tokens and entry.charged != tokens[-1]:
            yield f"entry {entry.id} has {entry.charged} tokens, the provider charged {tokens}"
        if entry.outcome in ("unsent", "rate_limited", "rejected", "unauthorized", "misdirected") and tokens:
            yield f"entry {entry.id} is {entry.outcome} ({entry.message}), and the provider charged {tokens}"
        if len(tokens) > 1 and not resend_is_explained(entry, evidence):
            yield f"entry {entry.id} ({entry.outcome}) was charged {len(tokens)} times: {tokens}"


def resend_is_explained(entry, evidence):
    """The program sends a request again on a new connection if its old one closed. Only the last one has a reply.
    All have arrived before the last charge."""
    requests = [request for request in evidence.requests
                if request.path.endswith("/" + entry.endpoint) and requested(request) == entry.products
                and entry.started_at - 1 <= request.arrived_at * 1000 <= entry.calls[-1].at + 1]
    return sum(request.replied_at is None for request in requests) >= len(entry.calls) - 1


def requested(request):
    return tuple(gateway.products(request) or ())


def lanes_have_one_call(evidence):
    """By the ledger, no call began before the last one of its lane was settled."""
    last = {}
    for entry in sorted(evidence.entries, key=lambda entry: (entry.started_at, entry.id)):
        lane = entry.account, entry.endpoint, entry.slot
        before = last.get(lane)
        if before and (before.settled_at is None or entry.started_at < before.settled_at):
            yield f"in the lane {lane}, call {entry.id} began while call {before.id} was open"
        last[lane] = entry


def requests_do_not_overlap(evidence):
    """By the gateway: an endpoint has no more requests in progress than lanes, without those that a host has lost."""
    lanes = {"images": 1, "barcodes": 1, "lookup": 2, "search": 2}
    in_progress = collections.defaultdict(list)
    for request in sorted(evidence.requests, key=lambda request: request.arrived_at):
        endpoint = request.path.split("?")[0].rsplit("/", 1)[1]
        # A request without a reply is over for the daemon at an unknown time.
        if request.replied_at is None or endpoint not in lanes:
            continue
        present = [other for other in in_progress[endpoint] if other.replied_at > request.arrived_at] + [request]
        in_progress[endpoint] = present
        if len(present) > lanes[endpoint]:
            count = sum(not is_lost(other, endpoint, request.arrived_at, evidence) for other in present)
            if count > lanes[endpoint]:
                yield f"{endpoint}: {count} requests in progress at {request.arrived_at:.3f}"


def is_lost(request, endpoint, at, evidence):
    """Whether the request's entry was settled as lost by the time `at`, so that the lane was free again."""
    products, arrived_at = requested(request), request.arrived_at * 1000
    return any(entry.endpoint == endpoint and entry.products == products and entry.outcome in LOST
               and entry.started_at <= arrived_at + 1
               and arrived_at - LATE_MILLISECONDS_MAX <= entry.settled_at <= at * 1000 + 1
               for entry in evidence.entries)


def limits_are_kept(evidence):
    """A refusal is explained only by a call that the provider charged after its entry was settled, or twice."""
    unforeseen = evidence.late + [(entry, call) for entry in evidence.entries for call in entry.calls[1:]]
    for entry in evidence.entries:
        # The provider's own fault is no limit: HTTP_TOO_MANY_REQUESTS.
        if entry.outcome != "rate_limited" or "TOO_MANY" in (entry.message or ""):
            continue
        if not any(other.endpoint == entry.endpoint and 0 <= entry.settled_at - call.at < WINDOW_MILLISECONDS_MAX
                   for other, call in unforeseen):
            yield f"entry {entry.id} ({entry.endpoint}) was refused: {entry.message}"


def audit_has_no_problem(evidence):
    test = evidence.test
    done = subprocess.run(
        [test.binary, "audit", "--json", "--database", test.server.url()], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=test.hosts[0].settings | {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})
    try:
        found = json.loads(done.stdout)
        listed = [finding for finding in found["findings"] if finding["severity"] == "problem"]
        for finding in listed:
            yield f"audit: {json.dumps(finding)}"
        if found["problems"] and not listed:
            yield f"audit counts {found['problems']} problems"
    except (ValueError, KeyError):
        yield f"audit ended with {done.returncode}: {done.stderr.strip()} {done.stdout[:500]}"


def takeovers_are_fast(evidence):
    for takeover in evidence.test.takeovers:
        if takeover.leading_at is None:
            yield f"no takeover after: {takeover.fault} {takeover.host.name}"
        elif takeover.leading_at - takeover.at > TAKEOVER_SECONDS_MAX:
            yield f"takeover took {takeover.leading_at - takeover.at:.1f} s after: {takeover.fault} {takeover.host.name}"


def nothing_unexpected_was_logged(evidence):
    for host in evidence.test.hosts:
        for line in host.lines:
            if not line.event or line.event in ("not_written", "halted") or "level=critical" in line.text:
                yield f"{host.name} run {line.run}: {line.text}"


def observer_saw_nothing(evidence):
    observer = evidence.test.observer
    if observer.failure:
        yield f"the observer ended: {observer.failure!r}"
    if observer.samples.count == 0:
        yield "the observer has no sample"
    yield from observer.samples.problems


ALL = [jobs_are_complete, answers_equal_jobs, ledger_equals_provider, lanes_have_one_call, requests_do_not_overlap,
       limits_are_kept, audit_has_no_problem, takeovers_are_fast, nothing_unexpected_was_logged, observer_saw_nothing]
