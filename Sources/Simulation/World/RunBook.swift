internal import Planning
internal import Storage

/// The totals of a run.
struct RunBook {
    /// Products that were added, and when: the input of the bound.
    struct Added {
        var atMicroseconds: Int64
        var endpoint: String
        var products: Int
        /// The units of the bound: pages if answers have pages, otherwise products.
        var units: Int
        var label: String?
        var account: String?
    }

    /// A forecast, made when all of the work was added.
    struct Foretold {
        var atMicroseconds: Int64
        /// From then until all is done.
        var milliseconds: Int64
    }

    private let spoiling: Set<String>
    private let standing: Set<String>
    /// Open jobs of the schedule.
    private(set) var openStanding = 0
    private(set) var additions: [Added] = []
    private(set) var addedJobs = 0
    private(set) var cancelledLabels: Set<String> = []
    private(set) var submissionsLeft: Int
    /// Jobs that are not finished, and how many of them are products that spoil their batches.
    private(set) var openJobs = 0
    private(set) var openSpoiling = 0
    /// Spoiling products that became dead letters, by the call that decided it.
    private var discardedSpoiling: [Int64: Int] = [:]
    /// When the last job was finished of those whose products spoil no batch and belong to no schedule.
    private(set) var lastFinishedMicroseconds: Int64
    var forecast: Foretold?
    var kills = 0
    /// Requests that reached the server after the daemon had cancelled them.
    var lateArrivals = 0
    /// Calls that came while the server was away.
    var outageCalls: Set<Int64> = []
    /// Products that were added after the end, so that the lane continues.
    var fedProducts = 0

    init(_ scenario: Scenario) {
        spoiling = scenario.spoiling
        standing = Set(scenario.schedule?.asins ?? [])
        submissionsLeft = scenario.workload.submissions.count
        lastFinishedMicroseconds = scenario.startMicroseconds
    }

    /// Whether everything is done that can be done without further work.
    var isDrained: Bool { submissionsLeft == 0 && openJobs == openSpoiling }

    mutating func enqueued(_ count: Int, _ submission: Submission, atMicroseconds time: Int64) {
        addedJobs += count
        openJobs += count
        if fedProducts > 0 { return }
        submissionsLeft -= 1
        openSpoiling += submission.extra.count { spoiling.contains($0) }
        additions.append(
            Added(
                atMicroseconds: time, endpoint: submission.endpoint, products: count,
                units: submission.fewestUnits(of: count),
                label: submission.label, account: submission.account))
    }

    /// Settlements have added jobs that users did not enqueue.
    mutating func recount(_ counts: [String: JobCounts]) {
        addedJobs = counts.values.reduce(0) { $0 + $1.total }
        openJobs = counts.values.reduce(0) { $0 + $1.open }
    }

    /// A look has enqueued products of the schedule.
    mutating func addedStanding(_ count: Int) {
        openStanding += count
        addedJobs += count
        openJobs += count
    }

    mutating func cancelled(_ count: Int, label: String) {
        openJobs -= count
        cancelledLabels.insert(label)
    }

    mutating func settled(
        _ settlement: Settlement, of callID: Int64, atMicroseconds time: Int64
    ) {
        for call in settlement.revivedCalls {
            openSpoiling += discardedSpoiling.removeValue(forKey: call) ?? 0
        }
        for change in settlement.changes {
            switch change {
            case .available, .continued: continue
            case .completed(let job, _), .discarded(let job, _):
                openJobs -= 1
                if standing.contains(job.product) {
                    openStanding -= 1
                } else if spoiling.contains(job.product) {
                    openSpoiling -= 1
                    discardedSpoiling[callID, default: 0] += 1
                } else if fedProducts == 0 {
                    lastFinishedMicroseconds = time
                }
            }
        }
    }
}
