internal import Storage

/// What lives in a daemon's memory, and dies with it.
struct SimulatedDaemon {
    struct Lane {
        /// The number of the run's call that it waits for.
        var call: Int?
        /// The last look that was asked for; earlier ones are stale.
        var ticket = 0
        /// How often the store has failed it in a row.
        var storeFailures = 0
    }

    var store: Store
    var isAlive = false
    var starts = 0
    var lanes: [Lane]
    /// A kill that has fallen due and waits for its point.
    var pendingKill: Scenario.Kill?
}
