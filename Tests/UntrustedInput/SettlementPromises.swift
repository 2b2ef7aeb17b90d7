internal import Planning
internal import Providers

/// The planner's settlement of an outcome is within its bounds, whatever the reply's numbers were.
struct SettlementPromises {
    private static let now = Timestamp(milliseconds: 1_777_896_000_000)
    /// The longest accepted hint, and the second that is added to it.
    private static let retryMax = Planner.hintMax + .seconds(1)

    private let call: AskedCall

    init(_ call: AskedCall) {
        self.call = call
    }

    func check(_ outcome: CallOutcome) throws(BrokenPromise) {
        guard let endpoint = call.provider.endpoints.first(where: { $0.name == call.endpoint })
        else { throw BrokenPromise("no endpoint \(call.endpoint)") }
        let jobs = call.asked.enumerated().map {
            Job(id: Int64($0.offset), product: $0.element, pagesMax: 100)
        }
        let entry = LedgerEntry(
            id: 1, account: endpoint.account, endpoint: call.endpoint,
            reserved: endpoint.tariff.cost(of: jobs.count),
            startedAt: Self.now - .seconds(1), leaseUntil: Self.now + .seconds(59))
        let settlement = Planner.resolve(
            outcome, of: entry, jobs: jobs, endpoint: endpoint, ledger: Ledger([entry]),
            at: Self.now)
        if let retryAt = settlement.retryAt {
            try within(Self.retryMax, retryAt, "come back")
        }
        if let resetAt = settlement.dailyResetAt {
            try within(Planner.hintMax, resetAt, "reset")
        }
        try promise(settlement.changes.map(\.job.id) == jobs.map(\.id), "a job went no way")
        for case .available(_, let notBefore?) in settlement.changes {
            try within(Self.retryMax, notBefore, "job not before")
        }
    }

    private func within(
        _ longest: Duration, _ instant: Timestamp, _ words: String
    ) throws(BrokenPromise) {
        try promise((.zero...longest).contains(instant - Self.now), "\(words) \(instant)")
    }
}
