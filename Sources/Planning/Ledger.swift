/// The part of the ledger that a decision reads: an account's calls that are open, those settled recently
/// enough to count for a limit, and the last few of each endpoint.
package struct Ledger: Equatable, Sendable {
    /// In the order in which they were settled, then the open ones by id. Calls in flight together end in
    /// any order, so "last" is by the end.
    package var entries: [LedgerEntry]
    /// The run of failures of the product whose call is being settled, if its endpoint has made no other call
    /// since.
    package var loneFailures: LoneFailures?

    package init(_ entries: [LedgerEntry] = [], loneFailures: LoneFailures? = nil) {
        self.entries = entries.sorted {
            ($0.settledAt?.milliseconds ?? .max, $0.id) < (
                $1.settledAt?.milliseconds ?? .max, $1.id
            )
        }
        self.loneFailures = loneFailures
    }

    package func calls(at endpoint: String) -> some Sequence<LedgerEntry> {
        entries.lazy.filter { $0.endpoint == endpoint }
    }

    /// The open call of a lane.
    package func open(at endpoint: String, slot: Int = 0) -> LedgerEntry? {
        entries.last { $0.settledAt == nil && $0.endpoint == endpoint && $0.slot == slot }
    }

    /// Tokens that the endpoint's open calls may spend.
    package func reserved(at endpoint: String) -> Int {
        entries.reversed().prefix { $0.settledAt == nil }.reduce(0) {
            $1.endpoint == endpoint ? $0 + $1.reserved : $0
        }
    }

    package func lastSettled(at endpoint: String) -> LedgerEntry? {
        entries.last { $0.endpoint == endpoint && $0.settledAt != nil }
    }

    /// When the endpoint's bucket is full again. Settlements only move it later, whichever call began first.
    package func fullAt(at endpoint: String) -> Timestamp? {
        entries.lazy.filter { $0.endpoint == endpoint }.compactMap(\.fullAt).max()
    }

    /// How many times in a row, up to and including `call`, the server did not answer the endpoint or refused
    /// it. Calls that were in flight together count once. A call that we lost says nothing about the server,
    /// so it neither counts nor ends the run.
    package func consecutiveFailures(at endpoint: String, with call: LedgerEntry? = nil) -> Int {
        failures(at: endpoint, since: call?.startedAt, [.failed, .unsent, .rateLimited])
    }

    /// How many times in a row the endpoint got no reply that could be used.
    package func failedCalls(at endpoint: String) -> Int {
        failures(at: endpoint, since: nil, [.failed, .unsent])
    }

    private func failures(
        at endpoint: String, since start: Timestamp?, _ counted: Set<LedgerEntry.Outcome>
    ) -> Int {
        var count = start == nil ? 0 : 1
        var began = start
        for entry in entries.reversed() where entry.endpoint == endpoint {
            guard let settledAt = entry.settledAt, let outcome = entry.outcome else { continue }
            if outcome == .expired { continue }
            guard counted.contains(outcome) else {
                if outcome == .rateLimited { continue }
                return count
            }
            if began.map({ settledAt <= $0 }) ?? true { count += 1 }
            began = began.map { min($0, entry.clampedStart) } ?? entry.clampedStart
        }
        return count
    }

    /// Whether the server answered the endpoint's last call that it did not refuse: then a failure now is no
    /// outage.
    package func wasAnswering(at endpoint: String) -> Bool {
        for entry in entries.reversed() where entry.endpoint == endpoint {
            switch entry.outcome {
            case .succeeded, .rejected: return true
            case .failed, .unsent, .unauthorized, .misdirected: return false
            case .rateLimited, .expired, nil: continue
            }
        }
        return false
    }

    package func without(_ id: Int64) -> Ledger {
        var others = self
        others.entries.removeAll { $0.id == id }
        return others
    }
}

extension Ledger {
    /// Whether the endpoint makes no call until a person resumes it: the key or the address was refused since
    /// its last answer, or the server rejects one product after another.
    package func isHalted(_ endpoint: String, resumedAfter: Int64) -> Bool {
        for entry in entries.reversed() where entry.endpoint == endpoint {
            if entry.outcome == .succeeded || entry.outcome == .rejected { break }
            let isRefused = entry.outcome == .unauthorized || entry.outcome == .misdirected
            if isRefused && entry.id > resumedAfter { return true }
        }
        return rejectedAlone(at: endpoint, after: resumedAfter).count >= Planner.rejectionsMax
    }

    /// Calls that carried one product and were rejected, back to the endpoint's last call that was answered,
    /// by id. As long as there are any, no call has shown that the endpoint accepts a product.
    package func rejectedAlone(at endpoint: String, after id: Int64 = 0) -> [Int64] {
        var ids: [Int64] = []
        for entry in entries.reversed() where entry.endpoint == endpoint {
            if entry.outcome == .succeeded { break }
            if entry.outcome == .rejected && entry.isAlone && entry.id > id { ids.append(entry.id) }
        }
        return ids.sorted()
    }

    /// How many answers must be known for the shortest one to say something: of N independent replies, the next
    /// one is shorter than all of them with a probability of 1 / (N + 1).
    package static let shortestReplyOf = 20

    /// The shortest time from a request of the endpoint to its answer; nil if too few are known.
    package func shortestReply(at endpoint: String) -> Duration? {
        let times = entries.lazy.filter { $0.endpoint == endpoint && $0.outcome == .succeeded }
            .compactMap(\.replyTime)
        return times.count < Self.shortestReplyOf ? nil : times.min()
    }
}

/// An endpoint's calls in a row that carried one and the same product and failed.
package struct LoneFailures: Equatable, Sendable {
    /// The start of the first of them.
    package var since: Timestamp
    /// Settled ones.
    package var calls: Int

    package init(since: Timestamp, calls: Int) {
        self.since = since
        self.calls = calls
    }
}
