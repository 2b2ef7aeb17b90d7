extension Planner {
    /// What the lane of `snapshot.endpoint` does at `now`.
    ///
    /// Admission is joint: a batch goes out only if the pool and every limit of the endpoint can pay
    /// for it. Where several can't, the lane waits for the one that takes longest.
    package static func decide(_ snapshot: Snapshot, at now: Timestamp) -> Decision {
        if let decision = standing(snapshot, at: now) { return decision }
        guard let head = snapshot.ready.first else {
            guard let due = snapshot.nextDueAt else { return .hold(.idle, until: nil) }
            return .hold(.notDue, until: due)
        }
        let endpoint = snapshot.endpoint
        let isUrgent = head.priority == 0
        let waiting = batch(of: snapshot.ready, for: endpoint)

        let paid = poolAdmission(waiting, snapshot, at: now)
        guard case .products(let affordable) = paid else { return paid.decision }

        let full = fullSteps(affordable, of: waiting, isUrgent: isUrgent, endpoint, at: now)
        guard case .products(var products) = full else { return full.decision }

        var holds: [(hold: Hold, until: Timestamp?)] = []
        for limit in endpoint.limits {
            switch limit.admission(
                of: products, isUrgent: isUrgent, endpoint: endpoint, ledger: snapshot.ledger,
                at: now)
            {
            case .products(let admitted): products = min(products, admitted)
            case .hold(let hold, let until): holds.append((hold, until))
            }
        }
        if let longest = holds.max(by: {
            ($0.until ?? .distantFuture) < ($1.until ?? .distantFuture)
        }) {
            return .hold(longest.hold, until: longest.until)
        }
        return .call(
            CallPlan(
                jobs: Array(waiting.prefix(products)),
                reservedTokens: endpoint.tariff.cost(of: products),
                leaseUntil: now + endpoint.lease))
    }

    /// What keeps a lane from calling whatever waits.
    private static func standing(_ snapshot: Snapshot, at now: Timestamp) -> Decision? {
        let name = snapshot.endpoint.name
        if let open = snapshot.ledger.open(at: name) {
            return open.leaseUntil <= now
                ? .expire(callID: open.id) : .hold(.calling, until: open.leaseUntil)
        }
        if snapshot.isPaused { return .hold(.paused, until: nil) }
        guard let last = snapshot.ledger.lastSettled(at: name) else { return nil }
        if snapshot.ledger.isHalted(name, resumedAfter: snapshot.resumedAfter) {
            return .hold(.halted, until: nil)
        }
        guard let retryAt = last.retryAt, retryAt > now else { return nil }
        if last.outcome == .rateLimited { return .hold(.rateLimited, until: retryAt) }
        return last.id > snapshot.resumedAfter ? .hold(.backingOff, until: retryAt) : nil
    }

    /// The jobs that one call may take, the first of them at its head.
    ///
    /// A job whose own limit is lower than the head's is passed over: it leads a batch of its own
    /// when its turn comes. An urgent call carries urgent jobs, and others only where they cost
    /// nothing more, so that the next urgent one finds tokens.
    private static func batch(of ready: [Job], for endpoint: Endpoint) -> [Job] {
        guard let head = ready.first else { return [] }
        let most = min(endpoint.batchLimit, head.batchLimit)
        let fitting = ready.lazy.filter { $0.batchLimit >= most }.prefix(most)
        guard head.priority == 0 else { return Array(fitting) }
        let urgent = fitting.count { $0.priority == 0 }
        return Array(fitting.prefix(endpoint.tariff.cost(of: urgent)))
    }

    /// How many of the jobs the pool can pay for, after the shares kept for other endpoints.
    private static func poolAdmission(
        _ waiting: [Job], _ snapshot: Snapshot, at now: Timestamp
    ) -> Admission {
        let endpoint = snapshot.endpoint
        let level = endpoint.pool.level(snapshot.ledger, at: now)
        func spendable(priority: Int) -> Int {
            snapshot.rivals.reduce(level.tokens) { left, rival in
                left
                    - rival.share(
                        against: endpoint, priority: priority, ledger: snapshot.ledger, from: now,
                        until: level.resetsAt)
            }
        }
        var spendableByPriority: [Int: Int] = [:]
        var products = 0
        for job in waiting {
            let tokens =
                spendableByPriority[job.priority] ?? spendable(priority: job.priority)
            spendableByPriority[job.priority] = tokens
            guard endpoint.tariff.cost(of: products + 1) <= tokens else { break }
            products += 1
        }
        if products > 0 { return .products(products) }
        let cheapest = endpoint.tariff.cost(of: 1)
        if level.tokens < cheapest { return .hold(.dailyPool, until: level.resetsAt) }
        let missing = cheapest - (spendableByPriority[waiting[0].priority] ?? 0)
        let slowest = snapshot.rivals.map(\.endpoint.tokensPerMinute).min() ?? 1
        let freed = now + .milliseconds(Int64(missing) * 60_000 / Int64(max(1, slowest)) + 1)
        return .hold(.poolShare, until: min(freed, level.resetsAt))
    }

    /// Full steps of the tariff; less than one only when it can't get any fuller, after the linger,
    /// or for an urgent job.
    private static func fullSteps(
        _ affordable: Int, of waiting: [Job], isUrgent: Bool, _ endpoint: Endpoint,
        at now: Timestamp
    ) -> Admission {
        let step = endpoint.tariff.step
        if isUrgent || affordable.isMultiple(of: step) { return .products(affordable) }
        if affordable > step { return .products(affordable / step * step) }
        let most = min(endpoint.batchLimit, waiting[0].batchLimit)
        guard affordable == waiting.count, most >= step else { return .products(affordable) }
        let lingersUntil =
            waiting.map { $0.enqueuedAt > now ? now : $0.enqueuedAt + endpoint.linger }.min() ?? now
        return lingersUntil > now ? .hold(.lingering, until: lingersUntil) : .products(affordable)
    }
}

/// What a limit says to a batch.
enum Admission: Equatable {
    /// So many products may go, at least one.
    case products(Int)
    case hold(Hold, until: Timestamp?)

    /// The hold as a decision. A batch that may go is decided on by the next limit.
    var decision: Decision {
        guard case .hold(let hold, let until) = self else { preconditionFailure("no hold") }
        return .hold(hold, until: until)
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(milliseconds: .max)
}
