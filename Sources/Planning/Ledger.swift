/// The part of the ledger that a decision looks at: a provider's calls that are open, those settled
/// lately enough to count for a limit, and the last few of each endpoint.
package struct Ledger: Equatable, Sendable {
    /// In the order of their ids.
    package var entries: [LedgerEntry]
    /// The run of failures of the product whose call is being settled, where its endpoint has made no
    /// other call since.
    package var loneFailures: LoneFailures?

    package init(_ entries: [LedgerEntry] = [], loneFailures: LoneFailures? = nil) {
        self.entries = entries.sorted { $0.id < $1.id }
        self.loneFailures = loneFailures
    }

    package func calls(at endpoint: String) -> some Sequence<LedgerEntry> {
        entries.lazy.filter { $0.endpoint == endpoint }
    }

    package func open(at endpoint: String) -> LedgerEntry? {
        entries.last { $0.endpoint == endpoint && $0.settledAt == nil }
    }

    package func lastSettled(at endpoint: String) -> LedgerEntry? {
        entries.last { $0.endpoint == endpoint && $0.settledAt != nil }
    }

    /// When the endpoint's bucket is full again, as its last settled call left it.
    package func fullAt(at endpoint: String) -> Timestamp? {
        entries.last { $0.endpoint == endpoint && $0.fullAt != nil }?.fullAt
    }

    /// How many calls at the endpoint, back from the last one, the server did not answer or sent
    /// away. A lost call of ours says nothing about the server, so it neither counts nor ends the run.
    package func fruitlessCalls(at endpoint: String) -> Int {
        var count = 0
        for entry in entries.reversed() where entry.endpoint == endpoint {
            switch entry.outcome {
            case .failed, .rateLimited: count += 1
            case .succeeded, .rejected, .unauthorized: return count
            case .expired, nil: continue
            }
        }
        return count
    }

    /// How many calls at the endpoint, back from the last one, came to no reply that could be used.
    package func failedCalls(at endpoint: String) -> Int {
        var count = 0
        for entry in entries.reversed() where entry.endpoint == endpoint {
            switch entry.outcome {
            case .failed: count += 1
            case .succeeded, .rejected, .unauthorized: return count
            case .rateLimited, .expired, nil: continue
            }
        }
        return count
    }

    /// Whether the endpoint's last call that the server let in at all was answered: then a failure
    /// now is no outage.
    package func wasAnswering(at endpoint: String) -> Bool {
        for entry in entries.reversed() where entry.endpoint == endpoint {
            switch entry.outcome {
            case .succeeded, .rejected: return true
            case .failed, .unauthorized: return false
            case .rateLimited, .expired, nil: continue
            }
        }
        return false
    }

    package func without(_ id: Int64) -> Ledger {
        Ledger(entries.filter { $0.id != id }, loneFailures: loneFailures)
    }
}

extension Ledger {
    /// Whether the endpoint makes no call until someone resumes it: its last call was refused for the
    /// key or the address, or the server rejects one product after another.
    package func isHalted(_ endpoint: String, resumedAfter: Int64) -> Bool {
        guard let last = lastSettled(at: endpoint), last.id > resumedAfter else { return false }
        return last.outcome == .unauthorized
            || rejectedAlone(at: endpoint, after: resumedAfter).count >= Planner.rejectionsMax
    }

    /// Calls that carried one product and were rejected, back to the endpoint's last call that was
    /// answered, by id. While there are some, nothing shows that the endpoint accepts any product.
    package func rejectedAlone(at endpoint: String, after id: Int64 = 0) -> [Int64] {
        var ids: [Int64] = []
        for entry in entries.reversed() where entry.endpoint == endpoint {
            if entry.id <= id || entry.outcome == .succeeded { break }
            if entry.outcome == .rejected && entry.isAlone { ids.append(entry.id) }
        }
        return ids.reversed()
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
