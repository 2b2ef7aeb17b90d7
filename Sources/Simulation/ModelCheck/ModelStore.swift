internal import Planning

/// Queue and ledger as a value, with what Storage's transactions do to them. The clock of a small
/// world is never set back, so there is nothing to clamp.
struct ModelStore: Hashable {
    var jobs: [QueuedJob] = []
    var ledger: [LedgerEntry] = []
    /// For each endpoint of each account: its last id in the ledger when the daemon started.
    private(set) var resumedAfter: [Int64]

    struct QueuedJob: Hashable {
        enum State: Hashable {
            case available(notBefore: Timestamp?)
            case running(callID: Int64)
            case completed
            case discarded
        }
        var job: Job
        /// Which of an account's endpoints asks for it.
        var kind: Int
        /// The account that alone may ask; nil: any.
        var account: String?
        var state: State
        /// Whether a reply that answers it has reached the daemon.
        var isAnswered = false

        var isFinished: Bool { state == .completed || state == .discarded }
    }

    init(_ world: ModelWorld) {
        resumedAfter = Array(repeating: 0, count: world.accounts * ModelWorld.endpointCount)
        for (kind, priorities) in [world.images, world.barcodes].enumerated() {
            for (index, priority) in priorities.enumerated() {
                let product = "\(world.names[kind].prefix(1).uppercased())\(index + 1)"
                let job = Job(
                    id: Int64(jobs.count + 1), product: product, priority: priority,
                    enqueuedAt: world.start, batchLimit: 100)
                jobs.append(
                    QueuedJob(
                        job: job, kind: kind,
                        account: world.owners[product].map { ModelWorld.accountNames[$0] },
                        state: .available(notBefore: nil)))
            }
        }
    }

    var openCalls: [LedgerEntry] { ledger.filter { $0.settledAt == nil } }

    func calls(at endpoint: Endpoint) -> [LedgerEntry] {
        ledger.filter { $0.endpoint == endpoint.name && $0.account == endpoint.account }
    }

    /// Products of the endpoint that were rejected alone, back to its last answer.
    func rejectedAlone(_ endpoint: Endpoint) -> [LedgerEntry] {
        let calls = calls(at: endpoint)
        let answered = calls.last { $0.outcome == .succeeded }?.id ?? 0
        return calls.filter { $0.id > answered && $0.outcome == .rejected && $0.isAlone }
    }

    func jobs(of callID: Int64) -> [QueuedJob] {
        jobs.filter { $0.state == .running(callID: callID) }
    }

    /// `Store.liftHalt` for all endpoints.
    mutating func liftHalts(_ endpoints: [Endpoint]) {
        resumedAfter = endpoints.map { calls(at: $0).last?.id ?? 0 }
    }
}
