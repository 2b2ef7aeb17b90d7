internal import Planning

/// Queue and ledger as a value, with what Storage's transactions do to them. The clock of a small
/// world is never set back, so there is nothing to clamp.
struct ModelStore: Hashable {
    var jobs: [QueuedJob] = []
    var ledger: [LedgerEntry] = []
    /// For each lane: the ledger's last id when the daemon started.
    private(set) var resumedAfter: [Int64] = [0, 0]

    struct QueuedJob: Hashable {
        enum State: Hashable {
            case available(notBefore: Timestamp?)
            case running(callID: Int64)
            case completed
            case discarded
        }
        var job: Job
        var lane: Int
        var state: State
        /// Whether a reply that answers it has reached the daemon.
        var isAnswered = false

        var isFinished: Bool { state == .completed || state == .discarded }
    }

    /// Products of the lane that were rejected alone, back to its last answer.
    func rejectedAlone(_ lane: Int) -> [LedgerEntry] {
        let calls = ledger.filter { $0.endpoint == laneNames[lane] }
        let answered = calls.last { $0.outcome == .succeeded }?.id ?? 0
        return calls.filter { $0.id > answered && $0.outcome == .rejected && $0.isAlone }
    }

    /// The endpoints' names.
    let laneNames: [String]

    init(_ world: ModelWorld) {
        laneNames = world.endpoints.map(\.name)
        for (lane, priorities) in [world.images, world.barcodes].enumerated() {
            for (index, priority) in priorities.enumerated() {
                let job = Job(
                    id: Int64(jobs.count + 1),
                    product: "\(laneNames[lane].prefix(1).uppercased())\(index + 1)",
                    priority: priority, enqueuedAt: world.start, batchLimit: 100)
                jobs.append(
                    QueuedJob(job: job, lane: lane, state: .available(notBefore: nil)))
            }
        }
    }

    var openCalls: [LedgerEntry] { ledger.filter { $0.settledAt == nil } }

    func jobs(of callID: Int64) -> [QueuedJob] {
        jobs.filter { $0.state == .running(callID: callID) }
    }

    /// `Store.liftHalt` for both lanes.
    mutating func liftHalts(_ endpoints: [Endpoint]) {
        resumedAfter = endpoints.map { endpoint in
            ledger.last { $0.endpoint == endpoint.name }?.id ?? 0
        }
    }
}
