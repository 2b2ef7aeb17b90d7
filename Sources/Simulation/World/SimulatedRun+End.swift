/// The end of a run.
extension SimulatedRun {
    var makespanMilliseconds: Int64 {
        (book.lastFinishedMicroseconds - scenario.startMicroseconds) / 1_000
    }

    func isOver() throws -> Bool {
        if liveness.isGivenUp { return true }
        guard book.isDrained else { return false }
        // Without faults and a schedule there is nothing more to wait for.
        let isQuiet = scenario.faults.isEmpty && scenario.schedule == nil
        if !isQuiet && time < scenario.calmAtMicroseconds { return false }
        if book.openSpoiling == 0 { return !hasCallUnderWay }
        if book.fedProducts == 0 && !isLone { try feed() }
        return book.fedProducts >= LivenessChecks.fedMax
    }

    /// Whether one product is left that always gets a 500: it must be discarded without others.
    private var isLone: Bool { book.openSpoiling == 1 && scenario.rejected.isEmpty }

    private var hasCallUnderWay: Bool {
        daemons.contains { daemon in
            daemon.isAlive && daemon.lanes.joined().contains { $0.call != nil }
        }
    }
}
