extension Planner {
    /// What the lane of `snapshot.endpoint` does at `now`.
    ///
    /// Admission is joint: a batch goes out only if the pool and every limit of the endpoint can pay for it.
    /// If several cannot, the lane waits for the slowest.
    package static func decide(_ snapshot: Snapshot, at now: Timestamp) -> Decision<CallPlan> {
        if let decision = standing(snapshot, at: now) { return decision }
        let waiting = batch(snapshot)
        guard !waiting.isEmpty else {
            guard let due = snapshot.nextDueAt else { return .hold(.idle, until: nil) }
            return .hold(.notDue, until: due)
        }
        switch admission(of: waiting, snapshot, at: now) {
        case .products(let products):
            return .call(
                CallPlan(
                    jobs: Array(waiting.prefix(products)),
                    reservedTokens: snapshot.endpoint.tariff.cost(of: products),
                    leaseUntil: now + snapshot.endpoint.lease))
        case .hold(let hold, let until):
            // A job that becomes due before then may be more urgent, or fill the batch.
            let due = snapshot.nextDueAt.flatMap { $0 > now ? $0 : nil }
            return .hold(hold, until: [until, due].compactMap(\.self).min())
        }
    }

    /// How many of the jobs may go now: the number that the pool, the tariff's steps and every limit allow.
    private static func admission(
        of waiting: [Job], _ snapshot: Snapshot, at now: Timestamp
    ) -> Admission {
        let endpoint = snapshot.endpoint
        let isUrgent = waiting[0].priority == 0
        let paid = poolAdmission(waiting, snapshot, at: now)
        guard case .products(let affordable) = paid else { return paid }

        let full = fullSteps(affordable, of: waiting, isUrgent: isUrgent, snapshot, at: now)
        guard case .products(var products) = full else { return full }

        var longest: Admission?
        for limit in endpoint.limits {
            let admission = limit.admission(
                of: products, isUrgent: isUrgent, endpoint: endpoint, ledger: snapshot.ledger,
                at: now)
            switch admission {
            case .products(let admitted): products = min(products, admitted)
            case .hold: longest = longest.map { max($0, admission) } ?? admission
            }
        }
        return longest ?? .products(products)
    }

    /// What keeps a lane from calling, whichever jobs are queued.
    private static func standing(_ snapshot: Snapshot, at now: Timestamp) -> Decision<CallPlan>? {
        let name = snapshot.endpoint.name
        if let open = snapshot.ledger.open(at: name, slot: snapshot.slot) {
            return open.leaseUntil <= now
                ? .expire(callID: open.id) : .hold(.calling, until: open.leaseUntil)
        }
        if snapshot.endpoint.clientPolicy.isOneConnection,
            let open = snapshot.ledger.entries.last(where: { $0.settledAt == nil })
        {
            return .hold(.calling, until: max(open.leaseUntil, now + .seconds(1)))
        }
        if snapshot.isPaused { return .hold(.paused, until: nil) }
        if let until = blockedUntil(snapshot), until > now {
            return .hold(.rateLimited, until: until)
        }
        guard let last = snapshot.ledger.lastSettled(at: name) else { return nil }
        if snapshot.ledger.isHalted(name, resumedAfter: snapshot.resumedAfter) {
            return .hold(.halted, until: nil)
        }
        guard let retryAt = last.retryAt, retryAt > now, last.id > snapshot.resumedAfter else {
            return nil
        }
        return .hold(.backingOff, until: retryAt)
    }

    /// When the server's blocks end: those of the endpoint and, if the provider blocks a whole client, those
    /// of all endpoints for calling too fast. A call before then would extend such a block. Calls that were
    /// in flight when the block began and end after it change nothing.
    private static func blockedUntil(_ snapshot: Snapshot) -> Timestamp? {
        let endpoint = snapshot.endpoint
        return snapshot.ledger.entries.lazy
            .filter { entry in
                entry.outcome == .rateLimited
                    && (entry.endpoint == endpoint.name
                        || endpoint.clientPolicy.sharesBlocks && entry.dailyRemaining == nil)
            }
            .compactMap(\.retryAt).max()
    }

    /// The jobs that one call may take, the first of them at its head.
    ///
    /// A job whose own limit is lower than the head's is skipped: it heads a batch of its own when its turn
    /// comes. An urgent call carries urgent jobs, and others only where they cost nothing more, so that the
    /// next urgent one finds tokens.
    private static func batch(_ snapshot: Snapshot) -> [Job] {
        let candidates = candidates(snapshot)
        guard let head = candidates.first else { return [] }
        let rejected = snapshot.ledger.rejectedAlone(
            at: snapshot.endpoint.name, after: snapshot.resumedAfter)
        if rejected.count == rejectionsMax - 1 { return [leastSuspect(candidates)] }
        let most = most(head, snapshot)
        var fitting = candidates
        if !candidates.allSatisfy({ $0.batchLimit >= most }) {
            fitting.removeAll { $0.batchLimit < most }
        }
        if fitting.count > most { fitting.removeLast(fitting.count - most) }
        guard head.priority == 0 else { return fitting }
        let urgent = fitting.count { $0.priority == 0 }
        return Array(fitting.prefix(snapshot.endpoint.tariff.fullSteps(urgent)))
    }

    /// One more product rejected alone halts the lane. So the next call carries the product that is most
    /// likely to be good: the last that was in no small rejected batch.
    private static func leastSuspect(_ candidates: [Job]) -> Job {
        let limit = candidates.map(\.batchLimit).max()
        return candidates.last { $0.batchLimit == limit } ?? candidates[0]
    }

