internal import Planning
internal import Storage

/// The contents of a daemon's memory, which are lost when it dies.
struct SimulatedDaemon {
    struct Lane {
        var machine: LaneMachine
        /// The number of the run's call that is not settled yet.
        var call: Int?
        /// The last timer that was set; earlier ones are stale.
        var ticket = 0
        /// Why it made no call at its last claim.
        var hold: Hold?
        var standing = StandingTimer()
        var isFinished = false
        /// When its last claim began, in true time.
        var claimedAtMicroseconds: Int64 = 0
    }

    var store: Store
    var isAlive = false
    var starts = 0
    /// By endpoint, then by slot.
    var lanes: [[Lane]]
    /// nil: the only daemon of a file.
    var host: SimulatedHost?
    /// A kill whose time has come and that waits for its point.
    var pendingKill: Scenario.Kill?
}

extension SimulatedDaemon {
    /// Between two steps of the clock a longer sleep gives the same results as one of 30 seconds, and
    /// `SimulatedRun.step` wakes the lanes when that would be over.
    static let sleepMax = Duration.day

    /// Lanes that have just started.
    static func lanes(of endpoints: [Endpoint]) -> [[Lane]] {
        endpoints.map { endpoint in
            endpoint.lanes.map { _ in
                Lane(machine: LaneMachine(endpoint.clientPolicy, sleepMax: sleepMax))
            }
        }
    }
}
