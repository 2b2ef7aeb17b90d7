internal import Providers
internal import Sandbox

/// Everything about a run that is decided before it begins.
struct Scenario: Sendable {
    /// Where a daemon can be killed.
    enum KillPoint: CaseIterable, Sendable {
        /// At any instant, most often during a call.
        case anytime
        case insideClaim
        /// The call is in the ledger, and its request has not left yet.
        case afterClaim
        /// The reply has arrived, and nothing is written yet.
        case beforeSettle
        case insideSettle
        case afterSettle
    }

    struct Kill: Sendable {
        /// What happens to the daemon. Only hosts of a server are frozen, cut off or stopped.
        enum Kind: CaseIterable, Sendable {
            case kill
            /// SIGSTOP, and SIGCONT later.
            case freeze
            /// It loses its connections to the database, and gets no new one. At a point after a commit, the
            /// server's confirmation is lost.
            case cut
            /// SIGTERM: it ends its calls, and hands over the lead.
            case stop
        }

        var atMicroseconds: Int64
        var point: KillPoint
        /// Until the daemon is started again, continues, or is connected again.
        var downMicroseconds: Int64
        var kind = Kind.kill
        var daemon = 0
    }

    var figures: LimitProfile
    /// The accounts of the providers that the run has work for. The first provider is in every run, and its
    /// accounts come first.
    var accounts: [SimulatedAccount] = []
    var faults: Set<FaultKind> = []
    var startMicroseconds: Int64
    /// When all faults end, and the liveness checks begin.
    var calmAtMicroseconds: Int64
    var workload = Workload()
    var schedule: SimulatedSchedule?
    /// A call's duration, from its start to its end.
    var latencyMilliseconds: ClosedRange<Int> = 50...500
    /// The same while faults last, if latency is one of them.
    var troubledLatencyMilliseconds: ClosedRange<Int>?
    var serverFaults = Faults()
    /// Products that spoil each batch that contains them, until they are discarded.
    var poison: Set<String> = []
    var rejected: Set<String> = []
    var outages: [Range<Int64>] = []
    /// When every call is rejected.
    var rejections: [Range<Int64>] = []
    var clockSteps: [(atMicroseconds: Int64, milliseconds: Int64)] = []
    var driftPPM: Int64 = 0
    var kills: [Kill] = []
    /// When the disk is full.
    var fullDisk: [Range<Int64>] = []
    /// While a second daemon works on the database.
    var secondDaemon: Range<Int64>?
    /// On a server: what distinguishes its hosts.
    var hosts: HostScenario?
    /// How much later than ours the server's milliseconds begin, 0 to 999.
    var serverPhaseMicroseconds: Int64 = 0
    /// Whether the store is a file, with other programs' rows written through another connection.
    var isOnFile = false

    /// Each provider's accounts.
    var accountsByProvider: [[SimulatedAccount]] {
        var all: [[SimulatedAccount]] = []
        for account in accounts {
            if all.last?[0].account.definition.name == account.account.definition.name {
                all[all.count - 1].append(account)
            } else {
                all.append([account])
            }
        }
        return all
    }

    var spoiling: Set<String> { poison.union(rejected) }

    /// The server is honest, no other client uses the key, and the clock can be trusted: then no call may be
    /// refused. A clock that drifts by less than a millisecond a minute can be trusted.
    var mustNotRefuse: Bool {
        faults.isDisjoint(with: [.rival, .balance, .clock, .daemons])
    }

    /// 00:00 UTC of a day in May.
    static let midnightMicroseconds: Int64 = 1_777_852_800_000_000
}