    /// After a call that failed, jobs that never failed go first, then the least recently tried one, whatever
    /// their priority. Otherwise two batches that always fail, each due again when the other has failed,
    /// would block all other jobs of the lane.
    private static func candidates(_ snapshot: Snapshot) -> [Job] {
        let last = snapshot.ledger.lastSettled(at: snapshot.endpoint.name)
        guard last?.outcome == .failed || last?.outcome == .unsent else { return snapshot.ready }
        let unblemished = snapshot.ready.filter { $0.failures == 0 }
        guard unblemished.isEmpty else { return unblemished }
        return snapshot.ready.sorted {
            ($0.lastCallID ?? 0, $0.priority, $0.id) < ($1.lastCallID ?? 0, $1.priority, $1.id)
        }
    }

    /// The most products that a call led by `head` may hold.
    ///
    /// From the second failure in a row on, each call is half as large: probing an outage costs little, and a
    /// product that makes the only remaining batch fail is separated from the others.
    private static func most(_ head: Job, _ snapshot: Snapshot) -> Int {
        let endpoint = snapshot.endpoint
        let failures = min(snapshot.ledger.failedCalls(at: endpoint.name), 30)
        let probe = max(1, endpoint.batchLimit >> max(0, failures - 1))
        return min(endpoint.batchLimit, head.batchLimit, probe)
    }

    /// How many of the jobs every pool can pay for, after the shares reserved for other endpoints.
    private static func poolAdmission(
        _ waiting: [Job], _ snapshot: Snapshot, at now: Timestamp
    ) -> Admission {
        let endpoint = snapshot.endpoint
        let levels = endpoint.pools.map { ($0, $0.level(snapshot.ledger, at: now)) }
        func spendable(priority: Int) -> Int {
            levels.map { pool, level in
                level.tokens
                    - (pool.isShared ? shares(level, against: priority, snapshot, at: now) : 0)
            }.min() ?? .max
        }
        let first = spendable(priority: waiting[0].priority)
        var (priority, tokens) = (waiting[0].priority, first)
        var products = 0
        for job in waiting {
            if job.priority != priority {
                (priority, tokens) = (job.priority, spendable(priority: job.priority))
            }
            let cost = endpoint.tariff.cost(of: products + 1)
            let isPaid = products > 0 && cost == endpoint.tariff.cost(of: products)
            guard isPaid || cost <= tokens else { break }
            products += 1
        }
        if products > 0 { return .products(products) }
        let cheapest = endpoint.tariff.cost(of: 1)
        let empty = levels.map(\.1).filter { $0.tokens < cheapest }
        if let reset = empty.map(\.resetsAt).max() { return .hold(.dailyPool, until: reset) }
        let reset = levels.first { $0.0.isShared }?.1.resetsAt ?? now
        return .hold(.poolShare, until: lookAgain(before: reset, at: now))
    }

    /// Tokens of the shared pool that are reserved for other endpoints when jobs of `priority` want them.
    private static func shares(
        _ level: DailyPool.Level, against priority: Int, _ snapshot: Snapshot, at now: Timestamp
    ) -> Int {
        snapshot.peers.reduce(0) { sum, peer in
            // Less than the price of its cheapest call is of no use to it.
            guard peer.endpoint.sharedPool != nil,
                level.tokens >= peer.endpoint.tariff.cost(of: 1)
            else { return sum }
            return sum
                + peer.share(
                    against: snapshot.endpoint, priority: priority, ledger: snapshot.ledger,
                    from: now, until: level.resetsAt)
        }
    }

    /// When a lane checks again whose tokens are reserved for others. They become free when the others have
    /// less to do, which a settlement or a new row signals, or when the time to the reset gets too short for
    /// them: then they must be spent before it. So the lane checks every minute, and more often towards the
    /// reset, after a twentieth of the remaining time.
    private static func lookAgain(before reset: Timestamp, at now: Timestamp) -> Timestamp {
        let pause = min(Duration.minute, .milliseconds((reset - now).milliseconds / 20))
        return min(now + max(pause, .seconds(1)), reset)
    }

    /// Full steps of the tariff; less than one only if it cannot get any fuller, after the linger, or for an
    /// urgent job.
    private static func fullSteps(
        _ affordable: Int, of waiting: [Job], isUrgent: Bool, _ snapshot: Snapshot,
        at now: Timestamp
    ) -> Admission {
        let endpoint = snapshot.endpoint
        let step = endpoint.tariff.step
        if isUrgent || affordable.isMultiple(of: step) { return .products(affordable) }
        if affordable > step { return .products(affordable / step * step) }
        guard affordable == waiting.count, most(waiting[0], snapshot) >= step else {
            return .products(affordable)
        }
        let lingersUntil =
            waiting.map { $0.enqueuedAt > now ? now : $0.enqueuedAt + endpoint.linger }.min() ?? now
        return lingersUntil > now ? .hold(.lingering, until: lingersUntil) : .products(affordable)
    }
}

/// The answer of a limit to a batch. The greater of two holds is the one that lasts longer.
enum Admission: Equatable, Comparable {
    /// This many products may go, at least one.
    case products(Int)
    case hold(Hold, until: Timestamp?)

    static func < (left: Admission, right: Admission) -> Bool {
        left.until < right.until
    }

    private var until: Timestamp {
        guard case .hold(_, let until) = self else { return Timestamp(milliseconds: .min) }
        return until ?? Timestamp(milliseconds: .max)
    }
}
