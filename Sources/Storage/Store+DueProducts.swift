internal import GRDB
package import Planning

/// The outcome of a look for products of schedules that are due.
package struct StandingLook: Equatable, Sendable {
    /// Jobs that were enqueued.
    package var added: Int
    /// When the next look may find something by itself; nil if there is no such time.
    package var nextAt: Timestamp?

    package init(added: Int = 0, nextAt: Timestamp? = nil) {
        self.added = added
        self.nextAt = nextAt
    }
}

extension Store {
    /// Enqueues products of schedules that are due, the oldest first: as many as `room` allows. A look is one
    /// transaction and examines a bounded number of rows, however long the lists are. It writes nothing while
    /// no product is due.
    ///
    /// - Parameters:
    ///   - endpoint: Of an account, one of `endpoints`.
    ///   - endpoints: All of the account.
    ///   - account: The account that jobs name if their schedule names none: nil unless several accounts take
    ///     such jobs, so that another one could pay for them.
    package func enqueueDue(
        at endpoint: Endpoint, among endpoints: [Endpoint], naming account: String? = nil,
        now: Timestamp, room: (StandingSnapshot) -> StandingRoom
    ) throws -> StandingLook {
        // Where there is no room, no other program waits for the look.
        let without = try read { db -> StandingLook? in
            let next = try db.dueSchedules(at: endpoint, now: now).first?.dueAt
            guard let next, next <= now else { return StandingLook(nextAt: next) }
            let room = room(try db.standingSnapshot(endpoint, endpoints, at: now))
            if case .none(let until) = room { return StandingLook(nextAt: until) }
            return nil
        }
        if let without { return without }
        return try write { db in
            switch room(try db.standingSnapshot(endpoint, endpoints, at: now)) {
            case .none(let until): return StandingLook(nextAt: until)
            case .products(let most):
                var look = DueLook(db, naming: account, most: most, now: now)
                for due in try db.dueSchedules(at: endpoint, now: now) where due.dueAt <= now {
                    try look.take(due.schedule)
                }
                let next =
                    look.isCutShort
                    ? now : try db.dueSchedules(at: endpoint, now: now).first?.dueAt
                return StandingLook(added: look.added, nextAt: next)
            }
        }
    }

    /// The state that a look reads, for reports.
    package func standingSnapshot(
        _ endpoint: Endpoint, among endpoints: [Endpoint], at now: Timestamp
    ) throws -> StandingSnapshot {
        try read { try $0.standingSnapshot(endpoint, endpoints, at: now) }
    }
}

extension Database {
    func standingSnapshot(
        _ endpoint: Endpoint, _ endpoints: [Endpoint], at now: Timestamp
    ) throws -> StandingSnapshot {
        let ledger = try ledger(of: endpoints, asOf: now, now: now)
        let demands = try endpoints.map { endpoint in
            let levels = endpoint.pools.map { $0.level(ledger, at: now) }
            let tokens = max(0, levels.map(\.tokens).min() ?? 0)
            let reset = levels.map(\.resetsAt).min() ?? now
            // One more than can be paid for, so that no fewer than all of the tokens are needed.
            var waiting = try waiting(
                at: endpoint, through: 9, before: reset,
                upTo: max(tokens, endpoint.tariff.products(for: tokens)) + 1)
            if endpoint.hasPages {
                waiting[0] += try endpoint.jobAccounts.reduce(0) { sum, account in
                    try runningPages(QueueLine(endpoint: endpoint, account: account))
                        .reduce(sum) { $0 + $1.ready }
                }
            }
            let lane = try lane(endpoint)
            return StandingSnapshot.Demand(
                PoolPeer(
                    endpoint: endpoint, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter,
                    waiting: waiting), isReady: try hasReadyJob(at: endpoint, now: now))
        }
        return StandingSnapshot(
            endpoint: endpoint, ledger: ledger, demands: demands,
            callsEach: endpoint.hasPages ? EnqueueOptions().pages : 1)
    }

    private func hasReadyJob(at endpoint: Endpoint, now: Timestamp) throws -> Bool {
        func part(_ index: String, _ condition: String) -> String {
            """
            EXISTS (SELECT 1 FROM queue INDEXED BY \(index)
                    WHERE endpoint = ?1 AND account IS ?2 AND state = 'available' AND \(condition))
            """
        }
        let statement = try cachedStatement(
            sql: """
                SELECT \(part("queue_ready", "not_before = 0 AND failures = 0"))
                    OR \(part("queue_retry", "not_before = 0 AND failures > 0"))
                """)
        if let next = try nextDueAt(endpoint), next <= now { return true }
        return try endpoint.jobAccounts.contains { account in
            try Bool.fetchOne(statement, arguments: [endpoint.name, account]) ?? false
        }
    }
}
